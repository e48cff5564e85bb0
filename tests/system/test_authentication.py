"""The word of the mail server about senders: on real Postfix and Dovecot, as a mail filter and LMTP write it."""

import email
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon import cli
from daemon.admin import check_round_trip
from daemon.demo.servers import EmbeddedServers
from daemon.demo.smtp_server import EmbeddedSmtp, SentMail
from tests.installation import MAILBOX, SXD, LiveInstallation, answer_to, letter
from tests.servers.milter import AuthenticationMilter
from tests.world import LETTER

AUTHSERV = "mx.doithoai.test"
OTHERS = ["haiphong.test", "dan.test", "sxd.test", "evil.test"]


@pytest.fixture
def milter() -> Iterator[AuthenticationMilter]:
    with AuthenticationMilter(AUTHSERV) as running:
        yield running


def house_in(city: Any, folder: Path) -> LiveInstallation:
    return LiveInstallation(folder, city.imap_port, city.smtp_port, authserv_id=AUTHSERV)


def checked(house: LiveInstallation, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    code = cli.main(["check", *options, "--config", str(house.file)])
    lines = capsys.readouterr().out.splitlines()
    return code, [line for line in lines if line[5:].startswith(f"{check_round_trip.FORGED}: ")]


@pytest.mark.system
def test_an_act_is_done_behind_lmtp_and_a_forged_one_is_held(
    mail_city: Any, milter: AuthenticationMilter, tmp_path: Path
) -> None:
    city = mail_city({MAILBOX: "secret"}, OTHERS, milter=milter.address)
    house = house_in(city, tmp_path / "house")
    city.deliver(letter("an@dan.test", LETTER), "an@dan.test", MAILBOX)
    city.settle()
    house.run(2)
    city.settle()
    (forward,) = city.mailbox_of(SXD)
    reply = answer_to(forward, SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")
    to = str(email.message_from_bytes(reply)["To"])
    result = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from=sxd.test\r\n"
    stamp = f"Received: by {AUTHSERV} with LMTP id 1; Mon, 5 Oct 2026 09:00:00 +0700\r\n"
    city.deliver((result + stamp + result).encode() + reply, "ke-xau@evil.test", to)
    city.settle()
    house.run()
    assert (house.mails[-1]["status"], house.questions[0]["status"]) == ("held", "forwarded")
    city.deliver(reply.replace(b"Subject: Re", b"X-True: 1\r\nSubject: Re"), SXD, to)
    city.settle()
    house.run()
    assert (house.mails[-1]["status"], house.questions[0]["status"]) == ("done", "answered")
    arrived = [email.message_from_bytes(raw) for raw in city.mailbox_of(MAILBOX, "Trả lời của đơn vị")]
    assert [mail.keys()[2:5] for mail in arrived] == [["Received", "Authentication-Results", "Received"]]
    assert house.faults() == []
    house.close()


@pytest.mark.system
@pytest.mark.parametrize(
    ("strips", "verdict"),
    [(True, "ok   forged-results: the server removes"), (False, "warn forged-results: 2 of 2 were left")],
)
def test_check_puts_a_real_server_to_the_test(
    strips: bool, verdict: str, mail_city: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with AuthenticationMilter(AUTHSERV, strips=strips) as milter:
        city = mail_city({MAILBOX: "secret"}, OTHERS, milter=milter.address)
        house = house_in(city, tmp_path / "house")
        for number in range(3):
            city.deliver(letter("an@dan.test", f"{LETTER}{number}"), "an@dan.test", MAILBOX)
        city.settle()
        code, lines = checked(house, capsys)
        assert (code, len(lines)) == (0, 1)
        assert lines[0].startswith(verdict)
        assert len(city.mailbox_of(MAILBOX)) == 3, "the probe is gone, and nothing else"
        house.close()


STRIP = "/^Authentication-Results[[:space:]]*:/ IGNORE"
"""As docs/install.md says."""


@pytest.mark.system
def test_a_result_below_our_received_counts_where_postfix_itself_removes_a_senders(
    mail_city: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The filter writes at index 1 and removes nothing; at the end it is down, and mail goes on without it."""
    with AuthenticationMilter(AUTHSERV, strips=False, index=1) as milter:
        city = mail_city({MAILBOX: "secret"}, OTHERS, milter=milter.address, header_checks=STRIP)
        below = f'results_below_received = "{AUTHSERV}"'
        house = LiveInstallation(
            tmp_path / "house", city.imap_port, city.smtp_port, authserv_id=AUTHSERV, mailbox=below
        )
        for number in range(2):
            city.deliver(letter("an@dan.test", f"{LETTER}{number}"), "an@dan.test", MAILBOX)
        city.settle()
        house.run(2)
        city.settle()
        replies = [
            answer_to(raw, SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")
            for raw in city.mailbox_of(SXD)
        ]
        assert len(replies) == 2
        states = [_answered(city, house, replies[0], SXD)]
        code, lines = checked(house, capsys)
        assert code == 0, lines
        assert "believed from now on" in lines[1]
        result = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from=sxd.test\r\n"
        forged = (result + result.replace(":", " :", 1) + "X-A: 1\r\n").encode()
        states.append(_answered(city, house, replies[0], "ke-xau@evil.test", forged))
        states.append(_answered(city, house, replies[0], SXD, b"X-True: 1\r\n"))
    states.append(_answered(city, house, replies[1], "ke-xau@evil.test", forged))
    assert states == ["held", "held", "done", "held"]
    assert house.faults() == []
    house.close()


def _answered(city: Any, house: LiveInstallation, reply: bytes, sender: str, head: bytes = b"") -> object:
    """What becomes of a unit's answer from this envelope sender, with more lines on top."""
    city.deliver(head + reply, sender, str(email.message_from_bytes(reply)["To"]))
    city.settle()
    house.run()
    return house.mails[-1]["status"]


def _nothing_on_top(_server: EmbeddedSmtp, mail: SentMail) -> bytes:
    return mail.raw


def _stripped(server: EmbeddedSmtp, mail: SentMail) -> bytes:
    lines = mail.raw.split(b"\r\n")
    kept = b"\r\n".join(line for line in lines if not line.startswith(f"Authentication-Results: {AUTHSERV}".encode()))
    return TRACED(server, SentMail(mail.sender, mail.recipients, kept, mail.at))


TRACED = EmbeddedSmtp._traced


@pytest.mark.parametrize(
    ("traced", "code", "verdict"),
    [
        (_stripped, 0, "ok   forged-results: the server removes"),
        (TRACED, 0, "warn forged-results: 2 of 2 were left"),
        (_nothing_on_top, 1, "bad  forged-results: a result that a sender wrote would be believed"),
    ],
)
def test_check_tells_a_server_that_lets_forged_results_through(
    traced: Any,
    code: int,
    verdict: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(EmbeddedSmtp, "_traced", traced)
    with EmbeddedServers({MAILBOX: "secret"}, authserv_id=AUTHSERV) as servers:
        house = LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port, authserv_id=AUTHSERV)
        servers.deliver(MAILBOX, letter("an@dan.test", LETTER))
        found, lines = checked(house, capsys)
        assert found == code
        assert [line[: len(verdict)] for line in lines] == [verdict]
        assert len(servers.mails(MAILBOX)) == 1
        house.close()


def test_a_probe_that_does_not_come_back_is_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_round_trip, "WAIT_SECONDS", 0.2)
    monkeypatch.setattr(EmbeddedSmtp, "local_user", lambda *_: None)
    with EmbeddedServers({MAILBOX: "secret"}, authserv_id=AUTHSERV) as servers:
        house = LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port, authserv_id=AUTHSERV)
        code, lines = checked(house, capsys)
        assert code == 1
        assert "did not come back" in lines[0]
        house.close()


def test_a_running_daemon_takes_the_probe_for_an_automatic_mail_and_check_finds_it(tmp_path: Path) -> None:
    with EmbeddedServers({MAILBOX: "secret"}, authserv_id=AUTHSERV) as servers:
        house = LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port, authserv_id=AUTHSERV)
        probe = check_round_trip.make_probe(house.config)
        assert check_round_trip._send(house.config, probe.sender, probe).outcome == "sent"
        house.run(2)
        assert [(row["status"], row["fate"]) for row in house.mails] == [("done", "ignore")]
        assert house.sent == []
        assert len(servers.mails(MAILBOX, house.config.imap.folders.automatic)) == 1
        house.close()


@pytest.mark.parametrize(
    ("authserv_id", "extra", "options", "why"),
    [
        ("", "", (), "authserv_id is empty"),
        (AUTHSERV, "[run]\nshadow = true\n", (), "run.shadow sends nothing"),
        (AUTHSERV, "", ("--no-mail",), ""),
    ],
)
def test_nothing_is_sent_where_it_must_not(
    authserv_id: str,
    extra: str,
    options: tuple[str, ...],
    why: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with EmbeddedServers({MAILBOX: "secret"}, authserv_id=AUTHSERV) as servers:
        house = LiveInstallation(
            tmp_path / "house", servers.imap_port, servers.smtp_port, extra=extra, authserv_id=authserv_id
        )
        code, lines = checked(house, capsys, *options)
        assert code == 0
        assert lines == (
            [f"warn forged-results: not tried: {why}" + (", so that no result is believed" if "empty" in why else "")]
            if why
            else []
        )
        assert servers.sent == [] or why == "authserv_id is empty"
        assert servers.mails(MAILBOX) == []
        house.close()
