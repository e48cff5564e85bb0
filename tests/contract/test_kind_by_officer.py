"""What the program took for something else is a question once an officer has found a unit for it (10.1.c, 10.1.h)."""

from db.core.tables import journal, question
from tests.installation import OFFICER
from tests.world import World

OUTSIDE = "Tôi ở Quảng Ninh, xin hỏi UBND tỉnh Quảng Ninh bao giờ sửa đường ở thành phố Hạ Long?\n\nNguyễn Văn An\n"


def _ruled(made: World, command: str) -> None:
    made.answers("officer_review", OFFICER, command)


def _kind(made: World) -> object:
    return made.house.rows(question)[-1]["kind"]


def _acts(made: World) -> list[tuple[str, str]]:
    with made.house.engine.begin() as connection:
        rows = connection.execute(journal.select().order_by(journal.c.seq))
        return [(row.act, row.actor) for row in rows if row.act == "kind"]


def test_a_mail_taken_for_outside_is_a_question_when_an_officer_forwards_it(house: World) -> None:
    house.ask(OUTSIDE)
    assert _kind(house) == "out_of_scope"
    _ruled(house, "Chuyển SXD")
    assert (house.house.questions[-1]["status"], _kind(house)) == ("forwarded", "question")
    assert _acts(house) == [("kind", OFFICER)]


def test_it_stays_outside_when_the_officer_rejects_it(house: World) -> None:
    house.ask(OUTSIDE)
    _ruled(house, "Từ chối h vì việc của tỉnh Quảng Ninh")
    assert (house.house.questions[-1]["status"], _kind(house)) == ("rejected", "out_of_scope")
    assert _acts(house) == []
