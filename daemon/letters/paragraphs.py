"""A mail's paragraphs as they travel, and the page around them: each line is encoded by itself (RFC 2045 §6.7).

So what stands in every mail (the page's style, the signature, what a template says without a value) is made HTML
and encoded once, not once a mail; what has the mail's own number in it, once with holes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment, nodes
from markupsafe import escape

from daemon.letters.filters import BLOCK, HEADING, LINK, QUOTE, groups, to_html, to_plain
from daemon.letters.holes import ADDRESS, Holed, Own, with_holes
from daemon.letters.mime import quoted_printable

TITLE, BODY = "\x11", "\x12"
"""Where the title and the paragraphs come in a page; no text of ours has control characters when it gets there."""
MARKED_LINE = re.compile(f"(?m)(^.*[{TITLE}{BODY}].*$\n?)")

LONGEST_KEPT = 1000
"""Characters up to which a paragraph is remembered: the longest of the templates' own have 700."""
LONGEST_HOLED = 3000
"""The same with holes: a list of prepared answers."""


class Paragraph(NamedTuple):
    """A paragraph in quoted-printable, each with the CRLF that ends its last line."""

    plain: bytes
    html: bytes


NOBODYS = Own()


def paragraphs(marked: str, own: Own = NOBODYS) -> list[Paragraph]:
    """A text with its marks (:mod:`daemon.letters.filters`) in paragraphs; ``own`` is what the mail alone has."""
    return [_linked(group, own) if LINK in group else _plainly(group) for group in groups(marked)]


def _plainly(group: str) -> Paragraph:
    # Somebody's own words do not come again.
    return _made(group) if len(group) > LONGEST_KEPT or group[0] in (QUOTE, BLOCK) else _kept(group)


def _linked(group: str, own: Own) -> Paragraph:
    """A paragraph with links: prepared answers are the same from mail to mail but for its number and address."""
    holed = own.marked(group)
    if ADDRESS not in holed or len(group) > LONGEST_HOLED or group[0] in (QUOTE, BLOCK, HEADING):
        return _made(group)  # a heading's would be written in capitals
    return _repeated(holed, len(own.number), len(own.address)).closed(own)


def _made(group: str) -> Paragraph:
    return Paragraph(_plain(group), _html(group))


def _plain(group: str) -> bytes:
    return quoted_printable(to_plain(group) + "\n")


def _html(group: str) -> bytes:
    return quoted_printable(to_html(group) + "\n")


_kept = lru_cache(maxsize=300)(_made)


class Repeated:
    """A paragraph with marks for numbers and addresses of some lengths, encoded when it is met again."""

    __slots__ = ("_holed", "_lengths", "_marked", "_met")

    def __init__(self, marked: str, number: int, address: int) -> None:
        self._marked = marked
        self._lengths = number, address
        self._met = False  # it may hold somebody's words and never come again
        self._holed: tuple[Holed, Holed] | None = None

    def closed(self, own: Own) -> Paragraph:
        """The paragraph of one mail."""
        if not self._met:
            self._met = True
            return _made(own.filled(self._marked))
        if self._holed is None:
            of = self._lengths
            self._holed = with_holes(self._marked, _plain, *of), with_holes(self._marked, _html, *of)
        plain, html = (one.closed(own) for one in self._holed)
        # "From " at the beginning of a line is written otherwise, and the number could make one.
        return _made(own.filled(self._marked)) if b"From " in plain or b"From " in html else Paragraph(plain, html)


_repeated = lru_cache(maxsize=100)(Repeated)


class Page:
    """The HTML page that mails are put into."""

    def __init__(self, environment: Environment, name: str, source: str) -> None:
        """Raises jinja2's ``TemplateError`` when the template is missing or wrong."""
        self._template = environment.get_template(name)
        self._lines = self._cut(TITLE) if _only_prints(environment.parse(source)) else None

    def around(self, title: str, paragraphs: Iterable[Paragraph]) -> bytes:
        """The whole page in quoted-printable; ``title`` is one clean line."""
        shown = str(escape(title))
        done: list[bytes] = []
        for fixed, line in self._lines or self._cut(title):
            done.append(fixed)
            if line.strip() == BODY:
                done.extend([one.html for one in paragraphs])
            else:
                done.append(quoted_printable(line.replace(TITLE, shown)))
        return b"".join(done)

    def _cut(self, title: str) -> list[tuple[bytes, str]]:
        """The page in pieces: lines that are encoded for good, then one that changes ("" at the end)."""
        page = self._template.render(title=title, body=BODY)
        if f"\n{BODY}\n" not in page:
            page = page.replace(BODY, f"\n{BODY}\n")
        pieces = [*MARKED_LINE.split(page), ""]
        return [(quoted_printable(fixed), line) for fixed, line in zip(pieces[::2], pieces[1::2], strict=True)]


def _only_prints(page: nodes.Template) -> bool:
    """True for a layout that only prints what it is given, so that one rendering around marks does for all mails."""
    printed = (one for node in page.body for one in (node.nodes if isinstance(node, nodes.Output) else (None,)))
    return all(isinstance(one, nodes.TemplateData | nodes.Name) for one in printed)
