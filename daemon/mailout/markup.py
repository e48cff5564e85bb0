"""The small markup of the templates, and the two forms it takes: plain text and HTML.

A template is plain text. What it can mark: ``## heading``, ``- item`` of a list, ``**strong**``, and through filters
a link, a quoted text and a block of text. All marks become control characters when a template is *loaded*; every
value that a template prints is cleaned of control characters. So nobody's text can make a heading, a link or
anything else: in HTML it is escaped words, in plain text it is words on a marked line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from daemon.mailout.wash import clean, clean_line

HEADING, ITEM, STRONG_ON, STRONG_OFF = "\x01", "\x02", "\x03", "\x04"
LINK, LINK_TO, LINK_END = "\x05", "\x06", "\x07"
QUOTE, BLOCK, BREAK = "\x0e", "\x0f", "\x10"

TARGET = re.compile(r"(?:mailto:[!-~]+|https?://[!-~]+|tel:\+?[0-9]+)", re.ASCII)


class Own(str):
    """Text with our own marks in it: the only kind of value that is printed as it is."""

    __slots__ = ()


def load_marks(source: str) -> str:
    """A template's source with its marks turned into control characters. Raises ValueError when it holds some already."""
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", source):
        raise ValueError("a template holds a control character")
    marked = re.sub(r"(?m)^## ", HEADING, source)
    marked = re.sub(r"(?m)^- ", ITEM, marked)
    return re.sub(r"\*\*(.+?)\*\*", STRONG_ON + r"\1" + STRONG_OFF, marked)


def printed(value: object) -> str:
    """What a template prints for a value: our own marked text as it is, everything else as one clean line."""
    return value if type(value) is Own else clean_line(str(value))


def link(label: str, target: str) -> Own:
    """A link; plain text shows its words only. A target that is no mail, web or phone address gives the words alone."""
    words = clean_line(label)
    return Own(f"{LINK}{words}{LINK_TO}{target}{LINK_END}" if TARGET.fullmatch(target) else words)


def quoted(value: str) -> Own:
    """Somebody's own words, marked as such on every line."""
    return Own(QUOTE + clean(str(value)).strip().replace("\n", BREAK))


def block(value: str) -> Own:
    """A text of several paragraphs that the reader came for, such as a unit's answer."""
    return Own(BLOCK + clean(str(value)).strip().replace("\n", BREAK))


def _paragraphs(marked: str) -> Iterator[list[str]]:
    """Lines that belong together: a heading, a list, a quoted text, or a paragraph."""
    group: list[str] = []
    for line in marked.split("\n"):
        text = line.rstrip(" ")
        alone = text[:1] in (HEADING, QUOTE, BLOCK)
        if group and (not text or alone or (text[:1] == ITEM) != (group[0][:1] == ITEM)):
            yield group
            group = []
        if alone:
            yield [text]
        elif text:
            group.append(text)
    if group:
        yield group


def _plain_line(line: str) -> str:
    line = re.sub(f"{LINK}([^{LINK_TO}]*){LINK_TO}[^{LINK_END}]*{LINK_END}", r"\1", line)
    return line.translate({ord(STRONG_ON): None, ord(STRONG_OFF): None})


def _plain_group(group: list[str]) -> str:
    first, rest = group[0][:1], group[0][1:]
    if first == HEADING:
        return _plain_line(rest).upper()
    if first == QUOTE:
        return "\n".join(f"> {line}".rstrip() for line in rest.split(BREAK))
    if first == BLOCK:
        return rest.replace(BREAK, "\n")
    return "\n".join(_plain_line(line.replace(ITEM, "- ", 1)) for line in group)


def to_plain(marked: str) -> str:
    """The plain text part: paragraphs whole, one empty line between them."""
    return "\n\n".join(map(_plain_group, _paragraphs(marked))) + "\n"


def _html_line(line: str) -> str:
    text = str(escape(line))
    if LINK in text:
        text = re.sub(f"{LINK}([^{LINK_TO}]*){LINK_TO}([^{LINK_END}]*){LINK_END}", r'<a href="\2">\1</a>', text)
    return text.replace(STRONG_ON, "<strong>").replace(STRONG_OFF, "</strong>")


def _html_texts(value: str) -> str:
    texts = (part.strip(BREAK) for part in re.split(f"{BREAK}\\s*{BREAK}", value))
    return "".join(f"<p>{str(escape(part)).replace(BREAK, '<br>')}</p>" for part in texts if part.strip())


def _html_group(group: list[str]) -> str:
    first, rest = group[0][:1], group[0][1:]
    if first == HEADING:
        return f"<h2>{_html_line(rest)}</h2>"
    if first == QUOTE:
        return f"<blockquote>{_html_texts(rest)}</blockquote>"
    if first == BLOCK:
        return f"<div>{_html_texts(rest)}</div>"
    if first == ITEM:
        return "<ul>" + "".join(f"<li>{_html_line(line[1:])}</li>" for line in group) + "</ul>"
    return "<p>" + "<br>".join(map(_html_line, group)) + "</p>"


def to_html(marked: str) -> Markup:
    """The inside of the HTML part; everything but our own marks is escaped."""
    return Markup("\n".join(map(_html_group, _paragraphs(marked))))  # noqa: S704 - every group is escaped above
