"""What the mailbox client promises, shown on the embedded server and on Dovecot with the same tests."""

import smtplib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from imapclient import IMAPClient

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.demo.servers import EmbeddedServers
from daemon.mailbox.mailbox import ImapClientSettings, MailboxClient
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot

USER = "hopthu@haiphong.test"
SECRET = 'mật "khẩu" \\ + 1'
REGISTERED = "Đã tiếp nhận"
QUARANTINE = "Lỗi - cách ly"
WHEN = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox on some server: how to reach it, and a person's client beside ours."""

    settings: ImapClientSettings
    lmtp_port: int = 0
    embedded: EmbeddedServers | None = None
    people: list[IMAPClient] = field(default_factory=list)

    def leave(self) -> None:
        """Every mail program is closed."""
        for person in self.people:
            person.shutdown()
        self.people.clear()

    def put(self, *raws: bytes, when: datetime = WHEN) -> None:
        """Mails appear in INBOX with that internal date."""
        person = self.person()
        for raw in raws:
            person.append("INBOX", raw, msg_time=when)

    def person(self) -> IMAPClient:
        """Somebody's mail program with the same mailbox."""
        client = IMAPClient("127.0.0.1", self.settings.port, ssl=False, timeout=5)
        client.plain_login(self.settings.user, self.settings.secret)
        client.select_folder("INBOX")
        self.people.append(client)
        return client

    def arrive(self, raw: bytes) -> None:
        """A mail comes in through the delivering server."""
        if self.embedded is not None:
            self.embedded.deliver(USER, raw)
            return
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            client.sendmail("lan@dan.test", [USER], raw)


def settings_for(port: int) -> ImapClientSettings:
    return ImapClientSettings("127.0.0.1", port, "none", USER, "password", SECRET, timeout_seconds=5)


@pytest.fixture(params=["embedded", "dovecot", "dovecot-dots"])
def box(request: pytest.FixtureRequest) -> Iterator[Box]:
    """The same mailbox on each server; the last has the separator "." and the prefix "INBOX."."""
    if request.param == "embedded":
        with EmbeddedServers({USER: SECRET}) as servers:
            here = Box(settings_for(servers.imap_port), embedded=servers)
            yield here
            here.leave()
        return
    reason = dovecot.why_not()
    if reason:
        pytest.skip(reason)
    separator, prefix = (".", "INBOX.") if request.param == "dovecot-dots" else ("/", "")
    with Dovecot({USER: SECRET}, separator=separator, prefix=prefix) as server:
        here = Box(settings_for(server.imap_port), server.lmtp_port)
        yield here
        here.leave()


@contextmanager
def dovecot_box(capability: str = "") -> Iterator[Box]:
    """Dovecot alone, saying it can no more than ``capability``."""
    if dovecot.why_not():
        pytest.skip(dovecot.why_not())
    with Dovecot({USER: SECRET}, capability=capability) as server:
        here = Box(settings_for(server.imap_port), server.lmtp_port)
        yield here
        here.leave()


@pytest.fixture
def client(box: Box) -> Iterator[MailboxClient]:
    with MailboxClient.connect(box.settings) as connected:
        yield connected


def mail(number: int, size: int = 20) -> bytes:
    return f"Subject: thu {number}\r\nMessage-ID: <{number}@dan.test>\r\n\r\n".encode() + b"x" * size + b"\r\n"


def test_mails_come_whole_in_order_with_their_internal_date(box: Box, client: MailboxClient) -> None:
    raws = [mail(number, size=number * 37) for number in range(60)]
    box.put(*raws)
    assert client.open() >= 1
    uids = client.uids()
    assert uids == sorted(uids)
    fetched = list(client.fetch(uids))
    assert [one.uid for one in fetched] == uids
    assert [one.raw for one in fetched] == raws
    assert {one.internaldate for one in fetched} == {WHEN}


@pytest.mark.parametrize(
    "raw",
    [
        b"no header at all\r\n\r\n",
        b"Subject: \xff\xfe raw bytes \xe1\xbb\x99\r\n\r\n\x80\x81\r\n",
        b"Subject: a line\r\n\r\n" + b"y" * 200_000 + b"\r\n",
        b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\n(unclosed {12}\r\n",
        b"Subject: ) BODY[] {3}\r\n\r\n* 1 FETCH (UID 7 BODY[] {3}\r\nabc)\r\nA1 OK\r\n",
    ],
    ids=["no header", "raw bytes", "a long line", "unclosed", "like an answer"],  # a name goes into the environment
)
def test_bytes_of_any_kind_arrive_unchanged(box: Box, client: MailboxClient, raw: bytes) -> None:
    box.put(raw)
    client.open()
    assert [one.raw for one in client.fetch(client.uids())] == [raw]


def test_batches_are_fetched_one_after_another(box: Box) -> None:
    box.put(*(mail(number) for number in range(23)))
    with MailboxClient.connect(replace(box.settings, batch=5)) as client:
        client.open()
        assert len(list(client.fetch(client.uids()))) == 23


def test_fetching_leaves_the_mail_unseen(box: Box, client: MailboxClient) -> None:
    box.put(mail(1))
    client.open()
    list(client.fetch(client.uids()))
    assert box.person().search("UNSEEN") == client.uids()


def test_flags_are_reported_and_do_not_decide(box: Box, client: MailboxClient) -> None:
    box.put(mail(1), mail(2))
    person = box.person()
    person.add_flags(person.search("ALL")[:1], [rb"\Seen", rb"\Flagged"])
    client.open()
    first, second = client.fetch(client.uids())
    assert {r"\Seen", r"\Flagged"} <= set(first.flags)
    assert r"\Seen" not in second.flags


def test_unknown_and_vanished_uids_are_absent(box: Box, client: MailboxClient) -> None:
    box.put(mail(1), mail(2), mail(3))
    client.open()
    uids = client.uids()
    person = box.person()
    person.delete_messages(uids[1])
    person.uid_expunge(uids[1])
    assert {one.uid for one in client.fetch([*uids, uids[-1] + 1000])} == {uids[0], uids[2]}


def test_what_is_no_uid_never_becomes_a_command(client: MailboxClient) -> None:
    client.open()
    for wrong in ("1\r\nA1 DELETE INBOX", 0, -1, 2**32, "1:*"):
        with pytest.raises(ValueError, match="UIDs are integers"):
            list(client.fetch([wrong]))  # type: ignore[list-item]
        with pytest.raises(ValueError, match="UIDs are integers"):
            client.move([wrong], REGISTERED)  # type: ignore[list-item]


def test_folders_are_made_once_and_bear_vietnamese_names(box: Box, client: MailboxClient) -> None:
    client.ensure_folders([REGISTERED, QUARANTINE, "INBOX"])
    client.ensure_folders([REGISTERED, QUARANTINE])
    names = [name for _, _, name in box.person().list_folders()]
    assert sum(name.endswith(REGISTERED) for name in names) == 1
    assert sum(name.endswith(QUARANTINE) for name in names) == 1
    subscribed = [name for _, _, name in box.person().list_sub_folders()]
    assert any(name.endswith(REGISTERED) for name in subscribed)


def test_a_prefix_puts_the_folders_below_one(box: Box) -> None:
    with MailboxClient.connect(replace(box.settings, folder_prefix="Đối thoại/")) as client:
        client.ensure_folders([REGISTERED])
        box.put(mail(1))
        client.open()
        client.move(client.uids(), REGISTERED)
        client.open(REGISTERED)
        assert len(client.uids()) == 1
    names = [name for _, _, name in box.person().list_folders()]
    assert any(name.replace(".", "/").endswith(f"Đối thoại/{REGISTERED}") for name in names)


def test_moved_mails_are_gone_here_and_whole_there(box: Box, client: MailboxClient) -> None:
    raws = [mail(number) for number in range(12)]
    box.put(*raws)
    client.ensure_folders([REGISTERED])
    client.open()
    uids = client.uids()
    client.move(uids[:10], REGISTERED)
    assert client.uids() == uids[10:]
    client.open(REGISTERED)
    moved = list(client.fetch(client.uids()))
    assert sorted(one.raw for one in moved) == sorted(raws[:10])
    assert {one.internaldate for one in moved} == {WHEN}


def test_moving_makes_a_folder_that_a_person_has_deleted(box: Box, client: MailboxClient) -> None:
    box.put(mail(1))
    client.ensure_folders([QUARANTINE])
    person = box.person()
    (full,) = [name for _, _, name in person.list_folders() if name.endswith(QUARANTINE)]
    person.delete_folder(full)
    client.open()
    client.move(client.uids(), QUARANTINE)
    assert client.uids() == []


def test_moving_what_a_person_took_away_does_no_harm(box: Box, client: MailboxClient) -> None:
    box.put(mail(1), mail(2))
    client.ensure_folders([REGISTERED])
    client.open()
    uids = client.uids()
    person = box.person()
    person.delete_messages(uids[0])
    person.uid_expunge(uids[0])
    client.move(uids, REGISTERED)
    assert client.uids() == []


def test_what_a_person_marked_as_deleted_stays_until_the_person_expunges(box: Box, client: MailboxClient) -> None:
    box.put(mail(1), mail(2), mail(3))
    client.ensure_folders([REGISTERED])
    client.open()
    uids = client.uids()
    box.person().delete_messages(uids[2])
    client.move(uids[:2], REGISTERED)
    assert client.uids() == uids[2:]


def test_nothing_is_done_in_a_folder_opened_for_reading(box: Box, client: MailboxClient) -> None:
    box.put(mail(1))
    client.ensure_folders([REGISTERED])
    client.open(readonly=True)
    assert len(list(client.fetch(client.uids()))) == 1
    with pytest.raises(ValueError, match="reading only"):
        client.move(client.uids(), REGISTERED)


def test_a_folder_that_is_not_there_is_an_error_of_one_line(client: MailboxClient) -> None:
    with pytest.raises(TemporaryError) as caught:
        client.open("Không có")
    assert "\n" not in str(caught.value)


def test_a_wrong_password_is_configuration_and_stays_secret(box: Box) -> None:
    with pytest.raises(ConfigurationError) as caught:
        MailboxClient.connect(replace(box.settings, secret="bí mật sai"))
    assert "bí mật" not in str(caught.value)
    assert "bí mật" not in repr(replace(box.settings, secret="bí mật sai"))


def test_uidvalidity_stays_between_connections(box: Box, client: MailboxClient) -> None:
    first = client.open()
    with MailboxClient.connect(box.settings) as second:
        assert second.open() == first


# -- waiting -------------------------------------------------------------------------------------


def test_idle_wakes_up_when_mail_arrives(box: Box, client: MailboxClient) -> None:
    client.open()
    client.uids()
    timer = threading.Timer(0.2, box.arrive, [mail(1)])
    timer.start()
    start = time.monotonic()
    assert client.idle(60, lambda: False)
    assert time.monotonic() - start < 20
    timer.join()
    assert len(client.uids()) == 1


def test_idle_wakes_up_when_a_person_moves_mail_away(box: Box, client: MailboxClient) -> None:
    box.put(mail(1))
    client.open()
    uids = client.uids()

    def take_away() -> None:
        person = box.person()
        person.delete_messages(uids)
        person.uid_expunge(uids)

    timer = threading.Timer(0.2, take_away)
    timer.start()
    assert client.idle(10, lambda: False)
    timer.join()
    assert client.uids() == []


def test_idle_ends_in_time_and_leaves_a_sound_connection(client: MailboxClient) -> None:
    client.open()
    client.uids()
    start = time.monotonic()
    assert not client.idle(0.4, lambda: False)
    assert 0.3 < time.monotonic() - start < 15
    assert client.uids() == []


def test_idle_stops_when_it_is_woken(client: MailboxClient) -> None:
    client.open()
    client.uids()
    end = time.monotonic() + 0.3
    start = time.monotonic()
    assert not client.idle(60, lambda: time.monotonic() > end)
    assert time.monotonic() - start < 20


def test_news_between_listing_and_waiting_is_not_slept_over(box: Box, client: MailboxClient) -> None:
    client.ensure_folders([REGISTERED])
    box.put(mail(1))
    client.open()
    uids = client.uids()
    box.arrive(mail(2))
    client.move(uids, REGISTERED)
    start = time.monotonic()
    assert client.idle(60, lambda: False)
    assert time.monotonic() - start < 20


def test_listing_and_waiting_in_turn_misses_no_mail_of_a_hundred(box: Box, client: MailboxClient) -> None:
    client.open()
    rounds = 100 if box.embedded else 5
    for number in range(rounds):
        sender = threading.Timer(0.005, box.arrive, [mail(number)])
        sender.start()
        while len(client.uids()) <= number:
            assert client.idle(10, lambda: False)
        sender.join()


# -- beside people --------------------------------------------------------------------------------


def test_a_person_reading_flagging_and_moving_meanwhile_changes_nothing(box: Box, client: MailboxClient) -> None:
    raws = [mail(number) for number in range(40)]
    box.put(*raws)
    client.ensure_folders([REGISTERED])
    stop = threading.Event()

    def read() -> None:
        person = box.person()
        while not stop.is_set():
            for uid in person.search("ALL")[::3]:
                person.fetch([uid], ["BODY[]"])
                person.add_flags([uid], [rb"\Flagged"])

    reader = threading.Thread(target=read)
    reader.start()
    got: list[bytes] = []
    client.open()
    try:
        for start in range(0, 40, 8):
            batch = client.uids()[:8]
            got += [one.raw for one in client.fetch(batch)]
            client.move(batch, REGISTERED)
            assert len(got) == start + 8
    finally:
        stop.set()
        reader.join()
    assert sorted(got) == sorted(raws)
    assert client.uids() == []


# -- servers with less ----------------------------------------------------------------------------

WITHOUT_MOVE = "IMAP4rev1 UIDPLUS IDLE NAMESPACE LITERAL+ SASL-IR"


def test_without_move_mails_are_copied_and_only_ours_expunged() -> None:
    with dovecot_box(WITHOUT_MOVE) as box, MailboxClient.connect(box.settings) as client:
        box.put(mail(1), mail(2), mail(3))
        client.ensure_folders([REGISTERED])
        client.open()
        uids = client.uids()
        box.person().delete_messages(uids[2])
        client.move(uids[:2], REGISTERED)
        assert client.uids() == uids[2:]
        client.open(REGISTERED)
        assert len(client.uids()) == 2


def test_a_copy_that_a_cut_line_left_behind_is_not_made_again() -> None:
    """Courier: COPY, the line is cut before its answer, COPY again: three copies lay in the folder."""
    with dovecot_box(WITHOUT_MOVE) as box, MailboxClient.connect(box.settings) as client:
        bare = b"Subject: x\r\n\r\nno Message-ID\r\n"
        box.put(mail(1), mail(2), bare)
        client.ensure_folders([REGISTERED])
        client.open()
        uids = client.uids()
        for _ in range(2):
            box.person().copy(uids[0], client._name(REGISTERED))
        box.put(mail(4))
        client.move(uids, REGISTERED)
        assert len(client.uids()) == 1
        assert client.idle(5, lambda: False), "what came meanwhile is listed at once"
        client.open(REGISTERED)
        assert len(client.uids()) == 2 + 1 + 1, "the two that lay there, and of the others one each"
        client.open()
        client.move(client.uids(), "Chưa có")
        client.open("Chưa có")
        assert len(client.uids()) == 1


def test_a_mail_without_message_id_is_moved_alone() -> None:
    """Nothing was asked for then, which the server took for a wrong command: the mail lay there for ever."""
    with dovecot_box(WITHOUT_MOVE) as box, MailboxClient.connect(box.settings) as client:
        box.put(b"Subject: fax\r\n\r\nno Message-ID\r\n")
        client.open()
        client.move(client.uids(), REGISTERED)
        assert client.uids() == []
        client.open(REGISTERED)
        assert len(client.uids()) == 1


def test_another_mail_of_the_same_second_and_message_id_is_no_copy() -> None:
    """The second was removed without having been copied."""
    with dovecot_box(WITHOUT_MOVE) as box, MailboxClient.connect(box.settings) as client:
        for size in (20, 30):
            box.put(mail(1, size))
            client.open()
            client.move(client.uids(), REGISTERED)
        client.open(REGISTERED)
        assert [len(one.raw) for one in client.fetch(client.uids())] == [len(mail(1, 20)), len(mail(1, 30))]


def test_mails_that_took_over_the_uids_meanwhile_are_not_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder was made anew while the target was looked through: other mails bore the UIDs then."""
    listed = MailboxClient.uids

    def made_anew(self: MailboxClient, since: date | None = None) -> list[int]:
        person = here.person()
        person.delete_folder(client._name(QUARANTINE))
        person.create_folder(client._name(QUARANTINE))
        person.append(client._name(QUARANTINE), mail(2))
        return listed(self, since)

    with dovecot_box(WITHOUT_MOVE) as here, MailboxClient.connect(here.settings) as client:
        client.ensure_folders([QUARANTINE, REGISTERED])
        here.person().append(client._name(QUARANTINE), mail(1))
        client.open(QUARANTINE)
        uids = client.uids()
        with monkeypatch.context() as patched:
            patched.setattr(MailboxClient, "uids", made_anew)
            with pytest.raises(TemporaryError, match="another UIDVALIDITY"):
                client.move(uids, REGISTERED)
        with MailboxClient.connect(here.settings) as anew:
            anew.ensure_folders([QUARANTINE])
            anew.open(QUARANTINE)
            assert [one.raw for one in anew.fetch(anew.uids())] == [mail(2)]


def test_without_move_and_uidplus_nothing_is_moved() -> None:
    with dovecot_box("IMAP4rev1 LITERAL+ SASL-IR") as box, MailboxClient.connect(box.settings) as client:
        box.put(mail(1))
        client.ensure_folders([REGISTERED])
        client.open()
        with pytest.raises(ConfigurationError, match="neither MOVE nor UIDPLUS"):
            client.move(client.uids(), REGISTERED)
        assert len(box.person().search("ALL")) == 1


def test_without_idle_it_simply_waits() -> None:
    with (
        dovecot_box("IMAP4rev1 UIDPLUS MOVE LITERAL+ SASL-IR") as box,
        MailboxClient.connect(box.settings) as client,
    ):
        client.open()
        client.uids()
        assert not client.idle(0.2, lambda: False)
        assert client.uids() == []


def test_xoauth2_sends_the_token_once() -> None:
    with EmbeddedServers({USER: "token-abc"}) as servers:
        settings = replace(settings_for(servers.imap_port), auth="xoauth2", secret="token-abc")
        with MailboxClient.connect(settings) as client:
            assert client.open() >= 1
        with pytest.raises(ConfigurationError):
            MailboxClient.connect(replace(settings, secret="token-wrong"))


def test_another_uidvalidity_is_told() -> None:
    with EmbeddedServers({USER: SECRET}) as servers:
        with MailboxClient.connect(settings_for(servers.imap_port)) as client:
            first = client.open()
        second = servers.renew_uidvalidity(USER)
        with MailboxClient.connect(settings_for(servers.imap_port)) as client:
            assert client.open() == second != first


def test_an_internal_date_in_another_zone_is_the_same_instant() -> None:
    with dovecot_box() as box, MailboxClient.connect(box.settings) as client:
        box.put(mail(1), when=WHEN.astimezone(timezone(timedelta(hours=7))))
        client.open()
        (only,) = client.fetch(client.uids())
        assert only.internaldate == WHEN
        assert only.internaldate.utcoffset() == timedelta(0)
