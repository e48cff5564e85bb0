"""Patterns of a reply's lines (greetings, heads of parts, letters to other bodies, gaps) and of its details: what
stands around a document's number, a signer's name, an act and a reason.

Their words are in ``verbs.toml``, in lists parted by commas: of lines in [lines], [parts], [letters] and [addressee],
of details in [documents], [titles], [acts] and [reasons].
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text import strip_marks
from rules.text.patterns import one_of_list
from rules.values.data_file import SOURCES_KEPT, Source

_NAME = r"[^\W\d_]+(?: [^\W\d_]+){0,4}"
_ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "đầu tiên": 1}
_CARDINALS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8}
WORDED = {
    form: number
    for words in ({f"thứ {word}": n for word, n in _ORDINALS.items()}, {"đầu tiên": 1}, _CARDINALS)
    for word, number in words.items()
    for form in (word, strip_marks(word))
}
"""The numbers of the points of a list, in words."""
_ENDS = r"(?=[ *_]{0,3}(?:[:.)\-–,]|\(|$))"
_NUMBERED = rf"\d{{1,2}}(?![\w/.-]*\d)|(?:thứ|thu) \w+|đầu tiên|dau tien|(?:{'|'.join(WORDED)}){_ENDS}"
_DOTS = r"(?<=[\s/])(?:\.{3}|…)(?=[\s/,])[^\n]{1,80}?[\s/](?:\.{3}|…)(?=[\s/,.)])"
"""Dots among words count only from two on ("số nhà ... đến ... m")."""


@dataclass(frozen=True, slots=True)
class LinePatterns:
    """Group 1 of ``head`` is a person's name."""

    greeting: re.Pattern[str]
    """A line that only greets, and ends in a comma."""
    hello: re.Pattern[str]
    """A greeting before the first words of a paragraph."""
    abbreviated: re.Pattern[str]
    """The end of a text whose full stop ends no sentence."""
    head: re.Pattern[str]
    """The head of the part for one of several people."""
    letter: re.Pattern[str]
    """The address line of a letter to a body other than the Editorial Board, in text without diacritics."""
    point: re.Pattern[str]
    """The head of a point of a list; group 1 is its number, in figures or words."""
    alike: re.Pattern[str]
    """Words that say that several questions share one answer: its points then do not belong to one each."""
    continues: re.Pattern[str]
    """The beginning of a text that goes on from a letter before it."""
    leads: re.Pattern[str]
    """All that stands before a register number at the head of a line."""
    joins: re.Pattern[str]
    """All that stands between two register numbers in a row that head one answer."""
    numbered: re.Pattern[str]
    """What is behind a register number that heads its sentence: a colon, a dash, "của bà Bình:", "trả lời:"."""
    placeholder: re.Pattern[str]
    """Something still to be filled in, in lower-case text."""
    paper_number: re.Pattern[str]
    """The line of an official document's number."""
    paper_to: re.Pattern[str]
    """The line by which its text begins."""
    to_board: re.Pattern[str]
    """A line that greets the Editorial Board and says no more."""
    repeated: re.Pattern[str]
    """What was asked, repeated in a row or a wrapped paragraph above the row that answers it."""
    closing: re.Pattern[str]
    """A line by which a mail ends."""
    cover: re.Pattern[str]
    """A whole text that only sends a paper along, without diacritics."""
    below: re.Pattern[str]
    """That the answer stands below, without diacritics ("chữ màu đỏ")."""
    beside_below: frozenset[str]
    """The words, without diacritics, of a text that says no more than that."""
    identity: re.Pattern[str]
    """A person's number: of twelve figures, or of nine behind its name."""
    mobile: re.Pattern[str]
    """A number of a mobile telephone: a person's, as those of desks mostly are not."""
    paper_foot: re.Pattern[str]
    """The first line below its text: for whom it is signed, or who gets copies."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_line_patterns(source: Source = DEFAULT) -> LinePatterns:
    """Compile the patterns. Raises ``DataFileError``."""
    data = source.toml("verbs.toml")
    said, to = ({key: one_of_list(words) for key, words in data[part].items()} for part in ("lines", "addressee"))
    who = rf"{to['elders']}\s+({_NAME})"
    return LinePatterns(
        greeting=_compiled(rf"^\W*{said['greetings']}\b[^.:]{{0,90}},$"),
        hello=_compiled(rf"^\W*{said['hellos']}\b[^,:.]{{0,60}}[,:] +"),
        abbreviated=re.compile(rf"\b(?:{said['abbreviations']}|[A-ZĐ])\.$"),
        head=_compiled(
            rf"^[^\w\n]*(?:\d{{1,2}}[.)]\s*)?{said['parts']}\s+(?:{said['part_roles']}\s+)?{who}\s*:", re.MULTILINE
        ),
        letter=_letter(data["letters"]),
        **_of_parts(data["parts"]),
        paper_number=_compiled(rf"^\W*{said['paper_number']}\s*[:.]?\s*\d*\s*/|^\W*{said['paper_number']}\s*:"),
        paper_to=_compiled(rf"^\W*{said['paper_to']}\b"),
        to_board=_compiled(
            rf"^\W*{said['hellos']}\s*:?\s*(?:\S+\s+){{0,3}}?{said['us']}(?!\w)(?:\s*[^\s.?!:]+){{0,8}}\W*$"
        ),
        repeated=_compiled(
            rf"^[^\w\n]*+(?:\d{{1,2}}[.)] ?)?{said['asked']} ?\d*:[^\n]*+\n"
            rf"(?:(?![^\w\n]*+(?:{said['asked']}|{said['replied']}) ?\d*\s?:)[^\S\n]*+\S[^\n]*+\n){{0,12}}+"
            rf"\s*+(?=[^\w\n]*+{said['replied']} ?\d*\s?:)",
            re.MULTILINE,
        ),
        closing=_compiled(rf"^\W*{said['closings']}\W*$"),
        cover=_compiled(rf"(?:\W*{one_of_list(strip_marks(data['lines']['cover']))}(?!\w))+\W*$"),
        below=re.compile(rf"(?<!\w){one_of_list(strip_marks(data['lines']['below']))}(?!\w)"),
        beside_below=_beside_below(data["lines"]),
        identity=_compiled(
            r"(?<![\w.,/-])0\d\d([ .]?)\d{3}\1\d{3}\1\d{3}(?![\d/])"
            rf"|\b{said['identity']}\W{{0,3}}(?:{said['paper_number']}\W{{0,3}})?\d{{9}}(?!\d)"
        ),
        mobile=re.compile(r"(?<![\w.,/])(?:\+?84|0)[ .-]?[35789]\d(?:[ .-]?\d){7}(?!\d)"),
        paper_foot=_compiled(rf"^\W*(?:{said['paper_foot']}\s*:|{said['paper_for']}\.\s*\S)"),
        placeholder=re.compile(
            rf"\[\s*(?:{said['placeholders']}|…|\.\.\.)[^\]]{{0,60}}\]|…{{2,}}|\.{{5,}}(?!\.*\s*\d)|_{{5,}}"
            rf"|\bx{{2,}}(?:/[\dx]|\s{said['placeholder_measures']}\b)|{_DOTS}"
        ),
    )


def _of_parts(words: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """The patterns of a mail that answers several questions, by their names in :class:`LinePatterns`."""
    of = {key: one_of_list(listed) for key, listed in words.items()}
    keys = ("number_verbs", "number_joins", "number_things")
    answering, joining, things = (one_of_list(f"{words[key]}, {strip_marks(words[key])}") for key in keys)
    return {
        "point": _compiled(
            r"^[ \t*\-+•_#>]{0,6}(?:(?:[a-hđ]|[IVX]{1,4}|\d{1,2})[.)/][ ]?)?"
            rf"(?:{of['before']}[ ]+){{0,3}}{of['things']}[ ]+(?:{of['asked']}[ ]+)?(?:{of['numbered']}[ ]+)?"
            rf"({_NUMBERED})(?!\w)",
            re.MULTILINE,
        ),
        "alike": _compiled(rf"{of['alike']}(?: {of['alike_between']})*[ ]{of['alike_things']}"),
        "continues": _compiled(rf"[\s\S]{{0,160}}?(?<!\w)(?:{of['continues']}|{strip_marks(of['continues'])})(?!\w)"),
        "joins": _compiled(rf" ?(?:[,;&+]|{joining}(?!\w))(?:[ ,\[\]()]|(?:{joining}|{things})(?!\w))*"),
        "numbered": _compiled(
            rf"[\])\s*_]*(?:[:–—-](?:\s|$)|\s(?:của|cua)\s[^.;:,\n]{{2,40}}:"
            rf"|\s(?:xin\s)?{answering}[^.;:,\n]{{0,20}}:)"
        ),
        "leads": _compiled(rf"(?:[-+*•#]|\d{{1,2}}[.)]|\d{{1,3}}(?:[ ]{{2}}|\t)|{of['leads']}|\[|\(|:|\s)*$"),
    }


def _beside_below(words: Mapping[str, str]) -> frozenset[str]:
    """The words of "Sở trả lời bên dưới, chữ màu đỏ". They stand in no pattern: the phrases are made of them, and a
    text of such words would keep one busy for minutes."""
    text = strip_marks(", ".join(words[key] for key in ("cover", "below", "below_words")))
    return frozenset(re.findall(r"\w+", text))


def _letter(words: Mapping[str, str]) -> re.Pattern[str]:
    """ "Kính gửi: UBND phường …", "Kính trình đồng chí Giám đốc", "Gửi các phòng: …", without diacritics.

    What looks like "Sở" in "Trả lời số HP-2026-000123: …" is "số".
    """
    of = {key: one_of_list(strip_marks(listed)) for key, listed in words.items()}
    text = rf"{of['kinds']} [^\n.;:,]{{2,60}} {of['answers']}(?= [^\n.;,]{{2,90}}{of['follows']})"
    return re.compile(
        rf"^[^\w\n]*(?:{of['begins']}|{of['plainly']}(?= [^\n.;]{{2,90}}[,:(\n])|{text})\s*:?[\s-]*"
        rf"(?:{of['bodies']}|{of['kinds']} (?!\S*\d{{2}})|(?:{of['comrades']} )?(?:{of['deputies']} )?{of['posts']}|"
        rf"{of['honoured']} (?!{of['not_honoured']}(?!\w))|{of['several']} (?!{of['not_several']}(?!\w))|{of['all']})"
        rf"(?![^\n]*{of['ours']})",
        re.MULTILINE,
    )


@dataclass(frozen=True, slots=True)
class NumberPatterns:
    """What stands around a register number, in text as :func:`rules.text.squash` leaves it."""

    things: re.Pattern[str]
    """The end of the text before a number: what it numbers."""
    verb_at_end: re.Pattern[str]
    of_at_end: re.Pattern[str]
    refers_at_end: re.Pattern[str]
    refers: re.Pattern[str]
    plain: re.Pattern[str]
    """A text of nothing but words that say nothing of their own."""
    joined: re.Pattern[str]
    """All that stands between two numbers of an enumeration."""
    bullet: re.Pattern[str]
    goes_on: re.Pattern[str]
    """Words behind a number that heads nothing: "HP-… cũng vậy"."""
    denied: re.Pattern[str]
    """The end of the text before a number that is not meant: "không phải"."""
    instead: re.Pattern[str]
    """All that stands between such a number and the one that is meant: "mà là"."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_number_patterns(source: Source = DEFAULT) -> NumberPatterns:
    """Compile the words of [parts] that begin with "number". Raises ``DataFileError``."""
    data = source.toml("verbs.toml")["parts"]
    of = {key: one_of_list(f"{data[key]}, {strip_marks(data[key])}") for key in data if key.startswith("number_")}
    refers = rf"(?:{of['number_refers']}|{of['number_joins']})"
    return NumberPatterns(
        things=_compiled(rf"(?:(?<!\w){of['number_things']}(?!\w)|[\s:\[(#*_–—-])+$"),
        verb_at_end=_compiled(rf"(?<!\w){of['number_verbs']}$"),
        of_at_end=_compiled(rf"(?<!\w){of['number_of']}$"),
        refers_at_end=_compiled(rf"(?<!đối )(?<!doi )(?<!\w){refers}$"),
        refers=_compiled(rf"(?<!\w){refers}(?!\w)"),
        plain=_compiled(rf"(?:(?:{of['number_plain']})(?:[\s,]+|$))*"),
        joined=_compiled(rf"(?:\s|[,&+]|{of['number_joins']}(?!\w)|{of['number_things']}(?!\w)|[\[\]()])*"),
        bullet=re.compile(r"\d{1,2}|[a-hđ]"),
        goes_on=_compiled(rf"[\s\]),]*{of['number_goes_on']}(?!\w)"),
        denied=_compiled(rf"(?<!\w){of['number_denied']}$"),
        instead=_compiled(rf"[\s,;]*{of['number_instead']}(?:\s|{of['number_things']}(?!\w)|[\[(])*"),
    )


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
    ahead_act: str
    """A short sentence to the office, which is no act itself and goes to nobody else."""
    before_act: str
    after_act: str
    which_act: str
    """Patterns of words around an act, in text without diacritics; the last: which of several acts or letters."""
    why: re.Pattern[str]
    then: re.Pattern[str]
    """What follows from the reason, in the same sentence, or is only courtesy to the Board."""
    asks: re.Pattern[str]
    """Words that ask for time, in text as :func:`rules.text.squash` leaves it, …"""
    because: re.Pattern[str]
    """… and where what they ask for ends."""
    lane: re.Pattern[str]
    """The end of the words before the number of a house, which looks like a day."""


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
        ahead_act=rf"(?:(?![^:]*\b{bare['not_ahead']}\b)[^:]{{1,120}}[.;!]\s+)?",
        before_act=rf"(?:{bare['before']} )*",
        after_act=rf"\s*(?:{bare['after']})?\s*[.!]?\s*$",
        which_act=rf"(?:[\s(]+(?:{bare['which']}|[\d/.-]+(?![\w]))\)?){{0,8}}",
        why=_compiled(rf"\b{reason['begins']}\b\s*:?\s*(?P<why>[^.;!?\n]{{8,200}})"),
        then=_compiled(rf"(?:\s+{reason['politely']})+\s*$|,?\s*(?:{reason['so']})?\s*,\s*{reason['speakers']}\b.*"),
        asks=_compiled(rf"(?<!\w){reason['asks']}(?!\w)"),
        because=_compiled(rf"[;!?()]|[.,:–](?=\s|$)|(?<!\w)(?<!don ){reason['ends']}(?!\w)"),
        lane=_compiled(rf"(?<!\w){reason['lanes']}\s*$"),
    )


def _compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | flags)
