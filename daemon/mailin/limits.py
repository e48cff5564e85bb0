"""How much of a mail is read before and while it is parsed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """Bounds of one parse; bytes unless the name says otherwise. Beyond them a mail gets the minimal reading."""

    mail_bytes: int = 50_000_000
    header_bytes: int = 100_000
    """Of the mail's own header section; real ones stay under 30 KB."""
    content_field_bytes: int = 8_000
    """Of one Content-Type or Content-Disposition field anywhere: their parameters cost quadratic time."""
    headers: int = 2_000
    parts: int = 1_000
    depth: int = 25
    lines: int = 400_000
    """After long bodies have been taken out (``cut``)."""
    line_depth: int = 3_000_000
    """Lines times depth of nesting: the standard parser holds every line against every open boundary."""
    text_chars: int = 300_000
    """Of body text kept; the raw mail keeps the rest."""
    html_bytes: int = 1_500_000
    file_bytes: int = 20_000_000
    """Of an attachment whose text is read."""
    file_text_chars: int = 200_000
    file_seconds: float = 1.4
    """For reading the text of the attachments of one mail, all together."""
    pdf_pages: int = 40
