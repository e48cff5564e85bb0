"""A server that lies, breaks off, or falls silent: one clear error in time, and never a wrong body."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from daemon.base.errors import ConfigurationError, DoithoaiError, TemporaryError, UnreadableMail
from daemon.mailbox.mailbox import FetchedMail, ImapClientSettings, MailboxClient
from tests.dose import each_third
from tests.servers.faulty_imap import DATE, FaultyImap, Talk, record, uid_set

MAILS = {
    11: b"Subject: one\r\n\r\nfirst\r\n",
    12: b"Subject: two\r\n\r\nsecond\r\n",
    13: b"Subject: three\r\n\r\nx\r\n",
}
SECRET = "rat-bi-mat"
SILENCE = 0.4
LIMIT = 15.0  # seconds: on a busy machine too, and far below waiting without an end


def settings(server: FaultyImap, **changes: Any) -> ImapClientSettings:
    values: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "tls": "none", "user": "hopthu"}
    values |= {"auth": "password", "secret": SECRET, "timeout_seconds": SILENCE}
    return ImapClientSettings(**(values | changes))


def whole_pass(server: FaultyImap, got: list[FetchedMail], **changes: Any) -> None:
    """What the daemon does in one pass: connect, folders, open, list, fetch, move, wait."""
    with MailboxClient.connect(settings(server, **changes)) as client:
        client.ensure_folders(["Registered"])
        client.open()
        got.extend(client.fetch(client.uids()))
        client.move([mail.uid for mail in got], "Registered")
        client.idle(0.2, lambda: False)


def refused(server: FaultyImap, got: list[FetchedMail], **changes: Any) -> DoithoaiError:
    """The error that the pass ends with, within its time, with nothing secret or private in it."""
    start = time.monotonic()
    with pytest.raises((TemporaryError, ConfigurationError)) as caught:
        whole_pass(server, got, **changes)
    assert time.monotonic() - start < LIMIT
    text = str(caught.value)
    assert "\n" not in text
    assert SECRET not in text
    assert "Subject" not in text
    assert all(mail.raw == MAILS[mail.uid] for mail in got)
    return caught.value


# -- the faults of each command ---------------------------------------------------------------------


def say(data: bytes, then_ok: bool = True) -> Callable[[Talk, bytes, bytes], None]:
    """A script that answers with these bytes, ``TAG`` in them replaced."""

    def answer(talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(data.replace(b"TAG", tag))
        if then_ok:
            talk.ok(tag)

    return answer


def body(*records: bytes) -> Callable[[Talk, bytes, bytes], None]:
    """A FETCH script: sizes as they are, the bodies as scripted."""

    def answer(talk: Talk, tag: bytes, arguments: bytes) -> None:
        if b"BODY" not in arguments:
            talk.server.do_fetch(talk, tag, arguments)
            return
        for each in records:
            talk.send(each)
        talk.ok(tag)

    return answer


def unsteady(first: bytes, second: bytes) -> Callable[[Talk, bytes, bytes], None]:
    """A FETCH script: asked again, the server gives other bytes, as when its own store is being written."""

    def answer(talk: Talk, tag: bytes, arguments: bytes) -> None:
        if b"BODY" not in arguments:
            talk.server.do_fetch(talk, tag, arguments)
            return
        talk.send(record(1, 11, first if b"INTERNALDATE" in arguments else second, True))
        talk.ok(tag)

    return answer


def then(action: str, first: bytes = b"") -> Callable[[Talk, bytes, bytes], None]:
    """A script that says something and falls silent or hangs up."""

    def answer(talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(first)
        getattr(talk, action)()

    return answer


def flooding(data: bytes) -> Callable[[Talk, bytes, bytes], None]:
    return lambda talk, tag, arguments: talk.flood(data)


def dripping(data: bytes) -> Callable[[Talk, bytes, bytes], None]:
    return lambda talk, tag, arguments: talk.drip(data, 0.1)


ONE, TWO, THREE = (record(number, uid, MAILS[uid], True) for number, uid in enumerate(MAILS, 1))
NO_UID = b"* 2 FETCH (BODY[] {7}\r\nfremde!)\r\n"
CHANGED = record(1, 11, b"Subject: one\r\n\r\nFIRST\r\n", True)
TWICE_IN_ONE = b"* 1 FETCH (UID 11 BODY[] {3}\r\nabc INTERNALDATE " + DATE + b" BODY[] {3}\r\nxyz)\r\n"
SHORT = b"* 1 FETCH (UID 11 BODY[] {900}\r\nSubject: one\r\n"

FAULTS: dict[str, dict[str, Callable[[Talk, bytes, bytes], None]]] = {
    "capability: silence": {"CAPABILITY": then("silence")},
    "capability: hang up": {"CAPABILITY": then("hang_up")},
    "capability: not IMAP": {"CAPABILITY": say(b"* CAPABILITY NOTHING\r\n")},
    "capability: rubbish": {"CAPABILITY": say(b"\x00\xff\r\n\r\n", then_ok=False)},
    "login: silence": {"AUTHENTICATE": then("silence")},
    "login: hang up": {"AUTHENTICATE": then("hang_up", b"+ \r\n")},
    "login: refused": {"AUTHENTICATE": say(b"TAG NO [AUTHENTICATIONFAILED] no\r\n", then_ok=False)},
    "login: echoes the password": {"AUTHENTICATE": say(b"TAG NO rat-bi-mat is wrong\r\n", then_ok=False)},
    "login: busy": {"AUTHENTICATE": say(b"TAG NO [UNAVAILABLE] later\r\n", then_ok=False)},
    "login: bad challenge": {"AUTHENTICATE": say(b"+ %%%%\r\n", then_ok=False)},
    "login: another tag": {"AUTHENTICATE": say(b"XX99 OK welcome\r\n", then_ok=False)},
    "namespace: broken": {"NAMESPACE": say(b'* NAMESPACE (("" \r\n')},
    "list: broken name": {"LIST": say(b'* LIST () "/" "&%%%-"\r\n* LIST (\r\n')},
    "list: silence": {"LIST": then("silence", b'* LIST () "/" INBOX\r\n')},
    "create: says yes and does not": {"CREATE": say(b"")},
    "create: refused": {"CREATE": say(b"TAG NO quota\r\n", then_ok=False)},
    "select: no UIDVALIDITY": {"SELECT": say(b"* 3 EXISTS\r\n")},
    "select: UIDVALIDITY 0": {"SELECT": say(b"* 3 EXISTS\r\n* OK [UIDVALIDITY 0] x\r\n")},
    "select: UIDVALIDITY too big": {"SELECT": say(b"* OK [UIDVALIDITY 99999999999] x\r\n")},
    "select: UIDVALIDITY a word": {"SELECT": say(b"* OK [UIDVALIDITY abc] x\r\n")},
    "select: EXISTS a word": {"SELECT": say(b"* OK [UIDVALIDITY 7] x\r\n* EXISTS many\r\n")},
    "select: bye": {"SELECT": say(b"* BYE going down\r\n")},
    "select: read-only": {"SELECT": say(b"* OK [UIDVALIDITY 7] x\r\nTAG OK [READ-ONLY] x\r\n", then_ok=False)},
    "search: words": {"SEARCH": say(b"* SEARCH one two\r\n")},
    "search: zero": {"SEARCH": say(b"* SEARCH 0 11\r\n")},
    "search: too big": {"SEARCH": say(b"* SEARCH 11 4294967296\r\n")},
    "search: endless line": {"SEARCH": flooding(b" 1234567890" * 5000)},
    "search: endless lines": {"SEARCH": flooding(b"* OK still here\r\n" * 3000)},
    "search: drips": {"SEARCH": dripping(b"* SEARCH 11 12 13" * 100)},
    "search: silence": {"SEARCH": then("silence")},
    "search: half a line": {"SEARCH": then("hang_up", b"* SEARCH 11 1")},
    "fetch: wrong UID": {"FETCH": body(record(1, 99, b"fremde Post", True))},
    "fetch: UID 0": {"FETCH": body(record(1, 0, b"fremde Post", True))},
    "fetch: no UID": {"FETCH": body(NO_UID)},
    "fetch: doubled and different": {"FETCH": body(ONE, CHANGED)},
    "fetch: doubled within one": {"FETCH": body(TWICE_IN_ONE)},
    "fetch: empty bodies": {"FETCH": body(record(1, 11, b"", True), record(2, 12, b"", True))},
    "fetch: NIL bodies": {"FETCH": body(b"* 1 FETCH (UID 11 INTERNALDATE " + DATE + b" BODY[] NIL)\r\n")},
    "fetch: truncated": {"FETCH": unsteady(MAILS[11][:-4], MAILS[11][:-5])},
    "fetch: longer": {"FETCH": unsteady(MAILS[11] + b"more", MAILS[11] + b"other")},
    "fetch: swapped": {"FETCH": body(record(1, 11, MAILS[12], True), record(2, 12, MAILS[11], True))},
    "fetch: no date": {"FETCH": body(b"* 1 FETCH (UID 11 BODY[] {23}\r\n" + MAILS[11] + b")\r\n")},
    "fetch: date of nonsense": {"FETCH": body(ONE.replace(DATE, b'"40-Foo-2026 99:99:99"'))},
    "fetch: literal shorter than told": {"FETCH": body(SHORT)},
    "fetch: literal of a terabyte": {"FETCH": body(b"* 1 FETCH (UID 11 BODY[] {1099511627776}\r\n")},
    "fetch: unbalanced": {"FETCH": body(b"* 1 FETCH (UID 11 BODY[] (((((\r\n")},
    "fetch: deep": {"FETCH": body(b"* 1 FETCH (UID 11 BODY[] " + b"(" * 20000 + b"\r\n")},
    "fetch: no list": {"FETCH": body(b"* 1 FETCH hello\r\n")},
    "fetch: breaks off": {"FETCH": then("hang_up", SHORT)},
    "fetch: silence": {"FETCH": then("silence", ONE)},
    "fetch: refused": {"FETCH": say(b"TAG NO [SERVERBUG] no\r\n", then_ok=False)},
    "fetch: UIDVALIDITY changes": {"FETCH": body(b"* OK [UIDVALIDITY 8] new\r\n", ONE)},
    "move: lies": {"MOVE": say(b"* OK [COPYUID 7 11:13 1:3] moved\r\n")},
    "move: refused": {"MOVE": say(b"TAG NO no\r\n", then_ok=False)},
    "move: hang up": {"MOVE": then("hang_up")},
    "move: silence": {"MOVE": then("silence")},
    "idle: refused": {"IDLE": say(b"TAG BAD no\r\n", then_ok=False)},
    "idle: closed": {"IDLE": then("hang_up", b"+ idling\r\n")},
    "idle: bye": {"IDLE": then("hang_up", b"+ idling\r\n* BYE going\r\n")},
    "idle: ended by the server": {"IDLE": say(b"+ idling\r\nTAG OK ended\r\n", then_ok=False)},
    "idle: rubbish": {"IDLE": then("silence", b"+ idling\r\n\x00\x00\r\n")},
    "idle: half a response": {"IDLE": then("silence", b"+ idling\r\n* 4 EXI")},
    "idle: no continuation": {"IDLE": then("silence")},
}


@each_third("fault", FAULTS)
def test_a_fault_ends_in_one_clear_error_in_time_and_the_next_pass_recovers(fault: str) -> None:
    got: list[FetchedMail] = []
    with FaultyImap(FAULTS[fault], mails=MAILS) as server:
        refused(server, got)
        server.script = {}
        again: list[FetchedMail] = []
        whole_pass(server, again)
        assert {mail.uid for mail in (*got, *again)} == set(MAILS), "nothing is lost"
        assert all(mail.raw == MAILS[mail.uid] for mail in again)
        assert server.mailbox.mails == {}, "all of them lie in their folder"


@pytest.mark.parametrize("fault", [name for name in FAULTS if name.startswith("login: ") and "refused" in name])
def test_a_refused_login_is_configuration(fault: str) -> None:
    with FaultyImap(FAULTS[fault], mails=MAILS) as server:
        assert isinstance(refused(server, []), ConfigurationError)


@pytest.mark.parametrize(
    "fault", ["login: busy", "login: hang up", "login: silence", "search: silence", "move: lies"]
)
def test_what_may_pass_is_temporary(fault: str) -> None:
    with FaultyImap(FAULTS[fault], mails=MAILS) as server:
        assert isinstance(refused(server, []), TemporaryError)


GREETINGS = {
    "preauth": b"* PREAUTH welcome back\r\n",
    "bye": b"* BYE overloaded\r\n",
    "rubbish": b"220 mail.test ESMTP\r\n",
    "nothing": b"",
    "half": b"* OK",
}


@pytest.mark.parametrize("greeting", GREETINGS.values(), ids=GREETINGS)
def test_a_wrong_greeting_gets_no_credential(greeting: bytes) -> None:
    with FaultyImap(mails=MAILS, greeting=greeting) as server:
        refused(server, [])
        sent = b"".join(server.received).upper()
        assert b"LOGIN" not in sent
        assert b"AUTHENTICATE" not in sent


def test_logindisabled_is_respected() -> None:
    with FaultyImap(mails=MAILS, capability=b"IMAP4rev1 LOGINDISABLED MOVE") as server:
        assert isinstance(refused(server, []), ConfigurationError)
        assert b"LOGIN" not in b"".join(server.received)


def test_a_server_that_is_not_there_is_temporary() -> None:
    with FaultyImap() as server:
        pass
    assert isinstance(refused(server, []), TemporaryError)


# -- what is odd, but no fault -----------------------------------------------------------------------


def quiet(server: FaultyImap, **changes: Any) -> list[FetchedMail]:
    got: list[FetchedMail] = []
    whole_pass(server, got, **changes)
    assert all(mail.raw == MAILS[mail.uid] for mail in got)
    return got


def test_the_server_without_a_script_is_correct() -> None:
    with FaultyImap(mails=MAILS) as server:
        assert [mail.uid for mail in quiet(server)] == [11, 12, 13]
        assert server.mailbox.mails == {}


def among_sizes(*others: bytes) -> Callable[[Talk, bytes, bytes], None]:
    """A FETCH script: what nobody asked for before and after the sizes, all else as it is."""

    def answer(talk: Talk, tag: bytes, arguments: bytes) -> None:
        unasked = b"" if b"BODY" in arguments else b"".join(others)
        talk.send(unasked)
        for number, uid in enumerate(MAILS, 1):
            if uid in uid_set(arguments.split()[0]):
                talk.send(record(number, uid, MAILS[uid], b"BODY" in arguments))
        talk.send(unasked)
        talk.ok(tag)

    return answer


UNASKED = b"* 2 FETCH (FLAGS (\\Seen))\r\n* 12 FETCH (UID 99 FLAGS (\\Flagged))\r\n"
ODD = {
    "flags of other mails in between": {"FETCH": body(UNASKED, ONE, UNASKED, TWO, THREE)},
    "flags of other mails among the sizes": {"FETCH": among_sizes(UNASKED, b"* 1 FETCH (UID 11 FLAGS ())\r\n")},
    "EXPUNGE and EXISTS in between": {"FETCH": body(ONE, b"* 2 EXPUNGE\r\n* 9 EXISTS\r\n", TWO, THREE)},
    "another order": {"FETCH": body(THREE, ONE, TWO)},
    "the same twice": {"FETCH": body(ONE, ONE, TWO, THREE)},
    "sequence numbers that are UIDs of others": {
        "FETCH": body(*(record(13 - n, uid, MAILS[uid], True) for n, uid in enumerate(MAILS)))
    },
}


@pytest.mark.parametrize("oddity", ODD)
def test_an_oddity_is_taken(oddity: str) -> None:
    with FaultyImap(ODD[oddity], mails=MAILS) as server:
        assert {mail.uid for mail in quiet(server)} == {11, 12, 13}


def test_mails_that_vanish_before_the_body_are_absent() -> None:
    with FaultyImap({"FETCH": body(ONE, THREE)}, mails=MAILS) as server:
        assert [mail.uid for mail in quiet(server)] == [11, 13]


def test_a_damaged_mail_blocks_no_other_and_is_told_when_it_is_left_alone() -> None:
    def damaged(talk: Talk, tag: bytes, arguments: bytes) -> None:
        if b"BODY" not in arguments:
            talk.server.do_fetch(talk, tag, arguments)
            return
        end = 3 if b"INTERNALDATE" in arguments else 4  # asked again, it comes otherwise
        records = {11: ONE, 12: record(2, 12, MAILS[12][:end], True), 13: THREE}
        for uid in uid_set(arguments.split()[0]):
            talk.send(records[uid])
        talk.ok(tag)

    with FaultyImap({"FETCH": damaged}, mails=MAILS) as server:
        assert [mail.uid for mail in quiet(server)] == [11, 13]
        server.mailbox.mails = {12: MAILS[12]}
        error = refused(server, [])
    assert isinstance(error, UnreadableMail)
    assert set(error.reasons) == {12}


@pytest.mark.parametrize("check_size", [True, False])
def test_an_estimated_size_hides_no_mail(check_size: bool) -> None:
    """Exchange estimates RFC822.SIZE by default: the same bytes twice are the mail."""

    def sizes(talk: Talk, tag: bytes, arguments: bytes) -> None:
        for number, uid in enumerate(MAILS, 1):
            if uid in uid_set(arguments.split()[0]):
                talk.send(record(number, uid, MAILS[uid], b"BODY" in arguments, size=1000))
        talk.ok(tag)

    with FaultyImap({"FETCH": sizes}, mails=MAILS) as server:
        assert [one.raw for one in quiet(server, check_size=check_size)] == list(MAILS.values())


def test_a_mail_too_big_is_not_asked_for() -> None:
    def sizes(talk: Talk, tag: bytes, arguments: bytes) -> None:
        if b"BODY" in arguments:
            talk.server.do_fetch(talk, tag, arguments)
            return
        if 11 in talk.server.mailbox.mails:
            talk.send(record(1, 11, MAILS[11], False))
        talk.send(record(2, 12, b"", False, size=3_000_000_000))
        talk.send(b"* 2 FETCH (UID 12 FLAGS (\\Seen))\r\n")
        talk.ok(tag)

    with FaultyImap({"FETCH": sizes}, mails=MAILS) as server:
        assert [mail.uid for mail in quiet(server)] == [11]
        assert isinstance(refused(server, []), UnreadableMail)
        assert not any(b"BODY" in line and b"12" in line for line in server.received)


def test_a_split_idle_response_is_put_together() -> None:
    def slowly(talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(b"+ idling\r\n* 4")
        time.sleep(0.1)
        talk.send(b" EXIS")
        time.sleep(0.1)
        talk.send(b"TS\r\n")
        talk.line()
        talk.ok(tag)

    with FaultyImap({"IDLE": slowly}, mails=MAILS) as server, MailboxClient.connect(settings(server)) as client:
        client.open()
        assert client.idle(5, lambda: False)
        assert client.uids() == [11, 12, 13]


def test_a_closed_idle_does_not_spin() -> None:
    with FaultyImap({"IDLE": then("hang_up", b"+ idling\r\n")}) as server:
        client = MailboxClient.connect(settings(server))
        client.open()
        before = time.process_time()
        with pytest.raises(TemporaryError):
            client.idle(2, lambda: False)
        assert time.process_time() - before < 0.5
        client.close()


def test_news_before_the_continuation_is_heard() -> None:
    with FaultyImap({"IDLE": say(b"* 4 EXISTS\r\n+ idling\r\n", then_ok=False), "DONE": say(b"")}) as server:

        def early(talk: Talk, tag: bytes, arguments: bytes) -> None:
            talk.send(b"* 4 EXISTS\r\n+ idling\r\n")
            talk.line()
            talk.ok(tag)

        server.script["IDLE"] = early
        with MailboxClient.connect(settings(server)) as client:
            client.open()
            start = time.monotonic()
            assert client.idle(60, lambda: False)
            assert time.monotonic() - start < 20


def test_a_noisy_idle_is_no_change() -> None:
    def noisy(talk: Talk, tag: bytes, arguments: bytes) -> None:
        talk.send(b"+ idling\r\n* OK still here\r\n* 1 FETCH (FLAGS (\\Seen))\r\n")
        talk.line()
        talk.ok(tag)

    with FaultyImap({"IDLE": noisy}) as server, MailboxClient.connect(settings(server)) as client:
        client.open()
        assert not client.idle(0.3, lambda: False)


def test_closing_a_dead_line_is_quick_and_quiet() -> None:
    with FaultyImap({"LOGOUT": then("silence")}) as server:
        client = MailboxClient.connect(settings(server))
        start = time.monotonic()
        client.close()
        assert time.monotonic() - start < LIMIT


def test_a_client_that_waits_can_be_stopped_from_another_thread() -> None:
    with FaultyImap() as server, MailboxClient.connect(settings(server)) as client:
        client.open()
        stop = threading.Event()
        threading.Timer(0.2, stop.set).start()
        start = time.monotonic()
        assert not client.idle(60, stop.is_set)
        assert time.monotonic() - start < 20


@pytest.mark.parametrize("flood", [b" 1234567890" * 5000, b"* OK still here\r\n" * 3000], ids=["line", "lines"])
def test_a_flood_is_cut_by_its_bytes_long_before_its_time(flood: bytes) -> None:
    with FaultyImap({"SEARCH": flooding(flood)}) as server:
        client = MailboxClient.connect(settings(server, timeout_seconds=60))
        client.open()
        start = time.monotonic()
        with pytest.raises(TemporaryError):
            client.uids()
        assert time.monotonic() - start < 30
        client.close()
