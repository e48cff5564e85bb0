"""Which attached files are not passed on by themselves: by name and by what their content looks like.

The rules are data (``attachments.toml``); a file in ``rules.folder`` replaces them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rules.loader import DataFileError, Source
from rules.model import Attachment

_ENDING = re.compile(r"\.([a-z0-9-]{1,20})$")
DOUBLE = "hai đuôi tệp"
DISGUISED = "nội dung không đúng với đuôi tên tệp"
INFECTED = "phần mềm quét phát hiện mã độc"
NOT_SCANNED = "chưa quét được mã độc"
"""What the virus scanner says, or does not say; the beginning and the end of a reason."""


@dataclass(frozen=True, slots=True)
class FileRules:
    """Reasons by ending and by look, and which looks an ending may have."""

    by_ending: Mapping[str, str]
    by_look: Mapping[str, str]
    expected: Mapping[str, tuple[str, ...]]

    def fault(self, file: Attachment) -> str:
        """Why this file is held, in Vietnamese; "" for one that may be passed on."""
        before, ending = _endings(file.name)
        reason = self.by_ending.get(ending) or self.by_look.get(file.looks, "")
        if not reason and ending in self.expected and file.looks and file.looks not in self.expected[ending]:
            reason = DISGUISED
        return f"{reason} ({DOUBLE})" if reason and before in self.expected else reason


def _endings(name: str) -> tuple[str, str]:
    """The ending and the one before it, in lower case; blanks and dots behind the name do not hide them."""
    bare = name.lower().rstrip(". \u00a0")
    last = _ENDING.search(bare)
    if last is None:
        return "", ""
    before = _ENDING.search(bare[: last.start()].rstrip(". \u00a0"))
    return (before[1] if before else ""), last[1]


@cache
def load_file_rules(source: Source) -> FileRules:
    """The rules of ``attachments.toml``. Raises :class:`rules.loader.DataFileError`."""
    data = source.toml("attachments.toml")
    by_ending: dict[str, str] = {}
    by_look: dict[str, str] = {}
    for group in data["forbidden"]:
        by_ending |= dict.fromkeys(map(str.lower, group["endings"]), group["reason"])
        by_look |= dict.fromkeys(group["looks"], group["reason"])
    expected = {ending: tuple(looks) for ending, looks in data["expected"].items()}
    for ending in (*by_ending, *expected):
        if not _ENDING.fullmatch(f".{ending}"):
            raise DataFileError(f"attachments.toml: {ending!r} is no ending: small letters without a dot (exe, docx)")
    return FileRules(by_ending, by_look, expected)
