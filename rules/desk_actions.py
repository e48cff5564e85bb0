"""What the officers' desk may ask for beside the register's own actions; carried out by ``db.desk_apply``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """Another question that is like this one; ``score`` 0..1, 1.0 when an officer says so."""

    question: int
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class LinkQuestions:
    """Questions tied to one (``NEW`` = the one just registered); a pair that is there already stays."""

    question: int
    links: tuple[Link, ...]
    by: str


@dataclass(frozen=True, slots=True)
class SignReceipts:
    """The officer's signature for receipt (8.2) on every question that has none yet."""

    officer: str


@dataclass(frozen=True, slots=True)
class SetPublication:
    """What stands on the portal under a question's place: published for the first time, again, or said otherwise.

    ``paper`` is the approved text it rests on; ``digest`` of what the page says tells whether anything changed.
    """

    question: int
    paper: int
    path: str
    title: str
    digest: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a published answer off the portal, or keep an approved one from it; a new approval brings it back."""

    question: int
    why: str


@dataclass(frozen=True, slots=True)
class RecordFile:
    """What is known about an attached file: clean, held (with the reason), unscanned, or released by a person."""

    raw_mail: int
    part: int
    status: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class KeepDocument:
    """A unit has written about a question under a document number of its own, which is a key from now on."""

    question: int
    unit: str
    document: str


DeskAction = KeepDocument | LinkQuestions | SignReceipts | SetPublication | Withdraw | RecordFile
