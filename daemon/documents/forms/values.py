"""The values that each paper prints: plain texts and lists under Vietnamese names, for its Word form and its PDF.

``doan`` are the paragraphs of a person's text; the ``dieu_…`` are articles of the regulation in words. A script
(9.3) goes by field and topic, the most asked first; similar questions are linked, never merged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
)
from daemon.documents.markup import capital, clause, clock, count, day, distinct, weekday
from daemon.documents.model import Document, Signature
from rules.text import clean


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as the script reads it out; ``asked`` counts it and all that are similar to it."""

    number: int
    question: ScriptQuestion
    like: tuple[ScriptQuestion, ...]
    answers: tuple[BodyAnswer, ...]

    @property
    def asked(self) -> int:
        """How many asked this."""
        return 1 + len(self.like)


@dataclass(frozen=True, slots=True)
class Topic:
    """The entries of one topic, the most asked first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """The topics of one field."""

    name: str
    topics: tuple[Topic, ...]


def grouped(questions: Sequence[ScriptQuestion]) -> tuple[Field, ...]:
    """Fields and topics in order of first appearance; entries numbered continuously, the most asked first (9.1)."""
    roots = _roots(questions)
    fields: list[Field] = []
    number = 0
    for name in dict.fromkeys(one.field for one in roots):
        topics: list[Topic] = []
        for topic in dict.fromkeys(one.topic for one in roots if one.field == name):
            entries = _entries([one for one in roots if (one.field, one.topic) == (name, topic)], roots, number)
            number += len(entries)
            topics.append(Topic(topic, entries))
        fields.append(Field(name, tuple(topics)))
    return tuple(fields)


def as_numbered(questions: Sequence[ScriptQuestion]) -> tuple[ScriptQuestion, ...]:
    """The questions by their numbers in the script; behind them those that it tells beside a similar one."""
    entries = [entry for field in grouped(questions) for topic in field.topics for entry in topic.entries]
    return (*(one.question for one in entries), *(like for one in entries for like in one.like))


def unanswered(fields: Sequence[Field]) -> tuple[Entry, ...]:
    """The entries that no body has answered yet."""
    entries = (entry for field in fields for topic in field.topics for entry in topic.entries)
    return tuple(entry for entry in entries if not any(answer.text.strip() for answer in entry.answers))


def _roots(questions: Sequence[ScriptQuestion]) -> dict[ScriptQuestion, list[ScriptQuestion]]:
    """Each question that stands for itself, with those similar to it; links are followed to their end."""
    by_code = {one.code: one for one in questions}
    if len(by_code) != len(questions):
        raise ValueError("a register number stands twice in the script")
    roots: dict[ScriptQuestion, list[ScriptQuestion]] = {one: [] for one in questions if not one.same_as}
    for one in questions:
        if one.same_as:
            roots[_root(one, by_code)].append(one)
    return roots


def _root(question: ScriptQuestion, by_code: dict[str, ScriptQuestion]) -> ScriptQuestion:
    seen = {question.code}
    while question.same_as:
        if question.same_as not in by_code:
            raise ValueError(f"question {question.code} is linked to {question.same_as}, which is not in the script")
        question = by_code[question.same_as]
        if question.code in seen:
            raise ValueError(f"question {question.code} is linked to itself")
        seen.add(question.code)
    return question


def _entries(
    own: list[ScriptQuestion], roots: dict[ScriptQuestion, list[ScriptQuestion]], before: int
) -> tuple[Entry, ...]:
    ranked = sorted(own, key=lambda one: -len(roots[one]))
    return tuple(
        Entry(before + place, one, tuple(roots[one]), _answers(one, roots[one]))
        for place, one in enumerate(ranked, start=1)
    )


def _answers(question: ScriptQuestion, like: list[ScriptQuestion]) -> tuple[BodyAnswer, ...]:
    """Every different answer to the question or to a similar one."""
    given = (answer for one in (question, *like) for answer in one.answers)
    return tuple(dict.fromkeys(given))


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
    """Number and day: gaps until the paper is issued. An approval does not cover them."""
    return {"so_van_ban": document.number_line, "ngay_van_ban": document.date_line}


def invitation_values(filing: Filing, session: Session, invited: str) -> Values:
    """The values of an invitation to a session, for one invited person."""
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
        **_signed(filing.signature),
    }


def _signed(signature: Signature) -> Values:
    return {"chuc_vu_ky": "\n".join(signature.lines), "nguoi_ky": signature.name}


def _one_line(name: str) -> str:
    """A name in the form used in a sentence; at the head of a paper it is broken into even lines."""
    return " ".join(name.split())


def session_values(session: Session) -> Values:
    """The values that describe a session."""
    return {
        "chu_de": session.topic,
        "chu_tri": session.chair.shown,
        "bat_dau": clock(session.start),
        "ket_thuc": clock(session.end),
        "ngay": weekday(session.start),
        "thoi_luong": str(session.minutes),
        "dia_diem": session.place,
    }


def deciding_clause(session: Session) -> str:
    """The deciding body for topic and chair: the clause for a session of the city, or for one of a unit."""
    return "7.1" if session.level == "city" else "7.2"


def _proposal(given: ProposalInput) -> Values:
    return {
        "noi_trinh": given.decides,
        "ly_do": _lines(given.reasons),
        "don_vi": _lines(given.units),
        "noi_nhan": distinct(_lines(given.units)),
        "chi_dao": given.direction,
        "dieu_to_trinh": clause(deciding_clause(given.session)),
    }


def _plan(given: PlanInput) -> Values:
    concerned = (given.filing.committee, *(one.body for one in given.coordination), *given.units)
    return {
        "muc_dich": _lines(given.purpose),
        "yeu_cau": _lines(given.requirements),
        "cach_thuc": _lines(given.manner),
        "lanh_dao": _leaders(given.leaders),
        "don_vi": _lines(given.units),
        "noi_nhan": distinct(concerned)[1:],
        "phoi_hop": [
            {"co_quan": one.body, "noi_dung": one.text, "thoi_han": day(one.by)} for one in given.coordination
        ],
        "co_thoi_han": "có" if any(one.by for one in given.coordination) else "",
        "tien_do": [_step(one) for one in given.steps],
        "to_trinh": given.proposal,
        "quyet_dinh": given.decided,
        "dieu_thu_cong_vu": given.filing.article("official_mail"),
    }


def _step(step: Step) -> Values:
    latest, norm = weekday(step.due.on), clause(step.due.clause)
    return {
        "cong_viec": step.duty,
        "thoi_han": latest,
        "can_cu": norm,
        "cham_nhat": capital(latest),
        "dieu_khoan": capital(norm),
    }


def _notice(given: PortalNoticeInput) -> Values:
    return {
        "cach_thuc": _lines(given.manner),
        "lanh_dao": _leaders(given.leaders),
        "cach_gui": _lines(given.ways),
        "ke_hoach": given.plan,
        "dieu_thong_bao": given.filing.article("notice_content"),
        "dieu_nguoi_hoi": given.filing.article("asker_data"),
        "dieu_khieu_nai": given.filing.article("tell_complaint"),
    }


def _script(given: ScriptInput) -> Values:
    fields = grouped(given.questions)
    gaps = [one.question.code for one in unanswered(fields)]
    entries = [
        _entry(entry, f"{place}" if topic is field.topics[0] and entry is topic.entries[0] else "", field, topic)
        for place, field in enumerate(fields, start=1)
        for topic in field.topics
        for entry in topic.entries
    ]
    return {
        "lanh_dao": _leaders(given.leaders),
        "ke_hoach": given.plan,
        "so_luot_hoi": count(len(given.questions)),
        "so_cau_hoi": count(len(entries)),
        "cau_hoi": entries,
        "con_thieu": gaps,
        "so_con_thieu": count(len(gaps)),
        "dieu_kich_ban": given.filing.article("script_approved"),
        "dieu_hoi_truc_tiep": given.filing.article("live_question"),
        "dieu_gui_kich_ban": given.filing.article("script_sent"),
    }


def _entry(entry: Entry, opens: str, field: Field, topic: Topic) -> Values:
    """An entry; the first of a field has the field's number, the first of a topic its heading."""
    return {
        "stt": str(entry.number),
        "mo_linh_vuc": opens,
        "linh_vuc": field.name,
        "mo_van_de": topic.name if entry is topic.entries[0] else "",
        "van_de": topic.name,
        **_question(entry.question),
        "luot_hoi": count(entry.asked),
        "cung_noi_dung": [one.code for one in entry.like],
        "tra_loi": [
            {
                "co_quan": one.body,
                "noi_dung": one.text,
                "doan": _lines((one.text,)),
                "nguoi_ky": one.signer,
                "chuc_vu": one.signer_title,
                "van_ban": one.document,
            }
            for one in entry.answers
        ],
    }


def _question(question: ScriptQuestion) -> Values:
    text = question.text
    return {"so": question.code, "nguoi_hoi": question.asker, "noi_dung": text, "doan": _lines((text,))}


def minutes_signature(session: Session) -> Signature:
    """The chair signs the minutes; the secretary is named in them (Decree 30/2020, form of minutes)."""
    return Signature(("CHỦ TRÌ",), session.chair.name)


def _minutes(given: RunSheetInput) -> Values:
    return {
        **_signed(minutes_signature(given.session)),
        "cau_hoi": [{"stt": str(place), **_question(one)} for place, one in enumerate(given.questions, start=1)],
        "dien_thoai": given.phone,
    }


def _lines(texts: Sequence[str]) -> list[str]:
    """Each line with content, as a paragraph of its own."""
    return [line for one in texts for line in clean(one).split("\n") if line.strip()]


def _leaders(leaders: Sequence[Leader]) -> list[Values]:
    return [{"ho_ten": one.name, "chuc_vu": one.title, "co_quan": one.body, "day_du": one.shown} for one in leaders]
