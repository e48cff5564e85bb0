"""Of the outbox: a statement touches the letters it names in the states it names, and no other."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from db.core.counters import get_state, set_state
from db.core.tables import assignment, outbox, outbox_content, question
from db.outbox import kept_back, leader, undelivered
from db.outbox import outbox as letters
from rules.decide.base.actions import Register, Send
from rules.values.model import Notice, Recipient, Requester
from rules.values.states import Kind, OutboxStatus, QuestionStatus, RequesterKind
from tests.support.rows import DAY, NOW, column, lay

HOUR = timedelta(hours=1)
ALL = [one.value for one in OutboxStatus]


def letter(rows: Connection, **values: object) -> int:
    """A letter that waits, with its bytes."""
    usual = {"status": "pending", "created_at": NOW - HOUR, "next_attempt_at": NOW - HOUR, "name": "unit_forward"}
    number = lay(rows, outbox, **usual | values)
    lay(rows, outbox_content, outbox_id=number, bytes=b"Subject: x")
    return number


def states(rows: Connection) -> list[str]:
    return column(rows, outbox.c.status)


def one_of_each(rows: Connection, **values: object) -> list[int]:
    """A letter in each state."""
    return [letter(rows, status=one, **values) for one in ALL]


def test_a_key_is_known_by_its_row(rows: Connection) -> None:
    letter(rows, key="one")
    letter(rows, key="two")
    assert letters.queued_among(rows, ["one", "three"]) == {"one"}


def test_only_the_one_that_is_named_is_sent_again_and_only_when_it_failed_or_is_unknown(rows: Connection) -> None:
    ids, others = one_of_each(rows), one_of_each(rows)
    done = [undelivered.resend(rows, each, NOW) for each in ids]
    assert [state for state, again in zip(ALL, done, strict=True) if again] == ["failed", "unknown"]
    after = ["pending" if state in {"failed", "unknown"} else state for state in ALL]
    assert states(rows) == [*after, *ALL]
    assert len(others) == len(ALL)


def test_a_server_says_something_of_one_letter_on_its_way(rows: Connection) -> None:
    ids = one_of_each(rows)
    one_of_each(rows)
    for each in ids:
        letters.mark_sent(rows, each, 250, "ok", NOW)
    under_way = {"sending", "pending"}
    assert states(rows) == [*("sent" if one in under_way else one for one in ALL), *ALL]


def test_the_channels_fault_gives_back_the_attempt_of_what_was_offered_and_no_mark_of_a_dead_sender(
    rows: Connection,
) -> None:
    died = letters.INTERRUPTED
    for status, attempts, code in (("sending", 2, 0), ("pending", 2, 0), ("pending", 1, died), ("sending", 2, died)):
        letter(rows, status=status, attempts=attempts, smtp_code=code)
    letter(rows, attempts=2, smtp_code=0)
    for each in range(1, 5):
        letters.release(rows, each, 421, "later", NOW)
    assert column(rows, outbox.c.attempts) == [1, 2, 1, 1, 2]
    assert column(rows, outbox.c.smtp_code) == [421, 421, died, died, 0]
    assert column(rows, outbox.c.next_attempt_at) == [NOW] * 4 + [NOW - HOUR]
    assert states(rows) == ["pending"] * 5


def test_a_refusal_behind_a_doubtful_offer_proves_nothing_of_it(rows: Connection) -> None:
    for attempts, code in ((1, None), (2, 421), (2, letters.INTERRUPTED), (2, 0)):
        letters.mark_retry(rows, letter(rows, attempts=attempts, smtp_code=code, created_at=NOW), 451, "later", NOW)
    assert [letters.recall(rows, [each], "why") for each in (1, 2, 3, 4)] == [True, True, False, False]


def test_a_unit_has_not_had_the_question_whose_forward_failed(rows: Connection) -> None:
    back: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {}),
        ({"status": "sent"}, {}),
        ({"name": "unit_reminder"}, {}),
        ({"attempts": 0}, {}),
        ({}, {"status": "answered"}),
        ({}, {"acknowledged_at": NOW}),
    ]
    for number, (values, item) in enumerate(back, start=1):
        own = lay(rows, assignment, **{"status": "forwarded", "question_id": number} | item)
        usual = {"status": "failed", "attempts": 3, "recipient": "so@tp.test", "question_id": number}
        letter(rows, assignment_id=own, **usual | values)
    assert list(undelivered.came_back(rows)) == [1]


def test_a_letter_is_read_by_its_own_number(rows: Connection) -> None:
    first, second = letter(rows, subject="one"), letter(rows, subject="two")
    assert [letters.sent_mail(rows, each).subject for each in (first, second)] == ["one", "two"]


def test_a_letter_is_tried_again_by_its_own_age_and_tries(rows: Connection) -> None:
    old, fresh = letter(rows, created_at=NOW - 30 * 24 * HOUR, attempts=40), letter(rows, attempts=1)
    assert letters.mark_retry(rows, fresh, 451, "later", NOW)
    assert not letters.mark_retry(rows, old, 451, "later", NOW)
    assert states(rows) == ["failed", "pending"]


def test_what_was_offered_or_is_another_cannot_be_taken_back(rows: Connection) -> None:
    wanted, other = letter(rows), letter(rows)
    offered, sent = letter(rows, attempts=1), letter(rows, status="sent")
    assert letters.recall(rows, [wanted], "wrong")
    assert not letters.recall(rows, [offered], "wrong")
    assert not letters.recall(rows, [sent], "wrong")
    assert states(rows) == ["recalled", "pending", "pending", "sent"]
    assert other


def test_what_waits_about_a_question_is_told_by_name_question_and_state(rows: Connection) -> None:
    wanted = letter(rows, question_id=1, name="citizen_answered")
    letter(rows, question_id=2, name="citizen_answered")
    letter(rows, question_id=1, name="unit_forward")
    letter(rows, question_id=1, name="citizen_answered", status="sent")
    letter(rows, question_id=1, name="citizen_answered", attempts=1)
    assert [row.id for row in undelivered.waiting_of(rows, ["citizen_answered"], [1])] == [wanted]


def test_due_letters_are_claimed_up_to_a_number_and_no_others(rows: Connection) -> None:
    due = [letter(rows, next_attempt_at=NOW - one * HOUR) for one in (4, 3, 2)]
    letter(rows, next_attempt_at=NOW + HOUR)
    letter(rows, claimed_by="another", claimed_at=NOW)
    letter(rows, status="failed")
    unknown = letter(rows, status="unknown")
    letter(rows, status="unknown", attempts=letters.UNKNOWN_ATTEMPTS)
    letter(rows, status="unknown", next_attempt_at=NOW + HOUR)
    letter(rows, status="unknown", claimed_by="another", claimed_at=NOW)
    assert [row.id for row in letters.claim_due(rows, "me", NOW, 2)] == due[:2]
    assert column(rows, outbox.c.claimed_by) == ["me", "me", "", "", "another", "", "", "", "", "another"]
    assert [row.id for row in letters.claim_due(rows, "me", NOW, 9)] == [*due, unknown]


def test_a_letter_is_offered_by_who_claimed_it_and_while_it_is_on_its_way(rows: Connection) -> None:
    ids = one_of_each(rows, claimed_by="me")
    other = letter(rows, claimed_by="another")
    free = letter(rows)
    letter(rows, claimed_by="me")
    offered = [each for each in (*ids, other, free) if letters.mark_sending(rows, each, "me", NOW)]
    assert [ALL[ids.index(one)] for one in offered] == [
        one for one in ALL if one in {"pending", "sending", "unknown"}
    ]
    assert letters.mark_sending(rows, free, "me", NOW, alone=True)
    assert not letters.mark_sending(rows, other, "me", NOW, alone=True)
    assert column(rows, outbox.c.attempts)[-1] == 0
    assert letters.attempts_of(rows, ids[ALL.index("pending")]) == 1
    assert letters.attempts_of(rows, other) == 0


def test_a_worker_frees_what_it_claimed_itself(rows: Connection) -> None:
    mine, second = letter(rows, claimed_by="me"), letter(rows, claimed_by="me")
    letters.unclaim(rows, [mine, letter(rows, claimed_by="another")], "me")
    assert column(rows, outbox.c.claimed_by) == ["", "me", "another"]
    assert second


def test_what_a_dead_sender_left_goes_out_again_once(rows: Connection) -> None:
    one_of_each(rows)
    twice = letter(rows, status="sending", smtp_code=letters.INTERRUPTED)
    letter(rows, smtp_code=letters.INTERRUPTED)
    assert letters.release_claims(rows) == 2
    assert states(rows) == [*("pending" if one == "sending" else one for one in ALL), "unknown", "pending"]
    letter(rows, status="unknown", smtp_code=451)
    letter(rows, status="failed", smtp_code=letters.INTERRUPTED)
    assert letters.interrupted_twice(rows) == [twice]
    assert letters.interrupted_twice(rows) == []


def test_claims_of_another_worker_are_freed_and_ones_own_stand(rows: Connection) -> None:
    one_of_each(rows, claimed_by="dead")
    one_of_each(rows, claimed_by="me")
    assert leader.free_claims_of_the_dead(rows, "me") == 3
    freed = {"pending", "sending", "unknown"}
    assert column(rows, outbox.c.claimed_by) == [*("" if one in freed else "dead" for one in ALL), *["me"] * len(ALL)]
    assert states(rows) == [*("pending" if one == "sending" else one for one in ALL), *ALL]
    assert leader.free_claims_of_the_dead(rows, "me") == 0


def test_letters_are_counted_by_state(rows: Connection) -> None:
    one_of_each(rows, name="citizen_answered")
    letter(rows, status="sent")
    assert letters.counts_by_status(rows) == dict.fromkeys(ALL, 1) | {"sent": 2}


def test_letters_queued_lately_are_counted_by_name_address_and_hour(rows: Connection) -> None:
    for name, recipient, hours in (("a", "x@dan.test", 0), ("a", "y@dan.test", 0), ("b", "x@dan.test", 0)):
        letter(rows, name=name, recipient=recipient, created_at=NOW - hours * HOUR)
    letter(rows, name="a", recipient="x@dan.test", created_at=NOW - 2 * HOUR)
    letter(rows, name="a", recipient="x@dan.test", created_at=NOW - 25 * HOUR)
    assert kept_back.queued_lately(rows, "a", "x@dan.test", NOW) == (2, 2)


def test_a_cap_counts_letters_of_its_name_to_that_address_in_its_window(rows: Connection) -> None:
    usual = {"name": "citizen_held", "recipient": "x@dan.test", "created_at": NOW, "key": "held:1"}
    for more in (
        {},
        {"name": "unit_held"},
        {"recipient": "y@dan.test"},
        {"created_at": NOW - HOUR},
        {"key": "other"},
    ):
        letter(rows, **usual | {"key": f"held:{more}"} | more)
    asked = {"name_0_0": "citizen_held", "since_0": NOW, "to_0": "x@dan.test", "key_0": "held"}
    assert rows.execute(kept_back._counting(((1, False, True),)), asked).scalar_one() == 1
    del asked["key_0"]
    assert rows.execute(kept_back._counting(((1, False, False),)), asked).scalar_one() == 2


def test_the_same_words_are_an_echo_within_a_day_and_from_the_same_address(rows: Connection) -> None:
    for content, email, hours in (("now 1", "x@dan.test", 1), ("old", "x@dan.test", 25), ("hers", "y@dan.test", 1)):
        lay(rows, question, status="received", content=content, asker_email=email, registered_at=NOW - hours * HOUR)
    asker = Requester(RequesterKind.INDIVIDUAL, "Lan")
    repeated = {}
    for content in ("now 2", "old", "hers", "new"):
        wish = Register(asker, "x@dan.test", "", content, Kind.QUESTION, NOW, QuestionStatus.RECEIVED, "<1@dan.test>")
        repeated[content] = kept_back._is_repeated(rows, wish, NOW)
    assert repeated == {"now 2": True, "old": False, "hers": False, "new": False}


def test_a_fact_of_the_house_is_known_by_its_name(rows: Connection) -> None:
    set_state(rows, "one", "1")
    set_state(rows, "two", "2")
    assert (get_state(rows, "one"), get_state(rows, "two"), get_state(rows, "three")) == ("1", "2", "")


def test_a_mail_that_came_up_to_the_restore_is_decided_on_as_of_its_arrival() -> None:
    """What the register knew when it was laid back, its last mail included, keeps the day on which it came."""
    now, restored = NOW + 2 * DAY, NOW
    assert kept_back.decided_at(None, NOW - DAY, now) == now
    for came in (NOW - DAY, restored):
        assert kept_back.decided_at(restored, came, now) == came
    assert kept_back.decided_at(restored, NOW + DAY, now) == now
    assert kept_back.decided_at(restored, restored, restored - DAY) == restored - DAY, "never later than now"


def test_no_citizen_is_written_to_twice_for_what_came_up_to_the_restore() -> None:
    """Units and officers hear again, since their mails may be what the backup lacks; what came later goes to all."""
    to = {role: Recipient(f"{role}@x.test", "", role) for role in ("citizen", "unit")}
    decided = [Send(Notice(f"{role}_told", one, "8.2", role, {})) for role, one in to.items()]

    def goes_to(restored: datetime | None, cause: datetime) -> list[str]:
        sends = kept_back.without_second_letters(restored, decided, cause)
        return [one.notice.recipient.role for one in sends if isinstance(one, Send) and not one.kept_back]

    assert goes_to(NOW, NOW - DAY) == goes_to(NOW, NOW) == ["unit"]
    assert goes_to(NOW, NOW + DAY) == goes_to(None, NOW) == ["citizen", "unit"]
