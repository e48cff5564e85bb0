"""Texts of replies that nobody on this project wrote: what the person meant is found, no word is lost."""

from pathlib import Path

import pytest

from rules.message.reply_text import fold

pytestmark = pytest.mark.shared


def spaced(text: str) -> str:
    return " ".join(text.split())


def test_reply_texts(shared: Path) -> None:
    folder = shared / "mail" / "reply_text"
    exact, lost = [], []
    for path in sorted((folder / "emails").glob("*.txt")):
        wanted = spaced((folder / "expected" / path.name).read_text("utf-8"))
        got = spaced(fold(path.read_text("utf-8")).own)
        exact.append(got == wanted)
        if set(wanted.split()) - set(got.split()):
            lost.append(path.name)
    assert len(exact) == 32
    assert not lost
    assert sum(exact) >= 29
