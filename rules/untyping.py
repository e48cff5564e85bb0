"""Telex and VNI left-overs undone for matching; the text itself stays as it was written."""

from __future__ import annotations


def untyped(text: str) -> str:
    """The text with typing-method left-overs turned into marks, where the text is full of them."""
    try:
        from rules.text import untype
    except ImportError:
        return text
    return untype(text)
