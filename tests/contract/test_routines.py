"""The year's routine duties on a running installation: drafted in time, signed by reply, reminded of, never twice."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from db.core.tables import approval, duty, outbox, paper, raw_mail
from rules.decide.base.facts import Person
from tests.installation import HEAD, OFFICE, OFFICER, SXD, answer_to, files_of, subject_of, unit_address
from tests.world import DEPUTY, ROAD, SIGNATURE, World, said


class House(World):
    """A world with a year before it."""

    def daily(self, month: int, first: int, last: int, year: int = 2026) -> None:
        """Day by day at nine in the city."""
        for day in range(first, last + 1):
            self.at(year, month, day, 2)

    def routine(self, rule: str) -> dict[str, Any]:
        """The newest duty of that rule."""
        return [row for row in self.house.rows(duty) if row["due"]["rule"] == rule][-1]

    def drafts(self, address: str = HEAD) -> list[bytes]:
        """The requests to sign that somebody got."""
        return [one for one in self.inbox(address) if subject_of(one).startswith(("Trình phê duyệt", "Trình ký"))]


SPRING, JUNE, DECEMBER = (datetime(2026, month, day, 2, 0, tzinfo=UTC) for month, day in ((4, 6), (6, 8), (12, 7)))
pytestmark = pytest.mark.world(kind=House)


@pytest.fixture
def spring(town: House) -> House:
    """Two questions to one unit, one answered in time, one never."""
    town.house.clock.at = SPRING
    town.ask()
    town.reply(SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý III năm 2026.")
    town.ask(f"{ROAD} Đoạn gần chợ thì sao?{SIGNATURE}", subject="Đoạn gần chợ")
    return town


REPORTER = unit_address("SKHCN")
"""Who reports: the unit that Article 22 charges."""


def text_of_pdf(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def test_the_half_year_report_is_drafted_five_working_days_before_and_signed_by_reply(spring: House) -> None:
    spring.daily(6, 5, 7)
    assert [one for one in spring.drafts(REPORTER) if "báo cáo kết quả" in subject_of(one)] == []
    spring.at(2026, 6, 8, 2)
    report = next(one for one in spring.drafts(REPORTER) if "báo cáo kết quả" in subject_of(one))
    files = files_of(report)
    assert list(files) == ["half_year_report-2026-06-15.docx", "half_year_report-2026-06-15.pdf"]
    shown = text_of_pdf(files["half_year_report-2026-06-15.pdf"])
    assert "SỞ KHOA HỌC VÀ CÔNG NGHỆ" in shown, "the report is that of the department which the article charges"
    assert "Từ tháng 03 đến tháng 04 năm 2026: không tổ chức phiên cấp sở, ngành, địa phương" in shown
    assert "giao cơ quan của Ông/Bà tổng hợp, báo cáo" in said(report)
    assert not [one for one in spring.drafts() if "báo cáo kết quả" in subject_of(one)], "the Head does not sign it"
    assert "6 tháng đầu năm 2026" in shown
    assert "từ ngày 15/12/2025 đến ngày 14/6/2026" in shown
    assert "tiếp nhận 02 câu hỏi, trong đó: đã trả lời 01 (50,0%)" in shown
    assert "chưa trả lời 01 (trong đó quá hạn 01)" in shown
    assert {"Biểu đồ 1", "Biểu đồ 2"} == {words for words in ("Biểu đồ 1", "Biểu đồ 2") if words in shown}
    assert any("Bản trình ký" in subject_of(one) for one in spring.inbox(OFFICER))
    spring.reply(REPORTER, "Duyệt, số 12/BC-SKHCN", "báo cáo kết quả")
    assert spring.routine("half_year_report")["status"] == "met"
    signed = [one for one in spring.inbox(OFFICE) if files_of(one)][-1]
    assert "Số: 12/BC-SKHCN" in text_of_pdf(files_of(signed)["half_year_report-2026-06-15.pdf"])
    assert "số 12/BC-SKHCN" in said(signed)
    head = docx.Document(io.BytesIO(files_of(signed)["half_year_report-2026-06-15.docx"])).tables[0]
    assert "Số: 12/BC-SKHCN" in " ".join(cell.text for row in head.rows for cell in row.cells)
    kept = next(row for row in spring.house.rows(paper) if row["kind"] == "report")
    assert (kept["status"], kept["number"]) == ("approved", "12/BC-SKHCN")
    assert {"routine_opened", "paper_kept", "approved", "paper_issued"} <= set(spring.journal())


def test_evidence_has_a_file_for_each_unit_that_is_late_and_none_when_nobody_is(spring: House) -> None:
    spring.at(2026, 6, 8, 2)
    found = next(one for one in spring.drafts() if "trách nhiệm" in subject_of(one))
    shown = text_of_pdf(files_of(found)["evidence-2026-06-15.pdf"])
    assert "Sở Xây dựng" in shown
    assert "Có 00 trường hợp trả lời chậm và 01 trường hợp quá hạn chưa trả lời" in shown
    spring.reply(SXD, "Sở Xây dựng trả lời: xong trong quý III năm 2026.")


def test_evidence_tells_of_a_letter_that_waits_and_is_drawn_anew_when_it_was_an_answer(town: House) -> None:
    """The first question's letter came in time and waits; nobody answers the second, its bystander."""
    town.house.clock.at = SPRING
    town.ask()
    town.ask(f"{ROAD} Đoạn gần chợ thì sao?{SIGNATURE}", subject="Đoạn gần chợ")
    town.reply(SXD, "Sở Xây dựng trả lời: đúng quy định tại Nghị quyết số 10. Giám đốc Bùi Văn Kiệm.", "000001")

    def drawn() -> list[str]:
        drafts = [files_of(one) for one in town.drafts() if "trách nhiệm" in subject_of(one)]
        return [text_of_pdf(one["evidence-2026-06-15.pdf"]) for one in drafts]

    town.at(2026, 6, 8, 2)
    (first,) = drawn()
    waits = "Đơn vị gửi thư ngày 06/4/2026, Ban Biên tập chưa ghi nhận là câu trả lời"
    assert first.count("Đơn vị gửi thư") == 1
    assert waits.replace(" ", "") in first.replace(" ", "")
    town.reply(OFFICER, "HP-2026-000001 là câu trả lời", "Cần xem xét")
    town.at(2026, 6, 11, 2)
    town.at(2026, 6, 15, 2)
    _, again = drawn()
    assert "HP-2026-000001" not in again
    assert "HP-2026-000002" in again
    assert [row["status"] for row in town.rows(paper) if row["kind"] == "evidence"] == ["void", "shown"]


def test_evidence_counts_no_day_after_its_period_though_a_letter_came_later(town: House) -> None:
    town.house.clock.at = SPRING
    town.ask()
    town.house.clock.at = datetime(2026, 6, 18, 2, 0, tzinfo=UTC)
    town.reply(SXD, "Sở Xây dựng trả lời: đúng quy định tại Nghị quyết số 10. Giám đốc Bùi Văn Kiệm.", "000001")
    town.at(2026, 6, 18, 3)
    (drawn,) = [files_of(one) for one in town.drafts() if "trách nhiệm" in subject_of(one)]
    shown = text_of_pdf(drawn["evidence-2026-06-15.pdf"])
    assert "Đơn vị gửi thư" in shown
    assert "Chưa trả lời 54 " in shown, "from 21 April to 14 June"


def test_whoever_signs_now_gets_the_paper_that_waits_for_his_predecessor(spring: House) -> None:
    spring.at(2026, 6, 8, 2)
    old = next(one for one in spring.drafts() if "trách nhiệm" in subject_of(one))
    board = replace(spring.house.installation.board, head=Person("Trưởng Ban mới", DEPUTY, "head"))
    spring.house.installation = replace(spring.house.installation, board=board)
    spring.house.restart()
    spring.write(answer_to(old, HEAD, "Duyệt"))
    assert spring.routine("evidence")["status"] == "open"
    spring.daily(6, 9, 12)
    assert [subject_of(one) for one in spring.drafts(DEPUTY)] == [subject_of(old)]
    spring.write(answer_to(spring.drafts(DEPUTY)[0], DEPUTY, "Duyệt"))
    assert spring.routine("evidence")["status"] == "met"


@pytest.mark.world(at=DECEMBER)
@pytest.mark.parametrize("drafted", [8, 28])
def test_what_is_due_after_the_last_evidence_of_a_year_stands_in_the_next(town: House, drafted: int) -> None:
    """Due on 22 December, nobody was late in the year's paper, though that is drafted days after its time."""
    town.ask()
    town.at(2026, 12, drafted, 2)
    assert not [one for one in town.drafts() if "trách nhiệm" in subject_of(one)]
    town.at(2027, 6, 8, 2)
    found = [one for one in town.drafts() if "trách nhiệm" in subject_of(one)]
    shown = text_of_pdf(files_of(found[-1])["evidence-2027-06-15.pdf"])
    assert "HP-2026-000001" in shown
    assert "01 trường hợp quá hạn chưa trả lời" in shown


@pytest.mark.world(at=DECEMBER)
def test_what_came_after_the_draft_of_a_years_report_stands_in_the_next_years_and_once(town: House) -> None:
    town.ask()
    town.at(2026, 12, 8, 2)
    town.at(2026, 12, 10, 2)
    town.ask(f"{ROAD} Đoạn gần chợ thì sao?{SIGNATURE}", subject="Đoạn gần chợ")
    town.reply(REPORTER, "Duyệt, số 12/BC-SKHCN", "báo cáo kết quả")
    town.at(2027, 6, 8, 2)
    town.at(2027, 12, 8, 2)
    drafts = {name: data for one in town.drafts(REPORTER) for name, data in files_of(one).items()}
    names = ("annual_report-2026-12-15", "half_year_report-2027-06-15", "annual_report-2027-12-15")
    told = [text_of_pdf(drafts[f"{name}.pdf"]) for name in names]
    assert all("tiếp nhận 01 câu hỏi" in one and "đơn vị 01 lượt" in one for one in told)
    assert ["gồm cả số phát sinh từ ngày 08/12/2026" in one for one in told] == [False, True, True]


@pytest.mark.world(at=JUNE)
def test_nothing_late_is_on_record_and_no_paper(town: House) -> None:
    town.house.run()
    assert town.routine("evidence")["status"] == "met"
    assert "nothing_to_report" in town.journal()
    assert [row["kind"] for row in town.house.rows(paper)] == ["report"]


def test_reminders_before_on_and_after_the_due_date_to_who_signs(spring: House) -> None:
    spring.at(2026, 6, 8, 2)
    reminded: dict[int, int] = {}
    for day in range(9, 20):
        before = len([one for one in spring.inbox(REPORTER) if "Việc định kỳ" in subject_of(one)])
        spring.at(2026, 6, day, 2)
        reminded[day] = len([one for one in spring.inbox(REPORTER) if "Việc định kỳ" in subject_of(one)]) - before
    # The report is due on 15/6: 2 working days before, the day itself, then 1, 2 (16.2) and 3 after.
    assert {day for day, count in reminded.items() if count} == {11, 15, 16, 17, 18}
    late = spring.routine("half_year_report")
    assert (late["status"], late["was_late"]) == ("open", True)
    assert late["why_late"] == "Chưa được ký khi hết hạn"
    spring.reply(REPORTER, "Duyệt", "báo cáo kết quả")
    assert spring.routine("half_year_report")["status"] == "late"


def test_an_officer_records_what_was_signed_on_paper_and_cannot_sign(spring: House) -> None:
    spring.at(2026, 6, 8, 2)
    spring.reply(OFFICER, "Duyệt", "Bản trình ký: BÁO CÁO Kết quả")
    assert spring.routine("half_year_report")["status"] == "open"
    assert "Đã ban hành số" in said(spring.last(OFFICER))
    spring.reply(OFFICER, "Đã ban hành số 17/BC-SKHCN", "Bản trình ký: BÁO CÁO Kết quả")
    assert spring.routine("half_year_report")["status"] == "met"
    assert next(row["number"] for row in spring.house.rows(paper) if row["kind"] == "report") == "17/BC-SKHCN"
    spring.reply(REPORTER, "Duyệt", "báo cáo kết quả")
    assert "đã được quyết định" in said(spring.last(REPORTER))
    assert [row["status"] for row in spring.house.rows(approval) if row["status"] == "approved"] == ["approved"]


def test_under_a_paper_to_be_issued_an_order_with_a_number_of_its_own_is_carried_out(spring: House) -> None:
    """It was refused with a word about the paper, and the order was not named at all."""
    spring.at(2026, 6, 8, 2)
    bystander, papers = spring.of_question("HP-2026-000001"), spring.house.rows(approval)
    spring.reply(OFFICER, "HP-2026-000002 nhắc đơn vị", "Bản trình ký: BÁO CÁO Kết quả")
    assert "Đã làm: “HP-2026-000002 nhắc đơn vị”" in said(spring.last(OFFICER))
    assert "HP-2026-000002" in subject_of(spring.inbox(SXD)[-1])
    assert (spring.of_question("HP-2026-000001"), spring.house.rows(approval)) == (bystander, papers)
    spring.reply(OFFICER, "P-2026-09 đóng phiên", "Bản trình ký: BÁO CÁO Kết quả")
    assert "Không có phiên số P-2026-09" in said(spring.last(OFFICER))
    assert spring.routine("half_year_report")["status"] == "open"


def test_a_returned_draft_is_drafted_anew_at_the_next_step_with_new_figures(spring: House) -> None:
    spring.at(2026, 6, 8, 2)
    spring.reply(REPORTER, "Trả lại: chờ trả lời của Sở Xây dựng", "báo cáo kết quả")
    assert "chờ trả lời" in said(spring.last(OFFICER))
    forward = [one for one in spring.inbox(SXD) if "HP-2026-000002" in subject_of(one)][-1]
    spring.write(answer_to(forward, SXD, "Sở Xây dựng trả lời: đoạn gần chợ sửa trong quý III năm 2026."))
    spring.at(2026, 6, 11, 2)
    again = [one for one in spring.drafts(REPORTER) if "báo cáo kết quả" in subject_of(one)]
    assert len(again) == 2
    assert "đã trả lời 02 (100,0%)" in text_of_pdf(files_of(again[-1])["half_year_report-2026-06-15.pdf"])
    assert "Trình lần thứ 2" in said(again[-1])


def test_downtime_over_the_due_date_drafts_once_late_with_the_cause(spring: House) -> None:
    spring.at(2026, 6, 5, 2)
    spring.at(2026, 6, 18, 2)
    spring.house.run(2)
    assert len([one for one in spring.drafts(REPORTER) if "báo cáo kết quả" in subject_of(one)]) == 1
    late = spring.routine("half_year_report")
    assert late["was_late"]
    assert late["why_late"] == "Hệ thống ngừng hoạt động từ 05/6/2026 09:00, lập muộn", "two in UTC"
    back = next(said(one) for one in reversed(spring.inbox(OFFICER)) if "hoạt động lại" in said(one))
    assert "- Báo cáo sáu tháng về kết quả thực hiện Quy chế, hạn 15/6/2026" in back
    assert "half_year_report" not in back, "no word of the program's own in a mail"
    alarm = next(
        said(one)
        for one in reversed(spring.inbox(OFFICER))
        if "Báo cáo sáu tháng" in said(one) and "Việc định kỳ" in said(one)
    )
    assert "đang chờ" in alarm, "the draft went to who signs by the same pass"
    assert "Chưa có bản trình" not in alarm


def test_the_quarterly_plan_names_what_6_1_still_asks_for_and_the_review_pack_the_meeting(spring: House) -> None:
    spring.at(2026, 6, 8, 2)
    assert [one for one in spring.drafts() if "quý" in subject_of(one)] == [], "a plan without a session waits"
    asked = next(said(one) for one in spring.inbox(OFFICER) if "Xin đề xuất phiên trước khi lập" in said(one))
    assert "Quý 3 năm 2026 chưa có phiên đối thoại nào được đề xuất" in asked
    assert "Đề xuất phiên" in asked
    spring.at(2026, 6, 17, 2)
    plan = next(one for one in spring.drafts() if "quý" in subject_of(one))
    shown = text_of_pdf(files_of(plan)["quarterly_plan-2026-06-20.pdf"])
    assert "quý III năm 2026" in shown
    assert "Chưa có phiên đối thoại cấp sở, ngành, địa phương từ tháng 07 đến tháng 08 năm 2026" in shown
    spring.at(2026, 12, 7, 2)
    pack = next(one for one in spring.drafts() if "sơ kết" in subject_of(one))
    shown = text_of_pdf(files_of(pack)["review_pack-2026-12-20.pdf"])
    assert "08 giờ 00" in shown or "08:00" in shown
    assert "Kết luận của Trưởng Ban Biên tập" in shown
    assert all(row["status"] == "sent" for row in spring.house.rows(outbox))


RADIO, THEIRS = "Đài Phát thanh và Truyền hình Hải Phòng", "vanthu@thp.test"


@pytest.mark.world(at=DECEMBER, extra=f'[board.invited]\n"{RADIO}" = "{THEIRS}"\n')
def test_who_has_no_address_is_named_to_the_officers_to_be_invited(town: House) -> None:
    town.house.run()
    town.reply(HEAD, "Duyệt", "sơ kết")
    assert list(files_of(town.last(THEIRS)))[-1].startswith("review_pack"), "who has an address gets the pack"
    asked = said([one for one in town.inbox(OFFICER) if "Tài liệu".upper() in subject_of(one).upper()][-1])
    by_hand = asked.partition("chưa có địa chỉ thư:")[2].partition(".")[0]
    assert "Lãnh đạo Ủy ban nhân dân thành phố" in by_hand
    assert RADIO not in by_hand
    for sender, words in ((SXD, "Sở Xây dựng cử đồng chí Nam, Phó Giám đốc, dự họp."), (THEIRS, "Đài xin nhận lời.")):
        town.reply(sender, words)
        assert words in said(town.inbox(OFFICER)[-1]), "of no session, but read"
    assert {row["status"] for row in town.rows(raw_mail)} == {"done", "held"}
