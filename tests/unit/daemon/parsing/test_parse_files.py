"""Text out of attachments: Word, PDF, text, TNEF; bombs stay small."""

import base64
import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime

import docx
import fpdf
import openpyxl
import pytest
import xlsxwriter

from daemon.parsing.attachment_text import WORKER
from daemon.parsing.parse import attachment_bytes, parse_mail


def carrying(data: bytes, name: str, kind: str = "application/octet-stream", text: str = "Xem tệp") -> bytes:
    """A mail with one attachment."""
    head = "From: a@dan.test\nContent-Type: multipart/mixed; boundary=B\n\n"
    head += "--B\nContent-Type: text/plain; charset=utf-8\n"
    head += f'\n{text}\n--B\nContent-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\n'
    return (head + "Content-Transfer-Encoding: base64\n\n").encode() + base64.encodebytes(data) + b"--B--\n"


def word_file() -> bytes:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Số: 123/SXD-QLN"
    table.cell(0, 1).text = "Hải Phòng, ngày 26/11/2026"
    document.add_paragraph("Kính gửi: Ban Biên tập")
    document.add_paragraph("Về câu hỏi của ông An, Sở trả lời như sau.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_file(*pages: str) -> bytes:
    pdf = fpdf.FPDF()
    pdf.set_font("helvetica")
    for text in pages:
        pdf.add_page()
        if text:
            pdf.write(text=text)
    return bytes(pdf.output())


def tnef_file() -> bytes:
    def item(level: int, name: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    return b"".join(
        [
            struct.pack("<IH", 0x223E9F78, 1),
            item(1, 0x9006, 8, struct.pack("<I", 0x10000)),
            item(1, 0x9007, 6, struct.pack("<II", 1258, 0)),
            item(1, 0x800C, 2, "Nội dung trong tệp".encode() + b"\x00"),
            item(2, 0x9002, 6, b"\x01\x00" + b"\x00" * 12),
            item(2, 0x8010, 1, b"tra loi.txt\x00"),
            item(2, 0x800F, 6, "Trả lời của Sở".encode()),
        ]
    )


def test_word() -> None:
    (item,) = parse_mail(carrying(word_file(), "Trả lời.docx")).attachments
    assert item.text.splitlines() == [
        "Số: 123/SXD-QLN  Hải Phòng, ngày 26/11/2026",
        "Kính gửi: Ban Biên tập",
        "Về câu hỏi của ông An, Sở trả lời như sau.",
    ]


def test_workbook() -> None:
    book = openpyxl.Workbook()
    book.active.append(["TT", "Số câu hỏi", None, "Hạn"])
    book.active.append([1, "HP-2026-000001", "Sửa\nxong", date(2026, 11, 30)])
    book.active["A1048576"] = "cuối"
    book.create_sheet("Phụ lục").append(["Kinh phí", 1500000, datetime(2026, 11, 30, 8, 30)])
    for cell, form in (("B1", '#,##0 "đồng Dong"'), ("C1", "hh:mm d/m/yyyy")):
        book.worksheets[1][cell].number_format = form
    out = io.BytesIO()
    book.save(out)
    (item,) = parse_mail(carrying(out.getvalue(), "Trả lời.xlsx")).attachments
    assert item.text.splitlines() == [
        "TT  Số câu hỏi  Hạn",
        "1  HP-2026-000001  Sửa xong  30/11/2026",
        "cuối",
        "Kinh phí  1500000  08:30 30/11/2026",
    ]


def test_pdf() -> None:
    (item,) = parse_mail(carrying(pdf_file("Tra loi so 12", "trang hai"), "a.pdf", "application/pdf")).attachments
    assert item.text.splitlines() == ["Tra loi so 12", "", "trang hai"]


def test_a_scan_has_no_text() -> None:
    (item,) = parse_mail(carrying(pdf_file(""), "scan.pdf", "application/pdf")).attachments
    assert item.text == ""
    assert item.size > 100


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        ("Câu trả lời".encode(), "a.txt", "text/plain"),
        ("Câu trả lời".encode("utf-16"), "a.txt", "text/plain; charset=utf-16"),
        ("Câu trả lời".encode(), "a.txt", "application/octet-stream"),
        ("<p>Câu <b>trả lời</b></p>".encode(), "a.html", "text/html"),
        ("C©u tr¶ lêi".encode("latin-1"), "a.txt", "text/plain; charset=iso-8859-1"),
    ],
)
def test_text_files(data: bytes, name: str, kind: str) -> None:
    (item,) = parse_mail(carrying(data, name, kind)).attachments
    assert item.text == "Câu trả lời"


def test_a_mail_without_words_says_what_its_file_says() -> None:
    parsed = parse_mail(carrying(word_file(), "Câu hỏi.docx", text=""))
    assert "Sở trả lời như sau" in parsed.text
    assert "text read from: Câu hỏi.docx" in parsed.defects
    assert parse_mail(carrying(word_file(), "x.docx")).text == "Xem tệp"


@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/octet-stream"])
def test_tnef(kind: str) -> None:
    raw = carrying(tnef_file(), "winmail.dat", kind)
    outer, inner = parse_mail(raw).attachments
    assert outer.text == "Nội dung trong tệp"
    assert (inner.name, inner.text) == ("tra loi.txt", "Trả lời của Sở")
    assert attachment_bytes(raw, inner.part) == "Trả lời của Sở".encode()
    assert attachment_bytes(raw, outer.part) == tnef_file()


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def _pdf_bomb() -> bytes:
    """One page whose content unpacks to 300 MB."""
    packed = zlib.compress(b"BT (x) Tj ET " * 23_000_000, 9)
    body = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    )
    body += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    body += b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream endobj\n"
    return body.replace(b"%%PDF", b"%PDF") + b"trailer<</Root 1 0 R>>\n"


LAUGHS = b'<!ENTITY l0 "ha">' + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_CELL = SHEET + b'<row><c t="inlineStr"><is><t>%s</t></is></c></row></sheetData></worksheet>'

BOMBS: dict[str, Callable[[], bytes]] = {
    "zip.docx": lambda: _zip({"word/document.xml": b"<w>" * 20_000_000}),
    "rows.xlsx": lambda: book_with(sheet1=SHEET + b"<row/>" * 20_000_000),
    "texts.xlsx": lambda: book_with(sharedStrings=b"<sst>" + b"<si/>" * 20_000_000),
    "styles.xlsx": lambda: book_with(styles=b"<styleSheet>" + b"<x>" * 20_000_000),
    "entities.xlsx": lambda: book_with(
        sheet1=b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + SHEET_CELL % b"&f;"
    ),
    "laughs.xlsx": lambda: book_with(sheet1=b"<!DOCTYPE x [" + LAUGHS + b"]>" + SHEET_CELL % b"&l9;"),
    "many.docx": lambda: _zip({f"x{number}": b"" for number in range(3_000)}),
    "no.docx": lambda: _zip({"a": b"b"}),
    "bad.docx": lambda: b"PK\x03\x04" + b"\x00" * 1_000,
    "page.pdf": _pdf_bomb,
    "broken.pdf": lambda: b"%PDF-1.7\n" + b"<<" * 200_000,
    "winmail.dat": lambda: (
        struct.pack("<IH", 0x223E9F78, 1) + b"\x01\x04\x90\x00\x00\xff\xff\xff\xff" + b"\xff" * 100_000
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_stay_small(name: str) -> None:
    raw = carrying(BOMBS[name](), name)
    start = time.process_time()
    parsed = parse_mail(raw)
    assert time.process_time() - start < 20
    assert not parsed.minimal
    assert parsed.text == "Xem tệp"
    assert parsed.attachments[0].text == ""


def word_with(**parts: bytes) -> bytes:
    """A .docx whose parts of these names (styles, document) have other content."""
    return _changed(word_file(), {f"word/{name}.xml": content for name, content in parts.items()})


def book_with(**parts: bytes) -> bytes:
    """An .xlsx whose parts of these names (styles, sharedStrings, sheet1) have other content."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "Trả lời")
    folders = {"sheet1": "xl/worksheets/"}
    return _changed(out.getvalue(), {f"{folders.get(name, 'xl/')}{name}.xml": new for name, new in parts.items()})


def _changed(file: bytes, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name) or old.read(name))
    return out.getvalue()


W_SPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_no_part_of_a_word_file_but_its_text_is_read() -> None:
    """46 KB that are 22 MB of styles: whoever reads them needs 700 MB."""
    styles = b"<w:styles " + W_SPACE + b">" + b"<a/>" * 5_500_000 + b"</w:styles>"
    began = time.monotonic()
    (found,) = parse_mail(carrying(word_with(styles=styles), "a.docx")).attachments
    assert "Sở trả lời như sau" in found.text
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "body",
    [
        b"<w:p/>" * 900_000,
        b"<w:p><w:r><w:t>" + b"x" * 6_100_000 + b"</w:t></w:r></w:p>",
        b"<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>",
        b"<w:p>" * 100_000,
        b"<w:p><w:r><w:t>&file;</w:t></w:r></w:p>",
    ],
    ids=["paragraphs", "one text", "entities", "nesting", "a file of ours"],
)
def test_a_bomb_in_the_text_of_a_word_file_gives_nothing(body: bytes) -> None:
    head = b'<!DOCTYPE w:document [<!ENTITY file SYSTEM "file:///etc/passwd">' + LAUGHS + b"]>"
    text = head + b"<w:document " + W_SPACE + b"><w:body>" + body + b"</w:body></w:document>"
    began = time.monotonic()
    (found,) = parse_mail(carrying(word_with(document=text), "a.docx")).attachments
    assert "haha" not in found.text
    assert "root:" not in found.text
    assert len(found.text) < 100
    assert time.monotonic() - began < 20


RUN = "<w:r><w:t>{}</w:t></w:r>"
FIELD = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
CELL = f"<w:tc><w:p>{RUN.format('Sửa đường')}</w:p></w:tc>"
BOX = "<w:txbxContent><w:p><w:r><w:t>Điện thoại: 0912</w:t></w:r></w:p></w:txbxContent>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p><w:r><w:t>Đồng ý</w:t></w:r><w:ins w:id='1'>{RUN.format(' không')}</w:ins></w:p>", "Đồng ý không"),
        (f"<w:p><w:r><w:t>Sửa</w:t></w:r><w:del w:id='1'>{RUN.format(' không')}</w:del></w:p>", "Sửa"),
        (f"<w:p><w:moveFrom>{RUN.format('a')}</w:moveFrom><w:moveTo>{RUN.format('b')}</w:moveTo></w:p>", "b"),
        ("<w:p><w:r><w:rPr><w:b/><w:strike/></w:rPr><w:t>SXD</w:t></w:r><w:r><w:t>SYT</w:t></w:r></w:p>", "SYT"),
        ('<w:p><w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>SXD</w:t></w:r></w:p>', "SXD"),
        (FIELD.format("", f"<w:p>{RUN.format('Nguyễn Văn An')}</w:p>"), "Nguyễn Văn An"),
        (f"<w:p>{RUN.format('Họ tên: ')}{FIELD.format('', RUN.format('Trần Ba'))}</w:p>", "Họ tên: Trần Ba"),
        (
            f"<w:p>{RUN.format('Họ tên:')}{FIELD.format('<w:showingPlcHdr/>', RUN.format('Gõ ở đây'))}</w:p>",
            "Họ tên:",
        ),
        (FIELD.format("", f"<w:tbl><w:tr>{CELL}{FIELD.format('', CELL)}</w:tr></w:tbl>"), "Sửa đường  Sửa đường"),
        (
            "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>An</w:t><w:tab/><w:t>Ba</w:t></w:r>"
            f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>",
            "An Ba\nĐiện thoại: 0912",
        ),
    ],
)
def test_a_word_file_says_what_word_shows(body: str, text: str) -> None:
    """Words of "track changes" and of form fields were lost, and so the meaning turned round, or the asker's name."""
    spaces = W_SPACE + b' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    document = b"<w:document " + spaces + b"><w:body>" + body.encode() + b"</w:body></w:document>"
    (item,) = parse_mail(carrying(word_with(document=document), "a.docx")).attachments
    assert item.text == text


@pytest.mark.parametrize(
    "body",
    [b"<w:p><w:r><w:t>ha</w:t></w:r></w:p>" * 150_000, b"<w:p>" * 400_000],
    ids=["paragraphs", "nesting"],
)
def test_a_bomb_in_the_text_of_a_word_file_is_not_opened(body: bytes) -> None:
    """Nothing of it is read, and the process that reads files goes on: it costs no more than its unpacking."""
    parse_mail(carrying(word_file(), "a.docx"))
    before = WORKER.pid
    text = b"<w:document " + W_SPACE + b"><w:body>" + body + b"</w:body></w:document>"
    (found,) = parse_mail(carrying(word_with(document=text), "a.docx")).attachments
    assert found.text == ""
    assert before is not None
    assert WORKER.pid == before


def test_the_files_of_one_mail_together_give_no_more_text_than_is_understood_in_time() -> None:
    """Of the file in which the room ends the beginning is kept, of those behind it nothing; each stays attached."""
    part = "--B\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: attachment; filename=a.txt\n\n"
    files = (part + "Đường hỏng. " * 2_000 + "\n") * 5
    mail = parse_mail(f"From: a@dan.test\nContent-Type: multipart/mixed; boundary=B\n\n{files}--B--\n".encode())
    assert len(mail.attachments) == 5
    assert [len(one.text) for one in mail.attachments] == [23_999, 23_999, 12_002, 0, 0]
