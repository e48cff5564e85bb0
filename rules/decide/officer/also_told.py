"""Who else is told of an officer's order: whose own order it undoes, and whose letter on the question waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rules.decide.base.actions import Action
from rules.decide.base.command_result import CommandAtHand, is_of_unit
from rules.decide.base.earlier_orders import DID, EarlierOrder, undone
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.notices import of_words, to_people, unit_name
from rules.law.working_days import city_moment
from rules.values.states import AssignmentStatus


def overruled(order: CommandAtHand, done: str, actions: Sequence[Action]) -> tuple[Action, ...]:
    """One mail to each officer, or the Head, whose order this one undoes; ``done``: what has been done instead."""
    facts, question, person = order.facts, order.question, order.facts.person
    if question is None or person is None:
        return ()
    had = {one.id: (one.unit, one.role) for one in question.assignments}
    lost = [*undone(facts.orders.get(question.id, ()), actions, had)]
    why = f"Lệnh của Ông/Bà về câu hỏi {question.code} không còn hiệu lực, vì có lệnh sau của {person.name}"
    said = " ".join(order.command.raw.split())[:200]
    key = f"overruled:{of_words(facts.raw_mail, said)}:{question.id}"
    sends: tuple[Action, ...] = ()
    for one in dict.fromkeys((*facts.board.officers, facts.board.head)):
        own = [each for each in lost if each.by.lower() == one.email.lower() != person.email.lower()]
        values = {
            "what": why,
            "details": [*(_did(facts, each) for each in own), f"{person.name} ghi “{said}”: {done}"],
            "commands": [],
        }
        sends += to_people("officer_alert", [one] * bool(own), "", values, key=key, question=question.id)
    return sends


def _did(facts: MailFacts, one: EarlierOrder) -> str:
    unit = unit_name(facts.board, str(one.about)) if one.about else ""
    return f"Lệnh của Ông/Bà, {city_moment(one.at)}: {DID[one.act].format(unit=unit)}"


_LOST = frozenset({AssignmentStatus.REFUSED, AssignmentStatus.REPLACED})


def letters_wait(facts: MailFacts, question: QuestionFacts, named: Collection[str] = ()) -> list[AssignmentFacts]:
    """Of units that refused the question or lost it, and whose letter on it waits: they may want it back. Not of
    those ``named`` to have it, nor of those that owe it still."""
    still = {*named, *(one.unit for one in question.assignments if one.is_open)}
    lost = {one.unit: one for one in question.assignments if one.status in _LOST and one.unit not in still}
    senders = [one.sender for one in facts.letters.get(question.id, ()) if one.waits]
    return [one for unit, one in lost.items() if any(is_of_unit(facts.board, unit, each) for each in senders)]
