"""A document with a gap is refused before it is made, with one line that names the gap and the norm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from daemon.documents.inputs import Leader, Session
from daemon.errors import DoithoaiError

Filled = str | int | Sequence[str] | None


class IncompleteDocument(DoithoaiError):  # noqa: N818 - it names what is wrong, as the others do
    """A field that the regulation wants is empty. The text names document, field (English and Vietnamese), clause."""


def require(document: str, clause: str, fields: Mapping[str, Filled]) -> None:
    """Raises :class:`IncompleteDocument` naming every empty field.

    Empty is also what holds no letter and no digit ("…", "-"), a list without entries, or a list with an empty one.
    """
    gaps = [name for name, value in fields.items() if not _filled(value)]
    if gaps:
        verb = "is" if len(gaps) == 1 else "are"
        raise IncompleteDocument(f"{document} refused: {'; '.join(gaps)} {verb} empty (clause {clause})")


def _filled(value: Filled) -> bool:
    if value is None:
        return False
    if isinstance(value, int):
        return value > 0
    if isinstance(value, str):
        return any(sign.isalnum() for sign in value)
    return bool(value) and all(_filled(one) for one in value)


def session_fields(session: Session) -> Iterator[tuple[str, Filled]]:
    """What a session must say wherever it is written of."""
    yield "topic (chủ đề)", session.topic
    yield "chair's full name (họ tên người chủ trì)", session.chair.name
    yield "chair's position (chức vụ người chủ trì)", session.chair.title


def leader_fields(leaders: Iterable[Leader]) -> Iterator[tuple[str, Filled]]:
    """Full name and position of each leader who answers (9.2)."""
    found = list(leaders)
    if not found:
        yield "leaders who answer (lãnh đạo trả lời)", None
    for number, leader in enumerate(found, start=1):
        yield f"full name of leader {number} (họ tên lãnh đạo trả lời)", leader.name
        yield f"position of leader {number} (chức vụ lãnh đạo trả lời)", leader.title
