"""What becomes of a mail when the SMTP server fails: each phase, each kind of failure, and the pass after it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.smtp.sender import OutgoingMail, Sender, SendResult
from tests.dose import each_third
from tests.servers.faulty_smtp import FaultySmtp
from tests.servers.smtp_settings import SECRET, TestSettings

RAW = b"From: a@vidu.test\r\nSubject: thu\r\n\r\n.mot dong bat dau bang dau cham\r\n..hai\r\nhet\r\n"


@dataclass
class Told:
    """What the caller of ``send_all`` was told."""

    results: list[SendResult] = field(default_factory=list)
    started: list[int] = field(default_factory=list)

    def send(self, sender: Sender, mails: list[OutgoingMail], **more: Any) -> list[SendResult]:
        """One pass; its results."""
        asyncio.run(sender.send_all(mails, self.results.append, self.started.append, **more))
        return self.results


def mail(number: int = 1, raw: bytes = RAW, to: str = "") -> OutgoingMail:
    return OutgoingMail(number, f"hop+b.{number}@vidu.test", to or f"nguoi{number}@vidu.test", raw)


def settings(server: FaultySmtp, **more: Any) -> TestSettings:
    return TestSettings(server.port, **({"timeout_seconds": 0.3} | more))


# phase, fault, outcome, code, phase reported
FAULTS = [
    ("greeting", "reset", "temporary", 0, "connect"),
    ("greeting", "silence", "temporary", 0, "connect"),
    ("greeting", "421 4.3.2 busy", "temporary", 421, "connect"),
    ("greeting", "554 5.3.2 go away", "configuration", 554, "connect"),
    ("ehlo", "reset", "temporary", 0, "ehlo"),
    ("ehlo", "silence", "temporary", 0, "ehlo"),
    ("ehlo", "421 4.3.2 busy", "temporary", 421, "ehlo"),
    ("ehlo", "550 5.7.1 not you", "configuration", 550, "ehlo"),
    ("auth", "reset", "temporary", 0, "auth"),
    ("auth", "silence", "temporary", 0, "auth"),
    ("auth", "454 4.7.0 later", "temporary", 454, "auth"),
    ("auth", "535 5.7.8 wrong", "configuration", 535, "auth"),
    ("mail", "reset", "temporary", 0, "mail"),
    ("mail", "silence", "temporary", 0, "mail"),
    ("mail", "451 4.3.0 later", "temporary", 451, "mail"),
    ("mail", "530 5.7.0 log in first", "configuration", 530, "mail"),
    ("mail", "550 5.7.1 not from you", "configuration", 550, "mail"),
    ("mail", "552 5.3.4 too big just now", "temporary", 552, "mail"),
    ("rcpt", "reset", "temporary", 0, "rcpt"),
    ("rcpt", "silence", "temporary", 0, "rcpt"),
    ("rcpt", "450 4.2.0 greylisted", "temporary", 450, "rcpt"),
    ("rcpt", "550 5.1.1 nobody", "permanent", 550, "rcpt"),
    ("rcpt", "552 5.2.2 mailbox full", "temporary", 552, "rcpt"),
    ("rcpt", "421 4.3.2 closing", "temporary", 421, "rcpt"),
    ("data", "reset", "unknown", 0, "body"),
    ("data", "silence", "unknown", 0, "body"),
    ("data", "451 4.3.0 later", "temporary", 451, "body"),
    ("data", "554 5.5.1 no", "permanent", 554, "body"),
    ("data", "250 what", "temporary", 250, "body"),
    ("mail", "rubbish", "temporary", -1, "mail"),
    ("rcpt", "rubbish", "temporary", -1, "rcpt"),
    ("dot", "reset", "unknown", 0, "body"),
    ("dot", "close", "unknown", 0, "body"),
    ("dot", "451 4.3.0 later", "temporary", 451, "body"),
    ("dot", "554 5.7.1 spam", "permanent", 554, "body"),
    ("dot", "552 5.2.2 mailbox full", "temporary", 552, "body"),
    ("dot", "rubbish", "unknown", -1, "body"),
]


@each_third(("phase", "fault", "outcome", "code", "reported"), FAULTS)
def test_a_fault_has_its_class_and_the_next_pass_recovers(
    phase: Any, fault: str, outcome: str, code: int, reported: str
) -> None:
    expected = (outcome, code, reported)
    with FaultySmtp(faults={phase: fault}) as server:
        sender = Sender(settings(server, user="hop@vidu.test"))
        told = Told()
        (result,) = told.send(sender, [mail()])
        assert (result.outcome, result.code, result.phase) == expected, result.text
        assert (result.text == "no answer in time") == (fault == "silence")
        assert server.seen.mails == []
        assert told.started == ([1] if result.tried else [])
        server.faults = {}
        assert [one.outcome for one in Told().send(sender, [mail()])] == ["sent"]
        assert server.seen.mails == [("hop+b.1@vidu.test", "nguoi1@vidu.test", RAW)]


def test_silence_after_the_dot_is_unknown_and_waited_for_ten_times_as_long() -> None:
    with FaultySmtp(faults={"dot": "silence"}) as server:
        (result,) = Told().send(Sender(settings(server, timeout_seconds=0.1)), [mail()])
        assert (result.outcome, result.phase, result.text) == ("unknown", "body", "no answer in time")


BIG = b"Subject: lon\r\n\r\n" + (b"x" * 76 + b"\r\n") * 300_000


@pytest.mark.parametrize(
    ("fault", "outcome"), [("reset", "unknown"), ("silence", "temporary"), ("552 5.3.4 too big", "temporary")]
)
def test_failure_before_the_dot(fault: str, outcome: str) -> None:
    """Bytes that the server did not take were not sent; of a line that is lost nobody knows how far it came."""
    with FaultySmtp(faults={"body": fault}) as server:
        (result,) = Told().send(Sender(settings(server)), [mail(raw=BIG)])
        assert (result.outcome, result.phase) == (outcome, "body")
        assert (result.text == "no answer in time") == (fault == "silence")
        assert server.seen.mails == []


def test_one_recipient_refused_does_not_hurt_the_others() -> None:
    with FaultySmtp(refused=frozenset({"nguoi3@vidu.test"})) as server:
        results = Told().send(Sender(settings(server)), [mail(number) for number in range(1, 6)])
        assert [(one.id, one.outcome) for one in results] == [
            (1, "sent"), (2, "sent"), (3, "permanent"), (4, "sent"), (5, "sent"),
        ]  # fmt: skip
        assert server.seen.connections == 1
        assert all("3" not in to for _, to, _ in server.seen.mails)


def test_a_dropped_connection_costs_one_mail_one_attempt() -> None:
    with FaultySmtp(faults={"rcpt": "reset"}, times=1) as server:
        results = Told().send(Sender(settings(server)), [mail(number) for number in range(1, 5)])
        assert [one.outcome for one in results] == ["temporary", "sent", "sent", "sent"]


@pytest.mark.parametrize("how", ["close", "reset", "421 4.7.0 one mail a connection"])
def test_a_connection_that_died_between_two_mails_costs_nobody_an_attempt(how: str) -> None:
    with FaultySmtp(faults={"second": how}) as server:
        told = Told()
        results = told.send(Sender(settings(server)), [mail(number) for number in range(1, 5)])
        assert [one.outcome for one in results] == ["sent"] * 4
        assert told.started == [1, 2, 3, 4]
        assert [to for _, to, _ in server.seen.mails] == [f"nguoi{number}@vidu.test" for number in range(1, 5)]
        assert server.seen.connections == 4


def test_after_a_refusal_the_server_is_told_to_forget() -> None:
    with FaultySmtp(refused=frozenset({"nguoi1@vidu.test"})) as server:
        results = Told().send(Sender(settings(server)), [mail(1), mail(2), mail(3)])
        assert [one.outcome for one in results] == ["permanent", "sent", "sent"]
        words = [one[:4] for one in server.seen.commands]
        assert words == ["EHLO", "MAIL", "RCPT", "RSET", *["MAIL", "RCPT", "DATA"] * 2, "QUIT"]
    with FaultySmtp(refused=frozenset({"nguoi1@vidu.test"}), faults={"rset": "reset"}) as server:
        told = Told()
        results = told.send(Sender(settings(server)), [mail(1), mail(2)])
        assert [one.outcome for one in results] == ["permanent", "sent"]
        assert told.started == [1, 2]
        assert server.seen.connections == 2


def test_a_server_that_drops_everything_ends_the_pass() -> None:
    with FaultySmtp(faults={"mail": "close"}) as server:
        told = Told()
        results = told.send(Sender(settings(server)), [mail(number) for number in range(50)])
        assert len(results) == 50
        assert {one.outcome for one in results} == {"temporary"}
        assert len(told.started) == 3
        assert [one.tried for one in results] == [True] * 3 + [False] * 47


def test_refused_login_stops_the_channel_and_nothing_is_tried() -> None:
    with FaultySmtp(faults={"auth": "535 5.7.8 wrong"}) as server:
        told = Told()
        results = told.send(
            Sender(settings(server, user="hop@vidu.test", connections=3)), [mail(n) for n in range(9)]
        )
        assert {(one.outcome, one.phase, one.tried) for one in results} == {("configuration", "auth", False)}
        assert sorted(one.id for one in results) == list(range(9))
        assert told.started == []
        assert server.seen.mails == []
        assert not any(SECRET in one.text for one in results)
        logins = [one for one in server.seen.commands if one.startswith("AUTH")]
        assert len(logins) == server.seen.connections, "one try a connection: a second one locks accounts"


def test_a_refused_return_path_stops_the_channel() -> None:
    with FaultySmtp(faults={"mail": "553 5.7.1 not owned by user"}) as server:
        told = Told()
        results = told.send(Sender(settings(server)), [mail(number) for number in range(4)])
        assert [one.outcome for one in results] == ["configuration"] * 4
        assert told.started == [0]


def test_only_some_connections_are_granted() -> None:
    with FaultySmtp(faults={"greeting": "421 4.7.0 too many connections"}, times=2) as server:
        results = Told().send(Sender(settings(server, connections=3)), [mail(number) for number in range(20)])
        assert sorted(one.id for one in results) == list(range(20))
        assert {one.outcome for one in results} == {"sent"}


def test_looking_without_sending() -> None:
    with FaultySmtp() as server:
        asyncio.run(Sender(settings(server, user="hop@vidu.test")).check())
        assert [one[:4] for one in server.seen.commands] == ["EHLO", "AUTH", "QUIT"]
    for fault, error in (("535 5.7.8 wrong", ConfigurationError), ("454 4.7.0 later", TemporaryError)):
        with FaultySmtp(faults={"auth": fault}) as server, pytest.raises(error, match=r"smtp 127\.0\.0\.1:\d+, auth"):
            asyncio.run(Sender(settings(server, user="hop@vidu.test")).check())


def test_nobody_listens() -> None:
    with FaultySmtp() as server:
        port = server.port
    told = Told()
    results = told.send(Sender(TestSettings(port)), [mail(1), mail(2)])
    assert [(one.outcome, one.phase) for one in results] == [("temporary", "connect")] * 2
    assert told.started == []


def test_xoauth2_sends_the_token_only_where_it_is_offered() -> None:
    with FaultySmtp(logins="PLAIN LOGIN") as server:
        sender = Sender(settings(server, user="hop@vidu.test", auth="xoauth2"))
        (result,) = Told().send(sender, [mail()])
        assert (result.outcome, result.phase) == ("configuration", "auth")
        assert not any(one.startswith("AUTH") for one in server.seen.commands)
    with FaultySmtp() as server:
        sender = Sender(settings(server, user="hop@vidu.test", auth="xoauth2"))
        assert [one.outcome for one in Told().send(sender, [mail()])] == ["sent"]
        assert any(one.startswith("AUTH XOAUTH2 ") for one in server.seen.commands)


class TestCaller:
    """The two callbacks are the caller's: their word counts, their errors come back."""

    def test_what_is_claimed_by_another_is_not_sent(self) -> None:
        results: list[SendResult] = []
        with FaultySmtp() as server:
            sender = Sender(settings(server))
            asyncio.run(sender.send_all([mail(1), mail(2)], results.append, lambda number: number != 1))
            assert [one.id for one in results] == [2]
            assert len(server.seen.mails) == 1

    def test_an_error_while_marking_sends_nothing(self) -> None:
        def busy(number: int) -> None:
            raise OSError("database is locked")

        with FaultySmtp() as server:
            with pytest.raises(OSError, match="locked"):
                asyncio.run(Sender(settings(server)).send_all([mail(1), mail(2)], print, busy))
            assert server.seen.mails == []

    def test_an_error_while_noting_a_result_ends_the_pass(self) -> None:
        def busy(result: SendResult) -> None:
            raise OSError("database is locked")

        with FaultySmtp() as server:
            with pytest.raises(OSError, match="locked"):
                asyncio.run(Sender(settings(server)).send_all([mail(1), mail(2), mail(3)], busy))
            assert len(server.seen.mails) == 1

    def test_stop_leaves_the_rest_untouched(self) -> None:
        told = Told()
        with FaultySmtp() as server:
            results = told.send(
                Sender(settings(server)), [mail(n) for n in range(9)], stop=lambda: len(told.started) >= 2
            )
            assert len(results) == len(server.seen.mails) == 2

    def test_nothing_to_send_connects_nowhere(self) -> None:
        assert Told().send(Sender(TestSettings(1)), []) == []

    def test_what_became_of_one_mail_is_noted_before_the_next_begins(self) -> None:
        """So a crash finds at most one mail a connection between the server's word and our note of it."""
        said: list[str] = []
        with FaultySmtp() as server:
            sender, mails = Sender(settings(server)), [mail(number) for number in range(1, 4)]
            told = sender.send_all(
                mails,
                lambda one: said.append(f"noted {one.id}"),
                lambda each: said.append(f"begun {each}"),
            )
            asyncio.run(told)
        assert said == ["begun 1", "noted 1", "begun 2", "noted 2", "begun 3", "noted 3"]
