"""The letter with the answers of a session: who gave each; what was said there bears no unit's name."""

from types import SimpleNamespace
from typing import Any

import pytest

from rules.commands.command import Command
from rules.decide.base.facts import AnswerFacts
from rules.decide.officer import session_outcomes
from rules.law.session_rules import Mark
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
    question: Any = SimpleNamespace(answers=written, live_answer="Đã bố trí vốn.", live_by="Trần Chủ, Phó Chủ tịch")
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


@pytest.mark.parametrize(
    ("verb", "clause", "mark"),
    [
        ("forward", "", Mark.ELSEWHERE),
        ("reject", "10.1.k", Mark.NEVER),
        ("reject", "10.1.h", Mark.OUTSIDE),
        ("close", "", None),
    ],
)
def test_a_ruling_after_the_session_is_an_outcome_of_it(
    monkeypatch: pytest.MonkeyPatch, verb: str, clause: str, mark: Mark | None
) -> None:
    over: list[object] = ["session"]
    monkeypatch.setattr(session_outcomes, "_held", lambda _: over[-1])
    question = SimpleNamespace(id=7, session_mark="", answers=())
    facts = SimpleNamespace(questions={7: question}, board=None)
    order: Any = SimpleNamespace(question=question, command=Command(verb, "", clause=clause), now="now", facts=facts)
    monkeypatch.setattr(session_outcomes, "with_done", lambda known, _: known)
    outcome = session_outcomes.marked(question, mark, "now") if mark else ()  # type: ignore[arg-type]
    assert session_outcomes.mark_of_ruling(order) == outcome
    order.question = None
    assert session_outcomes.mark_of_ruling(order) == ()
    order.question = SimpleNamespace(id=7, session_mark="answered")
    assert session_outcomes.mark_of_ruling(order) == ()
    order.question = question
    over.append(None)
    assert session_outcomes.mark_of_ruling(order) == ()
