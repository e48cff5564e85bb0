"""A mail is taken apart once, however large it is: its files and its leaves are asked for after its text."""

import pytest

from daemon.parsing import parse
from daemon.parsing.opening import opened
from daemon.parsing.parse import attachment_bytes, body_leaves, forget_large, parse_mail
from tests.installation import letter

SMALL = letter("an@dan.test", "Xin hỏi.", attachments=[("a.bin", "application/octet-stream", b"x" * 1000)])
LARGE = letter("an@dan.test", "Xin hỏi.", attachments=[("a.bin", "application/octet-stream", b"y" * 5_000_000)])


def count_openings(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The mails that are taken apart from now on."""
    mails: list[bytes] = []

    def noted(raw: bytes) -> object:
        mails.append(raw)
        return opened(raw)

    monkeypatch.setattr(parse, "opened", noted)
    return mails


@pytest.mark.parametrize("raw", [SMALL, LARGE], ids=["small", "large"])
def test_files_and_leaves_come_from_the_first_reading(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    openings = count_openings(monkeypatch)
    (file,) = parse_mail(raw).attachments
    assert len(attachment_bytes(raw, file.part)) == file.size
    assert [leaf.type for leaf in body_leaves(raw)[0]] == ["text/plain"]
    assert len(openings) == 1
    parse_mail(SMALL + b"\r\n")  # a bystander is no other mail's reading
    assert len(attachment_bytes(raw, file.part)) == file.size
    assert len(openings) == 3


def test_a_large_mail_is_let_go_of_and_a_small_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    openings = count_openings(monkeypatch)
    for raw, times in ((SMALL, 1), (LARGE, 2)):
        openings.clear()
        (file,) = parse_mail(raw).attachments
        forget_large()
        assert len(attachment_bytes(raw, file.part)) == file.size
        assert len(openings) == times
