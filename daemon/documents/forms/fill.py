"""Fills a form in with the values of a paper, within the limits of what a form may contain.

It may contain values, ``for`` and ``if``, and four filters. Everything else is refused before it runs. There are two
barriers: the form's own words are read as jinja's syntax tree, of which only listed kinds are allowed; what is
allowed runs in jinja's sandbox. No call, no arithmetic, no names of the interpreter, no other file. An approval binds
to the words of the result.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from io import BytesIO
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.documents.docx import describe, same_bytes
from daemon.documents.forms.guard import FormFault, check_file, check_filled
from daemon.documents.model import Document

ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
    nodes.Filter,
)
FILTERS = ("upper", "lower", "join", "length")
DEEPEST = 3
"""How many ``for`` may be nested."""
MOST_WRITTEN = 20_000_000
"""Characters that a form may write with all its rounds, so that none runs for long; real ones have far fewer."""
STEP = 10
"""One step of a round counts as this many characters."""
LISTED = "each of a list"
"""The filter that is put around the list of a ``for``; no form can write this name."""
REMEDY = "xin xem các mục được dùng trong tài liệu về mẫu văn bản"
SHOWN = 70
"""Characters of a paragraph that are shown as the place of a fault."""


class FormLanguage(ImmutableSandboxedEnvironment):
    """The sandbox of one form; ``fields`` are the names that its paper has."""

    def __init__(self, form: str, fields: Collection[str]) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=self._printed)
        self.form, self.fields, self.source = form, frozenset(fields), ""
        self.written = 0
        self.filters = {name: self.filters[name] for name in FILTERS} | {LISTED: self._listed}
        self.globals = {}
        self.tests = {}

    def from_string(
        self,
        source: str | nodes.Template,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - jinja's own name
        template_class: type[Template] | None = None,
    ) -> Template:
        """The template, after its tree has been checked. Raises :class:`FormFault`."""
        self.source = str(source)
        try:
            tree = self.parse(self.source)
            self._check(tree, self.fields, 0)
            for loop in list(tree.find_all(nodes.For)):
                cost = [nodes.Const(_cost(loop))]
                loop.iter = nodes.Filter(
                    loop.iter, LISTED, cost, [], None, None, lineno=loop.lineno, environment=self
                )
            return super().from_string(tree, globals, template_class)
        except TemplateSyntaxError as error:
            raise self._fault(error.lineno, f"viết sai ({error.message})") from None
        except TemplateError as error:
            raise self._fault(0, f"viết sai ({error.message})") from None

    def fault_of(self, error: Exception) -> FormFault:
        """The fault that occurred while the form was filled in, with its place."""
        lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == "<template>"]
        if isinstance(error, TemplateError):
            return self._fault((lines or [0])[-1] or 0, f"thiếu nội dung ({error.message})")
        return self._fault((lines or [0])[-1] or 0, str(error))

    def _printed(self, value: object) -> object:
        if isinstance(value, Undefined):
            return str(value)  # StrictUndefined raises and names it
        if not isinstance(value, str | int):
            raise TypeError("không in được cả danh sách hay cả nhóm, chỉ in được từng mục trong đó")
        self._count(len(str(value)))
        return value

    def _listed(self, value: object, cost: int) -> object:
        """The items of a ``for``: a list, whose rounds are counted before they begin."""
        if isinstance(value, Undefined):
            return iter(value)  # StrictUndefined raises and names it
        if not isinstance(value, list):
            raise TypeError("vòng lặp chỉ đi qua được danh sách")
        self._count(len(value) * cost)
        return value

    def _count(self, characters: int) -> None:
        self.written += characters
        if self.written > MOST_WRITTEN:
            raise OverflowError("điền ra quá dài, xin bớt vòng lặp")

    def _check(self, node: nodes.Node, known: frozenset[str], depth: int) -> None:
        self._check_kind(node)
        if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in known:
            raise self._fault(node.lineno, f"không có mục “{node.name}”")
        if isinstance(node, nodes.For):
            self._check_loop(node, known, depth + 1)
            return
        for child in node.iter_child_nodes():
            self._check(child, known, depth)

    def _check_kind(self, node: nodes.Node) -> None:
        if not isinstance(node, ALLOWED):
            raise self._fault(node.lineno, f"không dùng được phép “{type(node).__name__}”")
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise self._fault(node.lineno, f"không dùng được tên “{node.attr}”")
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise self._fault(node.lineno, f"không có bộ lọc “{node.name}”")

    def _check_loop(self, node: nodes.For, known: frozenset[str], depth: int) -> None:
        if depth > DEEPEST or node.recursive or not isinstance(node.target, nodes.Name):
            raise self._fault(node.lineno, f"vòng lặp lồng quá {DEEPEST} lớp hoặc không đơn giản")
        inner = known | {node.target.name, "loop"}
        self._check(node.iter, known, depth)
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self._check(child, inner, depth)

    def _fault(self, line: int, what: str) -> FormFault:
        lines = self.source.splitlines()
        text = re.sub(r"<[^<>]*>", "", lines[line - 1]).strip() if 0 < line <= len(lines) else ""
        shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
        return FormFault(self.form, f"đoạn “{shown}”" if shown else "thân văn bản", " ".join(what.split()), REMEDY)


def _cost(loop: nodes.For) -> int:
    """The cost of one round, in characters and steps, without the rounds of inner loops."""
    written = sum(len(one.data) for one in loop.find_all(nodes.TemplateData))
    return written + STEP * sum(1 for _ in loop.find_all(nodes.Node))


MOST_FILLED = 8_000_000
"""Bytes of a filled form, which a mail must be able to carry."""
PLACES = {
    RELATIONSHIP_TYPE.HEADER: 0,
    RELATIONSHIP_TYPE.FOOTER: 2,
    RELATIONSHIP_TYPE.FOOTNOTES: 3,
    RELATIONSHIP_TYPE.ENDNOTES: 4,
}
"""The position of a part's words among the others; the body has position 1."""


def fill(name: str, data: bytes, values: Mapping[str, Any], document: Document | None = None) -> bytes:
    """The form as DOCX with these values; the same bytes for the same values. Raises :class:`FormFault`.

    A value is text, however it looks: its ``<``, ``&`` and ``{{`` stay literal, a line end is a break in the line.
    The file's properties describe ``document``, not the author of the form.
    """
    check_file(name, data)
    language = FormLanguage(name, values)
    held = BytesIO()
    try:
        template = DocxTemplate(BytesIO(data))
        template.render(dict(values), language, autoescape=True)
        if document is not None:
            describe(template.docx, document)
        template.save(held)
    except FormFault:
        raise
    except Exception as error:  # docxtpl and python-docx raise anything on a broken file
        raise language.fault_of(error) from None
    filled = held.getvalue()
    if len(filled) > MOST_FILLED:
        raise FormFault(name, "tệp", "điền xong thì quá lớn", "xin bớt ảnh hoặc bớt vòng lặp")
    check_filled(name, filled)
    return same_bytes(filled)


def text_of(data: bytes) -> str:
    """Every word of a filled form in reading order, a line per paragraph: headers, body, tables, footers, notes."""
    file = docx.Document(BytesIO(data))
    related = file.part.rels.values()
    others = [(PLACES[one.reltype], one.target_part) for one in related if one.reltype in PLACES]
    parts = [(1, file.element.body), *((place, _root(part)) for place, part in others)]
    lines = [line for _, root in sorted(parts, key=lambda one: one[0]) for line in _lines(root)]
    return "\n".join(line for line in lines if line.strip())


def _root(part: Any) -> Any:
    return part.element if hasattr(part, "element") else parse_xml(part.blob)


def _lines(root: Any) -> Iterator[str]:
    line = ""
    for element in root.iter():
        if element.tag == qn("w:p"):
            yield line
            line = ""
        elif element.tag == qn("w:t"):
            line += element.text or ""
        elif element.tag in {qn("w:br"), qn("w:tab")}:
            line += " "
    yield line
