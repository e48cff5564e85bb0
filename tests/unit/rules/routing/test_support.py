"""Units in support: each on evidence of its own, not for a word in passing."""

from dataclasses import replace
from datetime import date

import pytest

from rules.routing.route import load_routing, route
from rules.values.model import Decision, Requester, Route

TABLE = load_routing()
TODAY = date(2026, 6, 1)


def routed(text: str, address: str = "") -> Route:
    return route(text, "", Requester(address=address), TABLE, TODAY)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Nước máy chảy nhỏ giọt cả tuần ở gần đường vành đai, bao giờ hết mất nước?", "CAPNUOC"),
        (
            "Cháu nhà tôi vừa tiêm vắc xin ở trạm y tế cạnh bãi rác, mũi nhắc lại tiêm khi nào, ở đâu thì còn thuốc?",
            "SYT",
        ),
        ("Con tôi đi học bằng xe buýt hằng ngày, năm nay học phí lớp 6 thu bao nhiêu, nộp cho ai?", "SGDDT"),
        ("Thẻ bảo hiểm y tế của tôi sai ngày sinh, bệnh viện không nhận, xin đổi thẻ ở đâu?", "BHXH"),
    ],
)
def test_words_in_passing_bring_no_second_unit(text: str, lead: str) -> None:
    path = routed(text)
    assert (path.decision, path.lead) == (Decision.FORWARD, lead)
    assert path.supporting == ()


ROAD = "Đường Trường Chinh đoạn trước số nhà 215 có nhiều ổ gà sâu, xe máy ngã liên tục, bao giờ thì sửa mặt đường?"
CARD = (
    "Ngoài ra thẻ bảo hiểm y tế của mẹ tôi sai ngày sinh so với căn cước, vậy xin đổi lại thẻ bảo hiểm y tế ở đâu, "
    "cần mang theo giấy tờ gì?"
)


def test_a_second_question_brings_its_unit() -> None:
    path = routed(f"{ROAD} {CARD}")
    assert {path.lead, *path.supporting} == {"SXD", "BHXH"}


def test_the_same_matter_asked_twice_brings_none() -> None:
    again = "Chúng tôi đã chờ hai năm nay rồi, bao giờ mặt đường đầy ổ gà ấy được trải nhựa lại, hay lại chờ tiếp?"
    assert routed(f"{ROAD} {again}").supporting == ()


def test_a_part_of_a_few_words_is_no_question_of_its_own() -> None:
    assert routed(f"{ROAD} Thẻ bảo hiểm y tế thì hỏi ai?").supporting == ()


def test_a_unit_that_a_rule_names_supports() -> None:
    fields = tuple(replace(field, support=("CATP",)) if field.unit == "SXD" else field for field in TABLE.fields)
    path = route(ROAD, "", Requester(), replace(TABLE, fields=fields), TODAY)
    assert (path.lead, path.supporting) == ("SXD", ("CATP",))
