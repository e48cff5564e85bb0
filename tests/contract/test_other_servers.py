"""A whole question on servers that behave as Exchange and Zimbra do by default: asked, forwarded, answered, told."""

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import (
    HEAD,
    MAILBOX,
    OFFICE,
    OFFICER,
    SXD,
    UNITS,
    LiveInstallation,
    answer_to,
    letter,
    subject_of,
    unit_address,
)
from tests.servers.other_servers import OtherServers
from tests.world import CITIZEN, ROAD, SIGNATURE, UNSURE, said

NEIGHBOUR = "ba@dan.test"
ANSWER = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."


class City:
    """Such servers with a house on them."""

    def __init__(self, servers: OtherServers, house: LiveInstallation) -> None:
        self.servers, self.house = servers, house

    def write(self, raw: bytes) -> None:
        """A mail comes to where it is addressed, and the daemon makes two passes."""
        assert email.message_from_bytes(raw)["To"].rpartition("<")[2].rstrip(">") == MAILBOX, "no tag in any address"
        self.servers.deliver(MAILBOX, raw, self.house.clock.at)
        self.house.run(2)

    def last(self, address: str) -> bytes:
        """The last mail that somebody was sent."""
        return self.servers.mails(address)[-1]


@pytest.fixture(params=["exchange", "zimbra"])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[City]:
    people = (MAILBOX, OFFICER, OFFICE, HEAD, CITIZEN, NEIGHBOUR, *(unit_address(code) for code in UNITS))
    with OtherServers(dict.fromkeys(people, "secret"), request.param, MAILBOX) as servers:
        options = 'subaddress = ""'
        house = LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port, mailbox=options)
        yield City(servers, house)
        assert house.faults() == []
        assert [row["status"] for row in house.sent if row["status"] != "sent"] == []
        assert servers.refused == [], "the bare address is the only sender"
        house.close()


def test_a_question_is_forwarded_answered_and_the_answer_reaches_whoever_asked(city: City) -> None:
    asked = letter(CITIZEN, ROAD + SIGNATURE, message_id="<mot@dan.test>")
    city.write(asked)
    city.write(letter(NEIGHBOUR, ROAD.replace("trước nhà", "sau nhà") + SIGNATURE))  # a bystander
    city.write(asked)  # the server delivers it once more, with other fields
    first, second = city.house.questions
    assert [first["status"], second["status"]] == ["forwarded", "forwarded"]
    assert str(first["code"]) in subject_of(city.servers.mails(CITIZEN)[0])
    forwards = [raw for raw in city.servers.mails(SXD) if str(first["code"]) in subject_of(raw)]
    assert len(forwards) == 1
    city.write(answer_to(forwards[0], SXD, ANSWER))
    assert [row["status"] for row in city.house.questions] == ["answered", "forwarded"]
    assert "quý I năm 2027" in said(city.last(CITIZEN))
    assert "quý I năm 2027" not in "".join(map(said, city.servers.mails(NEIGHBOUR)))
    assert len(city.servers.mails(CITIZEN)) == 2
    assert city.servers.inner.mails(MAILBOX) == [], "all are moved to their folders"


def replied(raw: bytes, sender: str, text: str) -> bytes:
    """A reply as a mail program writes it: with the references of the mail that it answers."""
    before = email.message_from_bytes(raw)
    message = email.message_from_bytes(answer_to(raw, sender, text), policy=email.policy.SMTP)
    del message["References"]
    message["References"] = " ".join(f"{before['References']} {before['Message-ID']}".split())
    return message.as_bytes()


def test_an_officers_order_by_reply_is_proved_by_the_thread(city: City) -> None:
    """Without tags and with another Message-ID on the mail that is answered, its References are what proves it."""
    for sender in (CITIZEN, NEIGHBOUR):
        city.write(letter(sender, UNSURE))
    first, second = (str(row["code"]) for row in city.house.questions)
    (review,) = [raw for raw in city.servers.mails(OFFICER) if first in subject_of(raw)]
    city.write(letter(OFFICER, f"{second} chuyển SXD"))  # from nowhere: told how, not done
    assert [row["status"] for row in city.house.questions] == ["needs_review", "needs_review"]
    city.write(replied(review, OFFICER, f"{first} chuyển SXD"))
    assert [row["status"] for row in city.house.questions] == ["forwarded", "needs_review"]
    assert first in subject_of(city.last(SXD))
