"""The embedded servers that the demonstration and quick tests rest on."""

import gc
import smtplib
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from daemon.demo.servers import EmbeddedServers
from tests.dose import WHOLE
from tests.servers.tls import ThrowAwayAuthority

USER = "hopthu@haiphong.test"
RAW = b"Subject: mot\r\n\r\nxin chao\r\n"


def send(servers: EmbeddedServers, recipient: str, raw: bytes = RAW, sender: str = "lan@dan.test") -> None:
    with smtplib.SMTP(servers.host, servers.smtp_port, timeout=5) as client:
        client.sendmail(sender, [recipient], raw)


def test_they_start_and_stop_in_a_moment() -> None:
    with EmbeddedServers({}):
        pass
    start = time.monotonic()
    for _ in range(5):
        with EmbeddedServers({USER: "x"}) as servers:
            assert servers.imap_port
    assert time.monotonic() - start < 10


def test_mail_for_a_user_lands_in_inbox_without_its_tag() -> None:
    with EmbeddedServers({USER: "x"}) as servers:
        send(servers, "HopThu+r.12.abc@HaiPhong.test")
        (mail,) = servers.mails(USER)
        assert mail.endswith(RAW)
        assert mail.startswith(b"Return-Path: <lan@dan.test>\r\n")
        (sent,) = servers.sent
        assert sent.recipients == ("HopThu+r.12.abc@HaiPhong.test",)
        assert sent.raw == RAW


def test_unknown_recipients_are_taken_or_refused() -> None:
    with EmbeddedServers({USER: "x"}) as servers:
        send(servers, "ai@dau.test")
        assert len(servers.sent) == 1
    with EmbeddedServers({USER: "x"}, sink=False) as servers:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
            send(servers, "ai@dau.test")
        assert caught.value.recipients["ai@dau.test"][0] == 550
        assert servers.sent == []


def test_the_clock_gives_the_internal_date() -> None:
    at = datetime(2026, 9, 2, 1, 2, 3, tzinfo=UTC)
    with EmbeddedServers({USER: "x"}, clock=lambda: at) as servers:
        send(servers, USER)
        client = IMAPClient(servers.host, servers.imap_port, ssl=False, timeout=5)
        client.normalise_times = False
        client.login(USER, "x")
        client.select_folder("INBOX")
        (found,) = client.fetch(client.search("ALL"), ["INTERNALDATE"]).values()
        client.shutdown()
        assert found[b"INTERNALDATE"] == at


def test_authentication_results_name_the_envelope_sender_only() -> None:
    with EmbeddedServers({USER: "x"}, authserv_id="mx.haiphong.test") as servers:
        send(servers, USER, b"From: so@sxd.test\r\n\r\n", sender="gia@lua-dao.test")
        (mail,) = servers.mails(USER)
        assert b"Authentication-Results: mx.haiphong.test; spf=pass smtp.mailfrom=lua-dao.test" in mail
        assert mail.index(b"Authentication-Results") < mail.index(b"Received:")


def test_a_login_is_asked_for_where_accounts_exist() -> None:
    with EmbeddedServers({USER: "x"}, smtp_accounts={USER: "secret"}) as servers:
        with pytest.raises(smtplib.SMTPSenderRefused):
            send(servers, USER)
        with smtplib.SMTP(servers.host, servers.smtp_port, timeout=5) as client:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login(USER, "wrong")
            client.login(USER, "secret")
            client.sendmail(USER, [USER], RAW)
        assert len(servers.sent) == 1


def test_a_script_speaks_for_the_smtp_server() -> None:
    with EmbeddedServers({USER: "x"}) as servers:
        servers.script_smtp(lambda phase, _: "451 4.3.0 later" if phase == "data" else None)
        with pytest.raises(smtplib.SMTPDataError):
            send(servers, USER)
        assert servers.sent == []


def test_mail_for_nobody_cannot_be_delivered_by_hand() -> None:
    with EmbeddedServers({USER: "x"}) as servers, pytest.raises(KeyError):
        servers.deliver("ai@dau.test", RAW)


@pytest.mark.parametrize("tls", ["none", "implicit", "starttls"])
def test_connections_of_the_last_moment_are_closed(tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ThrowAwayAuthority(tmp_path).good().server_context()
    left_open: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda left: left_open.append(left.exc_value))
    for _ in range(50 if WHOLE else 3):
        servers = EmbeddedServers({USER: "x"}, tls=tls, ssl_context=context).start()
        ports = (servers.smtp_port, servers.imap_port) * 3
        clients = [socket.create_connection((servers.host, port)) for port in ports]
        servers.stop()
        for client in clients:
            client.close()
        del servers
        gc.collect()
    assert not left_open
