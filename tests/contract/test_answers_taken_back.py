"""Taking back, correcting and opening again: what was taken back reaches nobody, and what is said again arrives."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from db.core.tables import assignment, duty
from db.outbox import outbox as letters
from rules.law.session_rules import PaperKind
from tests.contract.test_channels_without_mail import dictate, unit_answers
from tests.dose import each_third
from tests.installation import HEAD, MONDAY, OFFICER, answer_to, subject_of, text_of, unit_address
from tests.world import (
    CITIZEN,
    FORM,
    LETTER,
    NEIGHBOUR,
    ROAD,
    SIGNATURE,
    UNSURE,
    World,
    order_today,
    said,
    vouched,
    world,
)

SXD, SNNMT, SGDDT = (unit_address(one) for one in ("SXD", "SNNMT", "SGDDT"))
A = "Sở Xây dựng trả lời: mặt đường Trường Chinh được sửa trong quý I năm 2027.\n\nPhó Giám đốc\nNguyễn Văn Hùng"
LATER = "Đính chính: mặt đường Trường Chinh được sửa trong quý II năm 2028."
MORE = "Gửi bổ sung: kinh phí sửa đường Trường Chinh là 3 tỷ đồng, do Sở Xây dựng chi."
TWO = (
    "Tôi hỏi hai việc:\n1. Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?\n"
    "2. Trường tiểu học Trần Thành Ngọ thu tiền học thêm có đúng không, Sở Giáo dục và Đào tạo trả lời giúp?"
    + SIGNATURE
)
SCHOOL = "Sở Giáo dục và Đào tạo trả lời: nhà trường không được thu tiền học thêm, đã yêu cầu trả lại."


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[World]:
    """Answers wait for half an hour; somebody else's answer waits beside all that happens, and leaves."""
    delay = getattr(request, "param", 30)
    with world(tmp_path / "house", sends=True, extra=f"[desk]\nanswer_delay_minutes = {delay}") as made:
        made.begin("answered", lambda: _answered(made))
        yield made
        made.let_pass(hours=1)
        assert [row["status"] for row in made.house.sent_with(recipient=NEIGHBOUR)] == ["sent", "sent"]


def _answered(made: World) -> None:
    made.ask(ROAD + SIGNATURE.replace("Văn An", "Thị Ba"), NEIGHBOUR)
    made.answers("unit_forward", SXD, A)
    made.overviews()


def unit(desk: World, text: str, who: str = SXD, about: int = 0) -> str:
    """The unit writes in the thread of the newest (or that) question; what it is told."""
    desk.house.clock.forward(minutes=3)
    about = about or desk.question["id"]
    raw = desk.house.sent_with(name="unit_forward", question_id=about, recipient=who)[-1]["bytes"]
    desk.arrive(vouched(answer_to(bytes(raw), who, text)))
    return said(desk.last("unit_told", who)) if desk.house.sent_with(name="unit_told", recipient=who) else ""


def to_asker(desk: World, who: str = CITIZEN) -> list[tuple[str, str]]:
    """What the asker was sent once the unit had the question, and whether it left."""
    rows = desk.house.sent_with(recipient=who)
    told = ("citizen_received", "citizen_forwarded")
    return [(str(row["name"]), str(row["status"])) for row in rows if row["name"] not in told]


def parts(desk: World) -> list[tuple[str, str]]:
    about = desk.question["id"]
    return [(row["unit"], row["status"]) for row in desk.rows(assignment) if row["question_id"] == about]


@pytest.fixture
def code(desk: World) -> str:
    return str(desk.ask(LETTER)["code"])


@pytest.mark.parametrize("taken_back", ["Thu hồi", "mở lại vì chưa rõ tháng nào"])
def test_what_is_called_the_answer_again_is_sent_again(desk: World, code: str, taken_back: str) -> None:
    unit(desk, "Đơn vị ghi nhận ý kiến và sẽ sửa trong tháng tới.")
    echo = desk.last("unit_told", SXD)
    desk.arrive(vouched(answer_to(echo, SXD, "Trả lời")))
    if taken_back == "Thu hồi":
        unit(desk, taken_back)
    else:
        desk.let_pass(hours=1)
        order_today(desk, f"{code} {taken_back}")
    desk.arrive(vouched(answer_to(echo, SXD, "Trả lời nhé")))
    assert desk.question["status"] == "answered"
    desk.let_pass(hours=1)
    first = ["recalled"] if taken_back == "Thu hồi" else ["sent"]
    assert [state for name, state in to_asker(desk) if name == "citizen_answered"] == [*first, "sent"]


@pytest.mark.parametrize("words", [LATER, MORE])
@pytest.mark.parametrize("by", ["unit", "officer"])
def test_what_is_said_behind_a_sent_answer_is_taken_back_alone(desk: World, code: str, words: str, by: str) -> None:
    unit(desk, A)
    desk.let_pass(hours=1)
    unit(desk, words)
    told = unit(desk, "Thu hồi") if by == "unit" else order_today(desk, f"{code} thu hồi")
    assert "chưa đến người hỏi" in told
    desk.let_pass(hours=1)
    assert to_asker(desk) == [("citizen_answered", "sent"), ("citizen_corrected", "recalled")]
    assert desk.question["status"] == "answered"


@pytest.mark.parametrize("words", ["ngày 13/12/2026 chứ không phải 12/12/2026.", "quý II năm 2027"])
def test_a_place_put_right_does_not_go_out_as_the_whole_answer(desk: World, code: str, words: str) -> None:
    """The asker was sent these few words alone, and what they correct was thrown away."""
    unit(desk, A)
    assert "viết lại toàn văn" in unit(desk, f"Đính chính: {words}")
    assert "đính chính một phần câu trả lời" in said(desk.last("officer_alert", OFFICER))
    desk.let_pass(hours=1)
    assert to_asker(desk) == [("citizen_answered", "recalled")]
    desk.answers("unit_told", SXD, A.replace("quý I ", "quý II "))
    desk.let_pass(hours=1)
    assert to_asker(desk)[1:] == [("citizen_answered", "sent")]
    assert "quý II năm 2027" in said(desk.last("citizen_answered", CITIZEN))
    assert desk.of_question(code)[0]["status"] == "answered"


@pytest.mark.parametrize("by", ["unit", "officer"])
def test_what_is_added_to_an_answer_does_not_outlive_it(desk: World, code: str, by: str) -> None:
    unit(desk, A)
    unit(desk, MORE)
    order_today(desk, f"{code} gửi bổ sung cho người hỏi: đường dây nóng 0225 3842 999")
    assert to_asker(desk)[1:] == [("citizen_corrected", "pending")] * 2
    unit(desk, "Thu hồi") if by == "unit" else order_today(desk, f"{code} thu hồi")
    desk.let_pass(hours=1)
    assert {state for _, state in to_asker(desk)} == {"recalled"}
    assert desk.question["status"] == "forwarded"


@pytest.mark.parametrize("code_of_server", [452, 0])
def test_an_answer_that_the_server_put_off_is_stopped_and_no_other(desk: World, code_of_server: int) -> None:
    desk.ask(LETTER)
    unit(desk, A)
    row = desk.house.sent_with(name="citizen_answered", recipient=CITIZEN)[-1]
    desk.house.clock.forward(minutes=31)
    with desk.house.engine.begin() as connection:
        letters.mark_sending(connection, row["id"], "", desk.house.clock(), alone=True)
        letters.mark_retry(connection, row["id"], code_of_server, "later", desk.house.clock())
    assert ("chưa đến người hỏi" in unit(desk, "Thu hồi")) == bool(code_of_server)
    assert to_asker(desk) == [("citizen_answered", "recalled" if code_of_server else "pending")]


@pytest.mark.parametrize("how", ["recall", "reopen"])
def test_who_helped_is_asked_again_with_the_lead(desk: World, how: str) -> None:
    code = desk.ask(UNSURE)["code"]
    desk.overviews()
    order_today(desk, f"{code} chuyển SXD, phối hợp SNNMT")
    unit(desk, A)
    assert parts(desk) == [("SXD", "answered"), ("SNNMT", "replaced")]
    unit(desk, "Thu hồi") if how == "recall" else order_today(desk, f"{code} mở lại vì chưa đủ")
    assert parts(desk) == [("SXD", "forwarded"), ("SNNMT", "forwarded")]
    assert "tiếp tục phối hợp" in said(desk.last("unit_told", SNNMT))
    assert to_asker(desk) == [("citizen_answered", "recalled")]


@pytest.mark.parametrize("how", ["unit", "thu hồi", "mở lại vì trả lời sai"])
def test_what_nobody_has_told_the_caller_yet_is_not_told_any_more(desk: World, how: str) -> None:
    desk.house.clock.at = MONDAY + timedelta(days=1)
    desk.overviews()
    code = dictate(desk)
    unit_answers(desk)
    unit(desk, "Thu hồi") if how == "unit" else order_today(desk, f"{code} {how}")
    mine = {str(row["key"]): row["status"] for row in desk.rows(duty) if row["question_id"] == desk.question["id"]}
    told = {key.split(":")[1]: state for key, state in mine.items() if key.startswith("tell:")}
    assert told == {"citizen_received": "open", "citizen_answered": "void"}
    assert desk.question["status"] == "forwarded"
    before = desk.last_sent()
    desk.let_pass(hours=1)
    left = [row for row in desk.house.sent_with(name="officer_tell", status="sent") if row["id"] > before - 9]
    assert not any("mặt đường" in said(row["bytes"]) for row in left)


@pytest.mark.parametrize("desk", [0], indirect=True)
def test_a_part_that_was_answered_is_corrected_while_the_rest_is_owed(desk: World) -> None:
    desk.ask(TWO + SIGNATURE)
    unit(desk, A)
    desk.let_pass(hours=1)
    assert "không thu hồi được nữa" in unit(desk, "Thu hồi")
    assert "đính chính" in unit(desk, LATER)
    assert [name for name, _ in to_asker(desk)] == ["citizen_answered", "citizen_corrected"]
    assert desk.question["status"] == "forwarded"


def test_who_has_one_of_two_answers_hears_that_it_no_longer_counts(desk: World) -> None:
    code = desk.ask(TWO + SIGNATURE)["code"]
    unit(desk, A)
    desk.let_pass(hours=1)
    unit(desk, SCHOOL, SGDDT)
    order_today(desk, f"{code} mở lại phần của SXD, SGDDT vì số liệu sai")
    desk.let_pass(hours=1)
    sent = [name for name, state in to_asker(desk) if state == "sent"]
    assert sent == ["citizen_answered", "citizen_reopened"]
    assert "Sở Xây dựng" in said(desk.last("citizen_reopened", CITIZEN))


@pytest.mark.parametrize("desk", [0], indirect=True)
@pytest.mark.parametrize("words", [LATER, MORE])
@pytest.mark.parametrize("lost", ["taken", "refused"])
def test_who_lost_the_question_corrects_no_other_units_answer(desk: World, code: str, words: str, lost: str) -> None:
    if lost == "taken":
        order_today(desk, f"{code} chuyển SNNMT")
    else:
        unit(desk, "Không thuộc thẩm quyền của Sở Xây dựng, đề nghị chuyển Sở Nông nghiệp và Môi trường.")
    unit(desk, A.replace("Sở Xây dựng trả lời", "Sở Nông nghiệp và Môi trường trả lời"), SNNMT)
    assert desk.question["status"] == "answered"
    unit(desk, words)
    assert "citizen_corrected" not in dict(to_asker(desk))
    assert desk.house.mails[-1]["status"] == "held"


@pytest.mark.parametrize("desk", [0], indirect=True)
def test_a_mail_that_an_officer_holds_is_taken_back_in_the_first_thread_too(desk: World, code: str) -> None:
    unit(desk, "Báo cáo Ban Biên tập, đoạn đường này Sở làm trong tháng 12.")
    review = desk.last("officer_review", OFFICER)
    assert desk.house.mails[-1]["status"] == "held"
    assert "chưa gửi và không gửi" in unit(desk, "Thu hồi")
    assert "thu hồi thư" in said(desk.last("officer_alert", OFFICER))
    desk.arrive(vouched(answer_to(review, OFFICER, f"{code} là câu trả lời")))
    assert to_asker(desk) == []


@each_third(
    ("words", "stopped"),
    [
        ("Thu hồi {1}", "second"),
        ("Thu hồi {0} và {1}", "both"),
        ("thu hoi cau tra loi {0}, {1}", "both"),
        ("Thu hồi {0}", "first"),
        ("Không thu hồi {1} nữa", ""),
        ("Thu hồi {1}, ghi nhầm ngày.", "second"),
        ("Thu hồi {1} vì ghi nhầm ngày", "second"),
        ("Khoan hãy gửi câu {1}, sếp chưa ký", "second"),
        ("khoan hay gui cau {1}, sep chua ky", "second"),
        ("Khoan hãy gửi câu {0} và câu {1}, sếp chưa ký", "both"),
    ],
)
def test_the_numbers_behind_take_back_are_what_is_taken_back(desk: World, words: str, stopped: str) -> None:
    one = desk.ask(LETTER)
    unit(desk, A)
    two = desk.ask(ROAD.replace("đường trước nhà", "cầu gần chợ") + SIGNATURE.replace("An", "Tư"), "tu@dan.test")
    unit(desk, "Sở Xây dựng trả lời: cầu gần chợ được sửa trong quý I năm 2027.")
    unit(desk, words.format(one["code"], two["code"]), about=one["id"])
    states = {"first": to_asker(desk), "second": to_asker(desk, "tu@dan.test")}
    for which, rows in states.items():
        assert rows == [("citizen_answered", "recalled" if stopped in (which, "both") else "pending")], which


@pytest.mark.parametrize("desk", [0], indirect=True)
def test_an_order_to_and_fro_is_told_each_time(desk: World) -> None:
    first = desk.ask(LETTER)["code"]
    unit(desk, A)
    desk.ask(ROAD + SIGNATURE.replace("Văn An", "Văn Tư"), "tu@dan.test")
    code = desk.question["code"]
    for text in (f"{code} trùng với {first}", f"{code} mở lại", f"{code} trùng với {first} ạ"):
        desk.let_pass(minutes=5)
        order_today(desk, text)
    assert [name for name, _ in to_asker(desk, "tu@dan.test")] == [
        "citizen_repeated",
        "citizen_reopened",
        "citizen_repeated",
    ]


@pytest.mark.parametrize("desk", [0], indirect=True)
def test_one_answer_is_sent_once_to_who_still_waits_for_more(desk: World) -> None:
    first = desk.ask(LETTER)
    unit(desk, A)
    code = desk.ask(TWO, "tu@dan.test")["code"]
    for text, sent in (("{0} trùng với {1}", 1), ("{0} trùng với {1} nhé", 1), ("{1} mở lại vì số liệu sai", 1)):
        desk.let_pass(minutes=5)
        order_today(desk, text.format(code, first["code"]))
        assert [name for name, _ in to_asker(desk, "tu@dan.test")] == ["citizen_repeated"] * sent
    unit(desk, A.replace("2027", "2029"), about=first["id"])
    desk.let_pass(minutes=5)
    order_today(desk, f"{code} trùng với {first['code']} ạ")
    unit(desk, f"Đính chính: {A.replace('2027', '2031')}", about=first["id"])
    for text, sent in (("Trùng với", 3), ("TRÙNG VỚI", 3)):
        desk.let_pass(minutes=5)
        told = order_today(desk, f"{code} {text} {first['code']}")
        assert [name for name, _ in to_asker(desk, "tu@dan.test")] == ["citizen_repeated"] * sent
    assert "nếu đã gửi từ trước thì không gửi lại" in told
    assert "2031" in text_of(desk.last("citizen_repeated", "tu@dan.test"))
    assert desk.of_question(str(code))[0]["status"] == "forwarded"


@pytest.mark.parametrize("desk", [0], indirect=True)
@pytest.mark.parametrize(
    ("then", "offered"),
    [
        (LATER, "{0} mở lại vì"),
        (MORE, "{0} gửi bổ sung cho người hỏi:"),
        ("mở lại vì câu trả lời chưa đúng", "{0} mở lại vì"),
        ("gửi bổ sung cho người hỏi: phần trước số nhà 12 sửa trước.", "{0} gửi bổ sung cho người hỏi:"),
    ],
)
def test_officers_hear_who_else_was_sent_an_answer_that_changes(desk: World, then: str, offered: str) -> None:
    first = desk.ask(LETTER)
    unit(desk, A)
    code = str(desk.ask(ROAD + SIGNATURE.replace("Văn An", "Văn Tư"), "tu@dan.test")["code"])
    for text in (f"{code} trùng với {first['code']}", f"{desk.house.questions[0]['code']} ghi chú: đã xem"):
        order_today(desk, text)
    before = desk.last_sent()
    if then in {LATER, MORE}:
        unit(desk, then, about=first["id"])
    else:
        order_today(desk, f"{first['code']} {then}")
    heard = [said(bytes(one["bytes"])) for one in desk.house.sent_with(after=before, name="officer_alert")]
    (alert,) = [one for one in heard if "đã nhận câu trả lời của câu hỏi" in one]
    assert f"{code} đã nhận câu trả lời của câu hỏi {first['code']}" in alert
    assert offered.format(code) in alert
    if then.startswith("mở lại"):
        order_today(desk, f"{code} mở lại vì câu trả lời ấy không còn đúng")
        before = desk.last_sent()
        unit(desk, A.replace("2027", "2029"), about=first["id"])
        desk.let_pass(minutes=5)
        told = order_today(desk, f"{code} trùng với {first['code']} nhé")
        assert "đã gửi người hỏi câu trả lời" in told
        assert "2029" in said(desk.last("citizen_repeated", "tu@dan.test"))
        heard = [said(bytes(one["bytes"])) for one in desk.house.sent_with(after=before, name="officer_alert")]
        assert not [one for one in heard if "đã nhận câu trả lời của" in one]


@pytest.fixture
def announced(desk: World) -> World:
    """A session is announced, and a question is for it."""
    desk.begin("announced", lambda: _announced(desk))
    return desk


def _announced(desk: World) -> None:
    desk.house.clock.at = desk.house.clock.at.replace(month=11, day=2)
    code = desk.desk.propose(FORM)[0].code
    for kind in (PaperKind.PLAN, PaperKind.NOTICE):
        desk.look()
        desk.reply(HEAD, "Duyệt")
        if kind is PaperKind.PLAN:
            desk.desk.decide(code, "Công văn số 12/UBND-VX")
        desk.desk.put_up(code, kind)
    desk.look()
    desk.reply(HEAD, "Duyệt")
    desk.desk.announce(code, "https://haiphong.test/thong-bao")
    desk.ask(LETTER)


@pytest.mark.parametrize("desk", [0], indirect=True)
@pytest.mark.parametrize("words", [LATER, MORE, "Thu hồi"])
def test_what_is_said_behind_an_answer_kept_for_the_session_is_kept_too(announced: World, words: str) -> None:
    unit(announced, A)
    assert "không thu hồi được" not in unit(announced, words)
    assert to_asker(announced) == []
    assert announced.question["status"] == ("forwarded" if words == "Thu hồi" else "answered")
    announced.overviews()
    order_today(announced, f"{announced.question['code']} để ngoài phiên")
    got = [said(row["bytes"]) for row in announced.house.sent_with(name="citizen_answered", recipient=CITIZEN)]
    assert [("quý I năm" in one, "quý II năm 2028" in one, "3 tỷ" in one) for one in got] == {
        LATER: [(False, True, False)],
        MORE: [(True, False, True)],
    }.get(words, [])


@pytest.mark.parametrize("desk", [0], indirect=True)
@pytest.mark.parametrize("words", ["gửi bổ sung cho người hỏi: Sở đã có kế hoạch", "trình đăng", "đóng", "mở lại"])
def test_an_officer_neither_adds_to_a_kept_answer_nor_ends_it(announced: World, words: str) -> None:
    unit(announced, A)
    announced.overviews()
    told = order_today(announced, f"{announced.question['code']} {words}")
    assert to_asker(announced) == []
    if words == "mở lại":
        assert "hạn trả lời mới 23/11/2026" in told
    else:
        assert "trả lời sau" in told
        assert announced.question["status"] == "answered"


@pytest.mark.parametrize("desk", [0], indirect=True)
def test_a_session_left_and_taken_again_is_told_to_asker_and_unit_each_time(announced: World) -> None:
    code, session = announced.question["code"], "P-2026-01"
    orders = (f"Để {code} ngoài phiên", f"Đưa {code} vào phiên {session}", f"Để {code} ngoài phiên ạ")
    announced.overviews()
    for text in (*orders, f"Đưa {code} vào phiên {session} nhé"):
        announced.let_pass(minutes=5)
        before = announced.last_sent()
        order_today(announced, text)
        led_to = {str(row["name"]) for row in announced.house.sent_with(after=before)}
        assert led_to >= {"citizen_session", "unit_new_due"}, text


@pytest.mark.parametrize("back", [False, True])
def test_officers_hear_of_what_they_tied_to_a_question_now_answered(desk: World, code: str, back: bool) -> None:
    """The link was forgotten: the asker of the other went on waiting, and nobody knew that one order would do."""
    tied = [desk.ask(LETTER.replace("Văn An", "Văn Tư"), f"tu{at}@dan.test")["code"] for at in (1, 2)]
    first = next(row for row in desk.house.questions if row["code"] == code)
    told = order_today(desk, f"{', '.join(tied)} trùng với {code}")
    assert "cán bộ được báo để ghi lại lệnh này" in told
    unit(desk, A, about=first["id"])
    act = f"{', '.join(tied)} trùng với {code}"
    alert = desk.house.sent_with(name="officer_alert", question_id=first["id"])[-1]
    assert (alert["status"], act in said(alert["bytes"])) == ("pending", True)
    unit(desk, "Thu hồi", about=first["id"]) if back else None
    desk.let_pass(hours=1)
    desk.arrive(vouched(answer_to(bytes(alert["bytes"]), OFFICER, act)))
    (told_of,) = (row for row in desk.house.sent if row["id"] == alert["id"])
    assert (told_of["status"] == "recalled") is back, "nobody hears of an answer that does not leave"
    wanted = "forwarded" if back else "answered"
    assert [row["status"] for row in desk.house.questions if row["code"] in tied] == [wanted] * 2


@pytest.mark.parametrize("late", [False, True])
def test_who_withdraws_before_the_answer_has_left_is_one_who_waits(desk: World, code: str, late: bool) -> None:
    """It was shown as words on an answer that he had not seen, and the answer left though he had given up."""
    unit(desk, A)
    desk.answers("citizen_received", CITIZEN, "tôi xin rút câu hỏi")
    assert "Đã nhận yêu cầu rút" in subject_of(desk.last("citizen_withdrawal", CITIZEN))
    if late:
        desk.let_pass(hours=1)
    desk.answers("officer_review", OFFICER, f"{code} cho rút câu hỏi")
    desk.let_pass(hours=1)
    told = [(name, state) for name, state in to_asker(desk) if name == "citizen_answered"]
    assert told == [("citizen_answered", "sent" if late else "recalled")]
    letter_to_asker = said(desk.last("citizen_withdrawal", CITIZEN))
    assert ("đã kết thúc việc giải quyết câu hỏi" in letter_to_asker) is not late
    assert ("unit_withdrawn" in desk.names(SXD)) is not late
    assert desk.question["status"] == ("answered" if late else "closed")
    assert parts(desk)[0][1] == ("answered" if late else "replaced")
