"""One promise a test, each quick: what ``scripts/seeded_faults.py`` breaks must show here or beside."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from daemon.base.errors import TemporaryError
from daemon.commands.run import Daemon, Ticker
from daemon.letters.mailto_links import Tagger
from daemon.loop.fetch import Opened, fetch_new
from daemon.loop.send import Dispatcher
from daemon.mailbox.connection import FetchedMail
from daemon.parsing.parse import parse_mail
from daemon.smtp.outcomes import SendResult
from db.core.tables import assignment, question_link
from db.mails.identity import identity_of
from db.register import questions
from rules.law.working_days import due_instant
from rules.message.authentication import is_authenticated
from rules.values.states import QuestionStatus
from tests.conservation import balance
from tests.installation import MAILBOX, MONDAY, OFFICER, SXD, answer_to, letter, text_of
from tests.support.acts import untouched
from tests.world import AUTHSERV, LETTER, World, vouched

TAGGER = Tagger(b"k" * 32, MAILBOX)


def test_two_senders_are_nobody() -> None:
    raw = vouched(b"From: vanthu@sxd.test, x@evil.test\r\nSubject: a\r\n\r\nb\r\n", "sxd.test")
    assert not is_authenticated(parse_mail(raw), AUTHSERV)
    assert is_authenticated(parse_mail(raw.replace(b", x@evil.test", b"")), AUTHSERV)


def sent_to(tag: str, sender: str = OFFICER) -> object:
    local, _, domain = MAILBOX.partition("@")
    return TAGGER.read(parse_mail(letter(sender, "x", to=f"{local}+{tag}@{domain}")))


def test_forged_tag_is_none() -> None:
    tag = TAGGER.make("r", 7)
    assert sent_to(tag) is not None
    assert sent_to(tag[:-1] + ("0" if tag[-1] != "0" else "1")) is None
    assert sent_to(tag.replace("r.7.", "r.8.")) is None


def test_tag_is_bound_to_its_person() -> None:
    tag = TAGGER.make("o", 7, OFFICER)
    assert sent_to(tag) is not None
    assert sent_to(tag, "khac@haiphong.test") is None
    assert TAGGER.make("o", 7, "a@x.test") != TAGGER.make("o", 7, "b@x.test")


def test_a_spent_token_does_not_turn_back_what_was_decided_since(house: World) -> None:
    house.arrive(letter("chi@dan.test", "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất."))
    first = vouched(answer_to(house.last("officer_review"), OFFICER, "Chuyển SXD"))
    house.arrive(first)
    code = house.house.questions[0]["code"]
    house.answers("officer_done", OFFICER, f"{code} chuyển SNNMT")
    before = house.state()
    assert [(row["unit"], row["status"]) for row in house.rows(assignment)] == [
        ("SXD", "replaced"), ("SNNMT", "forwarded"),
    ]  # fmt: skip
    house.arrive(b"X-Again: 1\r\n" + first)
    assert untouched(before, house.state(), "raw_mail")


def test_forged_from_with_the_number_adds_nothing(house: World) -> None:
    code = house.ask(LETTER.split("\n\n")[0])["code"]
    house.arrive(letter("an@dan.test", f"Bổ sung cho {code}:\n\nKẻ Xấu\n12 Lạch Tray, phường Gia Viên\n0912 999 999"))
    assert house.house.questions[0]["missing"] == "name,address,phone"


class Mailbox:
    """A mailbox client that notes what is asked of it, and what the ledger knows at that moment."""

    def __init__(self, house: World, flags: tuple[str, ...] = ()) -> None:
        self.house, self.flags = house, flags
        self.moved_unknown: list[int] = []

    def uids(self, since: date | None = None) -> list[int]:
        return [1]

    def received(self, uids: list[int]) -> dict[int, datetime]:
        return dict.fromkeys(uids, MONDAY)

    def fetch(self, uids: list[int]) -> Iterator[FetchedMail]:
        for uid in uids:
            yield FetchedMail(uid, letter("an@dan.test", LETTER), MONDAY, self.flags)

    def move(self, uids: list[int], folder: str) -> None:
        known = {row["uid"] for row in self.house.house.mails}
        self.moved_unknown += [uid for uid in uids if uid not in known]


def fetched(house: World, mailbox: Mailbox) -> int:
    return fetch_new(mailbox, house.house.engine, Opened(MAILBOX, 7), house.house.clock, lambda: None)  # type: ignore[arg-type]


def test_nothing_is_moved_before_it_is_stored(house: World) -> None:
    mailbox = Mailbox(house)
    assert fetched(house, mailbox) == 1
    assert mailbox.moved_unknown == []


def test_mail_that_a_person_has_read_is_fetched(house: World) -> None:
    assert fetched(house, Mailbox(house, ("\\Seen",))) == 1


class Server:
    """Takes every mail, and looks at the outbox when it is offered one."""

    def __init__(self, house: World, outcome: str) -> None:
        self.house, self.outcome = house, outcome
        self.taken: list[bytes] = []
        self.states: list[tuple[str, int]] = []

    async def send_all(self, mails, note, begin, stopping) -> None:  # type: ignore[no-untyped-def]
        for mail in mails:
            assert begin(mail.id)
            row = next(one for one in self.house.house.sent if one["id"] == mail.id)
            self.states.append((str(row["status"]), int(row["attempts"])))
            self.taken.append(mail.raw)
            note(SendResult(mail.id, self.outcome, 0, "", "data"))  # type: ignore[arg-type]


def offered(house: World, server: Server) -> None:
    office = house.house.installation
    Dispatcher(house.house.engine, office, server, "w", lambda: None, lambda: False).send_due()  # type: ignore[arg-type]


def test_what_is_sent_again_is_the_same_mail(asked: World) -> None:
    server = Server(asked, "unknown")
    offered(asked, server)
    first = set(server.taken)
    server.taken.clear()
    asked.house.clock.forward(minutes=20)
    offered(asked, server)
    assert first
    assert first <= set(server.taken)
    assert {bytes(row["bytes"]) for row in asked.house.sent} >= set(server.taken)


def test_an_attempt_is_marked_before_the_server_is_asked(asked: World) -> None:
    server = Server(asked, "sent")
    offered(asked, server)
    assert set(server.states) == {("sending", 1)}


def test_a_repeated_message_id_is_another_mail() -> None:
    one = letter("an@dan.test", "một", message_id="<same@dan.test>")
    two = letter("an@dan.test", "hai", message_id="<same@dan.test>")
    assert identity_of(one) != identity_of(two)


def test_every_mail_says_that_it_is_automatic(asked: World) -> None:
    heads = [bytes(row["bytes"]).partition(b"\r\n\r\n")[0] for row in asked.house.sent]
    assert heads
    assert all(b"\nAuto-Submitted: auto-" in head for head in heads)


def test_automatic_mail_is_not_answered(house: World) -> None:
    row = house.arrive(letter("may@dan.test", LETTER, headers={"Auto-Submitted": "auto-replied"}))
    assert (row["fate"], house.house.sent, house.house.questions) == ("ignore", [], [])


def test_a_forged_from_is_no_spam_cannon(house: World) -> None:
    for number in range(8):
        house.house.clock.forward(hours=1.5)
        house.arrive(letter("nan-nhan@dan.test", LETTER.replace("đường trước", f"đường số {number} trước")))
    assert len(house.house.questions) == 8
    assert sum(row["recipient"] == "nan-nhan@dan.test" for row in house.house.sent) <= 3


def test_senders_take_turns(house: World) -> None:
    """Ten mails of one sender are heard before a neighbour's that came behind them, and no eleventh."""
    flood = [letter("lu@dan.test", f"{LETTER} Đây là đoạn số {number}.") for number in range(12)]
    house.store(*flood, letter("ba@dan.test", LETTER))
    house.arrive()
    order = sorted(house.house.mails, key=lambda row: int(row["question_id"]))
    assert [row["from_email"] for row in order] == [*["lu@dan.test"] * 10, "ba@dan.test", *["lu@dan.test"] * 2]


def broken_office(house: World, word: bytes) -> None:
    """A house whose reading of one mail fails, as the unforeseen does."""
    office = house.house.installation

    def read(raw: bytes, at: datetime, *more: Any, **named: Any) -> object:
        if word in raw:
            raise ArithmeticError("unforeseen")
        return office.read(raw, at, *more, **named)

    names = (*(one.name for one in fields(office)), "person", "compose")
    house.house.installation = SimpleNamespace(read=read, **{name: getattr(office, name) for name in names})  # type: ignore[assignment]


def test_one_bad_mail_does_not_block_the_next(house: World) -> None:
    broken_office(house, b"Subject: bad")
    house.arrive(letter("x@dan.test", "x", subject="bad"), letter("an@dan.test", LETTER))
    assert [row["status"] for row in house.house.mails] == ["stored", "done"]
    for _ in range(2):
        house.house.clock.forward(days=1)
        house.arrive()
    assert house.house.mails[0]["status"] == "quarantined"


def test_a_mail_that_fails_fails_alone(house: World) -> None:
    broken_office(house, b"Subject: bad")
    names = ("ba", "an", "x", "tu", "chi")
    house.arrive(
        *(letter(f"{one}@dan.test", f"{LETTER} {one}", subject="bad" if one == "x" else "q") for one in names)
    )
    assert [row["status"] for row in house.house.mails] == ["done", "done", "stored", "done", "done"]
    assert [row["attempts"] for row in house.house.mails] == [0, 0, 1, 0, 0]


def test_a_database_that_fails_takes_back_the_mail_at_hand_alone(house: World) -> None:
    """It fails at the third mail: the first two stand, the third is decided on again and has lost no attempt."""

    def refuse(_connection, _cursor, statement, parameters, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("INSERT INTO question ") and "tu@dan.test" in parameters:
            raise OperationalError("disk full", {}, Exception("disk full"))

    event.listen(house.house.engine, "before_cursor_execute", refuse)
    house.store(*(letter(f"{one}@dan.test", f"{LETTER} {one}") for one in ("ba", "an", "tu")))
    with pytest.raises(TemporaryError):
        house.arrive()
    assert [row["status"] for row in house.house.mails] == ["done", "done", "stored"]
    assert [row["attempts"] for row in house.house.mails] == [0, 0, 0]
    likes = house.house.installation.likes
    assert likes.last == len(likes.index) == 2, "what was rolled back is like nothing"
    event.remove(house.house.engine, "before_cursor_execute", refuse)
    house.arrive()
    assert [row["code"][-6:] for row in house.house.questions] == ["000001", "000002", "000003"]
    pairs = [(one["first_id"], one["second_id"]) for one in house.house.rows(question_link)]
    assert pairs == [(1, 2), (1, 3), (2, 3)]


def test_a_failed_decision_leaves_nothing_behind(house: World) -> None:
    """It fails at its last step: the number goes back, and nothing is queued."""

    def refuse(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("UPDATE raw_mail") and "trace" in statement:
            raise ArithmeticError("unforeseen")

    event.listen(house.house.engine, "before_cursor_execute", refuse)
    house.arrive(letter("an@dan.test", LETTER))
    event.remove(house.house.engine, "before_cursor_execute", refuse)
    assert (house.house.questions, house.house.sent) == ([], [])
    house.house.clock.forward(days=1)
    house.arrive()
    assert [row["code"] for row in house.house.questions] == ["HP-2026-000001"]


def test_a_state_that_another_was_faster_to_change_is_not_overwritten(asked: World) -> None:
    with asked.house.engine.begin() as connection:
        expected = (QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW)
        assert not questions.set_status(connection, 1, expected, QuestionStatus.REJECTED, {})
    assert asked.house.questions[0]["status"] == "forwarded"


@pytest.mark.world(bystanders=False, adds_up=False)  # whole tables are damaged
@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("UPDATE question SET number = 7, code = 'HP-2026-000007'", "register numbers"),
        ("UPDATE raw_mail SET fate = ''", "have no fate"),
        ("DELETE FROM duty", "without a duty"),
    ],
)
def test_books_that_do_not_add_up_are_named(damage: str, fault: str, asked: World) -> None:
    assert asked.faults() == []
    with asked.house.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql(damage)
    assert any(fault in one for one in asked.faults())
    with pytest.raises(AssertionError, match="arrived is not done"):
        balance(asked.house)
    asked.house.books_broken = damage


@pytest.mark.world(bystanders=False, adds_up=False)
def test_the_books_are_looked_at_every_hour_and_a_fault_is_an_error(
    asked: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked.house.books_broken = "to see it told"
    with asked.house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE raw_mail SET fate = ''")
    jobs: dict[str, tuple[float, Callable[[], object]]] = {}
    monkeypatch.setattr(Ticker, "every", lambda _, seconds, name, job: jobs.update({name: (seconds, job)}))
    monkeypatch.setattr(Daemon, "_catch_signals", lambda _: None)
    daemon = Daemon(asked.house.config, asked.house.database_url)
    daemon.stop_wanted = True
    assert daemon.run(once=False) == 0
    seconds, look = jobs["conservation"]
    assert seconds <= 3600
    look()
    daemon.engine.dispose()
    assert "1 decided mails have no fate" in str([vars(one) for one in caplog.records if one.levelname == "ERROR"])


def test_late_is_after_the_last_day() -> None:
    assert due_instant(date(2026, 10, 20)) == datetime(2026, 10, 20, 17, 0, tzinfo=UTC)


def test_answer_due_rolls_as_the_law_says(house: World) -> None:
    """Fifteen days from Friday 23/10/2026 end on a Saturday: the Monday after counts."""
    house.house.clock.at = datetime(2026, 10, 23, 2, 0, tzinfo=UTC)
    assert house.house.installation.board.law.answer_due(house.house.clock.at).on == date(2026, 11, 9)


def test_late_notice_is_keyed_by_what_it_is_about(asked: World) -> None:
    asked.house.clock.at = datetime(2026, 10, 21, 3, 0, tzinfo=UTC)
    asked.due()
    keys = [str(row["key"]) for row in asked.house.sent if row["name"] == "citizen_late"]
    assert len(keys) == 1
    assert keys[0].endswith("1:2026-10-20")


def test_quoted_text_is_no_answer(asked: World) -> None:
    forward = asked.last("unit_forward", SXD)
    asked.arrive(vouched(answer_to(forward, SXD, "Sở trả lời: đường sẽ được sửa trong năm 2027.")))
    told = asked.last("citizen_answered")
    assert "2027" in text_of(told)
    assert "đã viết" not in text_of(told)


def test_denunciation_is_sealed(house: World) -> None:
    text = "Tôi tố cáo ông Trần Văn X, cán bộ địa chính xã, nhận của tôi 30 triệu đồng. Đề nghị giữ bí mật tên tôi."
    row = house.arrive(letter("nguoi-to-cao@dan.test", text, subject="Tố cáo"))
    shown = (row["sealed"], row["from_email"], row["subject"], row["trace"])
    assert (row["kind"], *shown) == ("denunciation", True, "", "", [])
