"""The benchmarks' mailboxes are what they say: the same for one seed, in every encoding, and readable."""

import re
from collections import Counter
from email import message_from_bytes
from statistics import median

import pytest

from benchmarks.growth import answers_sent, columns
from benchmarks.headers import SENDERS
from benchmarks.mailbox import KINDS, make_mails, windows_1258
from daemon.parsing.parse import parse_mail


@pytest.fixture(scope="module")
def mails() -> list[bytes]:
    """A hundred of them: their files are set once."""
    return list(make_mails(100))


def test_the_same_seed_gives_the_same_bytes(mails: list[bytes]) -> None:
    assert list(make_mails(20)) == mails[:20]
    assert len(set(mails)) == 100
    assert list(make_mails(3, seed=1)) != mails[:3]


def test_every_kind_is_there_and_every_mail_is_read_whole(mails: list[bytes]) -> None:
    read = [parse_mail(raw) for raw in mails]
    assert sum(share for _, share in KINDS) == 100
    assert all("Kính gửi Ban Biên tập" in mail.text for mail in read)
    assert sorted(Counter(file.type for mail in read for file in mail.attachments).values()) == [5, 10]
    lengths = [len(re.findall(r"[.?!](?:\s|$)", mail.text)) for mail in read]
    assert min(lengths) <= 8
    assert 10 < median(lengths) < 30
    for sign in (b"windows-1258", b"quoted-printable", b"base64", b"8bit", b"multipart/alternative"):
        assert any(sign in raw for raw in mails), sign


def test_headers_and_files_are_like_life(mails: list[bytes]) -> None:
    """The headers are those that servers write; a PDF has 200 KB."""
    assert sum(share for _, share in SENDERS) == 100
    assert all(not message_from_bytes(raw).defects for raw in mails)
    assert all(re.search(rb"\r\n(?:DKIM-Signature|Authentication-Results): ", raw) for raw in mails)
    papers = [file for raw in mails[:50] for file in parse_mail(raw).attachments if file.name.endswith(".pdf")]
    assert all(150_000 < one.size < 250_000 for one in papers)


def test_windows_1258_comes_back_as_it_went() -> None:
    import unicodedata

    text = "Kính gửi: đường Lê Lợi ngập nước, ổ gà, bộ phận một cửa"
    assert unicodedata.normalize("NFC", windows_1258(text).decode("windows-1258")) == text


def test_a_grown_database_names_columns_that_exist() -> None:
    for table, rows in (*columns(1000).items(), *answers_sent(1000).items()):
        assert set(rows.given) <= set(table.columns.keys()), table.name
