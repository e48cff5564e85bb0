"""What a unit writes beside its answer: its second letter, a held one, and the city's word that it has asked for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from benchmarks.files import pdf
from db.core.tables import answer, assignment, duty, raw_mail
from tests.contract.test_which_question import MATTERS, REPAIRED, ROAD, Several
from tests.installation import (
    HEAD,
    MAILBOX,
    OFFICE,
    OFFICER,
    SXD,
    answer_to,
    letter,
    subject_of,
    text_of,
    unit_address,
)
from tests.world import LETTER, UNSURE, World, order, said, vouched

MORE = "Sở Xây dựng bổ sung: đoạn từ số 1 đến số 45 được thảm lại trước ngày 15/12/2026, kinh phí 300 triệu đồng."
GMAIL = "sxdhaiphong@gmail.test"


def status_of(house: World, row: dict[str, Any]) -> str:
    return next(str(one["status"]) for one in house.house.mails if one["id"] == row["id"])


def words(raw: bytes) -> str:
    return " ".join(text_of(raw).split())


def answered(house: World, places: tuple[int, ...] = (0,)) -> Several:
    case = Several(house)
    for place in places:
        assert case.thread(place, ROAD)["fate"] == "attach"
    return case


@pytest.fixture
def case(house: World) -> Several:
    return Several(house)


def test_a_second_letter_is_held_with_its_acts_and_the_unit_is_told(house: World) -> None:
    case = answered(house)
    row = case.thread(0, MORE)
    assert row["status"] == "held"
    assert case.askers_heard() == []
    (review,), (told,) = case.sent(OFFICER), case.sent(SXD)
    assert "gửi bổ sung cho người hỏi" in words(review)
    assert "Đăng ký" not in words(review)
    assert "chưa được gửi cho người hỏi" in words(told)
    house.at(2026, 10, 6, 1)
    house.overviews()
    assert f"Thư số {row['id']}" in words(house.last("officer_digest", OFFICER))


@pytest.mark.parametrize("said", ["gửi bổ sung cho người hỏi", "{0} gửi bổ sung cho người hỏi", "{0} là câu trả lời"])
def test_an_officer_sends_the_second_letter_on(house: World, said: str) -> None:
    case = answered(house)
    row = case.thread(0, MORE)
    (review,) = case.sent(OFFICER)
    case.seen = house.last_sent()
    house.arrive(vouched(answer_to(review, OFFICER, said.format(*case.codes))))
    (to_asker,) = case.sent(str(case.rows[0]["asker_email"]))
    assert "đoạn từ số 1 đến số 45" in words(to_asker)
    assert case.askers_heard() == [case.rows[0]["asker_email"]]
    assert status_of(house, row) == "done"
    assert len([one for one in house.rows(answer) if one["question_id"] == case.rows[0]["id"]]) == 2


def test_an_officer_keeps_the_second_letter(house: World) -> None:
    case = answered(house)
    row = case.thread(0, MORE)
    (review,) = case.sent(OFFICER)
    case.seen = house.last_sent()
    house.arrive(vouched(answer_to(review, OFFICER, f"{case.codes[0]} báo đã nhận")))
    assert status_of(house, row) == "done"
    assert case.askers_heard() == []
    assert "lưu" in words(case.sent(SXD)[-1])


def test_the_unit_itself_says_that_it_adds(house: World) -> None:
    case = answered(house)
    row = case.thread(0, MORE)
    (told,) = case.sent(SXD)
    case.by(answer_to(told, SXD, f"Gửi bổ sung: {MORE}"))
    assert case.askers_heard() == [case.rows[0]["asker_email"]]
    assert status_of(house, row) == "done"


PAPER = ("tra-loi.pdf", "application/pdf", pdf(("Mặt đường được sửa xong trước ngày 30/11/2026.",), 1))
OTHER = (*PAPER[:2], pdf(("Mặt đường được sửa xong trước ngày 15/12/2026.",), 1))
FIX = "Đính chính: mặt đường được thảm lại toàn tuyến trước ngày 20/12/2026, kinh phí 950 triệu đồng của thành phố."


@pytest.mark.parametrize("delay", [0, 30])
@pytest.mark.parametrize("files", [(), (PAPER,)])
def test_an_answer_that_comes_once_more_is_kept_with_the_first(house: World, delay: int, files: Any) -> None:
    later = replace(house.house.installation.board, answer_delay=timedelta(minutes=delay))
    house.house.installation = replace(house.house.installation, board=later)
    case = Several(house)
    for again in (False, True):
        house.house.clock.forward(minutes=3)
        row = case.thread(0, ROAD, attachments=files, message_id=f"<{again}@sxd.test>")
        assert (row["status"], row["fate"]) == ("done", "attach")
    assert row["question_id"] == case.rows[0]["id"]
    assert f"Thư lặp lại câu trả lời {case.codes[0]} đã nhận (thư số" in row["reason"]
    assert [case.askers_heard(), case.sent(OFFICER)] == [[], []]
    (told,) = case.sent(SXD)
    assert "lặp lại nguyên văn câu trả lời đã nhận" in words(told)
    assert not [one for one in house.rows(duty) if one["kind"] == "review"]
    assert len(house.rows(answer)) == 1


@pytest.mark.parametrize(
    ("text", "files", "days", "first"),
    [
        (ROAD.replace("30/11", "15/12"), (PAPER,), 0, ""),
        (ROAD, (OTHER,), 0, ""),
        (ROAD, (), 0, ""),
        (ROAD, (PAPER, OTHER), 0, ""),
        (ROAD, (PAPER,), 2, ""),
        (ROAD, (PAPER,), 0, FIX),
    ],
)
def test_what_only_resembles_an_answer_still_waits(
    house: World, case: Several, text: str, files: Any, days: int, first: str
) -> None:
    assert case.thread(0, ROAD, attachments=(PAPER,))["fate"] == "attach"
    house.look()
    if first:
        assert case.thread(0, first)["fate"] == "attach"
    house.house.clock.forward(days=days, minutes=3)
    assert case.thread(0, text, attachments=files, message_id="<again@sxd.test>")["status"] == "held"
    assert case.askers_heard() == []
    assert case.sent(OFFICER)


def test_a_second_letter_on_two_questions_names_both(house: World) -> None:
    case = answered(house, (0, 2))
    row = case.by(letter(SXD, f"Trả lời các câu hỏi {case.codes[0]}, {case.codes[2]}: {MORE}", subject="Bổ sung"))
    assert row["status"] == "held"
    (review,) = case.sent(OFFICER)
    assert case.codes[0] in words(review)
    assert case.codes[2] in words(review)
    assert sum("chưa được gửi cho người hỏi" in words(one) for one in case.sent(SXD)) == 2


def test_a_second_refusal_is_not_called_a_letter_after_an_answer(case: Several) -> None:
    case.thread(0, "Nội dung này không thuộc thẩm quyền của Sở Xây dựng.")
    assert case.states[0] == "needs_review"
    case.thread(0, "Sở đã kiểm tra lại, câu hỏi không thuộc thẩm quyền của Sở Xây dựng.")
    (alert,), (told,) = case.sent(OFFICER), case.sent(SXD)
    assert "đã có trả lời" not in words(alert)
    assert "đang chờ cán bộ chọn đơn vị" in words(alert)
    assert f"{case.codes[0]} chuyển" in words(alert)
    assert "không thuộc thẩm quyền" in words(told)


def decides(case: Several, review: bytes, said: str) -> None:
    case.seen = case.made.last_sent()
    case.made.arrive(vouched(answer_to(review, OFFICER, said)))


MOVED = "đã chuyển câu hỏi HP-2026-000001 đến Sở Nông nghiệp và Môi trường; Quý đơn vị không phải trả lời"


@pytest.mark.parametrize(
    ("ordered", "alert", "told"),
    [
        ("chuyển SXD", "officer_review", "chuyển câu hỏi dưới đây để Sở Xây dựng trả lời"),
        ("chuyển SNNMT", "officer_review", MOVED),
        ("chuyển SNNMT", "officer_alert", MOVED),
        ("từ chối h vì thuộc thẩm quyền của Bộ Tài chính", "officer_alert", "đã từ chối câu hỏi HP-2026-000001"),
        ("báo đã nhận", "officer_review", "nếu giao lại Quý đơn vị, Ban Biên tập sẽ gửi thư chuyển câu hỏi"),
    ],
)
@pytest.mark.parametrize(
    "back", ["Xin rút lại, Sở sẽ trả lời.", "Sở rút lại ý kiến không thuộc thẩm quyền; Sở sẽ trả lời."]
)
def test_a_unit_that_takes_its_refusal_back_hears_what_became_of_the_question(
    house: World, back: str, ordered: str, alert: str, told: str
) -> None:
    code, asked = house.ask()["code"], house.last("unit_forward")
    for said_so in ("Câu hỏi này không thuộc thẩm quyền của Sở Xây dựng.", back):
        house.arrive(vouched(answer_to(asked, SXD, said_so)))
    assert "đang chờ Ban Biên tập chọn đơn vị trả lời" in words(house.last("unit_told", SXD))
    before = house.last_sent()
    house.answers(alert, OFFICER, f"{code} {ordered}")
    (heard,) = house.house.sent_with(recipient=SXD, after=before)
    assert told in words(bytes(heard["bytes"]))


def test_a_unit_that_only_refused_hears_nothing_of_where_the_question_goes(house: World) -> None:
    code, asked = house.ask()["code"], house.last("unit_forward")
    house.arrive(vouched(answer_to(asked, SXD, "Câu hỏi này không thuộc thẩm quyền của Sở Xây dựng.")))
    before = house.last_sent()
    house.answers("officer_alert", OFFICER, f"{code} chuyển SNNMT")
    assert not house.house.sent_with(recipient=SXD, after=before)


@pytest.mark.parametrize("numbered", [False, True])
def test_a_letter_that_is_still_read_is_not_denied_when_it_is_late(house: World, numbered: bool) -> None:
    case = Several(house, MATTERS[:2])
    said = "Việc này để xem đã nhé, còn tùy." if numbered else f"{case.codes[0]}, HP-2026-000999"
    row = case.thread(0, said) if numbered else case.by(letter(SXD, said, subject="V/v"))
    assert row["status"] == "held"
    case.seen = house.last_sent()
    for day in (19, 20, 21, 22, 23):
        house.at(2026, 10, day, 2)

    def later(who: str, of: int) -> list[str]:
        about = {"recipient": who, "question_id": case.rows[of]["id"]}
        return [words(bytes(one["bytes"])) for one in house.house.sent_with(after=case.seen, **about)]

    unit, beside = later(SXD, 0), later(SXD, 1)
    assert len(unit) == len(beside) > 1
    assert all("Thư của Quý đơn vị nhận lúc 09" in one for one in unit), unit
    assert not any("chưa nhận được câu trả lời" in one for one in unit), unit
    assert not any("Thư của Quý đơn vị" in one for one in beside)
    assert any("chưa nhận được câu trả lời" in one for one in beside)
    (late,), (other,) = (later(str(each["asker_email"]), of) for of, each in enumerate(case.rows))
    assert "Sở Xây dựng chưa trả lời" not in late
    assert "đang xem xét một thư của Sở Xây dựng" in late
    assert "Sở Xây dựng chưa trả lời" in other
    assert "đang xem xét" not in other
    why = {one["question_id"]: one["why_late"] for one in house.rows(duty) if one["kind"] == "answer"}
    assert [why[each["id"]].partition(" khi")[0] for each in case.rows] == [
        "Thư của đơn vị chờ cán bộ xem xét",
        "Đơn vị chưa trả lời",
    ]
    (urged,) = case.sent(OFFICE)
    assert words(urged).count("đơn vị có gửi một thư") == 1
    assert "đơn vị có gửi một thư" in words(urged).partition(case.codes[0])[2].partition(case.codes[1])[0]


def test_a_letter_that_was_decided_on_is_not_said_to_be_read_still(house: World) -> None:
    """The officer noted it as a receipt: the unit owes its answer, and hears so."""
    case = Several(house, MATTERS[:2])
    row = case.thread(0, "Việc này để xem đã nhé, còn tùy.")
    decides(case, house.last("officer_review", OFFICER), f"{case.codes[0]} báo đã nhận")
    assert next(one for one in house.rows(raw_mail) if one["id"] == row["id"])["status"] == "done"
    case.seen = house.last_sent()
    for day in (19, 20, 21):
        house.at(2026, 10, day, 2)
    told = [words(raw) for raw in case.sent(SXD) if case.codes[0] in subject_of(raw)]
    assert any("chưa nhận được câu trả lời" in one for one in told), told
    assert not any("đang được" in one for one in told), told


POSTED = (
    "Sở đã có Công văn số 77/SXD-QLN ngày 05/10/2026 trả lời trực tiếp cho công dân qua bưu điện, gửi BBT để biết.",
    "Sở Xây dựng đã trả lời ông An bằng Công văn số 77/SXD-QLN, xin gửi Ban Biên tập để biết.",
)


@pytest.mark.parametrize("said", POSTED)
def test_what_tells_the_board_of_an_answer_sent_by_post_is_none(case: Several, said: str) -> None:
    paper = [("77-SXD.pdf", "application/pdf", pdf([REPAIRED], 7))]
    assert case.thread(0, said, attachments=paper)["status"] == "held"
    assert case.askers_heard() == []
    (review,) = case.sent(OFFICER)
    assert "đã trả lời người hỏi bằng đường khác" in words(review)
    assert f"{case.codes[0]} là câu trả lời" in words(review)
    beside = f"{ROAD}\n\nSở thông báo để Ban Biên tập được biết, thông tin đến công dân."
    assert case.thread(1, beside, attachments=paper)["fate"] == "attach"
    assert case.states == ["forwarded", "answered", "forwarded"]


@pytest.mark.parametrize("said", ["Dạ em gửi ạ", "Em gửi BBT công văn trả lời dân ạ.", "Kinh chuyen van ban tra loi"])
def test_what_only_sends_the_paper_is_not_shown_as_the_departments_answer(case: Several, said: str) -> None:
    paper = [("77-SXD.pdf", "application/pdf", pdf([REPAIRED], 7))]
    row = case.thread(0, said, attachments=paper)
    if row["status"] == "held":
        decides(case, case.sent(OFFICER)[0], f"{case.codes[0]} là câu trả lời")
    (answered_with,) = (words(one) for one in case.sent(str(case.rows[0]["asker_email"])))
    assert said not in answered_with
    assert "Nội dung trả lời ở văn bản kèm theo thư này." in answered_with
    assert "77-SXD.pdf" in answered_with
    assert case.thread(1, f"Dạ em gửi ạ: {REPAIRED}", attachments=paper)["fate"] == "attach"
    assert REPAIRED in words(case.sent(str(case.rows[1]["asker_email"]))[0])


SORRY = "Xin lỗi Ban Biên tập, xem lại thì câu này của Sở Xây dựng."
ACTS = ("là câu trả lời", "chuyển", "báo đã nhận")


def refused(case: Several) -> None:
    case.thread(0, "Nội dung này không thuộc thẩm quyền của Sở Xây dựng.")


def fetched_back(case: Several) -> None:
    house = case.made
    house.ask(UNSURE, "dau@dan.test")
    house.answers("officer_review", OFFICER, f"{case.codes[0]} lấy lại câu hỏi")


def withdrawn(case: Several) -> None:
    who, house = str(case.rows[0]["asker_email"]), case.made
    house.answers("citizen_received", who, "Tôi xin rút lại câu hỏi.")
    house.answers("officer_review", OFFICER, f"{case.codes[0]} cho rút câu hỏi")


def withdrawn_and_reopened(case: Several) -> None:
    withdrawn(case)
    raw = answer_to(case.made.last("officer_done", OFFICER), OFFICER, f"{case.codes[0]} mở lại vì họ không rút")
    case.made.arrive(vouched(raw))


@pytest.mark.parametrize("before", [refused, fetched_back, withdrawn_and_reopened])
def test_an_answer_of_a_unit_that_no_longer_owes_it_waits_with_the_act_that_sends_it(
    house: World, case: Several, before: Callable[[Several], None]
) -> None:
    before(case)
    assert case.states[0] == "needs_review"
    row = case.thread(0, f"{SORRY} {ROAD}")
    assert row["status"] == "held"
    assert case.askers_heard() == []
    (review,), (told,) = case.sent(OFFICER), case.sent(SXD)
    for act in ACTS:
        assert f"{case.codes[0]} {act}" in words(review), act
    assert "đã có trả lời" not in words(review)
    assert "chưa được gửi cho người hỏi" in words(told)
    assert "Hạn trả lời" not in words(told), "it owes nothing"
    decides(case, review, f"{case.codes[0]} là câu trả lời")
    assert case.askers_heard() == [case.rows[0]["asker_email"]]
    assert REPAIRED in words(case.sent(str(case.rows[0]["asker_email"]))[0])
    assert status_of(house, row) == "done"
    assert case.states == ["answered", "forwarded", "forwarded"]
    assert not [
        one for one in house.rows(duty) if one["question_id"] == case.rows[0]["id"] and one["status"] == "open"
    ], "nobody has to choose a unit any more"


def test_an_answer_that_another_unit_has_taken_over_is_not_sent_by_that_act(house: World, case: Several) -> None:
    refused(case)
    case.thread(0, f"{SORRY} {ROAD}")
    (review,) = case.sent(OFFICER)
    house.answers("officer_alert", OFFICER, f"{case.codes[0]} chuyển SNNMT")
    assert case.states[0] == "forwarded"
    decides(case, review, f"{case.codes[0]} là câu trả lời")
    assert case.askers_heard() == []
    assert "không còn nợ trả lời" in words(case.sent(OFFICER)[0])


@pytest.mark.parametrize("also", ["", "từ chối h vì việc này thuộc thẩm quyền của Bộ Xây dựng"])
def test_an_answer_to_a_question_ended_without_one_is_truly_named(house: World, case: Several, also: str) -> None:
    if also:
        house.ask(UNSURE, "dau@dan.test")
        house.answers("officer_review", OFFICER, f"{case.codes[0]} {also}")
    else:
        withdrawn(case)
    ended = case.states[0]
    assert case.thread(0, ROAD)["status"] == "done"
    assert case.askers_heard() == []
    (alert,), (told,) = case.sent(OFFICER), case.sent(SXD)
    assert "đã có trả lời" not in words(alert) + subject_of(alert)
    assert f"{case.codes[0]} mở lại" in words(alert)
    assert "không phải trả lời câu hỏi này" in words(told)
    assert "không gửi cho người hỏi" in words(told)
    assert case.states == [ended, "forwarded", "forwarded"]
    assert case.thread(0, "Vâng, đã nhận ạ.")["status"] == "done"
    assert case.sent(SXD) == [], "a receipt of that asks for no further word"


def test_an_answer_after_another_units_has_the_acts_of_a_further_letter(house: World, case: Several) -> None:
    case.thread(0, "Nội dung này không thuộc thẩm quyền của Sở, đề nghị chuyển Sở Nông nghiệp và Môi trường.")
    other = unit_address("SNNMT")
    answer_of_it = "Sở trả lời: mặt đường sẽ được sửa xong trước ngày 30/11/2026."
    house.answers("unit_forward", other, answer_of_it)
    assert case.states[0] == "answered"
    assert case.thread(0, f"{SORRY} {ROAD}")["status"] == "held"
    assert case.askers_heard() == []
    (review,), (told,) = case.sent(OFFICER), case.sent(SXD)
    assert f"{case.codes[0]} gửi bổ sung cho người hỏi" in words(review)
    assert "chưa được gửi cho người hỏi" in words(told)


def test_an_answer_under_a_wrong_number_or_none_has_acts_that_fit(house: World, case: Several) -> None:
    for text in (f"Trả lời câu hỏi HP-2026-000999: {ROAD}", ROAD):
        row = case.by(letter(SXD, text, subject="Trả lời"))
        assert row["status"] == "held"
        officer, unit = case.asked_back()
        assert f"{case.codes[0]} là câu trả lời" in officer
        assert "Đăng ký" not in officer
        assert case.codes[0] in unit
    house.at(2026, 10, 6, 1)
    house.overviews()
    morning = (
        words(house.last("officer_digest", OFFICER)).partition(f"Thư số {row['id']}")[2].partition("- Thư số")[0]
    )
    assert f"Là câu trả lời, gửi người hỏi: {case.codes[0]}" in morning
    assert "Đăng ký" not in morning


def test_a_late_decision_on_it_offers_the_head_no_registering(house: World, case: Several) -> None:
    case.by(letter(SXD, ROAD, subject="Trả lời"))
    for day in (6, 7, 8, 9):
        house.at(2026, 10, day, 3)
    late = [words(one) for who in (HEAD, OFFICER) for one in house.inbox(who) if "Quá hạn" in subject_of(one)]
    assert any(f"{case.codes[0]} là câu trả lời" in one for one in late)
    assert not any("Đăng ký" in one for one in late)


def test_an_officer_hears_that_a_strange_address_is_never_the_units(house: World, case: Several) -> None:
    mails = house.house.sent_with(name="unit_forward", question_id=case.rows[0]["id"])
    case.seen = house.last_sent()
    house.arrive(vouched(answer_to(bytes(mails[-1]["bytes"]), GMAIL, ROAD)))
    (review,) = case.sent(OFFICER)
    case.seen = house.last_sent()
    house.arrive(vouched(answer_to(review, OFFICER, f"{case.codes[0]} là câu trả lời")))
    (done,) = case.sent(OFFICER)
    assert GMAIL in words(done)
    assert "không có trong danh sách của đơn vị" in words(done)
    assert case.askers_heard() == []


def test_a_letter_to_the_asker_with_the_board_in_copy_answers_his_question(house: World, case: Several) -> None:
    """It names no number; the asker had his answer, and read that there was none."""
    mine, other = case.rows[0], case.rows[1]
    text = f"Kính gửi ông Nguyễn Văn An,\nSở Xây dựng trả lời: {REPAIRED} Sở đã giao đơn vị vá ổ gà trước 20/10."
    raw = letter(SXD, text, subject="Trả lời công dân", to=str(mine["asker_email"]))
    house.arrive(vouched(raw.replace(b"\r\nSubject:", f"\r\nCc: {MAILBOX}\r\nSubject:".encode(), 1)))
    states = {row["id"]: row["status"] for row in house.house.questions}
    assert (states[mine["id"]], states[other["id"]]) == ("answered", "forwarded"), house.house.mails[-1]["reason"]


def test_a_strangers_complaint_in_a_units_thread_is_decided_as_one(house: World, case: Several) -> None:
    raw = bytes(house.house.sent_with(name="unit_forward", question_id=case.rows[0]["id"])[-1]["bytes"])
    complaint = "ĐƠN KHIẾU NẠI\nTôi khiếu nại Quyết định số 123/QĐ-UBND của Chủ tịch UBND phường là trái luật."
    case.seen = house.last_sent()
    house.arrive(vouched(answer_to(raw, GMAIL, complaint)))
    (review,) = case.sent(OFFICER)
    assert "đơn khiếu nại" in subject_of(review)
    assert "Không tiếp nhận khiếu nại vì" in words(review)


def test_no_one_word_registers_what_answers_a_units_mail_from_elsewhere(house: World, case: Several) -> None:
    """Else the deputy director becomes an asker, and the next unit is asked his answer."""
    mails = house.house.sent_with(name="unit_forward", question_id=case.rows[0]["id"])
    case.seen = house.last_sent()
    house.arrive(vouched(answer_to(bytes(mails[-1]["bytes"]), GMAIL, "Tôi là PGĐ Sở. Thuốc bảo hiểm cấp từ 1/10.")))
    (review,) = case.sent(OFFICER)
    assert f"Sở Xây dựng, câu hỏi {case.codes[0]}" in words(review)
    assert "Đăng ký" not in words(review)
    assert "Chuyển" not in words(review)
    registered, case.seen = house.house.questions, house.last_sent()
    house.arrive(vouched(answer_to(review, OFFICER, "Chuyển Sở Y tế")))
    (done,) = case.sent(OFFICER)
    assert "Chưa làm" in words(done)
    assert "ghi kèm số" in words(done)
    assert house.house.questions == registered
    house.arrive(vouched(answer_to(review, OFFICER, "Không phải câu hỏi")))
    assert [one["fate"] for one in house.house.mails if one["from_email"] == GMAIL] == ["ignore"]


def test_more_time_granted_settles_the_held_mail(house: World, case: Several) -> None:
    row = case.to_list("Sở Xây dựng xin gia hạn trả lời đến ngày 30/10/2026 do phải khảo sát.")
    (review,) = case.sent(OFFICER)
    house.arrive(vouched(answer_to(review, OFFICER, f"{case.codes[1]} đồng ý gia hạn đến 30/10/2026")))
    assert status_of(house, row) == "done"
    assert case.states == ["forwarded"] * 3


WORD = "Lãnh đạo Ủy ban nhân dân thành phố đồng ý để Sở trả lời theo Thông tư hiện hành."


def asked_the_city(house: World) -> Several:
    case = Several(house)
    case.thread(1, "Xin ý kiến UBND thành phố về thời hạn cấp giấy phép đối với trường hợp này.")
    assert "office_asked" in house.names(OFFICE)
    return case


def test_the_offices_word_reaches_the_unit_that_asked(house: World) -> None:
    case = asked_the_city(house)
    number = len(house.house.questions)
    case.seen = house.last_sent()
    row = house.answers("office_asked", OFFICE, WORD)
    assert (row["status"], row["fate"]) == ("done", "attach"), row["reason"]
    (told,) = case.sent(SXD)
    assert case.codes[1] in subject_of(told)
    assert WORD in words(told)
    assert case.sent(OFFICER)
    assert case.askers_heard() == []
    assert case.sent(OFFICE) == []
    assert len(house.house.questions) == number
    assert case.states == ["forwarded"] * 3
    case.by(answer_to(told, SXD, ROAD))
    assert case.states == ["forwarded", "answered", "forwarded"]


def test_the_offices_word_waits_where_nobody_owes_an_answer_any_more(house: World) -> None:
    case = asked_the_city(house)
    case.thread(1, ROAD)
    number = len(house.house.questions)
    case.seen = house.last_sent()
    assert house.answers("office_asked", OFFICE, WORD)["status"] == "held"
    assert case.sent(SXD) == []
    (review,) = case.sent(OFFICER)
    assert "Đăng ký" not in words(review)
    assert "Đơn vị dự đoán" not in words(review)
    assert len(house.house.questions) == number


def test_the_offices_word_waits_for_a_unit_without_an_address(house: World) -> None:
    case = asked_the_city(house)
    contacts: Any = house.house.installation.board.contacts
    contacts.pop("SXD")
    assert house.answers("office_asked", OFFICE, WORD)["status"] == "held"
    review, registered = house.last("officer_review", OFFICER), house.house.questions
    assert "chưa chuyển được đến đơn vị" in words(review)
    house.arrive(vouched(answer_to(review, OFFICER, "Chuyển Sở Y tế")))
    assert "xin ghi kèm số" in words(house.last("officer_done", OFFICER))
    assert house.house.questions == registered, "the office asks nothing"
    assert case.states == ["forwarded"] * 3


def test_a_forged_word_of_the_office_reaches_no_unit(house: World) -> None:
    case = asked_the_city(house)
    case.seen = house.last_sent()
    raw = answer_to(house.last("office_asked", OFFICE), OFFICE, WORD)
    assert house.arrive(vouched(raw, result="fail"))["status"] == "held"
    assert case.sent(SXD) == []


def test_another_mail_of_the_office_is_no_word_of_the_city(house: World) -> None:
    case = asked_the_city(house)
    case.seen = house.last_sent()
    house.arrive(vouched(letter(OFFICE, WORD, subject=f"Về câu hỏi {case.codes[1]}")))
    assert case.sent(SXD) == []


EARLIER = "Để xem đã, lịch cắt điện ở khu này dự kiến ngày 7/10/2026 nhé."
LATER = "Xin lỗi, ghi nhầm ngày, ngày 8/10 chứ không phải 7/10."


def two_letters(house: World) -> tuple[Several, dict[str, Any], bytes, dict[str, Any]]:
    """Two letters of the unit on one question wait: the earlier, its review, the later; one on another question."""
    case = Several(house, MATTERS[:2])
    other = case.thread(1, EARLIER)
    first = case.thread(0, EARLIER)
    (review,) = case.sent(OFFICER)
    house.house.clock.forward(minutes=20)
    second = case.thread(0, LATER)
    assert [one["status"] for one in (other, first, second)] == ["held"] * 3
    return case, first, review, second


def test_of_two_letters_that_wait_the_earlier_names_the_later_in_list_and_reminder(house: World) -> None:
    case, first, _, second = two_letters(house)
    later = f"sau thư này đơn vị viết tiếp về cùng câu hỏi (thư số {second['id']}, 05/10/2026 09:20)"
    case.seen = house.last_sent()
    house.at(2026, 10, 6, 1)
    house.overviews()
    listed = words(house.last("officer_digest", OFFICER))
    row = listed[listed.index(f"Thư số {first['id']} của") :]
    assert later in row[: row.index("Là câu trả lời")]
    assert listed.count("viết tiếp về cùng câu hỏi") == 1
    reminders = [words(one) for one in case.sent(OFFICER) if "chờ cán bộ quyết định" in words(one)]
    assert [later[1:] in one for one in reminders if f"Thư số {first['id']} của" in one] == [True]
    assert sum("viết tiếp về cùng câu hỏi" in one for one in reminders) == 1


@pytest.mark.parametrize("said", ["{0} là câu trả lời", "Là câu trả lời", "OK em, gửi cho dân nhé"])
def test_the_earlier_of_two_letters_is_sent_at_a_second_word_alone(house: World, said: str) -> None:
    case, first, review, second = two_letters(house)
    decides(case, review, said.format(*case.codes))
    (back,) = case.sent(OFFICER)
    assert f"Chưa gửi cho người hỏi: sau thư này đơn vị viết tiếp về cùng câu hỏi (thư số {second['id']}" in words(
        back
    )
    assert f"ghi “{case.codes[0]} vẫn là câu trả lời”" in words(back)
    assert case.askers_heard() == []
    assert case.states == ["forwarded"] * 2
    assert status_of(house, first) == "held"
    decides(case, back, f"{case.codes[0]} vẫn là câu trả lời")
    assert case.askers_heard() == [case.rows[0]["asker_email"]]
    assert [status_of(house, one) for one in (first, second)] == ["done", "held"]


def test_the_later_of_two_letters_is_sent_at_once_and_the_earlier_not_behind_it(house: World) -> None:
    case, first, review, second = two_letters(house)
    (newer,) = case.sent(OFFICER)
    decides(case, newer, f"{case.codes[0]} là câu trả lời")
    assert case.askers_heard() == [case.rows[0]["asker_email"]]
    decides(case, review, f"{case.codes[0]} là câu trả lời")
    assert case.askers_heard() == []
    assert f"sau thư này đơn vị đã gửi câu trả lời (thư số {second['id']}" in words(case.sent(OFFICER)[-1])
    assert [status_of(house, one) for one in (first, second)] == ["held", "done"]


def crossed(house: World, then: str = "") -> tuple[str, dict[str, Any]]:
    """SXD answers its own thread just after the question has gone to SNNMT, which then may write too."""
    house.ask(message_id="<bystander@dan.test>")
    row = house.ask(LETTER.replace("Văn An", "Thị Ba"), "ba@dan.test", message_id="<crossed@dan.test>")
    code = str(row["code"])
    house.overviews()
    order(house, f"{code} chuyển SNNMT", "officer_digest")
    if then:
        house.answers("unit_forward", unit_address("SNNMT"), then)
    mails = house.house.sent_with(name="unit_forward", question_id=row["id"], recipient=unit_address("SXD"))
    answer = "Sở Xây dựng trả lời: mặt đường được sửa xong trước ngày 20/12/2026.\n\nPhó Giám đốc\nLê Văn Phó"
    house.arrive(vouched(answer_to(bytes(mails[-1]["bytes"]), unit_address("SXD"), answer)))
    return code, row


@pytest.mark.parametrize("then", ["", "Việc này không thuộc thẩm quyền của Sở, đề nghị chuyển Sở Xây dựng."])
def test_an_answer_that_crosses_a_transfer_waits_and_may_be_sent(house: World, then: str) -> None:
    code, row = crossed(house, then)
    assert "citizen_answered" not in house.names("ba@dan.test")
    assert "chưa được gửi cho người hỏi" in said(house.last("unit_told", unit_address("SXD")))
    review = said(house.last("officer_review", OFFICER))
    assert "đã được chuyển đơn vị khác" in review
    assert f"“{code} là câu trả lời”" in review
    assert f"“{code} chuyển SXD”" in review
    before = house.last_sent()
    assert "được gửi cho người hỏi làm câu trả lời" in order(house, f"{code} là câu trả lời", "officer_review")
    (sent,) = house.house.sent_with(after=before, recipient="ba@dan.test")
    assert "20/12/2026" in said(bytes(sent["bytes"]))
    assert house.of_question(code)[0]["status"] == "answered"
    assert [one["status"] for one in house.rows(assignment) if one["question_id"] == row["id"]] == [
        "answered",
        "replaced",
    ]
    told = house.house.sent_with(after=before, recipient=unit_address("SNNMT"))
    assert len(told) == (0 if then else 1), "who has refused owes nothing"
    assert house.statuses()[0] == "forwarded", "the bystander's"
    house.let_pass(days=30)
    assert not [name for name in house.names(unit_address("SNNMT")) if name in {"unit_overdue", "unit_reminder"}]


@pytest.mark.world(extra="[desk]\nanswer_delay_minutes = 30\n")
@pytest.mark.parametrize("by", ["unit", "officer"])
def test_who_takes_such_an_answer_back_leaves_the_officer_the_choice_of_unit(house: World, by: str) -> None:
    code, row = crossed(house)
    order(house, f"{code} là câu trả lời", "officer_review")
    if by == "unit":
        house.answers("unit_told", unit_address("SXD"), "Thu hồi. Chưa được ký.")
        told = said(house.last("officer_alert", OFFICER))
    else:
        told = order(house, f"{code} thu hồi", "officer_done")
    assert "nay chờ Sở Xây dựng trả lời, Sở Nông nghiệp và Môi trường đã được báo không phải trả lời" in told
    assert f"“{code} chuyển SNNMT”" in told
    order(house, f"{code} chuyển SNNMT ạ", "officer_done")
    states = [(one["unit"], one["status"]) for one in house.rows(assignment) if one["question_id"] == row["id"]]
    assert [each for each in states if each[1] == "forwarded"] == [("SNNMT", "forwarded")]
    assert house.statuses() == ["forwarded", "forwarded"]


def test_what_crosses_a_transfer_may_be_kept_while_the_new_unit_answers(house: World) -> None:
    code, row = crossed(house)
    order(house, f"{code} báo đã nhận", "officer_review")
    assert house.of_question(code)[0]["status"] == "forwarded"
    assert "citizen_answered" not in house.names("ba@dan.test")
    assert [one["status"] for one in house.rows(assignment) if one["question_id"] == row["id"]] == [
        "replaced",
        "forwarded",
    ]


@pytest.mark.world(extra="[desk]\nanswer_delay_minutes = 30\n")
@pytest.mark.parametrize("waits", [True, False])
def test_an_earlier_units_letter_is_no_answer_once_another_has_given_one(house: World, waits: bool) -> None:
    code, _ = crossed(house)
    review = house.last("officer_review", OFFICER)
    answer = "Sở trả lời: mặt đường được sửa xong trước ngày 30/12/2026.\n\nPhó Giám đốc\nTrần Văn Sáu"
    house.answers("unit_forward", unit_address("SNNMT"), answer)
    house.let_pass(minutes=5 if waits else 40)
    before = house.last_sent()
    house.arrive(vouched(answer_to(review, OFFICER, f"{code} là câu trả lời")))
    done = said(house.last("officer_done", OFFICER))
    assert "Chưa gửi cho người hỏi" in done
    assert "Sở Nông nghiệp và Môi trường" in done
    assert f"“{code} {'thu hồi' if waits else 'mở lại'}”" in done
    assert f"“{code} gửi bổ sung cho người hỏi”" in done
    assert house.house.sent_with(after=before, recipient="ba@dan.test") == []
    order(house, f"{code} {'thu hồi' if waits else 'mở lại'}", "officer_done")
    house.arrive(vouched(answer_to(review, OFFICER, f"{code} là câu trả lời ạ")))
    assert "20/12/2026" in said(house.last("citizen_answered", "ba@dan.test"))
    assert house.statuses() == ["forwarded", "answered"]


@pytest.mark.parametrize("again", ["Đính chính: ", "Dinh chinh lan 2: "])
def test_a_correction_after_the_question_was_closed_goes_out_as_one(house: World, again: str) -> None:
    case = answered(house)
    house.overviews()
    order(house, f"{case.codes[0]} đóng", "officer_digest")
    assert case.states[0] == "closed"
    row = case.thread(0, f"{again}mặt đường được sửa xong trước ngày 30/11/2027, không phải 2026.")
    assert (row["status"], case.askers_heard()) == ("held", [])
    (review,), (told,) = case.sent(OFFICER), case.sent(SXD)
    assert "cán bộ Ban Biên tập đang xem" in words(told)
    assert "“Đính chính: …”" not in words(told), "the unit has done just that"
    decides(case, review, f"{case.codes[0]} gửi bổ sung cho người hỏi")
    (to_asker,), (heard,) = case.sent(str(case.rows[0]["asker_email"])), case.sent(SXD)
    assert "Đính chính câu trả lời" in subject_of(to_asker)
    assert "thay cho" in words(to_asker)
    assert "giữ nguyên giá trị" not in words(to_asker)
    assert words(to_asker).lower().count("đính chính:") == 0
    assert "đính chính" in words(heard)
    assert case.states == ["closed", "forwarded", "forwarded"]


@pytest.mark.parametrize("thread", [0, -1])
@pytest.mark.parametrize(
    "orders",
    [
        ("lấy lại câu hỏi", "chuyển SXD"),
        ("từ chối h vì thuộc thẩm quyền của Bộ Xây dựng", "mở lại", "chuyển SXD"),
        ("chuyển SNNMT", "chuyển SXD"),
    ],
)
def test_an_answer_to_what_came_back_to_its_unit_leaves(house: World, orders: tuple[str, ...], thread: int) -> None:
    house.ask(message_id="<bystander@dan.test>")
    row = house.ask(LETTER.replace("Văn An", "Thị Ba"), "ba@dan.test", message_id="<crossed@dan.test>")
    house.overviews()
    for one in orders:
        order(house, f"{row['code']} {one}", "officer_digest")
    mails = house.house.sent_with(name="unit_forward", question_id=row["id"], recipient=unit_address("SXD"))
    assert len(mails) == 2
    house.arrive(vouched(answer_to(bytes(mails[thread]["bytes"]), unit_address("SXD"), ROAD)))
    assert house.statuses() == ["forwarded", "answered"]
    assert house.names("ba@dan.test")[-1] == "citizen_answered"
    assert "đến đơn vị khác trước khi nhận thư này" not in said(house.last(unit_address("SXD")))


@pytest.mark.world(extra="[desk]\nanswer_delay_minutes = 30\n")
@pytest.mark.parametrize("waits", [True, False])
def test_who_forwards_after_the_answer_is_offered_to_take_it_back(house: World, waits: bool) -> None:
    """He was offered “trùng với …”, and the answer left forty minutes later."""
    house.ask(message_id="<bystander@dan.test>")
    row = house.ask(LETTER.replace("Văn An", "Thị Ba"), "ba@dan.test", message_id="<crossed@dan.test>")
    code = str(row["code"])
    house.overviews()
    house.answers("unit_forward", unit_address("SXD"), ROAD)
    if not waits:
        house.let_pass(minutes=40)
    told = order(house, f"{code} chuyển SNNMT", "officer_digest")
    assert "không chuyển nữa" in told
    assert (f"“{code} thu hồi”" in told) is waits
    assert "trùng với" not in told
    again = f"{code} mở lại, chuyển SNNMT"
    assert f"“{again}”" in told
    order(house, again, "officer_done")
    assert house.of_question(code)[0]["status"] == "forwarded"
    held = [
        one["unit"]
        for one in house.rows(assignment)
        if one["question_id"] == row["id"] and one["status"] == "forwarded"
    ]
    assert held == ["SNNMT"]
    assert house.statuses()[0] == "forwarded", "the bystander's"
    told = order(house, f"{code} trùng với HP-2026-000001", "officer_digest")
    assert "Mở lại" not in told
