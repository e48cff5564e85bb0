"""A server that writes its result below its own Received: honest acts are done, forged ones not, unproved none."""

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.admin import check_round_trip
from daemon.demo.servers import EmbeddedServers
from daemon.demo.smtp_server import EmbeddedSmtp, SentMail
from daemon.installation.installation import note_proof
from daemon.parsing.opening import as_written
from rules.message.authentication import results_of_our_servers
from tests.dose import each_third
from tests.faults.attacks import KINDS, Act, acts, build, honest
from tests.installation import MAILBOX, LiveInstallation
from tests.support.acts import untouched
from tests.world import AUTHSERV, World

BELOW = f'results_below_received = "{AUTHSERV}"'
RESULT = b"authentication-results"
ACTS = int(os.environ.get("DOITHOAI_FORGED", "3"))
HOUSES = int(os.environ.get("DOITHOAI_TWINS", "1"))
"""Forged acts of each kind, and houses of ten honest ones: a part in every run, ten of both nightly."""


def fields(head: bytes) -> list[bytes]:
    return re.split(rb"\r\n(?![ \t])", head)


def taken(raw: bytes, *, strips: bool) -> bytes:
    """The same mail as such a server delivers it: its Received on top, its word below, then the sender's lines.

    ``strips``: it removes results under its name that a sender wrote; where the attack has no word of a server, it
    says that the sender is none of the domain.
    """
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = fields(head)
    border = next((at for at, one in enumerate(lines) if one.startswith(b"Received: from") and b"LMTP" not in one), 0)
    if not border and not lines[0].startswith(b"Received"):
        lines.insert(0, f"Received: from x.test (x.test [203.0.113.9]) by {AUTHSERV} with ESMTP id 1; Mon".encode())
    above, rest = lines[:border], lines[border + 1 :]
    own = [one for one in above if one.lower().startswith(RESULT)]
    above = [one for one in above if one not in own]
    verdict = own or [f"Authentication-Results: {AUTHSERV}; dmarc=fail header.from=x.test".encode()]
    if strips:
        rest = [one for one in rest if not re.match(rb"authentication-results\s*:", one, re.IGNORECASE)]
    stamp = lines[border].replace(f"by {AUTHSERV};".encode(), f"by {AUTHSERV} with ESMTP id 1;".encode())
    return b"\r\n".join([*above, stamp, *verdict, *rest]) + b"\r\n\r\n" + body


def house_of(folder: Path, *, proved: bool = True) -> World:
    made = World(folder, mailbox=BELOW)
    if proved:
        with made.house.engine.begin() as connection:
            note_proof(connection, made.house.config.mailbox, removed=True)
    return made


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[Act]]]:
    made = house_of(tmp_path_factory.mktemp("below") / "house")
    yield made, acts(made)
    assert made.house.faults() == []
    made.house.close()


def held(house: World, act: Act, raw: bytes) -> None:
    before = house.state()
    row = house.arrive(raw)
    new = {"raw_mail"} if row["fate"] != "register" else {"raw_mail", "question", "assignment"}
    assert untouched(before, house.state(), *new), (act.text, row["reason"])


def some(targets: list[Act]) -> list[Act]:
    """Of a unit, of an officer, about a held mail first."""
    return [*targets[::4], *targets[1::4], *targets[2::4], *targets[3::4]][:ACTS]


@each_third("kind", KINDS)
def test_forged_act_changes_nothing(kind: str, attacked: tuple[World, list[Act]]) -> None:
    """Whether the server removes a sender's results, or only writes its own above them."""
    house, targets = attacked
    for act in some(targets):
        held(house, act, taken(KINDS[kind](act), strips=False))
        if ACTS > 3:
            held(house, act, taken(KINDS[kind](act).replace(b"Date: Mon", b"X-A: 1\r\nDate: Mon"), strips=True))


_FORGED = f"{AUTHSERV}; dmarc=pass header.from="
SENDERS_OWN = {
    "below the server's fail": "Authentication-Results: {0}{1}",
    "behind a filter's line": "DKIM-Filter: x\r\nAuthentication-Results: {0}{1}",
    "behind another line": "X-A: 1\r\nAuthentication-Results: {0}{1}",
    "a space before the colon": "Authentication-Results : {0}{1}",
    "a tab before the colon": "AUTHENTICATION-RESULTS\t: {0}{1}",
    "behind a lone CR": "X-A: 1\rAuthentication-Results: {0}{1}",
    "behind a filter's line and a lone CR": "DKIM-Filter: x\rAuthentication-Results: {0}{1}",
    "folded": "Authentication-Results:\r\n {0}{1}",
    "behind a Received of our name": "Received: from a by "
    + AUTHSERV
    + " with LMTP id 1; Mon\r\nAuthentication-Results: {0}{1}",
}


def _sent(act: Act, lines: str, server: str) -> bytes:
    return server.encode() + build(act, head=lines.format(_FORGED, act.domain))


BORDER = f"Received: from evil.test (evil.test [203.0.113.9]) by {AUTHSERV} (Postfix) with ESMTP id 5E1F; Mon\r\n"
FAIL = f"Authentication-Results: {AUTHSERV}; dmarc=fail header.from=x.test\r\n"


@pytest.mark.parametrize("trick", SENDERS_OWN)
def test_a_result_below_the_servers_own_is_not_believed(trick: str, attacked: tuple[World, list[Act]]) -> None:
    house, targets = attacked
    for act in some(targets):
        held(house, act, _sent(act, SENDERS_OWN[trick], BORDER + FAIL))


@pytest.mark.parametrize(
    "trick",
    [one for one in SENDERS_OWN if one not in {"below the server's fail", "folded", "behind a filter's line"}],
)
def test_what_no_filter_takes_for_a_result_is_not_believed(trick: str, attacked: tuple[World, list[Act]]) -> None:
    """The filter is down, and what removes a sender's results matches names as they are written."""
    house, targets = attacked
    for act in some(targets):
        held(house, act, _sent(act, SENDERS_OWN[trick], BORDER))


OTHERS = {
    "of another server": BORDER.replace(f"by {AUTHSERV}", "by mx2.haiphong.test"),
    "that names ours in HELO": f"Received: from by {AUTHSERV} (evil.test [203.0.113.9]) by mx2 with X id 5; Mon\r\n",
    "that names ours in a comment": f"Received: from evil.test (by {AUTHSERV} with X) by mx2 with X id 5; Mon\r\n",
    "that names ours at the end": f"Received: from evil.test by mx2 with ESMTP id 5 by {AUTHSERV} with X; Mon\r\n",
}


@pytest.mark.parametrize("which", OTHERS)
def test_below_a_received_of_no_server_of_ours(which: str, attacked: tuple[World, list[Act]]) -> None:
    house, targets = attacked
    for act in some(targets):
        held(house, act, _sent(act, "Authentication-Results: {0}{1}", OTHERS[which]))


def test_nothing_is_believed_before_the_server_was_put_to_the_test(tmp_path: Path) -> None:
    house = house_of(tmp_path / "house", proved=False)
    for act in some(acts(house)):
        held(house, act, taken(honest(act), strips=True))
    with house.house.engine.begin() as connection:
        note_proof(connection, house.house.config.mailbox, removed=True)
        note_proof(connection, house.house.config.mailbox, removed=False)
    (act, *_) = acts(house)
    held(house, act, taken(honest(act), strips=True))
    house.house.close()


@pytest.mark.parametrize("number", range(HOUSES))
def test_ten_honest_twins_are_carried_out(number: int, tmp_path: Path) -> None:
    house = house_of(tmp_path / "house")
    for act in acts(house):
        before = house.state()
        row = house.arrive(taken(honest(act), strips=bool(number % 2)))
        assert row["status"] == "done", (number, act.text, row["reason"])
        assert not untouched(before, house.state(), "raw_mail"), act.text
    assert house.house.faults() == []
    house.house.close()


def test_the_line_as_common_filters_write_it() -> None:
    """OpenDMARC above OpenDKIM, each with its own line, as Debian has them: the upper one counts."""
    head = BORDER + (
        "DMARC-Filter: OpenDMARC Filter v1.4.2\r\nAuthentication-Results: mx; dmarc=pass header.from=a.test\r\n"
        "DKIM-Filter: OpenDKIM Filter v2.11.0\r\nAuthentication-Results: mx; dkim=pass header.d=b.test\r\n\r\n"
    )
    found = list(results_of_our_servers(as_written(head.encode()), (), AUTHSERV))
    assert found == ["mx; dmarc=pass header.from=a.test"]
    assert list(results_of_our_servers(as_written(head.encode()))) == []
    numbers = itertools.count()
    assert as_written(b"A: 1\nB:\n 2\n\nC: 3") == (("a", "1"), ("b", "2")), next(numbers)
    assert as_written(b"A: 1\rB: 2\r\n\r\n") == as_written(b"A: \0\r\n\r\n") == ()


TRACED = EmbeddedSmtp._traced


def _stripped(server: EmbeddedSmtp, mail: SentMail) -> bytes:
    head, _, body = mail.raw.partition(b"\r\n\r\n")
    kept = [one for one in fields(head) if not re.match(rb"authentication-results\s*:", one, re.IGNORECASE)]
    return TRACED(server, SentMail(mail.sender, mail.recipients, b"\r\n".join(kept) + b"\r\n\r\n" + body, mail.at))


def _spaced_left(server: EmbeddedSmtp, mail: SentMail) -> bytes:
    head, _, body = mail.raw.partition(b"\r\n\r\n")
    kept = [one for one in fields(head) if not one.startswith(b"Authentication-Results:")]
    return TRACED(server, SentMail(mail.sender, mail.recipients, b"\r\n".join(kept) + b"\r\n\r\n" + body, mail.at))


def test_check_proves_it_or_takes_the_proof_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedServers({MAILBOX: "secret"}, authserv_id=AUTHSERV) as servers:
        house = LiveInstallation(
            tmp_path / "house", servers.imap_port, servers.smtp_port, authserv_id=AUTHSERV, mailbox=BELOW
        )
        for traced, code, words in (
            (_stripped, 0, "believed from now on"),
            (_spaced_left, 1, "1 of 3 were left"),
            (_stripped, 0, "believed from now on"),
            (TRACED, 1, "every act by mail is held"),
        ):
            monkeypatch.setattr(EmbeddedSmtp, "_traced", traced)
            assert house.command("check") == code
            said = capsys.readouterr().out
            assert words in "\n".join(one for one in said.splitlines() if f"{check_round_trip.FORGED}: " in one)
        house.close()
