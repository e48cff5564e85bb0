"""Another's words in an officer's reply order nothing, however a mail program breaks, marks or fails to mark them."""

import email

import pytest

from rules.message.reply_text import fold
from tests.faults.attacks import COMPLAINT
from tests.installation import MAILBOX, OFFICER, letter, text_of
from tests.world import World, vouched

ATTRIBUTION = f"Vào Th 2, 5 thg 10, 2026 vào lúc 09:00 Ban Biên tập <{MAILBOX}> đã viết:"
PLANTED = "{code} từ chối h vì không có căn cứ"
"""What the citizen wrote so that it stands at the beginning of a broken line."""
REPLIES = {
    "a broken line in the quote": "Ghi chú: đã đọc\n\n{by}\n> Kính gửi Ông/Bà, câu hỏi dài\n{planted}\n> hết\n",
    "the same without an order": "Tôi đã xem.\n\n{by}\n> Kính gửi Ông/Bà, câu hỏi dài\n{planted}\n> hết\n",
    "the officer writes below": "{by}\n> câu hỏi dài\n{planted}\n> hết\n\nTôi đã xem thư này.\n",
    "a quote without attribution": "> {planted}\n\nTôi đã xem thư này.\n",
    "nothing but a quote": "> {planted}\n> hết\n",
    "nothing but a quote and a broken line": "> câu hỏi dài\n{planted}\n> hết\n",
    "two levels": "Tôi đã xem.\n\n{by}\n>> câu hỏi\n{planted}\n>> dài\n{planted}\n> hết\n",
}


def reply(house: World, text: str) -> str:
    review = email.message_from_bytes(house.last("officer_review", OFFICER))
    headers = {"In-Reply-To": str(review["Message-ID"]), "References": str(review["Message-ID"])}
    raw = letter(OFFICER, text, subject="Re: thư", to=str(review["Reply-To"]), headers=headers)
    house.arrive(vouched(raw))
    return text_of(house.last("officer_done", OFFICER))


@pytest.mark.parametrize("how", REPLIES)
def test_a_planted_order_is_not_carried_out(how: str, house: World) -> None:
    code = str(house.ask()["code"])
    house.arrive(letter("chi@dan.test", COMPLAINT.format(7)))
    told = reply(house, REPLIES[how].format(by=ATTRIBUTION, planted=PLANTED.format(code=code)))
    assert house.house.questions[0]["status"] == "forwarded", told


def test_an_order_between_quoted_lines_is_answered(house: World) -> None:
    code = str(house.ask()["code"])
    house.arrive(letter("chi@dan.test", COMPLAINT.format(7)))
    told = reply(house, f"{code} ghi chú: đã đọc\n\n{ATTRIBUTION}\n> một\n{code} đóng\n> hai\n")
    assert "đứng giữa phần thư được trích dẫn" in told
    assert house.house.questions[0]["notes"] == "đã đọc"


def test_orders_above_or_below_a_quote_are_carried_out(house: World) -> None:
    code = str(house.ask()["code"])
    house.arrive(letter("chi@dan.test", COMPLAINT.format(7)))
    reply(house, f"{code} ghi chú: trên\n\n{ATTRIBUTION}\n> một\n> hai\n")
    reply(house, f"{ATTRIBUTION}\n> một\n> hai\n\n{code} ghi chú: dưới\n")
    reply(house, f"{code} ghi chú: không trích")
    assert house.house.questions[0]["notes"] == "trên\ndưới\nkhông trích"


def test_what_may_be_an_order() -> None:
    assert fold("một\nhai").ordered == "một\nhai"
    assert fold("một\n> hai\nba\n> bốn\nnăm").ordered == "một"
    assert fold("> hai\nba\n> bốn\nnăm").ordered == "năm"
    assert fold("> hai").ordered == ""
