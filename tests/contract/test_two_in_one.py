"""A letter that asks two units two things: two items; a supporting unit that is not waited for is told so."""

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from db.core.tables import assignment, duty
from tests.contract.test_profile_options import announced
from tests.contract.test_which_question import ROAD
from tests.dose import each_third
from tests.installation import OFFICER, answer_to, letter, subject_of, text_of, unit_address
from tests.world import SIGNATURE, World, order, said, vouched

COUNT = itertools.count(1)
SCHOOL = "Trường tiểu học Trần Thành Ngọ thu tiền học thêm có đúng không, Sở Giáo dục và Đào tạo trả lời giúp?"
HOLES = "Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?"
TWO = f"Tôi hỏi hai việc:\n1. {HOLES}\n2. {SCHOOL}"


HALF_SAID = "Sở trả lời ý 2: nhà trường chỉ được dạy thêm miễn phí. Ý 1 đề nghị Sở Xây dựng trả lời."


def asked(house: World, text: str) -> dict[str, Any]:
    n = next(COUNT)
    own = f"\n\nTrần Văn Hai\nSố {n} đường Trường Chinh, phường Kiến An\n0912 000 {n:03d}\n"
    return house.ask(text + own, f"hai{n}@dan.test")


def held_by(house: World, row: dict[str, Any]) -> list[tuple[object, ...]]:
    rows = [one for one in house.rows(assignment) if one["question_id"] == row["id"]]
    return [(one["item"], one["unit"], one["role"]) for one in rows]


def by(house: World, row: dict[str, Any], unit: str, text: str) -> int:
    """A unit answers the mail that brought it the question; the outbox's last id before that."""
    mails = house.house.sent_with(name="unit_forward", question_id=row["id"], recipient=unit_address(unit))
    before = house.last_sent()
    house.arrive(vouched(answer_to(bytes(mails[-1]["bytes"]), unit_address(unit), text)))
    return before


@pytest.fixture
def row(house: World) -> dict[str, Any]:
    return asked(house, TWO)


@pytest.mark.parametrize("text", [TWO, f"1. {HOLES} 2. {SCHOOL}", f"1) {HOLES}\n\n2) {SCHOOL}"])
def test_numbered_questions_for_two_units_are_two_items(kept_house: World, text: str) -> None:
    assert held_by(kept_house, asked(kept_house, text)) == [(1, "SXD", "lead"), (2, "SGDDT", "lead")]


CLINIC = "Trạm y tế có khám bệnh ngày thứ Bảy không, giá khám bệnh bao nhiêu?"
WATER = "Nước máy nhà tôi yếu, bao giờ Công ty Cấp nước khắc phục?"
LESSONS = "Trường tiểu học thu tiền học thêm có đúng không?"


@pytest.mark.parametrize(
    "text",
    [
        f"Tôi hỏi 3 việc:\n1. {CLINIC} (Sở Y tế)\n2. {LESSONS} (Sở Giáo dục và Đào tạo)\n3. {WATER}",
        f"Tôi hỏi 3 việc: 1. {CLINIC} (Sở Y tế) 2. {LESSONS} (Sở Giáo dục và Đào tạo) 3. {WATER}",
        f"Tôi có ba việc muốn hỏi:\n1. {CLINIC}\n2. {LESSONS}\n3. {WATER}",
        f"1. {CLINIC} 2. {LESSONS} 3. {WATER}",
    ],
)
def test_each_of_three_numbered_matters_goes_to_its_unit(kept_house: World, text: str) -> None:
    row = asked(kept_house, text)
    assert held_by(kept_house, row) == [(1, "SYT", "lead"), (2, "SGDDT", "lead"), (3, "CAPNUOC", "lead")]


def test_numbered_matters_of_which_one_is_unclear_wait_for_an_officer(kept_house: World) -> None:
    row = asked(kept_house, f"Tôi hỏi 3 việc:\n1. {CLINIC}\n2. Cái việc hôm nọ tôi kể thì sao?\n3. {WATER}")
    assert not held_by(kept_house, row)
    told = said(kept_house.last("officer_review", OFFICER))
    assert "thư có 3 câu hỏi (câu 1: Sở Y tế; câu 2: chưa rõ; câu 3: Công ty Cấp nước Hải Phòng)" in told
    assert "Sở Y tế (SYT)" in told


@pytest.mark.parametrize(
    "text",
    [
        f"{HOLES} Tôi đã hỏi hai lần.",
        "Tôi hỏi:\n1. Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?\n2. Vỉa hè đường này bao giờ lát lại?",
        "1. Họ và tên: Trần Văn Hai\n2. Nội dung: Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?",
        "Tôi hỏi:\n1. Đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa?\n2. Chờ bao lâu nữa, hỏi ở đâu?",
        "Theo khoản 1. Điều 5 và khoản 2. Điều 7 của quy định thì bao giờ Sở Xây dựng sửa đường Trường Chinh?",
        "Nhà tôi ở số 1. Đường nhiều ổ gà đến tận số nhà 2. Bao giờ Sở Xây dựng sửa?",
        "Công ty tôi mở trung tâm dạy kỹ năng cho trẻ, thuê hai tầng nhà trên đường Trường Chinh, nộp hồ sơ từ lâu,"
        " nay xin hỏi:\n1. Giáo viên cần chứng chỉ gì?\n2. Lối vào có phải xin giấy phép xây dựng không?",
        "1. Năm 2024 nhà trường có xin sửa đường.\n2. Đến nay đường Trường Chinh vẫn nhiều ổ gà, bao giờ sửa?",
    ],
)
def test_what_is_one_question_stays_one(kept_house: World, text: str) -> None:
    assert len({item for item, _, _ in held_by(kept_house, asked(kept_house, text))}) <= 1


def test_one_half_answered_leaves_the_other_with_its_unit(kept_house: World) -> None:
    row = asked(kept_house, TWO)
    by(kept_house, row, "SXD", ROAD)
    assert kept_house.of_question(str(row["code"]))[0]["status"] == "forwarded"
    states = {one["unit"]: one["status"] for one in kept_house.rows(assignment) if one["question_id"] == row["id"]}
    assert states == {"SXD": "answered", "SGDDT": "forwarded"}


def test_an_item_that_its_unit_refused_is_not_over_with_the_other(house: World, row: dict[str, Any]) -> None:
    by(house, row, "SGDDT", "Việc này không thuộc thẩm quyền của Sở Giáo dục và Đào tạo.")
    before = by(house, row, "SXD", ROAD)
    assert house.of_question(str(row["code"]))[0]["status"] == "needs_review"
    (told,) = house.house.sent_with(after=before, recipient=row["asker_email"])
    assert "Câu hỏi thứ 2: đang chờ chuyển đến đơn vị trả lời" in said(bytes(told["bytes"]))
    house.answers("officer_alert", OFFICER, f"{row['code']} chuyển SYT")
    by(house, row, "SYT", "Sở Y tế trả lời: nhà trường không được thu tiền học thêm, đã yêu cầu trả lại.")
    assert house.of_question(str(row["code"]))[0]["status"] == "answered"


THREE = f"{TWO}\n3. {WATER}"
REFUSES = "Việc này không thuộc thẩm quyền của Sở Giáo dục và Đào tạo."
MORE = "Sở Tài chính trả lời: nhà trường không được thu tiền học thêm, đã yêu cầu trả lại.\n\nPhó Giám đốc\nLê Phó"


def states(house: World, row: dict[str, Any]) -> list[tuple[object, ...]]:
    rows = [one for one in house.rows(assignment) if one["question_id"] == row["id"]]
    return [(one["item"], one["unit"], one["status"]) for one in rows]


def test_an_item_that_its_unit_refused_is_forwarded_alone(house: World) -> None:
    other, row = asked(house, TWO), asked(house, TWO)
    before = by(house, row, "SGDDT", REFUSES)
    house.answers("officer_alert", OFFICER, f"{row['code']} chuyển STC")
    assert states(house, row) == [(1, "SXD", "forwarded"), (2, "SGDDT", "refused"), (2, "STC", "forwarded")]
    assert not house.house.sent_with(after=before, recipient=unit_address("SXD")), "its item stays with it"
    done = said(house.last("officer_done", OFFICER))
    assert "mục 2 của câu hỏi" in done
    assert "phần còn lại vẫn do Sở Xây dựng trả lời" in done
    by(house, row, "STC", MORE)
    assert house.of_question(str(row["code"]))[0]["status"] == "forwarded"
    by(house, row, "SXD", ROAD)
    assert house.of_question(str(row["code"]))[0]["status"] == "answered"
    assert states(house, other) == [(1, "SXD", "forwarded"), (2, "SGDDT", "forwarded")]


def test_a_unit_that_has_one_item_may_get_the_refused_one_too(house: World, row: dict[str, Any]) -> None:
    by(house, row, "SGDDT", REFUSES)
    house.answers("officer_alert", OFFICER, f"{row['code']} chuyển SXD")
    assert states(house, row) == [(1, "SXD", "forwarded"), (2, "SGDDT", "refused"), (2, "SXD", "forwarded")]


@pytest.mark.parametrize("refuses", ["từ chối k vì {}", "tu choi k vi {}"])
def test_one_item_is_not_refused_with_all_others(house: World, refuses: str) -> None:
    row, why = asked(house, THREE), "khoản thu học thêm đã có văn bản công khai"
    by(house, row, "SXD", ROAD)
    before = by(house, row, "SGDDT", REFUSES)
    told = order(house, f"{row['code']} {refuses.format(why)}", "officer_alert")
    assert house.of_question(str(row["code"]))[0]["status"] == "needs_review"
    assert not house.house.sent_with(after=before, recipient=row["asker_email"])
    assert not house.house.sent_with(after=before, recipient=unit_address("CAPNUOC"))
    assert "ý 1 Sở Xây dựng đã trả lời, ý 3 Công ty Cấp nước Hải Phòng đang chuẩn bị trả lời" in told
    assert f"“{row['code']} xác nhận từ chối k vì {why}”" in told
    order(house, f"{row['code']} xác nhận từ chối k vì {why}", "officer_done")
    assert house.of_question(str(row["code"]))[0]["status"] == "rejected"
    letter = said(house.last("citizen_rejected", row["asker_email"]))
    assert "Nội dung mà Sở Xây dựng đã trả lời vẫn giữ nguyên giá trị" in letter
    assert house.house.sent_with(after=before, recipient=unit_address("CAPNUOC"))


@pytest.mark.parametrize(
    ("text", "item", "lead"),
    [
        ("thêm STC phối hợp", 2, "Sở Giáo dục và Đào tạo"),
        ("thêm Sở Tài chính phối hợp với Sở Xây dựng", 1, "Sở Xây dựng"),
    ],
)
def test_who_is_added_supports_the_unit_that_is_named_or_wished(
    house: World, row: dict[str, Any], text: str, item: int, lead: str
) -> None:
    by(house, row, "SGDDT", "Nhờ Ban chuyển câu này sang Sở Tài chính phối hợp cùng Sở trả lời.")
    assert f"{lead} vẫn chủ trì" in order(house, f"{row['code']} {text}")
    assert held_by(house, row)[2:] == [(item, "STC", "support")]


@pytest.mark.parametrize(
    ("text", "counted", "held"),
    [
        ("Chưa hài lòng: chưa nói đoạn nào, đoạn trước trường mầm non có được sửa không?", "no", True),
        ("Chưa hài lòng", "no", True),
        ("Hài lòng", "yes", False),
        ("Vậy đoạn trước trường mầm non Hoa Mai có được sửa luôn trong đợt này không ạ?", "", True),
    ],
)
def test_what_is_said_of_one_answer_is_for_its_unit(
    house: World, row: dict[str, Any], text: str, counted: str, held: bool
) -> None:
    by(house, row, "SXD", ROAD)
    house.let_pass(hours=1)
    before = house.last_sent()
    house.answers("citizen_answered", row["asker_email"], text)
    assert (house.of_question(str(row["code"]))[0]["content_with_answer"] or "") == counted
    assert not house.house.sent_with(after=before, recipient=unit_address("SGDDT"))
    assert bool(house.house.sent_with(after=before, recipient=OFFICER)) is held
    assert bool(house.house.sent_with(after=before, recipient=row["asker_email"])) is held
    if held:
        order(house, f"{row['code']} chuyển ý kiến cho đơn vị")
        heard = house.house.sent_with(after=before, name="unit_opinion")
        assert [one["recipient"] for one in heard] == [unit_address("SXD")]
    assert states(house, row) == [(1, "SXD", "answered"), (2, "SGDDT", "forwarded")]
    by(house, row, "SGDDT", SAID_OF_FEES)
    assert house.of_question(str(row["code"]))[0]["status"] == "answered"


SAID_OF_FEES = (
    "Sở Giáo dục và Đào tạo trả lời: nhà trường không được thu, đã yêu cầu trả lại.\n\nPhó Giám đốc\nLê Phó"
)


@pytest.mark.parametrize("both", [True, False])
def test_of_two_answers_the_one_named_counts_no_longer(house: World, row: dict[str, Any], *, both: bool) -> None:
    by(house, row, "SXD", ROAD)
    house.let_pass(days=1)
    if both:
        by(house, row, "SGDDT", SAID_OF_FEES)
        house.let_pass(days=1)
    house.overviews()
    before = house.last_sent()
    told = order(house, f"{row['code']} mở lại vì chưa nói đoạn đường", "officer_digest")
    assert f"“{row['code']} mở lại phần của SXD vì …”" in told
    assert f"ghi “{row['code']} mở lại phần của SXD vì chưa nói đoạn đường”" in told
    assert not house.house.sent_with(after=before, recipient=row["asker_email"])
    told = order(house, f"{row['code']} mở lại phần của SXD vì chưa nói đoạn đường", "officer_digest")
    assert "Đã mở lại phần của Sở Xây dựng" in told
    assert states(house, row) == [(1, "SXD", "forwarded"), (2, "SGDDT", "answered" if both else "forwarded")]
    assert not house.house.sent_with(after=before, recipient=unit_address("SGDDT"))
    (letter,) = (
        said(bytes(one["bytes"])) for one in house.house.sent_with(after=before, recipient=row["asker_email"])
    )
    assert "Thư trả lời của Sở Xây dựng ngày 05/10/2026 không còn giá trị" in letter
    assert ("Câu trả lời của Sở Giáo dục và Đào tạo vẫn giữ nguyên giá trị" in letter) is both
    assert "Lý do: chưa nói đoạn đường." in letter
    by(house, row, "SXD", ROAD.replace("trả lời:", "trả lời: đoạn từ số 1 đến số 30,"))
    assert house.of_question(str(row["code"]))[0]["status"] == ("answered" if both else "forwarded")


SAYS = (
    "Sở Y tế trả lời: mặt đường Trường Chinh được sửa trong quý I năm 2027.",
    "Sở Y tế trả lời: nhà trường không được thu tiền học thêm, đã yêu cầu trả lại.",
)
BACK = "không thuộc thẩm quyền của Sở Y tế"
TO_STC, TO_SNV = f"{BACK}, đề nghị chuyển Sở Tài chính.", f"{BACK}, đề nghị chuyển Sở Nội vụ."


@each_third(
    ("first", "second", "status", "kept", "left"),
    [
        (*SAYS, "answered", ["answered", "answered"], ""),
        (f"{BACK}.", f"{BACK}.", "needs_review", ["refused", "refused"], ""),
        (f"{BACK}, đề nghị chuyển Sở Xây dựng.", f"{BACK}.", "needs_review", ["refused", "refused"], ""),
        (TO_STC, TO_SNV, "forwarded", ["refused", "refused", "STC", "SNV"], ""),
        (f"{BACK}.", TO_SNV, "needs_review", ["refused", "refused", "SNV"], ""),
        (SAYS[0], f"{BACK}.", "needs_review", ["answered", "refused"], "thứ 2: đang chờ chuyển đến đơn vị trả lời"),
        (TO_STC, SAYS[1], "forwarded", ["refused", "answered", "STC"], "Sở Tài chính đang chuẩn bị trả lời"),
    ],
)
def test_a_unit_that_has_both_items_may_say_another_thing_of_each(
    house: World, first: str, second: str, status: str, kept: list[str], left: str
) -> None:
    row, other = asked(house, TWO), asked(house, TWO)
    house.overviews()
    house.answers("officer_digest", OFFICER, f"{row['code']} chuyển SYT")
    before = by(house, row, "SYT", f"Câu 1: {first}\n\nCâu 2: {second}")
    assert house.of_question(str(row["code"]))[0]["status"] == status
    now = states(house, row)[2:]
    assert [unit if state == "forwarded" else state for _, unit, state in now] == kept
    letters = house.house.sent_with(after=before, name="citizen_answered", recipient=row["asker_email"])
    assert len(letters) == ("answered" in kept)
    text = " ".join(said(bytes(one["bytes"])) for one in letters)
    assert [one in text for one in SAYS] == [one in {first, second} for one in SAYS]
    assert left in text
    assert ("CÒN CHỜ TRẢ LỜI" in text) is bool(left)
    alerts = house.house.sent_with(after=before, name="officer_alert", question_id=row["id"])
    assert len(alerts) == (status == "needs_review")
    assert states(house, other) == [(1, "SXD", "forwarded"), (2, "SGDDT", "forwarded")]


def test_each_of_two_units_may_refuse_its_item(house: World, row: dict[str, Any]) -> None:
    by(house, row, "SGDDT", REFUSES)
    before = by(house, row, "SXD", "Việc này không thuộc thẩm quyền của Sở Xây dựng.")
    assert states(house, row) == [(1, "SXD", "refused"), (2, "SGDDT", "refused")]
    assert house.house.sent_with(after=before, name="officer_alert")
    house.answers("officer_alert", OFFICER, f"{row['code']} chuyển STC")
    assert states(house, row)[2:] == [(1, "STC", "forwarded"), (2, "STC", "forwarded")]
    waits = [one for one in house.rows(duty) if one["question_id"] == row["id"] and one["kind"] == "review"]
    assert {one["status"] for one in waits} == {"met"}


def test_what_another_unit_has_answered_since_is_not_forwarded_again(house: World, row: dict[str, Any]) -> None:
    by(house, row, "SGDDT", REFUSES)
    house.answers("officer_alert", OFFICER, f"{row['code']} chuyển STC")
    by(house, row, "STC", MORE)
    by(house, row, "SXD", "Việc này không thuộc thẩm quyền của Sở Xây dựng.")
    house.answers("officer_alert", OFFICER, f"{row['code']} chuyển SYT")
    assert [one for one in states(house, row) if one[1] == "SYT"] == [(1, "SYT", "forwarded")]


def test_what_an_officer_reads_of_one_half_does_not_deny_the_other(house: World, row: dict[str, Any]) -> None:
    assert house.house.sent_with(after=by(house, row, "SXD", ROAD), recipient=row["asker_email"])
    (review,) = house.house.sent_with(after=by(house, row, "SGDDT", HALF_SAID), recipient=OFFICER)
    text = said(bytes(review["bytes"]))
    assert "Thư này chưa gửi cho người hỏi" in text
    assert "chưa nhận được gì" not in text
    house.arrive(vouched(answer_to(bytes(review["bytes"]), OFFICER, f"{row['code']} là câu trả lời")))
    house.answers("officer_done", OFFICER, f"{row['code']} thu hồi")
    assert "chưa nhận được gì" not in said(house.last("officer_done", OFFICER))


def test_the_end_of_an_answer_waits_for_its_own_units_beginning_alone(house: World, row: dict[str, Any]) -> None:
    by(house, row, "SGDDT", HALF_SAID)
    by(house, row, "SXD", f"Tiếp theo thư trước, {ROAD}")
    assert states(house, row) == [(1, "SXD", "answered"), (2, "SGDDT", "forwarded")]


@pytest.mark.world(extra="[desk]\nanswer_delay_minutes = 30")
def test_what_is_taken_back_by_its_own_number_is_not_said_to_be_anothers(house: World, row: dict[str, Any]) -> None:
    by(house, row, "SXD", ROAD)
    before = by(house, row, "SXD", f"Thu hồi {row['code']}")
    (told,) = house.house.sent_with(after=before, name="unit_told")
    assert "câu trả lời chưa đến người hỏi" in said(bytes(told["bytes"]))
    assert "không tự chuyển" not in said(bytes(told["bytes"]))


def supported(house: World) -> dict[str, Any]:
    row = asked(house, HOLES)
    house.overviews()
    house.answers("officer_digest", OFFICER, f"{row['code']} chuyển STC, phối hợp SYT")
    return row


def test_a_support_that_is_not_waited_for_is_told(house: World) -> None:
    row = supported(house)
    assert ("SYT", "support") in {(unit, role) for _, unit, role in held_by(house, row)}
    before = by(house, row, "STC", ROAD.replace("Xây dựng", "Tài chính"))
    (told,) = house.house.sent_with(after=before, recipient=unit_address("SYT"))
    text = said(bytes(told["bytes"]))
    assert str(row["code"]) in subject_of(bytes(told["bytes"]))
    assert "không phải trả lời câu hỏi này nữa" in text
    assert not house.house.sent_with(after=before, recipient=unit_address("STC")), (
        "the unit that has answered hears nothing of it"
    )


@pytest.mark.parametrize("polite", ["", " nhé", " giúp em với ạ"])
def test_what_the_support_still_says_waits_for_an_officer_who_may_add_it(house: World, polite: str) -> None:
    row = supported(house)
    by(house, row, "STC", ROAD.replace("Xây dựng", "Tài chính"))
    more = "Sở Y tế bổ sung: trạm y tế phường khám miễn phí trước ngày 30/11/2026, kinh phí 90 triệu đồng."
    before = by(house, row, "SYT", more)
    (review,) = house.house.sent_with(after=before, recipient=OFFICER)
    assert not house.house.sent_with(after=before, recipient=row["asker_email"])
    last = house.last_sent()
    house.arrive(
        vouched(answer_to(bytes(review["bytes"]), OFFICER, f"{row['code']} gửi bổ sung cho người hỏi{polite}"))
    )
    (sent,) = house.house.sent_with(after=last, recipient=row["asker_email"])
    assert "trạm y tế phường" in text_of(bytes(sent["bytes"]))


def test_an_officer_is_asked_where_a_unit_that_the_asker_names_has_not_answered(house: World) -> None:
    row = asked(house, f"{HOLES} Xin Sở Y tế cho biết có ai bị thương không.")
    house.overviews()
    house.answers("officer_digest", OFFICER, f"{row['code']} chuyển STC, phối hợp SYT và SNV")
    before = by(house, row, "STC", ROAD.replace("Xây dựng", "Tài chính"))
    (alert,) = house.house.sent_with(after=before, recipient=OFFICER)
    text = said(bytes(alert["bytes"]))
    assert "Sở Y tế được người hỏi nêu tên nhưng chưa trả lời" in text
    assert f"{row['code']} thu hồi" in text
    assert "Sở Nội vụ" not in text.partition("Câu hỏi:")[0], "nobody asked it"
    for unit in ("SYT", "SNV"):
        assert house.house.sent_with(after=before, recipient=unit_address(unit))


def test_no_officer_is_asked_where_the_asker_names_the_lead_alone(house: World) -> None:
    before = by(house, supported(house), "STC", ROAD.replace("Xây dựng", "Tài chính"))
    assert not house.house.sent_with(after=before, recipient=OFFICER)


@pytest.mark.parametrize(
    ("asked", "has", "beside"),
    [
        (
            "Tôi xin hỏi Sở Xây dựng và Sở Y tế: đường trước cổng bệnh viện hư hỏng nặng, nhiều ổ gà, bao giờ sửa?",
            "SXD",
            "SYT",
        ),
        (
            "Đường trước nhà hư hỏng và rác thải đổ bừa bãi ven đường gây ô nhiễm môi trường, đề nghị Sở Xây dựng và "
            "Sở Nông nghiệp và Môi trường trả lời?",
            "SNNMT",
            "SXD",
        ),
    ],
)
def test_of_two_units_officers_learn_of_the_one_not_asked(house: World, asked: str, has: str, beside: str) -> None:
    row = house.ask(f"{asked}{SIGNATURE}", "hai@dan.test", message_id="<two@dan.test>")
    assert house.names(unit_address(has))[-1] == "unit_forward"
    assert f"“thêm {beside} phối hợp”" in said(house.last("officer_alert", OFFICER))
    before = house.last_sent()
    assert "vẫn chủ trì" in order(house, f"thêm {beside} phối hợp", "officer_alert")
    sent = house.house.sent_with(recipient=unit_address(beside), after=before)
    assert [(one["name"], one["question_id"]) for one in sent] == [("unit_forward", row["id"])]


@pytest.mark.parametrize(
    "asked",
    [
        "Sở Y tế đã trả lời tôi. Nay tôi hỏi Sở Xây dựng: đường trước nhà tôi nhiều ổ gà, bao giờ sửa?",
        "Tôi hỏi Sở Xây dựng: đường trước cổng Sở Y tế nhiều ổ gà, hư hỏng nặng, bao giờ sửa?",
    ],
)
def test_a_unit_that_is_only_spoken_of_is_not_offered(house: World, asked: str) -> None:
    before = house.last_sent()
    house.ask(f"{asked}{SIGNATURE}", "hai@dan.test", message_id="<two@dan.test>")
    assert house.house.sent_with(name="officer_alert", after=before) == []


def test_the_morning_names_each_unit_that_a_new_question_went_to(house: World) -> None:
    row, single = asked(house, TWO), asked(house, HOLES)
    house.at(2026, 10, 6, 1, 30)
    house.overviews()
    lines = [one for one in text_of(house.last("officer_digest")).split("\n") if "Ký nhận" in one]
    (both,), (one,) = ([line for line in lines if str(each["code"]) in line] for each in (row, single))
    assert "Sở Xây dựng, Sở Giáo dục và Đào tạo" in both
    assert "Sở Xây dựng" in one
    assert "Giáo dục" not in one


def due_of(house: World, row: dict[str, Any]) -> dict[str, str]:
    return {one["unit"]: str(one["due_on"]) for one in house.rows(assignment) if one["question_id"] == row["id"]}


def test_a_support_s_wish_for_time_does_not_move_the_lead_s_day(house: World) -> None:
    row = supported(house)
    due = due_of(house, row)
    by(house, row, "SYT", "Sở Y tế xin gia hạn đến ngày 25/12/2026 vì chờ số liệu của các trạm.")
    last = house.last_sent()
    told = order(house, f"{row['code']} đồng ý gia hạn đến 25/12/2026", "officer_alert")
    assert "chỉ phối hợp" in told
    assert f"{row['code']} gia hạn cho STC đến" in told
    assert due_of(house, row) == due
    assert not house.house.sent_with(after=last, recipient=row["asker_email"])
    assert not house.house.sent_with(after=last, recipient=unit_address("STC"))


def test_time_for_one_of_two_units_is_given_to_the_one_that_is_named(house: World, row: dict[str, Any]) -> None:
    due = due_of(house, row)
    house.overviews()
    told = order(house, f"{row['code']} đồng ý gia hạn cho Sở Xây dựng đến 25/12/2026", "officer_digest")
    assert "Đã gia hạn" in told
    assert due_of(house, row) == due | {"SXD": "2026-12-25"}
    order(house, f"{row['code']} đồng ý gia hạn đến 21/12/2026", "officer_digest")
    assert due_of(house, row) == due | {"SXD": "2026-12-21", "SGDDT": "2026-12-21"}, "one corrected, one granted"


WISHES = {"SXD": "23/10/2026", "SGDDT": "30/10/2026"}


@each_third(
    ("text", "to", "moved", "heard"),
    [
        ("Đồng ý gia hạn", "officer_alert", "2026-10-30", "unit_extension_granted"),
        ("Đồng ý", "officer_alert", "2026-10-30", "unit_extension_granted"),
        ("đồng ý gia hạn đến 28/10", "officer_alert", "2026-10-28", "unit_extension_granted"),
        ("Không đồng ý", "officer_alert", "", "unit_extension_refused"),
        ("{0} không đồng ý gia hạn cho SGDDT", "officer_digest", "", "unit_extension_refused"),
        ("{0} đồng ý gia hạn", "officer_digest", "", ""),
        ("{0} đồng ý gia hạn đến 30/10", "officer_digest", "", ""),
        ("{0} không đồng ý gia hạn", "officer_digest", "", ""),
    ],
)
def test_of_two_wishes_that_of_the_mail_is_decided(house: World, text: str, to: str, moved: str, heard: str) -> None:
    row, bystander = asked(house, TWO), asked(house, TWO)
    for unit, day in WISHES.items():
        by(house, row, unit, f"Xin gia hạn đến {day} vì chờ khảo sát.")
    house.overviews()
    due, last = due_of(house, row), house.last_sent()
    kept = due_of(house, bystander)
    told = order(house, text.format(row["code"]), to)
    assert due_of(house, row) == due | ({"SGDDT": moved} if moved else {})
    assert due_of(house, bystander) == kept
    sent = house.house.sent_with(after=last)
    assert [(one["name"], one["recipient"]) for one in sent if str(one["name"]).startswith("unit_")] == (
        [(heard, unit_address("SGDDT"))] if heard else []
    )
    if heard:
        assert "lưu ý" not in said(house.last(heard))
        assert "cho SGDDT" not in said(house.last(heard))
    else:
        assert "đến ngày khác nhau" in told
        word = "không đồng ý" if "không" in text else "đồng ý"
        assert all(f"“{row['code']} {word} gia hạn cho {unit}" in told for unit in WISHES)
        assert not [one for one in sent if one["recipient"] == row["asker_email"]]


LEADS_ANSWER = ROAD.replace("Xây dựng", "Tài chính")
BESIDE = "Sở Y tế trả lời như sau: trạm y tế phường khám miễn phí trước ngày 30/11/2026, kinh phí 90 triệu đồng."


def test_what_a_support_wrote_to_the_lead_does_not_go_to_the_asker_at_another_address(house: World) -> None:
    row = supported(house)
    by(house, row, "SYT", BESIDE)
    by(house, row, "STC", LEADS_ANSWER)
    house.let_pass(minutes=40)
    house.look()
    last = house.last_sent()
    house.overviews()
    order(house, f"{row['code']} sửa thư điện tử: moi@dan.test", "officer_digest")
    sent = "".join(
        text_of(bytes(one["bytes"])) for one in house.house.sent_with(after=last, recipient="moi@dan.test")
    )
    assert "đường" in sent
    assert "trạm y tế" not in sent
    order(house, f"trình đăng {row['code']}", "officer_digest")
    shown = text_of(house.last("head_approval"))
    assert row["code"] in shown
    assert "trạm y tế" not in shown


@pytest.mark.parametrize("act", ["Gửi bổ sung", "Đính chính"])
def test_a_support_s_correction_waits_for_an_officer(house: World, act: str) -> None:
    row = supported(house)
    by(house, row, "SYT", BESIDE)
    by(house, row, "STC", LEADS_ANSWER)
    house.let_pass(minutes=40)
    house.look()
    before = by(house, row, "SYT", f"{act}: trạm y tế phường khám miễn phí trước ngày 15/12/2026.")
    assert not house.house.sent_with(after=before, recipient=row["asker_email"])
    (told,) = house.house.sent_with(after=before, recipient=unit_address("SYT"))
    assert "chưa được gửi cho người hỏi" in said(bytes(told["bytes"]))
    assert f"{act}: …" not in said(bytes(told["bytes"])), "it would be held again"
    assert f"{row['code']} gửi bổ sung cho người hỏi" in said(house.last("officer_review", OFFICER))


def test_an_officer_s_word_on_a_support_s_mail_says_that_it_does_not_leave(house: World) -> None:
    row = supported(house)
    by(
        house,
        row,
        "SYT",
        "Sở Y tế gửi Ban Biên tập dự thảo, đề nghị xem trước: trạm y tế khám miễn phí từ 30/11/2026.",
    )
    last = house.last_sent()
    assert "không gửi người hỏi" in order(house, f"{row['code']} là câu trả lời")
    assert not house.house.sent_with(after=last, recipient=row["asker_email"])
    assert "thư không gửi cho người hỏi" in said(house.last("unit_told", unit_address("SYT")))


REFUSES_HELP = "Việc này không thuộc thẩm quyền của Sở Y tế."


def test_what_a_support_answers_goes_to_its_lead_and_later_to_the_asker_by_an_order(house: World) -> None:
    row, other = supported(house), asked(house, HOLES)
    before = by(house, row, "SYT", BESIDE)
    lead, officer = house.house.sent_with(after=before)
    assert (lead["recipient"], officer["recipient"]) == (unit_address("STC"), OFFICER)
    for one in (lead, officer):
        assert "khám miễn phí trước ngày 30/11/2026" in said(bytes(one["bytes"]))
    adds, before = f"{row['code']} gửi bổ sung cho người hỏi", house.last_sent()
    house.arrive(vouched(answer_to(bytes(officer["bytes"]), OFFICER, adds)))
    assert "chưa có câu trả lời của đơn vị chủ trì" in said(house.last("officer_done"))
    house.arrive(vouched(answer_to(bytes(lead["bytes"]), unit_address("STC"), "Trả lời")))
    assert not house.house.sent_with(after=before, recipient=row["asker_email"]), "the words are another unit's"
    by(house, row, "STC", LEADS_ANSWER)
    before = house.last_sent()
    for text in ("gửi bổ sung cho người hỏi", adds.replace("gửi", "Gửi")):
        house.arrive(vouched(answer_to(bytes(officer["bytes"]), OFFICER, text)))
    (sent,) = house.house.sent_with(after=before, recipient=row["asker_email"])
    assert "khám miễn phí" in said(bytes(sent["bytes"]))
    assert "từ trước" in said(house.last("officer_done"))
    assert states(house, other) == [(1, "SXD", "forwarded")]


def test_a_support_s_one_mail_about_two_questions_is_sent_to_each_asker_once(house: World) -> None:
    first, second, other = supported(house), supported(house), asked(house, HOLES)
    before, pays = house.last_sent(), "trạm y tế tiêm phòng miễn phí từ ngày 01/12/2026, kinh phí 20 triệu đồng."
    text = f"1. {first['code']}: {BESIDE}\n\n2. {second['code']}: Sở Y tế trả lời như sau: {pays}\n"
    house.arrive(vouched(letter(unit_address("SYT"), text, subject="Phối hợp trả lời")))
    alerts = [bytes(one["bytes"]) for one in house.house.sent_with(after=before, recipient=OFFICER)]
    by(house, first, "STC", LEADS_ANSWER)
    by(house, second, "STC", LEADS_ANSWER)
    before = house.last_sent()
    for row, act in ((first, "gửi"), (second, "gửi"), (second, "Gửi"), (first, "Gửi")):
        alert = next(one for one in alerts if row["code"] in subject_of(one))
        house.arrive(vouched(answer_to(alert, OFFICER, f"{row['code']} {act} bổ sung cho người hỏi")))
    assert "từ trước" in said(house.last("officer_done"))
    for row, words in ((first, "khám miễn phí"), (second, "tiêm phòng miễn phí")):
        (sent,) = house.house.sent_with(after=before, recipient=row["asker_email"])
        assert words in said(bytes(sent["bytes"]))
    assert not house.house.sent_with(after=before, recipient=other["asker_email"])


NOT_OURS = "Việc này không thuộc thẩm quyền của Sở Tài chính"


@pytest.mark.parametrize(
    ("words", "leads"),
    [
        ((("STC", f"{NOT_OURS}."), ("SYT", BESIDE), (OFFICER, "chuyển SNV")), "SNV"),
        ((("SYT", BESIDE), ("STC", f"{NOT_OURS}, đề nghị chuyển Sở Nội vụ.")), "SNV"),
        ((("SYT", BESIDE), (OFFICER, "chuyển SNV")), "SNV"),
        ((("SYT", BESIDE), (OFFICER, "chuyển SYT")), "SYT"),
    ],
)
def test_what_a_support_has_answered_goes_on_to_who_leads_after_that(
    house: World, words: tuple[tuple[str, str], ...], leads: str
) -> None:
    other, row = supported(house), supported(house)
    for who, text in words:
        before = house.last_sent()
        if who == OFFICER:
            order(house, f"{row['code']} {text}", "officer_alert")
        else:
            by(house, row, who, text)
    assert states(house, row)[-1] == (1, leads, "forwarded")
    told = [one for one in house.house.sent_with(after=before, name="unit_told") if "khám miễn" in said(one["bytes"])]
    assert [one["recipient"] for one in told] == [unit_address("SNV")] * (leads == "SNV"), "SYT knows its own words"
    assert {one["question_id"] for one in house.house.sent_with(after=before)} <= {row["id"], None}
    assert [one[1:] for one in states(house, other)][-2:] == [("STC", "forwarded"), ("SYT", "forwarded")]


def test_officers_are_not_told_that_a_lead_without_an_address_has_heard(house: World) -> None:
    row = supported(house)
    del house.house.installation.board.contacts["STC"]  # type: ignore[attr-defined]
    (officer,) = house.house.sent_with(after=by(house, row, "SYT", BESIDE))
    assert "đơn vị chủ trì chưa có địa chỉ thư nên chưa được báo, chưa gửi người hỏi" in said(bytes(officer["bytes"]))


def test_that_a_support_refuses_is_heard_by_its_lead_and_the_officers(house: World) -> None:
    row, other = supported(house), asked(house, HOLES)
    lead, officer = house.house.sent_with(after=by(house, row, "SYT", REFUSES_HELP))
    assert (lead["recipient"], officer["recipient"]) == (unit_address("STC"), OFFICER)
    assert "không phối hợp trả lời. Quý đơn vị vẫn chủ trì" in said(bytes(lead["bytes"]))
    assert f"{row['code']} thêm đơn vị phối hợp:" in said(bytes(officer["bytes"]))
    assert [one[1:] for one in states(house, row)][-2:] == [("STC", "forwarded"), ("SYT", "refused")]
    order(house, f"{row['code']} thêm đơn vị phối hợp: Sở Nội vụ", "officer_alert")
    assert ("SNV", "support") in {(unit, role) for _, unit, role in held_by(house, row)}
    assert states(house, other) == [(1, "SXD", "forwarded")]


@pytest.mark.parametrize(
    ("onto", "heard", "has"),
    [
        ("SXD", ["nay do Sở Xây dựng chủ trì trả lời"], ["replaced", "forwarded", "forwarded"]),
        ("SYT", ["chuyển câu hỏi dưới đây để Sở Y tế trả lời"], ["replaced", "replaced", "forwarded"]),
        ("", ["đề nghị Quý đơn vị tiếp tục phối hợp trả lời"], ["forwarded", "forwarded"]),
    ],
)
def test_who_supports_hears_once_of_an_opening(house: World, onto: str, heard: list[str], has: list[str]) -> None:
    row = supported(house)
    by(house, row, "STC", LEADS_ANSWER)
    house.let_pass(hours=2)
    house.overviews()
    before = house.last_sent()
    order(house, f"{row['code']} mở lại{f', chuyển {onto}' if onto else ' vì chưa đủ'}", "officer_digest")
    told = house.house.sent_with(after=before, recipient=unit_address("SYT"))
    assert [one in said(bytes(each["bytes"])) for one, each in zip(heard, told, strict=True)] == [True]
    assert [state for _, _, state in states(house, row)][-len(has) :] == has


MUD = "Nước thải chảy ra mương gây ô nhiễm môi trường, Sở Nông nghiệp và Môi trường xử lý thế nào?"
DREDGED = "Sở Nông nghiệp và Môi trường trả lời như sau: mương được nạo vét trước ngày 30/12/2026, kinh phí 80 triệu."


def half_answered(house: World) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Of a question that asks two units for a session the one has answered; a neighbour has asked one of them."""
    code = announced(house)
    row, other = asked(house, f"Tôi hỏi hai việc:\n1. {HOLES}\n2. {MUD}"), asked(house, HOLES)
    assert held_by(house, row) == [(1, "SXD", "lead"), (2, "SNNMT", "lead")]
    before = by(house, row, "SXD", ROAD)
    assert not house.house.sent_with(after=before, recipient=row["asker_email"]), "it is kept for the session"
    house.overviews()
    return code, row, other


@pytest.mark.parametrize("way", ["ngoài phiên", "trả lời sau", "hủy", "chuyển"])
def test_of_two_units_the_answer_that_was_kept_for_the_session_reaches_the_asker(house: World, way: str) -> None:
    code, row, other = half_answered(house)
    number = row["code"]
    if way in {"trả lời sau", "chuyển"}:
        house.house.clock.at = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
        house.desk.hold(code, datetime(2026, 11, 26, 1, 30, tzinfo=UTC), datetime(2026, 11, 26, 3, 30, tzinfo=UTC))
    before = house.last_sent()
    if way == "hủy":
        house.desk.cancel(code, "bão số 9")
    else:
        orders = {
            "ngoài phiên": f"Để {number} ngoài phiên",
            "trả lời sau": f"{number} trả lời sau",
            "chuyển": f"{number} chuyển STC",
        }
        order(house, orders[way], "officer_digest")
    sent = house.house.sent_with(after=before, recipient=row["asker_email"], name="citizen_answered")
    assert len(sent) == 1
    first = said(bytes(sent[0]["bytes"]))
    assert "Trả lời của Sở Xây dựng".upper() in first.upper()
    waits = "Sở Tài chính" if way == "chuyển" else "Sở Nông nghiệp và Môi trường"
    assert f"Câu hỏi thứ 2: {waits} đang chuẩn bị trả lời" in first
    unit = "STC" if way == "chuyển" else "SNNMT"
    last = by(house, row, unit, DREDGED)
    (second,) = house.house.sent_with(after=last, recipient=row["asker_email"], name="citizen_answered")
    assert "nạo vét" in said(bytes(second["bytes"]))
    assert not house.house.sent_with(after=before, recipient=other["asker_email"], name="citizen_answered")
