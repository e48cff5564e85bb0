"""A session is run by mail: each order of an officer, answered with what was done or why not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from db.core.tables import assignment, outbox, paper, question, session
from rules.law.session_rules import PaperKind
from tests.contract.test_prepared_links import prepared
from tests.contract.test_profile_options import TWO
from tests.contract.test_session_mail import LABELLED
from tests.dose import each_third
from tests.faults.test_files import HELD
from tests.hall import Hall
from tests.installation import HEAD, MAILBOX, OFFICER, SXD, answer_to, files_of, letter, subject_of, unit_address
from tests.world import CHAIR, CITIZEN, FORM, ROAD, SIGNATURE, said, vouched

MACRO = HELD["macro by its ending"]
SGDDT = unit_address("SGDDT")
DECIDED = "P-2026-01 lãnh đạo đã quyết định tại Công văn số 12/UBND-VX ngày 02/11/2026"
DOG = "Nhà hàng xóm nuôi chó thả rông, xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?"


def told(hall: Hall, address: str, about: str) -> str:
    """The last mail to somebody whose subject holds the words."""
    return said([raw for raw in hall.inbox(address) if about in subject_of(raw)][-1])


def order(hall: Hall, text: str) -> str:
    """The officer answers the last mail of the house; what came of it."""
    seen = len(hall.inbox(OFFICER))
    hall.reply(OFFICER, text)
    new = hall.inbox(OFFICER)[seen:]
    answers = [raw for raw in new if any(one in subject_of(raw) for one in ("Kết quả", "Chưa làm", "Đã làm"))]
    assert answers, f"no answer to {text!r}"
    return said(answers[-1])


def proposed(hall: Hall) -> str:
    """A session proposed by mail, its topic approved, beside a bystander's question and another's session."""
    return hall.begin("proposed", lambda: _proposed(hall))


def _proposed(hall: Hall) -> str:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    hall.ask(DOG + SIGNATURE, sender="ba@dan.test")
    hall.reply(OFFICER, LABELLED + "Yêu cầu: Trả lời đúng trọng tâm.\nCách thức: Trực tuyến trên Cổng.\n")
    hall.approve()
    assert hall.status("P-2026-01") == "proposed"
    assert "đã ghi quyết định" in order(hall, DECIDED).lower()
    assert hall.status("P-2026-01") == "topic_approved"
    return "P-2026-01"


@pytest.fixture
def code(hall: Hall) -> str:
    """A session up to its notice."""
    return hall.announced()


@pytest.fixture
def draft(hall: Hall) -> str:
    """A session that is proposed and no more."""
    return proposed(hall)


def test_the_form_of_a_session_is_sent_to_whoever_proposes_without_it(hall: Hall) -> None:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    hall.ask(DOG + SIGNATURE)
    answer = order(hall, "Đề xuất phiên đối thoại")
    assert "Chủ đề:" in answer
    assert "Thời gian: 08:30 ngày" in answer
    answer = order(hall, "Đề xuất phiên\nChủ đề: Nhà ở xã hội")
    assert "Còn thiếu dòng “Thời gian: …”" in answer
    answer = order(hall, "Đề xuất phiên\nChủ đề Nhà ở xã hội\nThời gian 8h30 ngày 26/11/2026")
    assert "Chưa làm" in answer
    assert "Không đọc được các dòng “Chủ đề Nhà ở xã hội”, “Thời gian 8h30" in answer
    assert hall.house.rows(session) == []
    hall.reply(OFFICER, "Đề xuất phiên\n" + LABELLED.replace(": ", "\t"))
    assert [row["code"] for row in hall.house.rows(session)] == ["P-2026-01"], "a pasted table with tabs"


def test_a_casual_word_of_the_decision_is_cited_cleanly_and_can_be_put_right(hall: Hall) -> None:
    hall.house.clock.at = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
    hall.ask(DOG + SIGNATURE, sender="ba@dan.test")
    hall.reply(OFFICER, LABELLED + "Yêu cầu: Trả lời đúng trọng tâm.\nCách thức: Trực tuyến trên Cổng.\n")
    hall.approve()
    answer = order(hall, "Lãnh đạo đồng ý rồi ạ, công văn 15/UBND-KSTT ngày 2/11 nhé")
    assert "Đã ghi quyết định về phiên P-2026-01: Công văn số 15/UBND-KSTT ngày 02/11/2026;" in answer
    order(hall, "Trình kế hoạch P-2026-01")
    right = "P-2026-01 lãnh đạo đã quyết định tại Công văn số 16/UBND-KSTT ngày 02/11/2026"
    answer = order(hall, right)
    assert "Đã ghi lại quyết định về phiên P-2026-01: Công văn số 16/UBND-KSTT ngày 02/11/2026" in answer
    assert hall.desk.show("P-2026-01").form.decided == "Công văn số 16/UBND-KSTT ngày 02/11/2026"
    assert "đã ghi Công văn số 16" in order(hall, right)
    order(hall, "Trình kế hoạch P-2026-01")
    hall.approve()
    assert hall.status("P-2026-01") == "plan_issued"
    assert "đã ghi: Công văn số 16" in order(hall, right.replace("16", "17")), "the plan that cites it is issued"


def test_a_decision_told_without_its_day_is_asked_for_it_with_the_words_at_hand(hall: Hall) -> None:
    """ "cv 15/UBND-KSTT hôm nay": the plan cited a paper without a day, and nobody was told."""
    hall.house.clock.at = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
    hall.ask(DOG + SIGNATURE, sender="ba@dan.test")
    hall.reply(OFFICER, LABELLED + "Yêu cầu: Trả lời đúng trọng tâm.\nCách thức: Trực tuyến trên Cổng.\n")
    hall.approve()
    answer = order(hall, "Lãnh đạo đồng ý rồi ạ, cv 15/UBND-KSTT hôm nay")
    again = "P-2026-01 lãnh đạo đã quyết định tại Công văn số 15/UBND-KSTT ngày"
    assert f"chưa rõ ngày, xin ghi lại “{again} …”" in answer
    answer = order(hall, f"{again} 3/11")
    assert "chưa rõ ngày" not in answer
    assert hall.desk.show("P-2026-01").form.decided == "Công văn số 15/UBND-KSTT ngày 03/11/2026"


def test_plan_and_notice_are_put_up_issued_and_posted_by_mail(hall: Hall, draft: str) -> None:
    assert f"Đã trình kế hoạch tổ chức phiên đối thoại, phiên {draft}" in order(hall, "trinh ke hoach giup em")
    assert "đang chờ duyệt" in order(hall, f"Trình kế hoạch {draft}")
    hall.approve()
    assert hall.status(draft) == "plan_issued"
    assert "Đã trình thông báo" in order(hall, f"{draft} trình thông báo")
    assert "chưa được duyệt" in order(hall, "Đã đăng tại https://haiphong.test/1")
    hall.approve()
    assert "Cần ghi địa chỉ trang" in order(hall, f"{draft} đã đăng thông báo")
    assert "từ nay nhận câu hỏi" in order(hall, "Đã đăng tại https://haiphong.test/1.")
    assert hall.desk.show(draft).link == "https://haiphong.test/1"
    assert hall.status(draft) == "announced"


@pytest.mark.parametrize(
    ("subject", "text", "asked"),
    [
        (
            "Fwd: [P-2026-01] Trình phê duyệt: kế hoạch",
            "Duyệt\n\n---------- Forwarded message ---------\nTừ: doithoai@haiphong.test\nSubject: [P-2026-01] Trình "
            "phê duyệt\n\nkính trình Ông/Bà phê duyệt kế hoạch tổ chức phiên đối thoại",
            True,
        ),
        ("Kế hoạch", "ok em nhé", True),
        (
            "Fwd: Cống tắc",
            "Đồng ý\n\n---------- Forwarded message ---------\nTừ: tam@dan.test\n\nCống ngõ 5 tắc, bao giờ sửa?",
            False,
        ),
    ],
)
def test_the_heads_approval_that_answers_no_request_is_asked_back(
    hall: Hall, draft: str, subject: str, text: str, asked: bool
) -> None:
    order(hall, f"Trình kế hoạch {draft}")
    hall.write(letter(HEAD, text, subject=subject))
    shown = said(hall.last(HEAD))
    assert (hall.status(draft), "Chưa duyệt văn bản nào" in shown) == ("topic_approved", asked)
    assert ("Đăng ký" in shown) != asked
    assert hall.house.mails[-1]["status"] == ("done" if asked else "held")
    if asked:
        assert "Trưởng Ban Biên tập đã viết" in said(hall.last(OFFICER))
        hall.reply(HEAD, "Duyệt", "Chưa làm")
        assert hall.status(draft) == "plan_issued"
        hall.write(letter(HEAD, text, subject="Việc"))
        if subject == "Kế hoạch":
            assert "Không có văn bản nào đang chờ Ông/Bà duyệt" in said(hall.last(HEAD))


def test_a_plan_signed_on_paper_is_told_with_its_number(hall: Hall, draft: str) -> None:
    assert "xin ghi “Trình kế hoạch P-2026-01” trước" in order(hall, "Đã ban hành kế hoạch số 05/KH-BBT ngày 2/11")
    order(hall, f"Trình kế hoạch {draft}")
    assert "Cần ghi số của kế hoạch" in order(hall, f"Đã ban hành kế hoạch {draft}")
    assert "Ngày 03/11/2026 chưa đến" in order(hall, f"Đã ban hành kế hoạch {draft} số 05/KH-BBT, 3/11")
    answer = order(hall, f"Đã ban hành kế hoạch {draft} số 15/KH-UBND ngày 1/11")
    assert "ký hiệu KH-BBT, không phải KH-UBND; nếu văn bản này mang số 15/KH-BBT, xin ghi lại như vậy" in answer
    assert hall.status(draft) == "topic_approved", "the notice would cite a paper that does not exist"
    answer = order(hall, f"Đã ban hành kế hoạch {draft} số 05/KH-BBT ngày 1/11")
    assert "ban hành ngày 01/11/2026, số 05" in answer
    assert hall.status(draft) == "plan_issued"
    assert [row["number"] for row in hall.house.rows(paper) if row["kind"] == "plan"] == ["05/KH-BBT"]
    assert "Hạ tầng đô thị" in said(hall.last(SXD))


def test_what_the_plan_lacks_is_named_and_filled_in_by_mail(hall: Hall) -> None:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    hall.ask(DOG + SIGNATURE)
    hall.reply(OFFICER, LABELLED)
    hall.approve()
    order(hall, DECIDED)
    answer = order(hall, "Trình kế hoạch P-2026-01")
    assert "còn trống: yêu cầu" in answer
    answer = order(hall, "Bổ sung phiên P-2026-01\nYêu cầu: Trả lời đúng trọng tâm.\nCách thức: Trực tuyến.")
    assert "Yêu cầu, Cách thức tổ chức" in answer
    leaders = ("ông Phạm Văn Hùng, Phó Chủ tịch", "ông Trần Quốc Dũng, Giám đốc, Sở Xây dựng")
    for sign, more in (("", "\nchị Hoa thì tùy anh"), ("- ", "")):
        below = "\n".join(f"{sign}{one}" for one in leaders)
        answer = order(hall, f"Bổ sung phiên P-2026-01\nYêu cầu: rõ{sign}\nLãnh đạo trả lời:\n{below}{more}")
        assert ("chưa ghi: “chị Hoa thì tùy anh”" in answer) is bool(more)
        assert [one.name for one in hall.desk.show("P-2026-01").form.leaders] == [
            "ông Phạm Văn Hùng",
            "ông Trần Quốc Dũng",
        ]
    assert "Đã trình kế hoạch" in order(hall, "Trình kế hoạch P-2026-01")


def test_a_session_is_moved_by_mail(hall: Hall, draft: str) -> None:
    assert "Cần ghi ngày mới" in order(hall, f"Hoãn phiên {draft} vì trùng lịch")
    assert "đã qua" in order(hall, f"Hoãn phiên {draft} sang 1/10/2026")
    assert "Hệ thống không làm gì" in order(hall, f"Đã hoãn phiên {draft} sang 10/12/2026")
    answer = order(hall, f"Hoãn phiên {draft} sang 14:00 ngày 10/12/2026, lý do chưa đủ thành phần")
    assert "sang 14:00 ngày 10/12/2026" in answer
    assert hall.desk.show(draft).starts_at == datetime(2026, 12, 10, 7, 0, tzinfo=UTC)


@each_third(
    "behind",
    [
        "không",
        "ko em",
        "có kịp không, em xem giúp",
        "thì kẹt lịch anh Bình",
        "là không nên",
        "thì phải",
        ", để chị hỏi anh Bình đã",
        ". Khoan đã em",
        "\nKhoan đã",
        "\nĐể chị hỏi anh Bình đã",
    ],
)
def test_who_only_asks_about_a_session_or_takes_it_back_moves_nothing(hall: Hall, draft: str, behind: str) -> None:
    before = hall.desk.show(draft)
    assert "Chưa làm" in order(hall, f"Hoãn phiên {draft} sang 14:00 ngày 10/12/2026 {behind}")
    assert hall.desk.show(draft) == before


@each_third(
    ("behind", "to"),
    [
        ("từ 08:30 ngày 26/11 sang 14:00 ngày 10/12", "14:00 ngày 10/12/2026"),
        ("tu 8h30 sang 26/11 sang 14h ngay 10/12", "14:00 ngày 10/12/2026"),
        ("sang ngày 10/12 thay cho 8h30 ngày 26/11", "08:30 ngày 10/12/2026"),
        ("đến 14h ngày 10/12, đơn vị báo lại đến hết ngày 5/12", ""),
        ("sang ngày 10/12, trước đây dự kiến 14h ngày 5/12", ""),
        ("ngày 10/12, mời các đơn vị đến họp ngày 5/12", ""),
        ("sang 14:00 10/12 hoặc 11/12", ""),
        ("sang 8h30 thứ Sáu ngày 10/12/2026", ""),
        ("sang 8h30 thứ Năm ngày 10/12/2026", "08:30 ngày 10/12/2026"),
        ("từ 8h30 đến 14h ngày 10/12", ""),
        ("sang 14:00 ngày 31/12/9999", ""),
        ("sang 14:00 ngày 10/12/2126", ""),
        ("sang 14:00 ngày 01/01/0001", ""),
    ],
)
def test_a_session_moves_to_the_day_behind_the_order_or_asks(hall: Hall, draft: str, behind: str, to: str) -> None:
    before = hall.desk.show(draft)
    answer = order(hall, f"Hoãn phiên {draft} {behind}")
    if to:
        assert f"sang {to}" in answer
        assert f"{hall.desk.show(draft).starts_at + timedelta(hours=7):%H:%M ngày %d/%m/%Y}" == to
    else:
        assert "Chưa làm" in answer
        assert links(hall, f"Hoãn phiên {draft} sang")
        assert hall.desk.show(draft) == before


def test_a_plan_that_was_never_issued_tells_no_unit_of_its_session(hall: Hall, draft: str) -> None:
    order(hall, f"Trình kế hoạch {draft}")
    before = len(hall.inbox(SXD)), len(hall.inbox(CHAIR))
    for day in (10, 11):
        assert "báo đơn vị" not in order(hall, f"Hoãn phiên {draft} sang 08:30 ngày {day}/12/2026 vì trùng họp")
    order(hall, f"Hủy phiên {draft} vì trùng họp")
    order(hall, f"Xác nhận hủy phiên {draft} vì trùng họp")
    assert (len(hall.inbox(SXD)), len(hall.inbox(CHAIR))) == before
    assert hall.status(draft) == "cancelled"


def test_another_hall_and_chair_on_the_last_day_reach_all_who_were_invited(hall: Hall, code: str) -> None:
    hall.ask()
    order(hall, f"Trình kịch bản {code}")
    hall.at(2026, 11, 25, 2, 0)
    assert "TỜ ĐIỀU HÀNH" in " ".join(map(subject_of, hall.inbox(CHAIR)))
    dates, seen, asker = hall.duties(), hall.last_sent(), len(hall.inbox(CITIZEN))
    assert "chỉ sửa được địa điểm, người chủ trì" in order(hall, f"Bổ sung phiên {code}\nMục đích: Khác")
    order(hall, f"Đổi địa điểm phiên {code} sang Hội trường tầng 2")
    assert f"Bổ sung phiên {code}: Địa điểm:" in links(hall)
    assert not hall.house.sent_with(after=seen, role="unit")
    chair = "Lê Văn Dũng, Phó Chủ tịch Ủy ban nhân dân thành phố, chutri2@haiphong.test"
    answer = order(hall, f"Bổ sung phiên {code}\nĐịa điểm: Hội trường tầng 2\nChủ trì: {chair}")
    assert "xin sửa thông báo đã đăng trên Cổng; kịch bản đang trình không còn hiệu lực" in answer
    assert "đã báo các đơn vị và người chủ trì; đã báo giấy mời trước đây không còn hiệu lực: Trần Văn Bình" in answer
    sent = {row["recipient"]: row["name"] for row in hall.house.sent_with(after=seen, role="unit")}
    assert sent == {SXD: "session_changed", unit_address("SNNMT"): "session_changed"}
    assert "Địa điểm: Hội trường tầng 2 (trước đây: Phòng họp số 2)" in said(hall.last(SXD))
    assert "không còn là người chủ trì" in said(hall.last(CHAIR))
    names = [row["name"] for row in hall.house.sent_with(after=seen, recipient="chutri2@haiphong.test")]
    assert "session_invitation" in names
    assert "session_paper" in names, "the run sheet, as it is now"
    assert hall.status(code) == "announced"
    assert {rule: row["due_at"] for rule, row in hall.duties().items()} == {
        rule: row["due_at"] for rule, row in dates.items()
    }
    assert len(hall.inbox(CITIZEN)) == asker + 1
    assert "nay tại Hội trường tầng 2" in said(hall.last("citizen_session", CITIZEN))
    seen = hall.last_sent()
    assert "không có gì thay đổi" in order(hall, f"Bổ sung phiên {code}\nĐịa điểm: Hội trường tầng 2")
    assert not hall.house.sent_with(after=seen, role="unit")


def test_an_asker_whose_answer_waits_for_the_session_hears_what_the_officer_says(hall: Hall, code: str) -> None:
    """Who asked whether to come could be answered by no order: pass it on, open it again, or file it."""
    asked, other = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    hall.write(answer_to(hall.about(SXD, asked)[0], SXD, "Sở Xây dựng trả lời: đường được sửa trước 20/12/2026."))
    hall.let_pass(hours=1)
    hall.reply(CITIZEN, "Hôm đó tôi có phải đến không? Ở đâu ạ?", asked)
    seen = len(hall.inbox("ba@dan.test"))
    assert f"{asked} chuyển cho người hỏi:" in links(hall)
    hall.reply(OFFICER, f"{asked} chuyển cho người hỏi: Ông không phải đến, có thể xem trên Cổng.", "Cần xem xét")
    assert "Ông không phải đến, có thể xem trên Cổng." in said(hall.last(CITIZEN))
    assert "Đã gửi lời trên" in said(hall.last(OFFICER))
    assert len(hall.inbox("ba@dan.test")) == seen, f"who asked {other} hears nothing"
    assert hall.house.mails[-2]["status"] == "done"


def test_who_proposes_the_session_again_is_told_how_the_one_that_stands_is_changed(hall: Hall, draft: str) -> None:
    answer = order(hall, LABELLED.replace("26/11/2026", "27/11/2026"))
    assert "Trong kỳ đã có một phiên cùng cấp" in answer
    assert f"xin ghi “Hoãn phiên {draft} sang …” hoặc “Bổ sung phiên {draft}: …”; phiên đột xuất cần dòng" in answer
    assert [row["code"] for row in hall.house.rows(session)] == [draft]


def test_how_far_a_session_is_can_be_asked(hall: Hall, draft: str) -> None:
    """Nobody could ask: the program did not understand, or wanted the number of a question."""
    answer = order(hall, "phiên đến đâu rồi em")
    assert f"{draft} đã duyệt chủ đề, chưa ban hành kế hoạch; lịch 08:30 ngày 26/11/2026; Phòng họp số 2;" in answer
    assert f"có thể ghi “Trình kế hoạch {draft}”" in answer
    order(hall, f"Trình kế hoạch {draft}")
    before = hall.desk.show(draft)
    assert "kế hoạch tổ chức phiên đối thoại: đã trình, chờ duyệt" in order(hall, f"{draft} đến đâu rồi?")
    assert "xin ghi thành dòng riêng" in order(hall, "Phiên đến đâu rồi, mai chuyển sang 14h ngày 27/11 nhé")
    assert "Không có phiên số P-2026-09" in order(hall, "Tình trạng P-2026-09")
    assert hall.desk.show(draft) == before
    hall.approve()
    hall.reply(OFFICER, "đến đâu rồi", f"[{draft}]")
    assert links(hall) == [f"Tình trạng phiên {draft}"], "neither a question nor a session is guessed"


def test_another_day_tells_what_is_over_already_and_which_page_names_the_old_one(hall: Hall, code: str) -> None:
    """The officer heard of neither: people came on the old day, and the Head was told next day of days long over."""
    hall.at(2026, 11, 16, 2, 0)
    answer = order(hall, f"Hoãn phiên {code} sang 14:00 ngày 27/11/2026 vì trùng kỳ họp")
    over = "theo ngày mới đã quá hạn: Ban hành kế hoạch tổ chức phiên đối thoại (hạn 12/11/2026); Cổng thông tin"
    assert over in answer
    assert answer.count("(hạn ") == 2, "one line for a date that is over"
    assert "thông báo đã đăng tại https://haiphong.test/thong-bao còn ghi ngày cũ, xin sửa ngay" in answer
    answer = order(hall, f"Hoãn phiên {code} sang 14:00 ngày 16/12/2026 vì trùng kỳ họp")
    assert "đã quá hạn" not in answer


def test_a_session_without_a_page_is_moved_without_a_word_of_one(hall: Hall, draft: str) -> None:
    answer = order(hall, f"Hoãn phiên {draft} sang 14:00 ngày 10/12/2026")
    assert "đã đăng tại" not in answer
    assert "đã quá hạn" not in answer


def test_another_hour_of_the_day_leaves_papers_and_dates_and_is_told_with_the_hall(hall: Hall, code: str) -> None:
    """Plan and notice became void and late by it, and units were told to answer in writing."""
    hall.ask()
    hall.at(2026, 11, 13, 2, 0)
    dates, seen = {rule: row["due_at"] for rule, row in hall.duties().items()}, hall.last_sent()
    answer = order(hall, f"Hoãn phiên {code} sang 14:00 ngày 26/11/2026")
    assert "đã ban hành và các thời hạn giữ nguyên; xin sửa thông báo đã đăng trên Cổng" in answer
    sent = {row["recipient"]: row["name"] for row in hall.house.sent_with(after=seen, role="unit")}
    assert sent == {SXD: "session_changed", unit_address("SNNMT"): "session_changed"}
    for address in (SXD, CITIZEN):
        assert "sang 14 giờ 00 phút, thứ Năm, ngày 26/11/2026, tại Phòng họp số 2" in said(hall.last(address))
    assert "không còn hiệu lực" not in said(hall.last(SXD))
    assert hall.status(code) == "announced"
    assert {row["kind"]: row["status"] for row in hall.house.rows(paper)}["plan"] == "approved"
    assert {rule: row["due_at"] for rule, row in hall.duties().items()} == dates
    hall.at(2026, 11, 16, 3, 0)
    assert "quá hạn" not in " ".join(said(one) for one in hall.inbox(HEAD)[-2:])
    hall.at(2026, 11, 26, 1, 30)
    assert "14:00" in said(hall.last("session_paper", CHAIR)) or "14 giờ" in said(hall.last("session_paper", CHAIR))


@pytest.mark.parametrize("status", ["plan_issued", "topic_approved"])
def test_an_issued_plan_stands_at_another_hour_and_its_notice_is_new(hall: Hall, draft: str, status: str) -> None:
    order(hall, f"Trình kế hoạch {draft}")
    if status == "plan_issued":
        hall.approve()
        order(hall, f"Trình thông báo {draft}")
    assert hall.status(draft) == status
    answer = order(hall, f"Hoãn phiên {draft} sang 14:00 ngày 26/11/2026")
    assert ("kế hoạch đã ban hành" in answer) is (status == "plan_issued")
    assert hall.status(draft) == status
    states = {row["kind"]: row["status"] for row in hall.house.rows(paper) if row["status"] != "void"}
    assert (states.get("plan") == "approved", "notice" in states) == (status == "plan_issued", False)


def test_two_changes_within_a_second_are_both_told(hall: Hall, code: str) -> None:
    """Two mails decided on in one second: the units heard of the first alone."""
    seen, chair = hall.last_sent(), "Lê Văn Dũng, Phó Chủ tịch Ủy ban nhân dân thành phố, chutri2@haiphong.test"
    for changed in ("Địa điểm: Hội trường tầng 2", f"Chủ trì: {chair}"):
        order(hall, f"Bổ sung phiên {code}\n{changed}")
    told = [said(bytes(row["bytes"])) for row in hall.house.sent_with(after=seen, recipient=SXD)]
    assert ["Hội trường tầng 2 (trước đây" in one for one in told] == [True, False]
    assert ["Chủ trì: Lê Văn Dũng" in one for one in told] == [False, True]


def test_another_address_of_the_chair_is_told_to_nobody_else_and_gets_what_the_chair_had(hall: Hall) -> None:
    code, new = hall.announced(), "chutri9@haiphong.test"
    hall.ask()
    order(hall, f"Trình kịch bản {code}")
    hall.at(2026, 11, 25, 2, 0)
    seen = hall.last_sent()
    answer = order(hall, f"Bổ sung phiên {code}\nChủ trì: {FORM.chair.name}, {FORM.chair.title}, {new}")
    assert "Chủ trì; văn bản của phiên không phải sửa; đã báo người chủ trì; đã báo giấy mời trước đây" in answer
    assert not hall.house.sent_with(after=seen, role="unit")
    assert "session_changed" not in [row["name"] for row in hall.house.sent_with(after=seen, recipient=OFFICER)]
    assert "địa chỉ thư khác của Ông/Bà" in said(hall.last(CHAIR))
    names = {row["name"] for row in hall.house.sent_with(after=seen, recipient=new)}
    assert names == {"session_invitation", "session_paper"}
    assert [row["status"] for row in hall.house.rows(paper) if row["kind"] == "script"] == ["shown"]
    order(hall, f"Bổ sung phiên {code}\nChủ trì: {FORM.chair.name}, Quyền Chủ tịch")
    assert "Quyền Chủ tịch" in said(hall.last("session_changed", new)), "the post alone leaves the address"
    assert hall.desk.show(code).form.chair.email == new


def test_the_same_chair_with_a_fuller_title_or_an_address_makes_no_paper_void(hall: Hall) -> None:
    """The plan was void by it, put before the Head again unchanged, and issued a second time."""
    code, chair, new = proposed(hall), FORM.chair, "chutri9@haiphong.test"
    order(hall, f"Trình kế hoạch {code}")
    answer = order(hall, f"Bổ sung phiên {code}\nChủ trì: {chair.name}, {chair.title}, chutri8@haiphong.test")
    assert "văn bản của phiên không phải sửa" in answer
    assert {row["kind"]: row["status"] for row in hall.house.rows(paper)}["plan"] == "shown"
    hall.approve()
    seen = hall.last_sent()
    answer = order(hall, f"Bổ sung phiên {code}\nChủ trì: đ/c {chair.name}, {chair.title}, {new}")
    assert "kế hoạch" not in answer
    assert "quyết định người chủ trì trước" not in answer
    assert "session_invitation" in [row["name"] for row in hall.house.sent_with(after=seen, recipient=new)]
    answer = order(hall, f"Bổ sung phiên {code}\nChủ trì: ông {chair.name}, Quyền Chủ tịch UBND thành phố")
    assert "kế hoạch đã ban hành không còn" not in answer
    assert (hall.desk.show(code).form.chair.email, hall.status(code)) == (new, "plan_issued")
    assert [row["status"] for row in hall.house.rows(paper) if row["kind"] == "plan"] == ["approved"]
    answer = order(hall, f"Bổ sung phiên {code}\nChủ trì: ông Trần Văn Bính, {chair.title}, {new}")
    assert "kế hoạch đã ban hành không còn hiệu lực" in answer


def test_a_form_sent_again_with_the_same_time_changes_only_what_is_new_in_it(hall: Hall, draft: str) -> None:
    order(hall, f"Trình kế hoạch {draft}")
    hall.approve()
    order(hall, f"Trình thông báo {draft}")
    hall.approve()
    same = "Thời gian: 08:30 ngày 26/11/2026\nĐịa điểm: Phòng họp số 2"
    assert "không có gì thay đổi" in order(hall, f"Bổ sung phiên {draft}\n{same}\nCấp: thành phố")
    for more, done in (("", "Chưa làm"), (same, "Đã làm")):
        answer = order(hall, f"Bổ sung phiên {draft}\n{more}\nCấp: đơn vị\nĐơn vị tổ chức: SXD")
        assert done in answer
        assert f"“Cấp”, “Đơn vị tổ chức” của phiên không sửa được; nếu cần đổi, xin ghi “Hủy phiên {draft}”" in answer
    assert {row["kind"]: row["status"] for row in hall.house.rows(paper)}["notice"] == "approved"
    assert "“Hoãn phiên P-2026-01 sang …”" in order(hall, f"Bổ sung phiên {draft}\n{same.replace('26', '27', 1)}")
    assert "không còn hiệu lực" in order(hall, f"Bổ sung phiên {draft}\n{same.replace('Phòng', 'Hội trường')}")
    assert hall.desk.show(draft).form.place == "Hội trường họp số 2"


def test_the_whole_form_below_the_order_to_amend_amends_and_proposes_no_second_session(hall: Hall) -> None:
    code = hall.begin("proposed", lambda: proposed(hall))
    answer = order(hall, f"Bổ sung phiên {code}\n{LABELLED.replace('Phòng họp số 2', 'Hội trường tầng 3')}")
    assert f"Đã ghi vào phiên {code}" in answer
    assert hall.desk.show(code).form.place == "Hội trường tầng 3"
    assert len(hall.house.rows(session)) == 1


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("Thời lượng: 999999999999999 phút", "90"),
        ("Thời lượng: 20 phút", "90"),
        ('topic = "Nhà ở"\nminutes = "hai tiếng"', "mục “Thời lượng” thiếu hoặc không hợp lệ"),
        ('topic = "Nhà ở"\nchair = "Trần Văn B"', "mục “Chủ trì” thiếu hoặc không hợp lệ"),
        ('topic = "Nhà ở"\nunits = 5', "thiếu hoặc không hợp lệ"),
        ('topic = "Nhà ở"\nkhac = 5', "khac: không đọc được"),
    ],
)
def test_what_a_session_cannot_have_is_never_written_into_it(hall: Hall, lines: str, why: str) -> None:
    code = hall.begin("proposed", lambda: proposed(hall))
    before = hall.desk.show(code).form
    assert why in order(hall, f"Bổ sung phiên {code}\n{lines}")
    assert hall.desk.show(code).form == before


def test_a_session_is_called_off_by_two_mails(hall: Hall, draft: str) -> None:
    assert "Cần nêu lý do" in order(hall, f"Hủy phiên {draft}")
    assert "Chưa có đề nghị xác nhận nào" in order(hall, f"Xác nhận hủy phiên {draft} vì bão")
    assert "Chưa hủy" in order(hall, f"Hủy phiên {draft} vì bão số 9")
    assert hall.status(draft) == "topic_approved"
    assert "không rút lại được" in told(hall, OFFICER, "Xin xác nhận trước khi hủy phiên")
    assert f"Đã hủy phiên {draft}" in order(hall, f"Xác nhận hủy phiên {draft} vì bão số 9")
    assert hall.status(draft) == "cancelled"


def test_an_answer_given_in_the_session_goes_to_a_new_address_and_to_who_asks_the_same(hall: Hall) -> None:
    hall.announced()
    first, second = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    hall.house.clock.at = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    order(hall, f"{first} trả lời tại phiên (bà Lê Thị Bình, Phó Giám đốc): vỉa hè lát xong trong tháng 12")
    assert "kèm câu trả lời đã có" in order(hall, f"{first} sửa thư điện tử: chu@dan.test")
    assert f"đã gửi người hỏi câu trả lời của câu {first}" in order(hall, f"{second} trùng với {first}")
    for reader in ("chu@dan.test", "ba@dan.test"):
        shown = said(hall.last(reader))
        assert "TRẢ LỜI TẠI PHIÊN ĐỐI THOẠI vỉa hè lát xong trong tháng 12" in shown
        assert "Người trả lời tại phiên đối thoại: bà Lê Thị Bình, Phó Giám đốc" in shown


def test_a_released_file_of_an_answer_for_the_script_goes_with_that_answer(hall: Hall) -> None:
    hall.announced()
    asked = str(hall.ask()["code"])
    words = "Sở Xây dựng trả lời: đường Trường Chinh được sửa xong trước ngày 20/12/2026, chi tiết tại phụ lục."
    hall.reply(SXD, words, asked, attachments=[MACRO])
    assert hall.of_question(asked)[0]["status"] == "answered"
    before = hall.names("an@dan.test")
    assert "chỉ đến người hỏi khi câu trả lời" in order(hall, f"{asked} cho chuyển tệp")
    assert hall.names("an@dan.test") == before
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    order(hall, f"{asked} đã trả lời tại phiên")
    assert hall.names("an@dan.test")[len(before) :] == ["citizen_answered"]
    assert list(files_of(hall.last("an@dan.test"))) == [MACRO[0]]


def test_who_writes_again_before_the_session_reads_that_the_answer_is_kept_for_it(hall: Hall) -> None:
    """The unit read that its answer leaves in a few minutes, and took it back in a hurry or thought it sent."""
    code, asked = hall.announced(), str(hall.ask()["code"])
    hall.reply(SXD, "Sở Xây dựng trả lời: đường Trường Chinh được sửa xong trước ngày 20/12/2026.", asked)
    bystander, before = hall.state()["question"], hall.names("an@dan.test")
    hall.reply(SXD, "Sở Xây dựng trả lời rõ hơn: đường Trường Chinh được sửa xong trước ngày 15/12/2026.", asked)
    assert "Thư sau câu trả lời chưa gửi cho người hỏi" in subject_of(hall.last(SXD)), "it is held, not received"
    told = said(hall.last(SXD))
    assert f"được giữ cho phiên đối thoại {code}, chưa gửi cho người hỏi; muốn lấy lại" in told
    assert (
        "Nếu muốn thay hoặc bổ sung, xin trả lời thư này, dòng đầu ghi “Gửi bổ sung: …” hoặc “Đính chính: …”" in told
    )
    assert "ít phút" not in told
    assert (hall.state()["question"], hall.names("an@dan.test")) == (bystander, before)


def test_begin_end_results_and_closing_by_mail(hall: Hall, code: str) -> None:
    first, second, third = (
        hall.ask()["code"],
        hall.ask(sender="ba@dan.test")["code"],
        hall.ask(sender="chu@dan.test")["code"],
    )
    hall.house.clock.at = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    assert "tổ chức lúc 08:30 ngày 26/11/2026" in order(hall, "Bắt đầu phiên")
    hall.house.clock.at = datetime(2026, 11, 26, 1, 40, tzinfo=UTC)
    assert "bắt đầu lúc 08:35" in order(hall, f"Bắt đầu phiên {code} lúc 8h35")
    answer = order(hall, f"{first} trả lời tại phiên (bà Lê Thị Bình, Phó Giám đốc): vỉa hè lát xong trong tháng 12")
    assert f"Câu hỏi {first} đã trả lời trong phiên {code}" in answer
    answered = said(hall.last("an@dan.test"))
    assert "TRẢ LỜI TẠI PHIÊN ĐỐI THOẠI vỉa hè lát xong trong tháng 12" in answered
    assert "TRẢ LỜI CỦA" not in answered, "a session is no unit"
    assert "Giờ kết thúc phải sau giờ bắt đầu" in order(hall, "Kết thúc phiên lúc 10:30")
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    assert "kết thúc lúc 10:30 ngày 26/11/2026, kéo dài 115 phút" in order(hall, "Phiên kết thúc lúc 10h30")
    assert hall.status(code) == "held"
    assert "còn câu hỏi chưa có kết quả" in order(hall, "Đóng phiên")
    assert "được trả lời chậm nhất" in order(hall, f"{second} trả lời sau")
    assert third in order(hall, "Tất cả đã trả lời")
    marks = {row["code"]: (row["session_mark"], row["live_answer"]) for row in hall.house.rows(question)}
    assert marks == {
        first: ("answered", "vỉa hè lát xong trong tháng 12"),
        second: ("i", ""),
        third: ("answered", ""),
    }
    assert "Đã trình nội dung hỏi, đáp" in order(hall, f"Trình nội dung phiên {code}")
    shown = next(data for name, data in files_of(hall.last(HEAD)).items() if name.endswith(".html"))
    assert "vỉa hè lát xong" in shown.decode()
    hall.approve()
    assert "đã báo 2 người hỏi" in order(hall, f"{code} đã đăng tại https://haiphong.test/phien-1")
    assert "https://haiphong.test/phien-1" in said(hall.last("an@dan.test"))
    before = [len(hall.inbox(one)) for one in ("an@dan.test", "ba@dan.test", "chu@dan.test")]
    assert "đã báo" not in order(hall, f"{code} đã đăng tại https://haiphong.test/phien-1")
    assert "đã báo 2 người hỏi" in order(hall, f"{code} đã đăng tại https://haiphong.test/phien-2")
    after = [len(hall.inbox(one)) for one in ("an@dan.test", "ba@dan.test", "chu@dan.test")]
    assert after == [before[0] + 1, before[1], before[2] + 1], "who was answered there has no other address"
    assert "https://haiphong.test/phien-2" in said(hall.last("an@dan.test"))
    closed = order(hall, "Đóng phiên")
    assert f"Đã đóng phiên {code}; còn phải trả lời, đăng Cổng: {second}" in closed
    assert first not in closed, "who was answered there is owed nothing"
    assert hall.status(code) == "closed"


@each_third(
    ("text", "later"),
    [
        ("Tất cả đã trả lời. Riêng {two} trả lời sau", True),
        ("tat ca da tra loi, rieng {two} tra loi sau", True),
        ("Tất cả đã trả lời.\n{two} trả lời sau", True),
        ("Tất cả đã trả lời\nTrừ {two}", False),
        ("Tất cả đã trả lời\nCòn {two} chưa", False),
        ("Tất cả đã trả lời, riêng câu của bà Ba để sau", False),
        ("Tất cả đã trả lời không em", False),
    ],
)
def test_who_is_excepted_from_all_is_not_told_of_an_answer(hall: Hall, code: str, text: str, later: bool) -> None:
    one, two = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    order(hall, f"Kết thúc phiên {code} từ 8h30 đến 10h30")
    answer = order(hall, text.format(two=two))
    marks = {row["code"]: row["session_mark"] for row in hall.house.rows(question)}
    assert marks == ({one: "answered", two: "i"} if later else {one: "", two: ""})
    assert later or "Chưa làm" in answer
    assert "đã được trả lời trực tiếp tại phiên" not in said(hall.last("ba@dan.test"))


def test_live_questions_come_in_one_mail_every_ten_minutes_each_once(hall: Hall, code: str) -> None:
    hall.house.clock.at = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
    order(hall, f"Bắt đầu phiên {code}")

    def live() -> list[str]:
        return [said(raw) for raw in hall.inbox(OFFICER) if "câu hỏi mới trong phiên" in subject_of(raw)]

    hall.house.clock.forward(minutes=1)
    first = hall.ask()["code"]
    hall.house.clock.forward(minutes=2)
    second = hall.ask(sender="ba@dan.test")["code"]
    assert live() == []
    hall.house.clock.forward(minutes=8)
    hall.house.run()
    assert len(live()) == 1
    wanted = (f"“{one} {act}”" for one in (first, second) for act in ("đưa ra phiên", "trả lời sau"))
    assert all(act in live()[0] for act in wanted)
    third = hall.ask(sender="chu@dan.test")["code"]
    assert len(live()) == 1
    hall.house.clock.forward(minutes=11)
    hall.house.run()
    assert len(live()) == 2
    assert third in live()[1]
    assert first not in live()[1]
    hall.house.clock.forward(minutes=11)
    hall.house.run()
    assert len(live()) == 2, "no mail where nothing is new"


def test_questions_are_chosen_for_a_session_and_left_out_of_it(hall: Hall) -> None:
    hall.house.clock.at = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
    early, other = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    code = hall.announced()
    assert {row["session_id"] for row in hall.house.rows(question)} == {None}
    answer = order(hall, f"Đưa {early} vào phiên {code}")
    by_then = "Sở Xây dựng trả lời chậm nhất hết ngày 23/11/2026"
    done = f"Câu hỏi {early} vào phiên {code} và báo người hỏi; {by_then}"
    assert done in answer, "the Board has told who asked: nobody waits for the unit to do it"
    assert "được chọn trả lời tại phiên đối thoại" in said(hall.last("an@dan.test"))
    assert [row["code"] for row in hall.house.rows(question) if row["session_id"]] == [early]
    assert "để ngoài phiên" in order(hall, f"Để {early} ngoài phiên")
    assert "được cơ quan có trách nhiệm trả lời riêng bằng văn bản" in told(hall, "an@dan.test", early)
    assert [row["code"] for row in hall.house.rows(question) if row["session_id"]] == []
    assert other in {str(row["code"]) for row in hall.house.rows(question)}


def test_a_session_begins_and_ends_when_its_mails_came_not_when_they_are_read(hall: Hall, code: str) -> None:
    hall.ask()
    for text, came, read in (
        (f"Bắt đầu phiên {code}", (26, 1, 31), (26, 3, 10)),
        (f"Kết thúc phiên {code}", (26, 3, 29), (27, 1, 0)),
    ):
        mail = answer_to(hall.inbox(OFFICER)[-1], OFFICER, text)
        hall.servers.deliver(MAILBOX, mail, datetime(2026, 11, *came, tzinfo=UTC))
        hall.house.clock.at = datetime(2026, 11, *read, tzinfo=UTC)
        hall.house.run()
    stands = hall.desk.show(code)
    assert stands.started_at == datetime(2026, 11, 26, 1, 31, tzinfo=UTC)
    assert stands.ended_at == datetime(2026, 11, 26, 3, 29, tzinfo=UTC)
    assert hall.status(code) == "held"


@pytest.mark.parametrize(
    "text",
    [
        "Đưa {one} vào phiên {code}, không đưa {two}",
        "Đưa {one} vào phiên {code}, {two} thì để ngoài",
        "dua {one} vao phien {code}, con {two} de lan sau",
        "Để {one} ngoài phiên, đưa {two} vào",
    ],
)
def test_an_order_that_parts_its_questions_is_asked_back(hall: Hall, text: str) -> None:
    hall.house.clock.at = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
    one, two = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    code = hall.announced()
    if text.startswith("Để"):
        order(hall, f"Đưa {one}, {two} vào phiên {code}")
    before = [row["session_id"] for row in hall.house.rows(question)]
    assert "Chưa làm" in order(hall, text.format(one=one, two=two, code=code))
    assert [row["session_id"] for row in hall.house.rows(question)] == before


def test_a_question_chosen_before_the_notice_stays_in_the_session_forwarded(hall: Hall, draft: str) -> None:
    """It fell out of it unsaid, though its asker had been told the day, and was in no script."""
    dog = str(hall.house.rows(question)[0]["code"])
    order(hall, f"Đưa {dog} vào phiên {draft}")
    assert "được chọn trả lời tại phiên đối thoại" in told(hall, "ba@dan.test", dog)
    assert "Sở Nông nghiệp" in order(hall, f"{dog} chuyển SNNMT")
    assert hall.house.rows(question)[0]["session_id"] is not None
    assert [str(one["due_on"]) for one in hall.house.rows(assignment)] == ["2026-11-23"], "S-3, not fifteen days"


def test_nobody_is_told_of_a_session_whose_hour_is_over(hall: Hall) -> None:
    late, other = hall.ask(DOG + SIGNATURE)["code"], hall.ask(DOG + SIGNATURE, sender="ba@dan.test")["code"]
    code = hall.announced()
    hall.house.clock.at = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
    before = [row["session_id"] for row in hall.house.questions], len(hall.inbox("an@dan.test"))
    answer = order(hall, f"Đưa {late}, {other} vào phiên {code}")
    assert "Chưa làm" in answer
    assert f"xin ghi “{late} đưa ra phiên” nếu đã hỏi tại phiên, “Kết thúc phiên {code} lúc …”" in answer
    assert ([row["session_id"] for row in hall.house.questions], len(hall.inbox("an@dan.test"))) == before


def test_an_answer_of_the_session_that_is_opened_again_stands_in_no_record(hall: Hall, code: str) -> None:
    first, second = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    order(hall, f"Kết thúc phiên {code} từ 08:30 đến 10:30")
    order(hall, f"{first} trả lời tại phiên: Sở sẽ sửa đường xong vào năm 1999.")
    order(hall, f"{second} trả lời tại phiên: Sở lát xong vỉa hè trong tháng 12.")
    bystander = hall.of_question(second)
    order(hall, f"Trình nội dung phiên {code}")
    answer = order(hall, f"{first} mở lại")
    assert f"còn câu hỏi này, không còn hiệu lực, xin ghi “Trình nội dung phiên {code}”" in answer
    (row,) = hall.of_question(first)
    assert (row["status"], row["session_mark"], row["live_answer"]) == ("needs_review", "i", "")
    order(hall, f"Trình nội dung phiên {code}")
    text = str(hall.house.rows(paper)[-1]["text"])
    assert "1999" not in text
    assert "trong tháng 12" in text
    assert hall.of_question(second) == bystander
    order(hall, f"{first} chuyển SXD")
    hall.reply(SXD, f"{first}: Sở Xây dựng trả lời: đoạn đường được sửa xong trước ngày 20/03/2027.", first)
    hall.house.run()
    sent = said(hall.last("an@dan.test"))
    assert "20/03/2027" in sent
    assert "1999" not in sent


@pytest.mark.parametrize("approved", [True, False])
def test_who_stays_out_of_a_session_is_told_to_be_in_its_script(hall: Hall, code: str, *, approved: bool) -> None:
    first, second = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    hall.house.clock.at = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    order(hall, f"Trình kịch bản {code}")
    if approved:
        hall.approve()
    answer = order(hall, f"Để {second} ngoài phiên")
    assert f"xin ghi “Trình kịch bản {code}”" in answer
    assert ("không còn hiệu lực" in answer) is not approved
    assert "Đã trình" in order(hall, f"Trình kịch bản {code}")
    hall.approve()
    script = next(row for row in reversed(hall.house.rows(paper)) if row["kind"] == "script")
    assert (script["status"], first in script["text"], second in script["text"]) == ("approved", True, False)


def test_what_fits_two_sessions_is_asked_back(hall: Hall, draft: str) -> None:
    more = LABELLED.replace("26/11/2026", "20/1/2027").replace("Hạ tầng đô thị và trật tự xây dựng", "Giáo dục")
    order_ = more + "Yêu cầu: Đúng.\nCách thức: Trực tuyến.\n"
    hall.reply(OFFICER, order_)
    hall.approve()
    order(hall, DECIDED.replace("P-2026-01", "P-2027-01"))
    answer = order(hall, "Trình kế hoạch")
    assert f"Chưa rõ là phiên nào trong các phiên {draft} (08:30 ngày 26/11/2026); P-2027-01" in answer
    assert "Không có phiên số P-2026-09" in order(hall, "Trình kế hoạch P-2026-09")


def test_the_prepared_orders_of_a_sessions_mails_are_carried_out(hall: Hall, draft: str) -> None:
    hall.at(2026, 11, 4, 1, 0)
    hall.approve()
    hall.at(2026, 11, 5, 1, 0)
    hall.approve()
    hall.at(2026, 11, 12, 1, 0)
    mail = [raw for raw in hall.inbox(OFFICER) if f"[{draft}] Việc của phiên" in subject_of(raw)][-1]
    label, address, subject, body = prepared(mail)[0]
    assert (label, body) == ("Đã đăng thông báo trên Cổng", f"{draft} đã đăng tại https://")
    hall.write(letter(OFFICER, f"{body}haiphong.test/1", to=address, subject=subject))
    assert "từ nay nhận câu hỏi" in said(hall.last(OFFICER))
    assert hall.status(draft) == "announced"


def test_an_order_in_a_mail_of_ones_own_does_nothing(hall: Hall, draft: str) -> None:
    hall.write(letter(OFFICER, f"Hủy phiên {draft} vì bão"))
    assert "Lệnh chỉ được nhận trong thư trả lời" in said(hall.last(OFFICER))
    assert hall.status(draft) == "topic_approved"


def links(hall: Hall, part: str = "", who: str = OFFICER) -> list[str]:
    """The prepared orders of somebody's last mail that hold the words."""
    return [body.strip() for _, _, _, body in prepared(hall.last(who)) if part in body]


def test_what_is_no_reason_is_never_put_into_the_units_mouth(hall: Hall, draft: str) -> None:
    for text, guess in (
        ("Huỷ phiên này đi, thành phố chỉ đạo dừng", "thành phố chỉ đạo dừng"),
        ("Hủy phiên nhé, lãnh đạo yêu cầu để sang năm", "lãnh đạo yêu cầu để sang năm"),
        (f"Hủy phiên {draft} giúp em", ""),
    ):
        assert "Cần nêu lý do để báo các đơn vị" in order(hall, text)
        assert links(hall) == [f"Hủy phiên {draft} vì {guess}".strip()], "his words are laid ready, not taken"
    assert "Cần nêu lý do" not in order(hall, f"Hủy phiên {draft}: bão số 9")
    assert "bão số 9" in told(hall, OFFICER, "Xin xác nhận trước khi hủy phiên")
    assert hall.status(draft) == "topic_approved"


def test_while_cancelling_waits_to_be_confirmed_nothing_else_is_suggested(hall: Hall, draft: str) -> None:
    answer = order(hall, f"Hủy phiên {draft} vì bão số 9")
    assert "xin xem thư đề nghị xác nhận" in answer
    assert "Có phải ý" not in answer
    assert "Trình kế hoạch" not in answer
    answer = order(hall, f"Xác nhận hủy phiên {draft} nhé")
    assert "Cần nêu lý do" in answer
    assert links(hall) == [f"Xác nhận hủy phiên {draft} vì"]
    assert hall.status(draft) == "topic_approved"


@each_third(
    ("text", "first"),
    [
        ("Do ảnh hưởng của bão số 12, hủy phiên đối thoại sáng nay", "Hủy phiên P-2026-01 vì"),
        ("Phiên hôm nay hoãn vô thời hạn, báo các sở giúp em", "Hoãn phiên P-2026-01 sang"),
        ("phien ngay 26/11 tam hoan, thoi gian moi se thong bao sau", "Hoãn phiên P-2026-01 sang"),
        ("Phiên 26/11 chuyển sang 14 giờ cùng ngày", "Hoãn phiên P-2026-01 sang 14:00 ngày 26/11/2026"),
        ("Phiên đẩy lên ngày 20/11 lúc 8h30", "Hoãn phiên P-2026-01 sang 08:30 ngày 20/11/2026"),
        ("Phiên đổi địa điểm sang Hội trường tầng 3 nhé", "Bổ sung phiên P-2026-01: Địa điểm:"),
        ("Thay người chủ trì phiên: bà Vũ Thị Lành, Phó Chủ tịch", "Bổ sung phiên P-2026-01: Chủ trì:"),
    ],
)
def test_a_change_in_other_words_is_asked_back_with_its_orders(hall: Hall, draft: str, text: str, first: str) -> None:
    before = hall.desk.show(draft)
    assert "Chưa làm" in order(hall, text)
    assert links(hall)[0] == first
    assert any(one.startswith(f"Hoãn phiên {draft} sang") for one in links(hall))
    assert any(one.startswith(f"Hủy phiên {draft} vì") for one in links(hall))
    assert not links(hall, "Ký nhận")
    assert hall.desk.show(draft) == before, "nothing is done by what is not understood"
    if first.startswith("Bổ sung"):
        order(hall, f"{first} {'Hội trường tầng 3' if 'Địa điểm' in first else 'Vũ Thị Lành, Phó Chủ tịch'}")
        form = hall.desk.show(draft).form
        assert "Hội trường tầng 3" in form.place or form.chair.name == "Vũ Thị Lành"


def test_the_heads_wish_to_postpone_comes_to_the_officers_with_the_orders(hall: Hall, code: str) -> None:
    hall.at(2026, 11, 25, 23, 50)
    hall.reply(HEAD, "Hoãn phiên đối thoại sáng nay do bão. Đ/c Hà thông báo ngay cho các đơn vị.", "")
    assert hall.status(code) == "announced"
    assert links(hall, f"Hoãn phiên {code} sang")
    assert links(hall, f"Hủy phiên {code} vì")
    assert f"Hoãn phiên {code} sang" in links(hall, who=HEAD)


@each_third(
    ("text", "status"),
    [
        ("Duyệt. Lưu ý bố trí xe đón đại biểu", "plan_issued"),
        ("Duyệt. Lưu ý sửa lại mục 2", "topic_approved"),
        ("Duyệt nhưng sửa mục 3", "topic_approved"),
        ("Phê duyệt kế hoạch trực bão số 9, các phòng phân công người trực.", "topic_approved"),
        ("Duyệt, không phải bản này", "topic_approved"),
        ("duyet, khong phai ke hoach nay", "topic_approved"),
        ("Duyệt, không ban hành", "topic_approved"),
        ("Duyệt, phòng họp số 3", "topic_approved"),
    ],
)
def test_a_remark_behind_an_approval_is_shown_or_asked_back(hall: Hall, draft: str, text: str, status: str) -> None:
    order(hall, f"Trình kế hoạch {draft}")
    hall.approve(text)
    assert hall.status(draft) == status
    if status == "plan_issued":
        assert "“Lưu ý bố trí xe đón đại biểu”" in told(hall, OFFICER, "dặn thêm")
    else:
        assert "Đã phê duyệt" not in said(hall.last(HEAD))


@pytest.mark.parametrize(
    "text", ["Hoãn buổi đối thoại, ngày mới báo sau", "Tạm hoãn phiên P-2026-01 vì bão, thời gian mới sẽ báo sau"]
)
def test_a_postponement_without_a_day_only_says_what_to_write(hall: Hall, draft: str, text: str) -> None:
    before = hall.desk.show(draft)
    answer = order(hall, text)
    assert "phiên vẫn theo lịch cũ; chưa chốt ngày thì ghi ngày dự kiến" in answer
    assert f"ghi “Hoãn phiên {draft} sang …”" in answer
    assert f"ghi “Hủy phiên {draft} vì …”" in answer
    assert hall.desk.show(draft) == before


def test_a_paper_that_waits_is_put_before_the_head_again_and_nothing_else_is_offered(hall: Hall, draft: str) -> None:
    order(hall, f"Trình kế hoạch {draft}")
    hall.approve()
    order(hall, f"{draft} trình thông báo")
    hall.at(2026, 11, 2, 9, 30)
    again = [raw for raw in hall.inbox(HEAD) if subject_of(raw).startswith(f"[{draft}] Nhắc: Trình phê duyệt")]
    assert len(again) == 1
    assert "ghi “Duyệt”" in said(again[0]), "the one who must act has the two replies at hand"
    assert any(name.endswith((".pdf", ".docx")) for name in files_of(again[0])), "and the paper"
    assert not [raw for raw in hall.inbox(OFFICER) if "văn bản trình phê duyệt" in subject_of(raw)]
    hall.at(2026, 11, 5, 1, 0)
    assert [raw for raw in hall.inbox(HEAD) if subject_of(raw).startswith(f"[{draft}] Quá hạn: Trình phê duyệt")]
    assert told(hall, OFFICER, "Quá hạn: văn bản trình phê duyệt")
    hall.at(2026, 11, 13, 1, 0)
    day = told(hall, OFFICER, "Việc của phiên đối thoại")
    assert "đã trình, chờ Trưởng Ban Biên tập duyệt" in day
    assert "Trình thông báo" not in day
    hall.reply(HEAD, "Duyệt", "Quá hạn: Trình phê duyệt")
    assert "từ nay nhận câu hỏi" in order(hall, f"{draft} đã đăng tại https://haiphong.test/1")


def test_a_session_held_before_its_notice_was_approved_is_on_record(hall: Hall, draft: str) -> None:
    """The notice stays late with its reason; what took place can be booked, not before it took place."""
    order(hall, f"Trình kế hoạch {draft}")
    hall.approve()
    hall.at(2026, 11, 25, 2, 0)
    assert "Phiên đã kết thúc" not in told(hall, OFFICER, "Việc của phiên đối thoại")
    hall.at(2026, 11, 26, 1, 40)
    assert "bắt đầu lúc 08:35" in order(hall, f"Bắt đầu phiên {draft} lúc 8h35")
    hall.house.clock.at = datetime(2026, 11, 26, 3, 50, tzinfo=UTC)
    order(hall, f"Đưa HP-2026-000001 vào phiên {draft}")
    assert "kéo dài 125 phút" in order(hall, f"Kết thúc phiên {draft} lúc 10:40")
    assert hall.status(draft) == "held"
    hall.at(2026, 11, 27, 1, 0)
    assert "Nhắc lại: cần ghi kết quả" in " ".join(subject_of(raw) for raw in hall.inbox(OFFICER))


@pytest.mark.parametrize("when", ["từ 8h30 đến 10h30 ngày 27/11", "tu 8h30 den 10h30, 27/11"])
def test_a_session_ends_on_the_day_that_is_told_without_its_year(hall: Hall, code: str, when: str) -> None:
    hall.at(2026, 11, 26, 4, 0)
    before = hall.desk.show(code)
    assert "không sau lúc này" in order(hall, f"Kết thúc phiên {code} {when}")
    assert hall.desk.show(code) == before
    hall.at(2026, 11, 27, 4, 0)
    one_day = order(hall, f"Kết thúc phiên {code} lúc 10:30 ngày 27/11")
    assert "trong cùng một ngày; nếu ghi nhầm giờ" in one_day, "it was to begin on the day before"
    assert "từ 08:30 đến 10:30 ngày 27/11/2026”" in one_day
    assert hall.desk.show(code) == before
    assert "kết thúc lúc 10:30 ngày 27/11/2026, kéo dài 120 phút" in order(hall, f"Kết thúc phiên {code} {when}")


OF_SCRIPT = {"script_approved", "script_sent"}


@pytest.mark.parametrize(
    ("asks", "answers", "late"),
    [(True, True, OF_SCRIPT), (True, False, OF_SCRIPT | {"answers_returned"}), (False, False, set())],
)
def test_what_was_done_in_time_is_not_late_where_the_house_was_down_over_its_day(
    hall: Hall, code: str, *, asks: bool, answers: bool, late: set[str]
) -> None:
    """An end that was read before any duty had been looked at booked all of them as not done."""
    if asks:
        hall.ask()
    if answers:
        hall.reply(SXD, "Sở Xây dựng trả lời: đoạn đường được sửa xong trước ngày 20/12/2026.")
    hall.at(2026, 11, 18, 2, 0)
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    mail = vouched(answer_to(hall.inbox(OFFICER)[-1], OFFICER, f"Kết thúc phiên {code} từ 08:30 đến 10:30"))
    assert hall.arrive(mail)["status"] == "done"
    duties = {rule: row for rule, row in hall.duties().items() if row["status"] != "open"}
    assert {rule for rule, row in duties.items() if row["was_late"]} == late
    assert {duties[rule]["why_late"] for rule in late} <= {"Phiên đã kết thúc mà việc này chưa xong"}
    assert duties.keys() >= {"questions_forwarded", "answers_returned", *OF_SCRIPT}


def test_a_corrected_day_of_the_end_moves_what_is_answered_after_it(hall: Hall, code: str) -> None:
    """The session's own duty moved; the unit kept a day after the limit of 10.1.i, and nobody was told."""
    first, second, third = (hall.ask(sender=f"{one}@dan.test")["code"] for one in ("an", "ba", "chu"))
    hall.at(2026, 11, 27, 4, 0)
    order(hall, f"Kết thúc phiên {code} từ 08:30 đến 10:30 ngày 27/11")
    order(hall, f"{first} trả lời sau\n{second} trả lời sau\n{third} đã trả lời tại phiên")
    order(hall, f"{second} đồng ý gia hạn đến 18/12/2026")
    before = {who: len(hall.inbox(f"{who}@dan.test")) for who in ("an", "ba", "chu")}
    assert "thời hạn trả lời sau phiên được tính lại" in order(
        hall, f"Kết thúc phiên {code} từ 08:30 đến 10:30 ngày 26/11"
    )
    dues = {row["question_id"]: (row["status"], str(row["due_on"])) for row in hall.house.rows(assignment)}
    assert [dues[1], dues[2], dues[3][0]] == [("forwarded", "2026-12-11"), ("forwarded", "2026-12-18"), "replaced"]
    assert [len(hall.inbox(f"{who}@dan.test")) - was for who, was in before.items()] == [1, 0, 0]
    assert "11/12/2026" in said(hall.last("an@dan.test"))
    assert "11/12/2026" in told(hall, SXD, first)
    assert "tính lại" not in order(hall, f"Kết thúc phiên {code} từ 08:30 đến 10:20 ngày 26/11")


def test_a_session_that_broke_off_and_was_moved_begins_on_its_new_day(hall: Hall, code: str) -> None:
    """It ran for two weeks, as soon as it was announced again: what was said of it in that time was booked."""
    first, dog = hall.ask()["code"], hall.ask(DOG + SIGNATURE, sender="ba@dan.test")["code"]
    hall.house.clock.at = datetime(2026, 11, 26, 1, 36, tzinfo=UTC)
    assert "bắt đầu lúc 08:35" in order(hall, f"Bắt đầu phiên {code} lúc 08:35")
    order(hall, f"Hoãn phiên {code} sang 08:30 ngày 10/12/2026 vì mất điện")
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.approve()
    before = hall.of_question(first), hall.of_question(dog)
    assert "Chưa làm" in order(hall, f"{first} đã trả lời tại phiên")
    assert (hall.of_question(first), hall.of_question(dog)) == before
    hall.at(2026, 12, 10, 3, 40)
    hall.reply(OFFICER, f"Kết thúc phiên {code} lúc 10:30", "Việc của phiên")
    assert "kéo dài 120 phút" in told(hall, OFFICER, "Kết quả")


def test_a_paper_put_up_again_unchanged_says_so(hall: Hall, draft: str) -> None:
    order(hall, f"Trình kế hoạch {draft}")
    hall.approve("Trả lại: câu chữ lủng củng")
    order(hall, f"Trình kế hoạch {draft}")
    assert "Trình lần thứ 2, nội dung không thay đổi so với lần trước" in told(hall, HEAD, "Trình phê duyệt")
    hall.approve("Trả lại: ghi rõ địa điểm")
    order(hall, f"Bổ sung phiên {draft}\nĐịa điểm: Hội trường tầng 3")
    order(hall, f"Trình kế hoạch {draft}")
    assert "Trình lần thứ 3, nội dung đã thay đổi so với lần trước" in told(hall, HEAD, "Trình phê duyệt")


def test_moving_a_session_that_is_only_proposed_says_what_is_so(hall: Hall) -> None:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    hall.ask(DOG + SIGNATURE, sender="ba@dan.test")
    hall.reply(OFFICER, LABELLED)
    units = len(hall.inbox(SXD))
    answer = order(hall, "Hoãn phiên P-2026-01 sang 14h00 ngày 10/12/2026, lý do hội trường bận")
    assert "đã báo đơn vị" not in answer, "no unit knows of it yet"
    assert len(hall.inbox(SXD)) == units
    changed = told(hall, OFFICER, "Thay đổi thời gian phiên đối thoại")
    assert "không còn hiệu lực: tờ trình chủ đề và người chủ trì" in changed
    assert "kịch bản đã duyệt" not in changed
    assert "ghi “Trình tờ trình P-2026-01”" in changed, "what has to be done next"
    hall.reply(HEAD, "Nhất trí.", "Trình phê duyệt")
    assert "chỉ duyệt được bản trình mới nhất" in said(hall.last(HEAD))
    assert "đã viết về tờ trình" in said(hall.last(OFFICER)), "officers learn that the Head waits for nothing now"
    assert "Đã trình" in order(hall, "Trình tờ trình P-2026-01")


@pytest.mark.parametrize("text", ["Đưa tất cả vào phiên", "Cho hết vào phiên nhé"])
def test_all_that_were_offered_are_taken_into_the_session_and_no_others(hall: Hall, text: str) -> None:
    hall.house.clock.at = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
    early, other = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    code = proposed(hall)
    hall.reply(OFFICER, text, "Chọn câu hỏi cho phiên")
    answer = told(hall, OFFICER, "Kết quả")
    assert all(f"Câu hỏi {one} vào phiên {code}" in answer for one in (early, other))
    assert {row["code"] for row in hall.house.rows(question) if row["session_id"]} == {early, other}
    order(hall, "Đưa tất cả vào phiên")
    assert not links(hall, "Đăng ký hộ"), "an order is nobody's question"
    assert len([row for row in hall.house.rows(question) if row["session_id"]]) == 2


def test_what_is_not_understood_in_a_sessions_mail_is_offered_the_sessions_next_acts(hall: Hall) -> None:
    code, before = proposed(hall), len(hall.house.questions)
    hall.reply(OFFICER, "Nhất trí triển khai luôn các bước tiếp theo em nhé", f"[{code}]")
    assert f"Trình kế hoạch {code}" in links(hall)
    assert not links(hall, "Đăng ký hộ")
    call = "Bà Phạm Thị Nhài, 12 Lạch Tray, gọi điện hỏi giá nước sạch"
    hall.reply(OFFICER, call, f"[{code}]")
    assert links(hall, "Đăng ký hộ") == [f"Đăng ký hộ: Nội dung: {call}"]
    assert len(hall.house.questions) == before


def test_a_bare_confirmation_is_led_to_the_order_that_cancels_or_to_nothing(hall: Hall, draft: str) -> None:
    order(hall, "Xác nhận")
    assert not links(hall, "hủy phiên"), "nothing waits to be confirmed"
    order(hall, f"Hủy phiên {draft} vì trùng kỳ thi")
    order(hall, "Xác nhận")
    assert f"Xác nhận hủy phiên {draft} vì" in links(hall)
    assert not links(hall, "Đăng ký hộ")
    assert hall.status(draft) == "topic_approved"


def test_each_result_in_ones_own_words_is_offered_the_orders_that_record_it(hall: Hall, code: str) -> None:
    first, second, third = (
        hall.ask()["code"],
        hall.ask(sender="ba@dan.test")["code"],
        hall.ask(sender="chu@dan.test")["code"],
    )
    hall.house.clock.at = datetime(2026, 11, 26, 1, 40, tzinfo=UTC)
    order(hall, f"Bắt đầu phiên {code} lúc 8h35")
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    answer = order(
        hall,
        f"Kết thúc phiên lúc 10h30\n{first} anh Khải nói xong rồi.\n{second}: Sở hứa gửi văn bản trong tuần tới.\n"
        f"{third} trả lời sau",
    )
    assert f"Đã làm: “{third} trả lời sau”" in answer
    for one in (first, second):
        assert links(hall, one) == [f"{one} trả lời tại phiên:", f"{one} trả lời sau"]
    assert not links(hall, third)
    assert not links(hall, "Đăng ký hộ")
    marks = {row["code"]: row["session_mark"] for row in hall.house.rows(question)}
    assert marks == {first: "", second: "", third: "i"}, "nothing is recorded by what is not understood"


def test_a_late_question_of_a_unit_outside_the_session_gets_no_new_days_by_it(hall: Hall, code: str) -> None:
    """10.1.i is for the session's own field: put live, a question of another unit that is late became due at S+15."""
    school = "Trường tiểu học thu tiền học thêm có đúng không? Sở Giáo dục và Đào tạo trả lời giúp."
    own, other = hall.ask()["code"], hall.ask(school + SIGNATURE, sender="ba@dan.test")["code"]
    before = {row["unit"]: str(row["due_on"]) for row in hall.house.rows(assignment)}
    hall.house.clock.at = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    order(hall, f"{other} đưa ra phiên")
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    order(hall, f"Kết thúc phiên {code} từ 8h30 đến 10h30")
    answer = order(hall, f"{own} trả lời sau\n{other} trả lời sau")
    how = "xin ghi “(số câu hỏi) trả lời tại phiên (người trả lời): …”"
    assert how in order(hall, f"Trình nội dung phiên {code}"), "the form of a session has no such line"
    assert "hạn của Sở Giáo dục và Đào tạo vẫn là 17/11/2026" in answer
    after = {row["unit"]: str(row["due_on"]) for row in hall.house.rows(assignment)}
    assert before["SGDDT"] == "2026-11-17"
    assert after == {"SXD": "2026-12-11", "SGDDT": "2026-11-17"}
    last = told(hall, "ba@dan.test", "sau phiên đối thoại")
    assert "Cơ quan có trách nhiệm sẽ tiếp tục trả lời" in last
    assert "11/12/2026" not in last


def test_who_only_supports_in_time_gives_the_asker_of_a_late_question_no_new_day(hall: Hall, code: str) -> None:
    hall.house.clock.at = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
    school = "Trường tiểu học thu tiền học thêm có đúng không? Sở Giáo dục và Đào tạo trả lời giúp."
    late = hall.ask(school + SIGNATURE, sender="ba@dan.test")["code"]
    hall.ask()
    hall.house.clock.at = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    hall.house.run()
    order(hall, f"{late} thêm SXD phối hợp")
    hall.house.clock.at = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    order(hall, f"{late} đưa ra phiên")
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    order(hall, f"Kết thúc phiên {code} từ 8h30 đến 10h30")
    assert "hạn của Sở Giáo dục và Đào tạo vẫn là 18/11/2026" in order(hall, f"{late} trả lời sau")
    last = told(hall, "ba@dan.test", "sau phiên đối thoại")
    assert "03/12/2026" in last, "the day that was promised when the answer was late"
    assert "11/12/2026" not in last


@pytest.mark.parametrize("ended", [True, False])
def test_an_asker_whose_answer_lies_here_hears_when_the_days_are_over(hall: Hall, code: str, *, ended: bool) -> None:
    """10.1.i: nobody booked an outcome, so that no unit owes anything and nobody would say a word."""
    hall.ask()
    hall.reply(SXD, "Vỉa hè được lát xong trong tháng 12/2026. Phạm Quốc Khánh, Phó Giám đốc")
    hall.ask(sender="ba@dan.test")
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    if ended:
        order(hall, f"Kết thúc phiên {code} lúc 10h30")
    before = len(hall.inbox("an@dan.test"))
    hall.at(2026, 11, 27, 1, 0)
    hall.at(2026, 11, 27, 3, 0)
    hall.at(2026, 12, 12, 1, 0)
    late = [raw for raw in hall.inbox("an@dan.test")[before:] if "gửi chậm" in subject_of(raw)]
    assert len(late) == 1
    assert "xin lỗi" in said(late[0])
    assert "lát xong" not in said(late[0]), "what lies here waits for its outcome"
    assert not [raw for raw in hall.inbox("ba@dan.test") if "gửi chậm" in subject_of(raw)], "his unit owes the answer"
    assert "chưa được trả lời trong thời hạn: hết thứ Sáu, ngày 11/12/2026" in said(hall.last("ba@dan.test"))
    assert [subject_of(raw) for raw in hall.inbox(OFFICER)].count(
        f"[{code}] Nhắc lại: cần ghi kết quả từng câu hỏi của phiên đối thoại"
    ) == (2 if ended else 1)
    hall.at(2026, 12, 14, 1, 0)
    assert len([raw for raw in hall.inbox("an@dan.test") if "gửi chậm" in subject_of(raw)]) == 1
    hall.at(2026, 12, 29, 1, 0)
    for one in ("an@dan.test", "ba@dan.test"):
        assert "chậm" in subject_of(hall.last(one))
        assert sum("chậm" in subject_of(raw) for raw in hall.inbox(one)) == 2, "and again every fifteen days"


def test_a_mail_made_a_question_while_the_session_runs_is_shown_to_the_chair(hall: Hall, code: str) -> None:
    """The window was that of the mail's receipt: what was registered after the look behind it was in none."""
    hall.house.clock.at = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
    order(hall, f"Bắt đầu phiên {code}")
    hall.house.clock.forward(minutes=1)
    complaint = "Đơn khiếu nại quyết định xử phạt số 12/QĐ-XP của phường về lấn chiếm vỉa hè, đề nghị giải quyết."
    hall.write(letter("ba@dan.test", complaint + SIGNATURE))
    assert hall.house.questions == []
    hall.house.clock.forward(minutes=25)
    hall.house.run()
    assert "Đã đăng ký và chuyển Sở Xây dựng" in order(hall, "Chuyển SXD")
    (row,) = hall.house.questions

    def live(who: str) -> list[str]:
        return [said(raw) for raw in hall.inbox(who) if "câu hỏi mới trong phiên" in subject_of(raw)]

    assert live(CHAIR) == []
    hall.house.clock.forward(minutes=11)
    hall.house.run()
    assert [row["code"] in one for one in live(CHAIR)] == [True]
    assert f"“{row['code']} đưa ra phiên”" in live(OFFICER)[-1]
    hall.house.clock.forward(minutes=11)
    hall.house.run()
    assert len(live(CHAIR)) == 1, "each once"


@pytest.mark.parametrize(
    ("script", "about"), [(True, "đến sau khi kịch bản"), (False, "câu hỏi mới trong phiên")], ids=["script", "none"]
)
def test_each_question_of_the_last_hours_is_shown(hall: Hall, about: str, *, script: bool) -> None:
    """A session that began before its hour; and one without a script, whose run sheet was sent on the day before."""
    code, early = hall.announced(), hall.ask()["code"]
    if script:
        hall.desk.put_up(code, PaperKind.SCRIPT)
        hall.approve()
    hall.at(2026, 11, 25, 1, 5)
    hall.house.clock.at = datetime(2026, 11, 26 if script else 25, 1, 16, tzinfo=UTC)
    if script:
        order(hall, f"Bắt đầu phiên {code} lúc 08:15")
    before = {who: len(hall.inbox(who)) for who in (OFFICER, CHAIR)}
    number = hall.ask(sender="ba@dan.test")["code"]
    for minute in (20, 39, 41, 53):
        hall.at(2026, 11, 26, 1, minute)
    for who, seen in before.items():
        mails = [raw for raw in hall.inbox(who)[seen:] if about in subject_of(raw)]
        assert [number in said(raw) or number in subject_of(raw) for raw in mails] == [True], "each once"
        assert early not in said(mails[0])


def test_a_mail_that_is_fetched_after_a_look_is_shown_at_the_next(hall: Hall, code: str) -> None:
    hall.house.clock.at = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
    order(hall, f"Bắt đầu phiên {code}")
    hall.house.clock.forward(minutes=9, seconds=50)
    hall.servers.deliver(MAILBOX, letter("ba@dan.test", ROAD + SIGNATURE), hall.house.clock.at)
    hall.house.clock.forward(seconds=20)
    hall.due()
    hall.house.run()
    number = str(hall.question["code"])
    assert number not in "".join(said(raw) for raw in hall.inbox(CHAIR))
    hall.house.clock.forward(minutes=11)
    hall.house.run()
    assert number in said(hall.last(CHAIR))
    assert number in told(hall, OFFICER, "câu hỏi mới trong phiên")


APART = {
    "Để {second} ngoài phiên\nTất cả đã trả lời tại phiên": ("forwarded", None, ""),
    "Tất cả đã trả lời tại phiên\nĐể {second} ngoài phiên": ("forwarded", None, ""),
    "{second} chuyển SNNMT\n{code} tat ca da tra loi": ("forwarded", 1, ""),
    "{code} tất cả đã trả lời\n{second} chuyển SNNMT": ("forwarded", 1, ""),
    "{second} từ chối h vì không thuộc thẩm quyền của thành phố\nTất cả đã trả lời": ("rejected", 1, ""),
    "{second} trả lời sau\nTất cả đã trả lời": ("forwarded", 1, "i"),
    "{second} đưa ra phiên\nTất cả đã trả lời": ("answered", 1, "answered"),
}
"""What stands beside "all are answered", and what becomes of the question that it names."""


@each_third("text", APART)
def test_all_are_answered_but_the_question_that_the_mail_says_more_of(hall: Hall, code: str, text: str) -> None:
    """It was closed as answered, though nobody had answered it, or the whole mail went to quarantine."""
    first, second = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    dog = hall.ask(DOG + SIGNATURE, sender="chu@dan.test")["code"]
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    answer = order(hall, text.format(code=code, second=second))
    assert f"Đã ghi {2 if 'đưa ra' in text else 1} câu hỏi được trả lời tại phiên {code}: {first}" in answer
    stand = {
        row["code"]: (row["status"], row["session_id"], row["session_mark"]) for row in hall.house.rows(question)
    }
    assert stand == {first: ("answered", 1, "answered"), second: APART[text], dog: ("needs_review", None, "")}


def test_all_are_answered_after_the_end_too_where_the_mail_names_none(hall: Hall, code: str) -> None:
    first, second = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    dog = hall.ask(DOG + SIGNATURE, sender="chu@dan.test")["code"]
    early = order(hall, f"{code} tất cả đã trả lời tại phiên")
    assert f"Chưa ghi kết quả của {first}, {second}: câu hỏi không thuộc phiên nào đã bắt đầu" in early
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    order(hall, "Kết thúc phiên từ 8h30 đến 10h30")
    bystander = hall.of_question(dog)
    assert f"Đã ghi 2 câu hỏi được trả lời tại phiên {code}: {first}, {second}" in order(hall, "Tất cả đã trả lời")
    marks = {row["code"]: row["session_mark"] for row in hall.house.rows(question)}
    assert marks == {first: "answered", second: "answered", dog: ""}
    assert hall.of_question(dog) == bystander


@pytest.mark.parametrize(
    ("text", "due", "told_last"),
    [
        ("Hoãn phiên {code} sang 08:30 ngày 03/12/2026", "2026-11-30", "03/12/2026"),
        ("Xác nhận hủy phiên {code} vì trùng họp", "2026-11-17", "không được tổ chức"),
    ],
)
def test_a_question_taken_into_a_session_goes_with_it(hall: Hall, text: str, due: str, told_last: str) -> None:
    early, other = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    code = hall.announced()
    order(hall, f"Hủy phiên {code} vì trùng họp")
    order(hall, f"Đưa {early} vào phiên {code}\n{text.format(code=code)}")
    dues = {row["question_id"]: str(row["due_on"]) for row in hall.house.rows(assignment)}
    assert dues[1] == due
    assert dues[2] == "2026-10-20", other
    assert told_last in said(hall.last("an@dan.test"))


def test_who_was_told_a_session_hears_of_its_end_though_no_unit_has_his_question_yet(hall: Hall) -> None:
    waits, other = hall.ask(DOG + SIGNATURE)["code"], hall.ask(DOG + SIGNATURE, sender="ba@dan.test")["code"]
    code = hall.announced()
    bystander = len(hall.inbox("ba@dan.test")), hall.of_question(other)
    order(hall, f"Đưa {waits} vào phiên {code}")
    order(hall, f"Hoãn phiên {code} sang 08:30 ngày 03/12/2026, lý do trùng họp")
    moved = told(hall, "an@dan.test", "Thay đổi thời gian phiên")
    assert "03/12/2026" in moved
    assert "câu hỏi được trả lời bằng văn bản; thời hạn: hết thứ Sáu, ngày 18/12/2026" in moved, "S+15 moved, too"
    order(hall, f"Hủy phiên {code} vì trùng họp")
    order(hall, f"Xác nhận hủy phiên {code} vì trùng họp")
    last = said(hall.last("an@dan.test"))
    assert f"không được tổ chức. Câu hỏi số {waits} của Ông/Bà vẫn được trả lời. " in last
    assert hall.of_question(waits)[0]["status"] == "needs_review"
    assert (len(hall.inbox("ba@dan.test")), hall.of_question(other)) == bystander


@pytest.mark.parametrize("ends", ["Để {first} ngoài phiên", "Xác nhận hủy phiên {code} vì trùng họp"])
def test_who_is_refused_gets_no_half_answer_when_his_session_ends(hall: Hall, code: str, ends: str) -> None:
    first = hall.ask(TWO + SIGNATURE)["code"]
    order(hall, f"Hủy phiên {code} vì trùng họp")
    order(hall, f"Đưa {first} vào phiên {code}")
    hall.reply(SXD, f"{first}: Sở Xây dựng trả lời: đoạn đường được sửa xong trước ngày 20/12/2026.")
    order(hall, f"{first} xác nhận từ chối h vì không thuộc thẩm quyền của thành phố")
    before = len(hall.inbox("an@dan.test"))
    order(hall, ends.format(first=first, code=code))
    hall.house.run()
    assert len(hall.inbox("an@dan.test")) == before
    assert hall.of_question(first)[0]["status"] == "rejected"


@each_third(
    ("ends", "answered", "arrives"),
    [
        ("Để {first} ngoài phiên", True, True),
        ("Để {first} ngoài phiên", False, True),
        ("Xác nhận hủy phiên {code} vì trùng họp", True, True),
        ("Xác nhận hủy phiên {code} vì trùng họp", True, False),
        ("{first} trả lời sau", True, True),
        ("{first} chuyển SNNMT", False, True),
        ("{first} chuyển SNNMT", False, False),
    ],
)
def test_an_answer_that_its_asker_has_is_not_sent_again_by_the_session(
    hall: Hall, ends: str, *, answered: bool, arrives: bool
) -> None:
    """A unit answered its item before the question was taken into the session; the other's answer is kept for it.
    Where the first could not be delivered, the session brings it."""
    first, other = hall.ask(TWO + SIGNATURE)["code"], hall.ask(sender="ba@dan.test")["code"]
    hall.reply(SXD, f"{first}: Sở Xây dựng trả lời: đoạn đường được sửa xong trước ngày 20/12/2026.", first)
    if not arrives:
        with hall.house.engine.begin() as connection:
            answers = update(outbox).where(outbox.c.name == "citizen_answered", outbox.c.recipient == "an@dan.test")
            connection.execute(answers.values(status="failed"))
    code = hall.announced()
    order(hall, f"Hủy phiên {code} vì trùng họp")
    order(hall, f"Đưa {first} vào phiên {code}")
    if answered:
        words = "Sở Giáo dục và Đào tạo trả lời: nhà trường trả lại khoản thu ngoài quy định trước ngày 15/12/2026."
        hall.reply(SGDDT, words, first)
    if "hủy" not in ends and "Để" not in ends:
        hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
        order(hall, f"Kết thúc phiên {code} từ 08:30 đến 10:30")
    before, bystander = len(hall.inbox("an@dan.test")), hall.of_question(other)
    order(hall, ends.format(first=first, code=code))
    hall.house.run()
    new = "".join(said(raw) for raw in hall.inbox("an@dan.test")[before:])
    assert new
    assert ("15/12/2026" in new) == answered
    assert ("20/12/2026" in new) != arrives
    assert hall.of_question(other) == bystander


def test_a_unit_that_answers_in_a_session_of_other_fields_is_invited_and_gets_its_script(hall: Hall) -> None:
    first = hall.ask(TWO + SIGNATURE)["code"]
    code = hall.announced()
    assert "đã mời Sở Giáo dục và Đào tạo dự phiên" in order(hall, f"Đưa {first} vào phiên {code}")
    invited = hall.house.sent_with(name="session_invitation", recipient=SGDDT)
    assert len(invited) == 1
    assert f"giay-moi-{code}.ics" in files_of(bytes(invited[0]["bytes"]))
    assert not hall.house.sent_with(name="session_invitation", recipient=unit_address("SYT"))
    before = {unit: len(hall.inbox(unit_address(unit))) for unit in ("SXD", "SGDDT", "SYT")}
    order(hall, f"Trình kịch bản {code}")
    hall.approve()
    new = {unit: hall.inbox(unit_address(unit))[seen:] for unit, seen in before.items()}
    assert {unit: [code in subject_of(raw) for raw in mails] for unit, mails in new.items()} == {
        "SXD": [True],
        "SGDDT": [True],
        "SYT": [],
    }
    hall.reply(SGDDT, "Sở cử đồng chí Phó Giám đốc dự phiên.", f"[{code}]")
    assert "Sở cử đồng chí Phó Giám đốc dự phiên." in said(hall.last(OFFICER))
    assert f"đã nhận thư về phiên đối thoại {code}" in said(hall.last(SGDDT))
    assert hall.of_question(first)[0]["status"] == "forwarded"
    order(hall, f"Hoãn phiên {code} sang 8:30 ngày 10/12/2026 vì trùng họp")
    before_plan = hall.last_sent()
    order(hall, f"Trình kế hoạch {code}")
    hall.approve()
    again = hall.house.sent_with(name="session_invitation", role="unit", after=before_plan)
    assert sorted(row["recipient"] for row in again) == sorted(map(unit_address, ("SGDDT", "SNNMT", "SXD")))
    left = order(hall, f"Để {first} ngoài phiên")
    assert "Sở Giáo dục và Đào tạo đã được mời dự phiên, nếu không cần dự nữa, xin báo lại đơn vị" in left
    changed = {row["recipient"] for row in hall.house.sent_with(name="session_changed", role="unit")}
    assert {unit_address("SXD"), SGDDT} <= changed
    assert unit_address("SYT") not in changed


def test_a_paper_is_not_put_up_as_it_was_before_the_rest_of_the_mail(hall: Hall, draft: str) -> None:
    """The plan of the old place was shown, approved and issued. Alone, the order has what stands now."""
    shown = len(hall.inbox(HEAD))
    plan = f"Trình kế hoạch {draft}"
    for text in (
        f"Bổ sung phiên {draft}: Địa điểm: Hội trường lớn\n{plan}",
        f"Hoãn phiên {draft} sang 08:30 ngày 4/12/2026\n{plan}",
        f"{plan}\nHoãn phiên {draft} sang 08:30 ngày 3/12/2026",
    ):
        assert "trong một thư riêng" in order(hall, text)
        assert links(hall, f"Trình kế hoạch {draft}")
    assert (len(hall.inbox(HEAD)), hall.house.rows(paper)[-1]["kind"]) == (shown, "proposal")
    dog = hall.house.rows(question)[0]["code"]
    assert "Đã trình kế hoạch" in order(hall, f"{plan}\nĐưa {dog} vào phiên {draft}"), "it shows no questions"
    text = str(hall.house.rows(paper)[-1]["text"])
    assert "Hội trường lớn" in text
    assert "ngày 03/12/2026" in text


def test_a_script_has_no_question_that_left_in_the_same_mail_and_a_record_none_too_few(hall: Hall, code: str) -> None:
    first, second = hall.ask()["code"], hall.ask(sender="ba@dan.test")["code"]
    assert "trong một thư riêng" in order(hall, f"Để {second} ngoài phiên\nTrình kịch bản {code}")
    assert [row["kind"] for row in hall.house.rows(paper)].count("script") == 0
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    ended = f"Kết thúc phiên {code} từ 08:30 đến 10:30\n{first} trả lời tại phiên: sửa xong trong tháng 12\n"
    assert "trong một thư riêng" in order(hall, f"{ended}Trình nội dung phiên {code}")
    assert links(hall, f"Trình nội dung phiên {code}")
    order(hall, f"Trình nội dung phiên {code}")
    assert "sửa xong trong tháng 12" in hall.house.rows(paper)[-1]["text"]


def test_a_corrected_end_says_what_becomes_of_the_record_that_waits(hall: Hall, code: str) -> None:
    """The record tells the hours; put up with the old ones it is void, and the officer and the Head are told why."""
    first = hall.ask()["code"]
    hall.house.clock.at = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    order(hall, f"Kết thúc phiên {code} từ 08:30 đến 10:30")
    order(hall, f"{first} trả lời tại phiên: sửa xong trong tháng 12")
    order(hall, f"Trình nội dung phiên {code}")
    order(hall, f"Kết thúc phiên {code} từ 08:30 đến 10:30")
    assert hall.house.rows(paper)[-1]["status"] == "shown", "nothing was corrected"
    assert f"ghi giờ cũ, không còn hiệu lực, xin ghi “Trình nội dung phiên {code}”" in order(
        hall, f"Kết thúc phiên {code} từ 08:30 đến 10:20"
    )
    hall.reply(HEAD, "Duyệt")
    refused = said(hall.inbox(HEAD)[-1])
    assert "đã thay đổi sau khi trình" in refused
    assert "không cần phê duyệt" not in refused
    assert "Đã trình nội dung" in order(hall, f"Trình nội dung phiên {code}")
    assert "10 giờ 20" in str(hall.house.rows(paper)[-1]["text"])
