"""The order of a script (9.3): by field and topic, most asked first; similar questions are linked, never merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.documents.inputs import BodyAnswer, ScriptQuestion


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
