"""What officers wrote who were taught nothing: what they order is read, and nothing that they do not order."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from rules.commands import likely_orders
from rules.commands.command import with_listed_numbers
from rules.commands.commands import MISNUMBERED, NO_ORDER, UNREAD, Command, read_commands
from rules.decide.officer.rulings import BY_SOUND
from rules.values.data_file import load_units
from tests.dose import WHOLE, costly, each_third
from tests.mail_tables import DATA, Row, rows_of, tables_of

pytestmark = pytest.mark.wide

TABLES = tables_of("officer")
UNITS = load_units()
DAY, DUE = date(2026, 10, 6), date(2026, 10, 20)
CASES = {"review": "review", "extension": "extension", "heldunit": "held_unit"}
WAITS, LIES = "HP-2026-000123", "HP-2026-000124"
MOST_MISSED = 0.1
MISSED = {"human_mails_blind_14.tsv": 0.19, "human_mails_blind_18.tsv": 0.18, "human_mails_blind_23.tsv": 0.21}
"""Of a table, as measured; what is missed is asked back. These were written to be as hard as letters get."""
NONE = {UNREAD, NO_ORDER, MISNUMBERED}
SAME = {
    "forward": "forward",
    "unit_answer": "answer",
    "approve": "extend",
    "return": "refuse_extension",
    "register_for": "register",
    "unit_received": "received",
}
"""What a command comes to in the mail that it answers."""
MOST_DONE = {"officers_voices_E": 0.04, "officers_voices_U": 0.06}
"""Of what a writer did not order so much may be done, else 0.035: it was written as near to orders as can be. U cut
orders off in the middle of a sentence, and spoke in an order's words of other things that he sends."""
LEAST_HEARD = {"officers_voices_F": 0.88, "officers_voices_I": 0.55}
"""Of a writer's orders so much is heard, else 0.6; the rest is asked back. F wrote as an office does, I of
rare acts and of questions by three digits of a list, which are not known here."""
ENDS = {"forward", "extend", "refuse_extension", "answer", "reject", "close", "ask"}
"""What moves a question or reaches somebody."""


def read(row: Row) -> tuple[Command, ...]:
    text = row.text.replace("{Q}", WAITS).replace("{F}", LIES)
    at_hand = "" if row.context in {"digest", "bare"} else WAITS
    text = text.replace("{q6}", "000123").replace("{q}", "123")
    text = with_listed_numbers(text, (WAITS, LIES)) if row.context == "digest" else text
    case = CASES.get(row.context, "desk")
    fits = BY_SOUND[case] if case != "desk" or "HP-" in text else frozenset()
    return read_commands(text, UNITS, DAY, unread=True, at_hand=at_hand, case=case, fits=fits)


@dataclass(frozen=True)
class Heard:
    """A row with what its commands would do, and what of that moves a question or reaches somebody."""

    row: Row
    done: set[str]
    moved: set[str]

    @property
    def act(self) -> str:
        """The act that the writer orders."""
        return self.row.expect[0].removeprefix("do:").partition(" ")[0].rstrip(":")


def hear(row: Row) -> Heard:
    """Read a row once; a request without words is asked back."""
    commands = read(row)
    does = done(row, commands)
    return Heard(row, does, does & ENDS - {one.verb for one in commands if one.verb == "ask" and not one.text})


def done(row: Row, commands: Sequence[Command]) -> set[str]:
    """What the commands of a row would do: those that lack a unit, a clause or a day only ask for it.

    More time is given or refused by a bare word only where the mail that is answered asks for it.
    """
    found = [one for one in commands if one.verb not in NONE and not (one.verb == "return" and "nhưng" in one.raw)]
    asked_for = row.context == "extension"
    whole: dict[str, Callable[[Command], bool]] = {
        "forward": lambda one: bool(one.unit) and one.question in {"", WAITS, LIES},
        "reject": lambda one: one.clause not in {"", "?"} and bool(one.text),
        "extend": lambda one: asked_for if one.until is None else one.until > DUE,
        "refuse_extension": lambda one: asked_for,
    }
    named = [(SAME.get(one.verb, one.verb), one) for one in found]
    return {verb for verb, one in named if whole.get(verb, bool)(one)}


@each_third("table", TABLES)
def test_what_they_order_is_read_and_nothing_else_is_done(table: str) -> None:
    heard = [hear(row) for row in rows_of(DATA / table, "officer")]
    orders = [one for one in heard if one.row.expect[0].startswith("do:")]
    missed = [
        one
        for one in orders
        if not one.done & {each.split()[0].removeprefix("do:") for each in one.row.expect}
        and not ("refuse" in one.row.expect and not one.done & ENDS)
    ]
    assert len(orders) >= 27
    assert len(missed) <= MISSED.get(table, MOST_MISSED) * len(orders), missed
    quiet = [
        one
        for one in heard
        if one.row.context != "denunciation" and not any(each.startswith("do:") for each in one.row.expect)
    ]
    assert len(quiet) >= 10
    assert not [one for one in quiet if one.done & (ENDS - {"close"})]


VOICES = sorted(path.stem for path in DATA.glob("officers_voices*.tsv") if path.stem != "officers_voices_tests")


def voices_of(table: str) -> list[Row]:
    """The mails of a writer who was told what to say and not how."""
    with (DATA / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Row(f"{table}:{at}", "officer", line["context"], line["text"].replace("\\n", "\n"), (line["expect"],), {})
        for at, line in enumerate(lines)
    ]


@pytest.mark.skipif(not WHOLE, reason="two minutes for each writer, whose votes are trained anew: at night")
@pytest.mark.parametrize("table", costly(VOICES))
def test_votes_that_never_met_a_writer_do_what_he_orders(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts.training.by_table import voters_without  # scikit-learn takes a second to load
    from scripts.training.orders import act_mails, order_examples, order_mails

    rows = voices_of(table)
    mails = {"orders": order_mails(), "acts": act_mails()}
    monkeypatch.setattr(likely_orders, "shares", voters_without({one.id for one in rows}, mails, order_examples))
    most, least = MOST_DONE.get(table, 0.035), LEAST_HEARD.get(table, 0.6)
    assert_orders_alone_are_done([hear(row) for row in rows], most, 0.01, least)


def assert_orders_alone_are_done(heard: Sequence[Heard], most_done: float, most_wrong: float, least: float) -> None:
    """Of what is no order, of orders read as others, and of orders read as meant: the shares allowed."""
    orders = [one for one in heard if one.row.expect != ("refuse",)]
    others = [one for one in heard if one.row.expect == ("refuse",)]
    assert len([one for one in others if one.moved]) <= most_done * len(others), [one for one in others if one.moved]
    wrong = [one for one in orders if one.moved - {one.act}]
    assert len(wrong) <= most_wrong * len(heard), wrong
    assert len([one for one in orders if one.act in one.done]) >= least * len(orders)
