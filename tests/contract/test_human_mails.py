"""A table of mails that was written before anybody looked at the rules, played in process: no harm, hardly a miss.

``tests/data/human_mails_blind*.tsv``: what departments, officers and citizens write, and what ought to happen. Those
of all but the first table knew nothing of the rules, nor of the words that officers are taught: what they mean is
asked back more often, and what must not happen must not happen there either. What leaders write is read by
``approval_in`` alone here; sessions have plays of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rules.commands.approval.opinion import approval_in, sent_back
from rules.commands.commands import read_commands
from rules.values.data_file import load_units
from tests.desk import Desk, desk
from tests.dose import WHOLE
from tests.human_mails import Row, citizen_row, officer_row, rows_of, unit_row

DATA = Path(__file__).resolve().parents[1] / "data"
BLIND = DATA / "human_mails_blind.tsv"
MOST_MISSED = 0.05
UNTAUGHT = {f"human_mails_blind_{number}.tsv": 0.13 for number in range(2, 9)}
"""The share that may be missed of mails by people who were taught nothing; asked back is missed too."""
PLAYED = sorted(UNTAUGHT) if WHOLE else sorted(UNTAUGHT)[:2]
"""All at night; what their texts are taken for is tested of each (``test_untaught_mails``)."""
LEADERS = dict.fromkeys(UNTAUGHT, 0.1) | {"human_mails_blind_8.tsv": 0.5}
"""The same of leaders who were taught nothing, who are asked once more."""
PLAYS: dict[str, Callable[[Desk, Row], str]] = {"unit": unit_row, "officer": officer_row, "citizen": citizen_row}
PACE: dict[str, dict[str, float]] = {"unit": {"minutes": 2}, "officer": {"hours": 3}, "citizen": {"minutes": 2}}
"""An officer gets so many mails an hour, and so many answers to what is no order a day."""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path / "house") as one:
        yield one


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("writer", sorted(PLAYS))
def test_no_harm_and_hardly_a_miss(made: Desk, writer: str) -> None:
    rows = [row for row in rows_of(BLIND, writer) if row.context != "denunciation"]
    wrong = []
    for row in rows:
        made.house.clock.forward(**PACE[writer])
        wrong.append(PLAYS[writer](made, row))
    missed = [why for why in wrong if why]
    assert not [why for why in missed if "'citizen_answered'" in why and "'answer'" not in why]
    assert len(missed) <= MOST_MISSED * len(rows), "\n".join(missed)


@pytest.mark.parametrize(("table", "most"), sorted((LEADERS | {BLIND.name: MOST_MISSED}).items()))
def test_what_leaders_write_is_never_taken_for_an_approval_that_it_is_not(table: str, most: float) -> None:
    units, missed = load_units(), []
    rows = [row for row in rows_of(DATA / table, "head") if row.context == "approval"]
    for row in rows:
        approved = approval_in(row.text) is not None
        ordered = any(one.verb == "return" for one in read_commands(row.text, units))
        returned = not approved and (ordered or sent_back(row.text))
        said = "approve" if approved else "return" if returned else "unclear"
        assert not approved or "approve" in row.expect, row
        missed += [] if said in row.expect else [(row.text, said, row.expect)]
    assert len(missed) <= most * len(rows), missed


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("table", PLAYED)
def test_what_untaught_officers_do_not_order_is_not_done(made: Desk, table: str) -> None:
    rows = [row for row in rows_of(DATA / table, "officer") if set(row.expect) <= {"refuse", "note"}]
    wrong = []
    for row in rows:
        if row.context != "denunciation":
            made.house.clock.forward(**PACE["officer"])
            wrong.append(officer_row(made, row))
    assert len(wrong) >= 10
    assert not [why for why in wrong if why]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("table", PLAYED)
def test_those_who_were_taught_nothing_do_no_harm(made: Desk, table: str) -> None:
    rows = [row for row in rows_of(DATA / table, "unit") if set(row.expect) & {"never", "hold", "refusal"}]
    wrong = []
    for row in rows:
        made.house.clock.forward(**PACE["unit"])
        wrong.append(unit_row(made, row))
    missed = [why for why in wrong if why]
    assert not [why for why in missed if "'citizen_answered'" in why], "what is no answer went out as one"
    assert len(missed) <= UNTAUGHT[table] * len(rows), "\n".join(missed)
