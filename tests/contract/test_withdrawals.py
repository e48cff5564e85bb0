"""Who withdraws a question is told that it came; an officer decides, and nothing ends before that."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from db.core.tables import assignment, duty, question
from rules.commands.commands import read_commands
from rules.decide.base.actions import SetQuestion
from rules.decide.base.facts import QuestionFacts
from rules.decide.base.forwarding import is_unmarked
from rules.decide.officer.requests import let_go_surely, prepared
from rules.law.session_rules import SessionStatus
from rules.values.model import Requester
from rules.values.states import QuestionStatus
from tests.installation import MONDAY, OFFICER, SXD, answer_to, letter, subject_of, text_of
from tests.world import LETTER, SIGNATURE, World, said, vouched

CITIZEN = "an@dan.test"
STRANGER = "ba@dan.test"
WISHES = (
    "Tôi muốn rút câu hỏi",
    "toi muon rut lai cau hoi",
    "Tôi xin rút lại câu hỏi HP-2026-000001",
    "Đường đã được sửa, không cần trả lời nữa. Cảm ơn.",
    "Câu hỏi của tôi chưa được trả lời nhưng tôi không cần trả lời nữa, xin rút câu hỏi.",
    "Tôi xin hủy câu hỏi này",
)
OTHERS = (
    "Tôi không rút câu hỏi đâu nhé, mong Sở sớm trả lời.",
    "Nếu tuần này không trả lời thì tôi rút câu hỏi và gửi lên Trung ương.",
    "Công ty đã rút máy thi công, đường vẫn dở dang.",
    "Tôi bổ sung: đoạn trước số nhà 9 hỏng nặng nhất.",
)


def wishes(house: World, text: str = WISHES[0]) -> list[str]:
    """The citizen answers our acknowledgement."""
    return house.names_after(vouched(answer_to(house.last("citizen_received", CITIZEN), CITIZEN, text)))


def orders(house: World, text: str) -> list[str]:
    """The officer answers the mail about the wish."""
    return house.names_after(vouched(answer_to(house.last("officer_review", OFFICER), OFFICER, text)))


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_is_for_an_officer_and_the_asker_is_told_that_it_came(asked: World, text: str) -> None:
    assert wishes(asked, text) == ["citizen_withdrawal", "officer_review"]
    assert asked.house.questions[0]["status"] == "forwarded", "nothing ends by itself"
    assert [row["status"] for row in asked.rows(duty) if row["kind"] == "answer"] == ["open"]
    assert asked.house.mails[-1]["status"] == "held"
    assert "Đã nhận yêu cầu rút câu hỏi" in subject_of(asked.last("citizen_withdrawal"))
    review = said(asked.last("officer_review", OFFICER))
    assert "đề nghị rút câu hỏi" in subject_of(asked.last("officer_review", OFFICER))
    assert "Người hỏi xin rút câu hỏi HP-2026-000001" in review
    assert "cho rút câu hỏi" in review


SEVERAL = (
    "Tôi hỏi 3 việc:\n1. Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?\n2. Trường tiểu học thu tiền học "
    "thêm có đúng không?\n3. Nước máy yếu, bao giờ Công ty Cấp nước khắc phục?"
)
PARTS = (
    "Việc 3 thì thôi nhé, nước chảy lại rồi, không cần hỏi nữa. Còn việc 1 thì bao giờ sửa?",
    "Câu 3 thì thôi không cần trả lời nữa vì nước đã có rồi. Hai câu kia tôi vẫn chờ.",
    "Tôi xin rút ý thứ ba, các việc còn lại mong sớm trả lời.",
    "cau so 2 toi khong can tra loi nua",
)


@pytest.mark.parametrize("text", PARTS)
def test_who_gives_up_one_of_several_matters_is_not_let_go_by_a_click(house: World, text: str) -> None:
    house.ask(f"{SEVERAL}\n\nLê Văn An\nSố 5 đường Trường Chinh, phường Kiến An\n0912 000 333")
    assert wishes(house, text) == ["citizen_held", "officer_review"]
    review = said(house.last("officer_review", OFFICER))
    assert "thôi hỏi một phần của câu HP-2026-000001, phần còn lại vẫn chờ trả lời" in review
    assert "cho rút" not in review
    assert "chuyển ý kiến cho đơn vị" in review
    assert {row["status"] for row in house.rows(assignment)} == {"forwarded"}


@pytest.mark.parametrize("result", ["pass", "fail"])
@pytest.mark.parametrize("text", PARTS)
def test_who_gives_up_a_matter_in_a_new_mail_is_heard_if_it_is_his(house: World, text: str, result: str) -> None:
    house.ask(f"{SEVERAL}\n\nLê Văn An\nSố 5 đường Trường Chinh, phường Kiến An\n0912 000 333")
    told = house.names_after(vouched(letter(CITIZEN, text, subject="Câu hỏi đã gửi"), result=result))
    heard = "thôi hỏi một phần của câu HP-2026-000001" in str(house.house.mails[-1]["reason"])
    assert heard == (result == "pass"), "anybody can write a From"
    assert not heard or told == ["citizen_held", "officer_review"]


@pytest.mark.parametrize(
    "text",
    [
        "Tôi xin rút câu hỏi HP-2026-000001, nhà tôi ở số 3 ngõ 2.",
        "Tôi xin rút câu hỏi gửi ngày 3/11, việc hai bên đã thỏa thuận xong.",
    ],
)
def test_a_number_that_is_no_matter_leaves_a_withdrawal_whole(asked: World, text: str) -> None:
    assert wishes(asked, text) == ["citizen_withdrawal", "officer_review"]


def test_who_wants_his_data_erased_and_the_question_withdrawn_has_both_decided(asked: World) -> None:
    text = "Xóa hết dữ liệu cá nhân của tôi đi, tôi rút câu hỏi này luôn."
    assert sorted(wishes(asked, text)) == [
        "citizen_data_request",
        "citizen_withdrawal",
        "officer_alert",
        "officer_review",
    ]
    assert [row["status"] for row in asked.rows(duty) if row["kind"] == "privacy"] == ["open"]
    assert "Người hỏi xin rút câu hỏi HP-2026-000001" in " ".join(
        text_of(asked.last("officer_review", OFFICER)).split()
    )
    asked.answers("officer_review", OFFICER, "HP-2026-000001 cho rút câu hỏi")
    assert asked.house.questions[0]["status"] == "closed"
    assert [row["status"] for row in asked.rows(duty) if row["kind"] == "privacy"] == ["open"]
    done = "HP-2026-000001 đã thực hiện yêu cầu dữ liệu:"
    asked.answers("officer_alert", OFFICER, f"{done} đã xóa hết")
    told = said(asked.last(OFFICER))
    assert "Chưa báo người hỏi: theo sổ, dữ liệu của câu hỏi HP-2026-000001 chưa xóa" in told
    assert f"{done} dữ liệu sẽ được xóa ngay sau thư này" in told
    assert [row["status"] for row in asked.rows(duty) if row["kind"] == "privacy"] == ["open"]
    asked.answers("officer_alert", OFFICER, f"{done} dữ liệu sẽ được xóa ngay sau thư này")
    promised = [row["status"] for row in asked.rows(duty) if row["kind"] == "privacy"]
    assert promised == ["met", "open"], "the asker has an answer, and the promise waits until the data are gone"


@pytest.mark.parametrize("text", OTHERS)
def test_other_words_go_to_the_unit(asked: World, text: str) -> None:
    assert wishes(asked, text) == ["unit_followup", "citizen_completed"]


@pytest.mark.parametrize(
    "text",
    [
        "Tôi không có ý rút câu hỏi",
        "Tôi rút lại lời cảm ơn",
        "Đừng đóng câu hỏi của tôi khi chưa ai trả lời",
        "Sao các anh lại đóng câu hỏi của tôi",
        "tai sao huy cau hoi cua toi",
        "Sở nói không phải trả lời nữa, vậy ai trả lời tôi",
        "Sở gửi nhầm thư trả lời của người khác cho tôi",
        "Đừng xóa dữ liệu của tôi",
        "Tôi không yêu cầu xóa dữ liệu",
        "Không được gỡ câu trả lời của tôi trên Cổng",
    ],
)
def test_nobody_is_told_that_he_wished_the_contrary_of_his_words(asked: World, text: str) -> None:
    assert not {"citizen_withdrawal", "citizen_data_request"} & set(wishes(asked, text))
    assert "xin rút" not in asked.house.mails[-1]["reason"]
    assert [row for row in asked.rows(duty) if row["kind"] == "privacy"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Tôi rút bảo hiểm xã hội một lần thì cần giấy tờ gì, nộp ở đâu ạ?",
        "Tôi rút đơn xin việc ở công ty thì có lấy lại được hồ sơ gốc không?",
        "Bố tôi mất, tôi rút tiền gửi tiết kiệm của bố cần thủ tục gì?",
    ],
)
def test_who_asks_how_something_else_is_drawn_out_has_a_new_question(house: World, text: str) -> None:
    row = house.ask()
    house.write(letter(CITIZEN, text + SIGNATURE, subject="Xin hỏi"))
    assert house.house.newest(question)["code"] != row["code"]
    assert house.house.mails[-1]["kind"] == "question"


def test_a_long_letter_goes_the_usual_way(asked: World) -> None:
    assert wishes(asked, "Tôi muốn rút câu hỏi. " + "Đoạn đường này hỏng rất nặng. " * 12) == [
        "unit_followup",
        "citizen_completed",
    ]


@pytest.mark.parametrize("text", ["HP-2026-000001 cho rút câu hỏi", "Cho rút", "Đóng vì người hỏi rút câu hỏi"])
def test_an_officer_lets_it_go(asked: World, text: str) -> None:
    wishes(asked)
    assert sorted(orders(asked, text)) == ["citizen_withdrawal", "officer_done", "unit_withdrawn"]
    row = asked.house.questions[0]
    assert (row["status"], row["outcome"]) == ("closed", "Người hỏi rút câu hỏi")
    assert [one["status"] for one in asked.rows(assignment)] == ["replaced"]
    assert {one["status"] for one in asked.rows(duty)} <= {"met", "void"}
    assert {one["status"] for one in asked.house.mails} == {"done"}
    assert asked.house.sent[-1]["name"] == "officer_done"
    assert "đã kết thúc" in said(asked.last("citizen_withdrawal", CITIZEN))
    assert "không phải gửi câu trả lời" in said(asked.last("unit_withdrawn", SXD))


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Đổi ý, nay tôi muốn hỏi tiếp.", True),
        ("Thôi tôi không rút nữa, vẫn mong được trả lời.", True),
        ("Đổi ý rồi, cứ trả lời tôi nhé, cảm ơn", True),
        ("Cảm ơn các anh chị", False),
    ],
)
def test_who_wants_the_answer_after_all_is_heard_by_an_officer(asked: World, text: str, again: bool) -> None:
    wishes(asked)
    orders(asked, "Cho rút")
    names = asked.names_after(vouched(answer_to(asked.last("citizen_withdrawal", CITIZEN), CITIZEN, text)))
    assert sorted(names) == (["citizen_held", "officer_review"] if again else [])
    assert len(asked.house.questions) == 1, "it is no new question without a matter"
    if again:
        assert "nay muốn được trả lời" in said(asked.last("officer_review", OFFICER))
        assert sorted(orders(asked, "HP-2026-000001 mở lại")) == ["citizen_reopened", "officer_done"]
        assert {one["status"] for one in asked.house.mails} == {"done"}


def test_a_question_withdrawn_by_mistake_is_taken_up_again(asked: World) -> None:
    wishes(asked)
    orders(asked, "Cho rút")
    assert sorted(orders(asked, "HP-2026-000001 mở lại vì nhầm số")) == ["citizen_reopened", "officer_done"]
    assert asked.house.questions[0]["status"] == "needs_review"
    told = said(asked.last("citizen_reopened", CITIZEN))
    assert "Thư báo kết thúc câu hỏi trước đây không còn giá trị" in told
    assert "unit_forward" in orders(asked, "HP-2026-000001 chuyển SXD")
    assert [one["status"] for one in asked.rows(assignment)] == ["replaced", "forwarded"]
    assert orders(asked, "HP-2026-000001 cho rút câu hỏi") == ["officer_done"], "nobody asks for it now"
    again = orders(asked, "HP-2026-000001 xác nhận cho rút câu hỏi")
    assert sorted(again) == ["citizen_withdrawal", "officer_done", "unit_withdrawn"], "each is told a second time"


@pytest.mark.parametrize(
    "sure", ["HP-2026-000001 xác nhận cho rút câu hỏi", "Đóng HP-2026-000001, bác ấy gọi điện xin rút rồi"]
)
def test_what_nobody_asked_to_withdraw_is_asked_back(asked: World, sure: str) -> None:
    """Its asker and the unit were told that the asker had wished it."""
    asked.overviews()

    def tells(text: str) -> list[str]:
        return sorted(asked.names_after(vouched(answer_to(asked.last("officer_digest", OFFICER), OFFICER, text))))

    assert tells("HP-2026-000001 cho rút câu hỏi") == ["officer_done"]
    assert asked.house.questions[0]["status"] == "forwarded"
    assert "“HP-2026-000001 xác nhận cho rút câu hỏi”" in said(asked.last("officer_done", OFFICER))
    assert tells(sure) == ["citizen_withdrawal", "officer_done", "unit_withdrawn"]


def test_an_officer_keeps_it(asked: World) -> None:
    wishes(asked)
    text = "HP-2026-000001 không cho rút câu hỏi vì việc này liên quan đến nhiều hộ dân"
    assert sorted(orders(asked, text)) == ["citizen_withdrawal", "officer_done"]
    assert asked.house.questions[0]["status"] == "forwarded"
    assert [row["status"] for row in asked.rows(duty) if row["kind"] == "answer"] == ["open"]
    assert {one["status"] for one in asked.house.mails} == {"done"}
    assert "vì: việc này liên quan đến nhiều hộ dân" in said(asked.last("citizen_withdrawal", CITIZEN))
    assert orders(asked, f"{text} ạ") == ["officer_done"], "said twice, told once"


KEEPS = (
    "Thôi tôi không rút nữa, mong Sở trả lời giúp tôi",
    "Xin lỗi, tôi vẫn muốn được trả lời, đừng rút ạ",
    "Tôi đổi ý rồi, xin cứ trả lời giúp.",
    "toi khong rut cau hoi nua",
    "Tôi không gửi yêu cầu này, cháu tôi bấm nhầm.",
    "Tôi xin hủy yêu cầu rút câu hỏi HP-2026-000001.",
)
UNCLEAR = (
    "Tôi phải suy nghĩ thêm, tuần sau tôi báo lại.",
    "Sao chưa rút cho tôi? Tôi không rút được à?",
    "Tôi vẫn muốn rút nhé.",
    "Tôi không rút câu hỏi về đường, chỉ rút câu về đèn.",
)


def thinks_again(house: World, text: str, name: str = "citizen_withdrawal") -> list[str]:
    """The citizen answers our letter about the wish."""
    return house.names_after(vouched(answer_to(house.last(name, CITIZEN), CITIZEN, text)))


@pytest.mark.parametrize("text", KEEPS)
def test_who_keeps_the_question_has_nothing_withdrawn(asked: World, text: str) -> None:
    wishes(asked)
    assert thinks_again(asked, text) == ["citizen_withdrawal", "officer_alert"]
    assert {one["status"] for one in asked.house.mails} == {"done"}, "the wish waits for nobody any more"
    assert asked.house.questions[0]["status"] == "forwarded"
    assert [one["kind"] for one in asked.rows(duty) if one["status"] == "open"] == ["answer"]
    told = said(asked.last("citizen_withdrawal", CITIZEN))
    assert "không rút câu hỏi số HP-2026-000001" in told
    assert "vẫn được giải quyết và trả lời như đã thông báo" in told
    seen = asked.last("officer_alert", OFFICER)
    assert "[HP-2026-000001]" in subject_of(seen)
    assert text.rstrip(".") in said(seen)


def test_a_withdrawal_that_was_taken_back_ends_nothing_unless_it_is_confirmed(asked: World) -> None:
    wishes(asked)
    thinks_again(asked, KEEPS[0])
    for text in ("cho rút câu hỏi", "Đóng vì người hỏi rút câu hỏi"):
        assert orders(asked, text) == ["officer_done"]
        done = said(asked.last("officer_done", OFFICER))
        assert "Chưa kết thúc câu hỏi HP-2026-000001: sau khi xin rút, người hỏi viết lại" in done
        assert "“HP-2026-000001 xác nhận cho rút câu hỏi”" in done
        assert asked.house.questions[0]["status"] == "forwarded"
    sure = orders(asked, "HP-2026-000001 xác nhận cho rút câu hỏi")
    assert sorted(sure) == ["citizen_withdrawal", "officer_done", "unit_withdrawn"]
    assert asked.house.questions[0]["status"] == "closed"


def test_who_withdraws_once_more_after_all_is_let_go_at_once(asked: World) -> None:
    wishes(asked)
    thinks_again(asked, KEEPS[0])
    wishes(asked, "Thôi tôi xin rút câu hỏi thật, cảm ơn.")
    assert sorted(orders(asked, "cho rút câu hỏi")) == ["citizen_withdrawal", "officer_done", "unit_withdrawn"]


def test_of_two_questions_of_one_asker_only_the_one_that_is_kept_is_asked_back(asked: World) -> None:
    wishes(asked)
    asked.ask(f"{LETTER}\nĐoạn số 2.", message_id="<q2@dan.test>")
    thinks_again(asked, KEEPS[0])
    wishes(asked)  # the second one
    assert "HP-2026-000002" in said(asked.last("officer_review", OFFICER))
    assert sorted(orders(asked, "HP-2026-000002 cho rút câu hỏi")) == [
        "citizen_withdrawal", "officer_done", "unit_withdrawn"
    ]  # fmt: skip
    assert orders(asked, "HP-2026-000001 cho rút câu hỏi") == ["officer_done"]
    assert [one["status"] for one in asked.house.questions] == ["forwarded", "closed"]


@pytest.mark.parametrize("text", UNCLEAR)
def test_unclear_second_thoughts_are_read_by_an_officer_and_their_writer_hears_so(asked: World, text: str) -> None:
    wishes(asked)
    assert thinks_again(asked, text) == ["citizen_held", "officer_review"]
    review = asked.last("officer_review", OFFICER)
    assert "[HP-2026-000001] Cần xem xét: thư viết tiếp về việc rút câu hỏi" in subject_of(review)
    seen = said(review)
    assert "viết tiếp về yêu cầu rút câu hỏi HP-2026-000001" in seen
    assert "HP-2026-000001 giữ câu hỏi" in seen
    assert "chuyển" not in seen.partition("Thư đã nhận")[0].lower().partition("xin quyết định")[2]
    assert orders(asked, "cho rút câu hỏi") == ["officer_done"], "asked back"
    assert sorted(orders(asked, "HP-2026-000001 giữ câu hỏi")) == ["citizen_withdrawal", "officer_done"]
    assert {one["status"] for one in asked.house.mails} == {"done"}


def test_thanks_for_our_letter_are_no_second_thoughts(asked: World) -> None:
    wishes(asked)
    assert thinks_again(asked, "Cảm ơn các anh chị.") == []
    assert sorted(orders(asked, "cho rút câu hỏi")) == ["citizen_withdrawal", "officer_done", "unit_withdrawn"]


def test_a_wish_is_taken_back_in_any_mail_of_the_asker(asked: World) -> None:
    wishes(asked)
    assert thinks_again(asked, KEEPS[0], "citizen_received") == ["citizen_withdrawal", "officer_alert"]
    wishes(asked, WISHES[2])
    raw = letter(CITIZEN, KEEPS[3], subject="Về câu hỏi của tôi", message_id="<k@dan.test>")
    assert asked.names_after(vouched(raw)) == ["citizen_withdrawal", "officer_alert"]


def test_what_is_added_to_a_question_that_is_kept_goes_to_its_unit(asked: World) -> None:
    wishes(asked)
    text = f"{KEEPS[0]}. " + "Đoạn trước cổng trường có hai hố sâu, hôm qua một cháu bị ngã ở đó rất đau. " * 2
    assert thinks_again(asked, text) == ["citizen_withdrawal", "officer_alert", "unit_followup"]


def test_nobody_but_the_asker_keeps_a_question(asked: World) -> None:
    wishes(asked)
    for raw in (
        vouched(answer_to(asked.last("citizen_withdrawal", CITIZEN), STRANGER, KEEPS[0])),
        letter(CITIZEN, f"HP-2026-000001: {KEEPS[3]}", subject="Câu hỏi", message_id="<f@dan.test>"),
    ):
        assert "citizen_withdrawal" not in asked.names_after(raw)
    assert sorted(orders(asked, "HP-2026-000001 cho rút câu hỏi")) == [
        "citizen_withdrawal", "officer_done", "unit_withdrawn"
    ]  # fmt: skip


@pytest.mark.parametrize(("label", "verb"), [("Cho rút câu hỏi", "let_go"), ("Không cho rút", "keep")])
def test_the_prepared_answers_are_understood(label: str, verb: str) -> None:
    (text,) = [one["text"] for one in prepared("HP-2026-000001") if one["label"] == label]
    (command,) = read_commands(text, {})
    assert (command.question, command.verb) == ("HP-2026-000001", verb)


@pytest.mark.world(bystanders=False)  # the overview is of the whole register
def test_the_morning_mail_offers_them(asked: World) -> None:
    wishes(asked)
    asked.house.clock.forward(days=1)
    asked.overviews()
    listed = said(asked.last("officer_digest", OFFICER))
    assert "Người hỏi xin rút câu hỏi HP-2026-000001" in listed
    assert "Không cho rút" in listed
    assert "Không phải câu hỏi" not in listed


def test_the_reminder_of_a_wish_offers_what_decides_on_it(asked: World) -> None:
    wishes(asked)
    asked.let_pass(hours=6)
    reminded = said(asked.last("officer_alert", OFFICER))
    assert "cho rút câu hỏi" in reminded
    assert "Đăng ký" not in reminded


@pytest.mark.parametrize("order", ["cho rút câu hỏi", "không cho rút câu hỏi vì đã trả lời"])
def test_an_answer_that_came_first_stands_and_the_asker_hears_so(asked: World, order: str) -> None:
    wishes(asked)
    asked.answers("unit_forward", SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý IV.")
    asked.look()
    assert sorted(orders(asked, f"HP-2026-000001 {order}")) == ["citizen_withdrawal", "officer_done"]
    assert "đã có câu trả lời" in said(asked.last("citizen_withdrawal", CITIZEN))
    assert asked.house.questions[0]["status"] == "answered"
    assert {one["status"] for one in asked.house.mails} == {"done"}


def test_a_wish_without_number_means_the_one_open_question(asked: World) -> None:
    raw = letter(CITIZEN, "Tôi muốn rút câu hỏi", subject="Rút câu hỏi", message_id="<w@dan.test>")
    assert asked.names_after(vouched(raw)) == ["citizen_withdrawal", "officer_review"]


def test_a_forged_from_withdraws_nothing_and_tells_nobody_but_officers(asked: World) -> None:
    raw = letter(CITIZEN, "Tôi xin rút lại câu hỏi HP-2026-000001", subject="Rút", message_id="<w@dan.test>")
    assert asked.names_after(raw) == ["officer_review"]
    assert asked.house.mails[-1]["status"] == "held"


def test_nobody_withdraws_another_s_question(asked: World) -> None:
    raw = letter(STRANGER, "Tôi xin rút lại câu hỏi HP-2026-000001", subject="Rút", message_id="<w@dan.test>")
    assert "citizen_withdrawal" not in asked.names_after(vouched(raw))
    assert asked.house.questions[0]["status"] == "forwarded"


def test_a_unit_lets_nothing_go(asked: World) -> None:
    wishes(asked)
    asked.answers("unit_forward", SXD, "HP-2026-000001 cho rút câu hỏi")
    assert asked.house.questions[0]["status"] != "closed"


ASKED = QuestionFacts(
    1, "HP-2026-000001", QuestionStatus.FORWARDED, None, MONDAY, Requester(), CITIZEN, "", "", (), "", session_id=7
)


@pytest.mark.parametrize(
    ("status", "left"),
    [(SessionStatus.ANNOUNCED, True), (SessionStatus.SCRIPT_APPROVED, True), (SessionStatus.HELD, False)],
)
def test_a_question_that_is_let_go_leaves_the_session_before_it_is_held(status: SessionStatus, left: bool) -> None:
    session = SimpleNamespace(id=7, status=status)
    facts = SimpleNamespace(
        sessions=(session,),
        held=None,
        withdrawals={},
        opinions={},
        second_thoughts={},
        board=SimpleNamespace(contacts={}),
        raw_mail=1,
    )
    order = SimpleNamespace(facts=facts, question=ASKED, command=SimpleNamespace(text=""))
    _, _, actions = let_go_surely(order)  # type: ignore[arg-type]
    (closed,) = [one for one in actions if isinstance(one, SetQuestion)]
    assert ("session_id" in closed.values) is left


def test_a_question_that_was_let_go_needs_no_mark() -> None:
    assert is_unmarked(ASKED)
    assert not is_unmarked(replace(ASKED, status=QuestionStatus.CLOSED))
    assert is_unmarked(replace(ASKED, status=QuestionStatus.CLOSED, answered_at=MONDAY))


def test_who_has_several_questions_is_asked_about_with_an_act_for_each(house: World) -> None:
    house.ask(message_id="<1@dan.test>")
    house.ask(LETTER.replace("nhiều ổ gà", "ngập khi mưa"), message_id="<2@dan.test>")
    house.ask(LETTER.replace("Văn An", "Thị Ba"), STRANGER, message_id="<3@dan.test>")
    codes = [str(row["code"]) for row in house.house.questions]
    raw = letter(CITIZEN, "Tôi xin rút câu hỏi", subject="Xin rút", message_id="<9@dan.test>")
    assert house.names_after(vouched(raw)) == ["citizen_held", "officer_review"]
    shown = said(house.last("officer_review", OFFICER))
    assert all(f"“{code} cho rút câu hỏi”" in shown for code in codes[:2])
    assert codes[2] not in shown
    assert "Từ chối" not in shown
    house.overviews()
    assert f"Cho rút {codes[1]}" in said(house.last("officer_digest", OFFICER))
    orders(house, f"{codes[1]} cho rút câu hỏi")
    assert [row["status"] for row in house.house.questions] == ["forwarded", "closed", "forwarded"]
    assert house.house.mails[3]["status"] == "done"


@pytest.mark.parametrize(
    "text", ["Thu hồi", "thu hoi", "Xin thu hồi ạ.", "Thu hồi {code}", "{code} thu hồi", "Recall"]
)
def test_an_askers_recall_of_an_open_question_withdraws_it(house: World, text: str) -> None:
    code = str(house.ask()["code"])
    house.ask(LETTER.replace("Văn An", "Thị Ba"), STRANGER, message_id="<3@dan.test>")
    raw = answer_to(house.last("citizen_received", CITIZEN), CITIZEN, text.format(code=code))
    assert house.names_after(vouched(raw)) == ["citizen_withdrawal", "officer_review"]
    assert f"“{code} cho rút câu hỏi”" in said(house.last("officer_review", OFFICER))
    assert [row["status"] for row in house.house.questions] == ["forwarded", "forwarded"]


@pytest.mark.parametrize("text", ["Thu hồi đất ở ngõ 12 thì đền bù ra sao?", "Sở thu hồi mặt đường cũ chưa?"])
def test_what_is_recalled_of_the_matter_withdraws_nothing(asked: World, text: str) -> None:
    assert "citizen_withdrawal" not in wishes(asked, text)
