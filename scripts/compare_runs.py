"""Dump what runs of the program leave, and compare two dumps: the proof that a change of the code changed nothing.

Usage: ``python scripts/compare_runs.py dump OUTDIR [--code CHECKOUT] [--mails CHECKOUT] [--only PART ...]``, then
``python scripts/compare_runs.py compare OUT_A OUT_B [--show N]``, which exits 1 when anything differs.
``--code`` is the checkout that is run; its modules may have any names, since only the command line, the SQLite file
and the mail servers are looked at. ``--mails`` is the checkout whose generator and data the mails are of: the same
for both dumps. Both are this checkout by default. The clock of every run stands still. With ``--every N`` only every
N-th mail of the parts ``mailbox`` and ``explain`` is taken.

Parts: ``demo`` (``doithoai demo --keep``: all tables, every mail sent, all papers), ``mailbox`` (300 generated
mails, then replies of units and returned mails, then a month later what is due: all tables, every mail sent, what
lies in which IMAP folder), ``explain`` (``explain --json`` of ``../shared/mail``, of the mails in ``tests/data`` and
of the labelled questions). Each part ends with ``verify`` where there is a database.
"""

from __future__ import annotations

import argparse
import contextlib
import email
import email.policy
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from proof_house import MONDAY, House, open_house, run_command
from proof_mails import ROOT, SHARED, entries, generated, letter, mails_of, returned
from proof_views import Database, Hide, Record, Tokens, file_view, mail_view

MAILS = 300
BATCH = 150
"""Files per call of ``explain``."""
WORDS = re.compile(r"(?<=PDF, )\d+ kB; đọc được \d+ chữ")
"""This part of the text differs from run to run, as the machine reads more or less of a PDF in a second of CPU."""
UNTOLD = ("index.html", "summary.json")
"""Left out: these files contain the seconds that the machine took."""
NUMBERED = re.compile(r"(?<=^\d{4}-\d{4})-\d{3}(?=-)")
"""In a file name: the order of mails that leave side by side."""


def dump_demo(code: Path, out: Path, _mails: Path, _every: int) -> None:
    """The whole life of a session on the demonstration's own servers and its virtual clock."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder) / "demo"
        _checked(run_command(code, "demo", "--dir", str(top), "--keep"))
        tokens, installation = Tokens(), top / "installation"
        hide = tokens.at("file")
        dump_tables(installation / "doithoai.db", out, tokens)
        files = (path for path in sorted(top.rglob("*")) if path.is_file() and installation not in path.parents)
        kept = (path for path in files if path.name not in UNTOLD and not path.name.startswith("."))
        seen = ({"name": NUMBERED.sub("", path.name), **file_view(path, hide)} for path in kept)
        write(out / "files.jsonl", keyed(seen, lambda file: str(file["name"])))
        dump_verify(code, installation / "doithoai.toml", out, hide)


def dump_mailbox(code: Path, out: Path, mails: Path, every: int) -> None:
    """Three full passes over a mailbox: questions, the replies of the day after, the duties due a month later."""
    with tempfile.TemporaryDirectory() as folder, open_house(Path(folder)) as house:
        one_pass(code, house, MONDAY, generated(mails, MAILS)[::every])
        one_pass(code, house, MONDAY + timedelta(days=1), list(answers(house, mails / "tests" / "data")))
        one_pass(code, house, MONDAY + timedelta(days=30), [])
        tokens = Tokens()
        dump_tables(house.database, out, tokens)
        hide = tokens.at("sent")
        sent = ({"from": hide(path), "to": to, **mail_view(raw, hide)} for path, to, raw in house.sink.sent)
        write(out / "sent.jsonl", keyed(sent, lambda mail: f"{mail['to'][0]} {dict(mail['header']).get('subject')}"))
        write(out / "folders.jsonl", in_folders(house, hide))
        dump_verify(code, Path(house.config), out, hide)


def one_pass(code: Path, house: House, now: datetime, mails: list[bytes]) -> None:
    """Deliver mails and run the daemon once at that time."""
    house.deliver(mails, now)
    _checked(run_command(code, "run", "--once", "--config", house.config, now=now))


def answers(house: House, data: Path) -> Iterator[bytes]:
    """A reply of the unit to every forwarded question; every tenth mail to a citizen is returned."""
    replies = [case["text"] for case in entries(data / "replies" / "verbs.toml", "case")]
    forms = entries(data / "bounces" / "installed.toml", "form")
    found = ((path, to[0], raw) for path, to, raw in house.sink.sent)
    seen = [(path, to, email.message_from_bytes(raw, policy=email.policy.default)) for path, to, raw in found]
    for at, (path, to, mail) in enumerate(sorted(seen, key=lambda one: (one[1], str(one[2]["Subject"])))):
        number = str(mail["Message-ID"])
        if to.startswith("vanthu@"):
            told = {"In_Reply_To": number, "Message_ID": f"<reply.{at}@don-vi.test>"}
            yield letter(to, f"Re: {mail['Subject']}", replies[at % len(replies)], **told)
        elif at % 10 == 0:
            yield returned(forms[at // 10 % len(forms)], to, to.partition("@")[2], path, f"Message-ID: {number}")


def dump_explain(code: Path, out: Path, mails: Path, every: int) -> None:
    """The output of ``explain`` for each mail of every set."""
    if not (SHARED / "mail").is_dir():
        print(f"left out: {SHARED / 'mail'} is not there")
    for name, found in mails_of(mails).items():
        with tempfile.TemporaryDirectory() as folder:
            write(out / f"{name}.jsonl", explained(code, Path(folder), iter(found[::every])))


def explained(code: Path, folder: Path, mails: Iterator[tuple[str, bytes]]) -> Iterator[Record]:
    """Write the mails as files and explain them, many in one call."""
    while batch := list(islice(mails, BATCH)):
        files = [folder / f"{at}.eml" for at in range(len(batch))]
        for file, (_, raw) in zip(files, batch, strict=True):
            file.write_bytes(raw)
        lines = _checked(run_command(code, "explain", "--json", *map(str, files))).splitlines()
        for (label, _), line in zip(batch, lines, strict=True):
            yield {"key": label, **json.loads(WORDS.sub("đọc được … chữ", line)), "file": label}


def dump_tables(database: Path, out: Path, tokens: Tokens) -> None:
    """A file of lines for each table."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for name, rows in Database(connection, tokens).tables():
            write(out / "tables" / f"{name}.jsonl", rows)


def dump_verify(code: Path, config: Path, out: Path, hide: Hide) -> None:
    """The program's own check of its books."""
    done = run_command(code, "verify", "--offline", "--config", str(config), now=MONDAY + timedelta(days=60))
    said = hide(done.stdout + done.stderr).replace(str(config.parent), "")
    write(out / "verify.jsonl", [{"key": "verify", "exit": done.returncode, "said": said}])


def in_folders(house: House, hide: Hide) -> Iterator[Record]:
    """Which mails lie in which folder of the mailbox."""
    for name, mails in house.folders():
        ids = [str(email.message_from_bytes(raw)["Message-ID"]) for raw in mails]
        yield {"key": name, "count": len(mails), "mails": sorted(map(hide, ids))}


PARTS: dict[str, Callable[[Path, Path, Path, int], None]] = {
    "demo": dump_demo,
    "mailbox": dump_mailbox,
    "explain": dump_explain,
}


def dump(code: Path, out: Path, mails: Path, parts: Iterable[str], every: int = 1) -> int:
    """Run the parts and write their results."""
    for part in parts:
        begun = time.monotonic()
        PARTS[part](code, out / part, mails, every)
        count = sum(len(records(path)) for path in (out / part).rglob("*.jsonl"))
        print(f"{part}: {count} records, {time.monotonic() - begun:.0f} s", flush=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=code, capture_output=True, text=True, check=False)
    about = {
        "commit": commit.stdout.strip(),
        "python": sys.version.split()[0],
        "mails": mails_digest(mails),
        "every": every,
    }
    (out / "about.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
    return 0


def mails_digest(checkout: Path) -> str:
    """The digest of all mails given to the parts: only dumps of the same mails can be compared."""
    digest = hashlib.sha256()
    for raw in (*generated(checkout, MAILS), *(raw for found in mails_of(checkout).values() for _, raw in found)):
        digest.update(raw)
    return digest.hexdigest()[:16]


def compare(first: Path, second: Path, show: int) -> int:
    """Print the number of records of each kind, and their differences; 1 when there are any."""
    about = [json.loads((folder / "about.json").read_text(encoding="utf-8")) for folder in (first, second)]
    for folder, said in zip((first, second), about, strict=True):
        print(f"{folder}: {said}")
    if any(about[0].get(what, 1) != about[1].get(what, 1) for what in ("mails", "every")):
        print("the two were not given the same mails: dump both with the same --mails and --every")
        return 1
    kinds = sorted({str(path.relative_to(top)) for top in (first, second) for path in top.rglob("*.jsonl")})
    total = sum(compare_kind(kind, records(first / kind), records(second / kind), show) for kind in kinds)
    print(f"{total} differences" if kinds else "nothing to compare")
    return 1 if total or not kinds else 0


def compare_kind(kind: str, first: dict[str, Record], second: dict[str, Record], show: int) -> int:
    """Compare the records of one file by their keys; gives the number of differences."""
    lone = [(key, "", "only in the first") for key in first if key not in second]
    lone += [(key, "", "only in the second") for key in second if key not in first]
    both = [(key, where, what) for key in first if key in second for where, what in changes(first[key], second[key])]
    differing = len({key for key, _, _ in lone + both})
    print(f"{kind.removesuffix('.jsonl')}: {len(first)} and {len(second)} records, {differing} differ")
    for where, count in Counter(where.partition("[")[0] or what for _, where, what in lone + both).most_common():
        print(f"    {count} times {where}")
    for key, where, what in (lone + both)[:show]:
        print(f"  {key}: {where}: {what}")
    return differing


def changes(first: Any, second: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Each place where two values differ, with the difference."""
    if isinstance(first, dict) and isinstance(second, dict):
        for name in sorted({*first, *second}):
            yield from changes(first.get(name), second.get(name), f"{where}.{name}".lstrip("."))
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for at, (one, other) in enumerate(zip(first, second, strict=True)):
            yield from changes(one, other, f"{where}[{at}]")
    elif first != second or type(first) is not type(second):
        yield where, _beside(first, second)


def _beside(first: Any, second: Any) -> str:
    """Both values, from shortly before the first character that differs."""
    texts = [json.dumps(value, ensure_ascii=False) for value in (first, second)]
    same = next((at for at, (one, other) in enumerate(zip(*texts, strict=False)) if one != other), 0)
    return " | ".join(text[max(0, same - 30) : same + 70] for text in texts)


def keyed(found: Iterable[Record], key: Callable[[Record], str]) -> Iterator[Record]:
    """Records in a stable order, each with its key; ``write`` numbers equal ones."""
    for record in sorted(found, key=lambda one: json.dumps(one, ensure_ascii=False, sort_keys=True)):
        yield {"key": key(record), **record}


def write(path: Path, found: Iterable[Record]) -> None:
    """Write one line of JSON per record; further records of the same key get a number after it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as file:
        for record in found:
            key = record["key"]
            known[key] += 1
            named = {**record, "key": key if known[key] == 1 else f"{key} #{known[key]}"}
            file.write(json.dumps(named, ensure_ascii=False, sort_keys=True) + "\n")


def records(path: Path) -> dict[str, Record]:
    """The records of a file by their keys; none where it is absent."""
    if not path.is_file():
        return {}
    found = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line)
    return {record["key"]: record for record in found}


def _checked(done: subprocess.CompletedProcess[str]) -> str:
    """The output of a command; ends the script when the command failed."""
    if done.returncode:
        raise SystemExit(f"{done.args[3:6]}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def main() -> int:
    """Read the command line and run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("dump", help="run the program and write what it leaves")
    one.add_argument("out", type=Path)
    one.add_argument("--code", type=Path, default=ROOT, help="the checkout to run (default: this one)")
    one.add_argument(
        "--mails", type=Path, default=ROOT, help="the checkout that the mails are of (default: this one)"
    )
    one.add_argument("--every", type=int, default=1, help="take only every so many-th mail")
    one.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts only")
    two = commands.add_parser("compare", help="compare two dumps")
    two.add_argument("first", type=Path)
    two.add_argument("second", type=Path)
    two.add_argument("--show", type=int, default=10, help="differences to print of each kind")
    args = parser.parse_args()
    if args.command == "compare":
        return compare(args.first, args.second, args.show)
    return dump(args.code.resolve(), args.out, args.mails.resolve(), args.only, args.every)


if __name__ == "__main__":
    sys.exit(main())
