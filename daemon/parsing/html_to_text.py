"""HTML to text, and the character set that HTML declares for itself. lxml parses; the layout is done here.

Libraries that do all of it were tried: inscriptis sets the cells of a layout table side by side line by line and
glues a table to the text before it; html2text writes Markdown signs into a citizen's words. A mail needs less: blocks
on lines of their own, cells apart, numbered lists numbered, quotes marked, hidden and crossed out text left out.
"""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from rules.text import decode

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]{1,40})", re.IGNORECASE)
_UNSEEN = (
    ("<!--", "-->"),
    ("<script", "</script"),
    ("<style", "</style"),
    ("<head>", "</head"),
    ("<title", "</title"),
)
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?<![\w-])(?:font-size|opacity)\s*:\s*(?:0++(?:\.0++)?+|\.0++)(?![\d.])",
    re.IGNORECASE,
)
"""Styles that hide the words. No run of zeros is tried twice, because a style may be as long as a mail."""
_CROSSED_OUT = re.compile(
    r"text-decoration(?:-line)?\s{0,9}:[^;]{0,60}line-through|text-line-through\s{0,9}:(?!\s{0,9}none)", re.IGNORECASE
)
"""Styles that cross the words out; the second is Word's."""
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SKIPPED = frozenset({"script", "style", "head", "title", "template", "svg", "math", "object", "applet", "iframe"})
_STRUCK = frozenset({"s", "strike", "del"})
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "blockquote", "pre"})
"""Blocks with an empty line around them."""
_BLOCK_NAMES = (
    "address article aside body caption center dd details div dt fieldset figcaption figure footer form header hr "
    "html legend li main nav section summary tbody tfoot thead tr"
)
_BLOCKS = _APART | frozenset(_BLOCK_NAMES.split())
_MAX_QUOTES = 10
_MAX_ATTRIBUTES = 1_000
"""Most attributes of one tag: the library compares each with every other."""
_ATTRIBUTE = r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>]*+))?+"
_OPENING = re.compile(rf"<[A-Za-z](?:{_ATTRIBUTE})*+")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_MAX_STEPS = 120_000
"""Most tags that are visited: more than any letter has, and less than two seconds."""


def html_of(raw: bytes, charset: str) -> str:
    """The HTML as text; where the header declares no character set, the HTML's own ``meta`` is believed."""
    match = _META.search(raw[:4096])
    return decode(raw, charset or (match[1].decode("ascii") if match else ""))


class _Page:
    """The text written so far; spaces and line ends are held back until the next word comes."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.ends = 0
        self.space = ""
        self.quotes = 0
        self.lists: list[int] = []
        self.crossed_out = False

    def line(self, ends: int = 1) -> None:
        """Put at least so many line ends before the next word."""
        self.ends = max(self.ends, ends)
        self.space = ""

    def write(self, text: str) -> None:
        """Write words, with each run of white space between them as one space."""
        if not text:
            return  # half of all tags have no text in them or after them
        text = _SPACE.sub(" ", text)
        word = text.strip(" ")
        if text.startswith(" ") and not self.space:
            self.space = " "
        if word:
            self._begin()
            self.pieces.append(word)
            self.space = " " if text.endswith(" ") else ""

    def lines(self, text: str) -> None:
        """Write preformatted text, its lines as they are."""
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
            if number:
                self.ends += 1
            if line.strip():
                self._begin()
                self.pieces.append(line)

    def _begin(self) -> None:
        if self.ends and self.pieces:
            self.pieces.append(("\n" + "> " * self.quotes) * min(self.ends, 3))
        elif self.space and self.pieces:
            self.pieces.append(self.space)
        elif not self.pieces:
            self.pieces.append("> " * self.quotes)
        self.ends, self.space = 0, ""


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None


def _is_crossed_out(element: etree._Element) -> bool:
    """True for what its writer took back: whoever reads the mail does not take it for said."""
    style = element.get("style")
    return element.tag in _STRUCK or bool(style and _CROSSED_OUT.search(style))


def _is_quote(element: etree._Element) -> bool:
    """True for a quoted mail, not for the writer's own indented words."""
    return element.tag == "blockquote" and (element.get("type") == "cite" or "quote" in (element.get("class") or ""))


def _start(page: _Page, element: etree._Element, tag: str) -> None:
    if tag == "br":
        page.ends += 1
        page.space = ""
    elif tag in _BLOCKS:
        page.line(2 if tag in _APART and "MsoNormal" not in (element.get("class") or "") else 1)
    elif tag in ("td", "th") and element.getprevious() is not None and not page.ends:
        page.space = "  "
    if _is_quote(element):
        page.quotes = min(page.quotes + 1, _MAX_QUOTES)
    if tag in ("ol", "ul"):
        page.lists.append(_number(element.get("start"), 1) if tag == "ol" else 0)
    if tag == "li":
        page.write(_bullet(page, element))
        page.space = " "


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else default


def _bullet(page: _Page, element: etree._Element) -> str:
    """``1.`` in a numbered list, ``-`` in another."""
    if not page.lists or not page.lists[-1]:
        return "-"
    number = _number(element.get("value"), page.lists[-1])
    page.lists[-1] = number + 1
    return f"{number}."


def _end(page: _Page, element: etree._Element, tag: str) -> None:
    if _is_quote(element):
        page.quotes = max(page.quotes - 1, 0)
    if tag in ("ol", "ul") and page.lists:
        page.lists.pop()
    if tag in _BLOCKS:
        page.line(2 if tag in _APART and "MsoNormal" not in (element.get("class") or "") else 1)


def _laid_out(root: etree._Element) -> tuple[str, bool]:
    """The text that is seen, and whether any is crossed out."""
    page = _Page()
    walk = etree.iterwalk(root, events=("start", "end"))
    pre = 0
    for step, (event, element) in enumerate(walk):
        if step > _MAX_STEPS:
            break
        tag = element.tag if isinstance(element.tag, str) else ""
        crossed_out = bool(tag) and _is_crossed_out(element)
        page.crossed_out |= crossed_out
        skipped = not tag or tag in _SKIPPED or crossed_out or _is_hidden(element)
        if event == "start":
            if skipped:
                walk.skip_subtree()
                if tag in _BLOCKS:
                    page.line()
                continue
            _start(page, element, tag)
            pre += tag == "pre"
            (page.lines if pre else page.write)(element.text or "")
            continue
        if event == "end" and not skipped:
            _end(page, element, tag)
            pre -= tag == "pre"
        (page.lines if pre else page.write)(element.tail or "")
    return "".join(page.pieces), page.crossed_out


def text_of(html: str, *, hidden_too: bool = True) -> str:
    """The text that a person sees in the HTML; a crude reading where it is too broken or deep for lxml. Never raises.

    Where all words are hidden, the hidden ones are read, unless ``hidden_too`` is False; crossed out ones never are.
    """
    if _is_overloaded(html):
        return _crude(html)
    try:
        parser = etree.HTMLParser(
            encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
        )  # a walk over many of these in a row costs quadratic time
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
        text, crossed_out = _laid_out(root) if root is not None else ("", False)
    except Exception:
        return _crude(html)
    return text if text.strip() or crossed_out or not hidden_too else _crude(html)


def _is_overloaded(html: str) -> bool:
    """True when any tag has more attributes than a mail program ever writes."""
    if len(html) < 4 * _MAX_ATTRIBUTES:
        return False
    tags = (tag.group() for tag in _OPENING.finditer(html))
    return any(len(tag) > 3 * _MAX_ATTRIBUTES and len(_ATTRIBUTES.findall(tag)) > _MAX_ATTRIBUTES for tag in tags)


def _cut(html: str, start: str, end: str) -> str:
    """The HTML without the text between two marks, in linear time; an unclosed mark is left."""
    lower = html.lower()
    kept: list[str] = []
    at = 0
    while (found := lower.find(start, at)) >= 0 and (close := lower.find(end, found)) >= 0:
        kept.append(html[at:found])
        at = close + len(end)
    return "".join(kept) + html[at:]


def _crude(html: str) -> str:
    """The text with all tags cut out, for HTML that is too broken or too deep for the library."""
    html = html[:200_000]
    for start, end in _UNSEEN:
        html = _cut(html, start, end)
    return unescape(_TAG.sub(" ", html))
