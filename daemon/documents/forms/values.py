"""What each paper gives its form: plain texts and lists under Vietnamese names, as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from daemon.documents.inputs import (
    Filing,
    Leader,
    PlanInput,
    PortalNoticeInput,
    ProposalInput,
    RunSheetInput,
    ScriptInput,
    ScriptQuestion,
    Session,
)
from daemon.documents.markup import clause, clock, day, weekday
from daemon.documents.model import Document
from daemon.documents.session_papers import Entry, grouped
from rules.text import clean

Values = dict[str, Any]
Given = ProposalInput | PlanInput | PortalNoticeInput | ScriptInput | RunSheetInput


def values_of(given: Given) -> Values:
    """The values of a paper's input, every text clean; number and day of issue come from :func:`issue_values`."""
    own: Mapping[type, Callable[[Any], Values]] = {
        ProposalInput: _proposal,
        PlanInput: _plan,
        PortalNoticeInput: _notice,
        ScriptInput: _script,
        RunSheetInput: _minutes,
    }
    found = _filing(given.filing) | session_values(given.session) | own[type(given)](given)
    return {name: _clean(value) for name, value in found.items()}


def issue_values(document: Document) -> Values:
    """Number and day: gaps until the paper is issued. An approval does not bind them."""
    return {"so_van_ban": document.number_line, "ngay_van_ban": document.date_line}


def invitation_values(filing: Filing, session: Session, invited: str) -> Values:
    """The invitation to a session, for one who is invited."""
    found = _filing(filing) | session_values(session) | {"kinh_gui": invited}
    return {name: _clean(value) for name, value in found.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value).strip()
    if isinstance(value, Mapping):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value]


def _filing(filing: Filing) -> Values:
    return {
        "co_quan_cap_tren": _one_line(filing.letterhead.parent),
        "co_quan": _one_line(filing.letterhead.issuer),
        "tieu_de_cap_tren": filing.letterhead.parent,
        "tieu_de_co_quan": filing.letterhead.issuer,
        "uy_ban": filing.committee,
        "ban_bien_tap": filing.board,
        "quy_che": filing.regulation,
        "nam": str(filing.year),
        "noi_luu": filing.archive,
        "chuc_vu_ky": "\n".join(filing.signature.lines),
        "nguoi_ky": filing.signature.name,
    }


def _one_line(name: str) -> str:
    """A name as it stands in a sentence; at the head of a paper it is broken into even lines."""
    return " ".join(name.split())


def session_values(session: Session) -> Values:
    """What a session is, wherever it is written of."""
    return {
        "chu_de": session.topic,
        "chu_tri": session.chair.shown,
        "bat_dau": clock(session.start),
        "ket_thuc": clock(session.end),
        "ngay": weekday(session.start),
        "thoi_luong": str(session.minutes),
        "dia_diem": session.place,
    }


def _proposal(given: ProposalInput) -> Values:
    return {
        "noi_trinh": given.decides,
        "ly_do": given.reasons,
        "don_vi": given.units,
        "chi_dao": given.direction,
    }


def _plan(given: PlanInput) -> Values:
    return {
        "muc_dich": given.purpose,
        "yeu_cau": given.requirements,
        "cach_thuc": given.manner,
        "lanh_dao": _leaders(given.leaders),
        "don_vi": given.units,
        "noi_nhan": tuple(dict.fromkeys((*(one.body for one in given.coordination), *given.units))),
        "phoi_hop": [
            {"co_quan": one.body, "noi_dung": one.text, "thoi_han": day(one.by)} for one in given.coordination
        ],
        "tien_do": [
            {"cong_viec": one.duty, "thoi_han": weekday(one.due.on), "can_cu": clause(one.due.clause)}
            for one in given.steps
        ],
        "to_trinh": given.proposal,
        "quyet_dinh": given.decided,
    }


def _notice(given: PortalNoticeInput) -> Values:
    return {
        "cach_thuc": given.manner,
        "lanh_dao": _leaders(given.leaders),
        "cach_gui": given.ways,
        "ke_hoach": given.plan,
    }


def _script(given: ScriptInput) -> Values:
    entries = [
        (field.name, topic.name, entry)
        for field in grouped(given.questions)
        for topic in field.topics
        for entry in topic.entries
    ]
    return {
        "lanh_dao": _leaders(given.leaders),
        "ke_hoach": given.plan,
        "so_cau_hoi": str(len(entries)),
        "cau_hoi": [_entry(*one) for one in entries],
    }


def _entry(field: str, topic: str, entry: Entry) -> Values:
    return {
        "stt": str(entry.number),
        "linh_vuc": field,
        "van_de": topic,
        **_question(entry.question),
        "luot_hoi": str(entry.asked),
        "cung_noi_dung": [one.code for one in entry.like],
        "tra_loi": [
            {
                "co_quan": one.body,
                "noi_dung": one.text,
                "nguoi_ky": one.signer,
                "chuc_vu": one.signer_title,
                "van_ban": one.document,
            }
            for one in entry.answers
        ],
    }


def _question(question: ScriptQuestion) -> Values:
    return {"so": question.code, "nguoi_hoi": question.asker, "noi_dung": question.text}


def _minutes(given: RunSheetInput) -> Values:
    return {
        "cau_hoi": [{"stt": str(place), **_question(one)} for place, one in enumerate(given.questions, start=1)],
        "dien_thoai": given.phone,
    }


def _leaders(leaders: Sequence[Leader]) -> list[Values]:
    return [{"ho_ten": one.name, "chuc_vu": one.title, "co_quan": one.body} for one in leaders]
