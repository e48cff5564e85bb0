"""The year's routine duties on a running installation: drafted in time, signed by reply, reminded of, never twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from daemon.demo.servers import EmbeddedServers
from db.core.tables import approval, duty, journal, outbox, paper
from tests.contract.test_journeys import CITIZEN, ROAD, SIGNATURE, Town, files_of, said
from tests.installation import (
    HEAD,
    MAILBOX,
    OFFICE,
    OFFICER,
    UNITS,
    Clock,
    LiveInstallation,
    answer_to,
    subject_of,
    unit_address,
)

SXD = unit_address("SXD")


class House(Town):
    """A town with a year before it."""

    def at(self, year: int, month: int, day: int, hour: int = 2) -> None:
        """The clock stands at that hour, UTC; the daemon finds out and makes a pass."""
        self.house.clock.at = datetime(year, month, day, hour, tzinfo=UTC)
        self.house.service.catch_up()
        self.house.run()

    def daily(self, month: int, first: int, last: int, year: int = 2026) -> None:
        """Day by day at nine in the city."""
        for day in range(first, last + 1):
            self.at(year, month, day)

    def routine(self, rule: str) -> dict[str, Any]:
        """The newest duty of that rule."""
        rows = [row for row in self.house.rows(duty) if row["due"]["rule"] == rule]
        return rows[-1]

    def drafts(self, address: str = HEAD) -> list[bytes]:
        """The requests to sign that somebody got."""
        return [one for one in self.inbox(address) if subject_of(one).startswith(("Trình phê duyệt", "Trình ký"))]

    def answer_draft(self, words: str, text: str, address: str = HEAD) -> None:
        """Somebody answers the last mail whose subject holds the words."""
        kept = self.servers.mails
        raw = [one for one in self.inbox(address) if words in subject_of(one)][-1]
        self.servers.mails = lambda to, *more: [raw] if to == address else kept(to, *more)  # type: ignore[method-assign]
        try:
            self.reply(address, text)
        finally:
            self.servers.mails = kept  # type: ignore[method-assign]


def opened(tmp_path: Path, servers: EmbeddedServers, start: datetime, extra: str = "") -> House:
    return House(
        servers,
        LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port, clock=Clock(start), extra=extra),
    )


@pytest.fixture
def town(tmp_path: Path) -> Iterator[House]:
    """Spring 2026: two questions to one unit, one answered in time, one never."""
    people = (MAILBOX, OFFICER, OFFICE, HEAD, CITIZEN)
    users = dict.fromkeys((*people, *(unit_address(code) for code in UNITS)), "secret")
    with EmbeddedServers(users) as servers:
        made = opened(tmp_path, servers, datetime(2026, 4, 6, 2, 0, tzinfo=UTC))
        made.ask()
        made.reply(SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý III năm 2026.")
        made.ask(f"{ROAD} Đoạn gần chợ thì sao?{SIGNATURE}", subject="Đoạn gần chợ")
        yield made
        assert made.house.faults() == []
        made.house.close()


REPORTER = unit_address("SKHCN")
"""Who reports: the unit that Article 22 charges."""


def text_of_pdf(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def test_the_half_year_report_is_drafted_five_working_days_before_and_signed_by_reply(town: House) -> None:
    town.daily(6, 5, 7)
    assert [one for one in town.drafts(REPORTER) if "báo cáo kết quả" in subject_of(one)] == []
    town.at(2026, 6, 8)
    report = next(one for one in town.drafts(REPORTER) if "báo cáo kết quả" in subject_of(one))
    files = files_of(report)
    assert list(files) == ["half_year_report-2026-06-15.docx", "half_year_report-2026-06-15.pdf"]
    shown = text_of_pdf(files["half_year_report-2026-06-15.pdf"])
    assert "SỞ KHOA HỌC VÀ CÔNG NGHỆ" in shown, "the report is that of the department which the article charges"
    assert "Từ tháng 03 đến tháng 04 năm 2026: không tổ chức phiên cấp sở, ngành, địa phương" in shown
    assert "giao cơ quan của Ông/Bà tổng hợp, báo cáo" in said(report)
    assert not [one for one in town.drafts() if "báo cáo kết quả" in subject_of(one)], "the Head does not sign it"
    assert "6 tháng đầu năm 2026" in shown
    assert "từ ngày 15/12/2025 đến ngày 14/6/2026" in shown
    assert "tiếp nhận 02 câu hỏi, trong đó: đã trả lời 01 (50,0%)" in shown
    assert "chưa trả lời 01 (trong đó quá hạn 01)" in shown
    assert {"Biểu đồ 1", "Biểu đồ 2"} == {words for words in ("Biểu đồ 1", "Biểu đồ 2") if words in shown}
    assert any("Bản trình ký" in subject_of(one) for one in town.inbox(OFFICER))
    town.answer_draft("báo cáo kết quả", "Duyệt, số 12/BC-SKHCN", REPORTER)
    assert town.routine("half_year_report")["status"] == "met"
    signed = [one for one in town.inbox(OFFICE) if files_of(one)][-1]
    assert "Số: 12/BC-SKHCN" in text_of_pdf(files_of(signed)["half_year_report-2026-06-15.pdf"])
    assert "số 12/BC-SKHCN" in said(signed)
    head = docx.Document(io.BytesIO(files_of(signed)["half_year_report-2026-06-15.docx"])).tables[0]
    assert "Số: 12/BC-SKHCN" in " ".join(cell.text for row in head.rows for cell in row.cells)
    kept = next(row for row in town.house.rows(paper) if row["kind"] == "report")
    assert (kept["status"], kept["number"]) == ("approved", "12/BC-SKHCN")
    assert {"routine_opened", "paper_kept", "approved", "paper_issued"} <= set(acts(town))


def acts(town: House) -> list[str]:
    """What the journal says was done."""
    with town.house.engine.begin() as connection:
        return list(connection.execute(select(journal.c.act).order_by(journal.c.seq)).scalars())


def test_evidence_has_a_file_for_each_unit_that_is_late_and_none_when_nobody_is(town: House) -> None:
    town.at(2026, 6, 8)
    found = next(one for one in town.drafts() if "trách nhiệm" in subject_of(one))
    shown = text_of_pdf(files_of(found)["evidence-2026-06-15.pdf"])
    assert "Sở Xây dựng" in shown
    assert "Có 00 trường hợp trả lời chậm và 01 trường hợp quá hạn chưa trả lời" in shown
    town.reply(SXD, "Sở Xây dựng trả lời: xong trong quý III năm 2026.")


def test_nothing_late_is_on_record_and_no_paper(tmp_path: Path) -> None:
    users = dict.fromkeys((MAILBOX, OFFICER, OFFICE, HEAD, *(unit_address(code) for code in UNITS)), "secret")
    with EmbeddedServers(users) as servers:
        town = opened(tmp_path, servers, datetime(2026, 6, 8, 2, 0, tzinfo=UTC))
        town.house.run()
        assert town.routine("evidence")["status"] == "met"
        assert "nothing_to_report" in acts(town)
        assert [row["kind"] for row in town.house.rows(paper)] == ["report"]
        town.house.close()


def test_reminders_before_on_and_after_the_due_date_to_who_signs(town: House) -> None:
    town.at(2026, 6, 8)
    reminded: dict[int, int] = {}
    for day in range(9, 20):
        before = len([one for one in town.inbox(REPORTER) if "Việc định kỳ" in subject_of(one)])
        town.at(2026, 6, day)
        reminded[day] = len([one for one in town.inbox(REPORTER) if "Việc định kỳ" in subject_of(one)]) - before
    # The report is due on 15/6: 2 working days before, the day itself, then 1, 2 (16.2) and 3 after.
    assert {day for day, count in reminded.items() if count} == {11, 15, 16, 17, 18}
    late = town.routine("half_year_report")
    assert (late["status"], late["was_late"]) == ("open", True)
    assert late["why_late"] == "Chưa được ký khi hết hạn"
    town.answer_draft("báo cáo kết quả", "Duyệt", REPORTER)
    assert town.routine("half_year_report")["status"] == "late"


def test_an_officer_records_what_was_signed_on_paper_and_cannot_sign(town: House) -> None:
    town.at(2026, 6, 8)
    town.answer_draft("Bản trình ký: BÁO CÁO Kết quả", "Duyệt", OFFICER)
    assert town.routine("half_year_report")["status"] == "open"
    assert "Đã ban hành số" in said(town.last(OFFICER))
    town.answer_draft("Bản trình ký: BÁO CÁO Kết quả", "Đã ban hành số 17/BC-SKHCN", OFFICER)
    assert town.routine("half_year_report")["status"] == "met"
    assert next(row["number"] for row in town.house.rows(paper) if row["kind"] == "report") == "17/BC-SKHCN"
    town.answer_draft("báo cáo kết quả", "Duyệt", REPORTER)
    assert "đã được quyết định" in said(town.last(REPORTER))
    assert [row["status"] for row in town.house.rows(approval) if row["status"] == "approved"] == ["approved"]


def test_a_returned_draft_is_drafted_anew_at_the_next_step_with_new_figures(town: House) -> None:
    town.at(2026, 6, 8)
    town.answer_draft("báo cáo kết quả", "Trả lại: chờ trả lời của Sở Xây dựng", REPORTER)
    assert "chờ trả lời" in said(town.last(OFFICER))
    forward = [one for one in town.inbox(SXD) if "HP-2026-000002" in subject_of(one)][-1]
    town.write(answer_to(forward, SXD, "Sở Xây dựng trả lời: đoạn gần chợ sửa trong quý III năm 2026."))
    town.at(2026, 6, 11)
    again = [one for one in town.drafts(REPORTER) if "báo cáo kết quả" in subject_of(one)]
    assert len(again) == 2
    assert "đã trả lời 02 (100,0%)" in text_of_pdf(files_of(again[-1])["half_year_report-2026-06-15.pdf"])
    assert "Trình lần thứ 2" in said(again[-1])


def test_downtime_over_the_due_date_drafts_once_late_with_the_cause(town: House) -> None:
    town.at(2026, 6, 5)
    town.at(2026, 6, 18)
    town.house.run(2)
    assert len([one for one in town.drafts(REPORTER) if "báo cáo kết quả" in subject_of(one)]) == 1
    late = town.routine("half_year_report")
    assert late["was_late"]
    assert late["why_late"] == "Hệ thống ngừng hoạt động từ 05/06/2026 09:00, lập muộn", "two in UTC"
    back = next(said(one) for one in reversed(town.inbox(OFFICER)) if "hoạt động lại" in said(one))
    assert "- Báo cáo sáu tháng về kết quả thực hiện Quy chế, hạn 15/06/2026" in back
    assert "half_year_report" not in back, "no word of the program's own in a mail"


def test_the_quarterly_plan_names_what_6_1_still_asks_for_and_the_review_pack_the_meeting(town: House) -> None:
    town.at(2026, 6, 8)
    assert [one for one in town.drafts() if "quý" in subject_of(one)] == [], "a plan without a session waits"
    asked = next(said(one) for one in town.inbox(OFFICER) if "Xin đề xuất phiên trước khi lập" in said(one))
    assert "Quý 3 năm 2026 chưa có phiên đối thoại nào được đề xuất" in asked
    assert "Đề xuất phiên" in asked
    town.at(2026, 6, 17)
    plan = next(one for one in town.drafts() if "quý" in subject_of(one))
    shown = text_of_pdf(files_of(plan)["quarterly_plan-2026-06-20.pdf"])
    assert "quý III năm 2026" in shown
    assert "Chưa có phiên đối thoại cấp sở, ngành, địa phương từ tháng 07 đến tháng 08 năm 2026" in shown
    town.at(2026, 12, 7)
    pack = next(one for one in town.drafts() if "sơ kết" in subject_of(one))
    shown = text_of_pdf(files_of(pack)["review_pack-2026-12-20.pdf"])
    assert "08 giờ 00" in shown or "08:00" in shown
    assert "Kết luận của Trưởng Ban Biên tập" in shown
    assert all(row["status"] == "sent" for row in town.house.rows(outbox))


def test_who_has_no_address_is_named_to_the_officers_to_be_invited(tmp_path: Path) -> None:
    radio, theirs = "Đài Phát thanh và Truyền hình Hải Phòng", "vanthu@thp.test"
    users = dict.fromkeys((MAILBOX, OFFICER, HEAD, OFFICE, theirs, *(unit_address(code) for code in UNITS)), "secret")
    with EmbeddedServers(users) as servers:
        extra = f'[board.invited]\n"{radio}" = "{theirs}"\n'
        town = opened(tmp_path, servers, datetime(2026, 12, 7, 2, 0, tzinfo=UTC), extra)
        town.house.run()
        town.answer_draft("sơ kết", "Duyệt")
        assert list(files_of(town.last(theirs)))[-1].startswith("review_pack"), "who has an address gets the pack"
        asked = said([one for one in town.inbox(OFFICER) if "Tài liệu".upper() in subject_of(one).upper()][-1])
        by_hand = asked.partition("chưa có địa chỉ thư:")[2].partition(".")[0]
        assert "Lãnh đạo Ủy ban nhân dân thành phố" in by_hand
        assert radio not in by_hand
        town.house.close()
