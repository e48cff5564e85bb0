"""Mails that only their header calls a machine's or a list's: nobody is answered, and no words are lost."""

import email
import email.policy
from typing import Any

import pytest

from benchmarks.files import pdf
from tests.contract.test_put_aside import prepared
from tests.installation import HEAD, MAILBOX, OFFICER, SXD, answer_to, letter
from tests.world import CITIZEN, LETTER, NEIGHBOUR, ROAD, STRANGER, UNSURE, World, said, vouched

LIST = {
    "List-Id": "<xom5.nhom.test>",
    "Precedence": "list",
    "List-Unsubscribe": "<mailto:xom5+unsubscribe@nhom.test>",
}
SYSTEM = {"Auto-Submitted": "auto-generated", "X-Mailer": "He thong QLVB"}
EXCHANGE = {"X-Auto-Response-Suppress": "All"}
ANSWER = "Sở Xây dựng trả lời: mặt đường đã được thảm lại, hoàn thành ngày 02/10/2026.\nPhó Giám đốc Đỗ Văn Nước"
RECEIPT = "Văn bản của Quý cơ quan đã được tiếp nhận. Số đến: 1204."


def told_after(house: World, raw: bytes) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The ledger's row of a mail, and the names and recipients of what followed."""
    before = house.last_sent()
    row = house.arrive(raw)
    return row, [(str(one["name"]), str(one["recipient"])) for one in house.house.sent_with(after=before)]


def headed(raw: bytes, headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + raw


def unit_mail(house: World, text: str, headers: dict[str, str], **options: Any) -> bytes:
    return vouched(headed(answer_to(house.last("unit_forward", SXD), SXD, text, **options), headers), "sxd.test")


def morning(house: World) -> str:
    house.at(2026, 10, 6, 1, 30)
    house.overviews()
    return said(house.last("officer_digest"))


@pytest.mark.parametrize("headers", [LIST, SYSTEM, EXCHANGE], ids=["list", "system", "exchange"])
def test_a_whole_letter_is_shown_to_an_officer_who_registers_it(house: World, headers: dict[str, str]) -> None:
    raw = vouched(headed(letter(STRANGER, LETTER, subject="[Xóm 5] Đường hỏng"), headers))
    row, told = told_after(house, raw)
    assert (row["status"], row["fate"]) == ("held", "hold")
    assert told == [("officer_review", OFFICER)], "its writer is not answered by a machine"
    assert house.house.questions == []
    shown = said(house.last("officer_review"))
    assert "ổ gà" in shown
    assert "danh sách thư" in shown
    house.answers("officer_review", OFFICER, "Chuyển SXD")
    assert [(one["status"], one["asker_email"]) for one in house.house.questions] == [("forwarded", STRANGER)]
    assert "citizen_received" in house.names(STRANGER)


@pytest.mark.parametrize(
    ("text", "subject", "sender"),
    [
        ("Bản tin tuần 40: hội nghị, thể thao, thời tiết. Bấm vào đây để đọc tiếp.", "Bản tin", "tin@bao.test"),
        ("Đường trước nhà tôi hỏng nặng, bao giờ sửa?", "Đường hỏng", STRANGER),
    ],
)
def test_anything_else_is_listed_and_can_be_taken_up(house: World, text: str, subject: str, sender: str) -> None:
    row, told = told_after(house, vouched(headed(letter(sender, text, subject=subject), LIST)))
    assert (row["status"], row["fate"], told) == ("done", "ignore", [])
    assert house.house.questions == []
    assert f"Thư số {row['id']} của {sender}: {subject}" in morning(house)
    house.arrive(vouched(prepared(house, row["id"])))
    assert [one["asker_email"] for one in house.house.questions] == [sender]


@pytest.mark.parametrize("headers", [SYSTEM, EXCHANGE], ids=["system", "exchange"])
def test_a_document_systems_answer_waits_for_an_officer(house: World, headers: dict[str, str]) -> None:
    question = house.ask()
    file = ("1200-SXD.pdf", "application/pdf", pdf("Sở Xây dựng trả lời như sau", 1))
    row, told = told_after(house, unit_mail(house, ANSWER, headers, attachments=[file]))
    assert row["status"] == "held"
    assert told == [("officer_review", OFFICER)], "neither the asker nor the machine hears anything"
    assert house.of_question(question["code"])[0]["status"] == "forwarded"
    assert "là câu trả lời" in said(house.last("officer_review"))
    house.answers("officer_review", OFFICER, "là câu trả lời")
    assert house.of_question(question["code"])[0]["status"] == "answered"
    assert "02/10/2026" in said(house.last("citizen_answered", CITIZEN))


def test_a_further_letter_of_the_system_is_offered_as_one(asked: World) -> None:
    asked.arrive(unit_mail(asked, ANSWER, {}))
    row, told = told_after(asked, unit_mail(asked, f"{ANSWER} Kinh phí 300 triệu đồng.", SYSTEM))
    assert (row["status"], told) == ("held", [("officer_review", OFFICER)])
    assert "gửi bổ sung cho người hỏi" in said(asked.last("officer_review"))


def test_a_systems_answer_without_number_is_asked_of_the_officer_alone(house: World) -> None:
    codes = [house.ask()["code"], house.ask(LETTER.replace("ổ gà", "hố sâu"), STRANGER)["code"]]
    raw = vouched(headed(letter(SXD, ANSWER, subject="V/v trả lời công dân"), SYSTEM), "sxd.test")
    row, told = told_after(house, raw)
    assert (row["status"], told) == ("held", [("officer_review", OFFICER)])
    assert all(code in said(house.last("officer_review")) for code in codes)


def test_a_machines_receipt_is_only_listed(house: World) -> None:
    question = house.ask()
    row, told = told_after(house, unit_mail(house, RECEIPT, SYSTEM))
    assert (row["status"], row["fate"], told) == ("done", "ignore", [])
    assert house.of_question(question["code"])[0]["status"] == "forwarded"
    assert f"Thư số {row['id']} của {SXD}" in morning(house)


@pytest.mark.parametrize("who", [OFFICER, HEAD, "may@phanmem.test"])
@pytest.mark.parametrize("text", ["Tôi đã nhận thư, sẽ xem.", LETTER, "Chuyển SXD"])
def test_what_answers_the_officers_mail_by_itself_starts_nothing(house: World, who: str, text: str) -> None:
    """An officer's machine: were it answered or shown at once, mails would run round."""
    house.arrive(letter("chi@dan.test", "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất."))
    before = house.house.questions
    raw = vouched(headed(answer_to(house.last("officer_review"), who, text), SYSTEM))
    row, told = told_after(house, raw)
    assert (row["status"], row["fate"], told) == ("done", "ignore", [])
    assert house.house.questions == before
    assert f"Thư số {row['id']} của {who}" in morning(house)


def test_a_machine_that_repeats_a_mail_to_officers_starts_nothing(house: World) -> None:
    house.arrive(vouched(headed(letter(STRANGER, LETTER), LIST)))
    inside = house.last("officer_review").decode(errors="replace")
    assert "+o." in inside
    tag = next(part for part in inside.replace("<", " ").replace(">", " ").split() if "+o." in part and "@" in part)
    raw = vouched(headed(letter("may@phanmem.test", f"{LETTER}\n{tag}", subject="[#12] Yêu cầu mới"), SYSTEM))
    row, told = told_after(house, raw)
    assert (row["status"], row["fate"], told) == ("done", "ignore", [])


def test_a_denunciation_by_a_list_is_sealed_without_a_word_to_anybody_else(house: World) -> None:
    text = f"ĐƠN TỐ CÁO\nTôi tố cáo ông Chủ tịch phường nhận hối lộ 50 triệu đồng.\n{LETTER}"
    row, told = told_after(house, vouched(headed(letter(STRANGER, text, subject="Đơn tố cáo"), LIST)))
    assert (row["status"], row["kind"], bool(row["sealed"])) == ("held", "denunciation", True)
    assert [name for name, _ in told] == ["officer_denunciation"]
    assert STRANGER not in morning(house)


def test_an_automatic_answer_stays_unlisted_and_what_only_sounds_so_does_not_vanish(asked: World) -> None:
    asked.arrive(unit_mail(asked, "Tôi đi công tác đến thứ Hai.", {"Auto-Submitted": "auto-replied"}))
    row, told = told_after(asked, unit_mail(asked, "Tôi đang vắng mặt, việc gấp xin liên hệ ông Hùng.", SYSTEM))
    assert [(one["status"], one["fate"]) for one in asked.house.mails[-2:]] == [("done", "ignore")] * 2
    assert told == []
    assert f"ĐÃ CẤT, KHÔNG PHẢI CÂU HỎI (1) - THƯ SỐ {row['id']} CỦA" in morning(asked).upper()


def test_what_the_check_sends_to_our_own_mailbox_is_not_listed(asked: World) -> None:
    row = asked.arrive(vouched(headed(letter(MAILBOX, "It may be deleted.", subject="doithoai check"), SYSTEM)))
    assert (row["status"], row["fate"], row["kind"]) == ("done", "ignore", "auto_reply")
    assert "ĐÃ CẤT" not in morning(asked).upper()


DOCUMENTS = "Đơn vị có 01 văn bản đến chờ xử lý trên phần mềm quản lý văn bản. Vui lòng đăng nhập để xem."


@pytest.mark.parametrize("sender", ["noreply-vb@phanmem.test", "no-reply@phanmem.test", "donotreply@phanmem.test"])
def test_what_takes_no_reply_is_not_registered_not_answered_and_listed(house: World, sender: str) -> None:
    row, told = told_after(house, letter(sender, DOCUMENTS, subject="Văn bản đến"))
    assert (row["status"], row["fate"], told) == ("done", "ignore", [])
    assert house.house.questions == []
    assert sender in morning(house)


def test_a_whole_letter_from_such_an_address_waits_for_an_officer(house: World) -> None:
    row, told = told_after(house, vouched(letter("noreply@cong.test", LETTER, subject="Câu hỏi mới")))
    assert (row["status"], told) == ("held", [("officer_review", OFFICER)])
    assert house.house.questions == []


AWAY = "Tôi nghỉ phép đến hết ngày 15/10/2026, không đọc được thư. Việc gấp xin liên hệ chị Hạnh, 0904 222 333."
MATERNITY = "Văn thư nghỉ thai sản từ 01/11/2026 đến 01/05/2027, xin liên hệ anh Dũng, dung@dien.test."
OOF = {"Auto-Submitted": "auto-replied"}


def away(
    house: World, text: str = AWAY, sender: str = SXD, subject: str = "Trả lời tự động"
) -> list[tuple[str, str]]:
    return told_after(house, vouched(headed(letter(sender, text, subject=subject), OOF), "sxd.test"))[1]


def test_a_units_mailbox_that_is_not_read_is_told_once_to_the_officers_and_not_to_the_robot(asked: World) -> None:
    assert away(asked) == [("officer_alert", OFFICER)]
    told = said(asked.last("officer_alert"))
    assert "Hộp thư của Sở Xây dựng báo vắng mặt đến hết ngày 15/10/2026" in told
    assert "chị Hạnh, 0904 222 333" in told
    assert away(asked, subject="Trả lời tự động: nhắc việc") == [], "the same absence"
    assert away(asked, MATERNITY) == [("officer_alert", OFFICER)], "another one"
    assert "01/05/2027" in said(asked.last("officer_alert"))


def test_other_automatic_words_and_other_peoples_absences_alarm_nobody(asked: World) -> None:
    assert away(asked, RECEIPT) == []
    assert away(asked, sender="lan@sxd.test") == []
    assert away(asked, sender=CITIZEN) == []


def bare(raw: bytes, sender: str, text: str) -> bytes:
    """A reply without quotation, as telephones send it."""
    ours = email.message_from_bytes(raw, policy=email.policy.default)
    number = str(ours["Message-ID"])
    headers = {"In-Reply-To": number, "References": number}
    return vouched(letter(sender, text, subject=f"Re: {ours['Subject']}", to=str(ours["Reply-To"]), headers=headers))


def test_who_writes_that_he_is_away_is_read_like_anybody(house: World) -> None:
    """Each of these vanished as an absence notice: an asker's data, a unit's wish, an order, a secret."""
    house.ask(f"{ROAD}\n\nNguyễn Thị Lan", CITIZEN)
    other = house.ask(LETTER.replace("ổ gà", "hố sâu"), NEIGHBOUR)
    data = "Tôi là Nguyễn Thị Lan, địa chỉ 5 Trường Chinh, phường Kiến An, đang nghỉ hưu. Liên hệ số 0912000111."
    house.arrive(bare(house.last(CITIZEN), CITIZEN, data))
    assert house.house.questions[0]["asker_phone"] == "0912000111"
    wish = "Giám đốc đang đi công tác chưa ký được, Sở xin gia hạn đến ngày 15/12/2026, có gì liên hệ Phòng Hạ tầng."
    house.arrive(bare(house.last("unit_forward", SXD), SXD, wish))
    assert "15/12/2026" in said(house.last("officer_alert"))
    house.ask(UNSURE, STRANGER)
    order = "Chuyển SXD. Em đang nghỉ phép, có gì liên hệ chị Hoa."
    _, told = told_after(house, bare(house.last("officer_review"), OFFICER, order))
    assert house.question["status"] == "forwarded" or OFFICER in {who for _, who in told}
    secret = "Tôi tố cáo Chủ tịch phường nhận hối lộ 50 triệu. Ông ấy đang đi công tác, xin liên hệ tôi 0912000111."
    row = house.arrive(bare(house.last(NEIGHBOUR), NEIGHBOUR, secret))
    assert (row["kind"], bool(row["sealed"])) == ("denunciation", True)
    assert house.of_question(other["code"])[0]["asker_email"] == NEIGHBOUR


@pytest.mark.parametrize("subject", ["Nghỉ phép", "Đi vắng - tạm trú", "Đã xem: đường Trường Chinh hỏng"])
def test_a_letter_under_such_a_subject_is_registered(house: World, subject: str) -> None:
    text = "Tôi đi vắng 6 tháng, nay về thấy đường hỏng.\n"
    row = house.arrive(vouched(letter(STRANGER, text + LETTER, subject=subject)))
    assert (row["fate"], house.question["asker_email"]) == ("register", STRANGER)


def test_an_absence_told_in_words_alone_is_listed_in_the_morning(asked: World) -> None:
    row, told = told_after(asked, bare(asked.last(CITIZEN), CITIZEN, AWAY))
    assert (row["kind"], row["fate"], told) == ("auto_reply", "ignore", [])
    assert f"Thư số {row['id']} của {CITIZEN}" in morning(asked)


REGISTER = """Đơn vị gửi: Sở Xây dựng
Số ký hiệu: 812/SXD-QLĐB
Trích yếu: V/v trả lời kiến nghị của công dân Nguyễn Văn An về mặt đường
"""


@pytest.mark.parametrize("sender", ["vanban@truc.test", "noreply@truc.test"])
def test_a_document_registers_notice_waits_as_the_units_document(asked: World, sender: str) -> None:
    asked.ask(LETTER.replace("Nguyễn Văn An", "Phạm Thị Chín").replace("mặt đường", "vỉa hè"), "chin@dan.test")
    row, told = told_after(asked, letter(sender, REGISTER, subject="Văn bản đến"))
    assert (row["status"], row["fate"]) == ("held", "hold")
    assert told == [("officer_review", OFFICER)]
    assert len(asked.house.questions) == 2
    shown = said(asked.last("officer_review"))
    assert "Sở Xây dựng có văn bản 812/SXD-QLĐB, có thể trả lời HP-2026-000001" in shown
    assert "HP-2026-000002" not in shown
    wish = "HP-2026-000001 nhắc đơn vị: xin gửi văn bản số 812 bằng cách trả lời thư chuyển câu hỏi"
    assert wish in shown
    assert "là câu trả lời" not in shown
    asked.answers("officer_review", OFFICER, wish)
    assert "xin gửi văn bản số 812" in said(asked.last("unit_reminder", SXD))


def test_a_citizen_who_writes_of_a_document_is_read_as_ever(house: World) -> None:
    house.ask(f"{LETTER.split(chr(10))[0]}\nSố ký hiệu: 12/TB-UBND.\n{LETTER.partition(chr(10))[2]}")
    assert len(house.house.questions) == 1
