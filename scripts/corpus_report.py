"""Reports how the intake reads the mails of the shared folder: ``python scripts/corpus_report.py [FOLDER]``.

Every file that looks like a mail is parsed; time, memory and the digest are checked, and the reading of ``stalwart/``
is compared with the correct parse beside each mail. Prints figures and differences with addresses masked; exit status
1 when a bound is exceeded.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from daemon.parsing.html_to_text import text_of
from daemon.parsing.parse import parse_mail
from rules.values.model import ParsedMail

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "mail"
SECONDS, BOMB_SECONDS = 2.0, 10.0
MEGABYTES = 256
NOT_MAIL = {".json", ".golden", ".tsv", ".md", ".rb", ".py", ".html", ".yml", ".lua", ".robot", ".conf", ".cf"}
_FIELD = re.compile(rb"[\x21-\x39\x3b-\x7e]+[ \t]*:")
_KNOWN = re.compile(
    rb"^(?:from|to|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|x-[a-z-]+)"
    rb"[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)


def is_mail(raw: bytes) -> bool:
    """True when the bytes begin like a mail: a header field (after an mbox line), and a field every mail has."""
    head = raw[:20_000].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if head.startswith((b"From ", b">From ")):
        head = head.partition(b"\n")[2]
    section = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_FIELD.match(head)) and bool(_KNOWN.search(section))


def mails(root: Path) -> Iterator[tuple[Path, bytes]]:
    """Every mail below a folder, in order."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix.lower() not in NOT_MAIL and "expected" not in path.parts:
            raw = path.read_bytes()
            if is_mail(raw):
                yield path, raw


def squeeze(text: str) -> str:
    """Text for comparison, with each run of white space made one blank."""
    return " ".join(text.split())


def right_text(expected: dict[str, Any]) -> str | None:
    """The text of the correct parse, None when it has none."""
    pieces = []
    for index in expected["text_body"]:
        body = expected["parts"][index]["body"]
        if isinstance(body, dict) and isinstance(body.get("Text"), str):
            pieces.append(body["Text"])
        elif isinstance(body, dict) and isinstance(body.get("Html"), str):
            pieces.append(text_of(body["Html"]))
    return "\n".join(pieces) if pieces else None


def field(expected: dict[str, Any], name: str) -> Any:
    """The value of a header field of the correct parse, or None."""
    return next((item["value"] for item in expected["parts"][0]["headers"] if item["name"] == name), None)


def addresses(value: Any) -> list[str]:
    """The addresses of a field of the correct parse, groups expanded."""
    if not isinstance(value, dict) or "Address" not in value:
        return []
    content = value["Address"]
    lists = content.get("List") or [box for group in content.get("Group", []) for box in group.get("addresses", [])]
    return [str(box["address"]) for box in lists if box.get("address")]


def masked(value: Any) -> str:
    """A value shortened for printing, with the local parts of addresses removed."""
    return re.sub(r"[^\s'\"<>:,]+@", "…@", repr(str(value)[:150]))


def compare(path: Path, parsed: ParsedMail, tally: Counter[str]) -> list[str]:
    """Count agreement with the correct parse beside a mail; gives the differences in words."""
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    wrong: list[str] = []

    def count(what: str, right: Any, ours: Any) -> None:
        tally[f"{what} all"] += 1
        tally[f"{what} right"] += right == ours
        if right != ours:
            wrong.append(f"{path.parent.name}/{path.name} {what}: {masked(right)} / {masked(ours)}")

    subject = field(expected, "subject")
    if subject is not None:
        count("subject", squeeze(str(subject.get("Text", ""))), squeeze(parsed.subject))
    for name, ours in (("from", parsed.senders), ("to", parsed.to), ("cc", parsed.cc)):
        right = [address.lower() for address in addresses(field(expected, name))]
        if right:
            count(name, right, [box.email.lower() for box in ours])
    text = right_text(expected)
    if text is not None:
        count("text", squeeze(text), squeeze(parsed.text))
    return wrong


def main(root: Path) -> int:
    """Parse every mail and print the report."""
    if not root.is_dir():
        print(f"{root}: not there, nothing to report")
        return 0
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    times: list[tuple[float, str]] = []
    failures: list[str] = []
    for path, raw in mails(root):
        start = time.perf_counter()
        try:
            parsed = parse_mail(raw)
        except BaseException as error:
            failures.append(f"{path}: uncaught {error!r}")
            continue
        spent = time.perf_counter() - start
        times.append((spent, str(path.relative_to(root))))
        tally["mails"] += 1
        tally["minimal"] += parsed.minimal
        tally["digest right"] += parsed.sha256 == hashlib.sha256(raw).hexdigest()
        if spent > (BOMB_SECONDS if "hostile" in path.parts else SECONDS):
            failures.append(f"{path}: {spent:.1f} s")
        if "stalwart" in path.parts and path.with_suffix(".json").exists():
            wrong += compare(path, parsed, tally)
    return report(tally, wrong, times, failures)


def report(tally: Counter[str], wrong: list[str], times: list[tuple[float, str]], failures: list[str]) -> int:
    """Print the figures; 1 when something failed."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for line in wrong:
        print("differs:", line)
    spent = sorted(second for second, _ in times)
    print(f"mails {tally['mails']}, minimal {tally['minimal']}, digest right {tally['digest right']}")
    slowest, name = max(times)
    print(f"median {spent[len(spent) // 2] * 1000:.2f} ms, slowest {slowest:.2f} s {name}, peak {peak} MB")
    for what in ("subject", "from", "to", "cc", "text"):
        print(f"{what}: {tally[f'{what} right']} of {tally[f'{what} all']}")
    for line in failures:
        print("FAILED:", line)
    return 1 if failures or peak > MEGABYTES else 0


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("root", metavar="FOLDER", type=Path, nargs="?", default=SHARED)
    sys.exit(main(**vars(given.parse_args())))
