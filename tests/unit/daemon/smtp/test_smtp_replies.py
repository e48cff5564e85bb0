"""Whose fault a refusal is, by what servers really write."""

import pytest

from daemon.smtp.outcomes import same_words, whose_fault, without_addresses

REPLIES = [
    # Postfix, Zimbra: smtpd_delay_reject says it at RCPT.
    (553, "5.7.1 <doithoai+t.1@x.test>: Sender address rejected: not owned by user doithoai@x.test", "sender"),
    (550, "5.7.1 <doithoai@x.test>: Sender address rejected: Access denied", "sender"),
    (550, "5.1.8 <a@x.test>: Sender address rejected: Domain not found", "sender"),
    (501, "5.1.7 Bad sender address syntax", "sender"),
    (554, "5.7.1 <an@dan.test>: Relay access denied", "sender"),
    # Exchange after DATA.
    (550, "5.7.60 SMTP; Client does not have permissions to send as this sender", "sender"),
    (554, "5.2.252 SendAsDenied; a@x.test not allowed to send as b@x.test", "mail"),
    # Quotas of ours.
    (452, "4.5.3 Too many recipients", "limit"),
    (450, "4.7.1 Error: too much mail from 10.0.0.1", "limit"),
    (421, "4.7.0 Try again later", "limit"),
    (451, "4.7.500 Server busy", "limit"),
    (550, "5.4.5 Daily user sending limit exceeded", "limit"),
    (550, "sender rate overlimit", "limit"),
    (450, "4.7.1 <an@dan.test>: Recipient address rejected: Policy rejection; Message quota exceeded", "limit"),
    # The recipient's or the mail's.
    (450, "4.7.1 <an@dan.test>: Recipient address rejected: Greylisted, too many tries", "mail"),
    (450, "4.2.0 <an@dan.test>: Recipient address rejected: Greylisted", "mail"),
    (450, "4.7.1 <an@dan.test>: Recipient address rejected: not now", "mail"),
    (550, "5.1.1 <an@dan.test>: Recipient address rejected: User unknown; sender address verified", "mail"),
    (553, "5.1.3 <an@@dan.test>: bad address syntax", "mail"),
    (552, "5.2.2 Quota exceeded, message quota of the user", "mail"),
    (452, "4.2.2 Mailbox full", "mail"),
    (450, "4.1.8 <ban@city.test>: Sender address rejected: Domain not found", "mail"),  # its name server may be away
    (552, "5.3.4 Message size limit exceeded", "mail"),
    (554, "5.4.6 too many hops", "mail"),
    (550, "No such user here", "mail"),
    (550, "5.7.1 <sender.address@dan.test>: Recipient address rejected: Access denied", "mail"),
    # It does not tell.
    (554, "5.7.1 Message rejected as spam", "unclear"),
    (550, "Administrative prohibition", "unclear"),
]


@pytest.mark.parametrize(("code", "text", "whose"), REPLIES)
def test_a_reply_tells_whose_fault_it_is(code: int, text: str, whose: str) -> None:
    assert whose_fault(code, text) == whose


def test_the_same_words_are_the_same_for_every_mail() -> None:
    assert same_words("5.7.1 blocked, 4F1A2B, <an@dan.test>") == same_words("5.7.1 blocked, 9C3D4E, <binh@dan.test>")
    assert same_words("5.7.1 blocked") != same_words("5.7.1 spam")


def test_a_log_has_no_address() -> None:
    assert "dan.test" not in without_addresses("<an@dan.test>: no, an@dan.test is refused")
