"""Made-up values of each paper, to try a form with: one set with everything, one with as little as is allowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

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
from daemon.documents.model import Document, Letterhead, Signature
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
