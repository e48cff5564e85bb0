"""Which rows ``doithoai register`` lists or exports. What is asked for by a name that nothing has is told: an empty
register would look like one in which nothing happened."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection

from daemon.base.errors import PermanentError
from daemon.commands import day
from db.register import sessions
from db.register.wanted import Wanted, units_held
from rules.decide.base.notices import STATUS_NAMES
from rules.text import squash, strip_marks
from rules.values.data_file import Source, load_units
from rules.values.states import QuestionStatus


def status(text: str) -> str:
    """A state, by its own name or as the register shows it (“đã trả lời”). Raises ``ArgumentTypeError``."""
    for one in QuestionStatus:
        if text == one or squash(text) == STATUS_NAMES[one]:
            return str(one)
    raise argparse.ArgumentTypeError(f"no state {text!r}; the states are {', '.join(QuestionStatus)}")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that listing and exporting share."""
    parser.add_argument("--status", type=status, metavar="STATE", help=", ".join(QuestionStatus))
    parser.add_argument("--unit", default="", help="code or name")
    parser.add_argument("--since", type=day, metavar="YYYY-MM-DD", help="first day received")
    parser.add_argument("--until", type=day, metavar="YYYY-MM-DD", help="last day received")


def wanted(connection: Connection, args: argparse.Namespace, source: Source) -> Wanted:
    """What the options ask for. Raises ``PermanentError`` for a unit or session that there is not, or for no day."""
    if args.since and args.until and args.since > args.until:
        raise PermanentError(f"register: --since {args.since} is after --until {args.until}")
    number = getattr(args, "session", "").upper()
    if number and sessions.by_code(connection, number) is None:
        raise PermanentError(f"register: no session {number}")
    unit = _unit(connection, args.unit, source) if args.unit else ""
    return Wanted(args.status or "", unit, getattr(args, "field", ""), number, args.since, args.until)


def _unit(connection: Connection, text: str, source: Source) -> str:
    """The code; units of rules that are no longer in use are found by the code that the register holds."""
    units = load_units(source)
    known: dict[str, Any] = {code.casefold(): code for code in units}
    known |= {code.casefold(): code for code in units_held(connection)}
    known |= {_plain(unit.name): code for code, unit in units.items() if unit.valid_to is None}
    found = known.get(text.casefold()) or known.get(_plain(text))
    if found is None:
        near = get_close_matches(_plain(text), known, 1)
        hint = f"; did you mean {known[near[0]]}?" if near else ""
        raise PermanentError(f"register: no unit {text!r}{hint}")
    return str(found)


def _plain(name: str) -> str:
    return strip_marks(squash(name.partition(" (")[0]))
