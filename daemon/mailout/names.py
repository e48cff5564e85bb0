"""Names of attached files: data that comes from mails, cleaned before it leaves again."""

from __future__ import annotations

import re

from rules.text import clean_line, strip_marks

LONGEST_NAME = 100
"""Characters without the ending; what is longer is cut before it."""

FORBIDDEN = re.compile(r'[\\/:*?"<>|;=%\'`$&{}\[\]~#^]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9]|clock\$)(\.|$)", re.IGNORECASE)
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def safe_name(name: str, number: int = 1) -> str:
    """A file name with its Vietnamese letters and nothing that a file system, a shell or a header would obey.

    Folders are cut off, names that Windows keeps for devices get an underscore; a name of which nothing is
    left becomes ``tep-dinh-kem-N``.
    """
    last = re.split(r"[\\/]", clean_line(name))[-1]
    text = re.sub(r"\s+", " ", FORBIDDEN.sub("_", last)).strip(" ._-")
    ending = ENDING.search(text)
    stem, suffix = (text[: ending.start()], ending.group()) if ending else (text, "")
    stem = stem[:LONGEST_NAME].rstrip(" .")
    if not stem.strip("_ ."):
        return f"tep-dinh-kem-{number}{suffix}"
    return f"_{stem}{suffix}" if RESERVED.match(stem + suffix) else stem + suffix


def ascii_name(name: str) -> str:
    """The same name for old readers: tone marks off, everything else outside ASCII an underscore."""
    bare = strip_marks(name).replace("đ", "d").replace("Đ", "D")
    return re.sub(r"[^A-Za-z0-9 ._()+,-]+", "_", bare)
