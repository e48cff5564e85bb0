"""The small markup of the templates, and the two forms it takes: plain text and HTML.

A template is plain text. What it can mark: ``## heading``, ``- item`` of a list, ``**strong**``, and through filters
a link, a quoted text and a block of text. All marks become control characters when a template is *loaded*; every
value that a template prints is cleaned of control characters. So nobody's text can make a heading, a link or
anything else: in HTML it is escaped words, in plain text it is words on a marked line.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from rules.text import clean, clean_line

HEADING, ITEM, STRONG_ON, STRONG_OFF = "\x01", "\x02", "\x03", "\x04"
LINK, LINK_TO, LINK_END = "\x05", "\x06", "\x07"
QUOTE, BLOCK, BREAK = "\x0e", "\x0f", "\x10"
GROUP = re.compile(
    rf"(?m)^(?:[{HEADING}{QUOTE}{BLOCK}].*"
    rf"|{ITEM}.*(?:\n{ITEM}.*)*"
    rf"|(?![{HEADING}{ITEM}{QUOTE}{BLOCK}])[^\S\n]*+\S.*(?:\n(?![{HEADING}{ITEM}{QUOTE}{BLOCK}])[^\S\n]*+\S.*)*)"
)
"""A heading, a quoted text or a block, each a line by itself; a list; a paragraph, whose lines are not blank."""
BREAKS = re.compile(f"{BREAK}(?:\\s*{BREAK})+")
LINKED = re.compile(f"{LINK}([^{LINK_TO}]*){LINK_TO}([^{LINK_END}]*){LINK_END}")

TARGET = re.compile(r"(?:mailto:[\w.~%@?=&+-]+|https?://[\w.~%@?=&+:/#,-]+)", re.ASCII)


class Own(str):
    """Text with our own marks in it: the only kind of value that is printed as it is."""

    __slots__ = ()


def load_marks(source: str) -> str:
    """A template's source with its marks as control characters. Raises ValueError when it holds some already."""
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", source):
        raise ValueError("a template holds a control character")
    marked = re.sub(r"(?m)^## ", HEADING, source)
    marked = re.sub(r"(?m)^- ", ITEM, marked)
    return re.sub(r"\*\*(.+?)\*\*", STRONG_ON + r"\1" + STRONG_OFF, marked)


def printed(value: object) -> str:
    """What a template prints for a value: our own marked text as it is, everything else as one clean line."""
    if type(value) is Own:
        return value
    text = str(value)
    return _line(text) if len(text) <= SHORT else clean_line(text)


SHORT = 120
"""Characters up to which a cleaned value is remembered: units, dates, clauses, how to answer come in every mail."""
_line = lru_cache(maxsize=2000)(clean_line)


def link(label: str, target: str) -> Own:
    """A link; plain text shows its words. A target that is no mail or web address gives the words alone."""
    words = printed(label)
    return Own(f"{LINK}{words}{LINK_TO}{target}{LINK_END}" if TARGET.fullmatch(target) else words)


def quoted(value: str) -> Own:
    """Somebody's own words, marked as such on every line."""
    return Own(QUOTE + clean(str(value)).strip().replace("\n", BREAK))


def block(value: str) -> Own:
    """A text of several paragraphs that the reader came for, such as a unit's answer."""
    return Own(BLOCK + clean(str(value)).strip().replace("\n", BREAK))


def groups(marked: str) -> list[str]:
    """Lines that belong together: a heading, a list, a quoted text, or a paragraph."""
    return GROUP.findall(marked)


def to_plain(group: str) -> str:
    """A group as plain text, paragraphs whole, without a line end after it."""
    text = _plain(group[0], group)
    if LINK in text:
        text = LINKED.sub(lambda found: found[1], text)
    return text.replace(STRONG_ON, "").replace(STRONG_OFF, "")


def _plain(mark: str, group: str) -> str:
    if mark == ITEM:
        return "- " + group[1:].replace("\n" + ITEM, "\n- ")
    if mark == HEADING:
        return group[1:].upper()
    if mark == QUOTE:
        return "\n".join([f"> {line}".rstrip() for line in group[1:].split(BREAK)])
    if mark == BLOCK:
        return group[1:].replace(BREAK, "\n")
    return group


def to_html(group: str) -> str:
    """A group in HTML, one line. Everything is escaped before the first tag is written."""
    text = _html(group[0], html.escape(group))
    if LINK in text:
        text = LINKED.sub(lambda found: f'<a href="{found[2]}">{found[1]}</a>', text)
    return text.replace(STRONG_ON, "<strong>").replace(STRONG_OFF, "</strong>")


def _html(mark: str, group: str) -> str:
    if mark == ITEM:
        return "<ul><li>" + group[1:].replace("\n" + ITEM, "</li><li>") + "</li></ul>"
    if mark == HEADING:
        return f"<h2>{group[1:]}</h2>"
    if mark in (QUOTE, BLOCK):
        inside = BREAKS.sub("</p><p>", group[1:]).replace(BREAK, "<br>")
        return f"<blockquote><p>{inside}</p></blockquote>" if mark == QUOTE else f"<div><p>{inside}</p></div>"
    return "<p>" + group.replace("\n", "<br>") + "</p>"
