"""Orders that people who were taught nothing write in plain sentences, and the sentences that only look like them."""

from __future__ import annotations

from datetime import date

import pytest

from rules.commands.commands import MISNUMBERED, NO_ORDER, UNIT_NAMED, UNREAD, Command, read_commands
from rules.decide.officer.rulings import BY_SOUND
from rules.values.data_file import load_units

UNITS = load_units()
DAY = date(2026, 10, 6)
AT_HAND = "HP-2026-000123"


def read(text: str) -> tuple[Command, ...]:
    return read_commands(text, UNITS, DAY, unread=True, at_hand=AT_HAND)


def orders(text: str) -> list[Command]:
    return [one for one in read(text) if one.verb not in {UNREAD, NO_ORDER, MISNUMBERED}]


@pytest.mark.parametrize(
    ("text", "verb", "unit"),
    [
        ("Tôi đọc kỹ rồi, việc này của ngành y tế. Giao Sở Y tế nhé, chiều tôi bận họp.", "forward", "SYT"),
        ("Đồng chí Lan hỏi tôi mãi, tôi quyết thế này: câu 123 giao Sở Y tế. Chiều tôi đi Đồ Sơn.", "forward", "SYT"),
        ("Chào em, chuyển Sở Y tế nhé", "forward", "SYT"),
        ("Kính gửi bộ phận tiếp nhận,\nSau khi nghiên cứu, tôi đề nghị giao Sở Xây dựng trả lời.", "forward", "SXD"),
        ("Công dân kêu về chế độ hưu nên chuyển Sở Nội vụ, không chuyển chỗ khác.", "forward", "SNV"),
        ("Dân hỏi khám bệnh mà phân vân gì nữa. Sở Y tế. Chuyển đi.", "forward", "SYT"),
        (
            "Ai cấp phép người ấy trả lời, tức là Sở Y tế. Bên xây dựng không dính dáng. Chuyển luôn.",
            "forward",
            "SYT",
        ),
        ("Đừng chuyển SXD nữa nhé, lần trước họ trả lại. Gửi thẳng SYT.", "forward", "SYT"),
        ("Họ đã nói không phải việc của họ thì mình chuyển sang Sở Y tế vậy.", "forward", "SYT"),
        ("không phải y tế đâu e, xây dựng mới đúng. gửi xây dựng nha", "forward", "SXD"),
        ("Xây dựng", UNIT_NAMED, "SXD"),
        ("alo em ơi chuyển cho sở xây dựng nhé chấm xuống dòng chị cảm ơn em", "forward", "SXD"),
        ("Xin lùi hoài vậy? Ko cho nhé, dân người ta chờ dài cổ rồi.", "refuse_extension", ""),
        ("Thôi được, lần này chiều các bác SXD, cho như đề nghị.", "extend", ""),
        ("Nhất trí. Hạn mới là ngày 28 tháng 10 năm 2026, sau ngày này không gia hạn nữa.", "extend", ""),
        ("gia han sang 26.10 , so da xin phep roi", "extend", ""),
        ("ok gửi nguyên văn thư của Sở cho người hỏi nha", "unit_answer", ""),
        ("noi dung nay la tra loi chinh thuc cua so, chuyen cho nguoi hoi", "unit_answer", ""),
        ("Ngắn nhưng đủ ý, tôi coi là câu trả lời chính thức của Sở.", "unit_answer", ""),
        ("Tôi chốt giao Sở Y tế", "forward", "SYT"),
        ("Tôi quyết định giao Sở Y tế", "forward", "SYT"),
        ("Để Sở Xây dựng xử lý", UNIT_NAMED, "SXD"),
        ("Để Sở Y tế xử lý, nhớ bảo họ trả lời sớm vì dân gọi suốt", UNIT_NAMED, "SYT"),
        ("day cho so tai chinh ho chi nhe", "forward", "STC"),
        ("Cho họ đến 30/10, nhưng chỉ lần này thôi nhé", "extend", ""),
        ("Cho Sở Y tế thêm thời gian đến 30/10 nhé, họ còn đi khảo sát", "extend", ""),
        ("Thôi không cho gia hạn nữa, bà con chờ lâu quá", "refuse_extension", ""),
        ("nhờ người gửi chụp thêm ảnh chỗ nứt nhé, viết thế không ai hiểu", "ask", ""),
        ("HP-2026-000123 với HP-2026-000124 là một thôi, bà này gửi hai lần", "link", ""),
        ("Câu HP-2026-000123 y hệt câu HP-2026-000124", "link", ""),
        ("Giấy mời họp thôi, khỏi vào sổ nhé", "not_a_question", ""),
        ("Đúng là trả lời rồi đấy, cho dân luôn đi", "unit_answer", ""),
        ("HP-2026-000123 ghi giúp vào hồ sơ: đã gọi cho bà Bình lúc 8h sáng", "note", ""),
        ("Quảng cáo đấy, bỏ đi ạ", "not_a_question", ""),
        ("Bà cụ lên tận nơi xin rút rồi, đóng hồ sơ lại", "close", ""),
        ("Đây là thư quảng cáo bán sim, không phải câu hỏi. Bỏ ra khỏi sổ đi em.", "not_a_question", ""),
        ("Sao HP-2026-000124 vẫn để đỏ thế, ai đang giữ?", "status", ""),
    ],
)
def test_an_order_among_plain_sentences(text: str, verb: str, unit: str) -> None:
    case = {"unit_answer": "held_unit", "extend": "extension", "refuse_extension": "extension"}.get(verb, "review")
    found = read_commands(text, UNITS, DAY, unread=True, at_hand=AT_HAND, case=case, fits=BY_SOUND[case])
    assert [(one.verb, one.unit) for one in found] == [(verb, unit)]


WHAT_IS_TOLD_DOUBTED_OR_PUT_OFF_GOES_TO_NO_UNIT = [
    "Chuyển Sở Y tế, mà thôi để chị hỏi lại đã",
    "Chuyển Sở Y tế hay Sở Xây dựng cũng được",
    "Chuyển Sở Y tế thì họ lại trả về thôi",
    "Để Sở Y tế xem đã",
    "Để Sở Y tế trả lời thì bao giờ mới xong",
    "Để Sở Y tế trả lời à",
    "Để Sở Y tế xử lý, nhớ hỏi anh Thắng đã",
    "Để Sở Y tế xử lý, nhớ nói họ chờ chị đã nhé",
    "Anh Phó nói để Sở Y tế xử lý, nhớ nói họ trả lời sớm",
    "Nếu Sở Xây dựng không nhận thì để Sở Y tế xử lý, nhớ nói họ trả lời sớm",
    "Để Sở Y tế xử lý hay Sở Xây dựng, nhớ nói họ trả lời sớm",
    "Đẩy cho Sở Y tế thì họ lại trả về",
    "Đẩy cho Sở Y tế hôm qua rồi",
    "Đẩy cho Sở Y tế cái máy in",
    "day cho so y te biet la dan keu nhieu lam",
    "Chuyển Sở Y tế mãi không thấy trả lời",
    "Chuyển Sở Y tế chắc họ không nhận đâu",
    "Tuần trước chuyển Sở Y tế, họ trả lại",
    "Phường bảo không phải việc của họ, chuyển Sở Xây dựng",
    "Dân đề nghị chuyển Sở Xây dựng",
    "Nghe đâu Sở Y tế nhận rồi, chuyển Sở Xây dựng làm gì",
    "Tôi đang phân vân, Sở Y tế hoặc Sở Xây dựng. Chuyển đi.",
    "Sở Y tế thì không phải, Sở Xây dựng cũng không. Chuyển đi.",
    "Theo tôi nên giao Sở Xây dựng, ý các đồng chí thế nào?",
    "Theo tôi nên giao Sở Xây dựng, các đồng chí cho ý kiến",
    "Sở Xây dựng mà nhận thì chuyển Sở Xây dựng",
    "Họ không chịu thì chuyển Sở Y tế",
    "Tôi sẽ giao Sở Xây dựng",
    "Bác Hà thống nhất giao Sở Y tế",
    "Lẽ ra phải giao Sở Xây dựng",
    "Lúc đầu tôi quyết chuyển Sở Y tế, sau nghĩ lại thôi",
    "Tôi quyết giao Sở Y tế, nhưng Trưởng ban chưa duyệt",
    "Ông ấy viết: chuyển Sở Y tế",
    'Trong thư dân viết: "đề nghị giao Sở Y tế giải quyết"',
    "Theo Quyết định 15, giao Sở Xây dựng quản lý",
    "Đơn này gửi Sở Xây dựng từ tháng 3",
    "Gửi Sở Y tế giấy mời họp thứ Sáu",
    "Chuyển lời hỏi thăm tới Sở Y tế",
    "In hai bản gửi Sở Y tế",
    "Hỏi Sở Y tế xem",
    "Không phải hôm nay, chuyển Sở Xây dựng",
    "gửi cả 2 sở luôn cho nhanh",
]


def test_what_is_told_doubted_or_put_off_goes_to_no_unit() -> None:
    for text in WHAT_IS_TOLD_DOUBTED_OR_PUT_OFF_GOES_TO_NO_UNIT:
        assert not [one for one in orders(text) if one.unit], text


@pytest.mark.parametrize(
    ("behind", "remark"),
    [
        ("tôi đang họp", ""),
        ("công dân đang bận", "công dân đang bận"),
        ("em thấy gấp đấy", "em thấy gấp đấy"),
    ],
)
def test_only_what_the_writer_tells_of_himself_is_no_remark(behind: str, remark: str) -> None:
    (found,) = orders(f"Giao Sở Y tế nhé, {behind}")
    assert (found.verb, found.unit, found.remark) == ("forward", "SYT", remark)


A_UNITS_MAIL_STAYS_HERE_IN_ANY_DOUBT = [
    "Gửi công dân, để chị xem đã",
    "Gửi cho dân thế này dân chửi",
    "Gửi cho dân bản có dấu",
    "Sở gửi cho dân rồi",
    "Sở nói đây là câu trả lời",
    "Họ bảo đây là câu trả lời, gửi cho dân",
    "Thư này là câu trả lời của câu khác",
    "Coi là câu trả lời thì hơi ẩu",
    "Có nên coi là câu trả lời không",
    "Bảo Sở làm câu trả lời đi",
    "Đề nghị Sở trả lời công dân",
    "Yêu cầu Sở gửi câu trả lời cho công dân trước thứ Sáu",
    "Trả lời cho dân đi",
    "Được đấy nhưng phải sửa câu cuối. Gửi dân đi.",
    "Thư viết thiếu căn cứ, gửi cho công dân",
    "Đúng là trả lời rồi đấy à, cho dân luôn à",
    "Đúng là trả lời rồi đấy nhưng chưa đủ, khoan cho dân",
    "Sở trả lời rồi đấy em",
]


def test_a_units_mail_stays_here_in_any_doubt() -> None:
    for text in A_UNITS_MAIL_STAYS_HERE_IN_ANY_DOUBT:
        assert orders(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "Sở xin lùi đến 27/10, tôi chưa quyết",
        "Họ xin lùi đến 27/10",
        "Cho họ đến 27/10 chắc cũng chưa xong",
        "Nếu có công văn thì cho lùi đến 27/10",
        "Lùi lịch họp sang 27/10",
        "Đồng ý cho em nghỉ đến 27/10",
        "Đồng ý như đề nghị của em Mai",
        "Không cho gửi",
        "Không đồng ý gia hạn cũng khó cho Sở quá",
        "Cho họ tới 30/10, nhưng đây là lần cuối thì dân kêu đấy",
        "Cho họ tới 30/10, nhưng phải có công văn xin",
        "Nếu họ có công văn thì cho họ tới 30/10, nhưng nói là lần này thôi",
        "Cho Sở Y tế mượn hội trường đến 30/10",
        "Cho Sở Y tế thêm thời gian đến 30/10 rồi họ vẫn chưa làm",
        "Sở xin cho Sở Y tế thêm thời gian đến 30/10",
        "Hôm trước cho Sở Y tế thêm thời gian đến 30/10",
        "Gia hạn đến 30/10, thôi không cho thêm nữa",
        "Thôi không cho thêm nữa thì dân kêu",
        "Thôi không cho thêm nữa à",
        "Họ xin thêm, không cho thêm nữa thì họ kêu",
    ],
)
def test_no_date_moves_by_what_is_no_grant(text: str) -> None:
    assert not [one for one in orders(text) if one.verb in {"extend", "refuse_extension"}]


@pytest.mark.parametrize(
    "text",
    [
        "Đóng cửa phòng họp lại",
        "Kết thúc hội nghị lúc 17h",
        "Đóng HP-2026-000124 á? Đóng sao được mà đóng, dân đã được trả lời chữ nào đâu.",
        "Dân chưa rút, đóng sao được",
        "Nếu dân xin rút thì đóng",
        "Thư quảng cáo à?",
        "Khỏi vào sổ à?",
        "Vào sổ câu dân gọi điện hôm qua chưa em",
        "Vào sổ câu dân gọi điện thì ghi mục nào?",
        "Chị vào sổ câu dân gọi điện rồi",
        "Khỏi vào sổ thì sao mà theo dõi",
        "Anh Tuấn bảo khỏi vào sổ",
        "Nếu là thư mời thì khỏi vào sổ",
        "HP-2026-000123 y hệt HP-2026-000124 nhỉ",
        "HP-2026-000123 y hệt HP-2026-000124 thì phải",
        "HP-2026-000123 y hệt HP-2026-000124 nhưng địa chỉ khác",
        "HP-2026-000123 là một thôi, 2 ý mà",
        "Đây là thư quảng cáo hay câu hỏi thật?",
        "Không phải thư quảng cáo đâu",
        "Không thuộc thành phố thì từ chối",
        "Anh Bình bảo từ chối theo điểm h",
    ],
)
def test_nothing_ends_by_a_report_a_condition_or_a_question(text: str) -> None:
    assert orders(text) == []


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("ko thuộc tp mình, điểm h, từ chối nha mn", "10.1.h"),
        (
            "Cô này khiếu nại quyết định hành chính. Ở đây mình không tiếp nhận khiếu nại. Em từ chối giúp chị nhé.",
            "1.2",
        ),
        ("123: tu choi theo diem h vi viec cua tinh khac", "10.1.h"),
    ],
)
def test_a_rejection_whose_clause_stands_elsewhere(text: str, clause: str) -> None:
    (one,) = orders(text)
    assert (one.verb, one.clause) == ("reject", clause)
    assert one.text
    assert "giúp chị" not in one.text, "what the citizen reads is no talk between colleagues"


@pytest.mark.parametrize(
    "text", ["Thư thiếu địa chỉ, không tiếp nhận câu 123.", "Từ chối 123, căn cứ điểm b Điều 21."]
)
def test_no_clause_of_a_rejection_is_assumed(text: str) -> None:
    assert not [one for one in orders(text) if one.verb == "reject" and one.clause not in {"", "?"}]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("HP-2026-000123 em hỏi lại người gửi xem họ khám ở bệnh viện nào nhé.", "khám ở bệnh viện nào"),
        ("Hỏi lại người ta giúp em là nhà ở thôn nào, xã nào chứ thế này ai biết đường.", "nhà ở thôn nào, xã nào"),
        ("Nhắn người gửi cho xin số điện thoại với, thư chẳng có gì.", "cho xin số điện thoại"),
        (
            "Em hỏi công dân hộ anh hai ý: đoạn đường nào, và hỏng từ bao giờ. Rồi anh phân tiếp.",
            "và hỏng từ bao giờ",
        ),
        (
            "Đề nghị công dân ở câu 123 bổ sung bản chụp giấy phép, thiếu không xử lý được.",
            "bản chụp giấy phép",
        ),
    ],
)
def test_a_question_told_in_the_third_person_is_one_to_the_citizen(text: str, asked: str) -> None:
    (one,) = orders(text)
    assert one.verb == "ask"
    assert one.text.startswith("xin Ông/Bà")
    assert one.text.endswith(asked), "and nothing that is said to the colleague only"


@pytest.mark.parametrize(
    "text",
    [
        "Hỏi lại công dân xem sao",
        "Nhờ hỏi lại dân xem ở đường nào",
        "Hỏi lại dân phòng xem nhà ở đâu",
        "Bảo dân chờ đi",
        "Bảo bác ấy gửi lên Bộ mà hỏi",
        "Hỏi dân mới biết đường hỏng từ năm ngoái, ở đâu cũng thế",
        "Công dân hỏi nhà ở đâu thì được cấp sổ",
        "Nhờ anh Bình bên Sở hỏi người dân xem đoạn nào",
        "Để chị hỏi lại người gửi xem nhà ở đâu",
        "Em đã hỏi lại người gửi xem nhà ở đâu",
        "Mai hỏi lại công dân xem nhà ở đâu",
        "Nếu cần thì hỏi lại người gửi xem nhà ở đâu",
        "Sở bảo phải hỏi lại người gửi xem nhà ở đâu",
        "Sở Y tế đề nghị công dân bổ sung giấy ra viện",
    ],
)
def test_what_is_no_question_to_the_citizen_reaches_nobody(text: str) -> None:
    assert orders(text) == []


@pytest.mark.parametrize(
    "text", ["câu 123 chuyển SXD", "123 chuyển SXD", "000123: chuyển SXD", "Chuyển câu hỏi số 123 cho SXD"]
)
def test_the_question_at_hand_is_meant_by_its_short_number(text: str) -> None:
    assert [(one.verb, one.unit, one.question) for one in orders(text)] == [("forward", "SXD", AT_HAND)]


@pytest.mark.parametrize(
    "text",
    [
        "Đóng câu 124 lại",
        "Chuyển câu 124 cho SXD",
        "Từ chối câu 124 vì ngoài phạm vi thành phố",
        "Hỏi lại câu 124: nhà số mấy?",
        "Nội dung câu 124 thuộc y tế, đề nghị giao Sở Y tế",
        "123 ngày nữa chuyển SXD",
    ],
)
def test_another_number_is_never_taken_for_the_question_at_hand(text: str) -> None:
    assert orders(text) == []


@pytest.mark.parametrize(("words", "orders_"), [(11, 0), (12, 0), (13, 1)])
def test_behind_a_closing_of_few_words_stands_no_order(words: int, orders_: int) -> None:
    """What a long sentence opens with is no closing, whatever its first words are."""
    closing = " ".join(["Trân", "trọng", *["ạ"] * (words - 2)])
    assert len(orders(f"{closing}. Chuyển Sở Y tế")) == orders_
