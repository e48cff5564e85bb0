"""A question that stands only in a picture or a scanned PDF: registered, and its scan shown to an officer."""

import io
import shutil
import subprocess
import sys
import time
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from daemon.loop.decide import decide_on, stored_in_turn
from daemon.parsing.outside_programs import Patience, with_machine_text
from daemon.parsing.parse import parse_mail
from db.register import search
from rules.message.attachment_policy import machine_read, without_machine_text
from rules.reply.reply import read_reply
from rules.values.data_file import load_units
from rules.values.model import Verb
from tests.installation import OFFICER, answer_to, files_of, letter, text_of
from tests.world import SIGNATURE, World, said, vouched

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40_000
SCAN = ("cau hoi.png", "image/png", PNG)
PDF = ("don.pdf", "application/pdf", b"%PDF-1.4\n%a scan without a word\n")


@pytest.mark.parametrize("file", [SCAN, PDF], ids=["picture", "pdf"])
@pytest.mark.parametrize("body", ["", "Câu hỏi trong ảnh ạ.\n\nNguyễn Văn An\n0912 000 111", "Xin gửi kèm đây ạ"])
def test_question_only_in_a_scan_is_registered(house: World, file: tuple[str, str, bytes], body: str) -> None:
    row = house.arrive(vouched(letter("an@dan.test", body, attachments=[file])))
    assert (row["status"], row["fate"], row["kind"]) == ("held", "register", "question")
    assert house.house.questions[0]["status"] == "needs_review"
    review = house.last("officer_review")
    assert files_of(review) == {file[0]: file[2]}
    assert file[0] in text_of(review)
    assert house.last("citizen_received", "an@dan.test")


FILM = ("VID_0012.MOV", "application/octet-stream", bytes(4000))
VOICE = ("New Recording 12.m4a", "audio/x-m4a", b"\0\0\0 ftypM4A " + bytes(4000))


@pytest.mark.parametrize("file", [VOICE, FILM], ids=["voice", "film"])
@pytest.mark.parametrize("body", ["", "Gửi từ iPhone của tôi"])
def test_a_spoken_question_is_registered_and_told(house: World, file: tuple[str, str, bytes], body: str) -> None:
    """It was held as an unknown kind of mail, and whoever cannot write heard nothing."""
    row = house.arrive(vouched(letter("an@dan.test", body, subject="", attachments=[file])))
    assert (row["status"], row["fate"], row["kind"]) == ("held", "register", "question")
    assert f"không đọc được ({file[0]}): xin mở tệp xem" in said(house.last("officer_review"))
    assert house.last("citizen_received", "an@dan.test")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 700
WORD = ("don de nghi sua duong.doc", "application/msword", OLE)
ARCHIVE = b"PK\x03\x04" + b"\0" * 700
"""What a new Word file, an OpenDocument and any archive begin with."""


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Đơn kiến nghị", "Xem file đính kèm"),
        ("Don kien nghi", "xem file dinh kem"),
        ("", "Xem file kèm theo ạ"),
        ("Đơn đề nghị", "Nội dung trong tệp gửi kèm"),
        ("Kính gửi Ban Biên tập", ""),
    ],
)
def test_a_question_only_in_an_unread_document_is_registered(house: World, subject: str, body: str) -> None:
    house.ask()
    row = house.arrive(vouched(letter("tu@dan.test", body, subject=subject, attachments=[WORD])))
    assert (row["status"], row["fate"], row["kind"]) == ("held", "register", "question")
    assert [one["status"] for one in house.house.questions] == ["forwarded", "needs_review"]
    review = text_of(house.last("officer_review"))
    assert WORD[0] in review
    assert "thư rác" not in review
    assert house.last("citizen_received", "tu@dan.test")


@pytest.mark.parametrize(
    ("subject", "body", "name", "content"),
    [
        ("Hóa đơn tháng 10", "Xem file đính kèm", "hoa don.doc", OLE),
        ("Bảng giá", "Giảm giá 50% mọi mặt hàng, mua ngay hôm nay, xem bảng giá trong file đính kèm", WORD[0], OLE),
        ("", "Xem file đính kèm", "hoadon.zip", ARCHIVE),
        ("", "Xem file đính kèm", "hoadon.doc", OLE),
        ("Re:", "Xem file đính kèm", "hoadon.docx", ARCHIVE),
        ("(không có tiêu đề)", "Xem file đính kèm", "hoadon.docx", ARCHIVE),
        ("Đơn kiến nghị", "Xem file đính kèm", "don.zip", ARCHIVE),
        ("Đơn kiến nghị", "Xem file đính kèm", "don.docx.zip", ARCHIVE),
    ],
)
def test_what_papers_offer_is_no_question(house: World, subject: str, body: str, name: str, content: bytes) -> None:
    file = (name, "application/octet-stream", content)
    house.arrive(vouched(letter("shop@ban.test", body, subject=subject, attachments=[file])))
    assert house.house.questions == []


def test_a_letter_in_a_new_word_file_that_cannot_be_read_is_registered(house: World) -> None:
    file = ("don kien nghi.docx", "application/octet-stream", ARCHIVE)
    raw = vouched(letter("tu@dan.test", "Xem file đính kèm", subject="Đơn kiến nghị", attachments=[file]))
    assert (house.arrive(raw)["status"], len(house.house.questions)) == ("held", 1)


@pytest.mark.parametrize(("subject", "kind"), [("Đơn đề nghị", "question"), ("Đơn khiếu nại", "complaint")])
def test_a_subject_of_few_words_is_a_complaint_by_its_words_alone(house: World, subject: str, kind: str) -> None:
    row = house.arrive(vouched(letter("an@dan.test", "", subject=subject, attachments=[SCAN])))
    assert (row["status"], row["kind"]) == ("held", kind)


def test_scan_is_never_forwarded_by_its_subject_alone(house: World) -> None:
    subject = "Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?"
    house.arrive(vouched(letter("an@dan.test", "", subject=subject, attachments=[SCAN])))
    assert house.house.questions[0]["status"] == "needs_review"


def test_picture_beside_a_question_keeps_nobody_waiting(house: World) -> None:
    assert house.ask(attachments=[SCAN])["status"] == "forwarded"
    assert not house.house.sent_with(name="officer_review")


def test_reading_machine_is_off_and_its_word_goes_to_a_person() -> None:
    raw = letter("an@dan.test", "", attachments=[("Trả lời, lần 2.png", *SCAN[1:])])
    mail = parse_mail(raw)
    assert with_machine_text(raw, mail, (), 5) is mail
    code = "import sys; sys.stdout.buffer.write(f'Đường nhiều ổ gà {len(open(sys.argv[1],\"rb\").read())}'.encode())"
    read = with_machine_text(raw, mail, (sys.executable, "-c", code, "{file}"), 20)
    assert read.attachments[0].text == f"Đường nhiều ổ gà {len(PNG)}"
    assert machine_read(read)
    assert [one.text for one in without_machine_text(read).attachments] == [""], "whatever the scan is called"


def test_reading_machine_that_hangs_or_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = letter("an@dan.test", "", attachments=[SCAN])
    mail = parse_mail(raw)
    for code in ("while True: pass", "raise SystemExit(1)"):
        assert with_machine_text(raw, mail, (sys.executable, "-c", code, "{file}"), 1) is mail
    assert with_machine_text(raw, mail, ("/no/such/program", "{file}"), 1) is mail
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")
    assert with_machine_text(raw, mail, ("true",), 1) is mail, "as on a full disk"


def test_a_reading_machine_that_writes_without_end_takes_no_memory_of_ours() -> None:
    raw = letter("an@dan.test", "", attachments=[SCAN])
    tracemalloc.start()
    try:
        read = with_machine_text(raw, parse_mail(raw), ("head", "-c", "40000000", "/dev/zero"), 20)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert read.attachments[0].text == ""


def test_a_slow_reading_machine_gives_signs_of_life_and_no_program_has_more_than_is_left() -> None:
    """The daemon waits for OCR and for the reader of signatures with one patience, and is not taken for dead."""
    raw = letter("an@dan.test", "", attachments=[SCAN])
    heard: list[float] = []
    patience = Patience(alive=lambda: heard.append(time.monotonic()))
    code = "import time; time.sleep(4); print('abc')"
    read = with_machine_text(raw, parse_mail(raw), (sys.executable, "-c", code, "{file}"), 20, patience)
    assert read.attachments[0].text == "abc"
    assert max(after - before for before, after in pairwise(heard)) < 2.5
    assert len(heard) >= 4
    spent = Patience(end=time.monotonic() + 0.5)
    begun = time.monotonic()
    mail = parse_mail(raw)
    assert with_machine_text(raw, mail, (sys.executable, "-c", code, "{file}"), 20, spent) is mail
    assert time.monotonic() - begun < 3


def test_an_officers_order_on_a_scan_is_read_with_signs_of_life(house: World, tmp_path: Path) -> None:
    """The first letter is read once more when the officer decides: its program is waited for like the first time."""
    script = tmp_path / "machine.py"
    script.write_text("import time\ntime.sleep(3)\nprint('abc')\n", encoding="utf-8")
    ocr = house.house.config.ocr.model_copy(update={"command": (sys.executable, str(script), "{file}")})
    object.__setattr__(house.house.config, "ocr", ocr)
    house.arrive(vouched(letter("an@dan.test", SIGNATURE, attachments=[SCAN])))
    code = house.house.questions[0]["code"]
    house.store(vouched(answer_to(house.last("officer_review", OFFICER), OFFICER, f"{code} chuyển SXD")))
    heard = [time.monotonic()]
    engine, office = house.house.engine, house.house.installation
    decide_on(engine, office, lambda: heard.append(time.monotonic()), stored_in_turn(engine, office), 10)
    assert house.house.questions[0]["status"] == "forwarded"
    assert heard[-1] - heard[0] > 3, "the scan was read again"
    assert len([one for one in pairwise(heard) if 0.5 < one[1] - one[0] < 2.5]) >= 2


def test_machine_text_routes_but_an_officer_decides(house: World, tmp_path: Path) -> None:
    road = "Kính gửi Ban Biên tập, đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
    script = tmp_path / "machine.py"
    script.write_text(f"import sys\nsys.stdout.buffer.write({road!r}.encode())\n", encoding="utf-8")
    ocr = house.house.config.ocr.model_copy(update={"command": (sys.executable, str(script), "{file}")})
    object.__setattr__(house.house.config, "ocr", ocr)
    house.arrive(vouched(letter("an@dan.test", "", attachments=[SCAN])))
    (row,) = house.house.questions
    assert (row["status"], row["guess"][0]["unit"]) == ("needs_review", "SXD")
    assert "OCR" in str(house.house.mails[0]["trace"])


TESSERACT = shutil.which("tesseract")
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
WRITTEN = (
    "Kính gửi Ban Biên tập,",
    "Đường Trường Chinh trước nhà tôi nhiều ổ gà,",
    "mặt đường hư hỏng nặng. Bao giờ Sở Xây dựng sửa?",
)


def reads_vietnamese() -> bool:
    """True where tesseract and its Vietnamese data are installed."""
    if TESSERACT is None or not FONT.is_file():
        return False
    told = subprocess.run([TESSERACT, "--list-langs"], capture_output=True, check=False).stdout
    return "vie" in told.decode().split()


def photographed(lines: tuple[str, ...]) -> bytes:
    """A letter on paper as a grey picture."""
    page = Image.new("L", (1500, 200 + 70 * len(lines)), 245)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT), 40)
    for number, line in enumerate(lines):
        pen.text((80, 80 + 70 * number), line, fill=30, font=font)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


@pytest.mark.skipif(not reads_vietnamese(), reason="tesseract with tesseract-ocr-vie is not installed")
def test_tesseract_reads_a_photographed_letter_for_the_officer_and_the_search(house: World) -> None:
    """As docs/install-more.md sets it up: found by its words, shown beside the picture, never passed on by itself."""
    picture = photographed(WRITTEN)
    command = (str(TESSERACT), "{file}", "-", "-l", "vie")
    ocr = house.house.config.ocr.model_copy(update={"command": command, "seconds": 60})
    object.__setattr__(house.house.config, "ocr", ocr)
    house.arrive(vouched(letter("an@dan.test", "", attachments=[("thu.png", "image/png", picture)])))
    (row,) = house.house.questions
    assert row["status"] == "needs_review"
    with house.house.engine.begin() as connection:
        search.prepare(connection)
        assert search.find(connection, "mặt đường hư hỏng") == [row["id"]]
    review = house.last("officer_review")
    assert files_of(review) == {"thu.png": picture}
    assert "ổ gà" in text_of(review)
    assert not house.house.sent_with(name="unit_forward")


def test_machine_text_is_never_an_answer() -> None:
    """Digits and words may be misread: the scan itself is what the asker is sent."""
    raw = letter("vanthu@sxd.test", "", subject="Re: [HP-2026-000123] Đề nghị trả lời", attachments=[SCAN])
    code = "import sys; sys.stdout.buffer.write('Trả lời câu hỏi HP-2026-000128: sửa xong trước 30/11.'.encode())"
    read = with_machine_text(raw, parse_mail(raw), (sys.executable, "-c", code, "{file}"), 20)
    reply = read_reply(read, load_units())
    assert (reply.verb, reply.text, reply.questions) == (Verb.ANSWER, "", ("HP-2026-000123",))
