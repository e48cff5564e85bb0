"""The credential goes over a proven line or not at all: certificates good and bad, STARTTLS offered and stripped."""

import ssl
import time
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.demo.servers import EmbeddedServers
from daemon.mailbox.mailbox import ImapClientSettings, MailboxClient
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot
from tests.servers.faulty_imap import FaultyImap, Talk
from tests.servers.tls import Certificate, ThrowAwayAuthority

USER, SECRET = "hopthu@haiphong.test", "mật khẩu"
OFFERS_TLS = b"IMAP4rev1 UIDPLUS MOVE IDLE NAMESPACE STARTTLS LOGINDISABLED AUTH=PLAIN"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> ThrowAwayAuthority:
    return ThrowAwayAuthority(tmp_path_factory.mktemp("ca"))


def settings(port: int, tls: str, authority: ThrowAwayAuthority | None) -> ImapClientSettings:
    trusted = str(authority.ca_file) if authority else ""
    return ImapClientSettings("localhost", port, tls, USER, "password", SECRET, trusted, timeout_seconds=3)


def bad(authority: ThrowAwayAuthority, fault: str) -> Certificate:
    certificate: Certificate = getattr(authority, fault)()
    return certificate


# -- a good certificate ------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_good_certificate_is_taken_by_the_embedded_server(authority: ThrowAwayAuthority, tls: str) -> None:
    context = authority.good().server_context()
    with (
        EmbeddedServers({USER: SECRET}, tls=tls, ssl_context=context) as servers,
        MailboxClient.connect(settings(servers.imap_port, tls, authority)) as client,
    ):
        assert client.open() >= 1
        assert not client.idle(0.1, lambda: False)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_good_certificate_is_taken_on_dovecot(authority: ThrowAwayAuthority, tls: str) -> None:
    if dovecot.why_not():
        pytest.skip(dovecot.why_not())
    with Dovecot({USER: SECRET}, certificate=authority.good(), cleartext=False) as server:
        port = server.imaps_port if tls == "implicit" else server.imap_port
        with MailboxClient.connect(settings(port, tls, authority)) as client:
            assert client.open() >= 1
            client.ensure_folders(["Đã tiếp nhận"])


# -- bad certificates --------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("fault", ["self_signed", "wrong_name", "expired"])
def test_a_bad_certificate_gets_no_credential(authority: ThrowAwayAuthority, fault: str, tls: str) -> None:
    context = bad(authority, fault).server_context()
    with FaultyImap(context=context, implicit=tls == "implicit", capability=OFFERS_TLS) as server:
        with pytest.raises(ConfigurationError, match="certificate"):
            MailboxClient.connect(settings(server.port, tls, authority))
        sent = b"".join(server.received).upper()
        assert b"LOGIN" not in sent
        assert b"AUTHENTICATE" not in sent


@pytest.mark.parametrize("fault", ["expired", "to_come"])
def test_a_certificate_out_of_time_is_no_matter_of_authority(authority: ThrowAwayAuthority, fault: str) -> None:
    """It ended, or the machine's clock is wrong: ca_file would not help."""
    with (
        FaultyImap(context=bad(authority, fault).server_context(), implicit=True, capability=OFFERS_TLS) as server,
        pytest.raises(ConfigurationError, match=r"clock is right .*renew the server's certificate") as told,
    ):
        MailboxClient.connect(settings(server.port, "implicit", authority))
    assert "ca_file" not in str(told.value)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_an_authority_nobody_named_is_not_trusted(authority: ThrowAwayAuthority, tls: str) -> None:
    context = authority.good().server_context()
    with (
        FaultyImap(context=context, implicit=tls == "implicit", capability=OFFERS_TLS) as server,
        pytest.raises(ConfigurationError, match="certificate"),
    ):
        MailboxClient.connect(settings(server.port, tls, None))


# -- no TLS, or TLS taken away ------------------------------------------------------------------------


def test_starttls_that_is_not_offered_is_not_done_without() -> None:
    with FaultyImap(capability=b"IMAP4rev1 MOVE AUTH=PLAIN") as server:
        with pytest.raises(ConfigurationError, match="does not offer STARTTLS"):
            MailboxClient.connect(settings(server.port, "starttls", None))
        assert b"AUTHENTICATE" not in b"".join(server.received)


def test_starttls_that_is_refused_is_not_done_without(authority: ThrowAwayAuthority) -> None:
    def refuse(talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(tag + b" NO not today\r\n")

    with FaultyImap({"STARTTLS": refuse}, capability=OFFERS_TLS) as server:
        with pytest.raises(ConfigurationError, match="refuses STARTTLS"):
            MailboxClient.connect(settings(server.port, "starttls", authority))
        assert b"AUTHENTICATE" not in b"".join(server.received)


def test_words_slipped_in_before_tls_break_the_connection(authority: ThrowAwayAuthority) -> None:
    def inject(talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(tag + b" OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n* 3 EXISTS\r\n")
        talk.start_tls()

    context = authority.good().server_context()
    with FaultyImap({"STARTTLS": inject}, context=context, capability=OFFERS_TLS) as server:
        with pytest.raises((TemporaryError, ConfigurationError)):
            MailboxClient.connect(settings(server.port, "starttls", authority))
        assert b"AUTHENTICATE" not in b"".join(server.received)


def test_preauth_before_starttls_is_refused(authority: ThrowAwayAuthority) -> None:
    with (
        FaultyImap(greeting=b"* PREAUTH hello\r\n", capability=OFFERS_TLS) as server,
        pytest.raises(ConfigurationError, match="PREAUTH"),
    ):
        MailboxClient.connect(settings(server.port, "starttls", authority))


def test_implicit_tls_to_a_plain_port_is_configuration(authority: ThrowAwayAuthority) -> None:
    with FaultyImap() as server:
        with pytest.raises(ConfigurationError, match="no TLS here"):
            MailboxClient.connect(settings(server.port, "implicit", authority))
        assert b"LOGIN" not in b"".join(server.received)


def test_a_line_that_breaks_off_in_the_handshake_is_temporary(authority: ThrowAwayAuthority) -> None:
    class Deaf(ssl.SSLContext):
        def wrap_socket(self, *args: object, **kwargs: object) -> ssl.SSLSocket:
            raise OSError

    with FaultyImap(context=Deaf(ssl.PROTOCOL_TLS_SERVER), implicit=True) as server, pytest.raises(TemporaryError):
        MailboxClient.connect(settings(server.port, "implicit", authority))


def test_a_server_silent_in_the_handshake_is_given_up(authority: ThrowAwayAuthority) -> None:
    class Mute(ssl.SSLContext):
        def wrap_socket(self, *args: object, **kwargs: object) -> ssl.SSLSocket:
            server.stopping.wait(20)
            raise OSError

    with FaultyImap(context=Mute(ssl.PROTOCOL_TLS_SERVER), implicit=True) as server:
        start = time.monotonic()
        with pytest.raises(TemporaryError):
            MailboxClient.connect(replace(settings(server.port, "implicit", authority), timeout_seconds=0.5))
        assert time.monotonic() - start < 15


# -- settings that must not be tried ------------------------------------------------------------------


@pytest.mark.parametrize("host", ["mail.haiphong.test", "192.0.2.7", "10.0.0.1", "0.0.0.0", "localhost.vidu.test"])
def test_a_plain_line_goes_to_loopback_only(host: str) -> None:
    with pytest.raises(ConfigurationError, match="loopback only"):
        MailboxClient.connect(ImapClientSettings(host, 143, "none", USER, "password", SECRET))


@pytest.mark.parametrize(
    "changes",
    [
        {"tls": "opportunistic"},
        {"auth": "ntlm"},
        {"secret": ""},
        {"user": ""},
        {"secret": "a\r\nA1 DELETE INBOX"},
        {"user": "a\x00b"},
        {"tls": "implicit", "ca_file": "/nonexistent/ca.pem"},
    ],
)
def test_wrong_settings_are_told_before_anything_is_sent(changes: dict[str, str]) -> None:
    with FaultyImap() as server:
        with pytest.raises(ConfigurationError) as caught:
            MailboxClient.connect(replace(settings(server.port, "none", None), **changes))  # type: ignore[arg-type]
        assert server.received == []
        assert SECRET not in str(caught.value)


def test_a_certificate_file_that_holds_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(ConfigurationError, match="cannot read certificates"):
        MailboxClient.connect(
            ImapClientSettings("localhost", 1, "implicit", USER, "password", SECRET, str(tmp_path / "ca.pem"))
        )
