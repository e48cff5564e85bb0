"""Whose refusal it is: the login's, the sender's or the mail's own."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from daemon.smtp.connection import LONGEST_OFFER
from daemon.smtp.outcomes import Outcome, Phase, SendResult
from daemon.smtp.sender import Sender
from db.outbox.outbox import CLAIM_LASTS


@pytest.mark.parametrize(
    ("outcome", "code", "phase", "senders"),
    [
        ("configuration", 550, "mail", True),
        ("configuration", 530, "mail", False),
        ("configuration", 535, "mail", False),
        ("temporary", 451, "mail", False),
        ("permanent", 555, "mail", False),
        ("temporary", 530, "mail", False),
    ],
)
def test_a_refused_return_path_is_no_wish_to_log_in(outcome: Outcome, code: int, phase: Phase, senders: bool) -> None:
    """RFC 4954 §6: 530 and 535 want another login, whatever the command was."""
    assert SendResult(1, outcome, code, "refused", phase).refuses_sender is senders


def test_where_nothing_is_to_be_sent_no_password_is_read() -> None:
    """A password that cannot be read stops mails, and nothing else."""

    def unread(*_: object) -> None:
        raise AssertionError

    settings: Any = SimpleNamespace(tls="none", host="127.0.0.1", user="city", connections=2, password=unread)
    asyncio.run(Sender(settings).send_all([], unread))


def test_a_claim_outlasts_the_offer_of_its_mail() -> None:
    """Another daemon would take the mail for left over, and send it again."""
    assert CLAIM_LASTS.total_seconds() > LONGEST_OFFER
