"""The length from which a line, the words behind an order, or a mail is too long to be read for one."""

from datetime import date

import pytest

from rules.commands import command_line, likely_orders
from rules.commands.command import Command, CommandMatch
from rules.commands.command_line import MOST_BEHIND, Reader
from rules.commands.mood import LONGEST, mood_of
from rules.commands.plain import asked_items, by_sound
from rules.commands.plain.words import MOST_WORDS, load_plain_order_words
from rules.commands.vocabulary import load_command_words
from rules.message.quote_markers import DEFAULT
from rules.reply.unit_names import unit_names
from rules.values.data_file import load_units

WORDS, PLAIN = load_command_words(), load_plain_order_words()
READER = Reader(WORDS, unit_names(load_units(), ordered=True), date(2026, 10, 6), PLAIN)


@pytest.mark.parametrize(("length", "mood"), [(LONGEST, "report"), (LONGEST + 1, "")])
def test_a_line_of_six_hundred_characters_has_a_mood(length: int, mood: str) -> None:
    line = "Đã chuyển Sở Y tế ".ljust(length, "x")
    assert mood_of(line, WORDS.mood, lambda rest: rest.startswith("chuyển")) == mood


@pytest.mark.parametrize(("line", "mood"), [("Đã", ""), ("Đã chuyển", "report"), ("Chuyển", "")])
def test_a_mood_is_that_of_an_order_behind_it(line: str, mood: str) -> None:
    assert mood_of(line, WORDS.mood, lambda rest: rest == "chuyển") == mood


@pytest.mark.parametrize(
    ("words", "ends"), [("x " * MOST_BEHIND, True), ("x " * (MOST_BEHIND + 1), False), ("x?", False)]
)
def test_six_words_may_follow_an_order_that_needs_none(words: str, ends: bool) -> None:
    assert READER._ends_there("close", words) is ends
    assert not READER._ends_there("approve", words)
    assert not READER._ends_there("unit_answer", words)


@pytest.mark.parametrize(("length", "goes_on"), [(asked_items.MOST_MORE, True), (asked_items.MOST_MORE + 1, False)])
def test_a_short_question_behind_a_comma_is_asked_too(length: int, goes_on: bool) -> None:
    assert asked_items._goes_on("x " * (length - 1) + "nào", PLAIN.ask) is goes_on


@pytest.mark.parametrize(("length", "heard"), [(MOST_WORDS, True), (MOST_WORDS + 1, False)])
def test_a_long_mail_is_not_heard_for_an_order(monkeypatch: pytest.MonkeyPatch, length: int, heard: bool) -> None:
    order = Command("note", "")
    monkeypatch.setattr(by_sound, "_act_heard", lambda *_: "note")
    monkeypatch.setattr(by_sound, "_filled", lambda *_: order)
    monkeypatch.setattr(by_sound, "_is_doubtful", lambda *_: False)
    text = "x " * length
    found = by_sound.order_by_sound(text, (), READER, DEFAULT, {"note"})
    assert [one.verb for one in found] == (["note"] if heard else [])


@pytest.mark.parametrize(("length", "found"), [(likely_orders.LONGEST, True), (likely_orders.LONGEST + 1, False)])
def test_a_long_text_is_weighed_whole(length: int, found: bool) -> None:
    """A shorter one from the clause on that gives the order."""
    ordered = " chuyển Sở Y tế"
    text = "x" * (length - len(ordered) - 1) + "," + ordered
    behind = likely_orders._from_the_order_on(Command("forward", "", unit="SYT"), text, READER)
    assert len(behind) < length if found else behind == text


@pytest.mark.parametrize(
    ("order", "whole"),
    [
        (Command("forward", "", unit="SYT"), True),
        (Command("forward", "HP-2026-000123"), True),
        (Command("forward", ""), False),
        (Command("close", ""), True),
        (None, False),
    ],
)
def test_a_forward_to_nobody_is_no_order_beside_another(order: Command | None, whole: bool) -> None:
    assert command_line._is_whole(CommandMatch((order,), "unit") if order else None) is whole
