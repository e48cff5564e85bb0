"""A mail's paragraphs as they travel, and the page around them: each line is encoded by itself (RFC 2045 §6.7).

So what stands in every mail (the page's style, the signature, what a template says without a value) is made HTML
and encoded once, not once a mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment, nodes
from markupsafe import escape

from daemon.mailout.markup import BLOCK, LINK, QUOTE, to_html, to_plain
from daemon.mailout.mime import quoted_printable

TITLE, BODY = "\x11", "\x12"
"""Where the title and the paragraphs come in a page; no text of ours has control characters when it gets there."""
MARKED_LINE = re.compile(f"(?m)(^.*[{TITLE}{BODY}].*$\n?)")

LONGEST_KEPT = 1000
"""Characters up to which a paragraph is remembered: the longest of the templates' own have 700."""


class Paragraph(NamedTuple):
    """A paragraph in quoted-printable, each with the CRLF that ends its last line."""

    plain: bytes
    html: bytes


def paragraph(group: str) -> Paragraph:
    """A paragraph from lines that belong together (:func:`daemon.mailout.markup.groups`)."""
    # Somebody's own words, and links with this mail's tag in them, do not come again.
    once = len(group) > LONGEST_KEPT or group[0] in (QUOTE, BLOCK) or LINK in group
    return _made(group) if once else _kept(group)


def _made(group: str) -> Paragraph:
    return Paragraph(quoted_printable(to_plain(group) + "\n"), quoted_printable(to_html(group) + "\n"))


_kept = lru_cache(maxsize=300)(_made)


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
