"""A person's own text, with quotations, quoted headers and signature separated; nothing is ever deleted.

Every line gets one of three labels, so that own + signature + quoted always contain every line of the text. If
none of the writer's own text would remain, nothing is separated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from rules.message.quote_detection import (
    ATTRIBUTION_REACH,
    Header,
    attribution_end,
    banner_end,
    bare_head_end,
    closing_lines,
    header_block_end,
    headers_of,
    is_bar,
    is_forward,
    is_quote,
    is_rule,
    separator_end,
)
from rules.message.quote_markers import (
    DEFAULT,
    MAIL_IN_TEXT,
    PROSE_WORDS,
    Markers,
    is_link,
    is_notice,
    is_opening,
    is_phone_line,
    is_said,
    key,
    load_markers,
)
from rules.values.data_file import Source
from rules.values.model import FoldedText

SIGNATURE_LINES = 14
"""A signature has at most this many lines."""
SHORT_SIGNATURE_LINES = 8
MOST_LINES = 5000
"""Only this many lines of a text are examined; the rest counts as one more line."""
MOST_TRIED = 400
"""Only this many of the lines where an attribution may begin are examined."""
OPEN = 1 << 62
"""Everything from here to the end is quoted."""
_LINE = re.compile(r"\r\n|\r|\n")


class Label(StrEnum):
    """Whose text a line is."""

    OWN = "own"
    SIGNATURE = "signature"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Page:
    """A text as lines, their keys, and which of them look like headers."""

    lines: list[str]
    keys: list[str]
    headers: list[Header | None]
    quotes: list[bool]
    """Which lines have a quote sign."""
    beginning: list[bool]
    """Which lines are examined as the beginning of an attribution; none in most texts."""


def fold(text: str, source: Source = DEFAULT) -> FoldedText:
    """Split a reply's text; own is never empty unless the text is."""
    page, marks = _page(_LINE.split(text, MOST_LINES), source), load_markers(source)
    labels = _label(page, marks, keep_open_end=True)
    if not any(page.quotes) and labels.count(Label.OWN) == len(labels):  # most mails
        own = "\n".join(page.lines)
        return FoldedText(own.strip("\n").rstrip() if own.strip() else text.strip())
    apart = _apart(page, labels)
    _keep_leading_quote(page.lines, labels)
    if not _own(page.lines, labels):
        return FoldedText(text.strip(), apart=apart)
    return replace(_gather(page.lines, labels), apart=apart)


def fold_strictly(text: str, source: Source = DEFAULT) -> FoldedText:
    """Like :func:`fold`, but own is empty when the writer wrote nothing (an attachment may be the answer)."""
    page = _page(_LINE.split(text, MOST_LINES), source)
    return _gather(page.lines, _label(page, load_markers(source), keep_open_end=False))


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail forwarded within another: its text, its sender (address, and the whole field), and whether the separator
    says "forwarded"."""

    text: str
    sender: str
    marked: bool
    name: str = ""


def forwarded_inside(text: str, source: Source = DEFAULT) -> Forwarded | None:
    """The first mail forwarded or quoted with a header block, without separator and block; None without such."""
    page, marks = _page(_LINE.split(text, MOST_LINES), source), load_markers(source)
    for at in range(len(page.lines)):
        cut = separator_end(page.keys, at, marks)
        if cut >= 0:
            inner = _page(_unquoted(page.lines[cut + 1 :]), source)
            return _inside(inner, 0, _header_end(inner, 0), marked=is_forward(page.keys, at, marks))
        end = header_block_end(page.headers, at)
        if end >= 0:
            return _inside(page, at, end, marked=False)
    return None


def forwarded_mail(text: str, subject: str, source: Source = DEFAULT) -> Forwarded | None:
    """The same for a mail that forwards another, and does not only quote it; None when it forwards none."""
    inner = forwarded_inside(text, source)
    says = inner is not None and (inner.marked or load_markers(source).subject.forwards.match(subject))
    return inner if says else None


def _inside(page: Page, at: int, end: int, *, marked: bool) -> Forwarded:
    senders = [header.value for header in page.headers[at : end + 1] if header and header.kind == "from"]
    address = MAIL_IN_TEXT.search(senders[0]) if senders else None
    return Forwarded(
        "\n".join(page.lines[end + 1 :]).strip(), address.group() if address else "", marked, *senders[:1]
    )


def _page(lines: list[str], source: Source) -> Page:
    keys = [key(line) for line in lines]
    quotes = [is_quote(line) for line in lines]
    return Page(lines, keys, headers_of(keys, load_markers(source)), quotes, _beginning(lines, keys, quotes))


def _beginning(lines: Sequence[str], keys: Sequence[str], quotes: Sequence[bool]) -> list[bool]:
    """Lines shortly before a possible end of an attribution, at most ``MOST_TRIED`` of them."""
    closing = closing_lines(lines, keys, quotes)
    if not any(closing):
        return closing
    near = [
        bool(text) and not quotes[at] and any(closing[at : at + ATTRIBUTION_REACH]) for at, text in enumerate(keys)
    ]
    return [one and count <= MOST_TRIED for one, count in zip(near, accumulate(near), strict=True)]


def _unquoted(lines: list[str]) -> list[str]:
    """The lines of a forwarded text; if it is quoted as a whole (Apple Mail), without one level of quote signs."""
    filled = [line for line in lines if line.strip()]
    if filled and all(is_quote(line) for line in filled):
        return [re.sub(r"^\s*> ?", "", line) for line in lines]
    return lines


def _header_end(page: Page, at: int) -> int:
    """The last line of the header block at or just below ``at``, else ``at`` - 1."""
    found = [place for place in range(at, min(at + 4, len(page.keys))) if page.keys[place]][:1]
    ends = [max(header_block_end(page.headers, one), bare_head_end(page.headers, page.keys, one)) for one in found]
    return max([at - 1, *ends])


def _label(page: Page, marks: Markers, *, keep_open_end: bool) -> list[Label]:
    """One label per line. ``keep_open_end``: with nothing written above, only the separator itself is quoted."""
    labels = [Label.OWN] * len(page.lines)
    at, written = 0, False
    while at < len(page.lines):
        end = _quoted_to(page, at, marks)
        if end < 0:
            written = written or _is_own(page, at, marks)
            at += 1
            continue
        if end == OPEN:
            end = _mark_end(page, at, marks) if keep_open_end and not written else len(page.lines) - 1
        for place in range(_with_rule(page.lines, at), end + 1):
            labels[place] = Label.QUOTED
        at = end + 1
    _label_signatures(page.lines, page.keys, labels, marks)
    _label_notices(page.keys, labels, marks)
    banner = banner_end(page.lines, page.keys, marks)
    labels[:banner] = [Label.SIGNATURE if one is Label.OWN else one for one in labels[:banner]]
    return labels


def _mark_end(page: Page, at: int, marks: Markers) -> int:
    """The last line of the separator, header block or attribution alone."""
    if separator_end(page.keys, at, marks) >= 0:
        return _header_end(page, at + 1)
    return max(at, header_block_end(page.headers, at), attribution_end(page.lines, page.keys, at, marks))


def _quoted_to(page: Page, at: int, marks: Markers) -> int:
    """The last line of the quotation that begins at ``at``; -1 for the writer's own text, OPEN for all the rest."""
    if page.quotes[at]:
        return at
    if not page.keys[at]:
        return -1
    if separator_end(page.keys, at, marks) >= 0 or header_block_end(page.headers, at) >= 0:
        return OPEN
    if not page.beginning[at]:
        return -1
    end = attribution_end(page.lines, page.keys, at, marks)
    if end < 0:
        return -1
    after = next((place for place in range(end + 1, len(page.lines)) if page.keys[place]), -1)
    if after < 0 or page.quotes[after]:
        return end
    return _bars_end(page.lines, page.keys, after) if is_bar(page.lines[after]) else OPEN


def _bars_end(lines: Sequence[str], keys: Sequence[str], at: int) -> int:
    """The last of the lines quoted with a bar."""
    end = at
    while end + 1 < len(lines) and (is_bar(lines[end + 1]) or not keys[end + 1]):
        end += 1
    return end


def _with_rule(lines: Sequence[str], at: int) -> int:
    """The start of a quotation, including a rule just above it (Outlook's 32 underscores)."""
    above = at - 1
    while above >= 0 and at - above <= 2 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and at - above <= 3 and is_rule(lines[above]) and not is_quote(lines[at]) else at


def _is_own(page: Page, at: int, marks: Markers) -> bool:
    """True when a line says something: no blank line, no rule, no telephone's signature."""
    return bool(page.keys[at]) and not is_rule(page.lines[at]) and not is_phone_line(page.keys[at], marks)


def _label_signatures(lines: Sequence[str], keys: Sequence[str], labels: list[Label], marks: Markers) -> None:
    phone_above = False
    for at, label in enumerate(labels):
        if label is not Label.OWN or not keys[at]:
            continue
        phone_above = is_phone_line(keys[at], marks) or (phone_above and is_link(lines[at]))
        if phone_above:
            labels[at] = Label.SIGNATURE
    written, behind = False, _lines_behind(keys, labels)
    for at, label in enumerate(labels):
        short = label is Label.OWN and written and behind[at] <= 2 * SIGNATURE_LINES
        if short and _begins_signature(lines, keys, labels, at, marks):
            for place in range(at, len(labels)):
                if labels[place] is not Label.OWN:
                    break
                labels[place] = Label.SIGNATURE
        if label is Label.OWN and keys[at] and not is_rule(lines[at]):
            written = not is_opening(keys[at], marks) or (written and keys[at][-1] not in ":：")


def _label_notices(keys: Sequence[str], labels: list[Label], marks: Markers) -> None:
    """A mail server's notice of confidentiality below the writer's text speaks of every mail alike."""
    written, at = False, 0
    while at < len(keys):
        end = at
        while end < len(keys) and keys[end] and labels[end] is Label.OWN:
            end += 1
        if written and is_notice(" ".join(keys[at:end]), marks):
            labels[at:end] = [Label.SIGNATURE] * (end - at)
        written, at = written or end > at, max(end, at + 1)


def _lines_behind(keys: Sequence[str], labels: Sequence[Label]) -> list[int]:
    """For each line, the number of filled lines after it up to the next quotation or the end."""
    found, count = [0] * len(keys), 0
    for at in range(len(keys) - 1, -1, -1):
        found[at] = count
        count = 0 if labels[at] is Label.QUOTED else count + bool(keys[at])
    return found


def _begins_signature(
    lines: Sequence[str], keys: Sequence[str], labels: Sequence[Label], at: int, marks: Markers
) -> bool:
    """True for a delimiter below written text, with little behind it that says nothing; contacts behind a rule."""
    strong = keys[at] in marks.strong
    if not strong and not (is_rule(lines[at]) and not lines[at].lstrip().startswith("*")):
        return False
    behind = _own_run(keys, labels, at + 1)
    if any(is_said(text, marks) for text in behind):
        return False
    if lines[at] == "-- ":  # RFC 3676 §4.3
        return len(behind) <= 2 * SIGNATURE_LINES
    prose = sum(len(text.split()) >= PROSE_WORDS for text in behind)
    if strong:
        return len(behind) <= SIGNATURE_LINES and prose <= 1
    reach = any(marks.contact.search(text) for text in behind)
    return not behind or (len(behind) <= SHORT_SIGNATURE_LINES and prose == 0 and reach)


def _own_run(keys: Sequence[str], labels: Sequence[Label], at: int) -> list[str]:
    """The filled own lines from ``at`` to the next quotation or the end, at most one more than in a signature."""
    run: list[str] = []
    for place in range(at, len(labels)):
        if labels[place] is Label.QUOTED or len(run) > 2 * SIGNATURE_LINES:
            break
        if keys[place]:
            run.append(keys[place])
    return run


def _keep_leading_quote(lines: Sequence[str], labels: list[Label]) -> None:
    """Keep a single quotation that the writer put first without attribution: the reply refers to it."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    lead = [at for at in filled if labels[at] is Label.QUOTED]
    if not lead or lead[0] != filled[0] or any(not is_quote(lines[at]) for at in lead):
        return
    if lead == filled[: len(lead)] and any(labels[at] is Label.OWN for at in filled):
        for at in range(lead[-1] + 1):
            labels[at] = Label.OWN


def _apart(page: Page, labels: Sequence[Label]) -> str | None:
    """The writer's lines above the first quoted one or, if there are none, below the last; None without a quotation.

    A line between two quoted ones may be the end of a quoted line, wrapped by a mail program that marks only its
    start: then it is somebody else's text.
    """
    lines = page.lines
    quoted = [at for at, quote in enumerate(page.quotes) if quote or labels[at] is Label.QUOTED]
    if not quoted:
        return None
    above = _own(lines[: quoted[0]], labels[: quoted[0]])
    return above or _own(lines[quoted[-1] + 1 :], labels[quoted[-1] + 1 :])


def _own(lines: Sequence[str], labels: Sequence[Label]) -> str:
    return "\n".join(line for line, label in zip(lines, labels, strict=True) if label is Label.OWN).strip()


def _gather(lines: Sequence[str], labels: Sequence[Label]) -> FoldedText:
    """The three texts, without blank lines around them; the order of lines stays."""
    texts = {
        wanted: "\n".join(line for line, label in zip(lines, labels, strict=True) if label is wanted)
        for wanted in Label
    }
    return FoldedText(
        own=texts[Label.OWN].strip("\n").rstrip() if texts[Label.OWN].strip() else "",
        signature=texts[Label.SIGNATURE].strip("\n"),
        quoted=texts[Label.QUOTED].strip("\n"),
    )
