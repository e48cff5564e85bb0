"""The number that a mail names for a paper: given once; one that is taken is refused in words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from db.core.tables import paper, raw_mail
from rules.law.session_rules import PaperKind
from tests.installation import HEAD, OFFICER, text_of
from tests.world import FORM, World

LATER = datetime(2027, 2, 25, 1, 30, tzinfo=UTC)


pytestmark = pytest.mark.world(servers=False, sends=True, at=datetime(2026, 11, 2, 2, 0, tzinfo=UTC))


@pytest.fixture
def town(town: World) -> World:
    """Two sessions with decided topics; the plan of the first is issued as 05/KH-BBT."""
    for start in (FORM.start, LATER):
        code = town.desk.propose(replace(FORM, start=start, decided="Công văn số 12/UBND-VX"))[0].code
        town.desk.put_up(code, PaperKind.PLAN)
        town.look()
        if start == FORM.start:
            town.reply(HEAD, "Duyệt, số 05/KH-BBT")
    return town


def numbers(town: World) -> list[object]:
    return [row["number"] for row in town.house.rows(paper)]


def test_a_taken_number_that_an_officer_records_is_refused_in_words(town: World) -> None:
    assert numbers(town) == ["05/KH-BBT", ""]
    town.reply(OFFICER, "Đã ban hành kế hoạch P-2027-01 số 05/KH-BBT ngày 2/11/2026")
    assert "Số 05 đã được cấp" in text_of(town.inbox(OFFICER)[-1])
    assert {row["status"] for row in town.house.rows(raw_mail)} == {"done"}, "no mail in quarantine"
    town.reply(OFFICER, "Đã ban hành kế hoạch P-2027-01 số 07/KH-BBT ngày 2/11/2026")
    assert numbers(town) == ["05/KH-BBT", "07/KH-BBT"]


def test_two_plans_issued_in_one_mail_go_out_with_a_number_each(town: World) -> None:
    code = town.desk.propose(
        replace(FORM, start=datetime(2027, 8, 26, 1, 30, tzinfo=UTC), decided="Công văn số 13/UBND-VX")
    )[0].code
    town.desk.put_up(code, PaperKind.PLAN)
    town.look()
    before = town.last_sent()
    town.reply(OFFICER, f"Đã ban hành kế hoạch P-2027-01 số 06/KH-BBT\nĐã ban hành kế hoạch {code} số 07/KH-BBT")
    town.look()
    told = [text_of(bytes(one["bytes"])) for one in town.house.sent_with(name="session_paper", after=before)]
    assert told
    assert all(("06/KH-BBT" in one) != ("07/KH-BBT" in one) for one in told)
    assert numbers(town) == ["05/KH-BBT", "06/KH-BBT", "07/KH-BBT"]


def test_a_taken_number_in_the_heads_approval_is_refused_in_words(town: World) -> None:
    town.reply(HEAD, "Duyệt, số 04", "P-2027-01")
    assert "Số 04 đã được cấp" in text_of(town.inbox(HEAD)[-1])
    assert town.desk.show("P-2027-01").status == "topic_approved"
    town.reply(HEAD, "Duyệt", "P-2027-01] Trình")
    assert numbers(town) == ["05/KH-BBT", "06/KH-BBT"]


def test_a_plan_signed_last_year_takes_a_number_of_that_year(town: World) -> None:
    """Its number was compared with this year's; one that was taken last year ended in quarantine."""
    town.house.clock.at = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
    town.reply(OFFICER, "Đã ban hành kế hoạch P-2027-01 số 05/KH-BBT ngày 30/12/2026")
    assert {row["status"] for row in town.house.rows(raw_mail)} == {"done"}, "no mail in quarantine"
    assert "Số 05 đã được cấp" in text_of(town.last("officer_done", OFFICER))
    town.reply(OFFICER, "Đã ban hành kế hoạch P-2027-01 số 06/KH-BBT ngày 30/12/2020")
    assert numbers(town)[:2] == ["05/KH-BBT", ""]
    town.reply(OFFICER, "Đã ban hành kế hoạch P-2027-01 số 06/KH-BBT ngày 30/12/2026")
    assert numbers(town)[:2] == ["05/KH-BBT", "06/KH-BBT"]


def test_the_same_number_of_another_paper_beside_it_refuses_nothing(town: World) -> None:
    town.reply(HEAD, "Đã xem 07/BC-BBT. Duyệt, số 07/KH-BBT", "P-2027-01")
    assert numbers(town) == ["05/KH-BBT", "07/KH-BBT"]


@pytest.mark.parametrize(
    "words",
    ["Duyệt, phiên số 2", "Duyet phien so 1 nam 2026", "Duyệt phiên đối thoại trực tuyến số 2", "Duyệt, phiên 1 giờ"],
)
def test_an_approval_of_another_session_or_length_is_asked_back(town: World, words: str) -> None:
    before = town.desk.show("P-2027-01").status, numbers(town)
    town.reply(HEAD, words, "P-2027-01")
    assert "Không rõ ý kiến" in text_of(town.inbox(HEAD)[-1])
    assert (town.desk.show("P-2027-01").status, numbers(town)) == before


@pytest.mark.parametrize(
    "words",
    [
        "Duyệt kế hoạch phiên số 1.",
        "Duyệt. Lưu ý câu số 12 mời báo chí.",
        "Duyệt phiên số 01/2027",
        "Duyệt. Làm như phiên số 2",
    ],
)
def test_a_number_of_something_else_in_the_approval_is_not_the_papers(town: World, words: str) -> None:
    town.reply(HEAD, words, "P-2027-01")
    assert numbers(town) == ["05/KH-BBT", "06/KH-BBT"]


def test_an_addition_to_an_unsure_approval_is_asked_back_with_both_readings(town: World) -> None:
    town.reply(HEAD, "Duyệt. Thêm báo đài", "P-2027-01")
    told = text_of(town.inbox(HEAD)[-1])
    assert "Không rõ ý kiến" in told
    assert "“Duyệt. Dặn thêm: Thêm báo đài”" in told
    assert "“Trả lại: Thêm báo đài”" in told
    town.reply(HEAD, "Duyệt. Dặn thêm: Thêm báo đài", "P-2027-01")
    assert "đã phê duyệt" in text_of(town.inbox(HEAD)[-1]).lower()
