"""The small markup of the templates, and its two forms: HTML and plain text.

A template is text in lines. It can mark ``## heading``, ``- item`` of a list, ``**strong**``, and through filters a
link, a quoted text and a block of text. The marks of a template become tags when it is *loaded*; every value that a
template prints is one clean line, and jinja2 escapes it. So a value can never make a heading, a link or anything
else: a line that begins with a tag comes from the template itself.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from rules.text import clean, clean_line

TARGET = re.compile(r"(?:mailto:[\w.~%@?=&+-]+|https?://[\w.~%@?=&+:/#,-]+)", re.ASCII)
TAG = re.compile(r"</?(?:strong|a|h2|li|blockquote|div)\b[^>]*>")
BLANK_LINES = re.compile(r"<br>(?:\s*<br>)+")

Kind = Literal["heading", "list", "quote", "text", "paragraph"]
KINDS: dict[str, Kind] = {"<h2>": "heading", "<li>": "list", "<blockquote>": "quote", "<div>": "text"}


def load_marks(source: str) -> str:
    """A template's source with its marks as tags. Raises ValueError when it holds a control character."""
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", source):
        raise ValueError("a template holds a control character")
    marked = re.sub(r"(?m)^## (.*)$", r"<h2>\1</h2>", source)
    marked = re.sub(r"(?m)^- (.*)$", r"<li>\1</li>", marked)
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", marked)


def printed(value: object) -> str:
    """The printed form of a value: text marked up by a filter as it is, everything else as one clean line."""
    return value if isinstance(value, Markup) else clean_line(str(value))


def link(label: str, target: str) -> Markup:
    """A link; plain text shows its words. A target that is no mail or web address leaves only the words."""
    words = printed(label)
    if not TARGET.fullmatch(target):
        return escape(words)
    return Markup('<a href="{}">{}</a>').format(target, words)


def quoted(value: str) -> Markup:
    """A quotation, marked as such on every line."""
    return Markup("<blockquote>{}</blockquote>").format(_lines(value))


def block(value: str) -> Markup:
    """A text of several paragraphs that the reader came for, such as a unit's answer."""
    return Markup("<div>{}</div>").format(_lines(value))


def _lines(value: str) -> Markup:
    return Markup("<br>").join(clean(str(value)).strip().split("\n"))


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a rendered template that belong together, in HTML without the tag around them."""

    kind: Kind
    lines: tuple[str, ...]

    def html(self) -> Markup:
        """The block as HTML on one line; jinja2 has escaped every value in it."""
        match self.kind:
            case "heading":
                text = f"<h2>{self.lines[0]}</h2>"
            case "list":
                text = "<ul>" + "".join(f"<li>{line}</li>" for line in self.lines) + "</ul>"
            case "paragraph":
                text = f"<p>{'<br>'.join(self.lines)}</p>"
            case _:
                around = "blockquote" if self.kind == "quote" else "div"
                inside = BLANK_LINES.sub("</p><p>", "<br>".join(self.lines))
                text = f"<{around}><p>{inside}</p></{around}>"
        return Markup(text)  # noqa: S704 - the lines are a rendered template's, whose values are escaped

    def plain(self) -> str:
        """The block as plain text, paragraphs unwrapped, without a line end after it."""
        lines = [html.unescape(TAG.sub("", line)) for line in self.lines]
        match self.kind:
            case "heading":
                lines = [lines[0].upper()]
            case "list":
                lines = [f"- {line}" for line in lines]
            case "quote":
                lines = [f"> {line}".rstrip() for line in lines]
        return "\n".join(lines)


def blocks(rendered: str) -> list[Block]:
    """A rendered template in blocks: each heading, quotation or text alone; a list; a paragraph's lines."""
    found: list[Block] = []
    last: Kind | None = None
    for line in rendered.split("\n"):
        kind = _kind(line)
        if kind is not None:
            joins = kind == last and kind in ("list", "paragraph")
            before = found.pop().lines if joins else ()
            found.append(Block(kind, (*before, *_content(kind, line))))
        last = kind
    return found


def _kind(line: str) -> Kind | None:
    """The kind of block that a rendered line begins or continues; None for a blank one."""
    if not line.strip():
        return None
    return next((kind for tag, kind in KINDS.items() if line.startswith(tag)), "paragraph")


def _content(kind: Kind, line: str) -> list[str]:
    """The line, or the lines of a quoted text, without the tag around them."""
    if kind == "paragraph":
        return [line]
    inside = line.partition(">")[2].rpartition("</")[0]
    return inside.split("<br>") if kind in ("quote", "text") else [inside]
