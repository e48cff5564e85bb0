"""The two commands that need no installation.

``doithoai explain``: what would happen to a mail and why. No side effect; no configuration needed.

``doithoai init``: a commented example configuration and a fresh signing key. Never overwrites anything.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from daemon.admin.explain import Explainer
from daemon.base import clock
from daemon.base.errors import ConfigurationError
from daemon.config import example
from rules.law.working_days import city_day
from rules.routing.route import load_routing
from rules.understand.understand import Knowledge
from rules.values.data_file import Source, load_units
from rules.values.model import Verb


def add(subparsers: Any) -> None:
    """Register both commands."""
    _add_init(subparsers)
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
            values = explainer.explain(name)
            text = json.dumps(values, ensure_ascii=False) if args.json else in_words(values)
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


def in_words(values: dict[str, Any]) -> str:
    """The explanation for a person at a terminal."""
    lines = [f"{values['file']}: {values['kind']} -> {values['fate']}"]
    lines += [
        f"  from     {values['sender']['name']} <{values['sender']['email']}>",
        f"  subject  {values['subject']}",
    ]
    asker = values["asker"]
    if asker["name"] or asker["address"] or asker["phone"]:
        lines.append(f"  asker    {' | '.join(asker[key] or '–' for key in ('name', 'address', 'phone'))}")
    if values["missing"]:
        lines.append(f"  missing  {', '.join(values['missing'])}")
    if values["route"]:
        guess = ", ".join(f"{one['unit']} {one['score']:.0%}" for one in values["route"])
        lines.append(f"  route    {values['decision']}: {guess}")
    if (reply := values.get("reply")) and reply["verb"] != Verb.NONE.value:
        shown = {key: value for key, value in reply.items() if value and key != "text"}
        lines.append("  reply    " + " ".join(f"{key}={value}" for key, value in shown.items()))
        lines += [f"           | {line}" for line in reply["text"].split("\n") if line.strip()]
    return "\n".join([*lines, *(f"  - {step}" for step in values["trace"])])


CONFIG_NAME = "doithoai.toml"
KEY_NAME = "signing-key"
RULES_NAME = "rules"
OWN_FOLDER = re.compile(r'(?m)^# folder = "/etc/doithoai/rules"')
"""The line of the example about the folder of own data files, which is made here."""
KEY_BYTES = 32
"""Random bytes in the key, written as 64 hexadecimal digits."""


def _add_init(subparsers: Any) -> None:
    parser = subparsers.add_parser("init", help="write a commented example configuration and a fresh signing key")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--dir",
        type=Path,
        help="folder for both files and for your own rules (default: that of --config, else /etc/doithoai)",
    )
    where.add_argument("--stdout", action="store_true", help="only print the example")
    parser.set_defaults(run=run_init)


def run_init(args: argparse.Namespace) -> int:
    """Print the example, or write both files, make the folder of own rules, and print the next steps."""
    if args.stdout:
        sys.stdout.write(_of_today())
        return 0
    config = _config_path(args)
    key = config.with_name(KEY_NAME)
    if config.exists():
        raise ConfigurationError(f"{config} is there already; nothing was written")
    config.parent.mkdir(parents=True, exist_ok=True)
    rules = config.with_name(RULES_NAME).absolute()
    _make_readable(rules)
    kept = key.exists()  # a purged package leaves the key, which earlier mails' answers need
    _write(config, _with_folder(rules), 0o640)
    if not kept:
        _write(key, secrets.token_hex(KEY_BYTES) + "\n", 0o600)
    about = "was there already and is kept" if kept else "keep it secret, and keep a copy"
    sys.stdout.write(
        f"wrote {config} (edit it) {'beside' if kept else 'and'} {key} ({about})\n"
        f"next: put the passwords into {config.parent}/imap-password and {config.parent}/smtp-password (chmod 600), "
        f"then: doithoai check --config {config}\n"
    )
    return 0


def _of_today() -> str:
    """The example for a mailbox that people have used until today: earlier mails are not the daemon's."""
    today = city_day(clock.now())
    return re.sub(r"(?m)^since = [0-9-]+", f"since = {today.isoformat()}", example())


def _with_folder(rules: Path) -> str:
    """The example with that folder of own rules in place of none."""
    quoted = json.dumps(str(rules), ensure_ascii=False)
    return OWN_FOLDER.sub(lambda _: f"folder = {quoted}", _of_today())


def _make_readable(folder: Path) -> None:
    """Make it, whatever the umask, so that the service's account may read it; leave one that is there."""
    if not folder.is_dir():
        folder.mkdir()
        folder.chmod(0o755)


def _config_path(args: argparse.Namespace) -> Path:
    if args.dir is not None:
        return Path(args.dir) / CONFIG_NAME
    return Path(args.config) if args.config is not None else Path("/etc/doithoai") / CONFIG_NAME


def _write(path: Path, text: str, mode: int) -> None:
    """Create a file with its final mode at once; an existing one is an error (O_EXCL refuses links too)."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise ConfigurationError(f"{path} is there already") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, mode)
        file.write(text)
