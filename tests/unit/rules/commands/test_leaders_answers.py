"""What leaders answer in many voices: understood, and never approved on a guess."""

from collections.abc import Callable

import pytest

from rules.commands.approval.opinion import APPROVES, approval_in, returned_in
from rules.text import strip_marks
from tests.dose import each_third
from tests.mail_tables import DATA

PAPER = "Tờ trình tổ chức phiên đối thoại: Hạ tầng đô thị và trật tự xây dựng, 08:30 ngày 26/11/2026, Phòng họp số 2"
MOST_MISSED = {
    "leaders_answers.tsv": 0.05,
    "leaders_near.tsv": 0.17,
    "leaders_words.tsv": 0.06,
    **dict.fromkeys((f"leaders_voices_{one}.tsv" for one in "ABCDE"), 0.08),
    "leaders_strangers.tsv": 0.09,
    "leaders_doubts.tsv": 0.08,
    "leaders_matters.tsv": 0.05,
}
"""The share of a table's approvals and returns that is asked back; the vote has learnt all of them."""
NOT_LEARNT = {"heads_matters.tsv": (4, 12), "heads_strange.tsv": (5, 9)}
"""What heads write of other matters beside approvals with remarks on such, by two writers; no vote learns it. At most
so many of the former are approved, and so many of the latter asked back."""
OTHER_WORDS = {"Chờ đăng", "Thử máy: duyệt duyệt duyệt", "Tối nay tôi phê duyệt."}
"""Without marks these say something else."""


def said(text: str) -> str:
    if approval_in(text, paper=PAPER) is not None:
        return "approve"
    return "unclear" if returned_in(text) is None else "return"


def of_kind(table: str, *expected: str) -> list[str]:
    rows = [line.split("\t") for line in (DATA / table).read_text("utf-8").splitlines()[1:]]
    return [text.replace("\\n", "\n") for text, kind in rows if kind in expected]


@pytest.mark.wide
@each_third("table", sorted(MOST_MISSED))
def test_what_approves_nothing_is_never_taken_for_an_approval(table: str) -> None:
    texts = of_kind(table, "unclear", "return", "unclear|return")
    bare = [strip_marks(one) for one in texts if one not in OTHER_WORDS]
    assert len(texts) >= 100
    assert [one for one in (*texts, *bare) if said(one) == "approve"] == []


@pytest.mark.wide
@each_third("table", sorted(MOST_MISSED))
@pytest.mark.parametrize("kind", ["approve", "return"])
def test_what_leaders_decide_is_understood(table: str, kind: str) -> None:
    texts = of_kind(table, kind)
    missed = [(one, found) for one in texts if (found := said(one)) != kind]
    assert len(missed) <= MOST_MISSED[table] * len(texts), missed
    assert {said(strip_marks(one)) for one in texts} <= {kind, "unclear"}


@pytest.mark.parametrize("form", [str, strip_marks])
@pytest.mark.parametrize("table", NOT_LEARNT)
def test_what_a_leader_writes_of_other_matters_is_asked_back(table: str, form: Callable[[str], str]) -> None:
    """A printer, a leave, a storm: such mails hold real words of approving."""
    approved = [one for one in of_kind(table, "unclear") if said(form(one)) == "approve"]
    assert len(approved) <= NOT_LEARNT[table][0], approved


@pytest.mark.parametrize("form", [str, strip_marks])
@pytest.mark.parametrize("table", NOT_LEARNT)
def test_a_remark_on_another_matter_takes_no_approval_away(table: str, form: Callable[[str], str]) -> None:
    texts = of_kind(table, "approve")
    asked_back = [one for one in texts if said(form(one)) != "approve"]
    assert len(texts) >= 40
    assert len(asked_back) <= NOT_LEARNT[table][1], asked_back


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Duyệt, nhớ gửi giấy mời sớm", "nhớ gửi giấy mời sớm"),
        ("Y/c phát hành trong ngày. Tôi phê duyệt.", "phát hành trong ngày"),
        ("Đồng ý; rút kinh nghiệm cách xưng hô ở các lần sau.", "cách xưng hô"),
        ("Phê duyệt. Giao đ/c Thảo theo dõi phản hồi của bạn đọc.", "phản hồi"),
    ],
)
def test_a_remark_to_staff_is_passed_on(text: str, wish: str) -> None:
    found = approval_in(text)
    assert found is not None
    assert wish in found.wish


@pytest.mark.parametrize(
    ("text", "approved"),
    [
        ("Đồng ý kế hoạch ngày 26/11", True),
        ("Đồng ý ngày 27/11", False),
        ("Tôi duyệt phiên ngày hai mươi sáu tháng mười một", True),
        ("Tôi duyệt phiên ngày hai mươi bảy tháng mười một", False),
        ("Đồng ý phòng họp số 2", True),
        ("Đồng ý phòng họp số 3", False),
        ("Duyệt, số 41", True),
        ("Duyệt, số 12/BC-SKHCN", True),
        ("Phê duyệt số 05/KH-BBT", True),
        ("Duyệt phòng số 41", False),
        ("Duyệt. Bắt đầu lúc 8h30.", False),
        ("Phê duyệt kế hoạch trực bão số 9, các phòng phân công người trực.", False),
        ("Phe duyet ke hoach truc bao so 9, cac phong phan cong nguoi truc.", False),
        ("Phê duyệt kế hoạch tổ chức phiên đối thoại, các phòng phân công người trực.", True),
        ("Phê duyệt kế hoạch của các em", True),
        ("Duyệt cả ba câu.", True),
        ("Đồng ý thời gian", False),
        ("Đồng ý thời gian, địa điểm và chủ trì", False),
    ],
)
def test_a_number_or_day_of_the_paper_confirms_and_another_one_doubts(text: str, approved: bool) -> None:
    assert (approval_in(text, paper=PAPER) is not None) is approved


@pytest.mark.parametrize(("code", "approved"), [("P-2026-01", True), ("P-2026-02", False)])
def test_a_paper_may_be_named_by_its_session(code: str, approved: bool) -> None:
    named = f"{PAPER}\nP-2026-01"
    assert (approval_in(f"Tôi nhất trí với đề xuất {code}.", paper=named) is not None) is approved


@pytest.mark.parametrize("text", ["Anh duyệt nhé Mai", "Duyệt, nhớ gửi giấy mời sớm", "Không duyệt"])
def test_without_a_vote_every_answer_is_asked_back(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.commands.approval.opinion.sound_of", lambda *_: {})
    assert said(text) == "unclear"


@pytest.mark.parametrize(
    "text",
    [
        "Duyệt nhé, nếu Sở Y tế không có ý kiến",
        "Đồng ý với điều kiện kinh phí không tăng",
        "Duyệt, trừ phần kinh phí",
        "Sở Tài chính đồng ý thì duyệt",
        "Tôi duyệt được chưa em?",
    ],
)
def test_a_condition_or_question_approves_nothing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.commands.approval.opinion.sound_of", lambda *_: {APPROVES: 1.0})
    assert approval_in(text) is None


def test_without_a_word_of_approving_nothing_is_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.commands.approval.opinion.sound_of", lambda *_: {APPROVES: 1.0})
    assert approval_in("Mời báo chí đến sớm nhé") is None
    assert approval_in("Mời báo chí đến sớm nhé, anh duyệt") is not None
