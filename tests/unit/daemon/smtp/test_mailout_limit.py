"""The time limit of a connection: moved on with every command, over when one is waited for too long."""

from __future__ import annotations

import asyncio

from daemon.smtp.limit import Limit


def test_many_short_waits_and_a_rest_are_not_too_long() -> None:
    async def talk() -> None:
        late: list[str] = []
        limit = Limit(lambda: late.append("late"))
        for _ in range(6):
            limit.wait(0.05)
            await asyncio.sleep(0.02)
        limit.rest()
        await asyncio.sleep(0.1)
        assert not late
        assert not limit.over

    asyncio.run(talk())


def test_a_short_wait_behind_a_long_one_has_its_own_limit_and_ends_once() -> None:
    async def talk() -> None:
        late: list[str] = []
        limit = Limit(lambda: late.append("late"))
        limit.wait(60)
        limit.wait(0.02)
        await asyncio.sleep(0.1)
        assert late == ["late"]
        assert limit.over

    asyncio.run(talk())


def test_a_wait_that_was_prolonged_ends_at_the_later_time() -> None:
    async def talk() -> None:
        late: list[str] = []
        limit = Limit(lambda: late.append("late"))
        limit.wait(0.02)
        limit.wait(0.12)
        await asyncio.sleep(0.06)
        assert not late
        await asyncio.sleep(0.12)
        assert late == ["late"]

    asyncio.run(talk())


def test_a_connection_that_is_closed_leaves_no_timer() -> None:
    async def talk() -> None:
        late: list[str] = []
        limit = Limit(lambda: late.append("late"))
        limit.wait(0.02)
        limit.stop()
        await asyncio.sleep(0.06)
        assert not late
        assert not limit.over

    asyncio.run(talk())
