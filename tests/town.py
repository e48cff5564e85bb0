"""A house on the embedded servers with a neighbour in it, for what a mail on its way to the house comes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from daemon.demo.servers import EmbeddedServers
from tests.contract.test_journeys import CITIZEN, Town
from tests.installation import HEAD, MAILBOX, OFFICE, OFFICER, UNITS, LiveInstallation, unit_address

NEIGHBOUR, STRANGER = "ba@dan.test", "tu@dan.test"


@contextmanager
def town_with_a_neighbour(folder: Path, authserv_id: str = "") -> Iterator[Town]:
    """Everybody has a mailbox; the books add up when it is left."""
    people = (MAILBOX, OFFICER, OFFICE, HEAD, CITIZEN, NEIGHBOUR, STRANGER)
    users = dict.fromkeys((*people, *(unit_address(code) for code in UNITS)), "secret")
    with EmbeddedServers(users) as servers:
        house = LiveInstallation(folder, servers.imap_port, servers.smtp_port, authserv_id=authserv_id)
        try:
            yield Town(servers, house)
            assert house.faults() == []
        finally:
            house.close()


def of_question(town: Town, code: str) -> list[dict[str, Any]]:
    """The register's row of a question, for comparison with what it is later."""
    return [row for row in town.house.questions if row["code"] == code]
