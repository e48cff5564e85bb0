"""Returned mail of many servers is never registered nor taken for an answer; ordinary mail is never taken for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.parsing.parse import parse_mail
from rules.message.automatic import read_automatic
from rules.values.model import Automatic, Kind, ParsedMail

pytestmark = pytest.mark.shared
NO_MAIL = {".json", ".golden", ".md", ".tsv"}
ORDINARY = ("bounces_not", "cpython", "mikelmail", "enmime", "rspamd", "stalwart", "mailparser", "froide", "hostile")


def mails(folder: Path) -> Iterator[tuple[Path, ParsedMail, Automatic]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in NO_MAIL:
            mail = parse_mail(path.read_bytes())
            yield path, mail, read_automatic(mail)


def is_returned(raw: bytes) -> bool:
    """A mail that says itself, in header or parts, that it is a returned one (RFC 3464) or a mail system's."""
    lowered = raw.lower()
    header = lowered.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    sender = next((line for line in header.splitlines() if line.startswith(b"from:")), b"")
    return (
        b"report-type=delivery-status" in lowered.replace(b'"', b"")
        or b"message/delivery-status" in lowered
        or b"mailer-daemon" in sender
        or b"x-failed-recipients" in header
    )


def test_returned_mail_is_neither_registered_nor_an_answer(shared: Path) -> None:
    """What its header alone calls a machine's is put aside or shown to an officer, and answered by nobody."""
    read = {path.name: found for path, _, found in mails(shared / "mail" / "bounces")}
    assert len(read) == 420
    people = sorted(name for name, found in read.items() if found.kind is None and not found.only_marked)
    assert len(people) <= 0.005 * len(read), people


def test_returned_mail_of_a_second_collection(shared: Path) -> None:
    read = [found for path, _, found in mails(shared / "mail" / "flufl") if path.suffix == ".txt"]
    assert len(read) > 100
    assert sum(found.kind is None and not found.only_marked for found in read) <= 0.02 * len(read)


@pytest.mark.slow
def test_no_ordinary_mail_is_taken_for_a_returned_one(shared: Path) -> None:
    count, wrong = 0, []
    for folder in ORDINARY:
        for path, _, found in mails(shared / "mail" / folder):
            if is_returned(path.read_bytes()):
                continue
            count += 1
            if found.kind is Kind.BOUNCE:
                wrong.append(f"{folder}/{path.name}: {found.signs}")
    assert count > 500
    assert not wrong


def test_labelled_questions_are_no_automatic_mail(shared: Path) -> None:
    table = (shared / "domain" / "labelled_questions.tsv").read_text("utf-8").splitlines()
    columns = table[0].split("\t")
    for line in table[1:]:
        row = dict(zip(columns, line.split("\t"), strict=False))
        header = "From: a@nguoi-dan.test\nSubject: hoi\nContent-Type: text/plain; charset=utf-8"
        found = read_automatic(parse_mail(f"{header}\n\n{row['text']}".encode()))
        assert (found.kind is not None) == (row["expected_class"] == "auto_reply"), (row["id"], found.signs)
