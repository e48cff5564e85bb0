"""``doithoai rules``: test and check the routing rules, replay stored mails with others, learn from corrections.

``doithoai texts``: the texts, words and rules that ship, the own folder's versions of them, copies to edit. Names
are those of the own folder (``rules.folder``): ``citizen_received.txt.j2``, ``portal/page.html.j2``,
``routing/sxd.toml``, ``profiles/hp-1374-2016.toml``, ``units.tsv``, ``forms/ke-hoach.docx``.
A file of the same name there takes precedence.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from daemon.base import clock
from daemon.base.errors import ConfigurationError
from daemon.commands import day
from daemon.commands.rules_stored import add_corrections, rules_folder, run_replay
from daemon.config.base import did_you_mean
from daemon.config.config import load_config
from daemon.documents.forms.own_forms import words
from rules.law.working_days import city_day
from rules.routing.routing_rules import RoutingTable, load_routing
from rules.tuning.check_files import checked, file_faults, own_files, strange_files
from rules.tuning.measure import (
    WANTED,
    Outcome,
    by_group,
    changes,
    check_rules,
    confusion,
    coverages,
    judge_rows,
    saved,
    summary,
)
from rules.values.data_file import SHIPPED, DataFileError, Source


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the parsers of both commands."""
    text = "test and check the rules that sort and route mails"
    parser = subparsers.add_parser("rules", help=text, description=f"{text.capitalize()}.")
    steps = parser.add_subparsers(title="steps", metavar="STEP", dest="step", required=True)
    test = steps.add_parser("test", help="judge a file of labelled mails and print how right the rules are")
    test.add_argument(
        "file", type=Path, metavar="FILE.tsv", help="columns: id, text, expected_unit, expected_class, …"
    )
    test.add_argument("--json", action="store_true", help="print one JSON object")
    test.add_argument(
        "--save", action="store_true", help="keep this run in FILE.tsv.last.json to compare later ones with"
    )
    test.add_argument("--wrong", action="store_true", help="list the mails that came out wrong")
    test.set_defaults(run_step=_test)
    report = steps.add_parser("report", help="what could go out by itself at 98 and 99 %% right, by unit and length")
    report.add_argument("file", type=Path, metavar="FILE.tsv", help="labelled mails, as for test")
    report.add_argument("--json", action="store_true", help="print one JSON object")
    report.set_defaults(run_step=_report)
    check = steps.add_parser("check", help="unreachable or contradicting rules, unknown units")
    check.set_defaults(run_step=_check)
    replay = steps.add_parser("replay", help="read the stored mails again with other rules; nothing is changed")
    replay.add_argument("--since", type=day, required=True, metavar="DATE", help="first day received")
    replay.add_argument("--json", action="store_true", help="print one JSON object")
    replay.set_defaults(run_step=run_replay)
    for step in (test, report, check, replay):
        step.add_argument(
            "--rules",
            "--folder",
            dest="folder",
            type=Path,
            metavar="DIR",
            help="a rules folder, over the shipped one",
        )
    add_corrections(steps)
    parser.set_defaults(run=run)
    _add_texts(subparsers)


def run(args: argparse.Namespace) -> int:
    """Run the step; 1 = a problem was found, 2 = wrong use."""
    try:
        return int(args.run_step(args))
    except DataFileError as error:
        sys.stderr.write(f"doithoai rules: {error}\n")
        return 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _source(args: argparse.Namespace) -> Source:
    """The named folder, else the named configuration's, else the shipped files."""
    config = getattr(args, "config", None)
    if args.folder is None and config is not None:
        return load_config(config).source
    return rules_folder(args.folder)


def _table(args: argparse.Namespace) -> RoutingTable:
    return load_routing(checked(_source(args)))


def _today() -> date:
    return city_day(clock.now())


def _check(args: argparse.Namespace) -> int:
    """Print each fault; 1 when there is one."""
    source = _source(args)
    strange = strange_files(source)
    if faults := file_faults(source):  # unreadable rules cannot be checked further
        _say("\n".join((*strange, *faults, f"{len(faults)} faults in files of {source.over}")))
        return 1
    table = load_routing(source)
    faults = (*strange, *check_rules(table, _today()))
    for fault in faults:
        _say(fault)
    count = sum(len(phrases) for field in table.fields for phrases in field.phrases.values())
    if own := own_files(source):
        _say(f"{len(own)} files of {source.over}: {', '.join(own)}")
    _say(f"{len(table.fields)} fields, {count} phrases, {len(table.units)} units: {len(faults)} faults")
    return 1 if faults else 0


def _test(args: argparse.Namespace) -> int:
    """Judge the file, print the figures, compare with the stored last run."""
    outcomes = judge_rows(read_rows(args.file), _table(args), _today())
    kept = Path(f"{args.file}.last.json")
    differences = changes(_last(kept), outcomes)
    if args.json:
        report = {
            **summary(outcomes),
            "by_unit": by_group(outcomes, "unit"),
            "by_typing": by_group(outcomes, "typing"),
            "confusion": confusion(outcomes),
            "changed": differences,
        }
        _say(json.dumps(report, ensure_ascii=False))
    else:
        print_report(outcomes, differences, args.wrong)
    if args.save:
        kept.write_text(json.dumps(saved(outcomes), ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _report(args: argparse.Namespace) -> int:
    """Print the coverage at the wanted precisions."""
    found = coverages(judge_rows(read_rows(args.file), _table(args), _today()))
    if args.json:
        _say(json.dumps(found, ensure_ascii=False))
        return 0
    for name, figures in {"all": found["all"], **found["by_unit"], **found["by_length"], **found["by_shape"]}.items():
        shares = "  ".join(
            f"{wanted:.0%} right: {figures[f'coverage_{wanted:.0%}']:6.1%} from {figures[f'from_{wanted:.0%}']:.2f}"
            for wanted in WANTED
        )
        _say(f"{name:22} {figures['questions']:5} questions  {shares}")
    return 0


def read_rows(file: Path) -> Sequence[Mapping[str, str]]:
    """The rows of a tab-separated file. Raises :class:`DataFileError`."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise DataFileError(f"{file}: cannot be read: {reason}") from None
    reader = csv.DictReader(
        (line for line in lines if line.strip()), delimiter="\t", quoting=csv.QUOTE_NONE, restval=""
    )
    return [{str(key): value or "" for key, value in row.items() if key} for row in reader]


def _last(kept: Path) -> Mapping[str, Mapping[str, Any]]:
    """The stored last run, {} when there is none or the file is not one."""
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def print_report(outcomes: Sequence[Outcome], differences: Sequence[str], wrong: bool) -> None:
    """Print the report for people."""
    for name, value in summary(outcomes).items():
        shown = _percent(value) if isinstance(value, float) or value is None else str(value)
        _say(f"{name.replace('_', ' '):24} {shown:>8}")
    for group in ("unit", "typing"):
        _say(f"\n{'by ' + group:20} questions  top right  forwarded  of these right")
        for name, row in by_group(outcomes, group).items():
            figures = [_percent(row[key]) for key in ("top_right", "forwarded", "forwarded_right")]
            _say(f"{name:20} {row['questions']:9} {figures[0]:>10} {figures[1]:>10} {figures[2]:>15}")
    _say("\nexpected -> found (how often)")
    for expected, found, count in confusion(outcomes)[:25]:
        _say(f"  {expected} -> {found} ({count})")
    if wrong:
        _say("\nwrong: " + ", ".join(one for one, run_ in saved(outcomes).items() if not run_["right"]))
    _say("\nchanged against the run kept before: " + (str(len(differences)) if differences else "nothing"))
    for line in differences:
        _say(f"  {line}")


WORD = ".docx"
ENDINGS = (".j2", ".css", ".toml", ".tsv", WORD)
NOT_FOR_EDITING = ("model", "documents")
"""Folders of files that a program makes, and of printed papers, which are the same everywhere."""


def _add_texts(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "the texts and rules that ship, and your own in their place"
    parser = subparsers.add_parser("texts", help=text, description=f"{text.capitalize()}.")
    steps = parser.add_subparsers(title="steps", metavar="STEP", dest="step", required=True)
    listed = steps.add_parser("list", help="every text with whose it is, own or shipped, and how it begins")
    listed.add_argument("--json", action="store_true", help="an object a line: name, own, begins")
    listed.add_argument("--own", action="store_true", help="only those of the own folder")
    listed.set_defaults(run_step=_list)
    for name, help_text, step in (
        ("show", "print the text that counts", _show),
        ("copy", "lay a copy of the shipped text into rules.folder, to edit", _copy),
    ):
        one = steps.add_parser(name, help=help_text)
        one.add_argument("name", metavar="NAME", help="as `texts list` tells it")
        one.set_defaults(run_step=step)
    parser.set_defaults(run=run_texts)


def run_texts(args: argparse.Namespace) -> int:
    """Run one step."""
    return int(args.run_step(args, load_config(args.config).rules.folder))


def shipped() -> dict[str, Path]:
    """Every text that ships, by the name that its copy has in the own folder."""
    found: dict[str, Path] = {}
    for folder in (Path(str(files("mail_templates"))), SHIPPED):
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder)
            if file.suffix in ENDINGS and name.parts[0] not in NOT_FOR_EDITING:
                found[name.as_posix()] = file
    return found


def _own(folder: Path | None) -> dict[str, Path]:
    files_there = sorted(folder.rglob("*")) if folder is not None else []
    return {path.relative_to(folder).as_posix(): path for path in files_there if path.suffix in ENDINGS}  # type: ignore[arg-type]


def _list(args: argparse.Namespace, folder: Path | None) -> int:
    own = _own(folder)
    texts = own if args.own else shipped() | own
    if not args.json and texts:
        sys.stdout.write(f"{'own':<8} {'name':<36} begins\n")
    for name, path in sorted(texts.items()):
        begins = _beginning(path)
        if args.json:
            text = json.dumps({"name": name, "own": name in own, "begins": begins}, ensure_ascii=False)
        else:
            text = f"{'own' if name in own else 'shipped':<8} {name:<36} {begins}"
        sys.stdout.write(f"{text}\n")
    return 0


def _beginning(path: Path) -> str:
    """The subject of a mail, the first comment of a word file, else the first line."""
    if path.suffix == WORD:
        return "Word form"
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        line = next((line.strip() for line in file if line.strip()), "")
    return line.removeprefix("Subject: ").lstrip("# ")[:80]


def _show(args: argparse.Namespace, folder: Path | None) -> int:
    texts = shipped() | _own(folder)
    path = _named(args.name, texts)
    sys.stdout.write(f"{words(path.read_bytes())}\n" if path.suffix == WORD else path.read_text(encoding="utf-8-sig"))
    return 0


def _copy(args: argparse.Namespace, folder: Path | None) -> int:
    source = _named(args.name, shipped())
    if folder is None:
        raise ConfigurationError('rules.folder: not set; write folder = "/etc/doithoai/rules" under [rules]')
    target = folder / args.name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as file:
            file.write(source.read_bytes())
    except FileExistsError:
        raise ConfigurationError(f"{target} is there already; nothing was written") from None
    sys.stdout.write(f"wrote {target}; edit it, then: doithoai check --offline, and reload the service\n")
    return 0


def _named(name: str, texts: dict[str, Path]) -> Path:
    if name not in texts:
        raise ConfigurationError(f"no text is called {name}{did_you_mean(name, texts)}; see doithoai texts list")
    return texts[name]
