"""A question like one that is there is tied to it, and officers see it."""

import json

import pytest

from db.core.tables import question_link
from db.register.links import SimilarQuestions
from tests.installation import OFFICER
from tests.world import CITIZEN, SIGNATURE, World, said

FIRST = "Đường Lê Hồng Phong đoạn qua ngã năm nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa chữa?"
LIKE = "Bao giờ Sở Xây dựng sửa mặt đường Lê Hồng Phong đoạn ngã năm, nhiều ổ gà hư hỏng nặng quá rồi?"
OTHER = "Trường mầm non phường tôi thu tiền học thêm ngoài giờ như vậy có đúng quy định của Sở Giáo dục không?"


pytestmark = pytest.mark.world(both_databases=True)


def test_like_questions_are_tied_and_shown(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    first = town.ask(FIRST + SIGNATURE)["code"]
    town.ask(OTHER + SIGNATURE, "tu@dan.test")
    third = town.ask(LIKE + SIGNATURE, "ba@dan.test")["code"]
    pairs = [(row["first_id"], row["second_id"], row["made_by"]) for row in town.house.rows(question_link)]
    assert pairs == [(1, 3, "daemon")]
    town.let_pass(days=1)
    assert f"giống 1 câu đã có ({first})" in said(town.last(OFFICER))
    assert town.house.command("register", "show", "--json", third) == 0
    (like,) = json.loads(capsys.readouterr().out)["like"]
    assert (like["number"], like["by"]) == (first, "daemon")


def test_index_is_rebuilt_at_start(town: World) -> None:
    town.ask(FIRST + SIGNATURE)
    town.house.installation.likes.index.__init__()  # type: ignore[misc]
    town.house.installation.likes.last = 0
    town.house.service.close()
    town.house.restart()
    assert len(town.house.installation.likes.index) == 1
    town.ask(LIKE + SIGNATURE, "ba@dan.test")
    assert len(town.house.rows(question_link)) == 1


def test_a_large_register_is_read_bit_by_bit(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.register.links.AT_ONCE", 1)
    for number, sender in enumerate(("ba@dan.test", "tu@dan.test", CITIZEN)):
        town.ask((FIRST, OTHER, f"{OTHER} {number}")[number] + SIGNATURE, sender)
    book = SimilarQuestions()
    with town.house.engine.begin() as connection:
        book.catch_up(connection)
        assert (len(book.index), book.first, book.last) == (1, 3, 3)
        for held in (2, 3, 3):
            book.reach_back(connection)
            assert len(book.index) == held
    assert book.first == 1
