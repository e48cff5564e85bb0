"""What leaves of answers by somebody who knew no rule, sent in the thread of a question.

``tests/data/answers_as_sent_2.tsv``: a sample by day, all at night. A word to the Board that asks for something holds
the answer; of what leaves nothing that the asker needs is lost, and what stands beside it is known.
"""

import csv
import re

import pytest

from tests.dose import costly
from tests.installation import OFFICER, SXD, answer_to, text_of
from tests.mail_tables import DATA
from tests.world import NEIGHBOUR, ROAD, SIGNATURE, World, vouched

TABLE = DATA / "answers_as_sent_2.tsv"
WAITS = (
    *("a06", "a07", "a10", "a11", "a13", "a15", "a18", "a20", "a23", "a27", "a29", "a31", "a33", "a36", "a37", "a38"),
    *("a41", "a44", "a53", "a54", "a56", "a60", "a64", "a65", "a67", "a73", "a74", "a77", "a78", "a80"),
)
"""They ask the Board to wait, to leave out, to change or pass on something, or their answers stand elsewhere."""
BESIDE = ("a22", "a24", "a32", "a51", "a59", "a63", "a71", "a76")
"""They leave with a piece that is no answer: that a superior agreed, a telephone, a file's name."""
NAMED = re.compile(
    r"(?:[ôÔ]ng|[bB]à|[aA]nh|[cC]hị|[bB]ác|[cC]ô|[cC]hú|[bB]ạn|công dân|bạn đọc|độc giả) "
    r"((?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]+ ){1,3}[A-ZĐÀ-Ỹ][a-zà-ỹđ]+)"
)
"""Whom an answer names first; he is the asker here."""


def rows(waits: bool) -> list[dict[str, str]]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in table if (row["id"] in WAITS) is waits]


def sent(house: World, row: dict[str, str]) -> str:
    """What the asker was sent of the answer within the hour, on one line; "" when it waits."""
    who, body = f"{row['id']}@dan.test", row["body"].replace("\\n", "\n")
    named = NAMED.search(body)
    signature = SIGNATURE.replace("Nguyễn Văn An", named[1]) if named else SIGNATURE
    question = house.ask(ROAD + signature, who)
    (forwarded,) = house.house.sent_with(name="unit_forward", question_id=question["id"], recipient=SXD)
    house.arrive(vouched(answer_to(bytes(forwarded["bytes"]), SXD, body)))
    house.let_pass(hours=1)
    told = house.house.sent_with(recipient=who, after=forwarded["id"])
    return " ".join(" ".join(text_of(bytes(one["bytes"])) for one in told).replace("**", "").split())


def pieces(row: dict[str, str], column: str, text: str) -> list[bool]:
    """Of each piece in the column, whether it is in the text."""
    return [" ".join(one.replace("\\n", " ").split()) in text for one in row[column].split(" || ") if one.strip()]


@pytest.mark.slow
def test_an_answer_that_asks_something_of_the_board_waits(house: World) -> None:
    house.ask(ROAD + SIGNATURE, NEIGHBOUR)
    for row in costly(rows(waits=True), 6):
        assert not any(pieces(row, "wanted", sent(house, row))), row["id"]
        assert house.names(OFFICER), "an officer reads it"
    assert "citizen_answered" not in house.names(NEIGHBOUR)


@pytest.mark.slow
def test_what_leaves_tells_all_and_beside_it_only_what_is_known(house: World) -> None:
    house.ask(ROAD + SIGNATURE, NEIGHBOUR)
    for row in costly(rows(waits=False), 6):
        text = sent(house, row)
        left = any(pieces(row, "wanted", text))
        assert left is all(pieces(row, "wanted", text)), row["id"]
        assert any(pieces(row, "must_not", text)) is (left and row["id"] in BESIDE), row["id"]
    assert "citizen_answered" not in house.names(NEIGHBOUR)
