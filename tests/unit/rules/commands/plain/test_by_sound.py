"""A command by what a mail sounds like: only what is surely an order, fits, and has all that it needs."""

from collections.abc import Collection
from datetime import date
from types import SimpleNamespace

import pytest

from rules.commands import likely_orders
from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.commands import NO_ORDER, UNREAD, read_commands, reader_for
from rules.commands.plain import by_sound
from rules.commands.plain.words import load_plain_order_words
from rules.commands.vocabulary import load_command_words
from rules.decide.officer.rulings import BY_SOUND
from rules.reply.unit_names import unit_names
from rules.values.data_file import load_units

UNITS = load_units()
DAY, AT_HAND = date(2026, 10, 6), "HP-2026-000123"
MOVING = {"forward", "unit_named", "ask", "extend", "refuse_extension", "unit_answer", "reject", "close", "to_asker"}
"""What moves a question or reaches somebody."""
CASES = {"review": "review", "extension": "extension", "heldunit": "held_unit", "digest": "desk"}


def read(text: str, case: str = "review", fits: Collection[str] | None = None) -> list[Command]:
    hand = "" if case == "desk" else AT_HAND
    acts = BY_SOUND[case] if fits is None else fits
    found = read_commands(text, UNITS, DAY, unread=True, at_hand=hand, case=case, fits=acts)
    return [one for one in found if one.verb not in {NO_ORDER, UNREAD}]


@pytest.mark.parametrize(
    ("text", "case", "verb", "unit"),
    [
        ("Chuyện cống rãnh bốc mùi em đẩy sang Sở Xây dựng hộ chị", "review", "forward", "SXD"),
        ("việc này y tế lo chứ còn ai, em đẩy luôn sang Sở Y tế nghen", "review", "forward", "SYT"),
        ("Cho Sở Xây dựng xử lý nhé", "review", "forward", "SXD"),
        ("nhờ SXD xem giúp", "review", "forward", "SXD"),
        ("cho so xay dung xu ly nhe", "review", "forward", "SXD"),
        ("Sở kêu thiếu người cũng có lý, thôi nới hạn cho họ tới 30/10 nhé", "extension", "extend", ""),
        ("Lý do chẳng thuyết phục, hạn cũ mà làm, không gia hạn gì hết nhé", "extension", "refuse_extension", ""),
        ("Thư của Sở thế là rõ, em cứ thế chuyển tới người dân làm câu trả lời", "held_unit", "unit_answer", ""),
        ("Nội dung này không phải nháp, gửi dân luôn nhé", "held_unit", "unit_answer", ""),
        ("Ko chuyển SYT, chuyển SXD", "review", "forward", "SXD"),
        ("vụ dạy thêm này sang sở giáo dục", "review", "forward", "SGDDT"),
    ],
)
def test_what_no_phrase_knows_is_heard(text: str, case: str, verb: str, unit: str) -> None:
    assert [(one.verb, one.unit) for one in read(text, case)] == [(verb, unit)]


@pytest.mark.parametrize(
    ("text", "about", "other"),
    [
        ("Hai câu HP-2026-000123 và HP-2026-000124 cùng một chuyện đèn đường, em gom làm một nhé", 123, 124),
        ("Chị thấy HP-2026-000124 với HP-2026-000123 là một, em ghép lại nhé", 124, 123),
    ],
)
def test_two_numbers_are_heard_as_those_of_a_link(text: str, about: int, other: int) -> None:
    (found,) = read(text)
    assert (found.verb, found.question, found.text) == ("link", f"HP-2026-000{about}", f"HP-2026-000{other}")


@pytest.mark.parametrize(
    "text",
    [
        "Chuyện cống rãnh bốc mùi em bê sang Sở Xây dựng chưa?",
        "Chuyện cống rãnh bốc mùi bê sang Sở Xây dựng được không em",
        "Chuyện cống rãnh bốc mùi em đã bê sang Sở Xây dựng hôm qua rồi",
        "Chuyện cống rãnh bốc mùi, nếu phường không làm thì bê sang Sở Xây dựng",
        "Chuyện cống rãnh bốc mùi bê sang Sở Xây dựng hay Sở Nông nghiệp và Môi trường",
        "Chuyện cống rãnh bốc mùi để chị hỏi Sở Xây dựng đã",
        "Chuyện cống rãnh bốc mùi mai hẵng bê sang Sở Xây dựng",
        "Chuyện cống rãnh bốc mùi Sở Xây dựng vừa trả lời dân xong",
        "Chuyện cống rãnh bốc mùi anh Tuấn định bê sang Sở Xây dựng",
        "Dân kêu chuyện cống rãnh bốc mùi, đến Sở Xây dựng thì họ đùn đẩy",
        "Chuyện cống rãnh bốc mùi có lẽ bê sang Sở Xây dựng",
        "Nhờ hỏi lại dân xem ở đường nào",
        "Mong là Sở Công Thương sớm trả lời cho bà con",
        "Ước gì Sở Công Thương trả lời cho dân",
        "Cho Sở Xây dựng xử lý được không?",
        "Cho Sở Xây dựng xử lý nhỉ",
        "Cho Sở Xây dựng xử lý rồi",
        "Mai cho Sở Xây dựng xử lý",
        "Sếp bảo cho Sở Xây dựng xử lý",
        "Sở Xây dựng bảo cho Sở Nông nghiệp và Môi trường xử lý nhé",
        "Nhờ Sở Xây dựng xem giúp có phải của họ không",
        "Nhờ Sở Xây dựng xem lại",
        "Không thuộc cả Sở Xây dựng lẫn Sở Y tế",
        "HP-2026-000123 => SYT?",
        "HP-2026-000123 => SYT hay STP",
        "HP-2026-000123 => đã chuyển SYT",
        "SXD => SYT",
        "HP-2026-000123 => chưa rõ",
        "HP-2026-000123 => SYT chưa nhận",
        "câu 124 => Sở Tư pháp",
        "câu 124: bê sang Sở Tư pháp giúp chị",
        "HP-2026-000123 => mai chuyển SYT",
        "HP-2026-000123 => nếu SYT nhận",
    ],
)
def test_what_is_no_order_is_not(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("ko gửi dân", "held_unit"),
        ("Thư này không gửi cho người hỏi", "held_unit"),
        ("Thư nội bộ, không được đưa cho dân", "held_unit"),
        ("Không cần Sở viết lại", "held_unit"),
        ("khong chuyển SXD nhé", "review"),
        ("hông chuyển SXD nhé", "review"),
        ("cấm chuyển SXD nhé", "review"),
        ("kông cho gia hạn đến 30/10", "extension"),
        ("Cấm cho gia hạn", "extension"),
    ],
)
def test_what_is_denied_in_any_short_form_is_not_done(text: str, case: str) -> None:
    assert not {one.verb for one in read(text, case)} - {"refuse_extension"}


@pytest.mark.parametrize(
    "remark",
    [
        "Sáng nay chưa uống cà phê.",
        "Mệt quá",
        "Cuối tuần vui vẻ nhé",
        "E đang họp, lát gọi lại",
        "đi công tác nên trả lời vội",
    ],
)
def test_an_idle_remark_beside_an_order_holds_nothing_back(remark: str) -> None:
    for text in (
        f"Chuyển SXD. {remark}",
        f"{remark.rstrip('.')}. Chuyển SXD",
        f"{remark.rstrip('.')}, chuyển SXD nhé",
    ):
        assert [(one.verb, one.unit, one.remark) for one in read(text)] == [("forward", "SXD", "")], text
    assert [one.verb for one in read(f"Gia hạn đến 30/10. {remark}", "extension")] == ["extend"]


@pytest.mark.parametrize(
    "remark",
    [
        "Mệt quá, để tôi hỏi lại đã",
        "Chưa uống cà phê, không chắc lắm",
        "Đang họp với SYT",
        "E đang họp, lát gọi lại SYT",
        "Mệt quá, thôi khoan",
        "Tôi đi hiện trường xem đã",
        "Đang đi công tác nên chưa quyết",
        "Mệt quá, không biết có đúng không",
        "Cuối tuần vui vẻ nếu họ nhận",
        "Sếp mệt quá",
        "Ăn cơm rồi tính",
    ],
)
def test_a_remark_that_touches_the_order_holds_it_back(remark: str) -> None:
    assert read(f"Chuyển SXD. {remark}") == []


def test_an_idle_remark_within_a_text_for_others_stays() -> None:
    (found,) = read("Hỏi lại: nhà ông ở phường nào. Chúc ông cuối tuần vui vẻ")
    assert "cuối tuần vui vẻ" in found.text


def test_an_act_that_does_not_fit_the_mail_is_asked_back() -> None:
    text = "Sở kêu thiếu người cũng có lý, thôi nới hạn cho họ tới 30/10"
    assert read(text, fits=BY_SOUND["review"]) == []
    assert read(text, fits=frozenset()) == []


@pytest.fixture
def surely(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Votes that are sure of an act, whatever they hear."""
    said = SimpleNamespace(act="forward")
    monkeypatch.setattr(by_sound, "heard", lambda *_: (1.0, {said.act: 0.9, "other": 0.1}))
    return said


@pytest.mark.parametrize(
    ("act", "text"),
    [
        ("forward", "bê sang bên ấy hộ chị"),
        ("forward", "bê sang Sở Y tế phần thuốc, còn sang Sở Tài chính phần tiền"),
        ("extend", "nới ra 25/10 hoặc 30/10"),
        ("extend", "nới ra chút"),
        ("reject", "gạt đi hộ chị, theo điểm a"),
        ("close", "gập nó lại hộ chị"),
        ("ask", "bác ấy ở xa quá"),
    ],
)
def test_without_all_that_it_needs_nothing_is_done(surely: SimpleNamespace, act: str, text: str) -> None:
    surely.act = act
    assert read(text, fits=frozenset({act})) == []


def test_units_typed_without_marks_beside_others_with_them_are_asked_too() -> None:
    found = read("chuyển sở xây dựng và cty cap nuoc nha")
    assert [(one.unit, one.supporting, one.remark) for one in found] == [("SXD", ("CAPNUOC",), "")]


def test_an_advice_for_the_unit_goes_along(surely: SimpleNamespace) -> None:
    found = read("bê qua Sở Y tế hộ chị, đề nghị trả lời trước ngày 10/10")
    assert [(one.unit, one.remark) for one in found] == [("SYT", "đề nghị trả lời trước ngày 10/10")]


def test_without_a_model_nothing_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likely_orders, "shares", lambda *_, **__: {})
    assert read("Chuyện cống rãnh bốc mùi em bê sang Sở Xây dựng hộ chị cái") == []


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Đây là việc của Ban quản lý khu kinh tế. Chuyển gấp, hạn trả lời 15/10.", "hạn trả lời 15/10"),
        ("Đây là việc của Sở Y tế. Chuyển gấp, nhớ mai họp", ""),
        ("Đây là việc của Sở Y tế. Chuyển đi, đề nghị trả lời trước 15/10.", "đề nghị trả lời trước 15/10"),
        ("Việc này Sở Giáo dục phụ trách, đề nghị chuyển để họ trả lời phụ huynh.", ""),
        ("Đọc đi đọc lại thấy đúng là chuyện điện, gửi Điện lực thôi.", ""),
    ],
)
def test_a_term_goes_along_and_a_remark_to_colleagues_does_not(text: str, remark: str) -> None:
    assert [(one.verb, one.remark) for one in read(text)] == [("forward", remark)]


@pytest.mark.parametrize(
    ("text", "field", "content"),
    [
        ("Tên người hỏi đúng là Trần Văn Bốn", "name", "Trần Văn Bốn"),
        ("Số điện thoại đúng là 0912 345 678", "phone", "0912 345 678"),
        ("Cái này đúng là Trần Văn Bốn", "", ""),
        ("Tên và địa chỉ đúng là Trần Văn Bốn", "", ""),
    ],
)
def test_the_one_field_that_is_named_is_corrected(text: str, field: str, content: str) -> None:
    found = by_sound.correction_in([text], reader_for(UNITS, DAY))
    assert (found and (found.field, found.text)) == ((field, content) if field else None)


LAYS = {"10.1.h": "ngoài phạm vi", "10.1.k": "xúc phạm"}
"""Words of the fixed reasons that the requester reads."""


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Từ chối, việc này tòa án đang thụ lý", "10.1.h"),
        ("tu choi, viec cua tinh Thai Binh", "10.1.h"),
        ("Từ chối em ơi, chuyện của Quảng Ninh, thành phố mình sao giải quyết được.", "10.1.h"),
        ("Không nhận câu này vì hỏi về bản án của tòa, mình không có thẩm quyền", "10.1.h"),
        ("Trả lại công dân giúp chị. Lý do: thi hành án đang làm, ngoài phạm vi UBND", "10.1.h"),
        ("Thư này toàn lời lẽ chửi bới, áp điểm k, không tiếp nhận", "10.1.k"),
        ("Áp dụng điểm k, không trả lời câu này: lời lẽ thô tục, xúc phạm cán bộ", "10.1.k"),
    ],
)
def test_a_rejection_is_known_by_the_reason_that_it_tells(text: str, clause: str) -> None:
    (found,) = read(text)
    assert (found.verb, found.clause) == ("reject", clause)
    assert LAYS[clause] in found.text


@pytest.mark.parametrize(
    "text",
    [
        "Từ chối câu này được không, thư toàn chửi bới?",
        "Đừng từ chối, tuy lời lẽ chửi bới nhưng có việc cụ thể",
        "Hôm qua từ chối rồi, thư toàn chửi bới",
        "Nếu thư chửi bới thì từ chối",
        "Dân phản ánh cán bộ chửi bới, không nhận đơn",
        "Từ chối, dân kêu bị cán bộ xúc phạm",
        "Từ chối, câu này về biển quảng cáo trên cột điện",
        "Anh Tuấn bảo từ chối, thư chửi bới",
        "Có lẽ từ chối, là quảng cáo",
        "Em định từ chối vì bí mật nhà nước, chị xem giúp",
        "Từ chối hay chuyển Công an? Thư toàn chửi bới",
        "Phường không nhận, bảo là việc của tỉnh",
        "Sở Y tế: không nhận vì việc của trung ương",
        "Trả lại công dân giúp chị",
        "Từ chối theo điểm k",
        "Thư trùng câu trước, không tiếp nhận",
        "Từ chối à, chuyện của Quảng Ninh",
        "Không nhận, họ bảo đang ở tòa",
        "Từ chối, đây là quảng cáo bán đất nền",
        "Từ chối, áp điểm k nhé em",
        "Trả lại Sở, ngoài phạm vi họ kêu thế",
        "Không trả lời câu này, để chị hỏi tòa án giải quyết chưa đã",
    ],
)
def test_nothing_is_rejected_without_an_order_and_its_reason(text: str) -> None:
    assert not [one for one in read(text) if one.verb == "reject" and one.clause and one.text]


def test_who_signs_for_a_question_may_move_it_in_the_same_mail() -> None:
    found = read("Chuyện thuốc men bê sang SYT, ký nhận luôn")
    assert [(one.verb, one.unit) for one in found] == [("forward", "SYT"), ("sign", "")]


@pytest.mark.parametrize(
    "text",
    [
        "Ký nhận, để chị xem có phải Sở Y tế không",
        "Ký nhận. Sở Y tế vừa gọi",
        "Ký nhận 2 câu trên",
        "Ký nhận 2 câu trên, bê sang SYT",
        "ký nhận, mai chuyển SYT",
        "đã bê sang SYT, ký nhận rồi",
        "bê sang SYT à, ký nhận",
        "Nếu SYT nhận thì bê sang, ký nhận luôn",
    ],
)
def test_who_only_signs_moves_nothing(text: str) -> None:
    assert {one.verb for one in read(text)} <= {"sign"}


def test_what_is_signed_for_stays_as_it_was_said() -> None:
    assert [one.text for one in read("Ký nhận 2 câu trên")] == ["2 câu trên"]


@pytest.mark.parametrize(
    "text",
    ["HP-2026-000123 => SYT", "HP-2026-000123 → Sở Y tế nhé", "câu 123 -> Sở Y tế", "HP-2026-000123 => y tế"],
)
def test_an_arrow_leads_to_a_unit(text: str) -> None:
    assert [(one.verb, one.unit) for one in read(text)] == [("forward", "SYT")]


@pytest.mark.parametrize(
    ("text", "case", "verb"),
    [
        ("Hôm nọ báo còn đăng cảnh ngập tới đầu gối. Em cho câu này sang Sở Xây dựng nhé.", "review", "forward"),
        ("Đến 31/10 thì quá lâu. Cho họ tới 24/10 là cùng.", "extension", "extend"),
        ("Rõ ràng là trả lời rồi chứ gì nữa, chuyển cho người hỏi đi em.", "heldunit", "unit_answer"),
        ("Thế này là đủ rồi, lấy nội dung này trả lời bà con nhé em.", "heldunit", "unit_answer"),
        ("Hiệu trưởng không ai chịu trách nhiệm. Sang Sở Giáo dục và Đào tạo em nhé.", "review", "forward"),
    ],
)
def test_a_story_before_a_clear_order_is_no_doubt(text: str, case: str, verb: str) -> None:
    assert verb in {{"forward": "forward"}.get(one.verb, one.verb) for one in read(text, CASES[case])}


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("Cho sang Sở Xây dựng xử lý nhé. Hôm trước họ đã trả lại câu này rồi, xem lại giúp.", "review"),
        ("Câu hôm trước ấy. Cho sang Sở Xây dựng xử lý nhé.", "review"),
        ("Cho sang Sở Xây dựng xử lý nhé. Tôi ngại họ không nhận.", "review"),
        ("Cho sang Sở Xây dựng xử lý nhé. Nhưng thôi.", "review"),
        ("Mai chị nghỉ, tuần sau chuyển Sở Xây dựng nhé.", "review"),
        ("Đưa SXD đi, họ lại đẩy sang Cấp nước cho mà xem.", "review"),
        ("Việc này của tỉnh khác thì từ chối, còn không thì chuyển Sở Xây dựng.", "review"),
        ("Không gia hạn thì ăn nói với dân thế nào được.", "extension"),
        ("Gia hạn đến 28/10. Quá lâu, tôi không đồng ý.", "extension"),
        ("Sở xin đến 28/10, phường xin đến 24/10.", "extension"),
        ("Đến 31/10 thì quá lâu, đến 24/10 cũng quá lâu.", "extension"),
        ("Đến 24/10 thì quá gấp, đến 31/10 thì quá lâu.", "extension"),
        ("Trả lời dân bằng văn bản này sao được.", "heldunit"),
        ("Hôm qua em lấy nội dung này trả lời bà con rồi.", "heldunit"),
        ("Đây mà là câu trả lời à, lộn xộn thế này gửi dân sao được.", "heldunit"),
        ("Nhắn người gửi địa chỉ cơ quan mình nhé.", "review"),
        ("Mai hỏi lại người gửi số nhà nhé.", "review"),
        ("Đừng hỏi lại người gửi số nhà nữa.", "review"),
        ("Nếu cần thì hỏi lại người gửi số nhà cụ thể.", "review"),
        ("nhờ em gọi cho chị công dân ấy xin địa chỉ chính xác chỗ hỏng", "review"),
    ],
)
def test_the_same_words_elsewhere_order_nothing(text: str, case: str) -> None:
    assert {one.verb for one in read(text, CASES[case])} & MOVING == set()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Thư có mỗi một dòng. Hỏi người gửi địa chỉ chỗ đổ rác, có ảnh thì gửi kèm.",
         "xin Ông/Bà cho biết địa chỉ chỗ đổ rác, có ảnh thì gửi kèm"),
        ("Soạn thư cho bác ấy xin ảnh chụp đoạn cống, chứ chữ nghĩa thế này chịu",
         "xin Ông/Bà gửi ảnh chụp đoạn cống"),
    ],
)  # fmt: skip
def test_what_is_asked_for_by_its_name_reaches_the_requester_as_a_request(text: str, asked: str) -> None:
    assert [(one.verb, one.text) for one in read(text)] == [("ask", asked)]


@pytest.mark.parametrize(
    ("act", "numbers", "filled"),
    [
        ("link", 1, True),
        ("link", 2, True),
        ("link", 3, False),
        ("note", 0, True),
        ("note", 1, True),
        ("note", 2, False),
    ],
)
def test_only_what_links_two_questions_names_two(act: str, numbers: int, filled: bool) -> None:
    reader = Reader(load_command_words(), unit_names(UNITS, ordered=True), DAY, load_plain_order_words())
    text = " ".join(f"HP-2026-00000{one}" for one in range(1, numbers + 1))
    assert (by_sound._filled(act, text, [text], reader) is not None) is filled
