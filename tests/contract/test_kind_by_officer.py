"""What the program took for something else is a question once an officer has found a unit for it (10.1.c, 10.1.h)."""

from __future__ import annotations

from pathlib import Path

from db.core.tables import journal, question
from tests.desk import Desk, answer_to, desk, vouched
from tests.installation import OFFICER

OUTSIDE = "Tôi ở Quảng Ninh, xin hỏi đổi giấy phép lái xe tại Quảng Ninh thì nộp hồ sơ ở đâu?\n\nNguyễn Văn An\n"


def _ruled(made: Desk, command: str) -> None:
    made.arrive(vouched(answer_to(made.last("officer_review"), OFFICER, command), "haiphong.test"))


def _kind(made: Desk) -> object:
    return made.house.rows(question)[-1]["kind"]


def _acts(made: Desk) -> list[tuple[str, str]]:
    with made.house.engine.begin() as connection:
        rows = connection.execute(journal.select().order_by(journal.c.seq))
        return [(row.act, row.actor) for row in rows if row.act == "kind"]


def test_a_mail_taken_for_outside_is_a_question_when_an_officer_forwards_it(tmp_path: Path) -> None:
    with desk(tmp_path / "house") as made:
        made.ask(OUTSIDE)
        assert _kind(made) == "out_of_scope"
        _ruled(made, "Chuyển SXD")
        assert (made.house.questions[-1]["status"], _kind(made)) == ("forwarded", "question")
        assert _acts(made) == [("kind", OFFICER)]


def test_it_stays_outside_when_the_officer_rejects_it(tmp_path: Path) -> None:
    with desk(tmp_path / "house") as made:
        made.ask(OUTSIDE)
        _ruled(made, "Từ chối h vì việc của tỉnh Quảng Ninh")
        assert (made.house.questions[-1]["status"], _kind(made)) == ("rejected", "out_of_scope")
        assert _acts(made) == []
