"""Sentences that differ from an order by a word or two, and orders that differ from them, as the votes hear them."""

import csv
from dataclasses import replace

import pytest

from rules.text import strip_marks
from tests.dose import WHOLE
from tests.mail_tables import DATA, Row
from tests.unit.rules.commands.plain.test_untaught_orders import assert_orders_alone_are_done, hear, voices_of

pytestmark = pytest.mark.wide

MOST_DOUBTS, MOST_BARE = 0.05, 0.22
"""Of the sentences of doubt so many are carried out, and of those without diacritics ("sợ" is "sở", "hở" is "họ").
All are written to be as near to orders as words can be; people's own mails are tried in ``test_untaught_orders``."""
QUIET = {"note", "status", "help"}
"""Acts that move nothing and tell nobody."""
SENTENCES = "officers_voices_tests"
EVERY = 1 if WHOLE else 4
"""The tests of a change read every fourth of the sentences, all at night."""


def doubts() -> list[Row]:
    with (DATA / "officers_doubts.tsv").open(encoding="utf-8", newline="") as file:
        texts = [line["text"] for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return [Row(one, "officer", "review", one.replace("\\n", "\n"), ("refuse",), {}) for one in texts]


def test_few_sentences_of_doubt_are_carried_out() -> None:
    rows = doubts()
    assert len(rows) > 410
    rows = rows[::EVERY]
    carried_out = [one.text for one in rows if hear(one).done - QUIET]
    assert len(carried_out) <= MOST_DOUBTS * len(rows), carried_out


def test_nor_without_diacritics() -> None:
    rows = doubts()[1::EVERY]
    carried_out = [one.text for one in rows if hear(replace(one, text=strip_marks(one.text))).done - QUIET]
    assert len(carried_out) <= MOST_BARE * len(rows), carried_out


def test_sentences_do_what_they_order_and_nothing_else() -> None:
    heard = [hear(row) for row in voices_of(SENTENCES)[::EVERY]]
    assert len([one for one in heard if one.act != "refuse"]) > 380 // EVERY
    assert_orders_alone_are_done(heard, 0.03, 0.0, 0.9)
