"""The day that a mail grants a unit: of several days the one, without one what the unit asks for, or none."""

from datetime import date

import pytest

from rules.commands.command_line import Reader
from rules.commands.plain import ground_and_day
from rules.commands.plain.ground_and_day import extension_in, grants_a_day
from rules.commands.plain.words import load_plain_order_words
from rules.commands.vocabulary import load_command_words
from rules.reply.unit_names import unit_names
from rules.values.data_file import load_units

AS_ASKED = "as asked"
NAMES = unit_names(load_units(), ordered=True)
READER = Reader(load_command_words(), NAMES, date(2026, 10, 6), load_plain_order_words())


def granted(text: str, *, asked: bool = True) -> str:
    """The day as month-day, "as asked", or "" for none."""
    found = extension_in(text, READER, asked=asked)
    if found is None:
        return ""
    return f"{found.until:%m-%d}" if found.until else AS_ASKED


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Cho đến 28 thôi, 30/10 thì muộn quá", "10-28"),
        ("đến thứ Tư 28 nhé", "10-28"),
        ("thứ Sáu 23 là cùng", "10-23"),
        ("hết 28", "10-28"),
        ("cho tới 5", "11-05"),
        ("Ok, cho họ thêm 4 ngày, tới 24/10", "10-24"),
        ("Cho đúng một tuần, tức là 27/10", "10-27"),
        ("Sở xin đến 30/10 nhưng chỉ cho đến 25/10", "10-25"),
        ("Sở xin đến 30/10, tôi chỉ cho đến 25/10", "10-25"),
        ("Không đồng ý đến 30/10, cho đến 26/10", "10-26"),
        ("không phải đến 30, đến 26 thôi", "10-26"),
        ("đến 26/10 chứ không phải 30/10", "10-26"),
        ("Rút xuống còn 28/10", "10-28"),
        ("hạn mới 28/10 nhé", "10-28"),
        ("Gia hạn nhưng 28/10 phải xong nhé.", "10-28"),
        ("đồng ý, em ghi hạn 29/10 cho kịp giao ban", "10-29"),
        ("Cho hẳn 3/11 nha em", "11-03"),
        ("lùi tới hai mươi tám tháng mười", "10-28"),
        ("gia hạn đến 28/10, không gia hạn thêm nữa", "10-28"),
        ("đến 30 như họ đề nghị, đồng ý", "10-30"),
        ("nhất trí, đến 10 giờ sáng nay họp", AS_ASKED),
        ("oke em", AS_ASKED),
        ("Ừ, cho họ đi", AS_ASKED),
        ("Duyệt. Chiều 29 tôi họp", AS_ASKED),
        ("ok em, lần sau không cho nữa đâu nhé", AS_ASKED),
        ("nhat tri de nghi cua so", AS_ASKED),
        ("cứ theo ngày sở nêu", AS_ASKED),
        ("ok cho họ 30/10 nhé", "10-30"),
        ("Đồng ý hạn 30/10", "10-30"),
        ("ừ thì 30/10 cũng được, duyệt cho họ", "10-30"),
        ("Được em, hạn cứ để 30/10", "10-30"),
        ("Ừ thôi cho họ, mưa bão thế đi đo sao được.", AS_ASKED),
        ("Đồng ý như họ xin 10/11", AS_ASKED),
        ("Đồng ý. 5 ngày nữa nhắc họ", AS_ASKED),
        ("đến thứ Ba 28 nhé", ""),  # the 28th is a Wednesday
        ("cho thêm một tuần nhé", ""),
        ("gia hạn thêm 5 ngày", ""),
        ("Cho họ đến 30 ngày nữa", ""),
        ("Cho đến 27 hay 30 nhỉ", ""),
        ("Cho đến 27/10 hay 30/10", ""),
        ("30/10 thì lâu quá", ""),
        ("Gia hạn đến 30/9 rồi mà", ""),
        ("Không", ""),
        ("ko ok", ""),
        ("chưa duyệt", ""),
        ("không được", ""),
        ("khong nhat tri", ""),
        ("đúng hạn 20/10 mà làm", ""),
        ("giữ nguyên hạn cũ", ""),
        ("không gia hạn, 20/10 phải có trả lời", ""),
        ("cho hay không thì để hỏi sếp", ""),
        ("kéo dài tới ba tháng", ""),
        ("Đồng ý nửa tháng", ""),
        ("Đồng ý thế nào được", ""),
        ("ok, 12 ngày thôi", ""),
        ("Đồng ý, văn bản 30/10", ""),
    ],
)
def test_the_day_that_is_granted_and_none_is_guessed(text: str, day: str) -> None:
    assert granted(text) == day


@pytest.mark.parametrize("text", ["ok e", "Đồng ý.", "duyệt e nhé", "Nhất trí", "được nha", "chấp thuận"])
def test_a_bare_consent_grants_only_where_it_is_asked_for(text: str) -> None:
    assert granted(text) == AS_ASKED
    assert granted(text, asked=False) == ""


@pytest.mark.parametrize(
    ("text", "grants"),
    [
        ("Rút lại còn 28/10, tôi không duyệt tới 30 đâu", True),
        ("Không đồng ý đến 30/10, cho đến 26/10", True),
        ("Không gia hạn, trả lời trước 20/10", False),
        ("Từ chối đề nghị của Sở, đến 20/10 phải xong", False),
        ("Không cho đến 30/10", False),
    ],
)
def test_what_grants_a_day_refuses_nothing(text: str, grants: bool) -> None:
    assert grants_a_day(text, READER) is grants


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("Không, duyệt đi", True),
        ("Ko em, gia hạn cho họ", True),
        ("Không cho sao được", True),
        ("Không đồng ý, dân chờ lâu rồi", False),
        ("Không cho, xin mãi thì ăn nói với dân thế nào được", False),
        ("Không. Hạn 20/10 phải xong", False),
    ],
)
def test_a_refusal_that_may_grant_is_half_a_one(text: str, half: bool) -> None:
    assert ground_and_day.refuses_by_half(text, READER) is half


@pytest.mark.parametrize(
    ("part", "several"),
    [("đến 27/10 hoặc sớm hơn", False), ("27/10 hay 30/10", True), ("27/10, tức 27/10", True), ("tuần sau", False)],
)
def test_one_day_is_not_several(part: str, several: bool) -> None:
    assert ground_and_day._names_several(part, READER) is several


@pytest.mark.parametrize(
    ("behind", "day"),
    [
        ("Sở xin đến 30/10, cho đến 25/10", date(2026, 10, 25)),
        ("thêm mấy ngày, họ xin 30/10, cho 25/10", date(2026, 10, 25)),
        ("cho họ làm tiếp, đến 20/10 họp, đến 30/10 trả lời", None),
        ("đến 28", date(2026, 10, 28)),
    ],
)
def test_an_order_grants_its_only_day_or_none(behind: str, day: date | None) -> None:
    assert ground_and_day.day_ordered(behind, READER) == day
