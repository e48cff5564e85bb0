"""The life of a real server that the tests start: its folder, its process, its log."""

import os
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from imapclient import IMAPClient

from tests.servers.process import HOST, log_end, remove_folder, start_process, stop_process, wait_for_port


class Server(ABC):
    """A server with all its files in ``folder``, from ``start`` to ``stop``; ``port_of_life`` tells that it is up."""

    def __init__(self, port_of_life: int) -> None:
        self.host = HOST
        self.port_of_life = port_of_life
        self.folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def start(self) -> Self:
        """Make the folder with the configuration, then :meth:`run`."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """The program with its arguments."""

    @property
    @abstractmethod
    def log(self) -> Path:
        """The log of what it does."""

    @property
    def output(self) -> Path:
        """Where what the process prints goes: into its log, unless the server keeps one itself."""
        return self.log

    def variables(self) -> Mapping[str, str]:
        return os.environ

    def run(self) -> None:
        """Start the process and wait until its port answers. Raises ``RuntimeError`` with what it logged."""
        self._process = start_process(self.command(), self.output, env=self.variables())
        try:
            wait_for_port(self.port_of_life, self._process, self.log)
        except RuntimeError:
            told = self.log_end()
            self.stop()
            raise RuntimeError(f"{type(self).__name__} did not start: {told}") from None

    def restart(self) -> None:
        """Stop the process and start it again on the same files and ports."""
        if self._process is not None:
            stop_process(self._process)
        self.run()

    def stop(self) -> None:
        """Stop the process and remove all its files."""
        if self._process is not None:
            stop_process(self._process)
            self._process = None
        if self.folder != Path():
            remove_folder(self.folder)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def log_end(self) -> str:
        """The end of the log, for a failing test."""
        return log_end(self.log)


class ShownByImap(Server):
    """A server whose mailboxes are looked at by IMAP; it believes every password, and has its folders below INBOX."""

    separator = "/"

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails of a mailbox, oldest first; [] where there is no such folder."""
        name = folder if folder == "INBOX" else f"INBOX{self.separator}{folder}"
        with IMAPClient(HOST, self.port_of_life, ssl=False, timeout=20) as client:
            client.login(address, "any")
            if not client.folder_exists(name):
                return []
            client.select_folder(name, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [bytes(found[uid][b"BODY[]"]) for uid in sorted(found)]


class Relay(Server):
    """A server that keeps mail in a queue until it is handed on."""

    @abstractmethod
    def has_mail(self) -> bool:
        """Whether anything waits in the queue."""

    def wait_until_empty(self, seconds: float = 15.0) -> None:
        """Until the queue is empty. Raises ``TimeoutError`` with the end of the log when it stays filled."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.has_mail():
                return
            time.sleep(0.02)
        raise TimeoutError(f"{type(self).__name__} still has mail: {self.log_end()}")
