"""What each paper gives its form: plain texts and lists under Vietnamese names, as they are printed.

Made-up values of each paper, to try a form with: one with everything, one with as little as the paper may have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
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
    Task,
)
from daemon.documents.markup import clause, clock, day, weekday
from daemon.documents.model import Document, Letterhead, Signature
from daemon.documents.session_papers import Entry, grouped
from rules.text import clean
from rules.values.model import CountedDate

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


HOSTILE = 'Ông <An> & "bà" {{ so }} {% x %}'
"""What somebody may call himself: signs that mean something in a form or in XML."""
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
