"""OAuth (XOAUTH2) on real servers: Dovecot proves the token at IMAP, and Postfix asks it at SMTP."""

import base64
import hashlib
import hmac
import json
import smtplib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.config.config import load_config
from daemon.installation.installation import build_installation
from tests.installation import MAILBOX, LiveInstallation, letter, unit_address
from tests.servers import dovecot, postfix
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.process import HOST
from tests.world import LETTER

pytestmark = pytest.mark.system

KEY, OTHER_KEY = b"k" * 32, b"z" * 32
HOUR = 3600
ASKER = "lan@dan.test"


def token(seconds: int, key: bytes = KEY, user: str = MAILBOX) -> str:
    """An access token that holds for so long, as a provider signs it (RFC 7519, HS256)."""
    now = int(time.time())
    said = {"sub": user, "email": user, "iat": now - HOUR, "exp": now + seconds}
    parts = [_url(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, said)]
    return ".".join([*parts, _url(hmac.new(key, ".".join(parts).encode(), hashlib.sha256).digest())])


def _url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@dataclass(frozen=True)
class Place:
    """A house whose servers take no password, the servers, and the files whose tokens its program prints."""

    house: LiveInstallation
    imap: Dovecot
    smtp: Postfix
    imap_token: Path
    smtp_token: Path

    def later(self) -> list[str]:
        """What goes wrong in a later pass, on connections of its own."""
        self.house.service.drop()
        self.house.service.retry_at = 0
        self.house.clock.forward(minutes=10)
        return self.house.run().problems

    def reached(self, address: str) -> int:
        """How many mails lie in somebody's mailbox."""
        self.smtp.wait_until_empty(20)
        return len(self.imap.mails(address))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    if why := dovecot.why_not() or postfix.why_not():
        pytest.skip(why)
    for_imap, for_smtp = _token_in(tmp_path / "imap-token"), _token_in(tmp_path / "smtp-token")
    domains = ("dan.test", "haiphong.test", *(unit_address(one).partition("@")[2] for one in ("SXD", "SYT")))
    with (
        Dovecot({}, token_key=KEY) as imap,
        Postfix(imap.lmtp_port, domains=domains, auth_port=imap.auth_port) as smtp,
    ):
        made = LiveInstallation(tmp_path / "house", imap.imap_port, smtp.port)
        text = made.file.read_text("utf-8").replace("[imap]\n", f"[imap]\n{_keys(for_imap)}")
        made.file.write_text(
            text.replace("[smtp]\n", f'[smtp]\nuser = "{MAILBOX}"\n{_keys(for_smtp)}'), encoding="utf-8"
        )
        made.config = load_config(made.file)
        made.installation = build_installation(made.config, made.config.secrets.signing_key(), made.clock)
        made.restart()
        with smtplib.LMTP(HOST, imap.lmtp_port) as door:
            door.sendmail(ASKER, [MAILBOX], letter(ASKER, LETTER))
        yield Place(made, imap, smtp, for_imap, for_smtp)
        made.close()


def _token_in(file: Path) -> Path:
    file.write_text(token(HOUR), "ascii")
    return file


def _keys(file: Path) -> str:
    command = [sys.executable, "-c", f"print(open({str(file)!r}).read())"]
    return f'auth = "xoauth2"\ntoken_command = {json.dumps(command)}\n'


def test_a_letter_is_read_forwarded_and_acknowledged_without_any_password(place: Place) -> None:
    assert place.house.run(2).problems == []
    assert [row["status"] for row in place.house.questions] == ["forwarded"]
    assert {row["status"] for row in place.house.sent} == {"sent"}
    assert (place.reached(ASKER), place.reached(unit_address("SXD"))) == (1, 1)


@pytest.mark.parametrize("wrong", [token(-60), token(HOUR, OTHER_KEY), token(HOUR, user="ke-khac@haiphong.test")])
def test_a_token_that_does_not_hold_opens_nothing_until_the_next_one(place: Place, wrong: str) -> None:
    """Ended, signed by another, or another's: the login is refused, nothing is lost, and nobody need restart it."""
    place.imap_token.write_text(wrong, "ascii")
    told = place.house.run().problems
    assert any("refused" in one for one in told), told
    assert wrong not in " ".join(told)
    assert place.house.questions == []
    place.imap_token.write_text(token(HOUR), "ascii")
    assert place.later() == []
    place.house.run()
    assert {row["status"] for row in place.house.sent} == {"sent"}
    assert place.reached(ASKER) == 1


def test_a_token_that_ends_before_sending_delays_the_mails_and_doubles_none(place: Place) -> None:
    place.smtp_token.write_text(token(-60), "ascii")
    told = place.house.run().problems
    assert any("smtp: auth" in one for one in told), told
    assert [row["status"] for row in place.house.questions] == ["forwarded"]
    queued = len(place.house.sent)
    assert "sent" not in {row["status"] for row in place.house.sent}
    place.smtp_token.write_text(token(HOUR), "ascii")
    assert place.later() == []
    assert [row["status"] for row in place.house.sent] == ["sent"] * queued
    assert (place.reached(ASKER), place.reached(unit_address("SXD"))) == (1, 1)
