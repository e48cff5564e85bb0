"""Word files made for a test."""

import io

import docx


def word(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs."""
    file = docx.Document()
    for one in paragraphs:
        file.add_paragraph(one)
    held = io.BytesIO()
    file.save(held)
    return held.getvalue()
