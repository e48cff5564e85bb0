"""Each fault of mail-parser that is mended: it still reads so by itself, and the intake reads what was meant."""

import base64
from typing import Any

import mailparser
import pytest

from daemon.parsing.parse import parse_mail
from rules.values.model import ParsedMail

HEAD = b"To: x@tp.test\nDate: Thu, 26 Nov 2026 09:00:00 +0700\n"


def word(label: str, data: bytes) -> bytes:
    return b"=?%s?b?%s?=" % (label.encode(), base64.b64encode(data))


FIELDS: dict[str, tuple[bytes, str]] = {
    "raw 8-bit bytes": ("Kính gửi Sở".encode(), "Kính gửi Sở"),
    "raw windows-1258": (b"K\xednh g\xfd\xd2i", "Kính gửi"),
    "UTF-8 labelled as Latin-1": (word("iso-8859-1", "Kính gửi".encode()), "Kính gửi"),
    "bad base64": (b"=?utf-8?b?S8OtbmggZ+G7rWk?=", "Kính gửi"),
    "a NUL in the label": (b"=?ut\x00f-8?Q?h=E1=BB=8Fi?=", "hỏi"),
    "a word of no label": (b"=??Q?h=E1=BB=8Fi?=", "hỏi"),
    "raw bytes between words": (word("utf-8", "Kính".encode()) + " gửi".encode(), "Kính gửi"),
    "line ends and direction marks": (word("utf-8", "a\r\nBcc: b\u202ec\x00".encode()), "a Bcc: bc"),
}


READ_WELL = ("raw 8-bit bytes", "bad base64", "a word of no label")
"""What mail-parser 4.8 reads by itself, where versions before it did not."""


def alone(raw: bytes) -> Any:
    try:
        return mailparser.parse_from_bytes(raw)
    except Exception as error:
        return error


@pytest.mark.parametrize("name", FIELDS)
def test_a_subject(name: str) -> None:
    value, meant = FIELDS[name]
    raw = b"From: an@dan.test\nSubject: " + value + b"\n" + HEAD + b"\nhi\n"
    parsed = parse_mail(raw)
    assert parsed.subject == meant
    assert not parsed.minimal
    assert name in READ_WELL or getattr(alone(raw), "subject", None) != meant


@pytest.mark.parametrize(
    ("value", "name", "email"),
    [
        ("MAILER-DAEMON (Mail Delivery System)", "MAILER-DAEMON (Mail Delivery System)", ""),
        ('"A.B" <x@y.>', "A.B", "x@y"),
        ('"=?utf-8?B?a?=" <an@dan.test>', "", "an@dan.test"),
        ('"=?utf-8?B?TMOq?=" <an@dan.test>', "Lê", "an@dan.test"),
    ],
)
def test_a_sender(value: str, name: str, email: str) -> None:
    raw = f"From: {value}\nSubject: x\n".encode() + HEAD + b"\nhi\n"
    parsed = parse_mail(raw)
    assert (parsed.sender.name, parsed.sender.email) == (name, email)
    found = alone(raw)
    assert isinstance(found, Exception) or found.from_ != [(name, email)]


@pytest.mark.parametrize(
    ("charset", "data"),
    [("iso-8859-1", "Kính gửi".encode()), ("utf-8", "Kính gửi Sở Tư pháp".encode("cp1258", "ignore"))],
)
def test_a_text_with_a_wrong_label(charset: str, data: bytes) -> None:
    raw = b"From: an@dan.test\nSubject: x\n" + HEAD
    raw += b"Content-Type: text/plain; charset=" + charset.encode() + b"\nContent-Transfer-Encoding: base64\n\n"
    raw += base64.b64encode(data)
    assert parse_mail(raw).text.startswith("Kính g")
    assert alone(raw).text_plain != [parse_mail(raw).text]


def test_a_field_that_is_repeated() -> None:
    raw = b"From: an@dan.test\nFrom: b@dan.test\nSubject: x\nSubject: y\n" + HEAD + b"\nhi\n"
    parsed: ParsedMail = parse_mail(raw)
    assert parsed.subject == "x"
    assert [box.email for box in parsed.senders] == ["an@dan.test", "b@dan.test"]
    assert alone(raw).subject == ["x", "y"]


def test_a_letter_too_many_in_base64() -> None:
    raw = b"From: an@dan.test\nSubject: x\n" + HEAD + b"Content-Type: text/plain; charset=utf-8\n"
    raw += b"Content-Transfer-Encoding: base64\n\nS8OtbmggZ+G7rWkg\nA\n"
    assert parse_mail(raw).text.strip() == "Kính gửi"


def test_notes_on_bytes_that_are_mended_are_not_kept() -> None:
    raw = "From: Nguyễn <an@dan.test>\nSubject: x\n".encode() + HEAD
    raw += b"Content-Type: text/plain; charset=us-ascii\n\n" + "Kính gửi\n".encode()
    assert alone(raw).has_defects
    assert parse_mail(raw).defects == ()
