"""Whether a mail's plain text and its HTML say the same: a person sees one of them, the program reads the other.

Mail programs make one out of the other and differ in links, in words for pictures, in bullets. What is left when
these are taken out must be the same words: all in the same order in a short text, almost all in a long one.
"""

from __future__ import annotations

import re
from collections import Counter

from rules.message.quote_markers import DEFAULT
from rules.message.reply_text import fold
from rules.values.data_file import Source
from rules.values.model import ParsedMail

SHORT_WORDS = 80
"""An order, or an answer of a sentence: one word that differs may turn it round."""
DIFFERENT_OF = 50
"""Of so many words of a longer text one may differ, if it is no number."""
MOST_CHARACTERS = 200_000
PLAIN, SEEN = "[Phần văn bản thường (text/plain)]", "[Phần HTML, là phần người đọc thường nhìn thấy]"
NOTHING_SEEN = "(phần HTML không có chữ nào nhìn thấy được)"
WHY = "Phần văn bản thường và phần HTML của thư có nội dung khác nhau"
_BESIDE = re.compile(
    r"<?\b(?:https?|ftp|mailto|tel|cid):[^\s>\]]*>?|\bwww\.\S+|<[^<>\s@]+@[^<>\s]+>"
    r"|\[(?:cid|image|inline|hình ảnh)\b[^\[\]]{0,300}\]",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_ALT = re.compile(r"\balt\s*=\s*[\"']([^\"'<>]{1,200})[\"']", re.IGNORECASE)
"""The words for a picture."""
_LIST_MARK = re.compile(r"^[ \t>]*(?:\d{1,2}|[a-zđ])[.)](?=[ \t])", re.IGNORECASE | re.MULTILINE)
"""Of a list of several lines."""


def same_letters(text: str, seen: str) -> bool:
    """True when both hold the same letters and digits in the same order: nothing more needs to be compared."""
    return "".join(_words(text)) == "".join(_words(seen))


def differ(mail: ParsedMail, source: Source = DEFAULT) -> bool:
    """True when what the writer says in ``text`` and in ``seen`` is not the same; what is quoted is not compared."""
    if not mail.seen or mail.form:
        return False
    if mail.seen == NOTHING_SEEN:
        return True
    pictures = Counter(_words(" ".join(_ALT.findall(mail.html[:MOST_CHARACTERS]))))
    if not any(_left(_words(mail.text), _words(mail.seen), pictures)):
        return _is_turned_round(mail.text, mail.seen, pictures)
    return _unlike(fold(mail.text, source).own, fold(mail.seen, source).own, pictures)


def _unlike(own: str, other: str, pictures: Counter[str]) -> bool:
    """True when the writer's own words differ by more than a mail program makes of them."""
    said, shown = _words(own), _words(other)
    only_said, only_shown = _left(said, shown, pictures)
    longer = max(len(said), len(shown))
    if longer <= SHORT_WORDS:
        return bool(only_said or only_shown) or _is_turned_round(own, other, pictures)
    if any(map(_has_digit, only_said)) and any(map(_has_digit, only_shown)):
        return True
    return only_said.total() + only_shown.total() > longer // DIFFERENT_OF


def _left(said: list[str], shown: list[str], pictures: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """The words that one reading has and the other has not; none where they are only joined or cut otherwise."""
    if "".join(said) == "".join(shown):
        return Counter(), Counter()
    only_said = Counter(said) - Counter(shown)
    return only_said - pictures if shown else only_said, Counter(shown) - Counter(said)


def both(mail: ParsedMail) -> str:
    """The two readings under their names, for a person who decides."""
    return f"{PLAIN}\n{mail.text.strip()}\n\n{SEEN}\n{mail.seen.strip()}"


def _is_turned_round(own: str, other: str, pictures: Counter[str]) -> bool:
    """The same words in another order, in a text that is short; words for pictures stand anywhere."""
    said, shown = ([one for one in _words(each) if one not in pictures] for each in (own, other))
    return len(said) <= SHORT_WORDS and "".join(said) != "".join(shown)


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _words(text: str) -> list[str]:
    """The words in small letters, without links and the marks of a list: programs write these in their own way."""
    said = _BESIDE.sub(" ", text[:MOST_CHARACTERS])
    listed = len(_LIST_MARK.findall(said)) > 1
    return _WORD.findall((_LIST_MARK.sub(" ", said) if listed else said).casefold())
