"""Turns a template's words into the content of a document.

A template in ``mail_templates/documents`` is lines of Vietnamese text. A mark at the start of a line tells the kind
of line; ``**…**`` is strong. All marks become control characters when the template is loaded, and every printed value
is cleaned of control characters, so a citizen's text can never make a heading, a table or a field.

======================  ===================================================================================
``!type KẾ HOẠCH``      the type; ``!code KH`` its abbreviation; ``!subject …`` what it is about
``!to …``               an addressee (``Kính gửi``); ``!copy …`` a line of ``Nơi nhận``
``!annex I | Title``    the annex begins: its label and its title
``~ Căn cứ …``          a ground
``# …``, ``## …``       headings; ``- …`` item of a list; ``> …`` somebody's own words; ``= …`` centred; ``^ …`` note
``@ name``              the blocks that the program made under that name: a table, a chart
======================  ===================================================================================

Also formats numbers, days and clauses as administrative documents do (Decree 30/2020/NĐ-CP, Annex I).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from daemon.documents.model import Annex, Block, Document, Paragraph, Run, Style, Table
from daemon.letters.filters import clause_short, short_date, vn_date
from rules.law.working_days import CITY_ZONE
from rules.text import clean

MARK, BOLD_ON, BOLD_OFF, BREAK = "\x01", "\x02", "\x03", "\x04"
STYLES = {
    "~": Style.GROUNDS,
    "#": Style.HEADING,
    "##": Style.SUBHEADING,
    "-": Style.ITEM,
    ">": Style.QUOTE,
    "=": Style.CENTRE,
    "^": Style.NOTE,
}
HEADS = ("type", "code", "subject", "to", "copy", "annex")
_LINE_MARK = re.compile(r"(?m)^(##?|[~\->=^@]|!(?:" + "|".join(HEADS) + r")) +")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(slots=True)
class Parts:
    """The content of a rendered template: one-line values by name, and blocks."""

    heads: dict[str, list[str]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    annexes: list[tuple[str, list[Block]]] = field(default_factory=list)

    def made_annexes(self) -> tuple[Annex, ...]:
        """The annexes with label, title (after ``|``) and blocks."""
        split = [(*head.partition("|"), blocks) for head, blocks in self.annexes]
        return tuple(Annex(label.strip(), title.strip(), tuple(blocks)) for label, _, title, blocks in split)

    def one(self, name: str) -> str:
        """The only value of a head, or "". Raises ValueError when there are two."""
        values = self.heads.get(name, [])
        if len(values) > 1:
            raise ValueError(f"!{name} stands twice")
        return values[0] if values else ""


def load_marks(source: str) -> str:
    """A template's source with its marks as control characters. Raises ValueError where it holds some already."""
    if _CONTROL.search(source):
        raise ValueError("a template holds a control character")
    marked = _LINE_MARK.sub(lambda match: f"{MARK}{match[1]}{MARK}", source)
    return re.sub(r"\*\*(.+?)\*\*", BOLD_ON + r"\1" + BOLD_OFF, marked)


def printed(value: object) -> str:
    """The printed form of a value: its clean text, line ends as breaks that stay within the marked line."""
    if value is None:
        raise ValueError("a template prints a value that is None")
    return clean(str(value)).strip().replace("\n", BREAK)


def read(rendered: str, made: Mapping[str, tuple[Block, ...]]) -> Parts:
    """The parts of a rendered template. Raises ValueError for a block that nobody made, or one left unused."""
    parts, unused = Parts(), set(made)
    into = parts.blocks
    for mark, text in _lines(rendered):
        if mark == "!annex":
            into = []
            parts.annexes.append((_plain(text), into))
        elif mark.startswith("!"):
            parts.heads.setdefault(mark[1:], []).append(_plain(text))
        elif mark == "@":
            if text not in made:
                raise ValueError(f"no block is called {text!r}")
            into.extend(made[text])
            unused.discard(text)
        else:
            into.extend(_paragraphs(STYLES.get(mark, Style.BODY), text))
    if unused:
        raise ValueError(f"the template leaves out {', '.join(sorted(unused))}")
    return parts


def _lines(rendered: str) -> Iterator[tuple[str, str]]:
    for line in rendered.split("\n"):
        if line.startswith(MARK):
            _, mark, text = line.split(MARK, 2)
            yield mark, text.strip()
        elif line.strip():
            yield "", line.strip()


def _plain(text: str) -> str:
    return " ".join(re.sub(f"[{BOLD_ON}{BOLD_OFF}{BREAK}]", " ", text).split())


def _paragraphs(style: Style, text: str) -> Iterator[Paragraph]:
    for line in text.split(BREAK):
        runs = tuple(_runs(line.strip()))
        if runs:
            yield Paragraph(style, runs)


def _runs(line: str) -> Iterator[Run]:
    bold = False
    for piece in re.split(f"([{BOLD_ON}{BOLD_OFF}])", line):
        if piece in (BOLD_ON, BOLD_OFF):
            bold = piece == BOLD_ON
        elif piece:
            yield Run(piece, bold)


ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
NONE = "-"
"""The content of an empty table cell."""


def day(value: date | None) -> str:
    """``05/01/2026``; a dash where there is none."""
    return NONE if value is None else short_date(value)


def weekday(value: date) -> str:
    """``thứ Năm, ngày 26/11/2026``."""
    return vn_date(value)


def long_day(value: date) -> str:
    """``ngày 05 tháng 01 năm 2026``."""
    own = city_date(value)
    month = f"{own.month:02d}" if own.month < 3 else str(own.month)
    return f"ngày {own.day:02d} tháng {month} năm {own.year}"


def clock(value: datetime) -> str:
    """``08 giờ 30`` by the city's clock."""
    local = value.astimezone(CITY_ZONE)
    return f"{local:%H} giờ {local:%M}"


def moment(value: datetime | None) -> str:
    """``08:30 05/01/2026`` by the city's clock, for table cells."""
    return NONE if value is None else f"{clock_digits(value)} {short_date(value)}"


def clock_digits(value: datetime) -> str:
    """``08:30`` by the city's clock."""
    return f"{value.astimezone(CITY_ZONE):%H:%M}"


def clause(value: str) -> str:
    """``10.1.g`` as ``điểm g khoản 1 Điều 10``. Raises ValueError for a value that is no clause id."""
    shown = clause_short(value)
    if not shown:
        raise ValueError(f"not a clause: {value!r}")
    return shown


def percent(part: int, whole: int) -> str:
    """``87,5%``; a dash where there is nothing to divide."""
    if whole == 0:
        return NONE
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"


def count(value: int) -> str:
    """``05``, ``12``, ``1.234``: below 10 with a leading 0, thousands with a point."""
    return f"{value:02d}" if 0 <= value < 10 else f"{value:,}".replace(",", ".")


def roman(value: int) -> str:
    """Roman numeral of 1 to 39, for sections."""
    if not 1 <= value < 40:
        return str(value)
    shown = ""
    for worth, sign in ROMAN:
        times, value = divmod(value, worth)
        shown += sign * times
    return shown


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest unchanged."""
    return text[:1].upper() + text[1:]


def lower_first(value: str) -> str:
    """The text in the form used within a sentence."""
    return value[:1].lower() + value[1:]


def city_date(value: date) -> date:
    """The day, in the city, of an instant, or the day itself."""
    return value.astimezone(CITY_ZONE).date() if isinstance(value, datetime) else value


def distinct(recipients: Iterable[str]) -> tuple[str, ...]:
    """The recipients without duplicates, ignoring remarks in brackets."""
    found: dict[str, str] = {}
    for line in recipients:
        found.setdefault(re.sub(r"\s*(\([^()]*\))?[;.]?$", "", line), line)
    return tuple(found.values())


def plain(document: Document) -> str:
    """The words of a document as the mail that asks for approval shows them."""
    if document.form is not None and document.form.own:
        return "\n\n".join(document.form.text.splitlines())
    lines = [document.title, *document.addressees]
    blocks = [*document.blocks, *(block for annex in document.annexes for block in annex.blocks)]
    for block in blocks:
        lines += _plain_lines(block)
    return "\n\n".join(line for line in lines if line.strip())


def _plain_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"- {block.text}" if block.style is Style.ITEM else block.text
    elif isinstance(block, Table):
        for row in block.rows:
            yield "; ".join(
                f"{column.title}: {cell}" for column, cell in zip(block.columns, row, strict=True) if cell.strip()
            )
