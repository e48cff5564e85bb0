"""Topic, time and chair are decided by the city's or the unit's leader (7.1, 7.2, 11.1); all waits for that."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select

from db.core.tables import approval, duty, journal, paper, raw_mail
from rules.decide.base.facts import Person
from rules.law.session_rules import LeaderForm, PaperKind
from tests.installation import HEAD, OFFICER, SXD, answer_to, subject_of, text_of
from tests.world import DEPUTY, FORM, World, said

CHAIRMAN = "chutich@haiphong.test"
KNOWN = f'[board.approvers.chairman]\nname = "Nguyễn Văn Cường"\nemail = "{CHAIRMAN}"\n'
UNITS_OWN = replace(FORM, level="unit", unit="SXD", units=("SXD",), chair=LeaderForm("Phạm Quốc Khánh", "Giám đốc"))


pytestmark = pytest.mark.world(servers=False, sends=True, at=datetime(2026, 10, 12, 2, 0, tzinfo=UTC), extra=KNOWN)


def agreed(town: World, form: object = FORM) -> str:
    """A session that the Head has agreed to."""
    code = town.desk.propose(form)[0].code  # type: ignore[arg-type]
    town.look()
    town.reply(HEAD, "Duyệt")
    return code


def stands(town: World, code: str) -> str:
    return town.desk.show(code).status.value


def waiting(town: World) -> list[tuple[object, object]]:
    return [(row["status"], row["was_late"]) for row in town.house.rows(duty) if row["kind"] == "decision"]


@pytest.fixture
def code(town: World) -> str:
    return agreed(town)


def test_the_chairman_decides_by_a_plain_reply(town: World, code: str) -> None:
    mail = text_of(town.inbox(CHAIRMAN)[-1])
    assert "số 01/TTr-BBT" in mail, "what goes out bears its number"
    assert "khoản 1 Điều 7" in mail
    assert stands(town, code) == "proposed"
    assert waiting(town) == [("open", False)]
    town.reply(CHAIRMAN, "Đồng ý. Lưu ý mời báo chí.")
    assert stands(town, code) == "topic_approved"
    assert "ý kiến của Nguyễn Văn Cường ngày 12/10/2026" in town.desk.show(code).form.decided
    assert waiting(town) == [("met", False)]
    assert "mời báo chí" in text_of(town.inbox(OFFICER)[-1]), "a wish beside it is passed on"
    assert "Đã ghi nhận quyết định" in text_of(town.inbox(CHAIRMAN)[-1])


def test_a_leader_who_is_not_understood_reads_the_word_that_he_was_asked_for(town: World, code: str) -> None:
    assert "ghi “Đồng ý”" in text_of(town.inbox(CHAIRMAN)[-1])
    town.reply(CHAIRMAN, "Để tôi xem đã, mai trả lời.")
    assert "bằng “Đồng ý”" in said(town.inbox(CHAIRMAN)[-1])
    assert stands(town, code) == "proposed"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("hoãn phiên sang 14h ngày 27/11/2026 vì trùng họp", "ghi “Hoãn phiên {} sang 14:00 ngày 27/11/2026”"),
        ("Hủy phiên vì bão số 12", "ghi “Hủy phiên {} vì …”"),
        ("8h", ""),
    ],
)
def test_what_the_deputy_orders_instead_reaches_the_officers_ready(town: World, text: str, offered: str) -> None:
    """They read that the Head had written, and nothing was offered; of a session called off, that there was a newer
    text to approve."""
    town.at(2026, 11, 2, 2)
    board, away = town.house.installation.board, (date(2026, 11, 1), date(2026, 11, 30))
    board = replace(board, deputy=Person("Ngô Văn Phó", DEPUTY, "head"), head_absent=away)
    town.house.installation = replace(town.house.installation, board=board)
    town.house.restart()
    code = town.desk.propose(FORM)[0].code
    town.look()
    town.reply(DEPUTY, text)
    alert = said(town.inbox(OFFICER)[-1])
    assert "Ngô Văn Phó đã viết về tờ trình" in alert
    assert (offered.format(code) in alert, "Hủy phiên" in alert) == (True, bool(offered))
    assert stands(town, code) == "proposed", "nothing is done by it"
    town.desk.cancel(code, "bão số 12")
    town.reply(DEPUTY, "Duyệt", "Trình phê duyệt")
    assert f"Phiên {code} đã hủy, văn bản này không cần phê duyệt nữa" in said(town.inbox(DEPUTY)[-1])


def name_chairman(town: World, person: Person) -> None:
    board = town.house.installation.board
    board = replace(board, approvers={**board.approvers, "chairman": person})
    town.house.installation = replace(town.house.installation, board=board)
    town.house.restart()


def asked_to_decide(town: World) -> list[int]:
    return [len(town.house.sent_with(name="leader_decision", recipient=one)) for one in (CHAIRMAN, DEPUTY)]


def test_whoever_is_chairman_no_more_decides_nothing_and_the_successor_is_asked(town: World) -> None:
    code, chairman = agreed(town), town.house.installation.board.approvers["chairman"]
    old = town.inbox(CHAIRMAN)[-1]
    name_chairman(town, Person("Lê Thị Mới", DEPUTY, "leader"))
    town.write(answer_to(old, CHAIRMAN, "Đồng ý"))
    assert stands(town, code) == "proposed"
    assert "nay do người khác phê duyệt" in text_of(town.inbox(CHAIRMAN)[-1])
    town.let_pass(days=21)
    town.look()
    assert asked_to_decide(town) == [1, 1]
    name_chairman(town, chairman)
    town.let_pass(days=8)
    town.look()
    assert asked_to_decide(town) == [2, 1], "who is chairman again is asked anew"
    name_chairman(town, Person("Lê Thị Mới", DEPUTY, "leader"))
    town.let_pass(days=8)
    town.look()
    assert asked_to_decide(town) == [2, 2]
    town.write(answer_to(town.last("leader_decision", DEPUTY), DEPUTY, "Đồng ý"))
    assert stands(town, code) == "topic_approved"
    assert "ý kiến của Lê Thị Mới" in town.desk.show(code).form.decided


def test_what_the_chairman_sends_back_is_changed_and_put_up_again(town: World, code: str) -> None:
    town.reply(CHAIRMAN, "Trả lại: chọn Phó Chủ tịch khác chủ trì")
    assert stands(town, code) == "proposed"
    assert [row["status"] for row in town.house.rows(paper)] == ["returned"]
    assert "chọn Phó Chủ tịch khác" in text_of(town.inbox(OFFICER)[-1])
    town.reply(OFFICER, f"Bổ sung phiên {code}\nChủ trì: Lê Văn Dũng, Phó Chủ tịch", "TỜ TRÌNH")
    assert f"xin ghi “Trình tờ trình {code}”" in text_of(town.inbox(OFFICER)[-1])
    town.reply(OFFICER, f"Trình tờ trình {code}", "TỜ TRÌNH")
    town.reply(HEAD, "Duyệt", "Trình phê duyệt")
    town.reply(CHAIRMAN, "Đồng ý", "ý kiến quyết định")
    assert stands(town, code) == "topic_approved"
    assert [row["status"] for row in town.house.rows(paper)] == ["void", "approved"]


def test_only_who_was_asked_decides_and_only_once(town: World, code: str) -> None:
    asked = town.inbox(CHAIRMAN)[-1]
    town.write(answer_to(asked, "gia-danh@elsewhere.test", "Đồng ý", message_id="<1@elsewhere.test>"))
    town.write(answer_to(asked, SXD, "Đồng ý", message_id="<1@sxd.test>"))
    assert stands(town, code) == "proposed"
    town.reply(CHAIRMAN, "Đồng ý")
    town.write(answer_to(asked, CHAIRMAN, "Trả lại: nghĩ lại", message_id="<2@haiphong.test>"))
    assert stands(town, code) == "topic_approved"
    assert "đã được quyết định trước đó" in text_of(town.inbox(CHAIRMAN)[-1])


def test_a_unit_decides_on_its_own_session(town: World) -> None:
    """7.2: its leader, here by the unit's official address."""
    code = agreed(town, UNITS_OWN)
    assert town.names(CHAIRMAN) == []
    assert "Lãnh đạo Sở Xây dựng" in text_of(town.inbox(SXD)[-1])
    town.reply(SXD, "Đồng ý")
    assert stands(town, code) == "topic_approved"
    assert "Lãnh đạo Sở Xây dựng" in town.desk.show(code).form.decided
    with town.house.engine.begin() as connection:
        cited = {(act, clause) for act, clause in connection.execute(select(journal.c.act, journal.c.clause))}
    cited = {one for one in cited if one[1].startswith("7.")}
    assert {clause for _, clause in cited} == {"7.2"}, "7.1 is of the city's sessions"
    assert {act for act, _ in cited} >= {"session_proposed", "topic_approved"}
    assert {row["clause"] for row in town.house.sent_with(name="head_approval")} == {"7.2"}


def test_the_plan_is_not_drafted_before_the_decision_and_reminders_bring_the_word(town: World, code: str) -> None:
    town.house.clock.at = datetime(2026, 11, 6, 2, 0, tzinfo=UTC)
    town.look()
    assert stands(town, code) == "proposed"
    assert [row["kind"] for row in town.house.rows(paper)] == ["proposal"], "no plan without topic and chair"
    reminders = [raw for raw in town.inbox(OFFICER) if "chờ Chủ tịch" in subject_of(raw)]
    assert f"{code} lãnh đạo đã quyết định tại" in text_of(reminders[-1])
    assert any("Nhắc: xin ý kiến quyết định" in subject_of(raw) for raw in town.inbox(CHAIRMAN))
    again = next(raw for raw in town.inbox(CHAIRMAN) if "Nhắc: xin ý kiến quyết định" in subject_of(raw))
    assert "Nguyễn Văn Cường" in str(message_from_bytes(again, policy=default)["To"])
    assert waiting(town) == [("open", True)]
    town.reply(CHAIRMAN, "Đồng ý", "Nhắc")
    assert stands(town, code) == "topic_approved"
    assert PaperKind.PLAN.value in [row["kind"] for row in town.house.rows(paper)], "the plan follows at once"


@pytest.mark.world(extra="")
def test_who_has_no_address_gets_it_on_paper_and_an_officer_records_the_decision(town: World, code: str) -> None:
    assert [row["person"] for row in town.house.rows(approval)] == [HEAD, ""]
    mail = text_of(town.inbox(OFFICER)[-1])
    assert "Xin trình Chủ tịch Ủy ban nhân dân thành phố bản kèm theo" in mail
    assert f"{code} lãnh đạo đã quyết định tại" in mail
    for order, answer in (
        (f"{code} lãnh đạo đã quyết định", "Cần ghi văn bản hoặc ngày"),
        (f"{code} lãnh đạo đã quyết định tại Công văn số 9/UBND ngày 31/12/2026", "chưa đến"),
        (f"{code} lãnh đạo chưa đồng ý", "Cần ghi điều lãnh đạo yêu cầu"),
        ("Chủ tịch đã duyệt rồi, công văn số 9/UBND-VX ngày 12/10/2026", "Đã ghi quyết định"),
        (f"{code} lãnh đạo đã quyết định tại Công văn số 9/UBND", "đã ghi Công văn số 9/UBND-VX"),
    ):
        town.reply(OFFICER, order, "TỜ TRÌNH")
        assert answer in text_of(town.inbox(OFFICER)[-1]), order
    assert stands(town, code) == "topic_approved"
    assert "9/UBND-VX ngày 12/10/2026" in town.desk.show(code).form.decided


def test_a_proposal_with_the_old_day_is_decided_on_no_more(town: World, code: str) -> None:
    asked = town.inbox(CHAIRMAN)[-1]
    town.desk.move(code, datetime(2026, 12, 10, 1, 30, tzinfo=UTC), "Trùng kỳ họp")
    town.write(answer_to(asked, CHAIRMAN, "Đồng ý", message_id="<3@haiphong.test>"))
    assert stands(town, code) == "proposed"
    assert "đã thay đổi" in text_of(town.inbox(CHAIRMAN)[-1])
    assert waiting(town) == [("void", False)]


def test_a_cancelled_proposal_waits_for_nobody(town: World) -> None:
    town.desk.cancel(agreed(town), "Bão số 9")
    assert waiting(town) == [("void", False)]


SECRETARY = "vanphong.ct@haiphong.test"


@pytest.mark.parametrize(
    ("order", "recorded"),
    [
        ("P-2026-01 lãnh đạo đã quyết định tại Công văn số 21/UBND-VX ngày 12/10/2026", "topic_approved"),
        ("P-2026-01 lãnh đạo chưa đồng ý: lùi sang tuần sau", "proposed"),
    ],
)
@pytest.mark.parametrize("writer", [SECRETARY, OFFICER])
def test_what_another_tells_of_the_chairmans_opinion_is_offered_to_be_recorded(
    town: World, code: str, order: str, recorded: str, writer: str
) -> None:
    asked, before = town.inbox(CHAIRMAN)[-1], town.house.questions
    town.write(answer_to(asked, writer, "Anh Cường nhất trí rồi, em báo để các anh biết.", message_id="<7@ct.test>"))
    assert stands(town, code) == "proposed", "only who was asked decides by mail"
    review = text_of([raw for raw in town.inbox(OFFICER) if "Cần xem xét" in subject_of(raw)][-1])
    assert f"“{code} lãnh đạo đã quyết định tại …”" in " ".join(review.split())
    assert f"“{code} lãnh đạo chưa đồng ý: …”" in " ".join(review.split())
    assert "“Đăng ký”" not in review
    town.reply(OFFICER, order, "Cần xem xét")
    assert stands(town, code) == recorded
    assert town.house.questions == before
    assert [row["status"] for row in town.house.rows(raw_mail) if row["status"] == "held"] == []


def test_what_another_answers_for_the_head_is_no_question(town: World) -> None:
    town.desk.propose(FORM)
    town.look()
    asked = [raw for raw in town.inbox(HEAD) if "Trình phê duyệt" in subject_of(raw)][-1]
    town.write(answer_to(asked, OFFICER, "Duyệt", message_id="<8@haiphong.test>"))
    review = text_of([raw for raw in town.inbox(OFFICER) if "Cần xem xét" in subject_of(raw)][-1])
    assert "đến từ địa chỉ khác" in review
    assert "Đăng ký" not in review
    assert "“Không phải câu hỏi”" in review


def test_our_own_subject_sent_back_orders_nothing(town: World) -> None:
    """Programs that answer without "Re:" send it alone, and "Thay đổi thời gian phiên" reads like an order."""
    town.desk.move(agreed(town), datetime(2026, 12, 10, 1, 30, tzinfo=UTC), "Trùng kỳ họp")
    town.look()
    subject = subject_of(town.last("session_changed", OFFICER))
    town.answers("session_changed", OFFICER, "", subject=subject)
    assert "Thay đổi thời gian phiên" not in text_of(town.last("officer_done", OFFICER))
