"""The text of a mail as a letter on paper to an asker who has no mail address."""

from __future__ import annotations

from daemon.documents.inputs import Filing
from daemon.documents.model import Document, Paragraph, Run, Style
from rules.text import clean

KIND = "thu-bao"
CODE = "CV"


def postal_letter(filing: Filing, subject: str, text: str, name: str, address: str) -> Document:
    """A letter without number and day, which the registry gives; ``text`` is the mail's own, paragraph by paragraph.

    Greeting and signature of the mail are left out: the paper has its own.
    """
    paragraphs = [one.strip() for one in clean(text).split("\n\n") if one.strip()]
    body = [one for one in paragraphs if not one.startswith("Kính gửi ")]
    blocks = tuple(_block(line) for one in body for line in one.split("\n") if line.strip())
    whom = ", ".join(part for part in (name or "Ông/Bà", address) if part)
    return Document(
        kind=KIND,
        letterhead=filing.letterhead,
        code="",
        type_name="",
        subject=subject[:1].lower() + subject[1:],
        blocks=blocks,
        signature=filing.signature,
        addressees=(clean(whom),),
        recipients=("- Như trên;", f"- Lưu: {filing.archive}."),
        year=filing.year,
    )


def _block(line: str) -> Paragraph:
    text = line.strip()
    if text.startswith("- "):
        return Paragraph(Style.ITEM, (Run(text[2:]),))
    style = Style.SUBHEADING if text.isupper() else Style.BODY
    return Paragraph(style, (Run(text),))
