"""The story of one session by mail alone, on real Dovecot and Postfix, whose clock goes with the story's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.contract.test_session_story import play
from tests.hall import Hall
from tests.installation import MAILBOX
from tests.servers.city import real_servers, why_not
from tests.servers.faketime import SharedClock
from tests.world import PEOPLE, world

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    if reason := why_not():
        pytest.skip(reason)
    clock = SharedClock(datetime(2026, 10, 26, 1, 0, tzinfo=UTC))
    domains = sorted({one.rpartition("@")[2] for one in PEOPLE})
    with (
        real_servers(MAILBOX, domains, clock) as servers,
        world(tmp_path / "house", servers=servers, kind=Hall, clock=clock) as made,
    ):
        yield made  # type: ignore[misc]


def test_a_session_by_mail_alone_on_real_servers(hall: Hall) -> None:
    play(hall)
    received = [row["internaldate"] for row in hall.house.mails]
    assert all(isinstance(one, datetime) and one.month in {10, 11} for one in received)
    assert min(map(str, received)).startswith("2026-10-26"), "INTERNALDATE by the shifted clock"
    assert [row["status"] for row in hall.house.sent if row["status"] != "sent"] == []
