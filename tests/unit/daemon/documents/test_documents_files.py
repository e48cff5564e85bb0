"""The files themselves: the form of Decree 30/2020 in DOCX and PDF, the same bytes for the same document."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.commands import demo
from daemon.documents import making
from daemon.documents import pdf as fonts
from daemon.documents.docx import to_docx
from daemon.documents.making import write
from daemon.documents.model import Chart, Document, Paragraph, Table
from daemon.documents.pdf import breakable, chart_png, pages, to_pdf
from daemon.documents.reports import (
    build_evidence,
    build_quarterly_plan,
    build_register,
    build_report,
    build_review_pack,
)
from daemon.documents.session_papers import (
    build_forwarding_letter,
    build_plan,
    build_portal_notice,
    build_proposal,
    build_script,
    build_urging_letter,
)
from tests.support import paper_samples as samples
from tests.support import report_samples
from tests.support.full_disk import full_disk
from tests.support.paper_words import to_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BUILD: dict[str, Callable[[], Document]] = {
    "proposal": lambda: build_proposal(samples.proposal()),
    "plan": lambda: build_plan(samples.plan()),
    "portal_notice": lambda: build_portal_notice(samples.portal_notice()),
    "forwarding_letter": lambda: build_forwarding_letter(samples.forwarding()),
    "urging_letter": lambda: build_urging_letter(samples.urging()),
    "script": lambda: build_script(report_samples.script()),
    "quarterly_plan": lambda: build_quarterly_plan(report_samples.quarterly_plan()),
    "report": lambda: build_report(report_samples.half_year_report()),
    "review_pack": lambda: build_review_pack(report_samples.review_pack()),
    "evidence": lambda: build_evidence(report_samples.evidence()),
    "register": lambda: build_register(report_samples.register(36)),
}


@cache
def docx_of(kind: str) -> bytes:
    """The DOCX of a sample, made once."""
    return to_docx(BUILD[kind]())


@cache
def pdf_of(kind: str) -> bytes:
    """The PDF of a sample, made once."""
    return to_pdf(BUILD[kind]())


@pytest.fixture(scope="module")
def font() -> fonts.Font:
    """The font, or a skip that says what to install."""
    try:
        return fonts.find_font()
    except ConfigurationError as error:
        pytest.skip(str(error))


def part(data: bytes, name: str) -> ElementTree.Element:
    """One XML part of a DOCX file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read(name))


def squeezed(text: str) -> str:
    """Text without spaces and invisible signs: extraction parts lines as it likes."""
    return re.sub(r"[\s\u200b\u2060\xad]", "", text)


def parts_of(document: Document) -> list[str]:
    """Every piece of text that a file must hold."""
    found = [document.subject, document.type_name, document.signature.name, *document.signature.lines]
    found += [*document.recipients, document.number_line, *document.addressees]
    for block in (*document.blocks, *(block for annex in document.annexes for block in annex.blocks)):
        if isinstance(block, Paragraph):
            found.append(block.text)
        elif isinstance(block, Table):
            found += [*(column.title for column in block.columns), *(cell for row in block.rows for cell in row)]
    return [squeezed(text) for text in found]


@pytest.mark.parametrize("kind", BUILD)
def test_docx_holds_every_word_in_times_new_roman(kind: str, font: fonts.Font) -> None:
    document = BUILD[kind]()
    assert document.kind == kind
    body = part(docx_of(kind), "word/document.xml")
    text = squeezed("".join(node.text or "" for node in body.iter(f"{W}t")))
    assert [piece for piece in parts_of(document) if piece not in text] == []
    for run in body.iter(f"{W}r"):
        named = run.find(f"{W}rPr/{W}rFonts")
        if run.find(f"{W}t") is not None:
            assert named is not None
            assert {named.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {
                "Times New Roman"
            }
    assert not list(body.iter(f"{W}fldSimple"))
    assert not list(body.iter(f"{W}instrText"))


@pytest.mark.parametrize("kind", BUILD)
def test_plain_text_holds_every_word(kind: str) -> None:
    document = BUILD[kind]()
    text = squeezed(to_text(document))
    assert [piece for piece in parts_of(document) if piece not in text] == []


@pytest.mark.parametrize("kind", BUILD)
def test_both_files_are_the_same_bytes_each_time(kind: str, font: fonts.Font) -> None:
    assert docx_of(kind) == to_docx(BUILD[kind]())
    assert pdf_of(kind) == to_pdf(BUILD[kind]())


def test_the_pages_of_a_pdf_as_pictures(font: fonts.Font) -> None:
    pypdf = pytest.importorskip("pypdf")
    shown = pages(BUILD["plan"](), 40, font)
    assert len(shown) == len(pypdf.PdfReader(io.BytesIO(pdf_of("plan"))).pages)
    assert all(one.startswith(b"\x89PNG") for one in shown)


@pytest.mark.parametrize("kind", BUILD)
def test_pdf_holds_every_word_and_embeds_its_font(kind: str, font: fonts.Font) -> None:
    pypdf = pytest.importorskip("pypdf")
    document = BUILD[kind]()
    reader = pypdf.PdfReader(io.BytesIO(pdf_of(kind)))
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    missing = [piece for piece in parts_of(document) if piece not in text and piece.upper() not in text]
    cells = {squeezed(c) for b in document.blocks if isinstance(b, Table) for row in b.rows for c in row}
    assert [piece for piece in missing if piece not in cells] == []  # a cell may break between two pages
    assert "\u200b" not in "".join(page.extract_text() for page in reader.pages)
    assert reader.metadata.title == document.title
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    names = {str(found["/BaseFont"]) for page in reader.pages for found in page_fonts(page)}
    assert names
    assert all(font.family.replace(" ", "") in name for name in names)


def page_fonts(page: Any) -> list[Any]:
    return [one.get_object() for one in page["/Resources"]["/Font"].get_object().values()]


def test_the_page_is_a4_with_the_margins_of_the_decree(font: fonts.Font) -> None:
    for kind, (width, height) in {"plan": (11906, 16838), "register": (16838, 11906)}.items():
        section = next(part(docx_of(kind), "word/document.xml").iter(f"{W}sectPr"))
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        assert size is not None
        assert margins is not None
        assert abs(int(size.get(f"{W}w", "0")) - width) < 3
        assert abs(int(size.get(f"{W}h", "0")) - height) < 3
        shown = {side: int(margins.get(f"{W}{side}", "0")) / 56.7 for side in ("top", "bottom", "left", "right")}
        assert 19.9 <= shown["top"] <= 25
        assert 19.9 <= shown["bottom"] <= 25
        assert 14.9 <= shown["right"] <= 20.1
        if kind == "plan":
            assert 29.9 <= shown["left"] <= 35


def test_page_numbers_begin_on_the_second_page(font: fonts.Font) -> None:
    pypdf = pytest.importorskip("pypdf")
    data = docx_of("plan")
    assert next(part(data, "word/document.xml").iter(f"{W}sectPr")).find(f"{W}titlePg") is not None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        headers = {name: archive.read(name).decode() for name in archive.namelist() if "header" in name}
    assert sum("PAGE" in text for text in headers.values()) == 1
    pages = pypdf.PdfReader(io.BytesIO(pdf_of("plan"))).pages
    first_lines = [page.extract_text().strip().split("\n")[0].strip() for page in pages]
    assert first_lines[0] != "1"
    assert first_lines[1:] == [str(number) for number in range(2, len(pages) + 1)]


def test_the_registers_heading_comes_back_on_every_page(font: fonts.Font) -> None:
    pages = pytest.importorskip("pypdf").PdfReader(io.BytesIO(pdf_of("register"))).pages
    assert len(pages) > 2
    assert all("(20)" in page.extract_text() for page in pages)
    body = part(docx_of("register"), "word/document.xml")
    assert len([row for row in body.iter(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None]) == 2


def test_properties_of_tables_stand_in_the_order_of_the_schema(font: fonts.Font) -> None:
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    for kind in BUILD:
        for properties in part(docx_of(kind), "word/document.xml").iter(f"{W}tblPr"):
            names = [child.tag.removeprefix(W) for child in properties]
            assert names == sorted(names, key=order.index)


EVIL = "=cmd|' /C calc'!A0 #eval(\"1\") $x$ \\u{41} *b* <w:p/> &lt; ]]> \x00\x07\ud800\u202e😀 ﷽ " + "x" * 3000


def test_hostile_text_stays_text_in_both_files(font: fonts.Font) -> None:
    given = samples.forwarding()
    question = replace(given.questions[0], content=EVIL, asker=EVIL, subject=EVIL, email="a" * 500 + "@example.test")
    document = build_forwarding_letter(replace(given, unit=EVIL, questions=(question,)))
    text = "".join(node.text or "" for node in part(to_docx(document), "word/document.xml").iter(f"{W}t"))
    for piece in ("=cmd|' /C calc'!A0", '#eval("1")', "<w:p/>", "&lt;", "]]>", "\\u{41}", "😀"):
        assert piece in text
    assert to_pdf(document).startswith(b"%PDF-")


def test_a_long_address_stays_within_its_column(font: fonts.Font) -> None:
    pypdf = pytest.importorskip("pypdf")
    lines = pypdf.PdfReader(io.BytesIO(pdf_of("register"))).pages[0].extract_text().split("\n")
    assert any("vanphong@" in line for line in lines)
    assert not any("vanphong@congtyvidu.test" in line.replace(" ", "") for line in lines)


def test_a_row_longer_than_a_page_goes_on_on_the_next(font: fonts.Font) -> None:
    pypdf = pytest.importorskip("pypdf")
    given = report_samples.register(1)
    row = list(given.rows[0])
    row[8] = "\n".join(f"dòng {number}" for number in range(300))
    made = pypdf.PdfReader(io.BytesIO(to_pdf(build_register(replace(given, rows=(tuple(row),)))))).pages
    text = "\n".join(page.extract_text() for page in made)
    assert len(made) > 3
    assert all(re.search(rf"dòng {number}(?!\d)", text) for number in range(300))


def test_long_words_get_places_to_break_and_nothing_is_lost() -> None:
    word = "nguyen.van.an.rat.dai@example-rat-dai.test"
    broken = breakable(f"thư {word} hết", 8)
    assert broken.replace("\u200b", "") == f"thư {word} hết"
    assert max(len(piece) for piece in broken.split("\u200b")) <= 18
    assert breakable("1374/2016/QĐ-UBND", 30).replace("\u2060", "") == "1374/2016/QĐ-UBND"
    assert "\u200b" not in breakable("26/11/2026", 5)


def test_a_chart_is_a_picture_with_its_figures_in_words(font: fonts.Font) -> None:
    chart = next(block for block in BUILD["report"]().blocks if isinstance(block, Chart))
    assert chart_png(chart).startswith(b"\x89PNG")
    assert chart_png(replace(chart, bars=())).startswith(b"\x89PNG")
    with zipfile.ZipFile(io.BytesIO(docx_of("report"))) as archive:
        body = archive.read("word/document.xml").decode()
        assert len([name for name in archive.namelist() if name.startswith("word/media/")]) == 2
    assert "Sở Xây dựng: Trả lời đúng hạn 119, Trả lời chậm 27, Chưa trả lời 10" in body


def test_a_missing_font_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="fonts-liberation") as caught:
        fonts.find_font((str(tmp_path),))
    assert "\n" not in str(caught.value)
    (tmp_path / "sub").mkdir()
    for name in ("Tinos-Regular.ttf", "Tinos-BoldItalic.ttf"):
        (tmp_path / "sub" / name).write_bytes(b"")
    assert fonts.find_font((str(tmp_path), "~/nowhere")) == fonts.Font("Tinos", tmp_path / "sub")


def test_it_makes_do_without_the_font(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pypdf = pytest.importorskip("pypdf")
    monkeypatch.setattr(fonts, "FAMILIES", ())
    monkeypatch.setattr(fonts, "SPARE", [])
    fonts._find.cache_clear()
    try:
        with pytest.raises(ConfigurationError):
            to_pdf(BUILD["plan"]())
        demo.make_do()
        assert "fonts-liberation" in capsys.readouterr().out
        reader = pypdf.PdfReader(io.BytesIO(to_pdf(BUILD["plan"]())))
    finally:
        fonts._find.cache_clear()
    names = {str(found["/BaseFont"]) for page in reader.pages for found in page_fonts(page)}
    assert names
    assert all("Libertinus" in name for name in names)


def test_writing_leaves_both_files_and_nothing_else(tmp_path: Path, font: fonts.Font) -> None:
    word, pdf = write(BUILD["plan"](), tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "plan-05-KH-20261110.docx",
        "plan-05-KH-20261110.pdf",
    ]
    assert zipfile.is_zipfile(word)
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_a_full_disk_leaves_no_part_of_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "made_files", lambda _: {".docx": b"Nguyen Van An, so 5 Truong Chinh"})
    with full_disk(), pytest.raises((OSError, TemporaryError)):
        write(BUILD["plan"](), tmp_path)
    assert list(tmp_path.iterdir()) == []
