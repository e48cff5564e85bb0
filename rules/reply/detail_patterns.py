"""Patterns of what stands around a document's number, a signer's name, an act and a reason.

Their words are in [documents], [titles], [acts] and [reasons] of ``verbs.toml``, in lists parted by commas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text import strip_marks
from rules.text.patterns import one_of_list
from rules.values.data_file import SOURCES_KEPT, Source

_SIGN = r"[A-ZĐĂÂÊÔƠƯ][A-ZĐĂÂÊÔƠƯa-zđ0-9&]{0,11}"
_SIGNS = rf"(?:20\d\d\s*/\s*)?{_SIGN}(?:\s?[-.–&]\s?{_SIGN}){{0,3}}"
"""``SXD-QLN``, ``2026/SXD``: what stands behind a document's number (Decree 30/2020/NĐ-CP)."""
NUMBER = rf"(\d{{1,6}})\s*/\s*({_SIGNS})"


@dataclass(frozen=True, slots=True)
class DetailPatterns:
    """Groups 1 and 2 of ``said`` are a document's number and signs; group 1 of ``label`` is the signer."""

    said: re.Pattern[str]
    """A document's number behind the name of its kind."""
    cited: re.Pattern[str]
    """The end of the words before the number of a document that is only referred to."""
    sent: re.Pattern[str]
    """The end of the words before the number of a letter that was sent to another body."""
    answered: re.Pattern[str]
    """The words behind the number of an answer."""
    label: re.Pattern[str]
    skipped: re.Pattern[str]
    """A line between a title and the name of who holds it."""
    greets: re.Pattern[str]
    """A line before the act, in lower-case text without diacritics."""
    numbered: re.Pattern[str]
    """What is left of "Câu hỏi HP-…:" without the number, at the head of a line."""
    before_act: str
    after_act: str
    """Patterns of words around an act, in text without diacritics."""
    why: re.Pattern[str]
    then: re.Pattern[str]
    """What follows from the reason, in the same sentence."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_detail_patterns(source: Source = DEFAULT) -> DetailPatterns:
    """Compile the patterns. Raises ``DataFileError``."""
    data = source.toml("verbs.toml")
    document, signer, act, reason = (
        {key: one_of_list(words) for key, words in data[part].items() if isinstance(words, str)}
        for part in ("documents", "titles", "acts", "reasons")
    )
    bare = {key: one_of_list(strip_marks(words)) for key, words in data["acts"].items() if isinstance(words, str)}
    hello = one_of_list(strip_marks(f"{data['lines']['hellos']}, {data['acts']['greets']}"))
    return DetailPatterns(
        said=_compiled(
            rf"{document['kinds']}(?:\s+{document['answers']})?\s*(?:{document['numbered']})?\s*[:.]?\s*(?-i:{NUMBER})"
        ),
        cited=_compiled(rf"{document['cites']}[\s:]*(?:{document['contents']}\s*)?$"),
        sent=_compiled(rf"{document['has']}(?: {document['sends']})?\s*$"),
        answered=_compiled(rf"[^.;\n]{{0,60}}{document['answers']}"),
        label=_compiled(rf"^\W{{0,4}}{signer['labels']}\s*:?\s*(.{{3,120}})$"),
        skipped=_compiled(rf"{signer['passed_over']}|\(.*\)"),
        greets=re.compile(rf"{hello}\b"),
        numbered=_compiled(rf"^\W*(?:{act['numbered']})?\s*:?\s*(?=\S)"),
        before_act=rf"(?:{bare['before']} )*",
        after_act=rf"\s*(?:{bare['after']})?\s*[.!]?\s*$",
        why=_compiled(rf"\b{reason['begins']}\b\s*:?\s*(?P<why>[^.;!?\n]{{8,200}})"),
        then=_compiled(rf",?\s*(?:{reason['so']})?\s*,\s*{reason['speakers']}\b.*"),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
