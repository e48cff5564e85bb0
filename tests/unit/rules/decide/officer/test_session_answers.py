"""The letter with the answers of a session: who gave each; what was said there bears no unit's name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.facts import AnswerFacts
from rules.decide.officer import session_outcomes
from rules.values.data_file import load_units


def test_a_written_answer_bears_its_units_name_and_a_spoken_one_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(session_outcomes, "to_citizen", lambda *about, **_: told.append(about))
    written = (
        AnswerFacts("SXD", "Sửa trong quý I.", "12/SXD", "", ""),
        AnswerFacts("SYT", "Không thuộc.", "", "", ""),
    )
    question: Any = SimpleNamespace(
        answers=written, live_answer="Đã bố trí vốn.", live_by="Trần Văn Chủ, Phó Chủ tịch"
    )
    board: Any = SimpleNamespace(units=load_units())
    session: Any = SimpleNamespace(id=4)
    session_outcomes.tell_answer(board, question, session)
    ((_, _, _, values),) = told
    names = [(one["unit_name"], one["text"]) for one in values["answers"]]
    assert names == [
        ("Sở Xây dựng", "Sửa trong quý I."),
        ("Sở Y tế", "Không thuộc."),
        ("", "Đã bố trí vốn."),
    ]
