"""The fail points that are hung from outside: all listed, most of them passed by ten mails, a few killed at here.

All of them and three hundred kills at random are ``scripts/crash_all.py``'s, at night.
"""

import os
import random
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from db.decision.apply import HANDLERS
from tests.crashing import Crashing
from tests.dose import WHOLE
from tests.loading import script
from tests.servers.postgres import Postgres
from tests.support import crash_points
from tests.support.crash_points import NAMES, statement_point

POINTS = int(os.environ.get("DOITHOAI_CRASH_POINTS", "2" if WHOLE else "1"))
KILLS = int(os.environ.get("DOITHOAI_CRASH_KILLS", "1"))

OF_THE_DESK = {
    *("KeepDocument", "RecallAnswer", "RecordFile", "SendAgain", "SetPublication", "SignReceipts", "Withdraw")
}
ON_THE_WAY = {
    f"apply.{one.__name__}"
    for one in HANDLERS
    if one.__module__ == "rules.decide.base.actions" and one.__name__ not in {"ExtendDue", *OF_THE_DESK}
}
"""Actions that the ten mails lead to; those of sessions and of the desk go the same way."""


@pytest.fixture(scope="module")
def crash_all() -> ModuleType:
    return script("crash_all")


@pytest.fixture(scope="module")
def stage(crash_all: ModuleType) -> Iterator[tuple[Crashing, Any, dict[str, object], Any]]:
    with crash_all.Crashing() as crashing, crash_all.scene(None) as made:
        yield crashing, made, *crash_all.undisturbed(crashing, made)


@pytest.mark.slow
def test_every_point_on_the_way_is_listed_and_none_is_missing(crash_all: ModuleType, stage: Any) -> None:
    passed = set(stage[3])
    assert passed - crash_all.listed() == set()
    assert len(passed) >= 250
    hung = {*NAMES, *(name for name in crash_points.names() if name.startswith(("apply.", "step.")))}
    assert {f"apply.{one.__name__}.before" for one in HANDLERS} <= hung
    missing = hung - passed
    assert not [name for name in missing if not name.startswith("apply.")]
    assert {name.rpartition(".")[0] for name in missing} & ON_THE_WAY == set()
    for needed in ("imap.uid-fetch-body.sent", "imap.uid-move.answered", "smtp.mail.answered", "smtp.data.answered"):
        assert needed in passed, "what it hangs on is not where it was"


@pytest.mark.slow
def test_a_few_points_and_kills(crash_all: ModuleType, stage: Any) -> None:
    crashing, made, expected, passed = stage
    chance = random.Random(20)
    points = ["tx.decide.decide_once.commit:3", *crash_all.turns(passed, 1, chance)]
    for point in points[:POINTS]:
        ending = crash_all.crash_at(crashing, point, expected, made)
        assert (ending.wrong, ending.kills) == ("", 1), point
    pace, kills = crash_all.pace_of(crashing, made), 0
    while kills < KILLS:
        ending = crash_all.crash_at_random(crashing, chance, pace, expected, made)
        assert ending.wrong == ""
        kills += ending.kills


@pytest.mark.slow
def test_killed_again_and_again_in_the_window_sends_each_mail_twice_at_most(stage: Any) -> None:
    """Between the server's 250 and our mark: one more sending, then a person is told."""
    crashing, made, expected, _ = stage
    made.rewind()
    for _ in range(4):
        crashing.run(["run", "--once", "--config", str(made.house.file)], "send.accepted", made.now())
    for _ in range(2):
        assert crashing.run(["run", "--once", "--config", str(made.house.file)], "", made.now()) == 0
    assert made.resent() == 2, "three copies would be an assertion of its own"
    assert made.left_to_a_person() == 2
    found = made.outcome(4)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.slow
@pytest.mark.skipif(not WHOLE, reason="the ten mails once more on PostgreSQL: at night")
def test_on_postgresql_too(crash_all: ModuleType, stage: Any, postgres_server: Postgres) -> None:
    """Ids that a killed transaction has used up are gone there: what is sent is the same all the same."""
    crashing = stage[0]
    with crash_all.scene(postgres_server) as made:
        expected, passed = crash_all.undisturbed(crashing, made)
        assert {"step.ledger.store.after", "send.accepted"} <= set(passed)
        point = "send.accepted:1"
        ending = crash_all.crash_at(crashing, point, expected, made)
        assert (ending.wrong, ending.kills) == ("", 1), point
        assert ending.resent == 1, "the one window that no program can close"


def test_nothing_hangs_in_production() -> None:
    from daemon.mailbox.connection import BoundedImap4

    hung = [one for one in (*HANDLERS.values(), BoundedImap4._command) if one.__module__ == crash_points.__name__]  # type: ignore[attr-defined]
    assert hung == []


@pytest.mark.parametrize(
    ("statement", "point"),
    [
        ("SELECT a, b FROM duty WHERE x", "db.select.duty"),
        ("INSERT INTO journal (seq) VALUES (?)", "db.insert.journal"),
        ('UPDATE "outbox" SET a=1', "db.update.outbox"),
        ("DELETE FROM counter", "db.delete.counter"),
        ("SELECT count(*) FROM (SELECT id FROM outbox) AS x", "db.select.outbox"),
        ("BEGIN IMMEDIATE", "db.other"),
    ],
)
def test_a_statement_has_a_name(statement: str, point: str) -> None:
    assert statement_point(statement) == point
