"""The law of conservation, looked at after every test: arrived = done + held + quarantined."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.installation import LiveInstallation

OPEN: list[LiveInstallation] = []
"""Installations that are not closed yet; each is looked at when it is closed, too."""


def balance(house: LiveInstallation) -> None:
    """An assertion where the books do not add up, unless the test says that it has broken them."""
    faults = [] if house.books_broken else house.unconserved()
    assert faults == [], "arrived is not done + held + quarantined"
