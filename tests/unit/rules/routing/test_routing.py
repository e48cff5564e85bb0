"""Routing: words, places, dates, several questions, two thresholds."""

from dataclasses import replace
from datetime import date

import pytest

from rules.routing.route import ALONE, load_routing, route
from rules.routing.routing_rules import WARD, with_thresholds
from rules.routing.unit_scores import UNSAID, Judged, judge, rightful_other
from rules.routing.wards import Place, load_gazetteer
from rules.values.model import Decision, Requester, Route

TABLE = load_routing()
TODAY = date(2026, 6, 1)


def routed(text: str, address: str = "", on: date = TODAY, subject: str = "") -> Route:
    return route(text, subject, Requester(address=address), TABLE, on)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Xin hỏi thủ tục cấp giấy chứng nhận quyền sử dụng đất lần đầu?", "SNNMT"),
        ("Nhà tôi muốn xây thêm một tầng thì có phải xin giấy phép xây dựng không?", "SXD"),
        ("Tuyến xe buýt số 5 hay bỏ chuyến, đề nghị kiểm tra.", "SXD"),
        ("Học phí trường mầm non năm nay thu bao nhiêu?", "SGDDT"),
        ("Mức trợ cấp xã hội cho người cao tuổi không có lương hưu?", "SYT"),
        ("Công ty nợ lương công nhân ba tháng thì chúng tôi hỏi ai?", "SNV"),
        ("Tôi muốn thành lập công ty thì đăng ký kinh doanh ở đâu?", "STC"),
        ("Thủ tục đổi tên cho con trong giấy khai sinh?", "STP"),
        ("Sóng điện thoại ở xã tôi yếu, bao giờ lắp trạm BTS?", "SKHCN"),
        ("Thẻ bảo hiểm y tế của tôi hết hạn, gia hạn ở đâu?", "BHXH"),
        ("Từ 2026 bỏ thuế khoán thì hộ kinh doanh kê khai thuế thế nào?", "THUE"),
        ("Đổi giấy phép lái xe hết hạn nộp hồ sơ ở đâu?", "CATP"),
        ("Nhà tôi mất điện từ sáng, lịch cắt điện xem ở đâu?", "DIENLUC"),
        ("Lich tiep cong dan cua chu tich thanh pho thang nay the nao?", "VPUB"),
        ("Tooi muoons hoir hocj phis truwowngf mamaf non bao nhieeu", "SGDDT"),
        ("cho e hỏi đk mua noxh ntn ạ, lương 12tr", "SXD"),
    ],
)
def test_the_best_guess(text: str, unit: str) -> None:
    path = routed(text)
    assert path.lead == unit
    assert path.candidates[0].reasons
    assert path.trace


def test_a_clear_question_goes_out_by_itself_and_says_why() -> None:
    path = routed("Xin hỏi điều kiện cấp giấy phép xây dựng nhà ở riêng lẻ và thời hạn giải quyết?")
    assert path.decision is Decision.FORWARD
    assert path.candidates[0].score >= TABLE.scoring.threshold["forward"]
    assert any("giấy phép xây dựng" in reason for reason in path.candidates[0].reasons)
    assert path.field


@pytest.mark.parametrize("text", ["", "Xin hỏi việc của tôi thế nào rồi?", "Mong được quan tâm giúp đỡ."])
def test_where_words_say_nothing_a_person_looks(text: str) -> None:
    assert routed(text).decision is Decision.REVIEW


SIDEWALK = "Vỉa hè bị quán nhậu lấn chiếm, đề nghị phường có biện pháp."


@pytest.mark.parametrize(
    ("text", "address", "unit"),
    [
        (SIDEWALK, "Số 5, phường Ngô Quyền, TP Hải Phòng", "UBND_NGOQUYEN"),
        (SIDEWALK, "P. Hải An, HP", "UBND_HAIAN"),
        ("Vỉa hè ở phường Lê Chân bị quán nhậu lấn chiếm.", "phường Hải An", "UBND_LECHAN"),
        ("Via he bi quan nhau lan chiem, de nghi phuong co bien phap.", "Phuong Kien An", "UBND_KIENAN"),
    ],
)
def test_a_wards_matter_goes_to_the_place(text: str, address: str, unit: str) -> None:
    path = routed(text, address)
    assert path.lead == unit
    assert path.decision is Decision.FORWARD


@pytest.mark.parametrize(
    "address",
    ["", "phường An Biên, quận Lê Chân", "xã Đồng Thái, huyện An Dương (cũ)", "Phường Cầu Đất, TP Hải Phòng"],
)
def test_an_old_or_unknown_place_is_for_a_person(address: str) -> None:
    assert routed(SIDEWALK, address).decision is Decision.REVIEW


def test_namesakes_without_marks_are_unsure() -> None:
    gazetteer = load_gazetteer(TABLE.source)
    same = gazetteer.of_address("xa Cam Giang, Hai Phong", TODAY)
    assert same is not None
    assert not same.known
    clear = gazetteer.of_address("Xã Cẩm Giàng", TODAY)
    assert clear is not None
    assert clear.unit == "UBND_CAMGIANG_10903"


@pytest.mark.parametrize(
    ("text", "on", "unit"),
    [
        ("Đường nhà tôi nhiều ổ gà, bao giờ sửa?", date(2016, 9, 1), "SGTVT"),
        ("Xin giấy phép xây dựng ở đâu?", date(2016, 9, 1), "SXD_2016"),
        ("Thủ tục cấp sổ đỏ lần đầu?", date(2024, 9, 1), "STNMT"),
        ("Thủ tục cấp sổ đỏ lần đầu?", date(2025, 3, 1), "SNNMT"),
        ("Kính gửi Sở Giao thông vận tải, đường nhà tôi nhiều ổ gà.", TODAY, "SXD"),
    ],
)
def test_units_of_the_day(text: str, on: date, unit: str) -> None:
    assert routed(text, on=on).lead == unit


def test_before_the_wards_the_district_is_meant() -> None:
    path = routed("Vỉa hè bị lấn chiếm, đề nghị giải tỏa.", "12 Tô Hiệu, quận Lê Chân", on=date(2020, 5, 1))
    assert path.lead == "UBQ_LeChan"


def test_numbered_questions_have_each_their_unit() -> None:
    path = routed(
        "Tôi có ba câu: 1) bao giờ sửa ổ gà đường làng; 2) thủ tục cấp lại sổ đỏ bị mất; 3) học phí lớp 6 bao nhiêu?"
    )
    assert [item.unit for item in path.items] == ["SXD", "SNNMT", "SGDDT"]
    assert [item.number for item in path.items] == [1, 2, 3]
    assert path.decision is Decision.FORWARD


def test_a_numbered_question_without_a_unit_holds_the_mail() -> None:
    path = routed("1) thủ tục cấp lại sổ đỏ bị mất; 2) việc kia của tôi sao rồi")
    assert path.items[1].unit == ""
    assert path.decision is Decision.REVIEW


@pytest.mark.parametrize("text", ["Đất 60 m2, ngõ 2.5 m", "1. chỉ một câu hỏi về đất", "Số 1 ngõ 2 phố 3"])
def test_numbers_are_not_always_questions(text: str) -> None:
    assert routed(text).items == ()


def test_the_index_of_rules_is_the_same_every_time() -> None:
    assert load_routing() is load_routing()
    assert routed(SIDEWALK, "phường Hải An") == routed(SIDEWALK, "phường Hải An")


def test_what_the_vote_never_met_goes_to_a_person() -> None:
    found = routed("Please, can I buy social housing, giấy phép xây dựng, in this town next year with my family?")
    assert found.decision is Decision.REVIEW
    assert "chưa gặp bao giờ" in found.trace[-1]


@pytest.mark.parametrize(("alone", "decision"), [(0.85, Decision.FORWARD), (1.0, Decision.REVIEW)])
def test_few_words_are_enough_only_where_the_vote_is_nearly_certain(alone: float, decision: Decision) -> None:
    limits = {**TABLE.scoring.threshold, "evidence": 99.0, "alone": alone}
    mute = replace(TABLE, scoring=replace(TABLE.scoring, threshold=limits))
    found = route(SCHOOL, "", Requester(), mute, TODAY)
    assert found.decision is decision
    assert (ALONE in found.trace) == (decision is Decision.FORWARD)
    assert route(SCHOOL[:70], "", Requester(), mute, TODAY).decision is Decision.REVIEW, "too brief"


WATER = "Nước ở nhà tôi hai hôm nay đục, có mùi clo, "


@pytest.mark.parametrize(
    ("asked", "unit", "decision"),
    [
        ("cặn lắng đầy chậu, bao giờ nước máy trong trở lại cho dân dùng?", "CAPNUOC", Decision.FORWARD),
        ("đơn vị nào phải kiểm tra chất lượng nước sinh hoạt cho dân?", "SYT", Decision.REVIEW),
    ],
)
def test_the_vote_does_not_decide_against_enough_words(asked: str, unit: str, decision: Decision) -> None:
    found = routed(WATER + asked)
    assert found.candidates[0].unit == unit
    assert found.decision is decision


def test_the_vote_is_not_said_to_decide_alone_where_words_carry_the_letter_over_the_threshold() -> None:
    whole = judge(SCHOOL, "", TABLE, TODAY)
    code, share = whole.shares[0]
    assert share < 1
    nearly = (UNSAID + whole.said[code]) / 0.95
    limits = {**TABLE.scoring.threshold, "evidence": nearly, "alone": 1.0}
    found = route(SCHOOL, "", Requester(), replace(TABLE, scoring=replace(TABLE.scoring, threshold=limits)), TODAY)
    assert found.decision is Decision.FORWARD
    assert ALONE not in found.trace


SCHOOL = (
    "Cháu nhà tôi năm nay vào lớp 6, trường thu tiền học thêm và tiền đồng phục, phụ huynh họp hai lần chưa "
    "thống nhất. Xin hỏi trường trung học cơ sở công lập được thu những khoản nào, học phí học kỳ này bao nhiêu?"
)


def judged(shares: tuple[tuple[str, float], ...], said: dict[str, float]) -> Judged:
    return Judged(shares, {}, dict.fromkeys(said, -0.5), said, 40)


@pytest.mark.parametrize(
    ("shares", "said", "place", "other"),
    [
        ((("SNNMT", 0.55), ("@ward", 0.42)), {"SNNMT": 5.0, "@ward": 2.5}, "UBND_HAIAN", "@ward"),
        ((("SNNMT", 0.55), ("@ward", 0.42)), {"SNNMT": 5.0, "@ward": 2.5}, "", ""),
        ((("SNNMT", 0.55), ("@ward", 0.30)), {"SNNMT": 5.0, "@ward": 2.5}, "UBND_HAIAN", ""),
        ((("SNNMT", 0.55), ("@ward", 0.42)), {"SNNMT": 5.0, "@ward": 0.4}, "UBND_HAIAN", ""),
        ((("SNNMT", 0.55), ("@ward", 0.42)), {"SNNMT": 5.0, "@ward": 2.5, "STC": 7.0}, "UBND_HAIAN", ""),
        ((("SGDDT", 0.55), ("DIENLUC", 0.42)), {"SGDDT": 5.0, "DIENLUC": 2.5}, "UBND_HAIAN", ""),
        ((("SNNMT", 1.0),), {"SNNMT": 5.0}, "UBND_HAIAN", ""),
    ],
)
def test_a_known_pair_nearly_certain_together_leads_and_helps(
    shares: tuple[tuple[str, float], ...], said: dict[str, float], place: str, other: str
) -> None:
    assert rightful_other(judged(shares, said), lambda: Place(place), TABLE) == other


def test_an_own_threshold_holds_for_pairs_too() -> None:
    strict = with_thresholds(TABLE, 0.9, None)
    two = judged((("SNNMT", 0.55), ("@ward", 0.42)), {"SNNMT": 5.0, "@ward": 2.5})
    assert rightful_other(two, lambda: Place("UBND_HAIAN"), strict) == ""


def test_the_name_of_a_ward_is_no_wards_matter() -> None:
    named = judge("Nhà tôi ở phường Lê Chân, muốn đổi giấy phép lái xe.", "", TABLE, TODAY)
    assert WARD not in named.said
    assert WARD in judge("Vỉa hè ở phường Lê Chân bị lấn chiếm.", "", TABLE, TODAY).said


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("UBND phường Lê Chân", "uy ban nhan dan phuong"),
        ("De nghi UBND xa Tu Ky tra loi", "de nghi uy ban nhan dan xa tra loi"),
        ("một cửa phường Lê Chân", "mot cua phuong"),
        ("tôi ở phường Lê Chân", "toi o"),
        ("UBND thành phố, tôi ở xã Tứ Kỳ", "uy ban nhan dan thanh pho toi o"),
        ("Công an phường Lê Chân", "cong an"),
    ],
)
def test_the_vote_reads_of_a_wards_authority_that_it_is_a_wards(text: str, left: str) -> None:
    assert " ".join(one for one in TABLE.gazetteer.apart(TABLE.reader(text)).bare if one != ".") == left


def test_what_keeps_a_field_silent_does_so_in_its_own_sentence() -> None:
    said = judge("Tôi đóng bảo hiểm thất nghiệp ba năm. Tôi có được hưởng lương hưu không?", "", TABLE, TODAY).said
    assert said["BHXH"] >= 5
    assert "BHXH" not in judge("Bảo hiểm thất nghiệp và bảo hiểm khác", "", TABLE, TODAY).said


def test_thirty_pages_tell_the_unit_and_more_is_not_read() -> None:
    """Four hundred pages of one word cost two seconds; whoever asks says what within thirty."""
    pages = "Điện nước ở khu tôi yếu, xin hỏi bao giờ cấp đủ?\n" * 1_500
    longer = pages + "Xin đổi giấy phép lái xe.\n" * 99
    assert routed(longer).trace == routed(pages).trace
