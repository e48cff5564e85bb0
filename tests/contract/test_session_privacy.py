"""Script and content of a session, read out, sent to units, posted: the question, not where its asker lives (8.3)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.documents.forms.own_forms import words
from daemon.papers.sessions import Marking
from db.core.tables import paper
from rules.law.session_rules import Mark, PaperKind
from tests.contract.test_profile_options import ROAD, announced
from tests.installation import HEAD, files_of
from tests.world import SIGNATURE, World

pytestmark = pytest.mark.world(sends=True)


def test_the_script_leaves_the_askers_address_out(house: World) -> None:
    code = announced(house)
    house.ask(ROAD + SIGNATURE)
    house.desk.put_up(code, PaperKind.SCRIPT)
    text = next(str(row["text"]) for row in house.house.rows(paper) if row["kind"] == "script")
    assert "ổ gà" in text
    assert "0912 000 111" not in text
    assert "Trường Chinh" not in text


def test_the_content_that_is_posted_says_nothing_of_who_asked(house: World) -> None:
    """Also where the question begins with who asks, as what an officer takes down by telephone does."""
    code = announced(house)
    who = "Họ tên: Nguyễn Văn An\nĐịa chỉ: Số 5 đường Trường Chinh, phường Kiến An\nĐiện thoại: 0912 000 111\n"
    asked = house.ask(f"{who}{ROAD} Xin gọi tôi theo số 0912 000 111.")["code"]
    house.house.clock.at = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    house.desk.hold(code, datetime(2026, 11, 26, 1, 30, tzinfo=UTC), datetime(2026, 11, 26, 3, 30, tzinfo=UTC))
    house.desk.close(code, [Marking(asked, Mark.ANSWERED)])
    house.desk.put_up(code, PaperKind.RECORD)
    house.look()
    files = files_of(house.inbox(HEAD)[-1])
    posted = [data.decode() for name, data in files.items() if name.endswith((".html", ".txt"))]
    assert len(posted) == 2
    record = next(str(row["text"]) for row in house.house.rows(paper) if row["kind"] == "record")
    set_in_word = "\n".join(words(data) for name, data in files.items() if name.endswith(".docx"))
    assert "N.V.A." in record
    for text in (*posted, record, set_in_word):
        assert "ổ gà" in text
        for private in ("0912 000 111", "Trường Chinh", "Điện thoại", "Nguyễn Văn An"):
            assert private not in text
