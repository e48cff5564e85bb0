"""One mail delivered twice is one mail, whatever servers and scanners did to its copy; two letters stay two."""

import email
import email.policy
import quopri
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.dose import each_third
from tests.installation import OFFICER, SXD, answer_to, letter
from tests.servers.other_servers import in_base64, reordered
from tests.world import AUTHSERV, CITIZEN, NEIGHBOUR, ROAD, SIGNATURE, STRANGER, World, said, vouched, world

FILE = ("Ảnh ổ gà.jpg", "image/jpeg", b"\xff\xd8 a picture")
FIRST = letter(CITIZEN, ROAD + SIGNATURE, message_id="<mot@dan.test>", attachments=[FILE])


@pytest.fixture
def proving(tmp_path: Path) -> Iterator[World]:
    """The house knows the name of its own server, whose word on a sender counts."""
    with world(tmp_path / "house", servers=True, authserv_id=AUTHSERV) as made:
        yield made


def scanned(raw: bytes) -> bytes:
    """Fields of scanners and servers that no list knows, above and below the writer's own."""
    head, _, body = raw.partition(b"\r\n\r\n")
    above = b"X-MDArrival-Date: Mon, 05 Oct 2026 09:03:00 +0700\r\nX-Gateway-Scan: clean 4711\r\n"
    below = b"\r\nX-MS-Exchange-Organization-SCL: -1\r\nX-Zimbra-Received: 17\r\nThread-Index: AdqNew=="
    return above + head + below + b"\r\n\r\n" + body


def in_eight_bits(raw: bytes) -> bytes:
    """The text sent as it is, where the second server offers 8BITMIME."""
    start = raw.index(b"\r\n\r\n", raw.index(b"quoted-printable")) + 4
    end = raw.index(b"\r\n--", start)
    body = quopri.decodestring(raw[start:end].replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return raw[:start].replace(b"quoted-printable", b"8bit") + body + raw[end:]


SECOND: dict[str, Callable[[bytes], bytes]] = {
    "fields of scanners": scanned,
    "fields in another order": reordered,
    "body in base64": in_base64,
    "body in eight bits": in_eight_bits,
    "all of it": lambda raw: scanned(reordered(in_base64(raw))),
}


@pytest.mark.parametrize("how", SECOND)
def test_a_second_delivery_with_other_headers_is_the_same_mail(town: World, how: str) -> None:
    town.write(FIRST)
    town.ask(sender=NEIGHBOUR)  # a bystander asks the same
    before = [len(town.inbox(each)) for each in (CITIZEN, NEIGHBOUR, SXD, OFFICER)]
    again = SECOND[how](FIRST)
    assert again != FIRST
    town.write(again)
    town.write(FIRST)
    assert len(town.house.questions) == 2
    assert [len(town.inbox(each)) for each in (CITIZEN, NEIGHBOUR, SXD, OFFICER)] == before
    first, _, second, third = town.house.mails
    assert [second["duplicate_of"], third["duplicate_of"]] == [first["id"]] * 2, "linked with the first"
    assert second["question_id"] == first["question_id"]
    assert second["reason"] == f"Cùng một thư đã nhận trước đó (thư số {first['id']})", "told"
    assert second["target_folder"] == first["target_folder"]


def changed(**values: str) -> bytes:
    """The first letter with another value of a field."""
    message = email.message_from_bytes(FIRST, policy=email.policy.SMTP)
    for name, value in values.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    return message.as_bytes()


@dataclass(frozen=True)
class Outcome:
    """What became of the second letter: questions in the register after it, its own one, who got one mail by it."""

    questions: int
    question_id: int
    told: set[str]


AGAIN = Outcome(2, 1, {CITIZEN, SXD})
"""The person's same question: tied to the first one, said so to the person, and the file goes to the unit."""
OTHERS = {
    "other words under the same Message-ID": (
        letter(CITIZEN, "Bao giờ phường có nước sạch? " + SIGNATURE, message_id="<mot@dan.test>", attachments=[FILE]),
        Outcome(3, 3, {CITIZEN}),
    ),
    "another file": (
        letter(
            CITIZEN,
            ROAD + SIGNATURE,
            message_id="<mot@dan.test>",
            attachments=[("Ảnh ổ gà.jpg", "image/jpeg", b"\xff\xd8 another picture")],
        ),
        AGAIN,
    ),
    "another sender": (changed(From=STRANGER), Outcome(3, 3, {STRANGER, SXD})),
    "another day": (changed(Date="Tue, 06 Oct 2026 09:00:00 +0700"), AGAIN),
    "another Message-ID": (changed(Message_ID="<hai@dan.test>"), AGAIN),
    "another subject": (changed(Subject="Hỏi thêm"), AGAIN),
    "to somebody else too": (changed(Cc="nguoi.khac@dan.test"), AGAIN),
}
"""A second letter that differs in one thing from the first; question 2 is the neighbour's."""


@each_third("what", OTHERS)
def test_two_letters_that_differ_stay_two(town: World, what: str) -> None:
    raw, outcome = OTHERS[what]
    town.write(FIRST)
    code = town.ask(ROAD.replace("trước nhà", "sau nhà") + SIGNATURE, sender=NEIGHBOUR)["code"]
    kept = town.of_question(code)
    before = {each: len(town.inbox(each)) for each in (CITIZEN, STRANGER, NEIGHBOUR, SXD, OFFICER)}
    town.write(raw)
    first, _, second = town.house.mails
    assert second["duplicate_of"] is None
    assert second["identity"] != first["identity"]
    assert "Cùng một thư đã nhận" not in str(second["reason"])
    assert (len(town.house.questions), second["question_id"]) == (outcome.questions, outcome.question_id)
    assert {each: len(town.inbox(each)) - count for each, count in before.items()} == {
        each: int(each in outcome.told) for each in before
    }
    assert town.of_question(code) == kept, "the neighbour's question is as it was"


def test_letters_without_an_id_and_a_date_are_told_by_their_bytes_alone(town: World) -> None:
    message = email.message_from_bytes(FIRST, policy=email.policy.SMTP)
    del message["Message-ID"]
    del message["Date"]
    bare = message.as_bytes()
    town.write(bare)
    town.write(scanned(bare))
    assert [each["duplicate_of"] for each in town.house.mails] == [None, None]
    town.write(bare)
    assert town.house.mails[-1]["duplicate_of"] == 1


def test_a_sealed_letters_second_delivery_is_sealed(town: World) -> None:
    """A denunciation (1.2): nothing of its copy is shown either."""
    text = "Tôi tố cáo ông Nguyễn Văn Bình, Chủ tịch UBND phường, nhận hối lộ 50 triệu đồng." + SIGNATURE
    first = letter(CITIZEN, text, message_id="<kin@dan.test>", subject="Đơn tố cáo")
    town.write(first)
    town.ask(sender=NEIGHBOUR)
    town.write(scanned(reordered(first)))
    kept, other, copy = town.house.mails
    assert (kept["sealed"], other["sealed"], copy["sealed"]) == (True, False, True)
    assert (copy["subject"], copy["from_email"]) == ("", "")
    assert town.house.faults() == []


ANSWER = "Sở Xây dựng trả lời: đường được sửa xong trước ngày 20/11/2026."


def test_a_units_second_delivery_stands_on_its_own(proving: World) -> None:
    """What proves a unit's mail is in its header: a copy that was held must not swallow the one that is proved."""
    proving.write(vouched(letter(CITIZEN, ROAD + SIGNATURE)))
    proving.write(vouched(letter(NEIGHBOUR, ROAD + SIGNATURE)))
    first, other = proving.house.questions
    assert first["status"] == "forwarded"
    forward = proving.about(SXD, str(first["code"]))[-1]
    told, neighbours = len(proving.inbox(CITIZEN)), len(proving.inbox(NEIGHBOUR))
    reply = answer_to(forward, SXD, ANSWER)
    proving.write(reply)
    held = proving.house.mails[-1]
    assert (held["status"], held["duplicate_of"]) == ("held", None), "nothing proves it"
    assert len(proving.inbox(CITIZEN)) == told
    proving.write(vouched(scanned(reply), "sxd.test"))
    proved = proving.house.mails[-1]
    assert (proved["status"], proved["duplicate_of"]) == ("done", None)
    assert proved["question_id"] == first["id"]
    assert proving.house.questions[0]["status"] == "answered"
    assert len(proving.inbox(CITIZEN)) == told + 1
    assert "20/11/2026" in said(proving.last(CITIZEN))
    assert proving.of_question(str(other["code"])) == [other], "a bystander"
    assert len(proving.inbox(NEIGHBOUR)) == neighbours


def test_a_units_second_delivery_behind_the_one_that_counted_tells_nobody_again(town: World) -> None:
    code = town.ask()["code"]
    town.ask(sender=NEIGHBOUR)
    forward = town.inbox(SXD)[0]
    told = [len(town.inbox(each)) for each in (CITIZEN, NEIGHBOUR)]
    reply = answer_to(forward, SXD, ANSWER)
    town.write(reply)
    town.write(scanned(reply))
    first, second = town.house.mails[-2:]
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, None)
    assert first["question_id"] == next(one["id"] for one in town.house.questions if one["code"] == code)
    assert [one["status"] for one in town.house.questions] == ["answered", "forwarded"]
    assert [len(town.inbox(each)) for each in (CITIZEN, NEIGHBOUR)] == [told[0] + 1, told[1]], "told once"
