"""Which leaves are the text a person reads, and which are attached: the algorithm of RFC 8621 §4.1.4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from daemon.parsing.leaves import Leaf, children_of
from daemon.parsing.repairs import Part

_MEDIA = ("image/", "audio/", "video/")


@dataclass(slots=True)
class Body:
    """The leaves that make the text, those that make the HTML view, and the rest."""

    text: list[Leaf] = field(default_factory=list)
    html: list[Leaf] = field(default_factory=list)
    attached: list[Leaf] = field(default_factory=list)


def _inline(leaf: Leaf, first: bool, parent: str) -> bool:
    if leaf.disposition == "attachment":
        return False
    is_media = leaf.type.startswith(_MEDIA)
    readable = leaf.type in ("text/plain", "text/html") or is_media
    return readable and (first or (parent != "related" and (is_media or not leaf.name)))


class _Chooser:
    """One walk over the tree; a list that is None in an alternative takes nothing more there."""

    def __init__(self, leaves: Mapping[int, Leaf]) -> None:
        self.leaves = leaves
        self.body = Body()

    def walk(self, parts: list[Part], parent: str, text: bool, html: bool, alternative: bool) -> None:
        start = len(self.body.text), len(self.body.html)
        for index, part in enumerate(parts):
            leaf = self.leaves.get(id(part))
            if leaf is None:
                kind = part.get_content_subtype()
                self.walk(children_of(part) or [], kind, text, html, alternative or kind == "alternative")
                continue
            if not _inline(leaf, index == 0, parent):
                self.body.attached.append(leaf)
            elif parent == "alternative":
                self._choice(leaf)
            else:
                text, html = self._sequence(leaf, text, html, alternative)
        if parent == "alternative" and text and html:
            self._fill(*start)

    def _choice(self, leaf: Leaf) -> None:
        target = {"text/plain": self.body.text, "text/html": self.body.html}.get(leaf.type, self.body.attached)
        target.append(leaf)

    def _sequence(self, leaf: Leaf, text: bool, html: bool, alternative: bool) -> tuple[bool, bool]:
        if alternative:
            html = html and leaf.type != "text/plain"
            text = text and leaf.type != "text/html"
        if text:
            self.body.text.append(leaf)
        if html:
            self.body.html.append(leaf)
        if leaf.type.startswith(_MEDIA):
            self.body.attached.append(leaf)
        return text, html

    def _fill(self, text_start: int, html_start: int) -> None:
        """An alternative that offers one form only serves both views."""
        body = self.body
        if len(body.text) == text_start and len(body.html) != html_start:
            body.text += body.html[html_start:]
        elif len(body.html) == html_start and len(body.text) != text_start:
            body.html += body.text[text_start:]


def choose(message: Part, leaves: list[Leaf]) -> Body:
    """The body of a message out of its leaves (:func:`~daemon.parsing.leaves.leaves` of the same message)."""
    chooser = _Chooser({id(leaf.part): leaf for leaf in leaves})
    chooser.walk([message], "mixed", text=True, html=True, alternative=False)
    body = chooser.body
    body.text = [leaf for leaf in body.text if leaf.type.startswith("text/")]
    body.html = [leaf for leaf in body.html if leaf.type == "text/html"]
    return body
