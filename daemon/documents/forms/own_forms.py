"""The forms of one installation: found in its folder, tried with made-up values, put around a paper."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from daemon.base.logs import Log
from daemon.documents.forms.guard import MOST_BYTES, FormFault
from daemon.documents.forms.values import Given, invitation_values, issue_values, samples, values_of
from daemon.documents.inputs import Filing, Session
from daemon.documents.model import Document, OwnForm

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


@dataclass(frozen=True, slots=True)
class WordForm:
    """A form as it lies in the folder."""

    name: str
    data: bytes


Forms = Mapping[str, WordForm]


def load_forms(folder: Path | None) -> Forms:
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
    """Files of the forms' folder that no paper asks for."""
    place = folder / FOLDER if folder else None
    names = sorted(one.name for one in place.iterdir()) if place and place.is_dir() else []
    return tuple(one for one in names if one not in NAMES.values() and not one.startswith((".", "~$")))


def form_faults(forms: Forms) -> Iterator[str]:
    """A line for each form that does not withstand made-up values, full ones and the fewest."""
    for kind, form in forms.items():
        try:
            for values in samples(kind):
                filled(form.name, form.data, values)
        except FormFault as error:
            yield str(error)


def in_own_form(document: Document, given: Given, forms: Forms) -> Document:
    """The document in the city's own form where it has one. Raises :class:`FormFault`.

    It then carries the form and its values: it is issued in this form, whatever lies in the folder by that time.
    """
    form = forms.get(document.kind)
    if form is None:
        return document
    values = values_of(given)
    text = words(filled(form.name, form.data, {**values, **issue_values(document)}))
    data = base64.b64encode(form.data).decode("ascii")
    return replace(document, form=OwnForm(form.name, data, json.dumps(values, ensure_ascii=False), text))


def invitation_letter(forms: Forms, filing: Filing, session: Session, invited: str) -> bytes:
    """The city's own letter of invitation to a session, to one; b"" where it has no such form or cannot be filled in.

    Nobody waits for the form: the mail itself invites, and what is wrong with the form stands in the log.
    """
    form = forms.get("invitation")
    if form is None:
        return b""
    number = Document("", filing.letterhead, "GM", "GIẤY MỜI", "", (), filing.signature, year=filing.year)
    try:
        return filled(form.name, form.data, {**invitation_values(filing, session, invited), **issue_values(number)})
    except FormFault as error:
        log.failure("form_left_out", error)
        return b""


def written(document: Document, form: OwnForm) -> bytes:
    """The DOCX of a document in its form, with the number and day that it has by now."""
    values = json.loads(form.values) | issue_values(document)
    return filled(form.name, base64.b64decode(form.data), values)


def filled(name: str, data: bytes, values: Mapping[str, Any]) -> bytes:
    """The form with its values."""
    # python-docx and docxtpl cost a third of a second: a start without own forms does not pay them.
    from daemon.documents.forms.fill import fill  # noqa: PLC0415

    return fill(name, data, values)


def words(data: bytes) -> str:
    """Every word of a filled form."""
    from daemon.documents.forms.fill import text_of  # noqa: PLC0415 - as above

    return text_of(data)
