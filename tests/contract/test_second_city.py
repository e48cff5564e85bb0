"""Another city by its profile file alone: working days, S-10, papers that two approve, nothing of Hải Phòng."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.base.errors import ConfigurationError
from db.core.tables import approval, duty, paper
from rules.decide.base.facts import Person
from rules.law.session_rules import PaperKind
from tests.installation import HEAD, OFFICE, OFFICER, text_of, unit_address
from tests.world import DEPUTY, FORM, PROFILES, World, rules_of, world

ROAD = (
    "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?\n\nNguyễn Văn An\n"
    "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\nĐT: 0912 000 111\n"
)
PLAN = "kế hoạch"


pytestmark = pytest.mark.world(
    servers=False, sends=True, at=datetime(2026, 11, 2, 2, 0, tzinfo=UTC), rules=PROFILES.parent, profile="song-tien"
)


@pytest.fixture
def planned(town: World) -> tuple[World, str]:
    """A session whose plan lies before both approvers."""
    code = town.desk.propose(FORM)[0].code
    town.look()
    assert town.names(OFFICE) == [], "the proposal is for the Head alone"
    town.reply(HEAD, "Duyệt")
    town.desk.decide(code, "Công văn số 12/UBND-VX")
    town.desk.put_up(code, PaperKind.PLAN)
    town.look()
    return town, code


def test_the_dates_are_the_other_citys(town: World) -> None:
    code = town.desk.propose(FORM)[0].code
    due = {row["due"]["rule"]: row["due"] for row in town.house.rows(duty) if row["kind"] == "session"}
    assert due["plan_issued"]["on"] == "2026-11-11"  # ten working days before 26/11, 24/11 is a day off
    assert due["answer_after_session"]["on"] == "2026-12-08"
    assert "27/2024/QĐ-UBND" in due["plan_issued"]["reason"]
    assert code == "P-2026-01"


def test_the_plan_is_issued_when_both_have_approved(planned: tuple[World, str]) -> None:
    town, code = planned
    town.reply(OFFICE, "Duyệt")
    assert town.desk.show(code).status == "topic_approved"
    assert "còn chờ ý kiến của Trưởng Ban Biên tập" in text_of(town.inbox(OFFICE)[-1])
    assert town.names(unit_address("SXD")) == []
    town.reply(HEAD, "Duyệt", PLAN)
    assert town.desk.show(code).status == "plan_issued"
    assert town.names(unit_address("SXD")) == ["session_invitation", "session_paper"]
    assert [row["status"] for row in town.house.rows(duty) if row["kind"] == "approval"] == ["met"] * 3


def test_in_the_other_order_too(planned: tuple[World, str]) -> None:
    town, code = planned
    town.reply(HEAD, "Duyệt", PLAN)
    assert town.desk.show(code).status == "topic_approved"
    town.reply(OFFICE, "Duyệt")
    assert town.desk.show(code).status == "plan_issued"


def test_one_return_ends_it_for_both(planned: tuple[World, str]) -> None:
    town, code = planned
    town.reply(OFFICE, "Trả lại: ghi rõ địa điểm")
    assert [row["status"] for row in town.house.rows(paper)] == ["approved", "returned"]
    assert "Văn phòng UBND thành phố trả lại" in text_of(town.inbox(OFFICER)[-1])
    town.reply(HEAD, "Duyệt", PLAN)
    assert town.desk.show(code).status == "topic_approved", "a word about a text that was returned counts no more"
    open_ones = [row for row in town.house.rows(duty) if row["kind"] == "approval" and row["status"] == "open"]
    assert open_ones == []


NEW_HEAD = Person("Trưởng Ban mới", DEPUTY, "head")
NEW_OFFICE = Person("Văn phòng mới", "moi@haiphong.test", "office")


@pytest.mark.parametrize(
    ("approved", "head", "office", "asked"),
    [
        (True, None, NEW_OFFICE, {HEAD: 1, OFFICE: 1, NEW_OFFICE.email: 1}),
        (False, NEW_HEAD, NEW_OFFICE, {HEAD: 1, OFFICE: 1, DEPUTY: 1, NEW_OFFICE.email: 1}),
        (False, None, Person("Trưởng Ban", HEAD, "head"), {HEAD: 1, OFFICE: 1}),
        (True, None, Person("Trưởng Ban", HEAD, "head"), {HEAD: 2, OFFICE: 1}),  # nothing else would end it
    ],
    ids=("one approved already", "both have left", "one for two", "one who approved for two"),
)
def test_who_approved_or_is_asked_is_not_asked_again_for_one_who_left(
    planned: tuple[World, str], approved: bool, head: Person | None, office: Person, asked: dict[str, int]
) -> None:
    town, code = planned
    if approved:
        town.reply(HEAD, "Duyệt", PLAN)
    board = town.house.installation.board
    board = replace(board, head=head or board.head, approvers={**board.approvers, "office": office})
    town.house.installation = replace(town.house.installation, board=board)
    town.house.restart()
    town.let_pass(days=1)
    town.look()
    assert Counter(row["person"] for row in town.house.rows(approval)[2:]) == asked
    for one in (board.head.email, office.email):
        town.reply(one, "Duyệt", PLAN)
    assert town.desk.show(code).status == "plan_issued"


def test_a_changed_text_voids_the_one_approval_that_was_given(planned: tuple[World, str]) -> None:
    town, code = planned
    town.reply(OFFICE, "Duyệt")
    town.desk.amend(code, replace(FORM, place="Phòng họp số 9"))
    town.desk.put_up(code, PaperKind.PLAN)
    town.look()
    town.reply(HEAD, "Duyệt", PLAN)
    assert town.desk.show(code).status == "topic_approved"
    statuses = [row["status"] for row in town.house.rows(approval)]
    assert statuses == ["approved", "approved", "void", "approved", "approved", "asked"]
    town.reply(OFFICE, "Duyệt")
    assert town.desk.show(code).status == "plan_issued"


def test_who_only_approves_decides_nothing_else(town: World) -> None:
    """The Office approves papers here; its "Chuyển …" to an approval request is no officer's command."""
    code = town.desk.propose(FORM)[0].code
    town.look()
    town.reply(HEAD, "Duyệt")
    town.desk.decide(code, "Công văn số 12/UBND-VX")
    town.desk.put_up(code, PaperKind.PLAN)
    town.look()
    number = town.ask(ROAD)["code"]
    town.reply(OFFICE, f"{number} từ chối h vì không thích")
    assert town.house.questions[-1]["status"] == "forwarded"


def test_no_mail_cites_hai_phongs_decision(planned: tuple[World, str]) -> None:
    town, _ = planned
    town.ask(ROAD)
    town.let_pass(days=30)
    texts = [text_of(bytes(row["bytes"])) for row in town.house.sent]
    assert any("Quyết định số 27/2024/QĐ-UBND" in text for text in texts)
    assert not [text for text in texts if "1374" in text]


def test_an_approver_without_an_address_is_told_at_the_start(tmp_path: Path) -> None:
    rules = rules_of(
        tmp_path / "rules", [('approves = ["head"]\ntells = ["board"]', 'approves = ["head", "chairman"]')]
    )
    with pytest.raises(ConfigurationError, match=r"board\.approvers\.chairman: missing"):
        World(tmp_path, rules=rules, profile="thu")
    named = '[board.approvers]\nchairman = { name = "Chủ tịch", email = "chutich@haiphong.test" }'
    with world(tmp_path, rules=rules, profile="thu", extra=named) as town:
        assert town.house.installation.board.approvers["chairman"].email == "chutich@haiphong.test"
