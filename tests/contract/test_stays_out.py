"""An asker wants his question out of the session: an officer decides, the unit gets nothing to be read out."""

import pytest

from db.core.tables import paper, raw_mail
from rules.law.session_rules import PaperKind
from tests.contract.test_profile_options import ROAD, announced
from tests.installation import OFFICER, SXD, answer_to
from tests.world import CITIZEN, SIGNATURE, World, asker_says, order, said, vouched

CODE, OTHER = "HP-2026-000001", "HP-2026-000002"
PAVEMENT = "Vỉa hè Tô Hiệu gạch bong tróc, bao giờ Sở Xây dựng lát lại?"

pytestmark = pytest.mark.world(sends=True)


@pytest.fixture
def house(house: World) -> World:
    """Both questions belong to the session; the second is a neighbour's."""
    announced(house)
    house.ask(ROAD + SIGNATURE, message_id="<1@dan.test>")
    house.ask(PAVEMENT + SIGNATURE.replace("Văn An", "Thị Ba"), "ba@dan.test", message_id="<2@dan.test>")
    assert all(row["session_id"] for row in house.house.questions)
    return house


def held(house: World) -> list[str]:
    return [str(row["reason"]) for row in house.rows(raw_mail) if row["status"] == "held"]


@pytest.mark.parametrize(
    "text",
    [
        "Hôm ấy tôi bận. Xin thôi không tham gia phiên, gửi thư trả lời tôi thôi ạ.",
        "Tôi không muốn đưa câu hỏi này ra phiên đối thoại, nhà tôi ngại lắm",
        "Nhờ ban rút câu hỏi của tôi khỏi phiên đối thoại giúp, trả lời riêng là được.",
        "đừng đưa câu hỏi của em lên phiên nhé, mặt đường hư hỏng thì cứ sửa thôi",
        "Không cần đối thoại đâu, cứ viết thư cho tôi.",
    ],
)
def test_the_officers_get_the_wish_with_its_order(house: World, text: str) -> None:
    content, other = house.house.questions[0]["content"], house.of_question(OTHER)
    assert asker_says(house, text) == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    review = said(house.last("officer_review", OFFICER))
    assert f"không muốn đưa câu hỏi {CODE} ra phiên P-2026-01" in review
    assert f"“Để {CODE} ngoài phiên”" in review
    assert house.house.questions[0]["content"] == content, "nothing that a script would read out"
    assert f"Câu hỏi {CODE} để ngoài phiên" in order(house, f"Để {CODE} ngoài phiên")
    assert held(house) == []
    assert "trả lời riêng bằng văn bản" in said(house.last("citizen_session", CITIZEN))
    assert house.house.questions[0]["session_id"] is None
    assert house.of_question(OTHER) == other


def keeps_an_answer(house: World) -> None:
    sent = house.house.sent_with(name="unit_forward", question_id=house.house.questions[0]["id"])
    house.arrive(vouched(answer_to(bytes(sent[-1]["bytes"]), SXD, "Sở Xây dựng trả lời: đường sửa trong quý I.")))
    house.let_pass(minutes=40)
    assert "citizen_answered" not in house.names(CITIZEN)


@pytest.mark.parametrize("text", ["Tôi không muốn đưa câu hỏi này ra phiên đối thoại.", "Tôi xin rút câu hỏi."])
def test_an_answer_kept_for_the_session_is_sent_then(house: World, text: str) -> None:
    keeps_an_answer(house)
    asker_says(house, text)
    order(house, f"Để {CODE} ngoài phiên")
    assert "đường sửa trong quý I" in said(house.last("citizen_answered", CITIZEN))


def test_a_question_whose_answer_is_kept_may_be_withdrawn(house: World) -> None:
    keeps_an_answer(house)
    other = house.of_question(OTHER)
    house.desk.put_up("P-2026-01", PaperKind.SCRIPT)
    asker_says(house, "Tôi xin rút câu hỏi.")
    assert f"“{CODE} cho rút câu hỏi”" in said(house.last("officer_review", OFFICER))
    done = order(house, f"{CODE} cho rút câu hỏi")
    assert "theo đề nghị của người hỏi, câu trả lời đang giữ không gửi" in done
    assert "kịch bản nội dung phiên đối thoại đã trình còn câu hỏi này" in done
    assert held(house) == []
    assert "đã kết thúc việc giải quyết" in said(house.last("citizen_withdrawal", CITIZEN))
    told = said(house.last("unit_withdrawn", SXD))
    assert "Câu trả lời mà Sở Xây dựng đã gửi được lưu cùng câu hỏi và không gửi cho người hỏi. Trân trọng" in told
    assert "không phải gửi câu trả lời nữa" not in told
    house.let_pass(hours=2)
    assert "citizen_answered" not in house.names(CITIZEN)
    closed = house.of_question(CODE)[0]
    assert (closed["status"], closed["session_id"], closed["answered_at"]) == ("closed", None, None)
    assert house.of_question(OTHER) == other


def test_who_has_no_answer_yet_says_nothing_of_it_and_adds_to_his_question(house: World) -> None:
    keeps_an_answer(house)
    other = house.of_question(OTHER)
    for text in ("Chưa hài lòng: chờ lâu quá", "Hài lòng"):
        asker_says(house, text)
    assert house.house.questions[0]["content_with_answer"] == ""
    assert "citizen_opinion" not in house.names(CITIZEN)
    told = asker_says(house, "Xin bổ sung: ổ gà sâu 30 cm, ngay trước số nhà 5, hôm qua có người ngã.")
    assert told == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    review = said(house.last("officer_review", OFFICER))
    assert f"câu hỏi {CODE} (câu trả lời chưa gửi người hỏi): xin xem là lời bổ sung" in review
    order(house, f"{CODE} chuyển ý kiến cho đơn vị")
    assert "câu trả lời của Sở Xây dựng chưa gửi đến người hỏi" in said(house.last("unit_opinion", SXD))
    assert house.of_question(OTHER) == other


def test_a_word_on_the_name_beside_it_counts(house: World) -> None:
    told = asker_says(house, "Đừng đưa câu hỏi của tôi ra phiên, cũng đừng đọc tên tôi ở đâu.")
    assert {name for name, _ in told} == {"citizen_consent", "officer_alert", "citizen_held", "officer_review"}
    assert house.house.questions[0]["name_consent"] is False


@pytest.mark.parametrize(
    "text",
    [
        "Tôi bổ sung: hố sâu nửa mét nằm ngay trước cổng trường, hôm qua hai xe máy ngã.",
        "Sao không đưa câu hỏi của tôi ra phiên sớm hơn, hố nay đã rộng hai mét rồi.",
    ],
)
def test_what_adds_to_the_question_still_reaches_the_unit(house: World, text: str) -> None:
    assert ("unit_followup", SXD) in asker_says(house, text)


def test_it_is_not_in_the_script(house: World) -> None:
    asker_says(house, "Tôi không muốn đưa câu hỏi này ra phiên đối thoại.")
    order(house, f"Để {CODE} ngoài phiên")
    house.desk.put_up("P-2026-01", PaperKind.SCRIPT)
    script = next(str(row["text"]) for row in house.house.rows(paper) if row["kind"] == "script")
    assert CODE not in script
    assert OTHER in script
