"""Reads FETCH responses without trusting the server: which bytes belong to which UID, and are they complete?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient.datetime_util import parse_to_datetime

from daemon.base.errors import TemporaryError

BODY = b"BODY[]"
ID_FIELD = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"
SIZE = b"RFC822.SIZE"
DATE = b"INTERNALDATE"

BATCH_BYTES = 16_000_000
"""Mails are fetched together up to this many bytes; a bigger one is fetched alone."""

LARGEST_MAIL = 200_000_000
"""A mail above this many bytes is not even asked for; the parser sets a lower limit on what the program takes."""


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One mail as the server has it; ``internaldate`` (UTC) is when the server received it."""

    uid: int
    raw: bytes
    internaldate: datetime
    flags: tuple[str, ...] = ()


class UnreadableMail(TemporaryError):  # noqa: N818 - names what it is about
    """Mails came damaged, and none came whole. ``reasons`` maps each UID to the reason."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        self.reasons = dict(reasons)
        told = "; ".join(f"UID {uid} {why}" for uid, why in list(self.reasons.items())[:3])
        more = f" and {len(self.reasons) - 3} more" if len(self.reasons) > 3 else ""
        super().__init__(f"IMAP: mail cannot be read whole: {told}{more}")


def records(parsed: Sequence[Any]) -> Iterator[dict[bytes, Any]]:
    """The items of each FETCH response in turn; ``TemporaryError`` where the structure is broken."""
    if len(parsed) % 2:
        raise TemporaryError("IMAP: a FETCH response has no items")
    for number, items in zip(parsed[::2], parsed[1::2], strict=True):
        if not isinstance(number, int) or not isinstance(items, tuple) or len(items) % 2:
            raise TemporaryError("IMAP: a FETCH response is malformed")
        record: dict[bytes, Any] = {}
        for name, value in zip(items[::2], items[1::2], strict=True):
            key = name.upper() if isinstance(name, bytes) else b"?"
            if key in record and record[key] != value:
                raise TemporaryError("IMAP: a FETCH response gives one item twice, and differently")
            record[key] = value
        yield record


def by_uid(parsed: Sequence[Any], asked: frozenset[int], needed: bytes) -> dict[int, dict[bytes, Any]]:
    """The responses that hold ``needed``, by UID.

    Unsolicited responses (a flag that a person set meanwhile) are skipped. A body for a UID that was not asked for,
    without a UID, or twice with different bytes, is a ``TemporaryError``: nothing in such an answer can be trusted.
    """
    found: dict[int, dict[bytes, Any]] = {}
    for record in records(parsed):
        if needed not in record:
            continue
        uid = record.get(b"UID")
        if not isinstance(uid, int) or uid not in asked:
            raise TemporaryError("IMAP: the server answers with a mail that was not asked for")
        if uid in found and found[uid][needed] != record[needed]:
            raise TemporaryError("IMAP: the server gives one mail twice, and differently")
        found[uid] = record
    return found


def fetched_mail(uid: int, record: Mapping[bytes, Any], size: int | None) -> FetchedMail | str:
    """The mail of a response, or why it is not whole. ``size`` is the RFC822.SIZE reported before, None = unknown.

    imapclient turns a body of digits into an int: leading zeros are lost, which the size check notices.
    """
    raw = record[BODY]
    if isinstance(raw, int):
        raw = str(raw).encode()  # imapclient turns a body of digits into an int
    if not isinstance(raw, bytes):
        return "came without a body"
    if size is not None and len(raw) != size:
        return f"came with {len(raw)} bytes of {size}"
    received = internal_date(record.get(DATE))
    if received is None:
        return "came without a readable INTERNALDATE"
    return FetchedMail(uid, raw, received, flags_of(record.get(b"FLAGS")))


def id_field(value: object) -> str:
    """The value of the first field in a header that holds Message-ID fields only, unfolded."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
    unfolded = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
    return unfolded.partition("\n")[0].partition(":")[2].strip()


def internal_date(value: object) -> datetime | None:
    """INTERNALDATE (RFC 9051 §2.3.3) in UTC, None when the value is not a valid one."""
    if not isinstance(value, bytes):
        return None
    try:
        found = parse_to_datetime(value, normalise=False)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError, TypeError):
        return None


def flags_of(value: object) -> tuple[str, ...]:
    """The flags as text; empty for anything that is not a list of words."""
    if not isinstance(value, tuple):
        return ()
    return tuple(flag.decode("ascii", "replace") for flag in value if isinstance(flag, bytes))


def batches(uids: Sequence[int], sizes: Mapping[int, int | None], most: int) -> Iterator[list[int]]:
    """The UIDs in order, cut into batches of at most ``most`` mails and about ``BATCH_BYTES``."""
    batch: list[int] = []
    weight = 0
    for uid in uids:
        size = sizes[uid] or 0
        if batch and (len(batch) >= most or weight + size > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch
