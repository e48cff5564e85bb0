"""An answered question is opened again: the unit gets all it needs, what was approved for the portal falls."""

import pytest

from db.core.tables import assignment, paper, raw_mail
from tests.dose import each_third
from tests.installation import HEAD, OFFICER, SXD, answer_to, text_of
from tests.world import CITIZEN, NEIGHBOUR, SIGNATURE, World, asker_says, order, order_today, said, vouched

CODE = "HP-2026-000001"
ASKED = "Đường Trường Chinh nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
SAID = "Sở Xây dựng trả lời: mặt đường Trường Chinh được sửa trong quý I năm 2027."
OPINION = "Chưa hài lòng: hôm qua tôi ra xem thì chưa có ai làm, hố còn to hơn trước."
TODO = "Xin không đăng nội dung ấy; nếu đã đăng lên Cổng thì gỡ xuống"

pytestmark = pytest.mark.world(sends=True)


@pytest.fixture
def house(house: World) -> World:
    """Question 1 has its answer; question 2 is a neighbour's, and waits."""
    house.begin("answered", lambda: _answered(house))
    assert house.house.questions[0]["status"] == "answered"
    return house


def _answered(house: World) -> None:
    house.ask(ASKED + SIGNATURE, message_id="<1@dan.test>")
    house.ask(f"Rãnh ở ngõ nhà tôi tắc. {ASKED}{SIGNATURE.replace('Văn An', 'Thị Ba')}", NEIGHBOUR)
    _unit_says(house, SAID)
    house.let_pass(minutes=40)


def _unit_says(house: World, text: str, place: int = 0) -> None:
    """In reply to the mail that brought it question 1, or another."""
    sent = house.house.sent_with(name="unit_forward", question_id=house.house.questions[place]["id"])
    house.arrive(vouched(answer_to(bytes(sent[-1]["bytes"]), SXD, text)))


def approved(house: World) -> None:
    """Put up for the portal by an officer, approved by the Head."""
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    house.answers("head_approval", HEAD, "Duyệt")
    assert house.house.questions[0]["status"] == "approved"


def held(house: World) -> list[object]:
    return [row["id"] for row in house.rows(raw_mail) if row["status"] == "held"]


def test_the_unit_gets_question_answer_and_what_the_asker_wrote(house: World) -> None:
    other = house.of_question("HP-2026-000002")
    asker_says(house, OPINION, "citizen_answered")
    assert len(held(house)) == 1
    order(house, f"{CODE} mở lại vì việc chưa làm")
    told = said(house.last("unit_told", SXD))
    assert "đề nghị đơn vị trả lời lại" in told
    for part in (ASKED, SAID, "hôm qua tôi ra xem thì chưa có ai làm"):
        assert part in told
    assert held(house) == [], "what it was opened again for waits no longer"
    assert house.of_question("HP-2026-000002") == other


@pytest.mark.parametrize("onto", ["chuyển lại Sở Xây dựng", "chuyen SXD"])
def test_the_unit_that_answered_may_be_named_again(house: World, onto: str) -> None:
    other = house.of_question("HP-2026-000002")
    asker_says(house, OPINION, "citizen_answered")
    house.overviews()
    done = order_today(house, f"{CODE} mở lại, {onto}")
    assert "Chưa làm" not in done
    assert "đang ở Sở Xây dựng; đã đề nghị trả lời lại" in done
    assert "hôm qua tôi ra xem" in said(house.last("unit_told", SXD))
    assert held(house) == []
    assert [row["status"] for row in house.rows(assignment)] == ["forwarded", "forwarded"]
    assert house.of_question("HP-2026-000002") == other


def test_the_morning_finds_the_askers_mail(house: World) -> None:
    asker_says(house, OPINION, "citizen_answered")
    house.overviews()
    order_today(house, f"{CODE} mở lại vì việc chưa làm")
    assert "hôm qua tôi ra xem" in said(house.last("unit_told", SXD))
    assert held(house) == []


def test_for_another_unit_the_askers_mail_waits_for_its_order(house: World) -> None:
    asker_says(house, OPINION, "citizen_answered")
    done = order(house, f"{CODE} mở lại vì nhầm đơn vị, chuyển SNNMT")
    assert f"thư của người hỏi chưa chuyển: ghi “{CODE} chuyển ý kiến cho đơn vị”" in done
    assert len(held(house)) == 1


@pytest.mark.parametrize(("posted", "todo"), [(False, TODO), (True, "Xin gỡ bài đã đăng tại https://cong.test/1")])
def test_who_was_told_to_post_it_hears_that_the_approval_has_fallen(house: World, posted: bool, todo: str) -> None:
    approved(house)
    if posted:
        order_today(house, f"{CODE} đã đăng tại https://cong.test/1")
    order_today(house, f"{CODE} mở lại vì việc chưa làm")
    alert = said(house.last("officer_alert", OFFICER))
    assert f"Nội dung duyệt để đăng của câu hỏi {CODE} không còn giá trị" in alert
    assert todo in alert
    assert [row["status"] for row in house.rows(paper)] == ["void"]
    assert "chưa được duyệt để đăng" in order_today(house, f"{CODE} đã đăng tại https://cong.test/2")


def test_the_approval_falls_with_a_correction_too(house: World) -> None:
    approved(house)
    _unit_says(house, "Đính chính: mặt đường Trường Chinh được sửa trong quý II năm 2027.")
    assert f"{TODO}; xin trình đăng lại" in said(house.last("officer_alert", OFFICER))


def test_without_an_approval_nobody_hears_of_the_portal(house: World) -> None:
    before = house.last_sent()
    house.overviews()
    order_today(house, f"{CODE} mở lại vì việc chưa làm")
    assert "officer_alert" not in [row["name"] for row in house.house.sent_with(after=before)]
    assert ("citizen_reopened", CITIZEN) in [
        (row["name"], row["recipient"]) for row in house.house.sent_with(after=before)
    ]


def test_what_is_approved_and_not_posted_stands_in_every_mornings_list(house: World) -> None:
    approved(house)
    for _ in range(2):
        house.let_pass(days=1)
        house.overviews()
        morning = said(house.last("officer_digest", OFFICER))
        assert "ĐÃ DUYỆT, CHỜ ĐĂNG LÊN CỔNG (1)" in morning
        assert "nội dung đăng ở thư “được duyệt để đăng”: Đã đăng, Không đăng nữa" in morning
    order_today(house, f"{CODE} đã đăng tại https://cong.test/1")
    house.let_pass(days=1)
    house.overviews()
    assert "CHỜ ĐĂNG" not in said(house.last("officer_digest", OFFICER))


SECRET = """Tôi tố cáo ông Nguyễn Văn X, trưởng phòng của Sở Xây dựng thành phố,
nhận hối lộ 200 triệu đồng khi cấp phép xây dựng.
Đề nghị xử lý nghiêm hành vi tham nhũng này.
"""


def _told_in_reply(house: World, orders: str, name: str) -> str:
    before = house.last_sent()
    house.answers(name, OFFICER, orders)
    sent = [(str(row["recipient"]), text_of(bytes(row["bytes"]))) for row in house.house.sent_with(after=before)]
    assert not [who for who, text in sent if "hối lộ" in text]
    return said(house.last("officer_done", OFFICER))


@each_third(
    "act",
    [
        "mở lại vì trả lời chưa đúng ý",
        "chuyển ý kiến cho đơn vị",
        "chuyển SNNMT",
        "đăng ký",
        "là câu trả lời",
        "vẫn là câu trả lời",
        "báo đã nhận",
        "nhờ đơn vị viết lại: xin viết rõ hơn",
        "gửi bổ sung cho người hỏi",
        "chuyển cho người hỏi: xin xem thư",
        "không cho rút câu hỏi vì đã trả lời",
        "sửa thư điện tử: an.moi@dan.test",
        "cho chuyển tệp",
        "trùng với HP-2026-000002",
        "không phải câu hỏi",
        "đóng",
    ],
)
def test_no_numbered_order_takes_a_sealed_mail_along(house: World, act: str) -> None:
    """The asker denounces somebody in reply to the answer; the officer answers the notice of it with a number."""
    asker_says(house, OPINION, "citizen_answered")
    (opinion,) = held(house)
    asker_says(house, SECRET, "citizen_answered")
    (before,) = [row for row in house.rows(raw_mail) if row["sealed"]]
    _told_in_reply(house, f"{CODE} {act}", "officer_denunciation")
    (after,) = [row for row in house.rows(raw_mail) if row["sealed"]]
    assert after == before, "it stays sealed and waits on"
    assert not house.house.sent_with(name="unit_opinion")
    assert opinion in held(house), "no other mail goes in its place"


def test_no_number_of_a_refused_question_unseals_a_mail(house: World) -> None:
    house.ask(f"Đèn đường ngõ tôi hỏng, xin hỏi bao giờ thay?{SIGNATURE}", message_id="<9@dan.test>")
    code = str(house.house.questions[-1]["code"])
    house.overviews()
    order_today(house, f"{code} từ chối điểm h vì việc của Bộ")
    assert house.house.questions[-1]["status"] == "rejected"
    asker_says(house, SECRET, "citizen_rejected")
    (before,) = [row for row in house.rows(raw_mail) if row["sealed"]]
    _told_in_reply(house, f"{code} mở lại vì nhầm", "officer_denunciation")
    assert house.house.questions[-1]["status"] == "needs_review"
    assert [row for row in house.rows(raw_mail) if row["sealed"]] == [before]


def test_papers_of_the_asker_do_not_go_with_an_opened_question(house: World) -> None:
    """The review of a photo of an identity card says that it goes to no unit: nor does it by “mở lại”."""
    house.ask(ASKED.replace("Trường Chinh", "Hoàng Quốc Việt") + SIGNATURE, message_id="<9@dan.test>")
    code = str(house.house.questions[-1]["code"])
    card = ("cccd.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 the" * 50)
    asker_says(house, "Đây là căn cước của tôi", files=[card])
    (mail,) = held(house)
    _unit_says(house, SAID, -1)
    house.let_pass(minutes=40)
    done = order(house, f"{code} mở lại vì đơn vị nêu sai tên")
    assert f"Đã mở lại câu hỏi {code}" in done
    assert f"thư của người hỏi chưa chuyển: ghi “{code} chuyển ý kiến cho đơn vị”" in done
    told = house.last("unit_told", SXD)
    assert b"cccd.jpg" not in told
    assert "căn cước" not in said(told)
    assert held(house) == [mail], "an officer still decides on it"


def test_the_head_reads_what_is_private_in_the_text_and_no_given_name(house: World) -> None:
    more = "Riêng trường hợp con ông An đang điều trị, Sở đã cho đặt rào chắn. Mặt đường trước nhà ông An được sửa."
    _unit_says(house, f"Đính chính: {more}")
    house.let_pass(minutes=40)
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    asked = said(house.last("head_approval", HEAD))
    assert "trước nhà ông N.V.A. được sửa" in asked
    assert "ông An" not in asked
    assert "Có thể nói về việc riêng của người hỏi, người nhà, trẻ em, xin xem có nên đăng: “" in asked
    assert asked.count("Riêng trường hợp") == 2, "in the warning, and in the text"


@pytest.mark.parametrize(
    ("asked", "given", "warned"),
    [
        ("Con tôi là Trần Gia Bảo, 8 tuổi, bị động kinh, ngã vì ổ gà.", "", True),
        ("Con tôi 8 tuổi, học lớp ba, ngã vì ổ gà.", "Cháu Trần Gia Bảo, bị khuyết tật, đã được hỗ trợ.", True),
        ("Con tôi là Trần Gia Bảo, 8 tuổi, ngã vì ổ gà.", "", False),
        ("Trẻ em tiêm chủng phải đi qua đoạn này, trẻ mắc bệnh càng khổ.", "", False),
        ("Con tôi 8 tuổi bị động kinh, ngã vì ổ gà.", "", False),
    ],
)
def test_head_and_officer_are_warned_of_a_child_that_is_named_with_an_illness(
    house: World, asked: str, given: str, warned: bool
) -> None:
    """Only what names the asker was found; a child's name is left out of nothing."""
    house.ask(f"{ASKED} {asked}{SIGNATURE}", "du@dan.test", subject="Đường")
    _unit_says(house, f"{SAID} {given}", 2)
    house.let_pass(minutes=40)
    house.overviews()
    order_today(house, "HP-2026-000003 trình đăng")
    house.answers("head_approval", HEAD, "Duyệt")
    assert house.house.questions[2]["status"] == "approved"
    told = (said(house.last("head_approval", HEAD)), said(house.last("officer_alert", OFFICER)))
    assert ["Có thể nói về việc riêng" in one for one in told] == [warned, warned]


def test_head_and_officer_are_warned_of_a_full_name_with_a_home(house: World) -> None:
    _unit_says(house, "Đính chính: đã sửa theo đơn của ông Trịnh Văn Bảy, 15 Dư Hàng.")
    house.let_pass(minutes=40)
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    house.answers("head_approval", HEAD, "Duyệt")
    told = (said(house.last("head_approval", HEAD)), said(house.last("officer_alert", OFFICER)))
    assert all("Có thể còn họ tên kèm địa chỉ" in one for one in told)


@pytest.mark.parametrize("corrected", ["Nguyễn Thị Ân", "Công ty Hải Âu", "Trần Ân\n{} sửa họ tên: Nguyễn Thị Ân"])
def test_an_asker_whose_name_was_corrected_is_not_posted_by_the_old_one(house: World, corrected: str) -> None:
    """It stood in the letter's signature and in the answer; only the new name was left out."""
    _unit_says(house, "Đính chính: trả lời ông Nguyễn Văn An, mặt đường trước nhà ông An được sửa trong quý II.")
    house.let_pass(minutes=40)
    house.overviews()
    order_today(house, f"{CODE} sửa họ tên: {corrected.format(CODE)}")
    order_today(house, f"{CODE} trình đăng")
    asked = said(house.last("head_approval", HEAD))
    assert "trước nhà ông N.V.A. được sửa" in asked
    assert [one for one in ("Nguyễn Văn An", "ông An", corrected) if one in asked] == []
    assert house.of_question("HP-2026-000002")[0]["asker_formerly"] == ""


def test_what_waits_for_the_head_or_the_portal_is_not_closed(house: World) -> None:
    """His "Duyệt" met a closed question, went into quarantine, and he heard nothing."""
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    assert f"gỡ đăng {CODE} vì" in order_today(house, f"{CODE} đóng")
    house.answers("head_approval", HEAD, "Duyệt")
    assert house.house.questions[0]["status"] == "approved"
    assert "Chưa làm" in order_today(house, f"{CODE} đóng")
    assert house.house.questions[0]["status"] == "approved"
    order_today(house, f"{CODE} gỡ đăng vì trùng nội dung")
    order_today(house, f"{CODE} đóng nhé")
    assert house.house.questions[0]["status"] == "closed"


def test_a_text_taken_off_and_put_up_in_one_mail_is_before_the_head_again(house: World) -> None:
    """The officer read that it waited for the Head, whose mail was void."""
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    assert "Đã trình" in order_today(house, f"{CODE} gỡ đăng vì sai chính tả\n{CODE} trình đăng")
    house.answers("head_approval", HEAD, "Duyệt")
    assert house.house.questions[0]["status"] == "approved"
    assert house.house.questions[1]["status"] == "forwarded", "a neighbour's stays"


@pytest.mark.parametrize(
    ("second", "told"),
    [("trình đăng", "đang chờ Trưởng Ban Biên tập duyệt"), ("gỡ đăng vì nhầm", "vừa được trình đăng theo lệnh khác")],
)
def test_a_text_put_up_by_the_same_mail_is_known_to_its_next_order(house: World, second: str, told: str) -> None:
    """Put up twice it was a failure of the whole mail."""
    house.overviews()
    assert told in order_today(house, f"{CODE} trình đăng\n{CODE} {second}")
    assert len(house.house.sent_with(name="head_approval")) == 1
    house.answers("head_approval", HEAD, "Duyệt")
    assert house.house.questions[0]["status"] == "approved"


@pytest.mark.parametrize("threaded", [True, False])
def test_the_head_s_word_from_another_mailbox_is_not_done_and_he_hears_so(house: World, threaded: bool) -> None:
    """To the signed address alone, too: he heard nothing, and officers were offered to register his word."""
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    raw = answer_to(house.last("head_approval", HEAD), "truongban@thu.test", "Duyệt")
    if not threaded:
        raw = (
            b"\r\n".join(line for line in raw.split(b"\r\n") if not line.startswith((b"In-Reply-To", b"References")))
            .replace(b"\nIn-Reply-To", b"\nX-Old")
            .replace(b"\nReferences", b"\nX-Old-Too")
        )
    house.arrive(vouched(raw))
    assert house.house.questions[0]["status"] == "answered"
    assert "chưa làm theo thư gửi từ địa chỉ này" in text_of(house.last("citizen_elsewhere", "truongban@thu.test"))
    review = said(house.last("officer_review", OFFICER))
    assert "Không phải câu hỏi" in review
    assert "Đăng ký" not in review


NOT_POSTED = [
    "Đừng đăng câu hỏi này của tôi lên cổng nhé, ông hàng xóm đọc được thì chết.",
    "Tôi không đồng ý đăng câu hỏi của tôi lên mạng.",
    "Xin Ban không công khai chuyện này, đừng đưa lên mạng ạ.",
    "Em không muốn câu này bị đăng, câu hỏi của em xin đừng đăng lên trang web.",
    "Tôi không đồng ý công khai.",
    "Kính gửi Ban Biên tập,\nTôi không muốn đăng công khai ạ\n\nNguyễn Văn An",
    "Không đồng ý công khai nữa nhé",
]


@each_third("text", NOT_POSTED)
@pytest.mark.parametrize("already", [False, True], ids=("put up", "approved"))
def test_who_wants_it_not_posted_stops_it_and_both_hear(house: World, text: str, already: bool) -> None:
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    if already:
        house.answers("head_approval", HEAD, "Duyệt")
    other = house.of_question("HP-2026-000002")
    assert ("citizen_data_request", CITIZEN) in asker_says(house, text, "citizen_answered")
    assert [row["status"] for row in house.rows(paper)] == ["void"]
    assert "Việc trình duyệt, đăng câu hỏi này đã dừng" in said(house.last("officer_alert", HEAD))
    alert = said(house.last("officer_alert", OFFICER))
    assert "yêu cầu không đăng câu hỏi, câu trả lời lên Cổng" in alert
    assert f"vẫn đăng thì xin ghi “{CODE} vẫn trình đăng”" in alert
    house.answers("head_approval", HEAD, "Duyệt nhé")
    assert house.house.questions[0]["status"] == "answered"
    assert house.of_question("HP-2026-000002") == other


def test_before_it_is_put_up_the_wish_is_kept_and_the_officer_asked(house: World) -> None:
    """It takes back a consent to the name; the Head reads of it, and the officer that its answer is still owed."""
    asker_says(house, "Tôi đồng ý công khai họ tên.", "citizen_answered")
    asker_says(house, NOT_POSTED[0], "citizen_answered")
    house.overviews()
    assert "Người hỏi đề nghị không đăng lên Cổng" in order_today(house, f"{CODE} trình đăng")
    assert house.rows(paper) == []
    told = order_today(house, f"{CODE} vẫn trình đăng")
    assert "Đã trình" in told
    assert f"{CODE} không thực hiện yêu cầu dữ liệu vì" in told
    assert f"Người hỏi đề nghị không đăng lên Cổng: câu hỏi {CODE}" in said(house.last("head_approval", HEAD))
    assert house.house.questions[0]["name_consent"] is False
    house.answers("head_approval", HEAD, "Duyệt")
    assert house.house.questions[0]["status"] == "approved"


@each_third(
    ("beside", "asked_back"),
    [
        ("Xin đừng đăng câu hỏi này lên mạng.", True),
        ("Xin đừng đăng tên cháu và bệnh của cháu lên mạng.", True),
        ("Tôi không muốn công khai.", True),
        ("Phường tôi không muốn công khai.", False),
        ("Xin đừng đăng tên tôi.", False),
        ("Phường chưa đăng bệnh của cây lên trang.", False),
    ],
)
def test_who_wishes_so_in_his_first_letter_is_heard(house: World, beside: str, asked_back: bool) -> None:
    """The officer's "trình đăng" went to the Head without a word of it."""
    house.ask(f"{ASKED} Con tôi 8 tuổi bị động kinh. {beside}{SIGNATURE}", "du@dan.test", subject="Đường")
    assert ("Người hỏi đề nghị không đăng lên Cổng" in house.question["notes"]) == asked_back
    _unit_says(house, SAID, 2)
    house.let_pass(minutes=40)
    house.overviews()
    told = order_today(house, "HP-2026-000003 trình đăng")
    assert ("vẫn trình đăng" in told, len(house.rows(paper))) == (asked_back, int(not asked_back))
    assert house.house.questions[0]["notes"] == ""


def test_what_is_on_the_portal_is_taken_down_by_the_order_that_stands_ready(house: World) -> None:
    approved(house)
    order_today(house, f"{CODE} đã đăng tại https://cong.test/1")
    asker_says(house, NOT_POSTED[1], "citizen_answered")
    down = f"{CODE} gỡ đăng vì người hỏi yêu cầu"
    assert down in said(house.last("officer_alert", OFFICER))
    assert "Đã gỡ câu hỏi" in order(house, down, "officer_alert")


@pytest.mark.parametrize(
    ("wish", "words", "ends"),
    [
        ("Tôi đề nghị gỡ câu hỏi của tôi trên Cổng vì hàng xóm nhận ra tôi.", "đã gỡ câu hỏi khỏi Cổng", False),
        ("Tôi đề nghị gỡ câu hỏi của tôi trên Cổng vì hàng xóm nhận ra tôi.", "bài vẫn để trên Cổng", False),
        ("Đề nghị xóa toàn bộ dữ liệu cá nhân của tôi.", "sẽ xóa, đã gỡ; bài vẫn để trên Cổng", False),
        ("Đề nghị xóa toàn bộ dữ liệu cá nhân của tôi.", "sẽ xóa", False),
        ("Đề nghị xóa toàn bộ dữ liệu cá nhân của tôi.", "sẽ xóa; bài vẫn để trên Cổng vì không nêu họ tên", True),
        ("Cho tôi xem thông tin cá nhân của tôi.", "đã gửi bản sao", True),
    ],
)
def test_while_its_page_is_up_nobody_is_told_that_it_is_gone(house: World, wish: str, words: str, ends: bool) -> None:
    approved(house)
    order_today(house, f"{CODE} đã đăng tại https://cong.test/1")
    asker_says(house, wish, "citizen_answered")
    done, before = f"{CODE} đã thực hiện yêu cầu dữ liệu: {words}", house.last_sent()
    told = order(house, done, "officer_alert")
    mails = [one["name"] for one in house.house.sent_with(after=before, recipient=CITIZEN)]
    assert mails == (["citizen_data_closed"] if ends else []), told
    if not ends:
        assert "bài của câu hỏi HP-2026-000001 còn trên Cổng" in told
        assert "đã gỡ câu hỏi khỏi Cổng; bài vẫn để" not in told
        told = order(house, f"{CODE} gỡ đăng vì người hỏi yêu cầu", "officer_alert")
        assert "người hỏi chưa được báo về yêu cầu" in told
        order(house, f"{done} hôm nay", "officer_alert")
        assert words in said(house.last("citizen_data_closed", CITIZEN))


def test_a_page_that_the_same_mail_takes_down_is_gone_for_its_next_order(house: World) -> None:
    approved(house)
    order_today(house, f"{CODE} đã đăng tại https://cong.test/1")
    asker_says(house, "Tôi đề nghị gỡ câu hỏi của tôi trên Cổng vì hàng xóm nhận ra tôi.", "citizen_answered")
    down = f"{CODE} gỡ đăng vì người hỏi yêu cầu\n{CODE} đã thực hiện yêu cầu dữ liệu: đã gỡ câu hỏi khỏi Cổng"
    assert "Chưa báo người hỏi" not in order(house, down, "officer_alert")
    assert "đã gỡ câu hỏi khỏi Cổng" in said(house.last("citizen_data_closed", CITIZEN))


@pytest.mark.parametrize("text", ["Chưa hài lòng: câu trả lời sai số nhà.", "Ông Sáu tổ trưởng bảo khác cơ, lạ quá."])
def test_what_an_asker_writes_while_the_head_has_the_paper_is_told_to_him(house: World, text: str) -> None:
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    asker_says(house, text, "citizen_answered")
    for who in (HEAD, OFFICER):
        alert = said(house.last("officer_alert", who))
        assert f"Người hỏi viết về câu hỏi {CODE} đang chờ duyệt, chờ đăng" in alert
        assert text in alert
    assert [row["status"] for row in house.rows(paper)] == ["shown"]


@pytest.mark.parametrize(
    "text",
    [
        "Đừng đăng tên tôi lên mạng nhé.",
        "Sao các anh không đăng câu trả lời lên cổng?",
        "Cảm ơn Ban, tôi sẽ đăng câu trả lời lên mạng cho bà con biết.",
        "Phường không công khai nội dung họp lên trang thông tin.",
    ],
)
def test_other_words_on_posting_stop_nothing(house: World, text: str) -> None:
    house.overviews()
    order_today(house, f"{CODE} trình đăng")
    asker_says(house, text, "citizen_answered")
    assert [row["status"] for row in house.rows(paper)] == ["shown"]
    assert "không đăng" not in str(house.house.questions[0]["notes"])
