"""HTML to text, and the character set that HTML declares for itself."""

from __future__ import annotations

import re
from html import unescape

from inscriptis import get_text  # type: ignore[import-untyped]
from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]

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
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"])


def html_of(raw: bytes, charset: str) -> str:
    """The HTML as text; where no character set is declared in the header, its own ``meta`` is believed."""
    found = _META.search(raw[:4096])
    return decode(raw, charset or (found[1].decode("ascii") if found else ""))


def text_of(html: str) -> str:
    """What a person sees of the HTML: blocks on lines of their own, cells apart, hidden and script text left out."""
    try:
        text = str(get_text(html, _CONFIG))
    except Exception:
        text = ""
    return text if text.strip() else _crude(html)


def _cut(html: str, start: str, end: str) -> str:
    """The HTML without what stands between two marks, in linear time; an unclosed one is left."""
    lower = html.lower()
    kept: list[str] = []
    at = 0
    while (found := lower.find(start, at)) >= 0 and (close := lower.find(end, found)) >= 0:
        kept.append(html[at:found])
        at = close + len(end)
    return "".join(kept) + html[at:]


def _crude(html: str) -> str:
    """Tags cut out: for HTML that is too broken or too deep for the library."""
    html = html[:200_000]
    for start, end in _UNSEEN:
        html = _cut(html, start, end)
    return unescape(_TAG.sub(" ", html))
