"""What several connections want written shares a commit; whoever waits learns what became of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from daemon.mailout.outcomes import SendResult
from daemon.marks import Marks


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


def test_a_stop_reaches_whoever_waits() -> None:
    class Stop(BaseException):
        pass

    marks = Marks(Writer(Stop()))

    async def connection() -> None:
        await marks.begin(1)

    with pytest.raises(Stop):
        asyncio.run(asyncio.wait_for(connection(), 5))
