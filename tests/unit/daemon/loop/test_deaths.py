"""A mail over which the process died again and again: how often, and what becomes of it."""

from collections import deque
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from daemon.loop import decide
from db.core import journal
from db.mails import ledger
from tests.support.rows import NOW


@pytest.mark.parametrize(
    ("times", "attempts", "put_by"),
    [
        (decide.MOST_DEATHS, 0, []),
        (decide.MOST_DEATHS + 1, 0, [(1, NOW + decide.SET_ASIDE)]),
        (decide.MOST_DEATHS + 1, decide.ROUNDS_OF_DEATHS - 1, [(decide.ROUNDS_OF_DEATHS, None)]),
    ],
)
def test_a_mail_is_put_by_from_the_fifth_death_on(
    monkeypatch: pytest.MonkeyPatch, times: int, attempts: int, put_by: list[object]
) -> None:
    """What is put by is not read in this round either."""
    kept: list[object] = []
    monkeypatch.setattr(decide, "transaction", lambda _: nullcontext())
    monkeypatch.setattr(journal, "take_turn", lambda _: None)
    monkeypatch.setattr(ledger, "count_begun", lambda *_: times)
    monkeypatch.setattr(ledger, "attempts_of", lambda *_: attempts)
    monkeypatch.setattr(decide, "_put_by", lambda _c, _i, _mail, number, at, _why: kept.append((number, at)))
    engine: Any = None
    installation: Any = SimpleNamespace(clock=lambda: NOW)
    assert decide._kills(engine, installation, 9) is bool(put_by)
    assert kept == put_by


@pytest.mark.parametrize(
    ("waiting", "left_over", "decided", "forgotten"),
    [
        ([1, 2], set(), [1, 2], 0),
        ([1, 2], {2}, [1, 2], 1),
        ([1, 2], {1, 2}, [1, 2], 1),
        ([1, 9], {9}, [1], 1),
        ([1], {2}, [1], 0),
    ],
)
def test_the_deaths_are_forgotten_when_a_round_with_left_over_mails_has_ended(
    monkeypatch: pytest.MonkeyPatch, waiting: list[int], left_over: set[int], decided: list[int], forgotten: int
) -> None:
    """Mail 9 kills: it is put by and not decided on."""
    seen: list[int] = []

    def noted(_engine: object, _installation: object, mail: int, *_: object) -> bool:
        seen.append(mail)
        return True

    times: list[object] = []
    monkeypatch.setattr(decide, "transaction", lambda _: nullcontext())
    monkeypatch.setattr(decide, "restored_at", lambda _: None)
    monkeypatch.setattr(decide, "_kills", lambda _e, _i, mail: mail == 9)
    monkeypatch.setattr(decide, "_decide", noted)
    monkeypatch.setattr(ledger, "forget_begun", times.append)
    nothing: Any = None
    scan = SimpleNamespace(is_on=False)
    house: Any = SimpleNamespace(config=SimpleNamespace(scan=scan))
    mails = deque([*waiting, 7])
    done = decide.decide_on(nothing, house, lambda: None, mails, len(waiting), left_over)
    assert (done, mails) == (len(decided), deque([7]))
    assert (seen, len(times)) == (decided, forgotten)
