"""The register on paper: what the command prints, narrowed by field, unit, session, state and day."""

import csv
import io
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from tests.dose import each_third
from tests.world import SIGNATURE, World

SCHOOL = "Kính gửi Ban Biên tập, trường mầm non phường Kiến An thu học phí thế nào, xin Sở Giáo dục trả lời?"

pytestmark = pytest.mark.world(bystanders=False)  # the whole register is printed


@pytest.fixture
def town(town: World) -> World:
    town.ask()
    town.house.clock.forward(days=3)
    town.ask(SCHOOL + SIGNATURE, subject="Học phí")
    return town


def export(town: World, *more: str) -> Path:
    path = town.house.folder / f"register.{more[0]}"
    assert town.house.command("register", "export", "--output", str(path), *more[1:]) == 0
    return path


def pdf_text(path: Path) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages).split())


def test_printed_as_pdf_in_the_registers_form_with_a_place_to_sign(town: World) -> None:
    shown = pdf_text(export(town, "pdf"))
    for words in ("SỔGHICHÉP", "Cánbộtiếpnhận,ký", "NGƯỜILẬPSỔ", "Cộng:02câuhỏi", "SởXâydựng", "TrườngChinh"):
        assert words in shown, words
    page = PdfReader(io.BytesIO(export(town, "pdf").read_bytes())).pages[0]
    assert float(page.mediabox.width) > float(page.mediabox.height)


def test_printed_as_docx_with_the_same_rows(town: World) -> None:
    table = max(docx.Document(str(export(town, "docx"))).tables, key=lambda one: len(one.columns))
    assert len(table.columns) == 20
    assert [row.cells[0].text for row in table.rows][-2:] == ["1", "2"]


@each_third(
    ("narrow", "rows"),
    [
        (("--unit", "SGDDT"), 1),
        (("--since", "2026-10-07"), 1),
        (("--until", "2026-10-06"), 1),
        (("--status", "answered"), 0),
        (("--field", "duong bo", "--unit", "sxd", "--until", "2026-10-07"), 1),
        (("--status", "forwarded", "--since", "2026-10-05"), 2),
    ],
)
def test_narrowed(town: World, narrow: tuple[str, ...], rows: int) -> None:
    assert f"Cộng:{rows:02d}câuhỏi" in pdf_text(export(town, "pdf", *narrow))


def test_the_format_is_named_or_told_by_the_ending(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(town, "out", "--format", "pdf").read_bytes()[:4] == b"%PDF"
    assert export(town, "xlsx").read_bytes()[:2] == b"PK"
    assert town.house.command("register", "export", "--format", "docx") == 1
    assert "needs --output" in capsys.readouterr().err
    assert town.house.command("register", "export", "--format", "csv") == 0
    assert capsys.readouterr().out.startswith("number,received")


def test_sorted_by_field_and_topic_with_vietnamese_headings(town: World) -> None:
    town.ask("Vỉa hè đường Tô Hiệu hư hỏng, bao giờ Sở Xây dựng lát lại?" + SIGNATURE, subject="An toàn vỉa hè")
    lines = list(csv.DictReader(export(town, "csv", "--by-field").read_text("utf-8-sig").splitlines()))
    assert "Lĩnh vực" in lines[0]
    assert "Nội dung hỏi" in lines[0]
    places = [(one["Lĩnh vực"].casefold(), one["Tiêu đề"].casefold()) for one in lines]
    assert places == sorted(places), "by field, then by topic"
    assert [one["Số"] for one in lines] != sorted(one["Số"] for one in lines), "not by number"
    plain = export(town, "csv").read_text("utf-8-sig").splitlines()
    assert plain[0].startswith("number,"), "what scripts read stays as it is"
