"""Orders about a session of dialogue as officers write them: without marks, polite, in any order of words."""

from datetime import date, time

import pytest

from rules.commands.commands import NO_ORDER, UNREAD, Command, read_commands
from rules.commands.session_line import named_paper, reason_at, session_number, session_numbers, with_listed
from rules.commands.vocabulary import load_command_words
from rules.text import strip_marks
from rules.text.dates import times_in

ONE = (
    ("Đề xuất phiên", "session_propose", "", ""),
    ("de xuat phien doi thoai truc tuyen", "session_propose", "", ""),
    ("Cho em mẫu đề xuất phiên", "session_propose", "", ""),
    ("Trình kế hoạch P-2026-01", "session_plan", "P-2026-01", ""),
    ("P-2026-01 trình kế hoạch", "session_plan", "P-2026-01", ""),
    ("Em xin trình kế hoạch tổ chức phiên P-2026-01", "session_plan", "P-2026-01", ""),
    ("trinh ke hoach p 2026 1", "session_plan", "P-2026-01", ""),
    ("LẬP KẾ HOẠCH PHIÊN P-2026-01", "session_plan", "P-2026-01", ""),
    ("Đề nghị trình thông báo phiên P-2026-01", "session_notice", "P-2026-01", ""),
    ("trinh kich ban", "session_script", "", ""),
    ("Trình nội dung phiên P-2026-01", "session_record", "P-2026-01", ""),
    ("Đã ban hành kế hoạch số 05/KH-BBT ngày 3/11", "session_issued", "", "số 05/KH-BBT ngày 3/11"),
    ("Kế hoạch phiên P-2026-01 đã ban hành số 5", "session_issued", "P-2026-01", "số 5"),
    ("P-2026-01 còn chờ phòng họp", UNREAD, "", ""),
    ("Đã ban hành kế hoạch P-2026-01 số 05/KH-BBT", "session_issued", "P-2026-01", "số 05/KH-BBT"),
    ("Đã đăng tại https://haiphong.test/p-2026-05", "session_posted", "", "https://haiphong.test/p-2026-05"),
    ("P-2026-01 đã đăng tại https://x.test/doi-thoai", "session_posted", "P-2026-01", "https://x.test/doi-thoai"),
    ("P-2026-01 đã đăng thông báo https://haiphong.test/1", "session_posted", "P-2026-01", "https://haiphong.test/1"),
    ("da dang tai https://haiphong.test/1", "session_posted", "", "https://haiphong.test/1"),
    ("P-2026-01 đã đăng thông báo hôm qua", "session_posted", "P-2026-01", "hôm qua"),
    ("Hoãn phiên P-2026-01 sang 10/12 vì chưa đủ câu", "session_move", "P-2026-01", "sang 10/12 vì chưa đủ câu"),
    ("Phiên P-2026-01 dời sang 14h ngày 10/12", "session_move", "P-2026-01", "sang 14h ngày 10/12"),
    ("Nhờ hệ thống hoãn phiên P-2026-01 sang 10/12 ạ", "session_move", "P-2026-01", "sang 10/12 ạ"),
    ("Hủy phiên P-2026-01 vì bão số 9", "session_cancel", "P-2026-01", "vì bão số 9"),
    ("huy phien P-2026-01 vi bao", "session_cancel", "P-2026-01", "vi bao"),
    ("Xác nhận hủy phiên P-2026-01 vì bão", "session_cancel_confirmed", "P-2026-01", "vì bão"),
    ("Bắt đầu phiên P-2026-01 lúc 8h30", "session_begin", "P-2026-01", "lúc 8h30"),
    ("Phiên P-2026-01 bắt đầu rồi", "session_begin", "P-2026-01", ""),
    ("bat dau phien", "session_begin", "", ""),
    ("Kết thúc phiên P-2026-01 lúc 10:30", "session_end", "P-2026-01", "lúc 10:30"),
    ("Phiên P-2026-01 đã kết thúc lúc 10:30", "session_end", "P-2026-01", "lúc 10:30"),
    ("Phiên kết thúc lúc 10h30", "session_end", "", "lúc 10h30"),
    ("Đóng phiên P-2026-01", "session_close", "P-2026-01", ""),
    ("Tình trạng phiên P-2026-01", "session_status", "P-2026-01", ""),
    ("Tình trạng P-2026-01", "session_status", "P-2026-01", ""),
    ("Phiên P-2026-01 đến đâu rồi?", "session_status", "P-2026-01", "?"),
    ("phien den dau roi", "session_status", "", ""),
    ("Tình trạng HP-2026-000001", "status", "", "HP-2026-000001"),
    ("Tất cả đã trả lời", "all_answered", "", ""),
    ("tat ca cau hoi da tra loi", "all_answered", "", ""),
    ("P-2026-01 tất cả đã trả lời tại phiên", "all_answered", "P-2026-01", "phiên"),
)
QUESTIONS = (
    ("Đưa HP-2026-000001, HP-2026-000002 vào phiên P-2026-01", "session_take", ("HP-2026-000001", "HP-2026-000002")),
    ("dua HP-2026-000001 vao phien P-2026-01", "session_take", ("HP-2026-000001",)),
    ("HP-2026-000001 đưa vào phiên P-2026-01", "session_take", ("HP-2026-000001",)),
    ("Để HP-2026-000001 và HP-2026-000002 ngoài phiên", "session_leave", ("HP-2026-000001", "HP-2026-000002")),
    ("HP-2026-000001 để ngoài phiên", "session_leave", ("HP-2026-000001",)),
    ("HP-2026-000007 đưa ra phiên", "session_live", ("HP-2026-000007",)),
    ("HP-2026-000001, HP-2026-000002 đã trả lời tại phiên", "mark_answered", ("HP-2026-000001", "HP-2026-000002")),
    ("HP-2026-000001 trả lời sau", "mark_later", ("HP-2026-000001",)),
)
NO_ORDERS = (
    ("Đã hoãn phiên P-2026-01 sang 10/12", "report"),
    ("Đã hủy phiên P-2026-01", "report"),
    ("Đã trình kế hoạch P-2026-01", "report"),
    ("Hủy phiên P-2026-01 rồi", "report"),
    ("P-2026-01 trình kế hoạch hôm qua rồi", "report"),
    ("Đừng hủy phiên P-2026-01", "negation"),
    ("Sẽ hoãn phiên P-2026-01", "plan"),
    ("Hoãn phiên P-2026-01 được không?", "question"),
    ("Hủy phiên P-2026-01 nếu có bão", "condition"),
    ("Phiên P-2026-01 kết thúc lúc nào", "question"),
    ("Ket thuc phien P-2026-01 luc may gio em", "question"),
    ("Phiên P-2026-01 kết thúc lúc 10h30 không", "question"),
    ("Bắt đầu phiên P-2026-01 không em", "question"),
    ("bat dau phien P-2026-01 k", "question"),
    ("Đóng phiên P-2026-01 không", "question"),
    ("Đã ban hành kế hoạch P-2026-01 số 05/KH-BBT không em", "question"),
    ("P-2026-01 lãnh đạo đồng ý tại Công văn số 12/UBND-VX ngày 02/11/2026 không", "question"),
    ("Lãnh đạo đồng ý công văn 12/UBND-VX ngày 2/11 thì phải, P-2026-01", "question"),
    ("Đã đăng tại https://haiphong.test/1 không em", "question"),
    ("Tất cả đã trả lời không em", "question"),
    ("HP-2026-000001 tra loi tai phien ko em", "question"),
    ("HP-2026-000001 đã trả lời tại phiên đâu", "question"),
    ("HP-2026-000001 đã trả lời tại phiên thì phải", "question"),
)


def read(text: str) -> tuple[Command, ...]:
    return read_commands(text, on=date(2026, 11, 20), unread=True)


@pytest.mark.parametrize(("text", "verb", "session", "rest"), ONE)
def test_an_order_about_a_session_is_read(text: str, verb: str, session: str, rest: str) -> None:
    found = read(text)
    assert [one.verb for one in found] == [verb]
    if verb != UNREAD:
        assert (found[0].session, found[0].text, found[0].raw) == (session, rest, text)


@pytest.mark.parametrize(("text", "verb", "codes"), QUESTIONS)
def test_the_questions_of_an_order_stand_anywhere(text: str, verb: str, codes: tuple[str, ...]) -> None:
    assert [(one.verb, one.question) for one in read(text)] == [(verb, code) for code in codes]


@pytest.mark.parametrize(("text", "mood"), NO_ORDERS)
def test_what_only_speaks_of_a_session_orders_nothing(text: str, mood: str) -> None:
    assert [(one.verb, one.field) for one in read(text)] == [(NO_ORDER, mood)]


def test_answers_given_in_a_session_are_read_line_by_line() -> None:
    found = read(
        "HP-2026-000003 trả lời tại phiên (bà Lê Thị Bình, Phó Giám đốc): vỉa hè\nlát xong trong tháng 12\n"
        "HP-2026-000004 trả lời tại phiên: chưa có kế hoạch?\nHP-2026-000005 trả lời sau"
    )
    assert [(one.verb, one.question, one.text, one.field) for one in found] == [
        ("mark_answered", "HP-2026-000003", "vỉa hè\nlát xong trong tháng 12", "bà Lê Thị Bình, Phó Giám đốc"),
        ("mark_answered", "HP-2026-000004", "chưa có kế hoạch?", ""),
        ("mark_later", "HP-2026-000005", "", ""),
    ]


SXD = "bà Lê Thị Bình, Phó Giám đốc Sở Xây dựng"


@pytest.mark.parametrize(
    ("behind", "answer", "who"),
    [
        (": Không đồng ý với đề nghị của ông. Lý do: đất công.",) * 2 + ("",),
        (": đường sẽ sửa lúc 08:30 ngày 5/1/2027",) * 2 + ("",),
        (": Ông nộp hồ sơ gồm: đơn, bản vẽ",) * 2 + ("",),
        (": khong dong y, ly do: dat cong",) * 2 + ("",),
        (f": {SXD}: Không đồng ý. Lý do: đất công", "Không đồng ý. Lý do: đất công", SXD),
        (f" ({SXD}): sửa lúc 08:30", "sửa lúc 08:30", SXD),
        (", Sở Xây dựng trả lời: sửa trước Tết", "sửa trước Tết", "Sở Xây dựng"),
        (" ba Binh, PGD SXD: sua truoc Tet", "sua truoc Tet", "ba Binh, PGD SXD"),
        (" như sau: sửa trước Tết", "sửa trước Tết", ""),
        (" lúc 9:30", "", ""),
        (" (ba Le Thi Binh): sua truoc Tet", "sua truoc Tet", "ba Le Thi Binh"),
    ],
)
def test_a_colon_within_the_answer_does_not_cut_it(behind: str, answer: str, who: str) -> None:
    found = read(f"HP-2026-000003 trả lời tại phiên{behind}")
    assert [(one.verb, one.text, one.field) for one in found] == [("mark_answered", answer.removeprefix(": "), who)]


def test_words_of_which_it_is_not_clear_that_they_are_the_answer_are_asked_back() -> None:
    found = read("HP-2026-000003 trả lời tại phiên nhưng chưa có biên bản, lưu ý: hỏi lại chị Hà")
    assert [one.verb for one in found] == [NO_ORDER]


MINUTES = """BIÊN BẢN
Phiên đối thoại trực tuyến “Hạ tầng”
I. THÔNG TIN CHUNG
Bắt đầu: 8 giờ 35 phút, ngày 26/11/2026; kết thúc: 10 giờ 30 phút.
II. DIỄN BIẾN
Câu 1
Đề nghị chuyển Sở Xây dựng sửa đường. Hủy phiên thì báo lại.
Trân trọng cảm ơn.
HP-2026-000003 trả lời tại phiên (người trả lời: ông Khánh, Phó Giám đốc): Sửa trong tháng 12.
Kinh phí đã bố trí.
Câu 2
Vỉa hè Tô Hiệu hư hỏng
HP-2026-000004 trả lời tại phiên (người trả lời: …): …
III. CÂU HỎI GỬI ĐẾN TRONG PHIÊN
Đường Lê Lợi mất điện
Biên bản lập xong lúc 10 giờ 45 phút cùng ngày, các bên thống nhất nội dung./.
THƯ KÝ
Trình nội dung phiên P-2026-01"""
GIVEN = ("mark_answered", "HP-2026-000003", "Sửa trong tháng 12.\nKinh phí đã bố trí.", "ông Khánh, Phó Giám đốc")


@pytest.mark.parametrize("text", [MINUTES, MINUTES[MINUTES.index("HP-") :], MINUTES.replace("người trả lời: ô", "ô")])
def test_of_the_minutes_only_the_answers_are_read(text: str) -> None:
    assert [(one.verb, one.question, one.text, one.field) for one in read(text)] == [
        GIVEN,
        ("mark_answered", "HP-2026-000004", "…", ""),
        ("session_record", "", "", ""),
    ]
    bare = [(one.verb, one.question, one.text, one.field) for one in read(strip_marks(text))]
    assert bare[0] == tuple(map(strip_marks, GIVEN))
    assert len(bare) == 3


ASKED = "Câu 1\nĐường hỏng\nHP-2026-000001 trả lời tại phiên (người trả lời: ông Khánh): Sửa."
FIRST, SECOND = "mark_answered HP-2026-000001 Sửa.", "mark_answered HP-2026-000002 Có."


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("Câu 2\nChuyển Sở Y tế.\nHP-2026-000002 trả lời tại phiên: Có.", [FIRST, SECOND, UNREAD]),
        ("Câu 2\nĐề nghị Sở Y tế trả lời tôi.\nHP-2026-000002 trả lời tại phiên: Có.", [FIRST, SECOND]),
        (
            "Câu 2\nChuyển Sở Y tế.\nCâu hỏi HP-2026-000001 đã trả lời?\nHP-2026-000002 trả lời tại phiên: Có.",
            [FIRST, SECOND, UNREAD, UNREAD],
        ),
        ("Câu 2\nVỉa hè\n- Câu HP-2026-000002 trả lời tại phiên (bà Hoa): Có.", [FIRST, SECOND]),
        ("Câu 2\nVỉa hè\nHP-2026-000002 trả lời sau", [FIRST, "mark_later HP-2026-000002"]),
        ("Ý kiến 1\nCây\nHP-2026-000002 trả lời tại phiên: Có.", [f"{FIRST}\nÝ kiến 1\nCây", SECOND]),
        ("Câu 3\nChuyển HP-2026-000002 cho SYT", [f"{FIRST}\nCâu 3", UNREAD]),
        ("Câu 3\nChuyển SYT\nIII. CÂU HỎI KHÁC\nChuyển SXD", [FIRST, UNREAD, UNREAD]),
        ("I. VỀ ĐƯỜNG\nSửa\nII. VỀ CÂY\nTỉa", [f"{FIRST}\nI. VỀ ĐƯỜNG\nSửa"]),
        ("Biên bản được lập ngày 3/11 cho thấy lún.", [f"{FIRST}\nBiên bản được lập ngày 3/11 cho thấy lún."]),
        ("Biên bản lập xong.\nTHƯ KÝ\nSố HP-2026-000002 trả lời sau", [FIRST, "mark_later HP-2026-000002"]),
        ("Biên bản lập xong.\nTHƯ KÝ\nNhờ chuyển HP-2026-000002 cho SYT", [FIRST, "forward HP-2026-000002 cho SYT"]),
        (
            "Biên bản lập xong.\n(Ký, ghi rõ họ tên)\nKý nhận tất cả\nBan để lại HP-2026-000002 nhé",
            [FIRST, UNREAD, UNREAD],
        ),
    ],
)
def test_of_minutes_neither_an_answer_nor_an_order_is_lost(below: str, expected: list[str]) -> None:
    found = read(f"{ASKED}\n{below}")
    assert [" ".join(filter(None, (one.verb, one.question, one.text))) for one in found] == expected


@pytest.mark.parametrize(
    ("text", "at"),
    [("sang 10/12, lí do bận", 12), ("sang 10/12 vi ban", 11), ("sang 10/12, các đơn vị theo đó báo dân", 38)],
)
def test_a_reason_begins_at_its_own_words_only(text: str, at: int) -> None:
    assert reason_at(text, load_command_words())[0] == at


def test_a_reason_on_the_next_line_belongs_to_the_order() -> None:
    found = read("Hoãn phiên P-2026-01 sang 14:00 ngày 10/12\nLý do: chủ trì đi công tác\nNguyễn Văn A")
    assert [one.text for one in found] == ["sang 14:00 ngày 10/12\nLý do: chủ trì đi công tác"]


def test_several_orders_about_a_session_in_one_mail() -> None:
    found = read("Bắt đầu phiên P-2026-01 lúc 8h35\nKết thúc phiên lúc 10:30\nHP-2026-000003 trả lời sau")
    assert [one.verb for one in found] == ["session_begin", "session_end", "mark_later"]


def test_orders_about_questions_stay_what_they_are() -> None:
    for text, verb in (
        ("Kết thúc HP-2026-000003", "close"),
        ("Chuyển SXD", "forward"),
        ("Đóng HP-2026-000003", "close"),
    ):
        assert [one.verb for one in read(text)] == [verb]


def test_the_number_of_a_session_is_found_as_people_write_it() -> None:
    for said in ("P-2026-01", "p 2026 1", "[P-2026-01]", "phiên P–2026–01,"):
        assert session_number(said) == "P-2026-01"
    assert session_number("HP-2026-000001, https://a.test/p-2026-05.html") == ""
    assert session_numbers("P-2026-01 và P-2026-02") == ("P-2026-01", "P-2026-02")


def test_times_of_day_as_people_write_them() -> None:
    said = {
        "lúc 8h30": (time(8, 30),),
        "08:30 đến 10:45": (time(8, 30), time(10, 45)),
        "10 giờ rưỡi": (time(10, 30),),
        "2 giờ chiều ngày 10/12": (time(14),),
        "14h": (time(14),),
        "chiều 10/12 lúc 2h, 1 giờ trưa": (time(14), time(13)),
        "8h đến 10h30, chiều gửi biên bản": (time(8), time(10, 30)),
        "từ 8 giờ tới 11 giờ": (time(8), time(11)),
        "8 giờ\nTôi xin báo": (time(8),),
        "tu 8h toi 10h30": (time(8), time(10, 30)),
        "7 giờ tối thứ Năm, 7h toi nay": (time(19), time(19)),
        "8 gio toi": (time(20),),
        "ngày 10/12/2026": (),
    }
    assert {text: times_in(text) for text in said} == said


@pytest.mark.parametrize(
    ("said", "cited"),
    [
        ("rồi ạ, công văn 15/UBND-KSTT ngày 3/11/2026 nhé", "Công văn số 15/UBND-KSTT ngày 03/11/2026"),
        ("rồi, cv số 12 / ubnd-vx hôm 2/11 ạ", "Công văn số 12/UBND-VX ngày 02/11/2026"),
        ("TB số 45/TB-VP của Văn phòng thành phố nhé", "Thông báo số 45/TB-VP của Văn phòng thành phố"),
        ("tại 7/2026/QĐ-UBND", "Quyết định số 7/2026/QĐ-UBND"),
        ("số 12 ngày 3 tháng 11", "Văn bản số 12 ngày 03/11/2026"),
        ("bút phê ngày 30/12", "bút phê ngày 30/12/2026"),
        ("hôm 25/12/2025 rồi", "ý kiến ngày 25/12/2025"),
        ("tờ trình 01/TTr-BBT ngày 2/11", ""),
        ("về nguyên tắc, sẽ có văn bản sau", ""),
        ("100%", ""),
        ("theo TTr số 05/TTr-BBT ngày 20/10, công văn số 15/UBND ngày 3/11", "Công văn số 15/UBND ngày 03/11/2026"),
        ("họp hôm 28/10, cv 15/UBND-VX hôm 3/11 nhé", "Công văn số 15/UBND-VX ngày 03/11/2026"),
        ("phiên ngày 15/12, cv 15/UBND-VX", "Công văn số 15/UBND-VX"),
        ("hôm 3/11 có cv 15/UBND-VX", "Công văn số 15/UBND-VX ngày 03/11/2026"),
        ("cv 15 ngày 3/11", "Công văn số 15 ngày 03/11/2026"),
    ],
)
def test_a_decision_is_cited_by_its_paper_and_day_alone(said: str, cited: str) -> None:
    assert named_paper(said, date(2026, 11, 4))[0] == cited


@pytest.mark.parametrize(
    ("listed", "whole", "read"),
    [
        (("HP-2026-000007", "HP-2026-000009"), True, "Đưa HP-2026-000007, HP-2026-000009 vào phiên"),
        (("HP-2026-000007", "HP-2026-000009"), False, "Đưa tất cả vào phiên"),
        ((), True, "Đưa tất cả vào phiên"),
    ],
)
def test_all_are_those_of_the_list_to_choose_from(listed: tuple[str, ...], whole: bool, read: str) -> None:
    """In reply to any other mail "tất cả" does not mean the questions that it happens to name."""
    assert with_listed("Đưa tất cả vào phiên", listed, whole=whole) == read


@pytest.mark.parametrize(
    ("text", "listed", "read"),
    [
        ("đưa vào phiên\nký nhận tất cả", 1, ["session_take 7", "sign "]),
        ("ký nhận tất cả\nđưa vào phiên nhé", 1, ["sign ", "session_take 7"]),
        ("đưa vào phiên\nký nhận tất cả", 2, ["unread ", "sign "]),
        ("đưa ra phiên", 1, ["session_live 7"]),
        ("để ngoài phiên", 1, ["session_leave 7"]),
        ("đưa HP-2026-000009 ra phiên", 1, ["session_live 9"]),
        ("hỏi tại phiên thì có được không?", 1, ["no_order "]),
        ("gửi bổ sung cho người hỏi: bác sẽ\nhỏi tại phiên hay nhận bằng văn bản đều được", 1, ["supplement "]),
    ],
)
def test_an_order_is_about_the_one_question_at_hand_or_asked_back(text: str, listed: int, read: list[str]) -> None:
    """ "Đưa vào phiên" beside "ký nhận tất cả" was dropped without a word, "đưa ra phiên" alone not understood."""
    said = with_listed(text, ("HP-2026-000007", "HP-2026-000008")[:listed], whole=False)
    assert [f"{one.verb} {one.question[-1:]}" for one in read_commands(said, unread=True)] == read
