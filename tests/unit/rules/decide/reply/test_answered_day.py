"""What an answer is kept with: its files, and the day on which the question counts as answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.actions import SetQuestion
from rules.decide.reply import answers
from rules.decide.reply.answers import _answered

DAY = datetime(2026, 10, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(("received", "other", "counts"), [(0, 4, 4), (6, 4, 6), (2, None, 2)])
def test_the_last_answer_counts_whichever_was_read_last(received: int, other: int | None, counts: int) -> None:
    """A held answer of the first day, taken by an officer later, does not move another unit's answer."""
    given = None if other is None else DAY + timedelta(days=other)
    leads = [
        SimpleNamespace(id=1, role="lead", is_open=True, answered_at=None),
        SimpleNamespace(id=2, role="lead", is_open=False, answered_at=given),
    ]
    question = SimpleNamespace(id=1, assignments=leads, email="an@dan.test", channel="email")
    actions = _answered(question, {1}, DAY + timedelta(days=received))  # type: ignore[arg-type] # what it reads of one
    (done,) = [one for one in actions if isinstance(one, SetQuestion)]
    assert done.values["answered_at"] == DAY + timedelta(days=counts)


def test_a_picture_of_the_signature_is_no_file_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "files_for", lambda *_: ())
    monkeypatch.setattr(answers, "signatures_of", lambda *_: ())
    files = (SimpleNamespace(name="logo.png", inline=True), SimpleNamespace(name="tra-loi.pdf", inline=False))
    facts: Any = SimpleNamespace(mail=SimpleNamespace(attachments=files), received_at=DAY, raw_mail=3)
    reply: Any = SimpleNamespace(text="x", document="", signer="", signer_title="")
    about: Any = SimpleNamespace(id=1, unit="SXD")
    assert answers._record(facts, reply, about, about).files == ("tra-loi.pdf",)
