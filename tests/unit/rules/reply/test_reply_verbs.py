"""Verbs of units' and citizens' replies; every text was written for this test."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rules.reply.reply import read_reply
from rules.text import strip_marks
from rules.values.data_file import load_units
from rules.values.model import Mailbox, ParsedMail, Reply, Verb

CASES = tomllib.loads((Path(__file__).parents[3] / "data" / "replies" / "verbs.toml").read_text(encoding="utf-8"))


def mail_of(text: str, subject: str = "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi") -> ParsedMail:
    return ParsedMail(
        sha256="0" * 64,
        size=len(text),
        subject=subject,
        text=text,
        senders=(Mailbox("Văn thư", "vanthu@don-vi.test"),),
        date=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
    )


def read(text: str, subject: str = "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi") -> Reply:
    return read_reply(mail_of(text, subject), load_units())


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["text"][:40])
def test_verb(case: dict[str, str]) -> None:
    reply = read(case["text"], case.get("subject", "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi"))
    assert reply.verb == Verb(case["verb"])
    assert reply.unit == case.get("unit", "")
    assert reply.until == (date.fromisoformat(case["until"]) if "until" in case else None)


@pytest.mark.parametrize(
    "case", [case for case in CASES["case"] if case.get("bare", True)], ids=lambda case: case["text"][:40]
)
def test_verb_without_marks(case: dict[str, str]) -> None:
    reply = read(strip_marks(case["text"]), strip_marks(case.get("subject", "Re: [HP-2026-000123]")))
    assert reply.verb == Verb(case["verb"])
    assert reply.unit == case.get("unit", "")
    assert reply.until == (date.fromisoformat(case["until"]) if "until" in case else None)
