"""What sending promises, shown on the embedded server, on aiosmtpd and on Postfix's smtp-sink with the same tests."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from daemon.letters import samples
from daemon.letters.compose import Composer, Templates
from daemon.smtp.sender import OutgoingMail, Sender, SendResult
from tests.servers.faulty_smtp import FaultySmtp
from tests.servers.process import free_ports, new_folder, remove_folder, wait_for_port
from tests.servers.smtp_settings import TestSettings

SINK = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin")

Mail = tuple[str, str, bytes]


@dataclass
class Server:
    """A server that takes everything; ``mails`` tells what it took."""

    port: int
    mails: Callable[[], list[Mail]]


class _Keeper:
    """aiosmtpd's handler: keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the mail."""
        self.mails.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.original_content))
        return "250 OK"


@contextlib.contextmanager
def aiosmtpd_server() -> Iterator[Server]:
    keeper = _Keeper()
    controller = Controller(keeper, hostname="127.0.0.1", port=free_ports(1)[0])
    controller.start()
    try:
        yield Server(controller.port, lambda: keeper.mails)
    finally:
        controller.stop()


@contextlib.contextmanager
def scripted_server() -> Iterator[Server]:
    with FaultySmtp() as server:
        yield Server(server.port, lambda: server.seen.mails)


def dumped(file: Path) -> Mail:
    """One mail as smtp-sink writes it: envelope lines of its own, then the mail with LF line ends."""
    head, _, rest = file.read_bytes().partition(b"\nReceived: ")
    fields = dict(line.split(b": ", 1) for line in head.split(b"\n") if b": " in line)
    raw = rest[rest.index(b"\nFrom: ") + 1 :].removesuffix(b"\n")
    address = [fields[name].decode().strip("<>") for name in (b"X-Mail-Args", b"X-Rcpt-Args")]
    return address[0].split(">")[0], address[1], raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@contextlib.contextmanager
def sink_process(*options: str) -> Iterator[tuple[int, Path]]:
    if SINK is None:
        pytest.skip("Postfix's smtp-sink is absent")
    folder = new_folder("sink")
    folder.chmod(0o777)
    port = free_ports(1)[0]
    log = folder / "log"
    user = ["-u", "nobody"] if os.geteuid() == 0 else []  # only root can become somebody else
    with log.open("wb") as out:
        process = subprocess.Popen(
            [SINK, *user, *options, f"127.0.0.1:{port}", "100"], cwd=folder, stdout=out, stderr=out
        )
        try:
            wait_for_port(port, process, log)
            yield port, folder
        finally:
            process.terminate()
            process.wait(10)
            remove_folder(folder)


@contextlib.contextmanager
def postfix_sink() -> Iterator[Server]:
    with sink_process("-d", "mail.") as (port, folder):
        yield Server(port, lambda: [dumped(file) for file in folder.glob("mail.*") if file.stat().st_size])


SERVERS = {"scripted": scripted_server, "aiosmtpd": aiosmtpd_server, "smtp-sink": postfix_sink}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with SERVERS[request.param]() as one:
        yield one


@pytest.fixture(scope="module")
def composed() -> list[OutgoingMail]:
    composer = Composer(Templates(), samples.HOUSE)
    mails = [composer.compose(draft) for draft in samples.drafts()]
    return [OutgoingMail(n, one.envelope_from, f"nguoi{n}@vidu.test", one.raw) for n, one in enumerate(mails)]


def send(port: int, mails: list[OutgoingMail], connections: int = 3) -> list[SendResult]:
    results: list[SendResult] = []
    asyncio.run(Sender(TestSettings(port, connections=connections)).send_all(mails, results.append))
    return results


def test_every_notice_arrives_byte_for_byte_once(server: Server, composed: list[OutgoingMail]) -> None:
    results = send(server.port, composed)
    assert {one.outcome for one in results} == {"sent"}
    assert sorted(one.id for one in results) == [one.id for one in composed]
    wanted = sorted((one.recipient, one.envelope_from, one.raw) for one in composed)
    end = time.monotonic() + 5
    while len(server.mails()) < len(wanted) and time.monotonic() < end:
        time.sleep(0.05)
    assert sorted((to, sender, raw) for sender, to, raw in server.mails()) == wanted


def test_dots_at_the_beginning_of_lines_survive(server: Server) -> None:
    raw = b"From: a@vidu.test\r\nSubject: cham\r\n\r\n.\r\n..\r\n.a\r\nb.\r\n"
    assert [one.outcome for one in send(server.port, [OutgoingMail(1, "a@vidu.test", "b@vidu.test", raw)])] == [
        "sent"
    ]
    end = time.monotonic() + 5
    while not server.mails() and time.monotonic() < end:
        time.sleep(0.05)
    assert [mail[2] for mail in server.mails()] == [raw]


@pytest.mark.parametrize(
    ("options", "outcome", "phase"),
    [
        (["-f", "rcpt"], "permanent", "rcpt"),
        (["-r", "rcpt"], "temporary", "rcpt"),
        (["-f", "data"], "permanent", "body"),
        (["-r", "."], "temporary", "body"),
        (["-f", "."], "permanent", "body"),
        (["-q", "rcpt"], "temporary", "rcpt"),
        (["-q", "."], "unknown", "body"),
        (["-Q", "mail"], "temporary", "mail"),
        (["-f", "connect"], "configuration", "connect"),
        (["-r", "connect"], "temporary", "connect"),
    ],
)
def test_failures_of_a_real_server(options: list[str], outcome: str, phase: str) -> None:
    with sink_process(*options) as (port, _):
        (result,) = send(port, [OutgoingMail(1, "a@vidu.test", "b@vidu.test", b"Subject: x\r\n\r\nx\r\n")])
        assert (result.outcome, result.phase) == (outcome, phase), result


def test_a_thousand_mails_over_three_kept_connections(composed: list[OutgoingMail]) -> None:
    mails = [OutgoingMail(n, "a@vidu.test", "b@vidu.test", composed[2].raw) for n in range(1000)]
    with FaultySmtp() as server:
        assert {one.outcome for one in send(server.port, mails)} == {"sent"}
        assert len(server.seen.mails) == 1000
        assert server.seen.connections <= 12, "a hundred mails a connection"
