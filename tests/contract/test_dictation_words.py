"""Registering for others as officers dictate it: what is not clear is told, nothing is guessed silently."""

from datetime import timedelta

import pytest

from tests.contract.test_sessions import attachments
from tests.installation import MONDAY, OFFICER
from tests.world import World, said

WATER = "Nước máy yếu ba tuần nay, công ty cấp nước khi nào khắc phục?"


@pytest.fixture
def house(house: World) -> World:
    """The officer has the morning's mail."""
    house.ask()
    house.house.clock.at = MONDAY + timedelta(days=1)
    house.overviews()
    return house


def dictate(house: World, *lines: str, before: str = "") -> str:
    """What the officer is told about "Đăng ký hộ" with these lines, on one line."""
    text = "\n".join((*([before] if before else []), "Đăng ký hộ:", "Họ tên: Lê Thị Bốn", *lines))
    house.answers("officer_digest", OFFICER, text)
    return said(house.last("officer_done", OFFICER))


@pytest.mark.parametrize("when", ["hôm qua", "2/10", "hôm qua 7h30", "31/02/2026", "01/01/0001", "25:00, 2/10/2026"])
def test_a_moment_that_is_not_understood_is_told(house: World, when: str) -> None:
    assert f"Không rõ “Nhận lúc: {when}”" in dictate(house, f"Nhận lúc: {when}", f"Nội dung: {WATER}")
    assert len(house.house.questions) == 1


@pytest.mark.parametrize(
    ("when", "hour"),
    [
        ("9 giờ 30 ngày 2/10/2026", 9),
        ("02/10/2026 09:30", 9),
        ("9h30, 2-10-2026", 9),
        ("9 GIỜ 30, 2.10.2026", 9),
        ("02/10/2026 2 giờ 30 chiều", 14),
        ("chieu 2/10/2026, 2g30", 14),
        ("7h30 ngày 2/10/2026, buổi tối", 19),
    ],
)
def test_the_minute_counts(house: World, when: str, hour: int) -> None:
    dictate(house, f"Nhận lúc: {when}", f"Nội dung: {WATER}")
    assert str(house.house.questions[1]["received_at"]) == f"2026-10-02 {hour - 7:02}:30:00+00:00"


def test_an_hour_alone_is_one_of_the_day_of_the_mail(house: World) -> None:
    """In the hall officers write the hour alone, and the whole registration was refused."""
    dictate(house, "Nhận lúc: 7h30", f"Nội dung: {WATER}")
    assert str(house.house.questions[1]["received_at"]) == "2026-10-06 00:30:00+00:00"
    assert "ở tương lai" in dictate(house, "Nhận lúc: 23:50", f"Nội dung: {WATER}")


@pytest.mark.parametrize(
    ("aside", "received"),
    [
        ("(điện thoại sáng 3/10)", "2026-10-02 17:00:00+00:00"),
        ("(trực tiếp 8h30 ngày 2/10)", "2026-10-02 01:30:00+00:00"),
        ("(sinh 3/10)", "2026-10-06 02:00:00+00:00"),
        ("(điện thoại, hẹn 9/10)", "2026-10-06 02:00:00+00:00"),
    ],
)
def test_a_day_in_the_heading_is_when_it_came(house: World, aside: str, received: str) -> None:
    text = f"Đăng ký hộ {aside}: bà Lê Thị Lan, số 12 Lạch Tray, phường Gia Viên, điện thoại 0912345678. {WATER}"
    house.answers("officer_digest", OFFICER, text)
    assert str(house.house.questions[1]["received_at"]) == received


def test_a_unit_that_is_not_known_is_told_and_nothing_is_guessed(house: World) -> None:
    told = dictate(house, "Đơn vị: Sở ABC", f"Nội dung: {WATER}")
    assert "không nhận ra đơn vị “Sở ABC”; chờ chọn đơn vị trả lời" in told
    assert house.house.questions[1]["status"] == "needs_review"


PAPER = "don-ba-Bon.pdf"


def visitor(name: str, unit: str) -> str:
    lines = ("Đăng ký hộ:", f"Họ tên: {name}", "Hình thức: trực tiếp", *([f"Đơn vị: {unit}"] if unit else []))
    return "\n".join((*lines, "Nội dung: Xin hỏi việc này thì cần làm những gì và bao giờ xong?"))


@pytest.mark.parametrize(
    ("units", "told", "brought"),
    [
        (("SXD",), "Đã vào sổ câu hỏi của Lê Thị Bốn và chuyển Sở Xây dựng", [[PAPER]]),
        (("",), "chưa rõ gửi tệp kèm theo đến đơn vị nào", []),
        (("SXD", "SYT"), "xin gửi mỗi câu hỏi một thư, kèm tệp của nó", []),
    ],
)
def test_a_visitors_files_go_to_his_own_unit_or_are_asked_about(
    house: World, units: tuple[str, ...], told: str, brought: list[list[str]]
) -> None:
    before = house.last_sent()
    text = "\n\n".join(visitor(name, unit) for name, unit in zip(("Lê Thị Bốn", "Lê Thị Năm"), units, strict=False))
    house.answers("officer_digest", OFFICER, text, attachments=[(PAPER, "application/pdf", b"%PDF-1.4 x")])
    assert told in said(house.last("officer_done", OFFICER))
    sent = [bytes(row["bytes"]) for row in house.house.sent_with(name="unit_forward", after=before)]
    assert [[one for one in attachments(raw) if one == PAPER] for raw in sent] == brought
    assert len(house.house.questions) == 1 + len(brought)


@pytest.mark.parametrize("content", ["Nội dung:", "Câu hỏi:  \n"])
def test_nobody_is_registered_without_a_question(house: World, content: str) -> None:
    assert "“Nội dung: …”" in dictate(house, content)
    assert len(house.house.questions) == 1


def test_an_introduction_may_stand_before_it(house: World) -> None:
    assert "Đã vào sổ" in dictate(house, f"Nội dung: {WATER}", before="Sáng nay có công dân gọi điện.")
    assert house.house.questions[1]["asker_name"] == "Lê Thị Bốn"


@pytest.mark.parametrize(
    ("text", "registered"),
    [
        ("Ghi sổ hộ anh: Sở hẹn thứ sáu khảo sát hiện trường rồi báo lại.", False),
        ("Vao so giup chi: so da moi dan len lam viec sang 8/10.", False),
        ("Vào sổ giúp em: bà Mai, tổ 5 phường Kiến An, gọi lên hỏi đèn đường hỏng bao giờ sửa.", True),
        ("Ghi sổ hộ anh: Nước máy yếu ba tuần nay.\nHọ tên: Lê Thị Bốn", True),
        ("Đăng ký hộ: nước máy yếu ba tuần nay, bao giờ công ty khắc phục?", True),
    ],
)
def test_a_note_as_a_favour_to_the_writer_is_nobodys_question(house: World, text: str, registered: bool) -> None:
    house.answers("officer_digest", OFFICER, text)
    told = said(house.last("officer_done", OFFICER))
    assert ("Chưa rõ là câu hỏi của ai nên chưa vào sổ" in told) is not registered
    assert len(house.house.questions) == 1 + registered


def test_what_was_not_dictated_is_told(house: World) -> None:
    told = dictate(house, f"Nội dung: {WATER}")
    assert "còn thiếu địa chỉ, điện thoại (ghi thêm bằng lệnh “sửa địa chỉ: …” kèm số câu hỏi)" in told


@pytest.mark.parametrize(
    ("above", "channel"),
    [
        ("Dạ nhờ vào sổ một câu dân gọi điện lên sáng nay:", "phone"),
        ("Nhập câu hỏi nhận qua điện thoại lúc 8h05:", "phone"),
        ("Ghi nhận một câu hỏi trực tiếp lúc 8 giờ 05 phút:", "visit"),
    ],
)
def test_what_stands_above_the_labels_is_no_word_of_the_requester(house: World, above: str, channel: str) -> None:
    house.answers("officer_digest", OFFICER, f"{above}\nHọ tên: Lê Thị Bốn\nNội dung: {WATER}")
    taken = house.house.questions[-1]
    assert (taken["channel"], taken["asker_name"]) == (channel, "Lê Thị Bốn")
    assert WATER in taken["content"]
    assert above.partition("câu")[2] not in taken["content"]


def test_a_report_of_a_registration_registers_nobody(house: World) -> None:
    house.answers("officer_digest", OFFICER, "Em đã nhập câu hỏi nhận qua điện thoại lúc 8h05 rồi ạ.")
    assert len(house.house.questions) == 1


@pytest.mark.parametrize("signature", ["Cán bộ tiếp nhận\nVăn phòng UBND TP, 0912 999 888", "CV. Cán bộ tiếp nhận"])
def test_the_officers_signature_is_not_the_requesters_data(house: World, signature: str) -> None:
    told = dictate(house, "Địa chỉ: số 5 Cầu Đất, phường Ngô Quyền", f"Nội dung: {WATER}\n\n{signature}")
    taken = house.house.questions[-1]
    assert (taken["asker_name"], taken["asker_phone"]) == ("Lê Thị Bốn", "")
    assert "Cầu Đất" in taken["asker_address"]
    assert "Văn phòng" not in taken["content"]
    assert "tiếp nhận" not in taken["content"]
    assert "còn thiếu điện thoại" in told
