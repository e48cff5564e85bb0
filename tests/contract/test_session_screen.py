"""The page that is projected while a session runs: its questions, refreshed, and nothing that tells who asked."""

from pathlib import Path

import pytest
from sqlalchemy import update

from daemon.web.app import page
from daemon.web.views import screen, short_name
from db.core.tables import question
from tests.town_hall import ASKERS, SECRET_WORDS, town_hall


def test_the_page_to_project_shows_no_person(tmp_path: Path) -> None:
    with town_hall(tmp_path) as house, house.engine.begin() as connection:
        found = screen(connection, house.installation.board, "P-2026-01")
        assert screen(connection, house.installation.board, "P-2026-09") is None
    assert found is not None
    assert found["questions"]
    shown = bytes(page("screen", "", found).body).decode()
    assert '<meta http-equiv="refresh" content="20">' in shown
    for _, name, address, phone in ASKERS:
        assert name not in shown
        assert address not in shown
        assert phone not in shown
    assert not any(word in shown for word in SECRET_WORDS)


def test_a_refused_question_is_shown_to_nobody(tmp_path: Path) -> None:
    with town_hall(tmp_path) as house, house.engine.begin() as connection:

        def shown() -> list[str]:
            found = screen(connection, house.installation.board, "P-2026-01")
            return [one["code"] for one in found["questions"]] if found else []

        first, *others = shown()
        connection.execute(
            update(question).where(question.c.code == first).values(status="rejected", session_mark="")
        )
        assert shown() == others


@pytest.mark.parametrize(
    ("name", "short"), [("Nguyễn Văn An", "Nguyễn Văn A."), ("Bình", ""), ("", ""), ("Công ty A B C D E F G", "")]
)
def test_a_name_is_shortened(name: str, short: str) -> None:
    assert short_name(name) == short
