"""Whether a mail's plain text and HTML say the same: people see one of them, the program reads the other.

Mail programs derive one from the other; links, words for pictures and bullets differ. Without these, the words must
be the same: in a short text all of them in the same order, in a long one almost all.

A quoted mail is also compared word by word with the mail that was sent: additional words were written into it.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise

from rules.message.quote_detection import is_quote
from rules.message.quote_markers import DEFAULT
from rules.message.reply_text import fold
from rules.values.data_file import Source
from rules.values.model import ParsedMail

SHORT_WORDS = 80
"""Up to this many words, as in a command or short answer, a single different word may reverse the meaning."""
DIFFERENT_OF = 50
"""In a longer text one in this many words may differ, unless it is a number."""
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
"""Markers of a list of several lines."""


def same_letters(text: str, seen: str) -> bool:
    """True when both contain the same letters and digits in the same order, so that nothing else need be compared."""
    return "".join(_words(text)) == "".join(_words(seen))


def differ(mail: ParsedMail, source: Source = DEFAULT) -> bool:
    """True when the writer's own words in ``text`` and ``seen`` differ; quotations are not compared."""
    if not mail.seen or mail.form:
        return False
    if mail.seen == NOTHING_SEEN:
        return True
    pictures = Counter(_words(" ".join(_ALT.findall(mail.html[:MOST_CHARACTERS]))))
    if not any(_left(_words(mail.text), _words(mail.seen), pictures)):
        return _is_turned_round(mail.text, mail.seen, pictures)
    return _unlike(fold(mail.text, source).own, fold(mail.seen, source).own, pictures)


def _unlike(own: str, other: str, pictures: Counter[str]) -> bool:
    """True when the writer's own words differ by more than mail programs change."""
    said, shown = _words(own), _words(other)
    only_said, only_shown = _left(said, shown, pictures)
    longer = max(len(said), len(shown))
    if longer <= SHORT_WORDS:
        return bool(only_said or only_shown) or _is_turned_round(own, other, pictures)
    if any(map(_has_digit, only_said)) and any(map(_has_digit, only_shown)):
        return True
    return only_said.total() + only_shown.total() > longer // DIFFERENT_OF


def _left(said: list[str], shown: list[str], pictures: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """The words that only one of the two has; none if they are only joined or split differently."""
    if "".join(said) == "".join(shown):
        return Counter(), Counter()
    only_said = Counter(said) - Counter(shown)
    return only_said - pictures if shown else only_said, Counter(shown) - Counter(said)


def both(mail: ParsedMail) -> str:
    """Both texts under their names, for a person to decide."""
    return f"{PLAIN}\n{mail.text.strip()}\n\n{SEEN}\n{mail.seen.strip()}"


ANCHOR = 3
"""At least this many words of the mail sent stand on either side of what was written into it."""
LEAST_WRITTEN = 3
"""Fewer words between them may be a mail program's."""
MOST_WORDS = 4000


def written_between(text: str, sent: str) -> tuple[str, ...]:
    """The lines of a mail that stand within the mail that it quotes, ``sent``, which continues after them where
    it stopped before them. Lines that a program broke differently, and words that it changed, do not count.
    """
    placed = [(word, at) for at, line in enumerate(text[:MOST_CHARACTERS].splitlines()) for word in _words(line)]
    placed, known = placed[:MOST_WORDS], _words(sent)[:MOST_WORDS]
    found = SequenceMatcher(None, known, [word for word, _ in placed]).get_matching_blocks()
    blocks = [one for one in found if one.size >= ANCHOR]
    inside: dict[int, None] = {}
    for before, after in pairwise(blocks):
        between = placed[before.b + before.size : after.b]
        if before.a + before.size == after.a and len(between) >= LEAST_WRITTEN:
            inside |= dict.fromkeys(at for _, at in between)
    lines = text.splitlines()
    return tuple(lines[at].strip() for at in inside)


def written_below(text: str, sent: str, source: Source = DEFAULT) -> tuple[str, ...]:
    """The lines that the writer put below the line of a forwarded or quoted mail, or within it, where nothing stands
    above: of most of their runs of words there is none in ``sent``, the mail that is quoted."""
    folded, known = fold(text, source), _words(sent)
    if not folded.quoted:
        return ()
    runs = set(zip(*(known[at:] for at in range(ANCHOR)), strict=False))
    return tuple(line.strip() for line in folded.own.splitlines() if not is_quote(line) and _is_new(line, runs))


def _is_new(line: str, known: set[tuple[str, ...]]) -> bool:
    """True for a line with LEAST_WRITTEN words or more of which less than half the runs are known."""
    words = _words(line)
    runs = list(zip(*(words[at:] for at in range(ANCHOR)), strict=False))
    return len(words) >= LEAST_WRITTEN and 2 * sum(one in known for one in runs) < len(runs)


def _is_turned_round(own: str, other: str, pictures: Counter[str]) -> bool:
    """True for the same words in another order in a short text; words for pictures may be anywhere."""
    said, shown = ([one for one in _words(each) if one not in pictures] for each in (own, other))
    return len(said) <= SHORT_WORDS and "".join(said) != "".join(shown)


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _words(text: str) -> list[str]:
    """Lower-case words without links and list markers, which programs write in different ways."""
    said = _BESIDE.sub(" ", text[:MOST_CHARACTERS])
    listed = len(_LIST_MARK.findall(said)) > 1
    return _WORD.findall((_LIST_MARK.sub(" ", said) if listed else said).casefold())
