"""What officers, the Head, the office and leaders write to the mailbox is kept, and goes out by an order alone."""

from typing import Any

import pytest

from tests.contract.test_prepared_links import prepared
from tests.dose import each_third
from tests.installation import HEAD, OFFICE, OFFICER, letter, subject_of, text_of, unit_address
from tests.world import LETTER, ROAD, UNSURE, World, said, vouched

LEADER = "giamdoc@rieng.test"
pytestmark = pytest.mark.world(
    extra='[units.SXD]\naddress = "vanthu@sxd.test"\ndomains = ["sxd.test"]\n'
    f'leader_name = "Phạm Quốc Khánh"\nleader_email = "{LEADER}"\n',
    units=("SNV", "CAPNUOC", "SKHCN", "SGDDT", "DIENLUC"),
)

LEAVE = "Tôi nghỉ phép từ ngày 06/10 đến 12/10/2026, cán bộ 2 làm thay tôi."
MEETING = "Chị Hoa ơi, sáng mai giao ban lúc 8 giờ tại phòng 201, chị mang giúp em bảng kê về dự án cấp nước nhé."
REPORT = "Đề nghị cán bộ báo cáo tôi số câu hỏi quá hạn trong tuần trước 16 giờ hôm nay."
LATE_ONES = "Cho tôi danh sách các câu quá hạn"
WRITERS = [
    (OFFICER, LEAVE),
    (OFFICER, MEETING),
    (OFFICER, "câu 1 đến đâu rồi"),
    (OFFICER, LATE_ONES),
    (OFFICER, LETTER),
    (OFFICER, "Thư của Hội Nông dân là giấy mời họp, để tôi báo lãnh đạo"),
    (HEAD, REPORT),
    (HEAD, "Phiên hôm 26 chuẩn bị đến đâu rồi?"),
    (HEAD, "Gửi tôi danh sách câu hỏi quá hạn"),
    (HEAD, "cho tôi gặp chị Mai"),
    (HEAD, "Gửi các đồng chí báo cáo tháng 9 để biết, tuần sau ta họp rút kinh nghiệm."),
    (OFFICE, LATE_ONES),
    (OFFICE, "Câu hỏi về đường Trường Chinh đến đâu rồi?"),
    (LEADER, ROAD),
    (LEADER, UNSURE),
]


@each_third(("writer", "text"), WRITERS)
def test_it_is_kept_and_its_writer_is_told_what_it_was_taken_for(house: World, writer: str, text: str) -> None:
    house.ask()
    before = house.last_sent()
    row = house.arrive(vouched(letter(writer, text, subject="Việc chung")))
    assert (row["status"], row["fate"], len(house.house.questions)) == ("held", "hold", 1)
    told = {str(one["recipient"]): str(one["name"]) for one in house.house.sent_with(after=before)}
    assert told.pop(writer) == "officer_kept"
    assert told == ({} if writer == OFFICER else {OFFICER: "officer_review"}), "nobody outside hears of it"
    assert writer == OFFICER or "thì viết thẳng cho người gửi" in said(house.last("officer_review", OFFICER))
    line = said(house.last(writer))
    assert "không vào sổ, không chuyển" in line
    assert "Đăng ký" in line
    assert "còn thiếu" not in line


@pytest.mark.parametrize(
    ("replies", "subject", "status", "told"),
    [
        (True, "{} chuyển SNV", "forwarded", "Đã làm: “{} chuyển SNV”"),
        (True, "Re: [{}] Cần xem xét: câu hỏi, kiến nghị", "needs_review", "Thư không có chữ nào"),
        (False, "{} chuyển SNV", "needs_review", "ghi “{} chuyển SNV”"),
        (False, "chuyen {} so noi vu nhe", "needs_review", "Chưa làm: “chuyen {} so noi vu nhe”"),
    ],
)
def test_an_order_in_the_subject_is_read(house: World, replies: bool, subject: str, status: str, told: str) -> None:
    """Its writer read "Chưa làm: “”" and was offered another department."""
    code = str(house.ask(UNSURE)["code"])
    if replies:
        house.answers("officer_review", OFFICER, "", subject=subject.format(code))
    else:
        house.arrive(vouched(letter(OFFICER, "\n", subject=subject.format(code))))
    assert house.question["status"] == status
    assert told.format(code) in said(house.last("officer_done", OFFICER))
    assert "chuyển SXD" not in said(house.last("officer_done", OFFICER)) or "Re:" in subject


@pytest.mark.parametrize(
    ("named", "offered"), [("Sở Nội vụ", ""), ("Sở Khoa học và Công nghệ", "chuyển SKHCN"), ("các anh", "chuyển S")]
)
def test_who_names_the_unit_that_has_it_is_offered_no_other(house: World, named: str, offered: str) -> None:
    code = str(house.ask(UNSURE)["code"])
    house.answers("officer_review", OFFICER, f"{code} chuyển SNV")
    house.arrive(vouched(letter(HEAD, f"Hạnh ơi câu {code} chuyển {named} xử lý, báo lại anh", subject="việc gấp")))
    told = said(house.last("officer_done", HEAD))
    assert (f"ghi “{code} chuyển S" in told) == bool(offered)
    assert offered in told
    house.answers("officer_done", OFFICER, f"{code} từ chối h vì ngoài phạm vi thành phố")
    house.answers("officer_done", OFFICER, f"Tình trạng {code}")
    assert "Sở Nội vụ: không phải trả lời" in said(house.last("officer_done", OFFICER)), "no other has it"


def test_the_officer_makes_it_a_question_or_puts_it_away(house: World) -> None:
    house.arrive(vouched(letter(OFFICER, LETTER)))
    house.answers("officer_kept", OFFICER, "Đăng ký")
    assert house.question["status"] == "needs_review"
    row = house.arrive(vouched(letter(OFFICER, MEETING)))
    house.answers("officer_kept", OFFICER, "Không phải câu hỏi")
    kept = [one for one in house.house.mails if one["id"] == row["id"]]
    assert [(one["status"], one["fate"]) for one in kept] == [("done", "ignore")]
    assert len(house.house.questions) == 1


def test_the_heads_letter_is_decided_on_by_an_officer_or_the_head(house: World) -> None:
    house.arrive(vouched(letter(HEAD, REPORT)))
    house.answers("officer_review", OFFICER, "Không phải câu hỏi")
    house.arrive(vouched(letter(HEAD, ROAD)))
    house.answers("officer_kept", HEAD, "Đăng ký")
    assert [one["status"] for one in house.house.questions] == ["needs_review"]


@pytest.mark.parametrize("text", ["Gửi tôi danh sách câu hỏi quá hạn", "Thế phiên chuẩn bị đến đâu?"])
def test_the_head_hears_that_officers_read_what_carries_out_nothing(house: World, text: str) -> None:
    house.arrive(vouched(letter(HEAD, REPORT)))
    for writer in (HEAD, OFFICER):
        house.answers({HEAD: "officer_kept", OFFICER: "officer_review"}[writer], writer, text)
        assert ("Cán bộ đã được báo lời này" in said(house.last("officer_done", writer))) == (writer == HEAD)
    assert text in said(house.last("officer_alert", OFFICER))


@pytest.mark.parametrize("sender", ["ai-do@dan.test", "can-bo@haiphong.test", "vanthu@truonghoc.test"])
def test_anybody_else_asks_as_before(house: World, sender: str) -> None:
    assert house.ask(LETTER, sender)["asker_name"] == "Nguyễn Văn An"
    assert house.names(sender) == ["citizen_received"]


@pytest.mark.parametrize("text", ["Cảm ơn Ban Biên tập đã trả lời.", "Chúc mừng năm mới các đồng chí!"])
def test_thanks_are_filed_as_before(house: World, text: str) -> None:
    row = house.arrive(vouched(letter(HEAD, text, subject="Cảm ơn")))
    assert (row["fate"], house.names(HEAD)) == ("ignore", [])


def test_what_is_dictated_and_what_is_ordered_stay_as_they_are(house: World) -> None:
    code = house.ask(UNSURE)["code"]
    house.answers("officer_review", OFFICER, f"{code} chuyển SNV")
    assert house.question["status"] == "forwarded"
    house.answers("officer_done", OFFICER, f"Đăng ký hộ:\nHọ tên: Lê Thị Bốn\nĐịa chỉ: 7 Lạch Tray\nNội dung: {ROAD}")
    assert len(house.house.questions) == 2
    house.arrive(vouched(letter(OFFICER, f"{code} chuyển CAPNUOC", subject="Nhờ xử lý")))
    assert house.names(OFFICER)[-1] == "officer_done", "an order in a mail of its own is answered as before"
    assert "officer_kept" not in house.names(OFFICER)


def test_a_denunciation_forwarded_by_an_officer_is_sealed_as_before(house: World) -> None:
    text = "Tôi tố cáo ông Trần Văn X nhận hối lộ 20 triệu đồng khi cấp phép. Đề nghị xử lý.\n\nNgười tố cáo: Lê B"
    house.arrive(vouched(letter(OFFICER, text, subject="Đơn tố cáo")))
    assert house.names(OFFICER) == ["officer_denunciation"]


@pytest.mark.parametrize("order", ["{} không phải câu hỏi", "{} không phải câu hỏi, đây là thư mời họp"])
@pytest.mark.parametrize("writer", [OFFICER, HEAD, OFFICE])
def test_one_in_the_register_is_struck_off_without_a_letter_of_refusal(house: World, writer: str, order: str) -> None:
    code = str(registered_long_ago(house, writer, ROAD)["code"])
    other = house.ask()
    house.answers("officer_review", OFFICER, f"{code} chuyển SNV")
    before = house.last_sent()
    house.answers("officer_review", OFFICER, order.format(code))
    told = {str(one["recipient"]): str(one["name"]) for one in house.house.sent_with(after=before)}
    assert told == {OFFICER: "officer_done", unit_address("SNV"): "unit_told"}
    assert "không phải trả lời" in said(house.last(unit_address("SNV")))
    assert house.of_question(code)[0]["status"] == "rejected"
    assert house.of_question(code)[0]["outcome"] == "Thư công việc, không phải câu hỏi"
    assert house.of_question(str(other["code"])) == [other]


def registered_long_ago(house: World, writer: str, text: str) -> dict[str, Any]:
    """One of our own people's mails, made a question by an officer."""
    house.arrive(vouched(letter(writer, text)))
    house.answers("officer_kept" if writer == OFFICER else "officer_review", OFFICER, "Đăng ký")
    return house.question


def test_a_citizens_question_still_needs_a_reason_for_its_asker(house: World) -> None:
    code = house.ask()["code"]
    house.ask(UNSURE)
    house.answers("officer_review", OFFICER, f"{code} không phải câu hỏi")
    assert house.of_question(str(code))[0]["status"] == "forwarded"
    assert "để báo người hỏi" in said(house.last("officer_done"))


def test_the_morning_offers_nothing_that_refuses_a_colleagues_letter(house: World) -> None:
    house.arrive(vouched(letter(HEAD, REPORT, subject="Báo cáo tuần")))
    house.at(2026, 10, 6, 1, 30)
    house.overviews()
    (line,) = [one for one in text_of(house.last("officer_digest")).split("\n") if "Báo cáo tuần" in one]
    assert line.strip().endswith("Đăng ký là câu hỏi, Không phải câu hỏi")


@pytest.mark.parametrize("writer", [OFFICER, HEAD])
def test_of_a_mail_without_proof_its_alleged_writer_hears_that_it_is_held(house: World, writer: str) -> None:
    row = house.arrive(letter(writer, REPORT, subject="Báo cáo"))
    assert (row["status"], house.house.questions) == ("held", [])
    assert house.names(writer) == ["officer_held"]
    assert "quá hạn" not in said(house.last(writer)), "a forger's words do not go out under our name"


@each_third("text", ["Duyệt", "Đồng ý, triển khai", "Chuyển SNV", "Gia hạn đến 30/10/2026"])
@pytest.mark.parametrize("writer", [OFFICER, HEAD, OFFICE, LEADER])
def test_a_bare_order_in_a_mail_of_its_own_is_no_question(house: World, writer: str, text: str) -> None:
    code = house.ask(UNSURE)["code"]
    before = house.of_question(str(code))
    house.arrive(vouched(letter(writer, text, subject="")))
    assert house.of_question(str(code)) == before
    assert len(house.house.questions) == 1
    assert "bấm Trả lời" in said(house.last(writer))


def test_a_colleagues_letter_that_waits_is_offered_to_no_unit_the_next_days(house: World) -> None:
    other = str(house.ask(UNSURE)["code"])
    house.arrive(vouched(letter(OFFICER, f"Em ơi, {ROAD} Mình làm một phiên về việc này nhé.", subject="Phiên")))
    house.let_pass(days=3)
    reminders = [said(raw) for raw in house.inbox(OFFICER) if "(“Phiên”)" in subject_of(raw)]
    assert reminders
    for one in reminders:
        assert "ghi “Đăng ký”" in one
        assert "ghi “chuyển" not in one
    assert [one for one in map(said, house.inbox(OFFICER)) if f"ghi “{other} chuyển" in one], "a citizen's is"


FORWARDED = (
    "{above}\n\n---------- Forwarded message ---------\nTừ: Đỗ Văn Bảy <bay@dan.test>\n"
    "Date: CN, 4 thg 10, 2026 vào lúc 20:11\nSubject: Hỏi về đường\nTo: Cán bộ <rieng@thu.test>\n\n"
    f"{ROAD}\n\nĐỗ Văn Bảy, số 9 Lạch Tray, phường Gia Viên, 0912 333 444"
)


@pytest.mark.parametrize("above", ["fyi", "Nhờ Ban đăng ký hộ câu hỏi này, dân gửi nhầm vào thư riêng của tôi."])
@pytest.mark.parametrize("says", ["Đăng ký", "chuyển SNV"])
def test_a_citizens_mail_that_an_officer_forwards_is_the_citizens(house: World, above: str, says: str) -> None:
    house.ask()
    house.arrive(vouched(letter(OFFICER, FORWARDED.format(above=above), subject="Fwd: Hỏi về đường")))
    house.answers("officer_kept", OFFICER, says)
    taken = house.question
    assert (taken["asker_email"], taken["asker_name"]) == ("bay@dan.test", "Đỗ Văn Bảy")
    assert (taken["asker_phone"], taken["missing"]) == ("0912 333 444", "")
    assert "ổ gà" in str(taken["content"])
    assert above not in str(taken["content"])
    assert "bay@dan.test" in said(house.last("officer_done", OFFICER)) or says != "Đăng ký"
    assert house.names("bay@dan.test") == ["citizen_received"]
    assert "citizen_received" not in house.names(OFFICER)


def test_for_whom_a_forwarded_mail_is_nobody_guesses(house: World) -> None:
    text = FORWARDED.format(above="Kính chuyển Ban xử lý").replace(" <bay@dan.test>", "")
    house.arrive(vouched(letter(OFFICER, text, subject="Fwd: Hỏi về đường")))
    house.answers("officer_kept", OFFICER, "Đăng ký")
    assert "chưa biết đăng ký cho ai. Xin ghi “Đăng ký hộ:”" in said(house.last("officer_done", OFFICER))
    assert house.house.questions == []


NUMBERED = [
    ("Câu {0} không phải việc của Sở Nội vụ, em rút về rồi đưa sang Sở Khoa học và Công nghệ.", ""),
    ("{0} không thuộc Sở Nội vụ, lấy lại rồi chuyển Sở Khoa học và Công nghệ", "{0} chuyển SKHCN"),
    ("{0} mở lại vì chuyển nhầm đơn vị", ""),
    ("Câu {0} lấy lại câu hỏi", ""),
    ("{0} chuyển SKHCN, phối hợp SGDDT", ""),
    ("{0} thấy bên Sở Nội vụ kêu nhiều quá, chị xem giúp em", "{0} hỏi lại: "),
]


@each_third(("text", "link"), NUMBERED)
@pytest.mark.parametrize("writer", [OFFICER, HEAD])
def test_what_is_written_about_a_numbered_question_is_offered_as_an_order(
    house: World, writer: str, text: str, link: str
) -> None:
    code = str(house.ask(UNSURE)["code"])
    house.answers("officer_review", OFFICER, f"{code} chuyển SNV")
    other, before, seen = house.ask(), house.of_question(code), house.last_sent()
    row = house.arrive(vouched(letter(writer, text.format(code), subject="Nhờ em")))
    assert (row["status"], row["kind"]) == ("done", "command")
    assert house.of_question(code) == before, "nothing is done: From alone proves nothing"
    told = {str(one["recipient"]): str(one["name"]) for one in house.house.sent_with(after=seen)}
    head = {OFFICER: "officer_alert"} if writer == HEAD else {}
    assert told == {writer: "officer_done", **head}, "no colleague has a duty of it"
    assert ("Cán bộ đã được báo lời này" in said(house.last("officer_done", writer))) == (writer == HEAD)
    links = prepared(house.last("officer_done", writer))
    assert (link or text).format(code) in [body for _, _, _, body in links]
    assert {code} == {word for _, _, _, body in links for word in body.split() if word.startswith("HP-")}
    if not link.endswith(": "):
        house.write(vouched(letter(writer, links[0][3], to=links[0][1], subject=links[0][2])))
        assert "Đã làm" in said(house.last("officer_done", writer))
    assert house.of_question(str(other["code"])) == [other]


def test_a_number_of_no_question_is_named_to_the_colleague(house: World) -> None:
    house.ask()
    house.arrive(vouched(letter(OFFICER, "HP-2026-000777 không phải việc của Sở Nội vụ", subject="Nhờ em")))
    assert "Không có câu hỏi số HP-2026-000777 trong sổ" in said(house.last("officer_done", OFFICER))


def test_a_citizens_mail_forwarded_with_a_number_above_it_is_kept_as_before(house: World) -> None:
    code = str(house.ask()["code"])
    text = FORWARDED.format(above=f"Dân gửi cùng ý với {code}")
    house.arrive(vouched(letter(OFFICER, text, subject="Fwd: Hỏi về đường")))
    assert house.names(OFFICER) == ["officer_kept"]


def test_the_head_is_not_told_that_his_own_mail_is_late(house: World) -> None:
    house.arrive(vouched(letter(HEAD, ROAD)))
    for day in (6, 7, 8, 9):
        house.at(2026, 10, day, 3)
    assert [raw for raw in house.inbox(OFFICER) if "Quá hạn: thư số" in subject_of(raw)]
    assert not [raw for raw in house.inbox(HEAD) if "Quá hạn" in subject_of(raw)]


WORDS_OF_A_SESSION = [
    "Sếp bảo tháng 11 này làm phiên đối thoại, chủ đề tiêu cực trong cấp sổ đỏ, mời thanh tra",
    "Sep bao thang 11 nay lam phien doi thoai, chu de tieu cuc trong cap so do, moi thanh tra",
    "Sếp bảo tháng 11 này làm phiên đối thoại về giải quyết đơn tố cáo. Em chuẩn bị nhé.",
]
ACCUSED_BESIDE = [
    "Sếp bảo làm phiên đối thoại để lấp liếm vụ đất đai, sếp ăn tiền của doanh nghiệp, nhận hối lộ",
    "Sếp nhận hối lộ rồi làm phiên đối thoại về đất đai cho yên chuyện tham nhũng",
    "Sếp bảo làm phiên đối thoại về đất đai. Sếp nhận hối lộ của doanh nghiệp, tham nhũng",
    "Sếp bảo làm phiên đối thoại về việc ông Bình nhận hối lộ, tham nhũng đất đai",
    "Sếp bảo làm phiên đối thoại về việc ông Đức nhận hối lộ, tham nhũng đất đai",
    "Sếp bảo làm phiên đối thoại về việc anh Ánh nhận hối lộ, tham nhũng đất đai",
    "sep bao lam phien doi thoai ve viec ong binh nhan hoi lo, tham nhung dat dai",
    "Sep bao lam phien doi thoai ve viec giam doc so nhan hoi lo, tham nhung dat dai",
    "Sếp bảo làm phiên đối thoại về tham nhũng. Anh ấy nhận hối lộ, tố cáo luôn",
]


def arrived(house: World, writer: str, text: str) -> dict[str, Any]:
    house.ask()
    return house.arrive(vouched(letter(writer, text, subject="Việc tháng 11")))


@pytest.mark.parametrize("text", WORDS_OF_A_SESSION)
def test_an_officers_words_about_a_session_are_no_denunciation(house: World, text: str) -> None:
    row = arrived(house, OFFICER, text)
    assert (row["fate"], row["kind"], row["sealed"]) == ("hold", "command", False)
    assert "“Đề xuất phiên”" in said(house.last("officer_kept", OFFICER))
    house.answers("officer_kept", OFFICER, "Đề xuất phiên")
    assert "Chủ đề:" in said(house.last("officer_done", OFFICER))


@pytest.mark.parametrize(
    ("writer", "text"),
    [*((OFFICER, one) for one in ACCUSED_BESIDE), *(("dan@dan.test", one) for one in WORDS_OF_A_SESSION[:1])],
)
def test_an_accusation_beside_the_word_session_is_sealed(house: World, writer: str, text: str) -> None:
    row = arrived(house, writer, text)
    assert (row["kind"], row["sealed"]) == ("denunciation", True)
