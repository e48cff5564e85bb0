"""Mails made to cost time, and what they cost: ``pathological_mails.py [--dose DOSE] [--turn 1/4] [--only WORD]``.

What the program looks for (phrases, labels, separators, numbers, tags, header fields of its own data) is repeated
until the mail is as large as is legal: as a new letter, a reply, HTML, an attached file, a header. Each mail goes
through ``explain --json`` in a child process that measures its CPU time; the system kills it when one mail takes
too long. What was slow when small is tried larger. Exit status 1 when any mail took more than two seconds, was
killed, or got no line; the slowest are named. Another ``--seed`` draws other single phrases and other mixtures.
``--keep FOLDER`` leaves the mails there, to look at.
"""

from __future__ import annotations

import argparse
import base64
import html
import io
import random
import resource
import runpy
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

from tests.dose import turn as whose_turn  # noqa: E402 - the path is set above

LIMIT = 2.0
KILLED_AFTER = 10
"""Seconds of CPU that one mail may take before its process is killed."""
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
FROM_OUTSIDE = (-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)
"""Exit codes of a child that somebody else ended: no mail is to blame."""
BATCH_BYTES = 20_000_000
HEADER_BYTES = 95_000
FILE_BYTES = 150_000
FULL = 400_000
"""Bytes of a text at the limit of what is read."""
QUICK = 80_000
"""A fifth of that still shows quadratic time, in seconds instead of minutes."""
SHAPES = tomllib.loads(Path(__file__).with_name("pathological_shapes.toml").read_text(encoding="utf-8"))
"""The repeated pieces, and the mails that hold them."""
FRAMES = SHAPES["frames"] | {"html": SHAPES["frames"]["plain"].replace("/plain", "/html")}
TEXT_WAYS = tuple(SHAPES["ways"])[:8]
OF_EACH_LIST = 6
"""Phrases of one list that are tried alone, as many as there are ways: one reader looks for all of a list, and what
it costs to meet one of them again and again does not hang on which. Another seed takes others."""
GROWING = ("raw", "tags", "files")
"""Ways that may fill a mail to its largest size; of text only the first part is read."""


@dataclass(frozen=True)
class Case:
    """One mail: the repeated text (``piece``), the sort of mail (``way``), and its most bytes."""

    name: str
    piece: str
    way: str
    size: int = FULL

    @property
    def called(self) -> str:
        """The case's name with way and size."""
        return f"{self.name} | {self.way} | {self.size // 1000} KB"


def repeated(piece: str, size: int) -> str:
    """The piece repeated; ``{n}`` in it counts. Text before a NUL is the beginning, after a second NUL the end."""
    head, middle, tail = ("", piece, "") if "\0" not in piece else (*piece.split("\0", 2), "")[:3]
    count = max(1, size // max(1, len(middle.encode())))
    many = middle * count
    if "{n}" in middle:
        many = "".join(middle.replace("{n}", str(number)) for number in range(count))
    return head + many + tail


def mail_of(case: Case) -> bytes:
    """The mail of a case, as bytes."""
    in_header = case.way in ("header", "subject")
    text = repeated(case.piece, min(case.size, HEADER_BYTES) if in_header else case.size)
    if case.way == "html":
        text = html.escape(text).replace("\n", "<br>\n")
    elif case.way == "html reply":
        text = html.escape(text).replace("\n", "</p>\n<p>")
    elif case.way == "file":
        text = base64.encodebytes((FRAMES["answers"] + text).encode()).decode()
    elif case.way == "files":
        part = FRAMES["part"] + repeated(case.piece, FILE_BYTES) + "\n"
        text = part * max(1, case.size // FILE_BYTES)
    subject = text.replace("\n", " ") if case.way == "subject" else "Hỏi về đường hỏng"
    told: str = SHAPES["ways"][case.way]
    for name, frame in FRAMES.items():
        told = told.replace(f"{{{name}}}", frame)
    return told.replace("{subject}", subject).replace("{body}", text[:HEADER_BYTES] if in_header else text).encode()


def strings(value: object, path: str) -> Iterator[tuple[str, list[str]]]:
    """Every list of strings in parsed TOML, and every lone string as a list of one, with its path."""
    if isinstance(value, str):
        yield path, [value]
    elif isinstance(value, list):
        if lone := [one for one in value if isinstance(one, str)]:
            yield path, lone
        for number, one in enumerate(value):
            yield from () if isinstance(one, str) else strings(one, f"{path}.{number}")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from strings(one, f"{path}.{key}")


def data_lists() -> list[tuple[str, list[str]]]:
    """The program's own data: every list of its TOML files, columns of its tables, lines of its mails."""
    found: list[tuple[str, list[str]]] = []
    for path in sorted((HOUSE / "rules" / "data").rglob("*.toml")):
        found += strings(tomllib.loads(path.read_text(encoding="utf-8")), path.stem)
    for path in sorted((HOUSE / "rules" / "data").glob("*.tsv")):
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[:400]]
        found += [
            (f"{path.stem}.{row[0]}", [line[at] for line in rows if at < len(line)])
            for row in rows[:1]
            for at in range(2)
        ]
    for path in sorted((HOUSE / "mail_templates").glob("*.txt.j2")):
        found.append((path.name, path.read_text(encoding="utf-8").splitlines()))
    return found


def core() -> Iterator[Case]:
    """The shapes written by hand, each in every suitable way (``pathological_shapes.toml``)."""
    for way in ("text", "tags", "header", "raw", "files"):
        for name, piece in SHAPES[way].items():
            for one in TEXT_WAYS if way == "text" else (way,):
                yield Case(name, piece, one)


def listed() -> Iterator[Case]:
    """Every list of the data, its phrases one after another, as lines and as sentences; a lone one is a single."""
    longer = [(name, phrases) for name, phrases in data_lists() if len(phrases) > 1]
    for number, (name, phrases) in enumerate(longer):
        for join, way in ((". ", "reply"), ("\n", "new"), (" ", "html"), (":\n", "below"))[number % 2 :: 2]:
            yield Case(f"{name} by {join!r}", join.join(phrases).replace("\0", "") + join, way)


def single(seed: int) -> Iterator[Case]:
    """Some phrases of each list of the data, each alone, in turn as sentences, lines and words."""
    ways = (("reply", ". "), ("new", "\n"), ("alone", " "), ("reply", ":\n"), ("new", ", "), ("below", "\n"))
    dice, phrases = random.Random(seed), dict[str, None]()
    for _, found in data_lists():
        new = [phrase for phrase in dict.fromkeys(found) if phrase.strip() and phrase not in phrases]
        phrases |= dict.fromkeys(dice.sample(new, min(OF_EACH_LIST, len(new))))
    for number, phrase in enumerate(phrases):
        way, join = ways[number % len(ways)]
        yield Case(f"{phrase[:40]!r} by {join!r}", phrase + join, way)


def mixed(seed: int, count: int) -> Iterator[Case]:
    """Random pieces, one after another."""
    dice = random.Random(seed)
    pieces = [case.piece for case in core() if case.way == "new"]
    phrases = [phrase for _, found in data_lists() for phrase in found]
    for number in range(count):
        drawn = dice.sample(pieces, 4) + dice.sample(phrases, 6)
        dice.shuffle(drawn)
        joined = dice.choice(("", " ", "\n", "\n\n", ". ")).join(drawn).replace("\0", "")
        yield Case(f"mixed {seed}:{number}", joined, dice.choice(TEXT_WAYS[:7]))


def child(names: list[str]) -> None:
    """Explain the files; for each line of output print the CPU seconds that the mail took."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = [0.0]
    real = sys.stdout

    class Lines(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            for _ in range(bytes(data).count(b"\n")):
                spent = sum(sum(resource.getrusage(who)[:2]) for who in WHO)
                real.write(f"{spent - used[0]:.3f}\n")
                real.flush()
                used[0] = spent
                resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + KILLED_AFTER, resource.RLIM_INFINITY))
            return len(data)

    sys.stdout = io.TextIOWrapper(Lines(), encoding="utf-8", write_through=True)
    sys.path.insert(0, str(HOUSE))
    sys.argv = ["doithoai", "explain", "--json", *names]
    runpy.run_module("daemon", run_name="__main__")


def measured(cases: list[Case], folder: Path) -> list[tuple[float, Case]]:
    """CPU seconds of each case; ``KILLED_AFTER`` or more for one that was killed or got no line.

    One that got none among others is measured again alone: the kernel's limit counts ticks, which on a busy machine
    run some ten seconds ahead of the CPU time of a hundred.
    """
    found: list[tuple[float, Case]] = []
    alone = False
    honest = [folder / "honest-1.eml", folder / "honest-2.eml"]
    for path, way in zip(honest, ("new", "reply"), strict=True):
        path.write_bytes(mail_of(Case("honest", FRAMES["asks"], way, 500)))
    while cases:
        batch = cases[: 1 if alone else max(1, BATCH_BYTES // cases[0].size)]
        paths = [folder / f"{number}.eml" for number in range(len(batch))]
        for path, case in zip(paths, batch, strict=True):
            path.write_bytes(mail_of(case))
        command = [sys.executable, __file__, "--child", *map(str, honest), *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode in FROM_OUTSIDE:
            sys.exit(f"ended from outside by signal {-done.returncode}: nothing is said of any mail")
        seconds = [float(line) for line in done.stdout.splitlines()][len(honest) :]
        found += zip(seconds, batch, strict=False)
        cases, alone = cases[len(seconds) :], len(seconds) < len(batch) > 1
        if not seconds and len(batch) == 1:  # this one was killed, or ended the program
            print(f"no line: {batch[0].called}: {done.stderr.strip()[-200:] or done.returncode}", flush=True)
            found.append((float(KILLED_AFTER), batch[0]))
            cases = cases[1:]
    return found


def stage(name: str, cases: Sequence[Case], size: int, folder: Path) -> list[tuple[float, Case]]:
    """All cases at one size, the slowest first."""
    found = measured([replace(case, size=size) for case in cases], folder)
    found.sort(key=lambda one: -one[0])
    if found:
        slowest = f"{found[0][0]:.2f} s {found[0][1].called}"
        print(
            f"{name}: {len(found)} mails of {size // 1000} KB, {sum(one for one, _ in found):.0f} s; {slowest}",
            flush=True,
        )
    return found


def doses(dose: str, only: str, seed: int, turn: str, folder: Path) -> list[tuple[float, Case]]:
    """The stages of a dose; the slowest cases of a stage enter the next, unless they are too slow already.

    ``turn``: "1/4" takes each fourth of the lists and of the phrases alone.
    """

    def wanted(cases: Iterator[Case]) -> list[Case]:
        return [case for case in cases if only in case.called]

    def on(found: list[tuple[float, Case]], most: int) -> list[Case]:
        return [case for seconds, case in found if seconds <= LIMIT][:most]

    if dose in ("quick", "small"):
        known = [case for case in wanted(core()) if f"{case.name} | {case.way}" in SHAPES["small"]]
        return stage(dose, known, FULL if dose == "small" else QUICK, folder)
    every = stage("core", wanted(core()), 200_000, folder)
    lists = stage("lists", whose_turn(wanted(listed()), turn), 100_000, folder)
    mixes = stage("mixed", wanted(mixed(seed, 60 if dose == "usual" else 400)), 200_000, folder)
    full = on(every, 60) + on(lists, 60) + on(mixes, 30)
    every += lists + mixes
    if dose == "whole":
        singles = stage("single", whose_turn(wanted(single(seed)), turn), 30_000, folder)
        full += on(singles, 150)
        every += singles
    every += stage("full", full, FULL, folder)
    large = [case for case in wanted(core()) if case.way in GROWING]
    every += stage("large", large, 2_000_000, folder)
    if dose == "whole":
        every += stage("larger", large, 10_000_000, folder)  # what is refused at 48 MB may be read here
        every += stage("largest", large, 48_000_000, folder)
    return every


def main(arguments: list[str]) -> int:
    """Measure, name the slowest cases, and report whether any was too slow."""
    if arguments[:1] == ["--child"]:
        child(arguments[1:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dose", choices=("quick", "small", "usual", "whole"), default="usual")
    parser.add_argument("--only", default="", help="only mails with this in their names")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--turn", default="0/1", help='"1/4": each fourth of the lists and lone phrases')
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds of CPU that a mail may take")
    parser.add_argument("--keep", type=Path, help="a folder where the mails of the last batch stay")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        found = doses(chosen.dose, chosen.only, chosen.seed, chosen.turn, folder)
    found.sort(key=lambda one: -one[0])
    slow = [one for one in found if one[0] > chosen.limit]
    for seconds, case in slow or found[:15]:
        print(f"{seconds:7.2f} s  {case.called}")
    slowest = f"{found[0][0]:.2f} s CPU ({found[0][1].called})" if found else "none"
    print(f"{len(found)} mails, {len(slow)} over {chosen.limit:g} s, slowest {slowest}")
    return 1 if slow or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
