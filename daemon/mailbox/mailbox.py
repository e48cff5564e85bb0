"""The mailbox client: all that the daemon does with the official mailbox over IMAP.

It trusts neither the server nor its own earlier knowledge of the server: UIDs, bodies and moves are checked, every
command has limits of time and bytes, and after any error the caller drops the client and connects anew. Nothing from
a mail ever goes into a command: only UIDs and the fixed names of our folders do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from imapclient.exceptions import IMAPClientReadOnlyError

from daemon.base.errors import ConfigurationError, TemporaryError, UnreadableMail
from daemon.config.mail import ImapClientSettings
from daemon.mailbox.connection import (
    BATCH_BYTES,
    BODY,
    DATE,
    ID_FIELD,
    LARGEST_MAIL,
    SIZE,
    SLICE_SECONDS,
    Connection,
    FetchedMail,
    batches,
    by_uid,
    fetched_mail,
    id_field,
    internal_date,
    records,
)
from daemon.mailbox.login import ImapFolders

__all__ = ["FetchedMail", "ImapClientSettings", "MailboxClient"]

HIGHEST_NUMBER = 2**32 - 1
"""UIDs and UIDVALIDITY are non-zero 32-bit numbers (RFC 9051 §9, nz-number)."""

HEAD = b"BODY[HEADER]"
SIZES_AT_ONCE = 500
MOVES_AT_ONCE = 200
LOOKED_AT = 1_000
"""How many of a folder's newest mails are searched for the copy that an interrupted move left there."""
LONGEST_IDLE = 25 * 60.0
"""Seconds; a server may log out a client after half an hour of silence (RFC 2177)."""


class MailboxClient(ImapFolders):
    """The mailbox over one connection; a context manager. Not for several threads at once."""

    def __init__(self, connection: Connection, settings: ImapClientSettings) -> None:
        super().__init__(connection, settings)
        self._readonly = False
        self._folder = ""
        self._uidvalidity = 0

    # -- reading --------------------------------------------------------------------------------

    def open(self, folder: str = "INBOX", readonly: bool = False) -> int:
        """Select a folder and return its UIDVALIDITY; ``TemporaryError`` when there is no valid one."""
        with self._asking(f"opening {folder}") as connection:
            connection.opened(0)
            answer = self._selected(connection, folder, readonly)
            found = answer.get(b"UIDVALIDITY")
            if not isinstance(found, int) or not 1 <= found <= HIGHEST_NUMBER:
                raise TemporaryError(f"IMAP: {folder} has no valid UIDVALIDITY")
            connection.opened(found)
            self._readonly, self._folder, self._uidvalidity = readonly, folder, found
            return found

    def _selected(self, connection: Connection, folder: str, readonly: bool) -> Mapping[bytes, Any]:
        """The answer to SELECT or EXAMINE. A folder shared with this account may forbid writing."""
        try:
            answer: Mapping[bytes, Any] = connection.select_folder(self._name(folder), readonly=readonly)
        except IMAPClientReadOnlyError:
            raise ConfigurationError(
                f"IMAP: {folder} can only be read by {self._settings.user}; give the account the right to write there"
            ) from None
        return answer

    def capable(self, name: str) -> bool:
        """True when the server announces this capability."""
        with self._asking("asking for capabilities") as connection:
            return bool(connection.has_capability(name))

    @property
    def can_move(self) -> bool:
        """True when mails can be moved without harm to others."""
        return self.capable("MOVE") or self.capable("UIDPLUS")

    def uids(self, since: date | None = None) -> list[int]:
        """Every UID of the open folder, ascending; with ``since`` only mails of then, by the server's days."""
        with self._asking("listing mails") as connection:
            return self._numbers(connection.search("ALL" if since is None else ["SINCE", since]))

    def received(self, uids: Sequence[int]) -> dict[int, datetime]:
        """When the server received each mail that is still there (INTERNALDATE, UTC)."""
        found: dict[int, datetime] = {}
        wanted = list(self._checked(uids))
        for start in range(0, len(wanted), SIZES_AT_ONCE):
            batch = wanted[start : start + SIZES_AT_ONCE]
            with self._asking("asking for dates") as connection:
                answer = by_uid(connection.fetch_raw(_uid_set(batch), "(UID INTERNALDATE)"), frozenset(batch), DATE)
            days = ((uid, internal_date(record[DATE])) for uid, record in answer.items())
            found |= {uid: at for uid, at in days if at is not None}
        return found

    @staticmethod
    def _numbers(found: Sequence[Any]) -> list[int]:
        numbers = sorted(set(found))
        if numbers and not 1 <= numbers[0] <= numbers[-1] <= HIGHEST_NUMBER:
            raise TemporaryError("IMAP: the server lists a UID that cannot be one")
        return numbers

    def fetch(self, uids: Sequence[int]) -> Iterator[FetchedMail]:
        """The mails in the order of ``uids``, fetched in batches, without setting ``\\Seen``.

        UIDs that are gone meanwhile are absent. Damaged mails are left out. ``UnreadableMail`` reports them, but only
        in a fetch that brought nothing else: an error behind good mails would cost the caller those it had not yet
        stored. As damaged mails stay in the folder, the next fetch asks for them alone.
        """
        damaged: dict[int, str] = {}
        good = 0
        wanted = list(dict.fromkeys(self._checked(uids)))
        for start in range(0, len(wanted), SIZES_AT_ONCE):
            sizes = self._sizes(wanted[start : start + SIZES_AT_ONCE], damaged)
            for batch in batches(list(sizes), sizes, self._settings.batch):
                for mail in self._fetch_batch(batch, sizes, damaged):
                    good += 1
                    yield mail
        if damaged and not good:
            raise UnreadableMail(damaged)

    @staticmethod
    def _checked(uids: Sequence[int]) -> Sequence[int]:
        if not all(isinstance(uid, int) and 1 <= uid <= HIGHEST_NUMBER for uid in uids):
            raise ValueError("UIDs are integers from 1 to 2^32-1")
        return uids

    def _sizes(self, uids: Sequence[int], damaged: dict[int, str]) -> dict[int, int | None]:
        """RFC822.SIZE of the mails that are still there, None where the server gives none."""
        with self._asking("asking for sizes") as connection:
            parsed = connection.fetch_raw(_uid_set(uids), "(UID RFC822.SIZE)")
            answer, there = by_uid(parsed, frozenset(uids), SIZE), {one.get(b"UID") for one in records(parsed)}
        sizes: dict[int, int | None] = {}
        for uid in (uid for uid in uids if uid in there):
            size = answer[uid][SIZE] if uid in answer else None
            sizes[uid] = size if isinstance(size, int) else None
            if isinstance(size, int) and size > LARGEST_MAIL:
                damaged[uid] = f"has {size} bytes, more than can be taken"
                del sizes[uid]
        return sizes

    def _fetch_batch(
        self, batch: Sequence[int], sizes: dict[int, int | None], damaged: dict[int, str]
    ) -> Iterator[FetchedMail]:
        known = [sizes[uid] for uid in batch]
        expected = sum(size if size is not None else BATCH_BYTES for size in known)
        with self._asking("fetching mails", expected) as connection:
            parsed = connection.fetch_raw(_uid_set(batch), "(UID INTERNALDATE FLAGS BODY.PEEK[])")
            answer = by_uid(parsed, frozenset(batch), BODY)
        for uid in (uid for uid in batch if uid in answer):
            record = answer.pop(uid)
            mail = fetched_mail(uid, record, sizes[uid] if self._settings.check_size else None)
            if isinstance(mail, str) and self._comes_again(uid, record[BODY]):
                mail = fetched_mail(uid, record, None)  # the size was an estimate, as Exchange's are
            if isinstance(mail, str):
                damaged[uid] = mail
            else:
                yield mail

    def _comes_again(self, uid: int, body: object) -> bool:
        """True when a second fetch gives the same bytes: a literal proves its own length, RFC822.SIZE may not."""
        with self._asking("fetching a mail again") as connection:
            parsed = connection.fetch_raw(_uid_set([uid]), "(UID BODY.PEEK[])")
            again = by_uid(parsed, frozenset([uid]), BODY)
        return uid in again and again[uid][BODY] == body

    def message_ids(self, uids: Sequence[int]) -> dict[int, str]:
        """The value of the first Message-ID field of each mail that is still there, "" where there is none."""
        found: dict[int, str] = {}
        wanted = list(self._checked(uids))
        for start in range(0, len(wanted), SIZES_AT_ONCE):
            batch = wanted[start : start + SIZES_AT_ONCE]
            with self._asking("asking for Message-IDs") as connection:
                parsed = connection.fetch_raw(_uid_set(batch), "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
                answer = by_uid(parsed, frozenset(batch), ID_FIELD)
            found |= {uid: id_field(record[ID_FIELD]) for uid, record in answer.items()}
        return found

    def heads(self, uids: Sequence[int]) -> list[bytes]:
        """The header of each of these few mails that is still there, in no order."""
        wanted = self._checked(uids)
        if not wanted:
            return []
        with self._asking("asking for headers") as connection:
            answer = by_uid(
                connection.fetch_raw(_uid_set(wanted), "(UID BODY.PEEK[HEADER])"), frozenset(wanted), HEAD
            )
        return [record[HEAD] for record in answer.values() if isinstance(record[HEAD], bytes)]

    # -- moving ---------------------------------------------------------------------------------

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails to one of our folders, which is created when it is missing; UIDs that are gone do no harm.

        Afterwards the server is asked whether they are really gone: ``TemporaryError`` when they are not.
        ``ConfigurationError`` when the server has neither MOVE nor UIDPLUS: a plain EXPUNGE could destroy mails that
        a person only marked.
        """
        if self._readonly:
            # This check is not left to the server: Dovecot moves mails out of a folder that was opened with EXAMINE.
            raise ValueError("the folder is open for reading only")
        wanted = list(self._checked(uids))
        for start in range(0, len(wanted), MOVES_AT_ONCE):
            batch = wanted[start : start + MOVES_AT_ONCE]
            try:
                self._move_batch(batch, folder)
            except TemporaryError:
                if self._broken:
                    raise
                self.ensure_folders([folder])
                self._move_batch(batch, folder)
            self._check_gone(batch)

    def _move_batch(self, uids: Sequence[int], folder: str) -> None:
        target = self._name(folder)
        with self._asking("moving mails") as connection:
            if connection.has_capability("MOVE"):
                connection.move(uids, target)
                return
            if not connection.has_capability("UIDPLUS"):
                raise ConfigurationError(
                    "IMAP: the server has neither MOVE nor UIDPLUS; mails cannot be moved safely"
                )
        copied = self._copied_before(uids, folder)
        if missing := [uid for uid in uids if uid not in copied]:
            with self._asking("moving mails") as connection:
                connection.copy(missing, target)
        with self._asking("removing moved mails") as connection:
            connection.add_flags(uids, [b"\\Deleted"], silent=True)
        with self._asking("removing moved mails") as connection:
            connection.uid_expunge(uids)

    def _copied_before(self, uids: Sequence[int], folder: str) -> set[int]:
        """The UIDs whose copy is in the folder already: the connection broke before the original was removed.

        A copy keeps the Message-ID and the time of receipt (RFC 9051 §6.4.7). Only the folder's newest mails are
        searched, and a mail without Message-ID is copied once more. Raises ``TemporaryError`` when the UIDs now stand
        for other mails.
        """
        marks = self._marks(uids)
        source, before = self._folder, self._uidvalidity
        try:
            self.open(folder, readonly=True)
            there = set(self._marks(self.uids()[-LOOKED_AT:]).values())
        except TemporaryError:
            if self._broken:
                raise
            there = set()  # the folder does not exist yet
        if self.open(source) != before:
            self._broken = True  # what follows would remove mails that nobody has read
            raise TemporaryError(f"IMAP: {source} has another UIDVALIDITY than before")
        with self._asking("opening the folder again") as connection:
            connection.news = True  # nothing announces what came meanwhile: list once more
        return {uid for uid, mark in marks.items() if mark in there}

    def _marks(self, uids: Sequence[int]) -> dict[int, tuple[datetime, int | None, str]]:
        """What identifies a mail and its copy: the time of receipt, the size, and the Message-ID.

        The Message-ID alone proves nothing: the writer sets it, perhaps the same one in two mails of one second.
        """
        ids = {uid: text for uid, text in self.message_ids(uids).items() if text}
        received = self.received(list(ids))
        sizes: dict[int, int | None] = {}
        there = list(received)
        for start in range(0, len(there), SIZES_AT_ONCE):
            sizes |= self._sizes(there[start : start + SIZES_AT_ONCE], {})
        return {uid: (received[uid], size, ids[uid]) for uid, size in sizes.items()}

    def remove(self, uids: Sequence[int]) -> None:
        """Delete exactly these mails, which are ours. ``ConfigurationError`` without UIDPLUS, as for :meth:`move`."""
        if self._readonly:
            raise ValueError("the folder is open for reading only")
        wanted = list(self._checked(uids))
        with self._asking("removing mails") as connection:
            if not connection.has_capability("UIDPLUS"):
                raise ConfigurationError("IMAP: the server has no UIDPLUS; mails cannot be removed safely")
            connection.add_flags(wanted, [b"\\Deleted"], silent=True)
        with self._asking("removing mails") as connection:
            connection.uid_expunge(wanted)
        self._check_gone(wanted)

    def _check_gone(self, uids: Sequence[int]) -> None:
        with self._asking("looking after moved mails") as connection:
            left = set(connection.search([b"UID", _uid_set(uids)])) & set(uids)
        if left:
            self._broken = True
            raise TemporaryError(f"IMAP: {len(left)} mails are still there although the server moved them")

    # -- waiting --------------------------------------------------------------------------------

    def idle(self, seconds: float, wake: Callable[[], bool]) -> bool:
        """Wait until something changed (True), or until ``wake()`` is true or ``seconds`` are over (False).

        ``wake`` is asked at least every two seconds. Without IDLE on the server the call just waits; the caller
        polls. News since ``open()`` or the last wait counts as a change at once, because the server announces it only
        once; at worst that costs one listing too many.
        """
        end = time.monotonic() + min(seconds, LONGEST_IDLE)
        with self._asking("waiting for mail") as connection:
            if not connection.news and not connection.has_capability("IDLE"):
                return _sleep(end, wake)
            while not connection.news and time.monotonic() < end and not wake():
                connection.start_idle()
                while not connection.news and (left := end - time.monotonic()) > 0 and not wake():
                    if connection.wire.waits(min(SLICE_SECONDS, left)):
                        break
                connection.stop_idle()
            changed, connection.news = connection.news, False
            return changed


def _sleep(end: float, wake: Callable[[], bool]) -> bool:
    while (left := end - time.monotonic()) > 0 and not wake():
        time.sleep(min(SLICE_SECONDS, left))
    return False


def _uid_set(uids: Sequence[int]) -> bytes:
    """UIDs as an IMAP sequence set, neighbours joined to ranges (RFC 9051 §9, sequence-set)."""
    parts: list[str] = []
    first = last = 0
    for uid in [*sorted(set(uids)), 0]:
        if uid == last + 1 and last:
            last = uid
            continue
        if last:
            parts.append(str(first) if first == last else f"{first}:{last}")
        first = last = uid
    return ",".join(parts).encode("ascii")
