"""The ground of a rejection told in ordinary words: its clause and what the requester reads."""

from datetime import date

import pytest

from rules.commands.command import Command
from rules.commands.commands import read_commands
from rules.commands.plain.words import load_plain_order_words
from rules.decide.officer.rulings import BY_SOUND
from rules.values.data_file import load_units

UNITS = load_units()
DAY, AT_HAND = date(2026, 10, 6), "HP-2026-000123"
COURT, SETTLED, ANSWERED, INSULT = "tòa án", "khiếu nại, tố cáo", "đã được trả lời", "xúc phạm"
SECRET, OUTSIDE, COMPLAINT, DISPUTE = "bí mật nhà nước", "ngoài phạm vi", "phạm vi tiếp nhận", "tranh chấp dân sự"


def rejections(text: str) -> list[Command]:
    found = read_commands(text, UNITS, DAY, unread=True, at_hand=AT_HAND, case="review", fits=BY_SOUND["review"])
    return [one for one in found if one.verb == "reject" and one.clause not in {"", "?"} and one.text]


@pytest.mark.parametrize(
    ("text", "clause", "lays"),
    [
        ("Từ chối giúp chị, vụ thừa kế này tòa huyện đang thụ lý", "10.1.h", COURT),
        ("Từ chối em nhé, hai nhà đang kiện nhau ngoài tòa", "10.1.h", COURT),
        ("Từ chối, tòa án đang giải quyết, ngoài thẩm quyền thành phố", "10.1.h", COURT),
        ("Từ chối, việc này đã có quyết định giải quyết khiếu nại của thành phố", "10.1.k", SETTLED),
        ("Từ chối em nhé, thanh tra đã có kết luận", "10.1.k", SETTLED),
        ("Bác này tố cáo cán bộ chứ hỏi gì. Từ chối nhé", "1.2", COMPLAINT),
        ("Từ chối vì đã có câu trả lời trên cổng", "10.1.k", ANSWERED),
        ("tu choi nhe, da tra loi ong nay hoi thang 5", "10.1.k", ANSWERED),
        ("Từ chối vì thư toàn lời tục tĩu", "10.1.k", INSULT),
        ("Lời lẽ lăng mạ lãnh đạo phường, không tiếp nhận", "10.1.k", INSULT),
        ("Từ chối, hỏi về bí mật quân sự", "10.1.k", SECRET),
        ("Từ chối em nhé, lương tối thiểu do Chính phủ quy định", "10.1.h", OUTSIDE),
        ("tu choi nhe, viec nay vuot tham quyen thanh pho", "10.1.h", OUTSIDE),
        ("Từ chối, không thuộc chức năng của thành phố", "10.1.h", OUTSIDE),
        (
            "Từ chối. Lý do: là tranh chấp dân sự, không thuộc chức năng của nhà nước",
            "10.1.h",
            DISPUTE,
        ),
        ("tu choi, day la tranh chap dan su giua hai ca nhan", "10.1.h", DISPUTE),
        ("Vụ này tòa xử rồi, thư lại chửi bới. Từ chối, lý do: xúc phạm cán bộ", "10.1.k", INSULT),
    ],
)
def test_a_ground_in_ordinary_words_names_its_clause(text: str, clause: str, lays: str) -> None:
    (found,) = rejections(text)
    assert found.clause == clause
    assert lays in found.text


@pytest.mark.parametrize(
    "text",
    [
        "Từ chối vì tòa chưa xử",
        "Từ chối vì không phải tranh chấp dân sự",
        "Từ chối, phường bảo là tranh chấp dân sự",
        "Từ chối, tòa nhà này của tư nhân",
        "Từ chối, hình như tòa xử rồi",
        "Từ chối em nhé, hình như hai nhà đang kiện nhau ngoài tòa",
        "Từ chối giúp, dù đã trả lời tháng 5",
        "Từ chối vì nội dung vu khống, đã trả lời hồi tháng 5",
        "Từ chối, họ dọa kiện ra tòa",
        "Từ chối, chưa trả lời được",
        "Từ chối, Sở Xây dựng đã trả lời là không phải việc của họ",
        "Từ chối, bác ấy kể bị hàng xóm chửi bới",
        "Từ chối vì ngoài thẩm quyền của Sở Xây dựng",
        "Từ chối vì không thuộc thẩm quyền giải quyết của UBND xã",
        "tu choi, viec nay khong thuoc trach nhiem cua UBND phuong",
        "Từ chối, phường báo ngoài thẩm quyền",
        "Từ chối nhé, trùng câu trước",
        "Từ chối, thiếu địa chỉ",
        "Từ chối vì lời lẽ xúc phạm và tòa đang xử",
        "Từ chối điểm g, tòa xử rồi",
        "Từ chối, hết hạn 1-2 hôm rồi",
        "Từ chối, đây là quảng cáo",
        "Những câu đã có bản án thì từ chối",
        "Không tiếp nhận vì đã trả lời rồi, đồng thời chuyển Sở Xây dựng trả lời cho dân",
    ],
)
def test_another_word_is_no_ground(text: str) -> None:
    assert rejections(text) == []


def test_every_ground_has_a_clause_that_can_be_told() -> None:
    grounds = load_plain_order_words().grounds
    assert {one.clause for one in grounds} == {"1.2", "10.1.h", "10.1.k"}
    assert all(one.reason and one.says for one in grounds)
