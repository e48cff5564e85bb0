"""The website's form (8.1): whoever filled it in is the asker and gets the receipt; the form's address, nothing."""

from pathlib import Path

import pytest

from daemon.base.errors import ConfigurationError
from tests.installation import OFFICER, LiveInstallation, letter, text_of, unit_address
from tests.world import World, vouched

FORM = "noreply@portal.test"
TEXT = """Nội dung được gửi từ biểu mẫu Đối thoại trực tuyến

Họ và tên: Vũ Thị Hoa
Địa chỉ: số 9 đường Lê Lợi, phường Ngô Quyền, TP Hải Phòng
Điện thoại: 0912 000 999
Email: {email}
Nội dung: Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?
"""


pytestmark = pytest.mark.world(mailbox=f'forms = ["{FORM.upper()}"]')


def filled_in(email: str, reply_to: str = "", text: str = TEXT) -> bytes:
    head = "Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n"
    head += f"Reply-To: {reply_to}\r\n" if reply_to else ""
    return vouched(head.encode() + letter(FORM, text.format(email=email), name="Cổng TTĐT"), "portal.test")


def written_to(house: World) -> set[str]:
    return {str(row["recipient"]) for row in house.house.sent if str(row["name"]).startswith("citizen_")}


def test_the_asker_stands_in_a_field(house: World) -> None:
    house.ask()
    house.arrive(filled_in("hoa@dan.test"))
    row = house.house.questions[-1]
    assert (row["asker_email"], row["asker_name"]) == ("hoa@dan.test", "Vũ Thị Hoa")
    assert row["asker_phone"] == "0912 000 999"
    assert "Lê Lợi" in str(row["asker_address"])
    assert row["missing"] == ""
    assert written_to(house) == {"an@dan.test", "hoa@dan.test"}


def test_reply_to_comes_before_the_field(house: World) -> None:
    house.arrive(filled_in("khac@dan.test", reply_to="hoa@dan.test"))
    assert written_to(house) == {"hoa@dan.test"}


def test_without_an_address_an_officer_tells_the_asker(house: World) -> None:
    house.arrive(filled_in("", reply_to=FORM))
    assert written_to(house) == set()
    assert house.house.questions[-1]["asker_name"] == "Vũ Thị Hoa"
    assert "0912 000 999" in text_of(house.last("officer_tell", OFFICER))


@pytest.mark.parametrize("email", [OFFICER, unit_address("SXD")])
def test_a_form_speaks_for_nobody_of_the_house(house: World, email: str) -> None:
    house.ask()
    before = house.house.questions[0]["status"]
    house.arrive(filled_in(email, text=TEXT.replace("Nội dung: ", "HP-2026-000001 từ chối h vì đã xong\nNội dung: ")))
    assert house.house.questions[0]["status"] == before
    assert not [row for row in house.house.sent if row["name"] in {"officer_done", "citizen_rejected"}]
    house.arrive(filled_in(email, text=TEXT.replace("Đường trước nhà tôi", "Hôm nay đường Cầu Đất")))
    assert (house.house.questions[-1]["asker_email"], house.house.questions[-1]["status"]) == (email, "forwarded")


def test_another_sender_of_the_same_domain_is_no_form(house: World) -> None:
    house.arrive(vouched(letter("hoa@portal.test", TEXT.format(email="hoa@dan.test"))))
    assert written_to(house) <= {"hoa@portal.test"}


def test_the_houses_own_addresses_are_no_forms(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"mailbox\.forms"):
        LiveInstallation(tmp_path / "house", 9, 9, mailbox=f'forms = ["{OFFICER}"]')
