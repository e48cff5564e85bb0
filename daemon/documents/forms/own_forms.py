"""The forms of one installation: those that ship, overridden by its folder's; tried, and filled in for papers.

A form is tried with made-up values of its paper: one set with everything, one with as little as is allowed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from daemon.base.logs import Log
from daemon.documents.forms.guard import MOST_BYTES, FormFault
from daemon.documents.forms.values import Given, Values, invitation_values, issue_values, values_of
from daemon.documents.inputs import (
    BodyAnswer,
    Filing,
    Leader,
    PlanInput,
    PortalNoticeInput,
    ProposalInput,
    RunSheetInput,
    ScriptInput,
    ScriptQuestion,
    Session,
    Step,
    Task,
)
from daemon.documents.model import Document, Letterhead, PaperForm, Signature
from rules.values.model import CountedDate

HOSTILE = 'Ông <An> & "bà" {{ so }} {% x %}'
"""A name that a person may claim to have: signs with a meaning in a form or in XML."""
FILING = Filing(
    letterhead=Letterhead("Ủy ban nhân dân\nthành phố", "Ban Biên tập", "BBT", "Hải Phòng"),
    signature=Signature(("TRƯỞNG BAN",), "Nguyễn Văn A"),
    regulation="Quy chế đối thoại trực tuyến",
    committee="Ủy ban nhân dân thành phố",
    board="Ban Biên tập",
    year=2026,
)
CHAIR = Leader(HOSTILE, "Giám đốc", "Sở Xây dựng")
SESSION = Session("Cấp phép xây dựng", datetime(2026, 11, 26, 1, 30, tzinfo=UTC), 120, "Trụ sở", CHAIR)
DUE = CountedDate(date(2026, 11, 11), date(2026, 11, 11), "10.1.a", date(2026, 11, 26), "")
ANSWER = BodyAnswer("Sở Xây dựng", "Nội dung trả lời.\nDòng thứ hai.", "Trần B", "Giám đốc", "12/SXD")
QUESTION = ScriptQuestion("HP-2026-000001", "Xây dựng", "Giấy phép", HOSTILE, "Lê C", "", (ANSWER,))
LIKE = ScriptQuestion("HP-2026-000002", "Xây dựng", "Giấy phép", "Câu giống câu trước", "", "HP-2026-000001")

FULL: dict[str, Given] = {
    "proposal": ProposalInput(FILING, SESSION, "Chủ tịch", ("Lý do",), ("Sở Xây dựng",), "Công văn số 1/UBND"),
    "plan": PlanInput(
        FILING,
        SESSION,
        purpose=("Mục đích",),
        requirements=("Yêu cầu",),
        manner=("Trực tuyến",),
        leaders=(CHAIR,),
        coordination=(Task("Sở Xây dựng", "Chuẩn bị trả lời", date(2026, 11, 20)),),
        steps=(Step("Ban hành kế hoạch", DUE),),
        proposal="Tờ trình số 02/TTr-BBT",
        decided="Công văn số 2/UBND",
        units=("Sở Xây dựng", "Công an thành phố"),
    ),
    "portal_notice": PortalNoticeInput(FILING, SESSION, ("Trực tuyến",), (CHAIR,), ("Gửi thư",), "Kế hoạch số 1"),
    "script": ScriptInput(FILING, SESSION, (CHAIR,), (QUESTION, LIKE), "Kế hoạch số 1"),
    "minutes": RunSheetInput(FILING, SESSION, (QUESTION,), (("Trần B", "Sở Xây dựng"),), "0225 3 000 000"),
}
FEWEST: dict[str, Given] = {
    "proposal": ProposalInput(FILING, SESSION, "Chủ tịch", ("Lý do",), ()),
    "plan": PlanInput(FILING, SESSION, ("a",), ("b",), ("c",), (CHAIR,), (Task("Sở Xây dựng", "Phối hợp"),)),
    "portal_notice": PortalNoticeInput(FILING, SESSION, (), (), ("Gửi thư",)),
    "script": ScriptInput(FILING, SESSION, (), (replace(QUESTION, topic="", asker="", answers=()),)),
    "minutes": RunSheetInput(FILING, SESSION, ()),
}


def samples(kind: str) -> tuple[Values, ...]:
    """The values to try a form of this kind with."""
    if kind == "invitation":
        return (invitation_values(FILING, SESSION, "Sở Xây dựng") | issued(),)
    return tuple(values_of(one[kind]) | issued() for one in (FULL, FEWEST))


def issued() -> Values:
    """Number and day as gaps."""
    gaps = Document("", FILING.letterhead, "KH", "KẾ HOẠCH", "", (), FILING.signature, year=FILING.year)
    return issue_values(gaps)


log = Log("forms")

FOLDER = "forms"
NAMES = {
    "proposal": "to-trinh.docx",
    "plan": "ke-hoach.docx",
    "portal_notice": "thong-bao.docx",
    "invitation": "giay-moi.docx",
    "script": "kich-ban.docx",
    "minutes": "bien-ban.docx",
}
"""The file of a form, by the kind of its document."""
ON_WISH = ("invitation",)
"""The shipped form of an invitation is only for copying: if the folder has none, the mail alone invites."""


@dataclass(frozen=True, slots=True)
class WordForm:
    """A form as a file; ``own`` where it lies in the operator's folder."""

    name: str
    data: bytes
    own: bool = True


Forms = Mapping[str, WordForm]


@cache
def shipped_forms() -> Forms:
    """The forms that ship, by kind of document, for papers without a form in the folder."""
    folder = Path(str(files("mail_templates"))) / FOLDER
    return {
        kind: WordForm(name, (folder / name).read_bytes(), own=False)
        for kind, name in NAMES.items()
        if kind not in ON_WISH
    }


def load_forms(folder: Path | None) -> Forms:
    """The forms by kind of document: the rules folder's, else the shipped ones. Raises as :func:`own_forms`."""
    return {**shipped_forms(), **own_forms(folder)}


def own_forms(folder: Path | None) -> Forms:
    """The forms of the rules folder by kind of document. Raises :class:`FormFault` for an unreadable one."""
    found = {kind: folder / FOLDER / name for kind, name in NAMES.items()} if folder else {}
    return {kind: WordForm(path.name, _read(path)) for kind, path in found.items() if path.is_file()}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FormFault(path.name, "tệp", f"không đọc được ({error.strerror})", "xin xem lại quyền đọc") from None


def strange_forms(folder: Path | None) -> tuple[str, ...]:
    """Files in the forms' folder that no paper uses."""
    place = folder / FOLDER if folder else None
    names = sorted(path.name for path in place.iterdir()) if place and place.is_dir() else []
    return tuple(one for one in names if one not in NAMES.values() and not one.startswith((".", "~$")))


def form_faults(forms: Forms) -> Iterator[str]:
    """A line for each own form that fails with made-up values, all of them or the fewest.

    The tests try the shipped forms, so a start without own forms need not.
    """
    for kind, form in forms.items():
        if not form.own:
            continue
        try:
            for values in samples(kind):
                filled(form.name, form.data, values)
        except FormFault as error:
            yield str(error)


def in_form(document: Document, given: Given, forms: Forms) -> Document:
    """The document in the Word form of its kind, the city's own or the shipped one. Raises :class:`FormFault`.

    It then carries the form and its values, and is issued in this form, whatever the folder holds by that time.
    """
    form = forms.get(document.kind)
    if form is None:
        return document
    data = base64.b64encode(form.data).decode("ascii")
    blank = PaperForm(form.name, data, json.dumps(values_of(given), ensure_ascii=False), "", form.own)
    return replace(document, form=replace(blank, text=words(written(document, blank))))


def invitation_letter(forms: Forms, filing: Filing, session: Session, invited: str) -> bytes:
    """The city's own letter of invitation to one person; b"" where it has no such form or it cannot be filled in.

    The invitation does not wait for the form: the mail itself invites, and a fault of the form goes to the log.
    """
    form = forms.get("invitation")
    if form is None:
        return b""
    number = Document("", filing.letterhead, "GM", "GIẤY MỜI", "", (), filing.signature, year=filing.year)
    try:
        values = {**invitation_values(filing, session, invited), **issue_values(number)}
        return filled(form.name, form.data, values, number)
    except FormFault as error:
        log.failure("form_left_out", error)
        return b""


def written(document: Document, form: PaperForm) -> bytes:
    """The DOCX of a document in its form, with its present number and day."""
    return written_in(form.name, form.data, form.values, replace(document, blocks=(), annexes=(), form=None))


def written_in(name: str, data: str, values: str, about: Document) -> bytes:
    """The same for a stored form; ``about`` gives number, day and title."""
    return filled(name, base64.b64decode(data), json.loads(values) | issue_values(about), about)


def filled(name: str, data: bytes, values: Mapping[str, Any], document: Document | None = None) -> bytes:
    """The form filled with the values; the file's properties describe ``document``."""
    # python-docx and docxtpl cost a third of a second, which a start without own forms need not pay.
    from daemon.documents.forms.fill import fill  # noqa: PLC0415

    return fill(name, data, values, document)


def words(data: bytes) -> str:
    """Every word of a filled form."""
    from daemon.documents.forms.fill import text_of  # noqa: PLC0415 - as above

    return text_of(data)
