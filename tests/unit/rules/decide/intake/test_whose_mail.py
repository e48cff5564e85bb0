"""Whose mail it is: only a citizen's is asked after, tied to a question, or answered with the address it needs."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.actions import AmendQuestion
from rules.decide.base.facts import Person
from rules.decide.intake import (
    citizen_replies,
    for_the_office,
    known_mails,
    new_question,
    question_addresses,
    status_requests,
    untrusted_mails,
)
from rules.decide.intake.citizen_replies import _counted
from rules.decide.intake.follow_ups import decide_repeat, is_repeat
from rules.decide.intake.status_requests import decide_state_too, is_status_request
from rules.decide.intake.untrusted_mails import is_wrong_address
from rules.decide.officer import officer_mail
from rules.message.quote_markers import DEFAULT
from rules.message.two_readings import WHY
from rules.understand.citizen_replies import Content
from rules.values.model import Automatic, Decision, Kind, Mailbox
from rules.values.states import QuestionStatus

NOW = datetime(2026, 10, 6, 2, tzinfo=UTC)
LAN = Person("Bùi Thị Lan", "lan@haiphong.test", "officer")
SIGNED = f"doithoai+r.7.{'0f' * 10}@haiphong.test"
OURS = {"sender_unit": "SXD"}, {"person": LAN}


def mail_of(
    *sent_to: str, kind: Kind = Kind.QUESTION, to: str = "doithoai@haiphong.test", said: str = "", **facts: Any
) -> Any:
    """A mail of dan@dan.test in the thread of mails of ours to these addresses."""
    writer = Mailbox("An", "dan@dan.test")
    return SimpleNamespace(
        **{"sender_unit": "", "person": None, "tag": None, "repeats": None, "withdrawals": {}, **facts},
        board=SimpleNamespace(mailbox="doithoai@haiphong.test", source=DEFAULT, prefix="HP"),
        mail=SimpleNamespace(sender=writer, senders=(writer,), subject="", to=(Mailbox("", to),), cc=()),
        threads=tuple(SimpleNamespace(recipient=one, question_id=None) for one in sent_to),
        understanding=SimpleNamespace(
            kind=kind,
            text=SimpleNamespace(ordered="", own=said),
            sure=False,
            secret_alone=False,
            automatic=Automatic(None),
        ),
    )


@pytest.mark.parametrize(
    ("mail", "wrong"),
    [
        (mail_of("binh@dan.test"), True),
        (mail_of("binh@dan.test", "Dan@Dan.test"), False),
        (mail_of("dan@dan.test", to=SIGNED), False),
        (mail_of(to=SIGNED), True),
        (mail_of(), False),
        *((mail_of("binh@dan.test", **one), False) for one in OURS),
        *((mail_of("binh@dan.test", kind=one), False) for one in (Kind.DENUNCIATION, Kind.COMPLAINT)),
    ],
)
def test_a_wrong_address_is_a_citizens_to_whom_nothing_of_the_thread_was_sent(mail: Any, wrong: bool) -> None:
    """1.2: a denunciation is sealed whoever's thread it comes in; where to write to is told to citizens alone."""
    assert is_wrong_address(mail) is wrong


@pytest.mark.parametrize(("whose", "asks"), [({}, True), *((one, False) for one in OURS)])
def test_only_a_citizen_asks_again_or_for_the_state(
    monkeypatch: pytest.MonkeyPatch, whose: dict[str, Any], asks: bool
) -> None:
    monkeypatch.setattr(status_requests, "own_question", lambda _: None)
    monkeypatch.setattr(status_requests, "asks_for_state", lambda *_, **__: True)
    assert is_status_request(mail_of(**whose)) is asks
    assert bool(is_repeat(mail_of(repeats=SimpleNamespace(id=7), **whose))) is asks
    assert not is_repeat(mail_of(**whose))
    assert decide_repeat(mail_of(**whose), NOW) == decide_state_too(mail_of(**whose), NOW) == ()


@pytest.mark.parametrize(
    ("said", "sent_to", "number"),
    [
        ("Câu HP-2026-000008 đến đâu rồi?", ["dan@dan.test"], 8),
        ("Không đồng ý công khai tên", ["dan@dan.test"], 7),
        ("Không đồng ý công khai tên", [], None),
        ("Câu của tôi đến đâu rồi?", ["dan@dan.test"], None),
        ("Câu của tôi đến đâu rồi?", [], None),
    ],
)
def test_a_number_in_a_mail_goes_before_its_thread(
    monkeypatch: pytest.MonkeyPatch, said: str, sent_to: list[str], number: int | None
) -> None:
    """The thread alone names the question of a request about data, or of a word on the name."""
    email = "dan@dan.test"
    questions = {one: SimpleNamespace(id=one, code=f"HP-2026-{one:06}", email=email) for one in (7, 8)}
    monkeypatch.setattr(status_requests, "own_question", lambda _: questions[7])
    named = status_requests._named(mail_of(*sent_to, said=said, questions=questions))
    assert (named and named.id) == number


@pytest.mark.parametrize(
    ("said", "act", "why"),
    [
        (Content.YES, "satisfied", "Người hỏi hài lòng với câu trả lời"),
        (Content.NO, "not_satisfied", "Người hỏi chưa hài lòng với câu trả lời"),
    ],
)
def test_an_opinion_of_an_answer_is_noted_as_it_was_said(said: Content, act: str, why: str) -> None:
    question: Any = SimpleNamespace(id=7, status=QuestionStatus.ANSWERED)
    assert _counted(question, said) == (AmendQuestion(7, {"content_with_answer": said.value}, act, why),)


def test_an_order_that_is_not_proven_is_held_and_its_officer_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(officer_mail, "hold", lambda _facts, _now, why: (why,))
    monkeypatch.setattr(officer_mail, "notify_person", lambda _facts, what: (what,))
    order = mail_of("lan@haiphong.test", person=LAN, unproven="không có chữ ký")
    told: Any = officer_mail.decide_order(order, NOW)
    assert told == ("một thư ra lệnh xử lý", "Lệnh xử lý không có chữ ký")


@pytest.mark.parametrize(
    ("kind", "words", "asks"),
    [
        (Kind.QUESTION, 60, True),
        (Kind.QUESTION, 61, False),
        (Kind.COMPLAINT, 9, False),
        (Kind.DENUNCIATION, 9, False),
    ],
)
def test_only_a_short_mail_that_complains_of_nothing_looks_a_number_up(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, words: int, asks: bool
) -> None:
    monkeypatch.setattr(status_requests, "_named", lambda _: SimpleNamespace(id=7))
    monkeypatch.setattr(status_requests, "said_of", lambda _: "x " * words)
    monkeypatch.setattr(status_requests, "wishes_data", lambda _: False)
    monkeypatch.setattr(status_requests, "denounces", lambda *_: False)
    monkeypatch.setattr(status_requests, "asks_for_state_of", lambda *_: True)
    assert status_requests.is_lookup(mail_of(kind=kind)) is asks


@pytest.mark.parametrize(("words", "short"), [(150, True), (151, False)])
def test_a_request_of_data_is_as_long_as_a_letter(monkeypatch: pytest.MonkeyPatch, words: int, short: bool) -> None:
    monkeypatch.setattr(status_requests, "_named", lambda _: SimpleNamespace(id=7))
    monkeypatch.setattr(status_requests, "said_of", lambda _: "x " * words)
    monkeypatch.setattr(status_requests, "wishes_data", lambda _: True)
    assert status_requests.is_lookup(mail_of()) is short


def test_who_asks_for_the_state_hears_of_what_waits_first_and_of_what_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_requests, "own_question", lambda _: None)
    monkeypatch.setattr(status_requests, "_state", lambda _, question: question.id)
    monkeypatch.setattr(status_requests, "thread", lambda _: ())
    monkeypatch.setattr(status_requests, "_finish_request", lambda *_: "finish")
    monkeypatch.setattr(status_requests, "_complained", lambda *_: ())
    states = (QuestionStatus.ANSWERED, QuestionStatus.FORWARDED, QuestionStatus.REJECTED, QuestionStatus.RECEIVED)
    own = tuple(SimpleNamespace(id=number, status=one, email="dan@dan.test") for number, one in enumerate(states))
    mail = mail_of(own_questions=own, raw_mail=9)
    mail.mail.message_id = ""
    told: Any = status_requests.decide_status_request(mail, NOW)
    assert told[0].notice.values == {"states": [1, 3, 0, 2], "more": 0}


@pytest.mark.parametrize(("opinion", "as_asked"), [(True, True), (True, False), (False, True), (False, False)])
def test_an_opinion_as_suggested_is_both(monkeypatch: pytest.MonkeyPatch, opinion: bool, as_asked: bool) -> None:
    monkeypatch.setattr(citizen_replies, "is_opinion", lambda _: opinion)
    monkeypatch.setattr(citizen_replies, "_as_asked", lambda _: as_asked)
    assert citizen_replies.is_asked_opinion(mail_of()) is (opinion and as_asked)


@pytest.mark.parametrize(
    ("address", "told"),
    [("SXD@don-vi.test", ["Địa chỉ khác của đơn vị: du-phong@don-vi.test"]), ("an@dan.test", [])],
)
def test_of_a_units_mail_that_came_back_its_other_addresses_are_told(address: str, told: list[str]) -> None:
    contacts = {
        "SYT": SimpleNamespace(code="SYT", address="syt@don-vi.test", others=()),
        "SXD": SimpleNamespace(code="SXD", address="sxd@don-vi.test", others=("du-phong@don-vi.test",)),
    }
    board: Any = SimpleNamespace(contacts=contacts)
    assert known_mails.other_addresses(board, address) == told


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, ""),
        ({"two_readings": True}, WHY),
        ({"central": "Cục Thuế"}, "Thuộc thẩm quyền của Cục Thuế: cần cán bộ xác nhận"),
        ({"kind": Kind.OUT_OF_SCOPE}, "Có vẻ ngoài phạm vi của thành phố: cần cán bộ xác nhận"),
        ({"minimal": True}, "Thư hỏng, chỉ đọc được một phần: cần cán bộ xem bản gốc"),
        ({"cut": True}, "Thư quá dài, chỉ đọc được phần đầu: cần cán bộ xem bản gốc"),
        ({"decision": Decision.REVIEW}, "Hệ thống chưa đủ chắc chắn về đơn vị trả lời"),
        ({"decision": Decision.REVIEW, "file": "don.doc"}, new_question.IN_A_FILE.format("don.doc")),
        ({"subject": "Hè phố (1/2)"}, "Người viết báo thư còn phần tiếp theo: nên chờ phần ấy rồi hãy chuyển"),
        ({"unit": "STC"}, "Chưa khai báo địa chỉ thư điện tử công vụ của đơn vị STC"),
    ],
)
def test_why_nothing_is_forwarded(monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any], why: str) -> None:
    monkeypatch.setattr(new_question, "central_agency", lambda _: facts.get("central", ""))
    monkeypatch.setattr(new_question, "_letter_in_file", lambda _: facts.get("file", ""))
    item = SimpleNamespace(unit=facts.get("unit", "SXD"))
    monkeypatch.setattr(new_question, "wanted_items", lambda _: (item,))
    understanding = SimpleNamespace(
        two_readings=facts.get("two_readings", False),
        kind=facts.get("kind", Kind.QUESTION),
        decision=facts.get("decision", Decision.FORWARD),
        text=SimpleNamespace(own="Bao giờ sửa hè phố?"),
        route=SimpleNamespace(items=()),
    )
    read: Any = SimpleNamespace(
        understanding=understanding,
        mail=SimpleNamespace(
            minimal=facts.get("minimal", False), cut=facts.get("cut", False), subject=facts.get("subject", "Hè phố")
        ),
        board=SimpleNamespace(contacts={"SXD": None}, source=DEFAULT),
    )
    assert new_question._why_review(read) == why


@pytest.mark.parametrize(
    ("duplicate", "own", "kind", "decided"),
    [
        (3, True, Kind.QUESTION, "duplicate"),
        (None, True, Kind.BOUNCE, "Thư do chính hệ thống gửi ra quay lại hộp thư"),
        (None, False, Kind.BOUNCE, "bounce"),
        (None, False, Kind.AUTO_REPLY, "Thư trả lời tự động: không đăng ký, không trả lời (RFC 3834)"),
        (None, False, Kind.QUESTION, None),
    ],
)
def test_what_is_known_already_is_no_mail_to_decide_on(
    monkeypatch: pytest.MonkeyPatch, duplicate: int | None, own: bool, kind: Kind, decided: str | None
) -> None:
    monkeypatch.setattr(known_mails, "_duplicate", lambda _: "duplicate")
    monkeypatch.setattr(known_mails, "_bounce", lambda _: ("bounce",))
    monkeypatch.setattr(known_mails, "_ignore", lambda _facts, _kind, _folder, why: why)
    found: Any = known_mails.decide_known(mail_of(duplicate_of=duplicate, own_mail=own, kind=kind))
    assert found == (None if decided is None else (decided,))


GRAVE = tuple({"kind": one} for one in (Kind.COMPLAINT, Kind.DENUNCIATION))
A_FILE = SimpleNamespace(inline=False)


@pytest.mark.parametrize(("whose", "for_us"), [({}, True), *((one, False) for one in (*OURS, *GRAVE))])
def test_only_a_citizens_word_that_complains_of_nothing_is_for_the_office_or_denies_a_question(
    monkeypatch: pytest.MonkeyPatch, whose: dict[str, Any], for_us: bool
) -> None:
    question = SimpleNamespace(id=7, subject="Hè phố", content="Bao giờ sửa hè phố?", asker=None)
    for room in (for_the_office, question_addresses):
        monkeypatch.setattr(room, "own_question", lambda _: question)
    monkeypatch.setattr(for_the_office, "wish_to_office", lambda *_: ("muốn nhận bản giấy", ""))
    for one in ("answers_asked", "completed_data", "wishes_data", "asks_for_state_too", "shares_matter"):
        monkeypatch.setattr(for_the_office, one, lambda *_: False)
    monkeypatch.setattr(for_the_office, "without_requester", lambda text, _: text)
    monkeypatch.setattr(question_addresses, "denies_question", lambda *_: True)
    mail = mail_of(**whose)
    mail.mail.attachments = ()
    assert for_the_office.is_wish_to_office(mail) is for_us
    assert question_addresses.is_denial(mail) is for_us
    mail.mail.attachments = (A_FILE,)
    assert not for_the_office.is_wish_to_office(mail)
    assert not question_addresses.is_denial(mail)


@pytest.mark.parametrize(("whose", "robots"), [({}, True), *((one, False) for one in (*OURS, *GRAVE))])
def test_a_document_registers_notice_comes_from_an_address_that_is_nobodys(
    monkeypatch: pytest.MonkeyPatch, whose: dict[str, Any], robots: bool
) -> None:
    """A unit's own mail is its reply, and what denounces is sealed, whatever lines stand above it."""
    monkeypatch.setattr(untrusted_mails, "_notice", lambda _: SimpleNamespace(unit="SXD", number="12/SXD"))
    assert untrusted_mails.is_document_notice(mail_of(**whose)) is robots


@pytest.mark.parametrize(
    ("kind", "phone", "invites"),
    [
        (Kind.QUESTION, "", True),
        (Kind.NOT_A_QUESTION, "", True),
        (Kind.OUT_OF_SCOPE, "", True),
        (Kind.QUESTION, "0912345678", False),
        (Kind.COMPLAINT, "", False),
        (Kind.DENUNCIATION, "", False),
    ],
)
def test_an_invitation_gives_no_telephone_of_an_asker_and_complains_of_nothing(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, phone: str, invites: bool
) -> None:
    monkeypatch.setattr(new_question, "is_invitation", lambda *_: True)
    mail = mail_of(kind=kind, received_at=NOW)
    mail.understanding.asker = SimpleNamespace(phone=phone)
    mail.board.law = SimpleNamespace(today=lambda _: NOW.date())
    assert new_question.is_invitation_to_us(mail) is invites


@pytest.mark.parametrize(
    ("tag", "thread", "orders"),
    [("o", False, True), ("", True, True), ("o", True, True), ("a", False, False), ("", False, False)],
)
def test_an_order_replies_to_a_mail_of_ours_by_its_token_or_its_thread(tag: str, thread: bool, orders: bool) -> None:
    mail = mail_of(
        LAN.email if thread else "binh@haiphong.test", person=LAN, tag=SimpleNamespace(kind=tag) if tag else None
    )
    assert officer_mail.is_order(mail) is orders
