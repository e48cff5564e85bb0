"""No mail and no password over a line that is not proved: every way in which TLS can fail."""

import base64
from pathlib import Path
from typing import Any

import pytest

from daemon.base.errors import ConfigurationError
from daemon.config.mail import SmtpSettings
from daemon.smtp.sender import Sender
from tests.contract.test_smtp_faults import Told, mail
from tests.servers.faulty_smtp import FaultySmtp, Phase
from tests.servers.smtp_settings import SECRET, TestSettings
from tests.servers.tls import Certificate, ThrowAwayAuthority

USER = "hop@vidu.test"
SECRETS = (SECRET.encode(), base64.b64encode(f"\0{USER}\0{SECRET}".encode()), base64.b64encode(SECRET.encode()))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> ThrowAwayAuthority:
    return ThrowAwayAuthority(tmp_path_factory.mktemp("ca"))


def sender(server: FaultySmtp, certificate: Certificate, tls: str, **more: Any) -> Sender:
    values: dict[str, Any] = {"timeout_seconds": 1.0, "user": USER, "ca_file": certificate.ca_file} | more
    return Sender(TestSettings(server.port, tls=tls, **values))


def nothing_leaked(server: FaultySmtp) -> None:
    assert server.seen.mails == []
    words = [line[:4].upper() for line in server.seen.commands]
    assert not {"AUTH", "MAIL", "RCPT", "DATA"} & set(words), words
    assert not any(secret in bytes(server.seen.plain) for secret in SECRETS)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("flaw", ["self_signed", "wrong_name", "expired", "to_come"])
def test_a_bad_certificate_gets_nothing(authority: ThrowAwayAuthority, tls: Any, flaw: str) -> None:
    certificate: Certificate = getattr(authority, flaw)()
    with FaultySmtp(tls=tls, context=certificate.server_context()) as server:
        told = Told()
        (result,) = told.send(sender(server, certificate, tls), [mail()])
        assert (result.outcome, result.phase) == ("configuration", "tls"), result
        assert result.text.startswith("TLS:")
        assert ("clock" in result.text) == (flaw in ("expired", "to_come"))
        assert ("ca_file" in result.text) != ("clock" in result.text)
        assert told.started == []
        nothing_leaked(server)


def test_starttls_not_offered(authority: ThrowAwayAuthority) -> None:
    good = authority.good()
    with FaultySmtp(tls="starttls", offer=False, context=good.server_context()) as server:
        (result,) = Told().send(sender(server, good, "starttls"), [mail()])
        assert (result.outcome, result.phase) == ("configuration", "tls")
        nothing_leaked(server)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("502 5.5.1 not here", "configuration"),
        ("454 4.7.0 not now", "temporary"),
        ("reset", "temporary"),
        ("silence", "temporary"),
    ],
)
def test_starttls_broken_never_goes_on_in_clear(authority: ThrowAwayAuthority, fault: str, outcome: str) -> None:
    good = authority.good()
    with FaultySmtp(faults={"starttls": fault}, tls="starttls", context=good.server_context()) as server:
        (result,) = Told().send(sender(server, good, "starttls"), [mail()])
        assert (result.outcome, result.phase) == (outcome, "tls")
        nothing_leaked(server)


def test_words_injected_before_the_handshake_are_not_heard(authority: ThrowAwayAuthority) -> None:
    good = authority.good()
    injected = "220 go on\r\n250-fake\r\n250 AUTH PLAIN\r\n235 welcome\r\n250 taken"
    with FaultySmtp(faults={"starttls": injected}, tls="starttls", context=good.server_context()) as server:
        (result,) = Told().send(sender(server, good, "starttls"), [mail()])
        assert result.outcome == "sent"
        assert [line[:4] for line in server.seen.commands] == [
            "EHLO", "STAR", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT",
        ]  # fmt: skip
        assert not any(secret in bytes(server.seen.plain) for secret in SECRETS)


def test_a_plain_server_on_the_tls_port(authority: ThrowAwayAuthority) -> None:
    with FaultySmtp() as server:
        (result,) = Told().send(sender(server, authority.good(), "implicit"), [mail()])
        assert (result.outcome, result.phase) == ("configuration", "tls")
        nothing_leaked(server)


def test_an_unknown_authority_gets_nothing(authority: ThrowAwayAuthority) -> None:
    good = authority.good()
    with FaultySmtp(tls="implicit", context=good.server_context()) as server:
        (result,) = Told().send(sender(server, good, "implicit", ca_file=None), [mail()])
        assert (result.outcome, result.phase) == ("configuration", "tls")
        nothing_leaked(server)


@pytest.mark.parametrize(
    ("tls", "fault", "helo"),
    [
        ("starttls", "502 5.5.1 what", False),
        ("implicit", "502 5.5.1 what", True),
        ("implicit", "421 4.3.2 busy", False),
    ],
)
def test_a_server_without_ehlo_hears_helo(authority: ThrowAwayAuthority, tls: Any, fault: str, helo: bool) -> None:
    """After HELO there is no STARTTLS; one that closes is not spoken to again, and what it said is told."""
    good = authority.good()
    with FaultySmtp(faults={"ehlo": fault}, times=1, tls=tls, context=good.server_context()) as server:
        (result,) = Told().send(sender(server, good, tls), [mail()])
        assert ("HELO" in [line[:4] for line in server.seen.commands]) is helo
        assert helo or (result.code, result.phase) == (int(fault[:3]), "ehlo")
        nothing_leaked(server)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_the_honest_twin_is_served(authority: ThrowAwayAuthority, tls: Any) -> None:
    good = authority.good()
    with FaultySmtp(tls=tls, context=good.server_context()) as server:
        results = Told().send(sender(server, good, tls, host="localhost"), [mail(1), mail(2)])
        assert [one.outcome for one in results] == ["sent", "sent"], results
        assert len(server.seen.mails) == 2
        assert not any(secret in bytes(server.seen.plain) for secret in SECRETS)
        assert sum(line.startswith("AUTH PLAIN ") for line in server.seen.commands) == 1


def test_plain_only_to_this_machine() -> None:
    with pytest.raises(ConfigurationError, match="this machine only"):
        Sender(TestSettings(25, host="mail.vidu.test", tls="none"))
    with pytest.raises(ConfigurationError, match="tls must be"):
        Sender(TestSettings(25, tls="maybe"))


def test_an_unreadable_ca_file(tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    for file in (broken, tmp_path / "absent.pem"):
        with pytest.raises(ConfigurationError, match=r"smtp\.ca_file"):
            Sender(TestSettings(465, tls="implicit", ca_file=file))


def test_the_settings_of_the_configuration_fit(tmp_path: Path) -> None:
    secret = tmp_path / "smtp-password"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    with FaultySmtp() as server:
        settings = SmtpSettings(host="127.0.0.1", port=server.port, tls="none", user=USER, password_file=secret)
        assert [one.outcome for one in Told().send(Sender(settings), [mail()])] == ["sent"]


@pytest.mark.parametrize("phase", ["rcpt", "dot"])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_silence_under_tls_ends_in_time(authority: ThrowAwayAuthority, tls: Any, phase: Phase) -> None:
    good = authority.good()
    with FaultySmtp(faults={phase: "silence"}, tls=tls, context=good.server_context()) as server:
        (result,) = Told().send(sender(server, good, tls, timeout_seconds=0.3), [mail()])
        assert result.text == "no answer in time"
        assert result.outcome == ("unknown" if phase == "dot" else "temporary")
