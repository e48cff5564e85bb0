"""Write the example Word forms (mail_templates/forms) from scripts/forms/*.txt, in the shipped papers' layout.

    python -m scripts.make_forms [FOLDER]

The texts are written as those of mail_templates/documents, with docxtpl's tags in place of jinja's lines.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import docx

from daemon.documents.docx import same_bytes, to_docx
from daemon.documents.markup import load_marks, read
from daemon.documents.model import Align, Block, Column, Document, Letterhead, Signature, Table

SOURCES = Path(__file__).parent / "forms"
SHIPPED = Path(__file__).parent.parent / "mail_templates/forms"
WITHOUT_NUMBER = ("kich-ban", "bien-ban")
TAGS = {
    "CAP-TREN": "{{ tieu_de_cap_tren | upper }}",
    "CO-QUAN": "{{ tieu_de_co_quan | upper }}",
    "CHUC-VU": "{{ chuc_vu_ky }}",
    "NGUOI-KY": "{{ nguoi_ky }}",
}
"""What the layout would print in capitals stands in it by a word, and becomes its tag at the end."""
LEADERS = Table(
    (
        Column("TT", 10, Align.CENTRE),
        Column("Họ và tên", 45),
        Column("Chức vụ", 50),
        Column("Cơ quan, đơn vị", 55),
    ),
    (
        ("{%tr for nguoi in lanh_dao %}", "", "", ""),
        ("{{ loop.index }}", "{{ nguoi.ho_ten }}", "{{ nguoi.chuc_vu }}", "{{ nguoi.co_quan }}"),
        ("{%tr endfor %}", "", "", ""),
    ),
)
TASKS = Table(
    (
        Column("TT", 10, Align.CENTRE),
        Column("Cơ quan, đơn vị", 45),
        Column("Nội dung thực hiện, phối hợp", 80),
        Column("Thời hạn", 25, Align.CENTRE),
    ),
    (
        ("{%tr for viec in phoi_hop %}", "", "", ""),
        ("{{ loop.index }}", "{{ viec.co_quan }}", "{{ viec.noi_dung }}", "{{ viec.thoi_han }}"),
        ("{%tr endfor %}", "", "", ""),
    ),
)
MADE: dict[str, dict[str, tuple[Block, ...]]] = {"ke-hoach": {"lanh_dao": (LEADERS,), "phoi_hop": (TASKS,)}}


def form(name: str) -> bytes:
    """The form of this name as DOCX."""
    parts = read(load_marks((SOURCES / f"{name}.txt").read_text(encoding="utf-8")), MADE.get(name, {}))
    document = Document(
        kind=name,
        letterhead=Letterhead("CAP-TREN", "CO-QUAN", "BBT", "Hải Phòng"),
        code="" if name in WITHOUT_NUMBER else "CODE",
        type_name=parts.one("type"),
        subject=parts.one("subject"),
        blocks=tuple(parts.blocks),
        signature=Signature(("CHUC-VU",), "NGUOI-KY"),
        addressees=tuple(parts.heads.get("to", ())),
        recipients=tuple(parts.heads.get("copy", ())),
    )
    return _tagged(document)


def _tagged(document: Document) -> bytes:
    tags = {**TAGS, document.number_line: "{{ so_van_ban }}", document.date_line: "{{ ngay_van_ban }}"}
    file = docx.Document(BytesIO(to_docx(document)))
    for text in file.element.body.iter("{*}t"):
        if text.text and text.text in tags:
            text.text = tags[text.text]
    file.core_properties.title = document.type_name.capitalize()
    held = BytesIO()
    file.save(held)
    return same_bytes(held.getvalue())


def main(folder: Path) -> None:
    """All forms."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(SOURCES.glob("*.txt")):
        target = folder / f"{source.stem}.docx"
        target.write_bytes(form(source.stem))
        print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
