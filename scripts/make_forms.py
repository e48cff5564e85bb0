"""Write the shipped Word forms (mail_templates/forms) from the texts of the papers (mail_templates/documents).

    python -m scripts.make_forms [FOLDER]

One text makes both files of a paper: the generator reads it with jinja for the PDF, docxtpl fills in the form that
this script makes of it. A line that is only a tag of jinja becomes docxtpl's tag of a whole paragraph; a table that
the generator makes (``@ name``) becomes one whose row docxtpl repeats.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path

import docx

from daemon.documents.docx import same_bytes, to_docx
from daemon.documents.forms.own_forms import NAMES
from daemon.documents.markup import Parts, load_marks, read
from daemon.documents.model import Block, Column, Document, Letterhead, Paragraph, Run, Signature, Style, Table
from daemon.documents.session_papers import LEADER_COLUMNS, STEP_COLUMNS, TASK_COLUMNS, UNDATED_TASK_COLUMNS

SHIPPED = Path(__file__).parent.parent / "mail_templates/forms"
SOURCES = SHIPPED.parent / "documents"
TAGS = {
    "CAP-TREN": "{{ tieu_de_cap_tren | upper }}",
    "CO-QUAN": "{{ tieu_de_co_quan | upper }}",
    "CHUC-VU": "{{ chuc_vu_ky }}",
    "NGUOI-KY": "{{ nguoi_ky }}",
}
"""Values that the layout prints in capitals stand here as a word, which becomes their tag at the end."""
_TAG = re.compile(r"\{%\s*([^%]*?)\s*%\}")


def _rows(columns: tuple[Column, ...], each: str, *cells: str) -> Table:
    """A table with one row per item of a list."""
    empty = ("",) * (len(columns) - 1)
    return Table(columns, ((f"{{%tr for {each} %}}", *empty), cells, ("{%tr endfor %}", *empty)))


def _line(tag: str) -> Paragraph:
    return Paragraph(Style.BODY, (Run(f"{{%p {tag} %}}"),))


TASK = ("viec in phoi_hop", "{{ loop.index }}", "{{ viec.co_quan }}", "{{ viec.noi_dung }}")
LEADERS = _rows(
    LEADER_COLUMNS,
    *("nguoi in lanh_dao", "{{ loop.index }}", "{{ nguoi.ho_ten }}", "{{ nguoi.chuc_vu }}"),
    '{{ nguoi.co_quan or "-" }}',
)
STEPS = _rows(
    STEP_COLUMNS,
    *("viec in tien_do", "{{ loop.index }}", "{{ viec.cong_viec }}", "{{ viec.cham_nhat }}"),
    "{{ viec.dieu_khoan }}",
)
MADE: dict[str, tuple[Block, ...]] = {
    "leaders": (LEADERS,),
    "tasks": (
        _line("if co_thoi_han"),
        _rows(TASK_COLUMNS, *TASK, "{{ viec.thoi_han }}"),
        _line("else"),
        _rows(UNDATED_TASK_COLUMNS, *TASK),
        _line("endif"),
    ),
    "steps": (STEPS,),
}


def form(kind: str) -> bytes:
    """The form of the paper of this kind as DOCX."""
    parts = _parts((SOURCES / f"{kind}.j2").read_text(encoding="utf-8"))
    document = Document(
        kind=kind,
        letterhead=Letterhead("CAP-TREN", "CO-QUAN", "BBT", "Hải Phòng"),
        code=parts.one("code"),
        type_name=parts.one("type"),
        subject=parts.one("subject"),
        blocks=tuple(parts.blocks),
        signature=Signature(("CHUC-VU",), "NGUOI-KY"),
        addressees=tuple(parts.heads.get("to", ())),
        recipients=tuple(parts.heads.get("copy", ())),
    )
    return _tagged(document)


def _parts(source: str) -> Parts:
    lines = source.splitlines()
    body = max(place for place, line in enumerate(lines) if line.startswith("!"))
    marked = [
        _TAG.sub(r"!copy {%p \1 %}" if place < body else r"{%p \1 %}", line) if _TAG.fullmatch(line) else line
        for place, line in enumerate(lines)
    ]
    used = {name: blocks for name, blocks in MADE.items() if f"@ {name}" in lines}
    return read(load_marks("\n".join(marked)), used)


def _tagged(document: Document) -> bytes:
    tags = {**TAGS, document.number_line: "{{ so_van_ban }}", document.date_line: "{{ ngay_van_ban }}"}
    file = docx.Document(BytesIO(to_docx(document)))
    for text in file.element.body.iter("{*}t"):
        if text.text and text.text in tags:
            text.text = tags[text.text]
    about = file.core_properties
    about.title, about.author, about.last_modified_by = document.type_name.capitalize(), "", ""
    held = BytesIO()
    file.save(held)
    return same_bytes(held.getvalue())


def main(folder: Path) -> None:
    """Write all forms."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, name in NAMES.items():
        target = folder / name
        target.write_bytes(form(kind))
        print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
