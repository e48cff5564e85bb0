"""Every mail of the shared folder is read: none uncaught, in time, with its digest, and as others read it."""

import hashlib
import time
from collections import Counter
from pathlib import Path

import pytest

from daemon.parsing.parse import parse_mail
from tests.loading import script

pytestmark = pytest.mark.shared


@pytest.mark.slow
def test_every_mail(repository: Path, shared: Path) -> None:
    report = script("corpus_report")
    tally: Counter[str] = Counter()
    for path, raw in report.mails(shared / "mail"):
        start = time.process_time()
        parsed = parse_mail(raw)
        assert time.process_time() - start < 2, path
        assert parsed.sha256 == hashlib.sha256(raw).hexdigest()
        tally["mails"] += 1
        tally["minimal"] += parsed.minimal and "hostile" not in path.parts
        if "stalwart" in path.parts and path.with_suffix(".json").exists():
            report.compare(path, parsed, tally)
    assert tally["mails"] >= 1_100
    assert tally["minimal"] == 0
    assert tally["subject right"] >= 76
    assert tally["text right"] >= 74
    assert tally["from right"] >= tally["from all"] - 1
    assert tally["to right"] == tally["to all"]


def test_a_thousand_mutated_mails(repository: Path, shared: Path) -> None:
    fuzz = script("fuzz_mail")
    start = [raw.encode() for raw in fuzz.OWN]
    start += [path.read_bytes() for path in sorted((shared / "mail" / "bounces").glob("*.eml"))[::10]]
    for number in range(1_000):
        raw = fuzz.mutated(start, 11, number)
        assert fuzz.broken_promise(raw, parse_mail(raw)) == "", number
