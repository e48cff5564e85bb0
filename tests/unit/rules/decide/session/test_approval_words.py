"""What a leader's mail says of the paper that was put up: by whom it counts, and what is sent back."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.session import approvals
from rules.decide.session.approvals import RECORDS, _command
from rules.decide.session.leaders_decision import DECIDES
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import load_units

WAITS = "shown"


def said(text: str, status: str | None = WAITS) -> Any:
    asked = SimpleNamespace(status=status, words="") if status is not None else None
    board = SimpleNamespace(units=load_units(), source=DEFAULT)
    understanding = SimpleNamespace(text=SimpleNamespace(ordered=text))
    facts: Any = SimpleNamespace(understanding=understanding, board=board, approval=asked)
    return _command(facts)


@pytest.mark.parametrize("text", ["Bản này chưa ổn, em làm lại phần 2", "Đề nghị bổ sung căn cứ rồi trình lại"])
@pytest.mark.parametrize(("status", "back"), [(WAITS, True), (RECORDS, True), (DECIDES, False), (None, False)])
def test_plain_words_send_back_what_the_house_signs(text: str, status: str | None, back: bool) -> None:
    """Who decides on a proposal is asked again instead; a mail about no paper sends nothing back."""
    found = said(text, status)
    assert (found is not None and (found.verb, found.text) == ("return", text)) is back


@pytest.mark.parametrize(
    ("text", "wish"),
    [("Trả lại", ""), ("Không đồng ý", "Không đồng ý"), ("Trả lại: sửa bảng 2", "sửa bảng 2")],
)
def test_what_is_sent_back_tells_what_to_change_or_asks_for_it(text: str, wish: str) -> None:
    found = said(text)
    assert (found.verb, found.text) == ("return", wish)


@pytest.mark.parametrize("email", ["canbo@haiphong.test", "truongban@haiphong.test.dan.test", ""])
def test_an_approval_by_anybody_but_whom_was_asked_waits_for_an_officer(
    monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    """Whatever has found the request: who writes must be whom the paper was put before."""
    monkeypatch.setattr(approvals, "hold", lambda _facts, _now, why: (why,))
    sender = SimpleNamespace(email=email or "dan@dan.test")
    person = SimpleNamespace(email=email) if email else None
    asked = SimpleNamespace(person="truongban@haiphong.test", status=WAITS, session=None)
    mail = SimpleNamespace(senders=(sender,), sender=sender)
    board = SimpleNamespace(approvers={})
    facts: Any = SimpleNamespace(approval=asked, mail=mail, person=person, board=board)
    told: Any = approvals.decide_approval(facts, datetime(2026, 11, 26, 2, tzinfo=UTC))
    assert told == ("Thư phê duyệt không đến từ người được trình",)
