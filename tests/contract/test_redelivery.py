"""One mail delivered twice is one mail, whatever servers and scanners did to its copy; two letters stay two."""

from __future__ import annotations

import email
import email.policy
import quopri
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.demo.servers import EmbeddedServers
from tests.contract.test_journeys import CITIZEN, ROAD, SIGNATURE, Town
from tests.installation import HEAD, MAILBOX, OFFICE, OFFICER, UNITS, Installation, answer_to, letter, unit_address
from tests.servers.other_servers import in_base64, reordered

FILE = ("Ảnh ổ gà.jpg", "image/jpeg", b"\xff\xd8 a picture")
NEIGHBOUR = "ba@dan.test"
FIRST = letter(CITIZEN, ROAD + SIGNATURE, message_id="<mot@dan.test>", attachments=[FILE])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    people = (MAILBOX, OFFICER, OFFICE, HEAD, CITIZEN, NEIGHBOUR)
    users = dict.fromkeys((*people, *(unit_address(code) for code in UNITS)), "secret")
    with EmbeddedServers(users) as servers:
        house = Installation(tmp_path / "house", servers.imap_port, servers.smtp_port)
        yield Town(servers, house)
        house.close()


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
def test_a_second_delivery_with_other_headers_is_the_same_mail(town: Town, how: str) -> None:
    town.write(FIRST)
    town.ask(sender=NEIGHBOUR)  # a bystander asks the same
    before = [len(town.inbox(each)) for each in (CITIZEN, NEIGHBOUR, unit_address("SXD"), OFFICER)]
    again = SECOND[how](FIRST)
    assert again != FIRST
    town.write(again)
    town.write(FIRST)
    assert len(town.house.questions) == 2
    assert [len(town.inbox(each)) for each in (CITIZEN, NEIGHBOUR, unit_address("SXD"), OFFICER)] == before
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


OTHERS = {
    "other words under the same Message-ID": letter(
        CITIZEN, "Bao giờ phường có nước sạch? " + SIGNATURE, message_id="<mot@dan.test>", attachments=[FILE]
    ),
    "another file": letter(
        CITIZEN,
        ROAD + SIGNATURE,
        message_id="<mot@dan.test>",
        attachments=[("Ảnh ổ gà.jpg", "image/jpeg", b"\xff\xd8 another picture")],
    ),
    "another sender": changed(From=NEIGHBOUR),
    "another day": changed(Date="Tue, 06 Oct 2026 09:00:00 +0700"),
    "another Message-ID": changed(Message_ID="<hai@dan.test>"),
    "another subject": changed(Subject="Hỏi thêm"),
    "to somebody else too": changed(Cc="nguoi.khac@dan.test"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_two_letters_that_differ_stay_two(town: Town, what: str) -> None:
    town.write(FIRST)
    town.write(OTHERS[what])
    first, second = town.house.mails
    assert second["duplicate_of"] is None
    assert second["identity"] != first["identity"]
    assert "Cùng một thư đã nhận" not in str(second["reason"])


def test_letters_without_an_id_and_a_date_are_told_by_their_bytes_alone(town: Town) -> None:
    message = email.message_from_bytes(FIRST, policy=email.policy.SMTP)
    del message["Message-ID"]
    del message["Date"]
    bare = message.as_bytes()
    town.write(bare)
    town.write(scanned(bare))
    assert [each["duplicate_of"] for each in town.house.mails] == [None, None]
    town.write(bare)
    assert town.house.mails[-1]["duplicate_of"] == 1


def test_a_sealed_letters_second_delivery_is_sealed(town: Town) -> None:
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


def test_a_units_second_delivery_stands_on_its_own(town: Town) -> None:
    """What proves a unit's mail is in its header: a copy that was held must not swallow the one that is proved."""
    code = town.ask()
    town.ask(sender=NEIGHBOUR)
    forward = town.inbox(unit_address("SXD"))[0]
    reply = answer_to(forward, unit_address("SXD"), "Sở Xây dựng trả lời: đường được sửa xong trước ngày 20/11/2026.")
    town.write(reply)
    town.write(scanned(reply))
    first, second = town.house.mails[-2:]
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, None)
    assert first["question_id"] == next(one["id"] for one in town.house.questions if one["code"] == code)
