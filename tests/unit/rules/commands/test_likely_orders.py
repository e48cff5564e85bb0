"""What a line probably means: hints, never of an act that ends something; votes, and what they may hold back."""

from collections.abc import Mapping
from datetime import date

import pytest

from rules.commands import likely_orders
from rules.commands.commands import NO_ORDER, UNREAD, read_commands, reader_for
from rules.commands.likely_orders import for_the_asker, likely, load_hints
from rules.commands.mood import DOUBT
from rules.commands.vocabulary import load_command_words
from rules.decide.officer.rulings import BY_SOUND
from rules.values.data_file import Source, load_units

UNITS = load_units()
READER = reader_for(UNITS, date(2026, 10, 6))
NAMES = READER.names
AT_HAND = "HP-2026-000123"


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ("Câu này thuộc Sở Xây dựng", "forward"),
        ("Sở Xây dựng", "forward"),
        ("Bảo ông ấy ghi rõ địa chỉ", "ask"),
        ("OK cho thêm thời gian đi", "extend"),
        ("vừa gọi điện cho dân xong", "note"),
        ("câu này trùng câu trước rồi", "link"),
    ],
)
def test_hint_by_meaning(line: str, verb: str) -> None:
    assert likely(line, NAMES)[0] == verb


def test_nothing_that_ends_or_undoes_something_is_hinted_at() -> None:
    offered = {verb for verb, _, _ in load_hints().acts}
    assert not offered & {"close", "reject", "withdraw", "let_go", "recall"}


def test_nothing_for_a_line_that_says_nothing() -> None:
    assert likely("zzz", NAMES) == likely("", NAMES) == ()


def test_the_officers_words_become_a_request_to_the_citizen() -> None:
    assert for_the_asker("Bảo ông ấy ghi rõ địa chỉ") == "xin Ông/Bà ghi rõ địa chỉ"
    assert for_the_asker("Nhờ hỏi lại dân") == ""


@pytest.fixture
def surely_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vote that holds everything for no order."""
    monkeypatch.setattr(likely_orders, "shares", lambda *_, **__: {NO_ORDER: 1.0})


def read(text: str) -> list[tuple[str, str]]:
    found = read_commands(text, UNITS, date(2026, 10, 6), unread=True, at_hand=AT_HAND)
    return [(one.verb, one.field) for one in found]


@pytest.mark.usefixtures("surely_no_order")
@pytest.mark.parametrize(
    "text",
    [
        "Giao Sở Y tế nhé, chị Hoa bên ấy rành lắm",
        "Chuyển Sở Xây dựng nhé, ngồi nghĩ nữa cũng thế",
        "Gia hạn đến 28/10 để bên ấy khỏi kêu",
    ],
)
def test_what_surely_sounds_like_no_order_is_asked_back(text: str) -> None:
    assert read(text) == [(NO_ORDER, DOUBT)]


TAUGHT = [
    "Chuyển SXD",
    "HP-2026-000123 chuyển SXD",
    "HP-2026-000123 chuyển SXD, phối hợp SYT",
    "Chuyển SXD, đề nghị trả lời trước ngày 10/10",
    "Từ chối h vì đường cao tốc do Bộ quản lý",
    "HP-2026-000123 từ chối k vì đã hỏi rồi",
    "Không tiếp nhận khiếu nại vì đã có đơn ở nơi khác",
    "Hỏi lại: nhà ở số bao nhiêu, phường nào?",
    "HP-2026-000123 hỏi lại: đoạn đường nào?",
    "Đồng ý gia hạn đến 15/12/2026",
    "HP-2026-000123 đồng ý gia hạn đến 30/10/2026",
    "Không đồng ý gia hạn",
    "HP-2026-000123 không đồng ý gia hạn",
    "Đóng HP-2026-000123",
    "Không phải câu hỏi",
    "Là câu trả lời",
    "chuyen so xay dung nhe em",
    "SYT",
]


@pytest.mark.parametrize("text", TAUGHT)
def test_what_is_written_as_it_is_taught_is_never_held(text: str) -> None:
    case = "extension" if "gia hạn" in text else "held_unit" if text == "Là câu trả lời" else "review"
    on, fits = date(2026, 10, 6), BY_SOUND[case]
    found = read_commands(text, UNITS, on, unread=True, at_hand=AT_HAND, case=case, fits=fits)
    said = [(one.verb, one.field) for one in found]
    assert said
    assert all(verb not in {NO_ORDER, UNREAD} for verb, _ in said)


def test_no_prepared_way_to_say_an_act_is_held() -> None:
    """Every "say" of ``commands.toml``, and the lists of "Trợ giúp"."""
    words = load_command_words()
    ways = [way for rows in load_hints().help.values() for _, said in rows for way in said.split(" / ")]
    said = {*(one.say for one in words.phrases), *(one.rpartition("ví dụ: ")[2].partition(" (")[0] for one in ways)}
    held = [
        one
        for one in said
        if (NO_ORDER, DOUBT)
        in read(
            one.format(prefix=words.prefix)
            .replace("HP-…", AT_HAND)
            .replace("…", "nêu rõ đoạn đường nào")
            .replace("ngày/tháng/năm", "30/10/2026")
        )
    ]
    assert len(said) > 60
    assert held == []


def test_without_a_model_the_phrases_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likely_orders, "shares", lambda *_, **__: {})
    assert read("Giao Sở Y tế nhé, chị Hoa bên ấy rành lắm") == [("forward", "")]
    assert likely_orders.likely_acts("Chuyển SXD", READER) == ()


def test_an_order_alone_is_judged_by_all_that_the_mail_says() -> None:
    text = "Chuyển Sở Y tế\nẤy khoan, để chị gọi lại hỏi bà cụ cho rõ đã"
    assert read(text) == [(NO_ORDER, DOUBT)]


def test_a_line_among_others_is_judged_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def heard(_: str, sentences: object, __: Source, **___: object) -> Mapping[str, float]:
        return {likely_orders.ORDER: 0.0 if "ranh" in str(sentences) else 1.0}

    monkeypatch.setattr(likely_orders, "shares", heard)
    first, second = "HP-2026-000123 chuyển SYT, bên ấy rành lắm", "HP-2026-000124 chuyển SXD, việc này gấp lắm đấy"
    found = read_commands(f"{first}\n{second}", UNITS, date(2026, 10, 6), unread=True)
    assert [(one.verb, one.question[-1]) for one in found] == [(NO_ORDER, "3"), ("forward", "4")]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("cho bên ấy thêm ít bữa đi, họ xin đến cuối tháng thì cho", "extend"),
        ("việc khám chữa bệnh thì đưa qua ngành y tế người ta lo", "forward"),
        ("chưa biết nhà ở đâu, viết thư hỏi người ta cho rõ phường nào", "ask"),
    ],
)
def test_the_likeliest_act_comes_first(text: str, act: str) -> None:
    assert likely_orders.likely_acts(text, READER)[0] == act
