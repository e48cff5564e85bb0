"""An address that only looks like a person's of the house is nobody's."""

import pytest

from daemon.letters.mime import UnsafeMail, ascii_address
from daemon.parsing.parse import parse_mail

OFFICER = "canbo@haiphong.test"
DISGUISED = (
    "canbo\u200b@haiphong.test",
    "can\u00adbo@haiphong.test",
    "canbo@haip\u2060hong.test",
    "\ufeffcanbo@haiphong.test",
)


@pytest.mark.parametrize("address", DISGUISED)
def test_an_address_that_cleaning_changes_is_nobodys(address: str) -> None:
    mail = parse_mail(f"From: Can Bo <{address}>\r\nSubject: a\r\n\r\nb\r\n".encode())
    assert mail.sender.email != OFFICER
    with pytest.raises(UnsafeMail):
        ascii_address(mail.sender.email)


@pytest.mark.parametrize("address", [OFFICER, f" {OFFICER} ", "CANBO@haiphong.test"])
def test_an_address_as_people_write_it_stays(address: str) -> None:
    mail = parse_mail(f"From: Can Bo <{address}>\r\nSubject: a\r\n\r\nb\r\n".encode())
    assert mail.sender.email.lower() == OFFICER
