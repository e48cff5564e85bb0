"""Our folders on the server: names with its prefix and separator, created when they are missing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial

from imapclient import IMAPClient

from daemon.base.errors import TemporaryError
from daemon.config.mail import ImapClientSettings
from daemon.mailbox.connection import Connection
from daemon.mailbox.login import ImapSession


class ImapFolders(ImapSession):
    """A session that knows the server's names of our folders."""

    def __init__(self, connection: Connection, settings: ImapClientSettings) -> None:
        super().__init__(connection, settings)
        self._names: dict[str, str] = {}
        self._prefix: tuple[str, str] | None = None
        self._all: list[str] = []

    def ensure_folders(self, names: Sequence[str]) -> None:
        """Create and subscribe the folders that are missing, under the server's prefix and separator."""
        wanted = {name: self._full_name(name) for name in names if name.upper() != "INBOX"}
        there = self._listed()
        missing = [full for full in wanted.values() if full not in there]
        for full in missing:
            self._try("creating a folder", partial(IMAPClient.create_folder, folder=full))
            self._try("subscribing to a folder", partial(IMAPClient.subscribe_folder, folder=full))
        if missing:
            there = self._listed()
        for name, full in wanted.items():
            if full not in there:
                raise TemporaryError(f"IMAP: the folder {name} cannot be created")
            self._names[name] = there[full]

    def folders(self) -> list[str]:
        """Every folder that can hold mail, ours by our own names; each may be opened by the name given here."""
        if not self._all:
            own = {full: name for name, full in self._names.items()}
            self._all = [own.get(full, full) for full in self._listed().values()]
            self._names |= {name: name for name in self._all if name not in self._names and name.upper() != "INBOX"}
        return self._all

    def _listed(self) -> dict[str, str]:
        """The folders that can hold mail: the name in NFC → the server's name."""
        with self._asking("listing folders") as connection:
            listed = connection.list_folders()
        unusable = {b"\\NOSELECT", b"\\NONEXISTENT"}
        names = [name for flags, _, name in listed if not unusable & {flag.upper() for flag in flags}]
        return {unicodedata.normalize("NFC", name): name for name in names}

    def _full_name(self, name: str) -> str:
        prefix, separator = self._namespace()
        own = self._settings.folder_prefix
        before = own if own.startswith(prefix) else prefix + own
        if separator:
            name, before = name.replace("/", separator), before.replace("/", separator)
        return unicodedata.normalize("NFC", before + name)

    def _namespace(self) -> tuple[str, str]:
        """Prefix and separator of our own folders (RFC 2342), asked for once."""
        if self._prefix is None:
            with self._asking("asking for the namespace") as connection:
                if connection.has_capability("NAMESPACE"):
                    personal = connection.namespace().personal
                    prefix, separator = personal[0] if personal else ("", "/")
                else:
                    listed = connection.list_folders("", "")
                    prefix, separator = "", listed[0][1] if listed else b"/"
            text = separator.decode("ascii") if isinstance(separator, bytes) else separator or ""
            self._prefix = (prefix, text)
        return self._prefix

    def _name(self, folder: str) -> str:
        if folder.upper() == "INBOX":
            return "INBOX"
        return self._names.get(folder) or self._full_name(folder)
