"""Article 24: what officers propose to change in the regulation is kept for the report that puts it to the city."""

from datetime import UTC, datetime

import pytest

from daemon.loop.due import open_routines
from db.core.tables import paper
from tests.installation import OFFICER, text_of
from tests.world import World

ROAD = "Đường trước nhà tôi nhiều ổ gà, bao giờ Sở Xây dựng sửa?\n\nNguyễn Văn An\nĐT: 0912 000 111\n"
WISH = "tăng thời gian nhận câu hỏi trước phiên lên 20 ngày"


pytestmark = pytest.mark.world(sends=True, at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
def house(house: World) -> World:
    routines(house)
    code = house.ask(ROAD)["code"]
    house.overviews()
    house.look()
    house.reply(OFFICER, f"{code} ghi chú: đã gọi điện", "Công việc ngày")
    return house


def routines(house: World) -> None:
    """The duties that come round are opened as the daemon does each day."""
    with house.house.engine.begin() as connection:
        open_routines(connection, house.house.installation)


def papers(house: World, kind: str) -> str:
    return "\n".join(str(row["text"]) for row in house.house.rows(paper) if row["kind"] == kind)


def test_a_proposal_stands_in_the_report_that_is_due_next(house: World) -> None:
    house.reply(OFFICER, f"Đề nghị sửa Quy chế: {WISH}", "Công việc ngày")
    assert "được đưa vào báo cáo" in text_of(house.inbox(OFFICER)[-1])
    house.house.clock.at = datetime(2026, 12, 9, 2, 0, tzinfo=UTC)
    routines(house)
    house.look()
    report = papers(house, "report")
    assert WISH in report
    assert "đã gọi điện" not in report
    review = papers(house, "review")
    assert "Đài Phát thanh và Truyền hình Hải Phòng" in review
    assert "Cấp nước" not in review
    assert review.count("Văn phòng Ủy ban nhân dân thành phố") + review.count("Văn phòng UBND thành phố") == 1


def test_a_proposal_without_words_is_asked_back(house: World) -> None:
    house.reply(OFFICER, "Đề nghị sửa Quy chế", "Công việc ngày")
    assert "Cần ghi nội dung" in text_of(house.inbox(OFFICER)[-1])
