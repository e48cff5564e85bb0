"""The language of the templates: a small markup, and filters for the values.

A template is text in lines. It can mark ``## heading``, ``- item`` of a list, ``**strong**``, and through filters a
link, a quoted text and a block of text. The marks of a template become tags when it is *loaded*; every value that a
template prints is one clean line, and jinja2 escapes it. So a value can never make a heading, a link or anything
else: a line that begins with a tag comes from the template itself. The result has two forms, HTML and plain text.

Other filters write dates, clauses and forms of address as Vietnamese letters do.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from markupsafe import Markup, escape

from daemon.letters.views import QuestionView
from rules.decide.base.notices import NO_SUBJECT
from rules.law import working_days
from rules.text import clean, clean_line
from rules.values.model import CountedDate, RequesterKind

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


CLAUSE = re.compile(r"(\d{1,2})(?:\.(\d{1,2}))?(?:\.([a-zđ]))?")

MISSING = {
    RequesterKind.INDIVIDUAL: {"name": "họ và tên", "address": "địa chỉ thường trú", "phone": "số điện thoại"},
    RequesterKind.ORGANISATION: {
        "name": "tên cơ quan, tổ chức, doanh nghiệp",
        "address": "địa chỉ trụ sở",
        "phone": "số điện thoại",
    },
}
"""The words of clause 21.1 for name, address and phone of :class:`rules.values.model.Requester`."""

REMARK = re.compile(r"\s*\([^()]*\)$")
PERSON = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’-])*(?: [^\W\d_](?:[^\W\d_]|[.'’-])*){0,7}")
BODY = re.compile(
    r"(công ty|doanh nghiệp|hợp tác xã|trường|ngân hàng|hội|hiệp hội|chi nhánh|tập đoàn|tổng công ty|trung tâm"
    r"|bệnh viện|xí nghiệp|nhà máy|văn phòng|ban|cơ sở|viện|quỹ|câu lạc bộ|liên đoàn|hãng|cửa hàng|khách sạn"
    r"|nhà hàng)\b",
    re.IGNORECASE,
)
MANY = re.compile(r"(tập thể|các hộ|hộ dân|nhóm|cư dân|nhân dân|bà con|tổ dân phố)\b", re.IGNORECASE)
SIGNS_OF_ADVERTISING = re.compile(r"https?|www|\.(com|net|vn|org)\b|[@<>/\\]|\d{5}", re.IGNORECASE)


def city_day(value: object) -> date:
    """The day, in the city, of an instant, a date or a counted date. Raises TypeError for anything else."""
    if isinstance(value, CountedDate):
        return value.on
    if isinstance(value, datetime):
        return working_days.city_day(value)
    if isinstance(value, date):
        return value
    raise TypeError(f"not a date: {type(value).__name__}")


def short_date(value: object) -> str:
    """``05/01/2026``, ``26/9/2026``."""
    return working_days.short_date(city_day(value))


def vn_date(value: object) -> str:
    """``thứ Năm, ngày 26/11/2026``."""
    return working_days.vn_date(city_day(value))


def vn_datetime(value: datetime) -> str:
    """``08 giờ 05 phút, thứ Năm, ngày 26/11/2026``, by the city's clock."""
    local = value.astimezone(working_days.CITY_ZONE)
    return f"{local.hour:02d} giờ {local.minute:02d} phút, {vn_date(value)}"


def clause_short(value: object) -> str:
    """``10.1.g`` as ``điểm g khoản 1 Điều 10``; "" for a value that is no clause id."""
    match = CLAUSE.fullmatch(str(value))
    if not match:
        return ""
    article, paragraph, point = match.groups()
    parts = (f"điểm {point}" if point else "", f"khoản {paragraph}" if paragraph else "", f"Điều {article}")
    return " ".join(part for part in parts if part)


def clause_by(clauses: Mapping[str, str]) -> Callable[[object], str]:
    """The filter that writes a clause as the regulation in force numbers it; the plain word where it has none."""

    def written(value: object) -> str:
        short = clause_short(value)
        return (clauses.get(str(value)) or "quy định của") if clauses and short else short

    return written


def clause_name_of(regulation: str) -> Any:
    """The filter that cites a clause with the regulation's full title."""

    def clause_name(value: object) -> str:
        short = clause_short(value)
        return f"{short} {regulation}" if short else regulation

    return clause_name


def cited_by(cited: Mapping[str, str]) -> Callable[[str], str]:
    """The filter that writes a norm by the name of its rule; the plain word where the profile has no such norm."""

    def written(name: str) -> str:
        return cited.get(name, "") or "quy định"

    return written


def due_by(cited: Mapping[str, str]) -> Callable[[CountedDate], Markup]:
    """The filter that writes a due date with the norm that sets it.

    ``hết thứ Năm, ngày 26/11/2026 (điểm d khoản 1 Điều 10 Quy chế)``; a date that the profile counts where the
    regulation is silent is marked "vận dụng".
    """

    def due(value: CountedDate) -> Markup:
        clause = clause_short(value.clause)
        basis = cited.get(value.rule, "") or (f"{clause} Quy chế" if clause else "")
        notes = [basis] if basis else []
        if value.provisional:
            notes.append("ngày tạm tính, có thể đổi khi có thông báo chính thức về ngày nghỉ")
        remark = f" ({'; '.join(notes)})" if notes else ""
        return Markup("hết <strong>{}</strong>{}").format(vn_date(value.on), remark)

    return due


def person(name: str) -> str:
    """A person's name as it may stand after Ông/Bà, "" when it does not look like one."""
    text = clean_line(name)
    return text if len(text) <= 60 and PERSON.fullmatch(text) and not SIGNS_OF_ADVERTISING.search(text) else ""


def you(question: QuestionView | None) -> str:
    """The form of address for the asker in running text."""
    if question is None or question.asker_kind != RequesterKind.ORGANISATION:
        return "Ông/Bà"
    return "các Ông/Bà" if MANY.match(question.asker_name.strip()) else "Quý đơn vị"


def greeting(question: QuestionView | None) -> str:
    """The name part of ``Kính gửi …``; a name that could be an advertisement is left out."""
    if question is None or question.asker_kind != RequesterKind.ORGANISATION:
        return f"Ông/Bà {person(question.asker_name) if question else ''}".rstrip()
    name = clean_line(question.asker_name)
    if not name or len(name) > 120 or SIGNS_OF_ADVERTISING.search(name):
        return "Quý cơ quan, tổ chức, doanh nghiệp"
    return f"Quý {name}" if BODY.match(name) else name


def missing(keys: Iterable[str], question: QuestionView | Mapping[str, Any] | None) -> list[str]:
    """The data of clause 21.1 that are still missing, in the clause's own words for a question's kind of asker."""
    said = question.get("asker_kind") if isinstance(question, Mapping) else question.asker_kind if question else ""
    kind = RequesterKind(said or RequesterKind.INDIVIDUAL)
    return [MISSING[kind].get(key, key) for key in keys]


def upper_first(text: str) -> str:
    """The text as a sentence begins."""
    return f"{text[:1].upper()}{text[1:]}"


def lower_first(text: str) -> str:
    """The text as it continues after "vì" or a colon; an abbreviation ("UBND") keeps its capitals."""
    return text if text[:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def ended(text: str) -> str:
    """The text with a full stop, unless it ends as a sentence already."""
    said = text.rstrip()
    return said if said.endswith((".", "?", "!", ":", "…", "”")) else f"{said}."


def titled(subject: str) -> str:
    """A question's subject, or a remark that it has none: a line that ends in nothing looks like a fault."""
    return clean_line(subject) or NO_SUBJECT


def unit_name(value: object) -> str:
    """A unit's name without the list's remarks in brackets, from a name, a mapping or an object with ``name``."""
    name = (
        value if isinstance(value, str) else value["name"] if isinstance(value, dict) else getattr(value, "name", "")
    )
    text = printed(str(name))
    return REMARK.sub("", text) if text.endswith(")") else text


def unit_names(values: Iterable[object]) -> str:
    """Several units in one phrase: ``Sở Xây dựng, Sở Y tế và Sở Nội vụ``."""
    names = [unit_name(value) for value in values]
    return " và ".join(part for part in (", ".join(names[:-1]), names[-1] if names else "") if part)


def web(address: str) -> Markup:
    """A web address of the installation as a link."""
    text = clean_line(address)
    return link(text, text if "://" in text else f"https://{text}")


def mail_link(address: str) -> Markup:
    """A mail address of the installation as a link."""
    text = clean_line(address)
    return link(text, f"mailto:{text}")


def command_link(command: Any) -> Markup:
    """A prepared answer: its label as a link in HTML, as words in plain text."""
    return link(str(_said(command, "label")), str(_said(command, "mailto")))


def command_words(command: Any) -> str:
    """The words to write in an answer typed by hand, "" when the command gives none."""
    return printed(str(_said(command, "say")))


def _said(command: Any, key: str) -> Any:
    return command.get(key, "") if isinstance(command, dict) else getattr(command, key, "")
