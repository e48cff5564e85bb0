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


BLIND = tomllib.loads((Path(__file__).parents[3] / "data" / "replies" / "blind.toml").read_text(encoding="utf-8"))
REPORTED = tomllib.loads(
    (Path(__file__).parents[3] / "data" / "replies" / "reported.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", BLIND["case"], ids=lambda case: case["id"])
def test_verbs_of_replies_written_blind(case: dict[str, str]) -> None:
    """They were written by somebody who had not seen the phrases; "relay" is his word for passed on."""
    reply = read(case["text"])
    assert reply.verb == Verb("forwarded" if case["verb"] == "relay" else case["verb"])
    if "unit" in case:
        assert reply.unit.replace("_", "") == case["unit"].replace("_", "")
    assert str(reply.until or "") == case.get("until", "")


@pytest.mark.parametrize("case", REPORTED["case"], ids=lambda case: case["text"][:40])
def test_reported_words_are_no_act_of_the_unit(case: dict[str, str]) -> None:
    reply = read(case["text"])
    assert reply.verb == Verb(case["verb"])
    assert reply.unit == case.get("unit", "")


def test_no_blind_answer_is_taken_for_a_refusal() -> None:
    answers = [case["text"] for case in BLIND["case"] if case["verb"] == "answer"]
    taken = [text for text in answers if read(text).verb in {Verb.NOT_COMPETENT, Verb.FORWARDED}]
    assert taken == []


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Trả lời ông An: đường này do UBND phường Hải An quản lý.", Verb.ANSWER),
        ("Xin gia hạn. Việc này do Sở Y tế quản lý.", Verb.EXTENSION),
        ("Sở Xây dựng đã nhận. Đường này do UBND phường Hải An quản lý.", Verb.RECEIVED),
        ("Việc này do Sở Y tế quản lý.", Verb.NOT_COMPETENT),
    ],
)
def test_an_owner_named_beside_another_act_is_no_refusal(text: str, verb: Verb) -> None:
    assert read(text).verb is verb
