"""A table of mails that was written before anybody looked at the rules, played in process: no harm, hardly a miss.

``tests/data/human_mails*.tsv``: what departments, officers and citizens write, and what ought to happen. Those of the
numbered tables knew nothing of the rules, nor of the words that officers are taught: what they mean is asked back
more often, and what must not happen must not happen there either. What leaders write is read by ``approval_in``
alone here; sessions have plays of their own. A new table is played without being named.
"""

from collections.abc import Callable, Sequence

import pytest

from rules.commands.approval.opinion import approval_in, returned_in
from tests.dose import WHOLE, costly
from tests.human_mails import citizen_row, officer_row, unit_row
from tests.mail_tables import DATA, Row, rows_of, tables_of
from tests.world import World

TAUGHT = ("human_mails_blind.tsv", "human_mails_own.tsv")
"""Written by people who know what officers are taught; the first before anybody looked at the rules."""
NUMBERED = "human_mails_blind_*.tsv"
MOST_MISSED = 0.05
MISSED_OF_UNITS = 0.13
"""The share that may be missed of mails by people who were taught nothing; asked back is missed too."""
MISSED_OF_CITIZENS = {6: 0.1, 8: 0.28, 9: 0.18, 11: 0.2, 25: 0.06}
"""As measured, by the table's number: a department or an officer reads thanks or a question about the state."""


def played(writer: str) -> Sequence[str]:
    """All at night; what their texts are taken for is tested of each (``test_untaught_mails``)."""
    return costly(tables_of(writer, NUMBERED), 2)


def limit(limits: dict[int, float], table: str) -> float:
    """The share of a table that may be missed."""
    number = table.removesuffix(".tsv").rpartition("_")[2]
    return limits.get(int(number), MOST_MISSED) if number.isdigit() else MOST_MISSED


PAPER = "Tờ trình tổ chức phiên đối thoại: Hạ tầng đô thị và trật tự xây dựng, 08:30 ngày 26/11/2026, Phòng họp số 2"
"""What the leaders were asked to approve."""
PLAYS: dict[str, Callable[[World, Row], str]] = {"unit": unit_row, "officer": officer_row, "citizen": citizen_row}
PACE: dict[str, dict[str, float]] = {"unit": {"minutes": 2}, "officer": {"hours": 3}, "citizen": {"minutes": 2}}
"""An officer gets so many mails an hour, and so many answers to what is no order a day."""


def missed_of(house: World, writer: str, rows: list[Row]) -> list[str]:
    """What went otherwise than it ought to, in the order of the rows."""
    wrong = []
    for row in rows:
        house.house.clock.forward(**PACE[writer])
        wrong.append(PLAYS[writer](house, row))
    return [why for why in wrong if why]


@pytest.mark.slow
@pytest.mark.parametrize("table", costly(TAUGHT))
@pytest.mark.parametrize("writer", sorted(PLAYS))
def test_no_harm_and_hardly_a_miss(house: World, writer: str, table: str) -> None:
    rows = [row for row in rows_of(DATA / table, writer) if row.context != "denunciation"]
    missed = missed_of(house, writer, rows)
    assert len(rows) >= 28
    assert not [why for why in missed if "'citizen_answered'" in why and "'answer'" not in why]
    assert len(missed) <= MOST_MISSED * len(rows), "\n".join(missed)


@pytest.mark.parametrize("table", tables_of("head"))
def test_what_leaders_write_is_never_taken_for_an_approval_that_it_is_not(table: str) -> None:
    missed = []
    rows = [row for row in rows_of(DATA / table, "head") if row.context == "approval"]
    for row in rows:
        approved = approval_in(row.text, paper=PAPER) is not None
        returned = not approved and returned_in(row.text) is not None
        said = "approve" if approved else "return" if returned else "unclear"
        assert not approved or "approve" in row.expect, row
        missed += [] if said in row.expect else [(row.id, row.text, said, row.expect)]
    assert len(rows) >= 19
    assert len(missed) <= MOST_MISSED * len(rows), missed


@pytest.mark.slow
@pytest.mark.parametrize("table", played("officer"))
def test_what_untaught_officers_do_not_order_is_not_done(house: World, table: str) -> None:
    rows = [row for row in rows_of(DATA / table, "officer") if not any(one.startswith("do:") for one in row.expect)]
    rows = [row for row in rows if row.context != "denunciation"]
    assert len(rows) >= 10
    assert not missed_of(house, "officer", rows)


@pytest.mark.slow
@pytest.mark.parametrize("table", played("unit"))
def test_those_who_were_taught_nothing_do_no_harm(house: World, table: str) -> None:
    rows = [row for row in rows_of(DATA / table, "unit") if set(row.expect) & {"never", "hold", "refusal"}]
    missed = missed_of(house, "unit", rows)
    assert len(rows) >= 11
    assert not [why for why in missed if "'citizen_answered'" in why], "what is no answer went out as one"
    assert len(missed) <= MISSED_OF_UNITS * len(rows), "\n".join(missed)


@pytest.mark.slow
@pytest.mark.skipif(not WHOLE, reason="all tables of citizens are played at night")
@pytest.mark.parametrize("table", costly(tables_of("citizen", NUMBERED)))
def test_citizens_who_were_taught_nothing_are_heard(house: World, table: str) -> None:
    """What is not read as it was meant reaches a department or an officer, and withdraws nothing."""
    rows = rows_of(DATA / table, "citizen")
    missed = missed_of(house, "citizen", rows)
    assert len(rows) >= 15
    assert not [why for why in missed if "[]" in why or "'citizen_withdrawal'" in why]
    assert len(missed) <= limit(MISSED_OF_CITIZENS, table) * len(rows), "\n".join(missed)
