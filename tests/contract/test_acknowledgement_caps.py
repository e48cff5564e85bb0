"""The caps on acknowledgements hold among mails that are decided on in one pass."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.installation import letter
from tests.world import LETTER, World


@pytest.fixture
def house(house: World) -> World:
    board = replace(house.house.installation.board, acknowledgements_per_hour=2)
    house.house.installation = replace(house.house.installation, board=board)
    return house


def test_the_cap_an_hour_holds_among_mails_of_one_pass(house: World) -> None:
    house.arrive(*(letter(f"{one}@dan.test", f"{LETTER} {one}") for one in ("an", "ba", "tu", "sau", "bay")))
    told = [row["recipient"] for row in house.house.sent if row["name"] == "citizen_received"]
    assert told == ["an@dan.test", "ba@dan.test"]
    assert [row["told_at"] is not None for row in house.house.questions] == [True, True, False, False, False]
    house.house.clock.forward(hours=2)
    house.arrive(letter("chin@dan.test", f"{LETTER} chin"))
    assert house.house.questions[-1]["told_at"] == house.house.clock()


def test_the_cap_for_one_address_holds_among_mails_of_one_pass(tmp_path: Path) -> None:
    house = World(tmp_path)
    try:
        before = [letter(f"{one}@dan.test", f"{LETTER} {one}") for one in ("ba", "tu", "sau")]
        places = ("một", "hai", "ba", "bốn", "năm", "sáu")
        asked = [LETTER.replace("trước nhà tôi", f"trước cổng {' '.join([one] * 5)}") for one in places]
        spelled = ("an@dan.test", "An@dan.test", "AN@dan.test") * 2  # one mailbox, whatever the capitals
        house.arrive(*before, *(letter(each, one) for each, one in zip(spelled, asked, strict=True)))
        told = [row["recipient"].lower() for row in house.house.sent if row["name"] == "citizen_received"]
        assert (len(told), told.count("an@dan.test")) == (6, 3)
        assert house.journal().count("not_acknowledged") == 3  # not written at all, rather than kept back at the door
        assert len(house.house.questions) == 9
    finally:
        house.house.close()
