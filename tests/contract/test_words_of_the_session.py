"""What was said in a session reaches the asker also when its words are written down after its mark (10.1.i)."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from daemon.papers.sessions import Marking
from db.core.tables import assignment, paper, question, session
from rules.law.session_rules import Mark
from tests.contract.test_bounces_found import bounces, tells
from tests.contract.test_profile_options import ROAD, announced
from tests.installation import HEAD, OFFICER, unit_address
from tests.world import CITIZEN, SIGNATURE, World, order_today, said

CODE, OTHER = "HP-2026-000001", "HP-2026-000002"
PAVEMENT = "Vỉa hè Tô Hiệu gạch bong tróc, bao giờ Sở Xây dựng lát lại?"

pytestmark = pytest.mark.world(sends=True)


@pytest.fixture
def house(house: World) -> World:
    """The session has ended; question 1 is marked as answered, question 2 is a neighbour's."""
    house.begin("ended", lambda: ended(house))
    assert "Nội dung trả lời được đăng cùng bản ghi" in said(house.last("citizen_session", CITIZEN))
    return house


def ended(house: World) -> None:
    code = announced(house)
    house.ask(ROAD + SIGNATURE, message_id="<1@dan.test>")
    house.ask(PAVEMENT + SIGNATURE.replace("Văn An", "Thị Ba"), "ba@dan.test", message_id="<2@dan.test>")
    house.overviews()
    house.house.clock.at = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    house.desk.hold(code, datetime(2026, 11, 26, 1, 30, tzinfo=UTC), datetime(2026, 11, 26, 3, 30, tzinfo=UTC))
    house.look()
    order(house, f"{CODE} đã trả lời tại phiên")


def order(house: World, text: str) -> str:
    return order_today(house, text, "session_marks")


def test_the_units_hear_that_they_owe_no_answer_any_more(house: World) -> None:
    told = said(house.last("unit_told", unit_address("SXD")))
    assert f"Câu hỏi {CODE} đã được trả lời tại phiên đối thoại; Quý đơn vị không phải trả lời" in told
    assert OTHER not in told, "the neighbour's question still waits"


def test_a_question_that_is_over_does_not_wait_for_an_answer(house: World) -> None:
    with house.house.engine.begin() as connection:
        connection.execute(update(question).where(question.c.code == OTHER).values(session_id=None))
    order(house, f"{OTHER} từ chối h vì ngoài phạm vi thành phố")
    with house.house.engine.begin() as connection:
        connection.execute(update(question).where(question.c.code == OTHER).values(session_id=1))
    before = house.last_sent()
    assert "Chưa làm" in order(house, f"{OTHER} trả lời sau")
    assert [row["name"] for row in house.house.sent_with(after=before)] == ["officer_done"]


def test_a_question_that_is_over_is_not_asked_in_a_session(house: World) -> None:
    code = house.ask(ROAD + SIGNATURE.replace("Văn An", "Thị Tư"), "tu@dan.test", message_id="<4@dan.test>")["code"]
    with house.house.engine.begin() as connection:
        connection.execute(update(session).values(status="announced"))
    order(house, f"{code} từ chối h vì ngoài phạm vi thành phố")
    assert "không đưa ra phiên" in order(house, f"{code} đưa ra phiên")


def test_words_after_the_mark_are_sent(house: World) -> None:
    before = house.last_sent()
    done = order(house, f"{CODE} trả lời tại phiên (ông Khánh, Phó Giám đốc): đường được sửa trước Tết.")
    assert "Đã ghi lại nội dung trả lời" in done
    assert "đã gửi người hỏi" in done
    answer = said(house.last("citizen_answered", CITIZEN))
    assert "được sửa trước Tết" in answer
    assert "ông Khánh" in answer
    told = {(row["name"], row["recipient"]) for row in house.house.sent_with(after=before)}
    assert told == {("citizen_answered", CITIZEN), ("officer_done", OFFICER)}
    cited = {row["clause"] for row in house.house.sent_with(recipient=CITIZEN, name="citizen_answered")}
    assert cited == {"10.1.l"}, "10.1.i is about what is not answered in the session"


def test_words_of_a_session_whose_mail_came_back_are_told_at_another_address(house: World) -> None:
    order(house, f"{CODE} trả lời tại phiên (ông Khánh, Phó Giám đốc): đường được sửa trước Tết.")
    bounces(house, "citizen_session", CITIZEN)
    house.let_pass(hours=1)
    order(house, f"{CODE} sửa thư điện tử: moi@dan.test")
    assert "được sửa trước Tết" in said(house.last("citizen_address", "moi@dan.test"))
    assert tells(house) == [("citizen_session", "met")], "else it is told by hand once more"


def test_an_answer_with_a_colon_in_it_reaches_its_asker_whole(house: World) -> None:
    bystander = house.of_question(OTHER)
    order(house, f"{CODE} trả lời tại phiên: Không đồng ý với đề nghị của ông. Lý do: đất công.")
    assert "Không đồng ý với đề nghị của ông. Lý do: đất công." in said(house.last("citizen_answered", CITIZEN))
    assert (house.house.questions[0]["live_by"], house.of_question(OTHER)) == ("", bystander)


def test_of_the_minutes_each_asker_gets_his_own_answer_and_an_open_line_is_none(house: World) -> None:
    """The secretary pastes the form; below an answer stands what the next one asked."""
    form = (
        "II. DIỄN BIẾN\nCâu 1\nMặt đường trước nhà tôi hỏng\n"
        f"{CODE} trả lời tại phiên (người trả lời: ông Khánh, Phó Giám đốc): Đường được sửa trong tháng 12.\n"
        f"Câu 2\n{PAVEMENT}\n{OTHER} trả lời tại phiên (người trả lời: …): …\n"
        "III. CÂU HỎI GỬI ĐẾN TRONG PHIÊN\n…\nBiên bản lập xong lúc … giờ … phút cùng ngày./."
    )
    bystander = house.of_question(OTHER)
    done = order(house, form)
    assert f"chưa có nội dung trả lời; nếu không ghi nội dung, xin ghi “{OTHER} đã trả lời tại phiên”" in done
    row = house.of_question(CODE)[0]
    assert (row["live_answer"], row["live_by"]) == ("Đường được sửa trong tháng 12.", "ông Khánh, Phó Giám đốc")
    told = said(house.last("citizen_answered", CITIZEN))
    assert "Tô Hiệu" not in told
    assert "người trả lời:" not in told
    assert house.of_question(OTHER) == bystander


def test_what_a_citizen_wishes_in_the_minutes_is_no_order(house: World) -> None:
    """ "Câu 2" is no number of the list that is answered, and what the officer adds below is not lost."""
    before, open_leads = house.last_sent(), house.rows(assignment)
    form = (
        f"Câu 1\nĐường hỏng\n{CODE} trả lời tại phiên (người trả lời: ông Khánh): Sửa trong tháng 12.\n"
        "Câu 2\nVỉa hè hỏng.\nChuyển Sở Y tế kiểm tra giúp tôi.\n"
        f"Câu {OTHER} trả lời tại phiên (người trả lời: bà Hoa): Lát lại trong quý I.\n"
        "Câu 3\nChuyển Sở Y tế xem giúp.\nIII. CÂU HỎI GỬI ĐẾN TRONG PHIÊN\n…\n"
        f"Biên bản lập xong lúc 11 giờ./.\nTHƯ KÝ\nKý nhận tất cả\nĐề nghị chuyển {CODE} cho SYT nếu được"
    )
    done = order(house, form)
    assert [house.of_question(one)[0]["live_answer"] for one in (CODE, OTHER)] == [
        "Sửa trong tháng 12.",
        "Lát lại trong quý I.",
    ]
    for line in ("Ký nhận tất cả", "Chuyển Sở Y tế xem giúp", f"Đề nghị chuyển {CODE} cho SYT nếu được"):
        assert line in done
    assert "Chuyển Sở Y tế kiểm tra" not in done
    assert [one["unit"] for one in house.rows(assignment)] == [one["unit"] for one in open_leads]
    assert "unit_forward" not in [row["name"] for row in house.house.sent_with(after=before)]


@pytest.mark.parametrize("who", ["người trả lời: ông Khánh", "ông Khánh"])
@pytest.mark.parametrize("part", ["Ý kiến", "Câu", "Câu hỏi"])
def test_an_answer_in_parts_is_never_cut(house: World, who: str, part: str) -> None:
    before = house.state()["question"]
    parts = f"{part} 1\nĐường sửa xong trong tháng 12.\n{part} 2\nChuyển Sở Y tế xem xét."
    done = order(house, f"{CODE} trả lời tại phiên ({who}): Xin trả lời từng ý:\n{parts}")
    assert f"có dòng “{part} 1”, giống phần khác của biên bản; xin ghi riêng câu trả lời" in done
    assert house.state()["question"] == before
    assert "citizen_answered" not in house.names(CITIZEN)


@pytest.mark.parametrize("behind", [PAVEMENT, "III. CÂU HỎI GỬI ĐẾN TRONG PHIÊN"])
def test_what_looks_like_another_part_of_the_minutes_is_asked_back(house: World, behind: str) -> None:
    before = house.state()["question"]
    done = order(house, f"{CODE} trả lời tại phiên (ông Khánh): Đường được sửa trong tháng 12.\n{behind}")
    assert "giống phần khác của biên bản; xin ghi riêng câu trả lời" in done
    assert house.state()["question"] == before
    assert "citizen_answered" not in house.names(CITIZEN)


def test_the_name_of_a_unit_below_an_answer_is_no_part_of_the_minutes(house: World) -> None:
    said_by_other = f"Kính gửi Ủy ban nhân dân phường Lê Chân. {PAVEMENT}"
    with house.house.engine.begin() as connection:
        connection.execute(update(question).where(question.c.code == OTHER).values(content=said_by_other))
    bystander = house.of_question(OTHER)
    order(house, f"{CODE} trả lời tại phiên (ông Khánh): Đường sửa trong tháng 12.\nỦy ban nhân dân phường Lê Chân")
    assert "sửa trong tháng 12" in said(house.last("citizen_answered", CITIZEN))
    assert house.of_question(OTHER) == bystander


def test_other_words_later_correct_them_and_the_same_are_not_sent_twice(house: World) -> None:
    order(house, f"{CODE} trả lời tại phiên (ông Khánh, Phó Giám đốc): đường được sửa trước Tết.")
    order(house, f"{CODE} trả lời tại phiên (ông Khánh, Phó Giám đốc): đường được  sửa trước Tết.")
    assert house.names(CITIZEN).count("citizen_answered") == 1
    assert "citizen_corrected" not in house.names(CITIZEN)
    order(house, f"{CODE} trả lời tại phiên (ông Khánh, Phó Giám đốc): đường được sửa trong tháng 3 năm 2027.")
    corrected = said(house.last("citizen_corrected", CITIZEN))
    assert "thay cho" in corrected
    assert "tháng 3 năm 2027" in corrected
    assert "citizen_answered" not in house.names("ba@dan.test")


def test_what_was_posted_of_the_session_falls_when_it_is_opened_again(house: World) -> None:
    """Its asker heard that the answer no longer counts, and the page stood."""
    bystander = house.of_question(OTHER)
    order(house, f"{CODE} trả lời tại phiên (ông Khánh, Phó Giám đốc): đường được sửa trước Tết.")
    house.let_pass(hours=1)
    order(house, f"{CODE} trình đăng")
    house.answers("head_approval", HEAD, "Duyệt")
    order(house, f"{CODE} đã đăng tại https://cong.test/1")
    order(house, f"{CODE} mở lại vì trả lời sai")
    row = house.of_question(CODE)[0]
    assert (row["status"], row["link"], row["live_answer"]) == ("needs_review", "", "")
    assert "Xin gỡ bài đã đăng tại https://cong.test/1" in said(house.last("officer_alert", OFFICER))
    assert [one["status"] for one in house.rows(paper) if one["kind"] == "answer"] == ["void"]
    assert "chưa được duyệt để đăng" in order(house, f"{CODE} đã đăng tại https://cong.test/2")
    assert house.of_question(OTHER) == bystander


def test_what_was_answered_in_the_session_can_be_opened_again(house: World) -> None:
    """ "Mở lại" was refused, "chuyển" too: only "đóng" was left for an asker who was not content."""
    bystander = house.of_question("HP-2026-000002")
    assert "Đã mở lại" in order(house, f"{CODE} mở lại vì người hỏi chưa hài lòng")
    assert house.house.questions[0]["status"] == "needs_review"
    assert "được mở lại" in said(house.last("citizen_reopened", CITIZEN))
    assert "Đã chuyển" in order(house, f"{CODE} chuyển SXD")
    assert house.house.questions[0]["status"] == "forwarded"
    assert house.of_question("HP-2026-000002") == bystander


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("first", [": Đường sửa xong trong tháng 12.", ""])
def test_words_corrected_after_the_record_are_put_up_again(house: World, first: str, *, approved: bool) -> None:
    """The Head approved, and the portal posted, what the asker had been told no longer holds."""
    order(house, f"{OTHER} trả lời tại phiên (bà Hoa): Lát lại trong quý I.")
    if first:
        order(house, f"{CODE} trả lời tại phiên (ông Khánh){first}")
    order(house, "Trình nội dung phiên P-2026-01")
    if approved:
        house.answers("head_approval", HEAD, "Duyệt")
    bystander = house.of_question(OTHER)
    done = order(house, f"{CODE} trả lời tại phiên (ông Khánh): Đường sửa xong trong tháng 1/2027.")
    void = "" if approved else ", không còn hiệu lực"
    assert f"đã trình chưa có nội dung này{void}, xin ghi “Trình nội dung phiên P-2026-01”" in done
    records = [one for one in house.rows(paper) if one["kind"] == "record"]
    assert [one["status"] for one in records] == ["approved" if approved else "void"]
    assert "Đã trình" in order(house, "P-2026-01 trình nội dung phiên")
    assert "tháng 1/2027" in str(house.rows(paper)[-1]["text"])
    assert house.of_question(OTHER) == bystander


def test_who_has_the_answer_to_the_same_question_is_not_forgotten_when_it_is_corrected(house: World) -> None:
    """The other asker was sent the first words as the answer to a question of his own (9.1)."""
    order(house, f"{CODE} trả lời tại phiên (ông Khánh): Đường sửa xong trong tháng 12.")
    house.let_pass(minutes=40)
    order(house, f"{OTHER} trùng với {CODE}")
    assert "tháng 12" in said(house.last("citizen_repeated", "ba@dan.test"))
    order(house, f"{CODE} trả lời tại phiên (ông Khánh): Đường sửa xong trong tháng 1/2027.")
    alert = said(house.last("officer_alert", OFFICER))
    assert f"{OTHER} đã nhận câu trả lời của câu hỏi {CODE}, người hỏi chưa được báo" in alert
    assert f"{OTHER} mở lại vì" in alert


def test_words_given_at_the_console_leave_no_record_before_the_head_that_lacks_them(house: World) -> None:
    order(house, f"{OTHER} trả lời tại phiên (bà Hoa): Lát lại trong quý I.")
    order(house, "Trình nội dung phiên P-2026-01")
    house.desk.close("P-2026-01", [Marking(CODE, Mark.ANSWERED, reason="Đường sửa xong trong tháng 12.")])
    assert [one["status"] for one in house.rows(paper) if one["kind"] == "record"] == ["void"]


def test_an_answer_of_the_session_marked_as_later_by_mistake_is_put_right(house: World) -> None:
    """It was refused, and the unit owed what it had given; what has an answer by now keeps its outcome."""
    bystander = house.of_question(CODE)
    order(house, f"{OTHER} trả lời sau")
    assert f"nếu ghi nhầm, xin ghi “{OTHER} trả lời tại phiên" in order(house, f"{OTHER} đã trả lời tại phiên")
    assert house.of_question(OTHER)[0]["session_mark"] == "i"
    assert "đã trả lời trong phiên" in order(house, f"{OTHER} trả lời tại phiên (bà Hoa): Lát lại trong quý I.")
    (row,) = house.of_question(OTHER)
    assert (row["session_mark"], row["status"], row["live_answer"]) == (
        "answered",
        "answered",
        "Lát lại trong quý I.",
    )
    assert "Lát lại trong quý I." in said(house.last("citizen_answered", "ba@dan.test"))
    assert f"Câu hỏi {OTHER} đã được trả lời tại phiên" in said(house.last("unit_told", unit_address("SXD")))
    assert "đã ghi kết quả: trả lời tại phiên" in order(house, f"{OTHER} tra loi sau")
    assert house.of_question(CODE) == bystander


def test_an_answer_that_charges_the_unit_that_has_the_question_is_taken(house: World) -> None:
    bystander = house.of_question(CODE)
    answer = "Thành phố tiếp thu, giao Sở Xây dựng kiểm tra trong tháng 12."
    assert "Đã làm" in order(house, f"{OTHER} trả lời tại phiên (ông Khánh): {answer}")
    assert house.of_question(OTHER)[0]["live_answer"] == answer
    assert house.of_question(CODE) == bystander


def test_a_unit_to_which_an_answer_passes_the_question_on_is_asked_back(house: World) -> None:
    """It went out as the final answer, and the unit that had the question was told that it owes nothing more."""
    before = house.state()["question"], house.rows(assignment)
    done = order(house, f"{OTHER} trả lời tại phiên (ông Khánh): Sở không quản lý việc này, chuyển Sở Y tế.")
    assert f"giống một lệnh; nếu chuyển câu hỏi, xin ghi “{OTHER} chuyển SYT”" in done
    assert (house.state()["question"], house.rows(assignment)) == before
    assert "Đã làm" in order(house, f"{OTHER} trả lời tại phiên (ông Khánh): Việc này Sở đã chuyển Sở Y tế xem xét.")
