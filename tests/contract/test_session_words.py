"""What officers and leaders write about a session that is no order, or comes late: taken rightly or asked back."""

import pytest

from db.core.tables import attendance, paper
from tests.contract.test_session_by_mail import links, order, proposed
from tests.dose import each_third
from tests.hall import Hall
from tests.installation import HEAD, OFFICER
from tests.world import SIGNATURE, said

ATTENDS = (
    "Sở Xây dựng cử anh Khánh dự, Sở Nông nghiệp cử 2 người",
    "Dự phiên có 45 người dân, 12 đơn vị",
    "Thành phần dự: ông Bình chủ trì, SXD 2 người, SNNMT vắng",
    "SNNMT xin vắng mặt, cử Phó Giám đốc đi dự thay",
    "Đồng ý để SNNMT vắng, cử cấp phó dự",
    "Có 120 người dự phiên em ạ",
)


@pytest.fixture
def code(hall: Hall) -> str:
    """A session up to its notice."""
    return hall.announced()


@pytest.fixture
def draft(hall: Hall) -> str:
    """A session that is proposed and no more."""
    return proposed(hall)


@each_third("text", ATTENDS)
def test_who_comes_to_the_session_is_no_other_order_and_is_asked_back(hall: Hall, code: str, text: str) -> None:
    """A citizen's registration, another chair and another day were offered."""
    hall.ask()
    order(hall, f"Trình kịch bản {code}")
    before = hall.desk.show(code), hall.house.rows(paper), hall.state()["question"]
    hall.reply(OFFICER, text, f"[{code}]")
    assert "(người dự: đơn vị báo bằng cách trả lời giấy mời; số người dự" in said(hall.last(OFFICER))
    assert links(hall)[0] == f"Tình trạng phiên {code}"
    assert not [one for one in links(hall) if one.startswith(("Đăng ký", "Hoãn", "Hủy", "Bổ sung"))]
    assert (hall.desk.show(code), hall.house.rows(paper), hall.state()["question"]) == before
    assert hall.house.rows(attendance) == [], "nobody's word but the unit's own"


@each_third("text", ATTENDS)
def test_who_comes_is_no_opinion_of_the_plan_that_waits(hall: Hall, draft: str, text: str) -> None:
    order(hall, f"Trình kế hoạch {draft}")
    hall.reply(HEAD, text, "Trình phê duyệt")
    assert [row["status"] for row in hall.house.rows(paper) if row["kind"] == "plan"] == ["shown"]
    assert "Không rõ ý kiến" in said(hall.last(HEAD))
    hall.approve()
    assert hall.status(draft) == "plan_issued"


def test_in_a_question_s_thread_who_comes_is_that_asker_s_matter(hall: Hall, code: str) -> None:
    hall.ask("Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?" + SIGNATURE)
    hall.reply(OFFICER, "Ông An sẽ đến dự phiên", "Cần xem xét")
    assert f"Tình trạng phiên {code}" not in links(hall)
