"""``doithoai session``: propose, plan, announce, script, hold, close, move, cancel, list, show (6.1, 7, 9, 10);
``doithoai publish``: approved answers into the folder that the portal pulls; everything is checked.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from daemon.base import clock
from daemon.base.errors import ConfigurationError, PermanentError
from daemon.config.config import load_config
from daemon.config.database import looking, opened
from daemon.installation.installation import build_installation
from daemon.papers.sessions import Marking, SessionService, read_form
from daemon.portal.publish import publish
from db.register import board_papers, duties, questions, sessions
from rules.law.session_rules import Mark, PaperKind, SessionFacts, SessionForm
from rules.law.working_days import CITY_ZONE

EXAMPLE = "a whole form stands in docs/operations.md, “A session from the console”"
PAPERS = {"plan": PaperKind.PLAN, "script": PaperKind.SCRIPT}


def add(subparsers: Any) -> None:
    """Add both commands, one with its steps."""
    text = "sessions of dialogue: from the proposal to the last answer"
    parser = subparsers.add_parser("session", help=text, description=f"{text.capitalize()}.")
    steps = parser.add_subparsers(title="steps", metavar="STEP", dest="step", required=True)
    _add_propose(steps)
    for name, (do, help_line, *options) in STEPS.items():
        step = steps.add_parser(name, help=help_line, description=f"{help_line.capitalize()}.")
        if name != "list":
            step.add_argument("code", metavar="SESSION", help="its number, such as P-2026-01")
        for option, settings in options:
            step.add_argument(option, **settings)
        step.set_defaults(do=do)
    parser.set_defaults(run=run)
    publishing = subparsers.add_parser("publish", help="approved answers as a folder for the portal")
    publishing.add_argument("--dir", type=Path, metavar="DIR", help="instead of [publication] folder")
    publishing.set_defaults(run=run_publish)


def _add_propose(steps: Any) -> None:
    text = "propose a session from a TOML form or from options"
    more = "What is not decided yet needs chair and reasons, which only the form has"
    step = steps.add_parser("propose", help=text, description=f"{text.capitalize()}. {more}: {EXAMPLE}.")
    step.add_argument("form", nargs="?", type=Path, metavar="FORM.toml")
    step.add_argument("--topic")
    step.add_argument("--start", metavar="'2026-11-26 08:30'", help="beginning by the city's clock")
    step.add_argument("--minutes", type=int)
    step.add_argument("--level", choices=("city", "unit"))
    step.add_argument("--unit", metavar="CODE", help="whose session it is, for level unit")
    step.add_argument("--place")
    step.add_argument("--units", metavar="CODES", help="units in whose fields it lies, separated by commas")
    step.add_argument("--direction", help="reference of the city's direction; makes it an ad hoc session")
    step.add_argument("--decided", help="reference of the decision on topic and chair, where there is one already")
    step.set_defaults(do=_propose)


def run(args: argparse.Namespace) -> int:
    """Run the step; 1 when something is left to do or may not be done."""
    config = load_config(args.config)
    installation = build_installation(config, config.secrets.signing_key(), clock.now)
    with opened(config) as engine:
        return int(args.do(SessionService(engine, installation, f"console:{getpass.getuser()}"), args))


def run_publish(args: argparse.Namespace) -> int:
    """Write what is missing or different; the daemon tells the askers of new answers."""
    config = load_config(args.config)
    folder = args.dir or config.publication.folder
    if folder is None:
        raise ConfigurationError("publish: no folder; give --dir DIR or set [publication] folder")
    installation = build_installation(config, config.secrets.signing_key(), clock.now)
    with opened(config) as engine:
        done = publish(engine, installation, folder, everything=True)
    sys.stdout.write(f"{folder}: {done.files} files written, {done.new} questions newly published\n")
    return 0


def _propose(desk: SessionService, args: argparse.Namespace) -> int:
    given = _written(args.form) if args.form else {}
    named = {key: getattr(args, key) for key in ("topic", "start", "minutes", "level", "unit", "place", "decided")}
    given |= {key: value for key, value in named.items() if value is not None}
    if args.units is not None:
        given["units"] = [one.strip().upper() for one in args.units.split(",") if one.strip()]
    if args.direction is not None:
        given |= {"direction": args.direction, "ad_hoc": True}
    session, notes = desk.propose(_form(given, args.form))
    for note in notes:
        _say(f"note: {note}")
    _say(f"{session.code} {session.status} {_local(session.starts_at)}")
    return 0


def _written(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise PermanentError(f"{path}: {error}; {EXAMPLE}") from None


def _form(given: dict[str, Any], path: Path | None) -> SessionForm:
    try:
        return read_form(given)
    except PermanentError as error:
        raise PermanentError(f"{f'{path}: ' if path else ''}{error}; {EXAMPLE}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PermanentError(f"{path}: not UTF-8") from None


def _plan(desk: SessionService, args: argparse.Namespace) -> int:
    if args.form:
        desk.amend(args.code, _form(_written(args.form), args.form))
    return _put_up(desk, args)


def _put_up(desk: SessionService, args: argparse.Namespace) -> int:
    asked = desk.put_up(args.code, PAPERS[args.step])
    _say("put up for approval" if asked else "this very text is before the Head, or approved, already")
    return 0


def _announce(desk: SessionService, args: argparse.Namespace) -> int:
    if args.link is None:
        asked = desk.put_up(args.code, PaperKind.NOTICE)
        _say("put up for approval" if asked else "this very text is before the Head, or approved, already")
        return 0
    desk.announce(args.code, args.link)
    _say("announced: questions are taken for this session")
    return 0


def _hold(desk: SessionService, args: argparse.Namespace) -> int:
    desk.hold(args.code, _instant(args.start), _instant(args.end))
    _say("held; `session close` with the marks of its questions is next")
    return 0


def _decide(desk: SessionService, args: argparse.Namespace) -> int:
    desk.decide(args.code, args.by)
    _say("decided; the plan is drafted in time")
    return 0


def _move(desk: SessionService, args: argparse.Namespace) -> int:
    for line in desk.move(args.code, _instant(args.to), args.reason):
        _say(f"{line['label']:6} {_day(line['old'])} -> {_day(line['new'])}  {line['duty']}")
    return 0


def _cancel(desk: SessionService, args: argparse.Namespace) -> int:
    desk.cancel(args.code, args.reason)
    _say("cancelled; its questions go on without a session")
    return 0


def _close(desk: SessionService, args: argparse.Namespace) -> int:
    left = desk.close(args.code, read_marks(args.marks) if args.marks else [])
    _say(f"not closed, without a mark: {', '.join(left)}" if left else "closed")
    return 1 if left else 0


def read_marks(path: Path) -> list[Marking]:
    """The form of a session's results: ``[[question]]`` with number, mark (answered g h i k), unit, reason."""
    try:
        rows = tomllib.loads(_text(path)).get("question", [])
        return [
            Marking(str(row["number"]), Mark(row["mark"]), str(row.get("unit", "")), str(row.get("reason", "")))
            for row in rows
        ]
    except tomllib.TOMLDecodeError as error:
        raise PermanentError(f"{path}: {error}") from None
    except (KeyError, TypeError):
        raise PermanentError(f"{path}: each [[question]] needs number and mark") from None
    except ValueError as error:
        raise PermanentError(f"{path}: {error}; a mark is answered, g, h, i or k") from None


def _list(desk: SessionService, args: argparse.Namespace) -> int:
    with looking(desk.engine) as connection:
        found = sessions.every(connection, running=args.running)
    for one in found:
        if args.json:
            _say(json.dumps(_shown(one), ensure_ascii=False))
        else:
            _say(f"{one.code}  {_local(one.starts_at)}  {one.form.level:4}  {one.status:15}  {one.form.topic[:60]}")
    return 0


def _show(desk: SessionService, args: argparse.Namespace) -> int:
    session = desk.show(args.code)
    with looking(desk.engine) as connection:
        papers = board_papers.papers_of(connection, session_id=session.id)
        asked = questions.load(connection, sessions.question_ids(connection, session.id))
        owed = duties.of_session(connection, session.id)
    values = {
        **_shown(session),
        "papers": [
            {"kind": paper.kind.value, "status": paper.status, "digest": paper.digest[:12]} for paper in papers
        ],
        "questions": [
            {"number": question.code, "status": question.status.value, "mark": question.session_mark}
            for question in asked.values()
        ],
        "duties": [
            {
                "rule": row.due["rule"],
                "clause": row.clause,
                "on": row.due["on"],
                "status": row.status,
                "late": bool(row.was_late),
                "why": row.why_late,
                "reason": row.due["reason"],
            }
            for row in owed
            if row.kind == "session"
        ],
    }
    if args.json:
        _say(json.dumps(values, ensure_ascii=False))
        return 0
    for key, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            shown = "; ".join(f"{name}={part}" for name, part in one.items()) if isinstance(one, dict) else one
            _say(f"{key}: {shown}")
    return 0


def _shown(session: SessionFacts) -> dict[str, Any]:
    return {
        "session": session.code,
        "status": session.status.value,
        "level": session.form.level,
        "unit": session.form.unit,
        "topic": session.form.topic,
        "start": _local(session.starts_at),
        "minutes": session.form.minutes,
        "place": session.form.place,
        "units": ",".join(session.form.units),
        "started": _local(session.started_at),
        "ended": _local(session.ended_at),
        "moves": session.moves,
        "link": session.link,
    }


def _local(at: datetime | None) -> str:
    return at.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def _day(counted: Any) -> date:
    return counted.on  # type: ignore[no-any-return]


def _instant(text: str) -> datetime:
    """A time by the city's clock, such as ``2026-11-26 08:30``."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise PermanentError(f"not a time such as 2026-11-26 08:30: {text!r}") from None
    return (at.replace(tzinfo=CITY_ZONE) if at.tzinfo is None else at).astimezone(UTC)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


NEEDED = {"required": True}
WHEN = {"required": True, "metavar": "'2026-11-26 08:30'", "help": "by the city's clock"}
JSON = ("--json", {"action": "store_true"})
Step = tuple[Any, ...]
STEPS: dict[str, Step] = {
    "plan": (
        _plan,
        "draft the plan (9.2) and ask the Head; approved, it goes to the units",
        ("--form", {"type": Path, "metavar": "FORM.toml", "help": "the form again, with what was missing"}),
    ),
    "announce": (
        _announce,
        "draft the portal's notice (5.3) and ask the Head; with --link record that it is posted",
        ("--link", {"metavar": "URL", "help": "where the approved notice stands on the portal"}),
    ),
    "script": (_put_up, "draft the script (9.3) and ask the Head; approved, it goes to the units"),
    "decide": (
        _decide,
        "record that the leader has decided on topic, time and chair (7.1, 7.2)",
        ("--by", {"required": True, "metavar": "TEXT", "help": "the decision, such as 'Công văn số 12/UBND-VX'"}),
    ),
    "hold": (_hold, "record when it began and ended", ("--start", WHEN), ("--end", WHEN)),
    "close": (
        _close,
        "mark its questions (answered, g, h, i, k) and close it when all are marked",
        ("--marks", {"type": Path, "metavar": "MARKS.toml"}),
    ),
    "move": (
        _move,
        "put it on another day: planned anew, everyone told again",
        ("--to", WHEN),
        ("--reason", {**NEEDED, "help": "why, as everyone is told"}),
    ),
    "cancel": (_cancel, "call it off", ("--reason", {**NEEDED, "help": "why, as everyone is told"})),
    "list": (
        _list,
        "all sessions, one a line",
        ("--running", {"action": "store_true", "help": "without those closed or cancelled"}),
        JSON,
    ),
    "show": (_show, "one session with its papers, questions and duties", JSON),
}
"""Step -> function, help line, options."""
