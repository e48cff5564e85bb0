"""Machines that answer machines, and floods: few mails of ours, everything registered, nobody else kept waiting."""

import email
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from db.mails.ledger import AT_ONCE, waiting_in_fair_order
from db.outbox import outbox
from tests.installation import OFFICER, answer_to, decide_stored, letter, unit_address
from tests.world import LETTER, World, vouched, world

ROUNDS = int(os.environ.get("DOITHOAI_ROUNDS", "15"))
"""More than the ten answers that an officer gets at most; at night there are fifty, and two thousand mails flood."""
FLOOD = 40 * ROUNDS


def mails_to(house: World, address: str) -> list[bytes]:
    return [bytes(row["bytes"]) for row in house.house.sent_with(recipient=address)]


def new_ticket(raw: bytes, address: str, number: int) -> bytes:
    """A help desk that opens a ticket for each mail, in a thread of its own."""
    return letter(address, f"Ticket #{number}. {LETTER}", subject=f"[Ticket {number}] Yêu cầu của quý khách")


def in_thread(raw: bytes, address: str, number: int) -> bytes:
    """Somebody's absence, in the thread, without a header that says so."""
    return answer_to(raw, address, f"Tôi đi vắng, sẽ trả lời sau ({number}).", subject="Hôm nay tôi đi vắng")


def bounce_with_sender(raw: bytes, address: str, number: int) -> bytes:
    """A mail server that says so from a person's address, with our mail inside."""
    text = f"Could not deliver your message ({number}).\n\n" + raw.decode("ascii", "replace")[:2000]
    return letter(address, text, subject="Delivery problem")


def echo(raw: bytes, address: str, number: int) -> bytes:
    """Our own words back, with a new Message-ID."""
    text = email.message_from_bytes(raw).as_string()[-1500:]
    return letter(address, f"{LETTER}\n{text}\n{number}", subject="Fwd: Fwd")


RESPONDERS: dict[str, Callable[[bytes, str, int], bytes]] = {
    "opens a ticket": new_ticket,
    "is away": in_thread,
    "cannot deliver": bounce_with_sender,
    "echoes": echo,
}


@pytest.mark.parametrize("authentic", [False, True])
@pytest.mark.parametrize("kind", RESPONDERS)
def test_bad_responder_gets_three_mails_at_most(kind: str, authentic: bool, house: World) -> None:
    address = "may@dan.test"
    raw = letter(address, LETTER)
    house.arrive(vouched(raw, "dan.test") if authentic else raw)
    for number in range(ROUNDS):
        house.house.clock.forward(minutes=1)
        answer = RESPONDERS[kind](mails_to(house, address)[-1], address, number)
        house.arrive(vouched(answer, "dan.test") if authentic else answer)
    assert 1 <= len(mails_to(house, address)) <= 3
    assert len(house.house.mails) == ROUNDS + 1


def answered_as(tmp_path: Path, words: Callable[[int], str]) -> int:
    """How many answers an officer gets who writes what is no order, round after round."""
    with world(tmp_path / "house") as house:
        house.arrive(letter("chi@dan.test", "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất."))
        for number in range(ROUNDS):
            house.house.clock.forward(minutes=1)
            last = mails_to(house, OFFICER)[-1]
            away = answer_to(last, OFFICER, words(number), subject="Hôm nay tôi đi vắng")
            house.arrive(vouched(away))
        return len(mails_to(house, OFFICER)) - 1  # the call itself


def test_an_officers_machine_gets_three_answers_at_most_and_that_there_are_no_more(tmp_path: Path) -> None:
    assert 1 <= answered_as(tmp_path, lambda number: f"Tôi đi vắng ({number}).") <= 4


def test_an_officer_who_says_it_otherwise_each_time_gets_ten_answers_at_most(tmp_path: Path) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert answered_as(tmp_path, lambda number: f"Việc {letters[number % 26] * (1 + number)} thì sao") == 10 + 1


def test_calls_to_an_officer_are_capped_and_said_once(house: World) -> None:
    text = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số {}/QĐ-UBND thu hồi đất của gia đình tôi."
    house.arrive(*(letter(f"chi{number}@dan.test", text.format(number)) for number in range(70)))
    names = Counter(str(row["name"]) for row in house.house.sent)
    assert names == {"officer_review": 60, "officer_alert": 1}
    assert {row["status"] for row in house.house.mails} == {"held"}, "each is held and waits under a duty"


def flood(house: World, many: int) -> None:
    """One sender's flood, and behind it the first mail of another."""
    house.store(*(letter("lu@dan.test", f"{LETTER}\nLần {number}") for number in range(many)))
    house.store(letter("ba@dan.test", LETTER))


def test_another_senders_mail_is_decided_before_a_flood(house: World) -> None:
    flood(house, FLOOD)
    with house.house.engine.begin() as connection:
        order = waiting_in_fair_order(connection, house.house.clock())
    assert order[: AT_ONCE + 2] == [*range(1, AT_ONCE + 1), FLOOD + 1, AT_ONCE + 1]
    decide_stored(house.house.engine, house.house.installation, AT_ONCE + 1)
    assert [row["asker_email"] for row in house.house.questions] == ["lu@dan.test"] * AT_ONCE + ["ba@dan.test"]


def test_another_senders_mail_leaves_before_a_flood(house: World) -> None:
    house.arrive(*(letter("lu@dan.test", f"{LETTER}\nLần {number}") for number in range(40)))
    house.arrive(letter("ba@dan.test", LETTER))
    with house.house.engine.begin() as connection:
        first = outbox.claim_due(connection, "one", house.house.clock(), 5)
    assert "ba@dan.test" in {row.recipient for row in first}
    assert len(house.house.questions) == 41, "registration never stops"
    assert len(mails_to(house, unit_address("SXD"))) == 41
