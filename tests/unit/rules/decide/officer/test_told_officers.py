"""What an officer is told of an order: about which mail, and counted as not understood where nothing was."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.commands.commands import MISNUMBERED, UNREAD, Command
from rules.decide.base.command_result import CommandOutcome, MoreRulings
from rules.decide.base.facts import Person
from rules.decide.base.notices import NOT_UNDERSTOOD
from rules.decide.officer import denunciations, officer_mail, reopening, requests, rulings
from rules.message.quote_markers import DEFAULT
from rules.values.model import Kind

DAY = datetime(2026, 10, 6, 2, tzinfo=UTC)
LAN = Person("Bùi Thị Lan", "lan@haiphong.test", "officer")
FORWARD = Command("forward", "", unit="SYT", raw="Chuyển SYT")


def answered(monkeypatch: pytest.MonkeyPatch, held: str, question: int | None, *commands: Command) -> Any:
    """The one mail to the officer; ``held`` is the state of the mail that the order answers, "" for none."""
    about = None if question is None else SimpleNamespace(id=question)
    monkeypatch.setattr(officer_mail, "_about", lambda *_: about)
    monkeypatch.setattr(officer_mail, "_commands", lambda *_: ())
    monkeypatch.setattr(officer_mail, "offered", lambda *_: [])
    waits = SimpleNamespace(id=3, status=held) if held else None
    text, mail = SimpleNamespace(own="?", ordered="?"), SimpleNamespace(text="?", subject="", in_reply_to=())
    board, read = SimpleNamespace(source=DEFAULT), SimpleNamespace(text=text)
    facts: Any = SimpleNamespace(raw_mail=9, held=waits, understanding=read, mail=mail, board=board, threads=())
    done = [(one, CommandOutcome(True, "Đã làm")) for one in commands]
    (told,) = officer_mail._answer(facts, LAN, done, MoreRulings())
    return told


@pytest.mark.parametrize(
    ("held", "question", "about"),
    [("held", None, 3), ("done", None, 3), ("held", 7, 3), ("done", 7, 0), ("", 7, 0), ("", None, 0)],
)
def test_the_next_word_is_about_the_mail_that_still_waits(
    monkeypatch: pytest.MonkeyPatch, held: str, question: int | None, about: int
) -> None:
    told = answered(monkeypatch, held, question, FORWARD)
    assert (told.about, told.question) == (about, question)


@pytest.mark.parametrize(
    ("verbs", "understood"),
    [
        ((UNREAD,), False),
        ((MISNUMBERED, UNREAD), False),
        ((), False),
        (("forward",), True),
        ((UNREAD, "forward"), True),
    ],
)
def test_only_what_was_not_understood_counts_towards_the_cap_on_such_answers(
    monkeypatch: pytest.MonkeyPatch, verbs: tuple[str, ...], understood: bool
) -> None:
    told = answered(monkeypatch, "", None, *(Command(one, "", raw=one) for one in verbs))
    assert (NOT_UNDERSTOOD not in told.notice.key) is understood


REGISTER = Command("register", "", raw="Đăng ký")
NUMBER = "HP-2026-000007"


@pytest.mark.parametrize(
    ("commands", "verbs"),
    [
        ((REGISTER, FORWARD), ["forward"]),
        ((REGISTER, replace(FORWARD, unit="")), ["register", "forward"]),
        ((REGISTER, replace(FORWARD, question=NUMBER)), ["register", "forward"]),
        ((replace(REGISTER, question=NUMBER), FORWARD), ["register", "forward"]),
        ((REGISTER, replace(FORWARD, verb="remind_unit")), ["register", "remind_unit"]),
        ((replace(REGISTER, verb="note"), FORWARD), ["note", "forward"]),
        ((FORWARD,), ["forward"]),
    ],
)
def test_register_and_forward_are_one_order_about_one_mail(commands: tuple[Command, ...], verbs: list[str]) -> None:
    merged = reopening.merged(commands)
    assert [one.verb for one in merged] == verbs
    assert merged[-1].raw == ("Đăng ký\nChuyển SYT" if verbs == ["forward"] and len(commands) > 1 else "Chuyển SYT")


@pytest.mark.parametrize(
    ("kind", "says", "own", "data", "withdraws"),
    [
        (Kind.QUESTION, "asks", True, False, True),
        (Kind.QUESTION, "answers", True, False, True),
        (Kind.QUESTION, "keeps", True, False, True),
        (Kind.QUESTION, "keeps", False, False, True),
        (Kind.QUESTION, "", True, False, False),
        (Kind.QUESTION, "asks", True, True, False),
        (Kind.COMPLAINT, "asks", True, False, True),
        (Kind.COMPLAINT, "answers", False, False, True),
        (Kind.COMPLAINT, "keeps", True, False, True),
        (Kind.COMPLAINT, "keeps", False, False, False),
        (Kind.COMPLAINT, "asks", False, False, False),
        (Kind.DENUNCIATION, "answers", True, False, False),
        (Kind.DENUNCIATION, "keeps", True, False, False),
    ],
)
def test_who_asks_to_withdraw_an_open_question_of_his_own(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, says: str, own: bool, data: bool, withdraws: bool
) -> None:
    meant: list[tuple[str, ...]] = [("question",)]
    monkeypatch.setattr(requests, "_meant", lambda _: meant[-1])
    for name, word in (("_answers_ours", "answers"), ("_asks", "asks"), ("_takes_back", "keeps")):
        monkeypatch.setattr(requests, name, lambda _, word=word: says == word)
    monkeypatch.setattr(requests, "own_question", lambda _: "question" if own else None)
    monkeypatch.setattr(requests, "wishes_data", lambda _: data)
    monkeypatch.setattr(requests, "_beside_data", lambda _: False)
    facts: Any = SimpleNamespace(person=None, sender_unit="", understanding=SimpleNamespace(kind=kind))
    assert requests.is_withdrawal(facts) is withdraws
    facts.person = LAN
    assert not requests.is_withdrawal(facts)
    facts.person, facts.sender_unit = None, "SXD"
    assert not requests.is_withdrawal(facts)
    facts.sender_unit = ""
    meant.append(())
    assert not requests.is_withdrawal(facts)


@pytest.mark.parametrize(
    ("verb", "numbered", "until", "text"),
    [
        ("extend", True, date(2026, 10, 27), f"{NUMBER} đồng ý gia hạn đến 27/10/2026"),
        ("extend", True, None, None),
        ("extend", False, date(2026, 10, 27), None),
        ("note", True, None, f"{NUMBER} ghi chú: nới thêm"),
        ("note", False, None, None),
        ("ask", False, None, None),
    ],
)
def test_what_an_officer_may_have_meant_is_offered_about_a_question(
    monkeypatch: pytest.MonkeyPatch, verb: str, numbered: bool, until: date | None, text: str | None
) -> None:
    monkeypatch.setattr(rulings, "_until", lambda *_: until)
    nothing: Any = None
    about: Any = SimpleNamespace(code=NUMBER) if numbered else None
    found = rulings._prepared(nothing, verb, Command("unread", "", raw="nới  thêm"), about, nothing)
    assert found.get("text") == text


@pytest.mark.parametrize(
    ("status", "sender", "case"),
    [
        ("held", "sxd@don-vi.test", "held_unit"),
        ("held", "an@dan.test", "held"),
        ("done", "sxd@don-vi.test", "desk"),
    ],
)
def test_a_unit_s_held_mail_is_another_case_than_a_citizen_s(status: str, sender: str, case: str) -> None:
    """Only the first can be called an answer; only the second can be registered."""
    contact = SimpleNamespace(code="SXD", address="sxd@don-vi.test", others=(), domains=())
    board = SimpleNamespace(contacts={"SXD": contact}, units={})
    mail = SimpleNamespace(sender=SimpleNamespace(email=sender))
    held: Any = SimpleNamespace(status=status, is_denunciation=False, mail=mail)
    facts: Any = SimpleNamespace(board=board)
    assert rulings.situation(facts, None, held) == case


@pytest.mark.parametrize(
    ("verb", "set_aside", "used", "done"),
    [
        ("forward", False, False, True),
        ("forward", False, True, False),
        ("forward", True, True, True),
        ("register", True, True, True),
        ("reject", True, True, True),
        ("extend", True, True, False),
    ],
)
def test_after_its_token_only_what_is_a_citizens_order_about_a_mail_set_aside_is_done(
    monkeypatch: pytest.MonkeyPatch, verb: str, set_aside: bool, used: bool, done: bool
) -> None:
    monkeypatch.setattr(officer_mail, "_question", lambda *_: None)
    monkeypatch.setattr(officer_mail, "meant_by_reply", lambda _facts, command, _question: command)
    monkeypatch.setattr(denunciations, "sealed_mail", lambda _: None)
    monkeypatch.setattr(officer_mail, "_carried_out", lambda _: CommandOutcome(True, "done"))
    held = SimpleNamespace(id=3, status="held", is_set_aside=set_aside)
    facts: Any = SimpleNamespace(held=held, token_used=used)
    assert officer_mail._rule(facts, Command(verb, ""), DAY, MoreRulings()).ok is done
