"""``doithoai explain``: what would happen to a mail and why. No side effect; no configuration needed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from daemon.admin.explain import Explainer
from rules.routing.route import load_routing
from rules.understand.understand import Knowledge
from rules.values.data_file import Source, load_units
from rules.values.model import Verb


def add(subparsers: Any) -> None:
    """Register the command."""
    text = "what would happen to this mail, and why"
    parser = subparsers.add_parser("explain", help=text, description=f"{text.capitalize()}.")
    parser.add_argument("files", metavar="FILE.eml", nargs="+", help="raw mails as files")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, per file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explain each file in its order; 2 when one cannot be read, which is reported instead.

    A file that disappears meanwhile gets a line of its own.
    """
    if faults := [fault for name in args.files if (fault := _fault(name))]:
        sys.stderr.write("".join(f"doithoai: {fault}\n" for fault in faults))
        return 2
    with _with_register(args.config) if args.config else nullcontext(Explainer(_knowledge())) as explainer:
        for name in args.files:
            told = explainer.explain(name)
            text = json.dumps(told, ensure_ascii=False) if args.json else in_words(told)
            sys.stdout.write(text + "\n")
    return 0


def _fault(name: str) -> str:
    """Why a file cannot be read, "" when it can."""
    if not Path(name).exists():
        return f"{name}: no such file"
    return "" if os.access(name, os.R_OK) and not Path(name).is_dir() else f"{name}: cannot be read"


def _knowledge() -> Knowledge:
    source = Source()
    return Knowledge(load_units(source), load_routing(source), {})


def _with_register(config: Path) -> AbstractContextManager[Explainer]:
    # Without a register the command needs neither database nor servers, and starts in a quarter of the time.
    from daemon.admin.explain_register import with_register  # noqa: PLC0415

    return with_register(config)


def in_words(told: dict[str, Any]) -> str:
    """The explanation for a person at a terminal."""
    lines = [f"{told['file']}: {told['kind']} -> {told['fate']}"]
    lines += [f"  from     {told['sender']['name']} <{told['sender']['email']}>", f"  subject  {told['subject']}"]
    asker = told["asker"]
    if asker["name"] or asker["address"] or asker["phone"]:
        lines.append(f"  asker    {' | '.join(asker[key] or '–' for key in ('name', 'address', 'phone'))}")
    if told["missing"]:
        lines.append(f"  missing  {', '.join(told['missing'])}")
    if told["route"]:
        guess = ", ".join(f"{one['unit']} {one['score']:.0%}" for one in told["route"])
        lines.append(f"  route    {told['decision']}: {guess}")
    if (reply := told.get("reply")) and reply["verb"] != Verb.NONE.value:
        shown = {key: value for key, value in reply.items() if value and key != "text"}
        lines.append("  reply    " + " ".join(f"{key}={value}" for key, value in shown.items()))
        lines += [f"           | {line}" for line in reply["text"].split("\n") if line.strip()]
    return "\n".join([*lines, *(f"  - {step}" for step in told["trace"])])
