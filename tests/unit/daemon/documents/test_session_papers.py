"""The papers of the day of a session: the run sheet on one page, every question in cards and minutes."""

import io
from dataclasses import replace

from pypdf import PdfReader

from daemon.documents.inputs import BodyAnswer, RunSheetInput, ScriptQuestion
from daemon.documents.making import files_of
from daemon.documents.model import Signature
from daemon.documents.session_papers import build_cards, build_minutes, build_run_sheet
from tests.support import paper_samples as samples
from tests.support.paper_words import to_text

TEXT = "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng từ tháng 8 đến nay, bao giờ Sở Xây dựng sửa?"
PREPARED = BodyAnswer("Sở Xây dựng", "Sẽ sửa xong trước ngày 20/12/2026.", "Lê Thị Bình", "Phó Giám đốc", "")
QUESTIONS = tuple(
    ScriptQuestion(
        f"HP-2026-{n:06d}", "Đường bộ", "Đường", TEXT, "An", "", (PREPARED,) if n % 3 else (), "Sở Xây dựng"
    )
    for n in range(1, 11)
)
GIVEN = RunSheetInput(
    samples.filing(), samples.SESSION, QUESTIONS, (("Phạm Quốc Khánh", "Sở Xây dựng"),), "0225 300 0000"
)


def test_the_run_sheet_of_ten_questions_is_one_page() -> None:
    made = build_run_sheet(GIVEN)
    pdf = next(one.data for one in files_of(made, "x") if one.name.endswith(".pdf"))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    text = to_text(made)
    assert "10–" in text, "the first question begins after the opening"
    assert "Lê Thị Bình, Phó Giám đốc, Sở Xây dựng" in text
    assert "Phạm Quốc Khánh, Sở Xây dựng" in text, "the leader of the body where nobody has signed yet"
    assert "0225 300 0000" in text


def test_cards_and_minutes_hold_every_question() -> None:
    for made in (build_cards(GIVEN), build_minutes(GIVEN)):
        text = to_text(made)
        assert all(one.code in text for one in QUESTIONS)
    assert build_minutes(GIVEN).signature == Signature(("CHỦ TRÌ",), "Trần Văn Bình"), "who chaired, not the Head"
    assert "Sở Xây dựng chưa gửi nội dung; trả lời trực tiếp" in to_text(build_cards(GIVEN)), "the unit"


def test_where_no_leader_of_the_unit_sits_in_the_session_the_unit_stands() -> None:
    assert "Sở Xây dựng" in to_text(build_run_sheet(replace(GIVEN, leaders=())))
    assert "Đường bộ" not in to_text(build_run_sheet(replace(GIVEN, leaders=())))


def test_a_session_without_questions_has_its_opening_and_its_end() -> None:
    text = to_text(build_run_sheet(replace(GIVEN, questions=())))
    assert "Khai mạc" in text
    assert "bế mạc" in text
