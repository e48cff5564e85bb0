"""Article 24: what officers propose to change in the regulation is kept for the report that puts it to the city."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.loop.due import open_routines, send_overviews
from db.core.tables import paper
from tests.installation import OFFICER, text_of
from tests.quiet import Quiet

ROAD = "Đường trước nhà tôi nhiều ổ gà, bao giờ Sở Xây dựng sửa?\n\nNguyễn Văn An\nĐT: 0912 000 111\n"
WISH = "tăng thời gian nhận câu hỏi trước phiên lên 20 ngày"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Quiet]:
    made = Quiet(tmp_path)
    made.house.clock.at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    with made.house.engine.begin() as connection:
        open_routines(connection, made.house.installation)
    code = made.ask(ROAD)
    send_overviews(made.house.engine, made.house.installation)
    made.look()
    made.reply(OFFICER, f"{code} ghi chú: đã gọi điện", "Công việc ngày")
    yield made
    made.close()


def papers(hall: Quiet, kind: str) -> str:
    return "\n".join(str(row["text"]) for row in hall.house.rows(paper) if row["kind"] == kind)


def test_a_proposal_stands_in_the_report_that_is_due_next(hall: Quiet) -> None:
    hall.reply(OFFICER, f"Đề nghị sửa Quy chế: {WISH}", "Công việc ngày")
    assert "được đưa vào báo cáo" in text_of(hall.inbox(OFFICER)[-1])
    hall.house.clock.at = datetime(2026, 12, 9, 2, 0, tzinfo=UTC)
    with hall.house.engine.begin() as connection:
        open_routines(connection, hall.house.installation)
    hall.look()
    report = papers(hall, "report")
    assert WISH in report
    assert "đã gọi điện" not in report
    review = papers(hall, "review")
    assert "Đài Phát thanh và Truyền hình Hải Phòng" in review
    assert "Cấp nước" not in review
    assert review.count("Văn phòng Ủy ban nhân dân thành phố") + review.count("Văn phòng UBND thành phố") == 1


def test_a_proposal_without_words_is_asked_back(hall: Quiet) -> None:
    hall.reply(OFFICER, "Đề nghị sửa Quy chế", "Công việc ngày")
    assert "Cần ghi nội dung" in text_of(hall.inbox(OFFICER)[-1])
