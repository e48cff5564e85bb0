"""What leaders answer in many voices, with remarks to staff beside it: understood, and never approved on a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.commands.approval.opinion import approval_in, sent_back
from rules.commands.approval.opinion_words import load_reading, load_remark_words
from rules.commands.approval.remarks import changes_nothing, set_aside
from rules.commands.commands import read_commands
from rules.text import strip_marks
from rules.values.data_file import load_units

TABLE = Path(__file__).parents[3] / "data" / "leaders_answers.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
PAPER = "Tờ trình tổ chức phiên đối thoại: Hạ tầng đô thị và trật tự xây dựng, 08:30 ngày 26/11/2026, Phòng họp số 2"
MOST_MISSED = 0.1
"""The share of approvals and returns that is asked back."""
OTHER_WORDS = {"Chờ đăng"}
"""Without marks these say something else."""


def said(text: str) -> str:
    if approval_in(text, paper=PAPER) is not None:
        return "approve"
    ordered = any(one.verb == "return" for one in read_commands(text, load_units()))
    return "return" if ordered or sent_back(text) else "unclear"


def of_kind(expected: str) -> list[str]:
    return [text.replace("\\n", "\n") for text, kind in ROWS if kind == expected]


def test_what_approves_nothing_is_never_taken_for_an_approval() -> None:
    texts = [*of_kind("unclear"), *of_kind("return")]
    bare = [strip_marks(one) for one in texts if one not in OTHER_WORDS]
    assert len(texts) >= 200
    assert [one for one in (*texts, *bare) if said(one) == "approve"] == []


@pytest.mark.parametrize("kind", ["approve", "return"])
def test_what_leaders_decide_is_understood(kind: str) -> None:
    texts = of_kind(kind)
    missed = [(one, found) for one in texts if (found := said(one)) != kind]
    assert len(missed) <= MOST_MISSED * len(texts), missed
    assert {said(strip_marks(one)) for one in texts} <= {kind, "unclear"}


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Duyệt, nhớ gửi giấy mời sớm", "nhớ gửi giấy mời sớm"),
        ("Y/c phát hành trong ngày. Tôi phê duyệt.", "phát hành trong ngày"),
        ("Đồng ý, nhớ sửa lỗi chính tả trang 2 rồi gửi", "chính tả trang 2"),
        ("Đồng ý; rút kinh nghiệm cách xưng hô ở các lần sau.", "cách xưng hô"),
        ("Phê duyệt. Giao đ/c Thảo theo dõi phản hồi của bạn đọc.", "phản hồi"),
    ],
)
def test_a_remark_to_staff_is_passed_on(text: str, wish: str) -> None:
    found = approval_in(text)
    assert found is not None
    assert wish in found.wish


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dù hơi dài nhưng rõ ràng. Tôi duyệt.", ". Tôi duyệt."),
        ("Duyệt. Bản giấy mai tôi ký sau.", "Duyệt. ."),
        ("Duyệt. Nhớ bỏ mục 3.", "Duyệt. Nhớ bỏ mục 3."),
        ("Lưu ý mời báo chí.", "Lưu ý mời báo chí."),
        ("Lưu ý mời báo chí. Rồi tôi duyệt.", "Lưu ý mời báo chí. Rồi tôi duyệt."),
        ("Đồng ý với lưu ý của Sở", "Đồng ý với lưu ý của Sở"),
    ],
)
def test_a_remark_is_set_aside_beside_an_approval_alone(text: str, left: str) -> None:
    aside = set_aside(text).text
    assert len(aside) == len(text)
    assert " ".join(aside.split()) == left


@pytest.mark.parametrize(
    ("wish", "harmless"),
    [
        ("nhớ mời báo chí", True),
        ("lần sau trình sớm để tôi kịp xem", True),
        ("", True),
        ("lần sau hãy đăng", False),
        ("nhớ đổi hội trường", False),
        ("lưu ý tổ chức ngày 30/10", False),
        ("chúc em nghỉ phép vui", False),
    ],
)
def test_a_wish_that_changes_the_paper_is_no_wish_beside_it(wish: str, harmless: bool) -> None:
    assert changes_nothing(wish) is harmless


@pytest.mark.parametrize(
    ("busy", "approved"), [("Anh dang hop, toi duyet", False), ("Toi duyet", True), ("Anh dang hop, anh duyet", True)]
)
def test_without_marks_one_who_is_busy_may_mean_tonight(busy: str, approved: bool) -> None:
    assert (approval_in(busy) is not None) is approved


def test_the_second_approval_may_wait_for_the_first() -> None:
    assert approval_in("Đồng ý hết thì duyệt") is None


def test_the_words_by_which_answers_are_divided_are_data() -> None:
    reading = load_reading()
    assert reading.issue.search("duyệt, số 05/KH-BBT")
    assert reading.closed.split("Duyệt. Trân trọng") == ["Duyệt.", "Trân trọng"]
    assert reading.named_in_full.search("nội dung, thời gian như dự thảo")
    assert ("lưu", "ý") in load_remark_words().heads
