"""Paragraphs that differ from mail to mail in nothing but its number and the address to answer to.

Such a one is encoded once, with holes for these two: where its lines are broken depends on their lengths alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

NUMBER, ADDRESS = "\x13", "\x14"
"""Marks for the two; no text of ours has control characters of its own when it gets here."""
UNCHANGED = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9%@._~-]*[A-Za-z0-9])?", re.ASCII)
"""What neither HTML nor quoted-printable changes, wherever it stands in a line."""
NUMBERS, ADDRESSES = ord("A") ^ ord("B"), ord("A") ^ ord("C")
DIFFERENT = re.compile(b"%c+|%c+" % (NUMBERS, ADDRESSES))

Encode = Callable[[str], bytes]


class Own(NamedTuple):
    """What one mail has alone: its question's number and the address to answer to, "" for none."""

    number: str = ""
    address: str = ""

    def marked(self, text: str) -> str:
        """The text with marks in their places; one that would be changed on its way stays where it is."""
        for own, mark in ((self.address, ADDRESS), (self.number, NUMBER)):
            if UNCHANGED.fullmatch(own):
                text = text.replace(own, mark)
        return text

    def filled(self, text: str) -> str:
        """The text as it was before."""
        return text.replace(NUMBER, self.number).replace(ADDRESS, self.address)


class Holed(NamedTuple):
    """Encoded text: what stands before the first hole; for each what comes in it, and what stands behind it.

    What comes in them is cut from all ``numbers`` and then all ``addresses``, for a hole may be broken by a line end.
    """

    first: bytes
    others: list[tuple[int, int, bytes]]
    numbers: int
    addresses: int

    def closed(self, own: Own) -> bytes:
        """The text of one mail."""
        come = own.number.encode() * self.numbers + own.address.encode() * self.addresses
        pieces = [self.first]
        for start, end, after in self.others:
            pieces += come[start:end], after
        return b"".join(pieces)


def with_holes(text: str, encode: Encode, number: int, address: int) -> Holed:
    """A text with marks, encoded for a number and an address so long: its holes are where two encodings differ."""
    one = encode(Own("A" * number, "A" * address).filled(text))
    other = encode(Own("B" * number, "C" * address).filled(text))
    differ = (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(len(one))
    places = [found.span() for found in DIFFERENT.finditer(differ)]
    edges = [*(start for start, _ in places), len(one)]
    taken = {NUMBERS: 0, ADDRESSES: differ.count(NUMBERS)}
    others = []
    for (start, end), until in zip(places, edges[1:], strict=True):
        come = taken[differ[start]]
        taken[differ[start]] += end - start
        others.append((come, come + end - start, one[end:until]))
    numbers, addresses = differ.count(NUMBERS) // (number or 1), differ.count(ADDRESSES) // (address or 1)
    return Holed(one[: edges[0]], others, numbers, addresses)
