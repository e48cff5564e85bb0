"""``kill -9`` at every fail point, then a restart: nothing lost, nothing registered twice, nothing sent twice.

The one window that no program can close lies between the server's 250 and our mark of it (``send.accepted``):
there the identical bytes may go out once more, with the same Message-ID.
"""

import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from daemon.demo.servers import EmbeddedServers
from tests.crashing import Crashing
from tests.dose import each_third
from tests.installation import MAILBOX, LiveInstallation, answer_to, letter, unit_address
from tests.support.crash_points import NAMES
from tests.world import LETTER, World

pytestmark = [pytest.mark.slow, pytest.mark.world(connections=1)]


@pytest.fixture(scope="module")
def crashing() -> Iterator[Crashing]:
    with Crashing() as made:
        yield made


def prepare(servers: EmbeddedServers, house: LiveInstallation) -> None:
    """One question of October that is overdue by now, one that is being answered, a new one, and its double."""
    servers.deliver(MAILBOX, letter("an@dan.test", LETTER, subject="Đường hỏng"), house.clock.at)
    servers.deliver(MAILBOX, letter("ba@dan.test", LETTER, subject="Ổ gà"), house.clock.at)
    house.run()
    house.service.close()
    forward = next(one for one in servers.mails(unit_address("SXD")) if b"HP-2026-000002" in one)
    answer = answer_to(forward, unit_address("SXD"), "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")
    servers.deliver(MAILBOX, answer)
    new = letter("chi@dan.test", LETTER, subject="Mặt đường")
    servers.deliver(MAILBOX, new)
    servers.deliver(
        MAILBOX, b"Received: from elsewhere.test by mail.haiphong.test; Mon, 5 Oct 2026 09:00:01 +0700\r\n" + new
    )


def one_pass(crashing: Crashing, house: LiveInstallation, failpoint: str = "") -> int:
    """One pass in a process of its own, with the real clock."""
    return crashing.run(["run", "--once", "--config", str(house.file)], failpoint)


@each_third("point", NAMES)
def test_killed_at(point: str, town: World, crashing: Crashing) -> None:
    servers, house = town.servers, town.house
    prepare(servers, house)
    assert one_pass(crashing, house, point) == -signal.SIGKILL, "the point was not reached"
    assert one_pass(crashing, house) == 0
    assert one_pass(crashing, house) == 0
    check(servers, house, point)


def check(servers: EmbeddedServers, house: LiveInstallation, point: str) -> None:
    """Each mail has its one fate, each question its one number, each notice was taken by the server once."""
    assert Counter(row["fate"] for row in house.mails) == {"register": 3, "attach": 1, "ignore": 1}
    assert [row["status"] for row in house.questions] == ["forwarded", "answered", "forwarded"]
    assert {row["status"] for row in house.sent} == {"sent"} | ({"pending"} if waits(house) else set())
    taken = Counter(mail.raw for mail in servers.sent)
    twice = [raw for raw, times in taken.items() if times > 1]
    assert len(twice) <= (1 if point == "send.accepted" else 0)
    assert all(times <= 2 for times in taken.values())
    assert len(taken) == len(house.sent_with(status="sent")), "same notice, other bytes"
    assert servers.mails(MAILBOX) == [], "decided mails lie where their fate shows"
    assert house.faults() == []


def waits(house: LiveInstallation) -> bool:
    """Chasing mail is queued for working hours, so that outside them it is still to be sent."""
    return any(row["status"] == "pending" for row in house.sent)
