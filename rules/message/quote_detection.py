"""Where quoted text begins: lines above a quotation, separators, quoted header blocks.

Each finder takes the lines, their keys (:func:`rules.message.quote_markers.key`) and a position, and returns the
last line of what it found, or -1. They look ahead only a few lines, so a mail of any size costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from rules.message.quote_markers import DATE, EMAIL, MAIL_IN_TEXT, TIME, Markers, is_banner, unescape

ATTRIBUTION_LINES = 5
"""A line above a quotation wraps over at most this many lines."""
ATTRIBUTION_REACH = ATTRIBUTION_LINES + 2
HEADER_LINES = 25
"""A quoted header block has at most this many lines."""
MOST_HEADERS = 1000
"""Only this many of the lines that look like headers are examined."""
FORM_LINES = 15
"""The content of a website's form is within this many lines of its first field."""
HEADER_REACH = 3
"""Quoted header lines are at most this far apart (wrapped values, blank lines between)."""
LONGEST = 400
TAIL_WORDS = 12
"""At most this many words follow the verb: "schrieb am Fr., 28. Apr. 2017 um 11:53 Uhr:"."""
NAME_WORDS = 20
"""At most this many words precede the verb in a line without an address: date, time and a name."""
_WIDE = r"\s{0,4}>>> ?[^\s>].{0,200}\d[:.h]\d\d.{0,12}>>>\s{0,4}$"
"""``>>> Name <a@b.test> 21/11/2026 09:30 >>>``, as GroupWise writes it above a text that it does not mark."""
_QUOTE = re.compile(rf"^(?!{_WIDE})\s{{0,4}}[>＞]")
_ATTRIBUTED = re.compile(rf"^{_WIDE}")
_BAR = re.compile(r"^\s{0,4}\|")
_RULE = re.compile(r"^\s*[-_=*─━—–]{3,}\s*$")
_ENDS_AFTER_ADDRESS = re.compile(rf"<?\s*(?:mailto:)?{EMAIL}[\s>\])]*:?$")
_NAME_FIRST = re.compile(rf"^[^.!?:;]{{0,60}}(?:\.[^.!?:;]{{0,20}}){{0,2}}<?\s*(?:mailto:)?{EMAIL}")
_CLOSED = re.compile(rf"{EMAIL}[\s>\])]{{0,4}}\S{{2,12}}(?: \S{{2,12}}){{0,2}}\s?[:：]$")
_NAMED = re.compile(r"^[^<@]*[^\W\d_][^<@]*(?:<|$|\s)")
_SENTENCE = re.compile(r"[^\W\d_]{3,}[.!?;](?:\s|$)")
_ENDED = re.compile(r"[:：]\s*[-*_]*$|[-—]{2,}$")
_END_SIGNS = frozenset(":：>-—*_")


_FORM_KINDS = ("contact", "content")


class Begins(Enum):
    """How the first line of a possible attribution begins."""

    INTRO = "intro"
    DATE = "date"
    ELSE = "else"


@dataclass(frozen=True, slots=True)
class Header:
    """A line that looks like a quoted header: its kind (from, date, to, cc, subject, reply) and its value's key."""

    kind: str
    value: str


def is_quote(line: str) -> bool:
    """True for a line with a quote sign (RFC 3676 §4.5)."""
    return _QUOTE.match(line) is not None


def is_bar(line: str) -> bool:
    """True for a line drawn with the bar that some programs use for quoting."""
    return _BAR.match(line) is not None


def is_rule(line: str) -> bool:
    """True for a line of only dashes, underscores, stars or equal signs."""
    return _RULE.match(line) is not None


def attribution_end(lines: Sequence[str], keys: Sequence[str], at: int, marks: Markers) -> int:
    """The last line of an attribution that begins at ``at`` ("Vào … đã viết:"), or -1.

    An attribution that starts further down is found from its own line: the writer's line above it must never
    become part of it.
    """
    end = _match_from(lines, keys, at, marks)
    if end < 0:
        return -1
    blank, story = False, marks.prose.search(keys[at]) is not None
    for later in range(at + 1, end + 1):
        blank = blank or not keys[later]
        if not keys[later] or _match_from(lines, keys, later, marks) != end:
            continue
        if blank or story or _begins(keys[at], marks) is Begins.ELSE:
            return -1
    return end


BANNER_LINES = 3
"""A server's banner above a mail has at most so many lines."""


def banner_end(lines: Sequence[str], keys: Sequence[str], marks: Markers) -> int:
    """The number of lines at the top that are a mail server's banner above mails from outside, wrapped or not."""
    first = next((at for at, key in enumerate(keys) if key), len(keys))
    most = min(first + BANNER_LINES, len(keys))
    end = next((at + 1 for at in range(first, most) if is_banner(" ".join(keys[first : at + 1]), marks)), 0)
    while end and end < most and lines[end].lstrip()[:1].islower():
        end += 1
    return end


def closing_lines(lines: Sequence[str], keys: Sequence[str], quotes: Sequence[bool]) -> list[bool]:
    """Lines that may end an attribution, by a fast and coarse check: a colon or the like, or a quotation next."""
    quoted = [quote or is_bar(line) for line, quote in zip(lines, quotes, strict=True)]
    return [
        bool(text) and (text[-1] in _END_SIGNS or ":" in text or "：" in text or any(quoted[at + 1 : at + 4]))
        for at, text in enumerate(keys)
    ]


def _match_from(lines: Sequence[str], keys: Sequence[str], at: int, marks: Markers) -> int:
    """The last line of the shortest run of lines from ``at`` that forms an attribution, or -1."""
    if not keys[at] or is_quote(lines[at]) or is_bar(lines[at]):
        return -1
    if not _may_attribute(keys, at, marks):
        return -1
    begins = _begins(keys[at], marks)
    joined, filled = "", at
    for end in range(at, min(at + ATTRIBUTION_REACH, len(lines))):
        if end > at and (_parts(lines, keys, end, marks) or not _continues(lines, keys, filled, end, joined)):
            return -1
        if not keys[end]:
            continue
        if end > at and _begins_anew(keys[end], begins, joined, marks):
            return -1
        filled = end
        joined = f"{joined} {unescape(keys[end])}".strip()
        if len(joined) > LONGEST:
            return -1
        quote_follows = _next_is_quoted(lines, end)
        ends = quote_follows or keys[end][-1] in _END_SIGNS or marks.verb_colon.search(keys[end]) is not None
        if ends and _is_attribution(joined, begins, quote_follows, marks):
            return end
    return -1


def _parts(lines: Sequence[str], keys: Sequence[str], at: int, marks: Markers) -> bool:
    """True for a rule, a separator or a header block: what stands above is no part of an attribution, though it may
    begin as one does in another language ("em la Nam …").
    """
    if is_rule(lines[at]) or separator_end(keys, at, marks) >= 0:
        return True
    return header_block_end(headers_of(keys[at : at + HEADER_LINES], marks), 0) >= 0


def _may_attribute(keys: Sequence[str], at: int, marks: Markers) -> bool:
    """Whether the lines from here contain a verb, or an address and a date: one check instead of one per run."""
    ahead = unescape(" ".join(filter(None, keys[at : at + ATTRIBUTION_REACH])))
    return marks.verb.search(ahead) is not None or ("@" in ahead and DATE.search(ahead) is not None)


def _begins(text: str, marks: Markers) -> Begins:
    """How a line begins: like a program's attribution, or not."""
    bare = unescape(text).lstrip("-—*_ '\"")
    if marks.intro.match(bare):
        return Begins.INTRO
    words = bare.split()[:3]
    if words and (words[0][0].isdigit() or (marks.weekday.match(bare) and any(w[0].isdigit() for w in words[1:]))):
        return Begins.DATE if DATE.search(" ".join(bare.split()[:8])) else Begins.ELSE
    return Begins.ELSE


def _begins_anew(text: str, first: Begins, joined: str, marks: Markers) -> bool:
    """True when the attribution actually begins at this later line; a wrapped date does not count."""
    later = _begins(text, marks)
    if marks.verb.search(joined):
        return later is Begins.INTRO and _is_moment(joined)
    if later is Begins.DATE and first is Begins.ELSE:
        return MAIL_IN_TEXT.search(joined) is None
    return later is Begins.INTRO


def _continues(lines: Sequence[str], keys: Sequence[str], last: int, end: int, joined: str) -> bool:
    """True when a wrapped attribution continues: no quote sign (except for "> wrote:"), and no sentence ended."""
    if is_quote(lines[end]):
        return joined.count("<") > joined.count(">") or keys[end].lstrip("> ") in {"wrote:", ":"}
    if joined[-1] in "!?…":
        return False
    return not (joined[-1] == "." and end - last > 1)


def _next_is_quoted(lines: Sequence[str], end: int) -> bool:
    for line in lines[end + 1 : end + 4]:
        if line.strip():
            return is_quote(line) or is_bar(line)
    return False


def _is_attribution(text: str, begins: Begins, quote_follows: bool, marks: Markers) -> bool:
    verb = next(reversed(list(marks.verb.finditer(text))), None)
    dated, timed = DATE.search(text) is not None, TIME.search(text) is not None
    if quote_follows and dated and timed and text.endswith(":") and MAIL_IN_TEXT.search(text):
        return begins is not Begins.ELSE or _NAMED.match(text) is not None  # whatever the language
    if verb is None:
        return _is_without_verb(text, begins, dated and timed, quote_follows)
    tail = text[verb.end() :].strip(" :：-—*_")
    if begins is Begins.INTRO and dated and timed and _CLOSED.search(text[: verb.end() + 2].rstrip()):
        return True  # some programs put the quoted text on the same line
    if len(tail.split()) > TAIL_WORDS or not (_ENDED.search(text) or (quote_follows and not tail)):
        return False
    name = text[: verb.start()]
    quoting = verb.start() == 0 and MAIL_IN_TEXT.search(tail) is not None  # "Quoting Name <a@b.test>:"
    if begins is Begins.ELSE and not quoting and not _NAMED.match(name):
        return False
    if MAIL_IN_TEXT.search(text) and (dated or timed):
        return begins is not Begins.ELSE or _NAME_FIRST.match(text) is not None
    story = marks.prose.search(name) is not None or len(name.split()) > NAME_WORDS
    story = story or marks.told.match(verb.group()) is not None
    if dated and timed and (begins is not Begins.ELSE or _is_moment(tail)):
        return quote_follows or not story
    return quote_follows and not story and _SENTENCE.search(name) is None


def _is_without_verb(text: str, begins: Begins, moment: bool, quote_follows: bool) -> bool:
    """Old Gmail: ``2016-10-24 15:36 GMT+02:00 Name <a@b.test>:`` without a verb, with a date and an address."""
    if begins is not Begins.DATE or not _ENDS_AFTER_ADDRESS.search(text):
        return False
    return (moment and text.endswith(":")) or quote_follows


def _is_moment(text: str) -> bool:
    return DATE.search(text) is not None and TIME.search(text) is not None


def separator_end(keys: Sequence[str], at: int, marks: Markers) -> int:
    """``at`` when the line is a separator such as ``-----Thư gốc-----``, else -1."""
    text = keys[at]
    if not text or len(text) > 120:
        return -1
    if text[0].isalnum() and text[-1] not in "-_=" and text not in marks.separator_lines:
        return -1  # most lines; the patterns below require a sign at the beginning, or a rule at the end
    if text in marks.separator_lines or marks.original.match(text) or marks.forward.match(text):
        return at
    if _ATTRIBUTED.match(text):
        return at
    return at if len(text) < 100 and marks.above.search(text) and re.match(r"^\W", text) else -1


def is_forward(keys: Sequence[str], at: int, marks: Markers) -> bool:
    """True when the separator at ``at`` is that of a forwarded mail."""
    return keys[at] in marks.separator_lines or marks.forward.match(keys[at]) is not None


def header_block_end(headers: Sequence[Header | None], at: int) -> int:
    """The last line of a quoted header block that begins at ``at``, or -1.

    A single header line is not enough: a citizen's letter may contain ``Từ:`` or begin ``Kính gửi:``. Two are enough
    if the sender's contains an address; without one there must be a subject too ("Thời gian: 22:00 ngày 15/10/2026,
    Từ: ngã tư, Đến: cầu" is a notice of road works), and a time of day or all four.
    """
    first = headers[at]
    if first is None or first.kind in _FORM_KINDS or _is_form(headers, at):
        return -1
    found: dict[str, str] = {}
    last, gaps = at, 0
    for place in range(at, min(at + HEADER_LINES, len(headers))):
        header = headers[place]
        if place - last > HEADER_REACH:
            break
        if header is not None and header.kind not in _FORM_KINDS:
            gaps += place - last > 1
            found.setdefault(header.kind, header.value)
            last = place
    return last if _is_header_block(found, gaps) else -1


def bare_head_end(headers: Sequence[Header | None], keys: Sequence[str], at: int) -> int:
    """The last line of the head directly behind a separator, or -1: there sender and day are enough, without address
    and subject, where a blank line ends them."""
    end = next((place for place in range(at, min(at + HEADER_LINES, len(keys))) if not keys[place]), -1)
    kinds = [header.kind if header else "" for header in headers[at:end]] if end >= 0 else []
    plain = len(kinds) > 1 and kinds[0] == "from" and "" not in kinds and not {*_FORM_KINDS} & {*kinds}
    return end - 1 if plain else -1


def _is_form(headers: Sequence[Header | None], at: int) -> bool:
    """Fields of a website's form ("Người gửi:", "Thời gian gửi:") before its content; a mail also has a recipient."""
    kinds = {header.kind for header in headers[at : at + FORM_LINES] if header}
    mail = {"date", "subject"} <= kinds and "contact" not in kinds
    return "content" in kinds and "to" not in kinds and not mail


def headers_of(keys: Sequence[str], marks: Markers) -> list[Header | None]:
    """Which lines are headers. Words with two meanings (``data``, ``a``) count as the first; values may wrap."""
    found: list[Header | None] = []
    count = 0
    for at, text in enumerate(keys):
        header = None
        if (":" in text or "：" in text) and count < MOST_HEADERS:
            pairs = ((kind, pattern.match(text)) for kind, pattern in marks.headers.items())
            header = next((Header(kind, match[1].strip()) for kind, match in pairs if match), None)
        count += header is not None
        if header is not None and not header.value and at + 1 < len(keys):
            header = Header(header.kind, keys[at + 1])
        found.append(header)
    return found


def _is_header_block(found: dict[str, str], gaps: int) -> bool:
    if "from" not in found or len(found) < 2:
        return False
    sender, when = found["from"], found.get("date", "")
    if DATE.search(sender) and not MAIL_IN_TEXT.search(sender):
        return False  # "Từ: tháng 5/2020, Đến: nay" is a span of time
    addressed = MAIL_IN_TEXT.search(sender) is not None
    timed = TIME.search(when) is not None and DATE.search(when) is not None
    if addressed or "subject" not in found:
        return addressed
    return timed or (not gaps and {"date", "to"} <= found.keys() and DATE.search(when) is not None)
