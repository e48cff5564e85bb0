"""A question that stands only in a picture or a scanned PDF: registered, and its scan shown to an officer."""

from __future__ import annotations

import email
import email.policy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.parsing.ocr import with_machine_text
from daemon.parsing.parse import parse_mail
from rules.message.attachment_policy import machine_read
from tests.desk import Desk, desk, letter, vouched
from tests.installation import text_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40_000
SCAN = ("cau hoi.png", "image/png", PNG)
PDF = ("don.pdf", "application/pdf", b"%PDF-1.4\n%a scan without a word\n")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path / "house") as made:
        yield made


def shown(raw: bytes) -> dict[str, bytes]:
    """A mail's attachments."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return {str(one.get_filename()): one.get_payload(decode=True) for one in message.iter_attachments()}


@pytest.mark.parametrize("file", [SCAN, PDF], ids=["picture", "pdf"])
@pytest.mark.parametrize(
    "body", ["", "Câu hỏi trong ảnh ạ.\n\nNguyễn Văn An\n0912 000 111", "Xin gửi kèm theo đây ạ"]
)
def test_question_only_in_a_scan_is_registered_and_the_scan_shown(
    town: Desk, file: tuple[str, str, bytes], body: str
) -> None:
    row = town.arrive(vouched(letter("an@dan.test", body, attachments=[file]), "dan.test"))
    assert (row["status"], row["fate"], row["kind"]) == ("held", "register", "question")
    assert town.house.questions[0]["status"] == "needs_review"
    review = town.last("officer_review")
    assert shown(review) == {file[0]: file[2]}
    assert file[0] in text_of(review)
    assert town.last("citizen_received", "an@dan.test")


@pytest.mark.parametrize(("subject", "kind"), [("Đơn đề nghị", "question"), ("Đơn khiếu nại", "complaint")])
def test_a_subject_of_few_words_is_a_complaint_by_its_words_alone(town: Desk, subject: str, kind: str) -> None:
    row = town.arrive(vouched(letter("an@dan.test", "", subject=subject, attachments=[SCAN]), "dan.test"))
    assert (row["status"], row["kind"]) == ("held", kind)


def test_scan_is_never_forwarded_by_its_subject_alone(town: Desk) -> None:
    subject = "Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?"
    town.arrive(vouched(letter("an@dan.test", "", subject=subject, attachments=[SCAN]), "dan.test"))
    assert town.house.questions[0]["status"] == "needs_review"


def test_picture_beside_a_question_keeps_nobody_waiting(town: Desk) -> None:
    assert town.ask(attachments=[SCAN])["status"] == "forwarded"
    assert not [row for row in town.house.sent if row["name"] == "officer_review"]


def test_reading_machine_is_off_and_its_word_goes_to_a_person() -> None:
    raw = letter("an@dan.test", "", attachments=[SCAN])
    mail = parse_mail(raw)
    assert with_machine_text(raw, mail, (), 5) is mail
    code = "import sys; sys.stdout.buffer.write(f'Đường nhiều ổ gà {len(open(sys.argv[1],\"rb\").read())}'.encode())"
    read = with_machine_text(raw, mail, (sys.executable, "-c", code, "{file}"), 20)
    assert read.attachments[0].text == f"Đường nhiều ổ gà {len(PNG)}"
    assert machine_read(read)


def test_reading_machine_that_hangs_or_fails_changes_nothing() -> None:
    raw = letter("an@dan.test", "", attachments=[SCAN])
    mail = parse_mail(raw)
    for code in ("while True: pass", "raise SystemExit(1)"):
        assert with_machine_text(raw, mail, (sys.executable, "-c", code, "{file}"), 1) is mail
    assert with_machine_text(raw, mail, ("/no/such/program", "{file}"), 1) is mail


def test_machine_text_routes_but_an_officer_decides(tmp_path: Path) -> None:
    road = "Kính gửi Ban Biên tập, đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
    script = tmp_path / "machine.py"
    script.write_text(f"import sys\nsys.stdout.buffer.write({road!r}.encode())\n", encoding="utf-8")
    with desk(tmp_path / "house") as made:
        ocr = made.house.config.ocr.model_copy(update={"command": (sys.executable, str(script), "{file}")})
        object.__setattr__(made.house.config, "ocr", ocr)
        made.arrive(vouched(letter("an@dan.test", "", attachments=[SCAN]), "dan.test"))
        (row,) = made.house.questions
        assert (row["status"], row["guess"][0]["unit"]) == ("needs_review", "SXD")  # type: ignore[index]
        assert "OCR" in str(made.house.mails[0]["trace"])
