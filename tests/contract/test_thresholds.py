"""The thresholds of ``[rules]``: what a question needs to be forwarded by itself, in this installation."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.demo.servers import EmbeddedServers
from rules.routing.routing_rules import load_routing, with_thresholds
from rules.values.data_file import DataFileError
from tests.installation import MAILBOX, OFFICER, LiveInstallation, letter, unit_address
from tests.world import CITIZEN, SIGNATURE

SURE = "Nước máy nhà tôi yếu, mùi hôi từ cống, đề nghị cơ quan chức năng xử lý." + SIGNATURE
HALF = "Đường trước nhà nhiều ổ gà, nước máy yếu, hỏi cơ quan nào?" + SIGNATURE
TWO = f"1. Nước máy nhà tôi yếu, mấy hôm nay không có.\n2. Nhà tôi bị mất điện nhiều ngày, hỏi ai?{SIGNATURE}"
Opened = Callable[[str], LiveInstallation]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    houses: list[LiveInstallation] = []
    people = (MAILBOX, OFFICER, CITIZEN, *(unit_address(code) for code in ("CAPNUOC", "DIENLUC", "SXD")))
    with EmbeddedServers(dict.fromkeys(people, "secret")) as servers:

        def opens(rules: str) -> LiveInstallation:
            extra = f"[rules]\n{rules}\n"
            houses.append(LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port, extra=extra))
            for text in (SURE, HALF, TWO):
                servers.deliver(MAILBOX, letter(CITIZEN, text), houses[-1].clock.at)
            houses[-1].run()
            return houses[-1]

        yield opens
        for house in houses:
            house.close()


@pytest.mark.parametrize(
    ("rules", "states"),
    [
        ("forward_threshold = 0.95", ["forwarded", "needs_review", "forwarded"]),
        ("forward_threshold = 0.999", ["needs_review", "needs_review", "needs_review"]),
        ("forward_threshold = 0.5", ["forwarded", "forwarded", "forwarded"]),
    ],
)
def test_the_threshold_decides_what_is_forwarded_and_explain_says_the_same(
    opened: Opened, rules: str, states: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = opened(rules)
    assert [row["status"] for row in house.questions] == states
    file = tmp_path / "new.eml"
    file.write_bytes(letter("chua-hoi@dan.test", SURE, message_id="<moi@dan.test>"))
    capsys.readouterr()
    assert house.command("explain", "--json", str(file)) == 0
    assert json.loads(capsys.readouterr().out)["decision"] == ("forward" if states[0] == "forwarded" else "review")


def test_a_threshold_below_the_other_is_one_clear_line() -> None:
    table = load_routing()
    shipped = dict(table.scoring.threshold)
    with pytest.raises(DataFileError, match=r"^\[rules\]: forward_threshold 0.1 is below review_threshold 0.3 "):
        with_thresholds(table, 0.1, None)
    assert with_thresholds(table, None, None) is table
    with_thresholds(table, 0.99, None)
    assert table.scoring.threshold == shipped, "the shipped rules stay as they are"
