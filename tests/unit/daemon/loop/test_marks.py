"""What several connections want written shares a commit; whoever waits learns what became of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest

from daemon.loop.marks import Marks
from daemon.smtp.outcomes import SendResult


def taken(number: int) -> SendResult:
    return SendResult(number, "sent", 250, "ok", "body")


class Writer:
    def __init__(self, error: BaseException | None = None) -> None:
        self.calls: list[tuple[list[int], list[int]]] = []
        self.error = error

    def __call__(
        self, results: Sequence[SendResult], begun: Sequence[int]
    ) -> tuple[set[int], Mapping[int, Exception]]:
        self.calls.append(([one.id for one in results], list(begun)))
        if self.error is not None:
            raise self.error
        return {each for each in begun if each < 10}, {2: ValueError("two")}


def test_one_turn_is_one_commit() -> None:
    writer = Writer()
    marks = Marks(writer)

    async def connections() -> list[object]:
        asked = (marks.note(taken(1)), marks.note(taken(2)), marks.begin(3), marks.begin(10))
        first = await asyncio.gather(*asked, return_exceptions=True)
        return [*first, await marks.begin(4)]

    one, two, three, ten, four = asyncio.run(connections())
    assert writer.calls == [([1, 2], [3, 10]), ([], [4])]
    assert (one, three, ten, four) == (True, True, False, True)
    assert str(two) == "two"


def test_a_mark_waits_for_the_mails_that_are_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.loop.marks.PATIENCE", 30.0)
    writer = Writer()
    marks = Marks(writer)

    async def connection(mails: list[int], seconds: float) -> None:
        await marks.begin(mails[0])
        for number, following in pairwise(mails):
            await asyncio.sleep(seconds)
            await asyncio.gather(marks.note(taken(number)), marks.begin(following))

    async def connections() -> None:
        await asyncio.gather(connection([1, 3], 0), connection([4, 6], 0.01))

    asyncio.run(connections())
    assert writer.calls == [([], [1, 4]), ([1, 4], [3, 6])]


def test_nobody_waits_longer_than_patience_for_a_slow_server() -> None:
    writer = Writer()
    marks = Marks(writer)

    async def connections() -> float:
        loop = asyncio.get_running_loop()
        await asyncio.gather(marks.begin(1), marks.begin(3))
        start = loop.time()
        await marks.note(taken(1))
        return loop.time() - start

    assert asyncio.run(connections()) < 1
    assert writer.calls == [([], [1, 3]), ([1], [])]


def test_a_stop_reaches_whoever_waits() -> None:
    class Stop(BaseException):
        pass

    marks = Marks(Writer(Stop()))

    async def connection() -> None:
        await marks.begin(1)

    with pytest.raises(Stop):
        asyncio.run(asyncio.wait_for(connection(), 5))
