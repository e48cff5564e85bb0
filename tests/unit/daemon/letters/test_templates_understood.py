"""What our mails tell people to write is what the rules understand: each prepared answer is read by the reader."""

from dataclasses import replace
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from daemon.letters import samples
from daemon.letters.compose import Composer, Templates
from daemon.letters.mailto_links import acts
from daemon.parsing.parse import parse_mail
from rules.commands.commands import Command, read_commands
from rules.message.automatic import read_automatic
from rules.reply.reply import read_reply
from rules.values.data_file import load_units
from rules.values.model import Reply, Verb

BY_NAME = {one.notice.name: one for one in samples.drafts()}
COMPOSER = Composer(Templates(), samples.HOUSE)


def prepared(name: str, number: int, registered: bool = True) -> dict[str, str]:
    """Subject and body of one prepared answer."""
    draft = BY_NAME[name] if registered else replace(BY_NAME[name], question=None)
    query = parse_qs(urlsplit(acts(draft, samples.HOUSE)[number].mailto).query)
    return {key: values[0].replace("\r\n", "\n") for key, values in query.items()}


def commanded(text: str) -> Command:
    """The one command of a text."""
    (command,) = read_commands(text, load_units())
    return command


@pytest.mark.parametrize(
    ("number", "filled", "wanted"),
    [
        (0, "", {"verb": "forward", "unit": "SXD"}),
        (1, "", {"verb": "forward", "unit": "UBND_GIAVIEN"}),
        (2, "SYT", {"verb": "forward", "unit": "SYT"}),
        (3, "xin cho biết số nhà", {"verb": "ask", "text": "xin cho biết số nhà"}),
        (4, "giá cước do doanh nghiệp định", {"verb": "reject", "clause": "10.1.h"}),
        (5, "đây là vụ việc cụ thể", {"verb": "reject", "clause": "1.2"}),
        (6, "", {"verb": "not_a_question"}),
    ],
)
def test_an_officers_prepared_commands(number: int, filled: str, wanted: dict[str, str]) -> None:
    for registered in (True, False):
        if number == (6 if registered else 3):
            continue  # what is registered is a question; nobody can be asked about a mail without a number
        at = number if registered else 1 + number - (number > 3)
        command = commanded(prepared("officer_review", at, registered)["body"] + filled)
        assert {key: getattr(command, key) for key in wanted} == wanted
        assert command.question == ("HP-2026-000123" if registered else "")


def test_a_held_mail_is_registered_by_a_click() -> None:
    assert commanded(prepared("officer_review", 0, registered=False)["body"]).verb == "register"


def answered(number: int, **filled: str) -> Reply:
    """A unit's prepared answer with its gaps filled, read as a reply."""
    query = prepared("unit_forward", number)
    body = query["body"]
    for gap, words in filled.items():
        body = body.replace(GAPS[gap], GAPS[gap] + words) if gap in GAPS else body + words
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "sxd@haiphong.test", "doithoai@haiphong.test", query["subject"]
    mail.set_content(body)
    return read_reply(parse_mail(mail.as_bytes()), load_units())


GAPS = {"unit": "chuyển: ", "day": "đến ngày ", "why": "Lý do: "}


@pytest.mark.parametrize(
    ("number", "filled", "wanted"),
    [
        (0, {"text": "Sở đã cho nạo vét xong ngày 20/11/2026."}, {"verb": Verb.ANSWER}),
        (1, {"unit": "Sở Y tế", "why": "không đúng lĩnh vực"}, {"verb": Verb.NOT_COMPETENT, "unit": "SYT"}),
        (1, {}, {"verb": Verb.NOT_COMPETENT, "unit": ""}),
        (2, {"day": "15/12/2026", "why": "cần khảo sát"}, {"verb": Verb.EXTENSION}),
        (3, {}, {"verb": Verb.RECEIVED}),
        (4, {"text": "giá đất"}, {"verb": Verb.ASKS_CITY}),
    ],
)
def test_a_units_prepared_answers(number: int, filled: dict[str, str], wanted: dict[str, Any]) -> None:
    reply = answered(number, **filled)
    assert {key: getattr(reply, key) for key in wanted} == wanted
    assert reply.questions == ("HP-2026-000123",)


def test_the_day_of_an_extension_is_read() -> None:
    until = answered(2, day="15/12/2026").until
    assert until is not None
    assert until.isoformat() == "2026-12-15"


def test_our_own_mails_are_read_and_known_as_automatic() -> None:
    for draft in samples.drafts():
        mail = COMPOSER.compose(draft)
        parsed = parse_mail(mail.raw)
        assert parsed.subject == mail.subject
        assert parsed.message_id == mail.message_id
        assert not parsed.minimal
        assert read_automatic(parsed).kind is not None, "or two such systems would answer each other for ever"
