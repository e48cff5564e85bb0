"""What a person wrote, with quotes, quoted headers and signature folded away; nothing is ever deleted.

Every line gets one of three labels, so own + signature + quoted always hold every line of the text. Where
nothing of the writer's own would remain, nothing is folded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from rules.loader import Source
from rules.markers import DEFAULT, Markers, key, load_markers
from rules.model import FoldedText
from rules.quoting import (
    attribution_end,
    header_block_end,
    is_bar,
    is_forward,
    is_quote,
    is_rule,
    separator_end,
)

SIGNATURE_LINES = 14
"""A signature has no more lines than this."""
SHORT_SIGNATURE_LINES = 8
PROSE_WORDS = 15
PHONE_LINE = 140
OPEN = 1 << 62
"""Everything from here to the end is quoted."""
_LINE = re.compile(r"\r\n|\r|\n")
_LINK_ONLY = re.compile(r"^[\s<(\[]*https?://\S+[\s>)\]]*$", re.IGNORECASE)


class Label(StrEnum):
    """Whose a line is."""

    OWN = "own"
    SIGNATURE = "signature"
    QUOTED = "quoted"


def fold(text: str, source: Source = DEFAULT) -> FoldedText:
    """Take a reply's text apart; own is never empty when the text is not."""
    lines, keys, marks = _read(text, source)
    labels = _label(lines, keys, marks, keep_open_end=True)
    _keep_leading_quote(lines, labels)
    if not _own(lines, labels):
        return FoldedText(text.strip())
    return _gather(lines, labels)


def fold_strictly(text: str, source: Source = DEFAULT) -> FoldedText:
    """As :func:`fold`, but own is empty when the writer wrote nothing (an attachment may be the answer)."""
    lines, keys, marks = _read(text, source)
    return _gather(lines, _label(lines, keys, marks, keep_open_end=False))


def forwarded_inside(text: str, source: Source = DEFAULT) -> str:
    """The text inside the first forwarded mail, without separator and header block; "" when none is forwarded."""
    lines, keys, marks = _read(text, source)
    for at in range(len(lines)):
        cut = separator_end(keys, at, marks)
        if cut >= 0 and not is_forward(keys, at, marks):
            return ""
        begin = cut + 1 if cut >= 0 else at
        while begin < len(lines) and cut >= 0 and not keys[begin]:
            begin += 1
        end = header_block_end(keys, begin, marks) if begin < len(lines) else -1
        if cut >= 0 or end >= 0:
            return _unquoted(lines[max(end, cut) + 1 :])
    return ""


def _read(text: str, source: Source) -> tuple[list[str], list[str], Markers]:
    lines = _LINE.split(text)
    return lines, [key(line) for line in lines], load_markers(source)


def _unquoted(lines: Sequence[str]) -> str:
    """A forwarded text that is quoted as a whole (Apple Mail) loses one level of its signs."""
    filled = [line for line in lines if line.strip()]
    if filled and all(is_quote(line) for line in filled):
        return "\n".join(re.sub(r"^\s*> ?", "", line) for line in lines).strip()
    return "\n".join(lines).strip()


def _label(lines: Sequence[str], keys: Sequence[str], marks: Markers, *, keep_open_end: bool) -> list[Label]:
    """One label a line. ``keep_open_end``: what follows a leading attribution without quote signs stays own."""
    labels = [Label.OWN] * len(lines)
    at = 0
    while at < len(lines):
        end = _quoted_to(lines, keys, at, marks)
        if end < 0:
            at += 1
            continue
        written = _has_own(lines, keys, labels[:at], marks)
        end = end if end != OPEN else len(lines) - 1
        if end == len(lines) - 1 and not written and keep_open_end:
            end = max(at, attribution_end(lines, keys, at, marks))
        for place in range(_with_rule(lines, at), end + 1):
            labels[place] = Label.QUOTED
        at = end + 1
    _label_signatures(lines, keys, labels, marks)
    return labels


def _quoted_to(lines: Sequence[str], keys: Sequence[str], at: int, marks: Markers) -> int:
    """The last line of the quoted thing that begins at ``at``; -1 for the writer's own, OPEN for all the rest."""
    if is_quote(lines[at]):
        return at
    if not keys[at]:
        return -1
    if separator_end(keys, at, marks) >= 0 or header_block_end(keys, at, marks) >= 0:
        return OPEN
    end = attribution_end(lines, keys, at, marks)
    if end < 0:
        return -1
    after = next((place for place in range(end + 1, len(lines)) if keys[place]), -1)
    if after < 0 or is_quote(lines[after]):
        return end
    return _bars_end(lines, keys, after) if is_bar(lines[after]) else OPEN


def _bars_end(lines: Sequence[str], keys: Sequence[str], at: int) -> int:
    """The last of the lines drawn with a bar."""
    end = at
    while end + 1 < len(lines) and (is_bar(lines[end + 1]) or not keys[end + 1]):
        end += 1
    return end


def _with_rule(lines: Sequence[str], at: int) -> int:
    """A rule right above a quoted thing (Outlook's 32 underscores) belongs to it."""
    above = at - 1
    while above >= 0 and at - above <= 2 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and at - above <= 3 and is_rule(lines[above]) and not is_quote(lines[at]) else at


def _has_own(lines: Sequence[str], keys: Sequence[str], labels: Sequence[Label], marks: Markers) -> bool:
    """True when something was written so far that is neither quote nor a phone's signature."""
    return any(
        label is Label.OWN and keys[at] and not is_rule(lines[at]) and not _is_phone_line(keys[at], marks)
        for at, label in enumerate(labels)
    )


def _label_signatures(lines: Sequence[str], keys: Sequence[str], labels: list[Label], marks: Markers) -> None:
    phone_above = False
    for at, label in enumerate(labels):
        if label is not Label.OWN or not keys[at]:
            continue
        phone_above = _is_phone_line(keys[at], marks) or (phone_above and _LINK_ONLY.match(lines[at]) is not None)
        if phone_above:
            labels[at] = Label.SIGNATURE
    for at, label in enumerate(labels):
        if label is Label.OWN and _begins_signature(lines, keys, labels, at, marks):
            for place in range(at, len(labels)):
                if labels[place] is not Label.OWN:
                    break
                labels[place] = Label.SIGNATURE


def _is_phone_line(text: str, marks: Markers) -> bool:
    return 0 < len(text) <= PHONE_LINE and marks.phone.match(text) is not None


def _begins_signature(
    lines: Sequence[str], keys: Sequence[str], labels: Sequence[Label], at: int, marks: Markers
) -> bool:
    """A delimiter with little behind it; a longer rule only when what follows holds a way to reach somebody."""
    strong = keys[at] in marks.strong
    if not strong and not (is_rule(lines[at]) and not lines[at].lstrip().startswith("*")):
        return False
    if not any(keys[place] for place in range(at) if labels[place] is Label.OWN):
        return False
    behind = _own_run(keys, labels, at + 1)
    if lines[at] == "-- ":  # RFC 3676 §4.3
        return len(behind) <= 2 * SIGNATURE_LINES
    prose = sum(len(text.split()) >= PROSE_WORDS for text in behind)
    if strong:
        return len(behind) <= SIGNATURE_LINES and prose <= 1
    reach = any(marks.contact.search(text) for text in behind)
    return not behind or (len(behind) <= SHORT_SIGNATURE_LINES and prose == 0 and reach)


def _own_run(keys: Sequence[str], labels: Sequence[Label], at: int) -> list[str]:
    """The filled own lines from ``at`` to the next quote or the end."""
    run = []
    for place in range(at, len(labels)):
        if labels[place] is Label.QUOTED:
            break
        if keys[place]:
            run.append(keys[place])
    return run


def _keep_leading_quote(lines: Sequence[str], labels: list[Label]) -> None:
    """A quote that the writer put first, without any attribution and only once, is what he answers to: it stays."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    lead = [at for at in filled if labels[at] is Label.QUOTED]
    if not lead or lead[0] != filled[0] or any(not is_quote(lines[at]) for at in lead):
        return
    if lead == filled[: len(lead)] and any(labels[at] is Label.OWN for at in filled):
        for at in range(lead[-1] + 1):
            labels[at] = Label.OWN


def _own(lines: Sequence[str], labels: Sequence[Label]) -> str:
    return "\n".join(line for line, label in zip(lines, labels, strict=True) if label is Label.OWN).strip()


def _gather(lines: Sequence[str], labels: Sequence[Label]) -> FoldedText:
    """The three texts; blank lines around them fall away, the order of lines stays."""
    texts = {
        wanted: "\n".join(line for line, label in zip(lines, labels, strict=True) if label is wanted)
        for wanted in Label
    }
    return FoldedText(
        own=texts[Label.OWN].strip("\n").rstrip() if texts[Label.OWN].strip() else "",
        signature=texts[Label.SIGNATURE].strip("\n"),
        quoted=texts[Label.QUOTED].strip("\n"),
    )
