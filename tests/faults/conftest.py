"""One house for all tests of what leaves: a question with each payload in each place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.payloads import PAYLOADS, PLACES, hostile
from tests.world import World, world


@pytest.fixture(scope="session")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    """The house and a folder beside it for what is written out."""
    folder = tmp_path_factory.mktemp("output")
    with world(folder / "house") as made:
        number = 0
        for place in PLACES:
            for payload in PAYLOADS.values():
                number += 1
                made.house.clock.forward(minutes=3)
                made.store(hostile(place, payload, number))
                made.arrive()
        assert number == 13 * 12
        yield made, folder
