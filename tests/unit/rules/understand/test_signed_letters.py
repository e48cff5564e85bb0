"""Who asks, in whole letters: what telephones, programs and servers put below the signature ends nobody's data."""

from datetime import date

import pytest

from rules.message.quote_markers import without_machines
from rules.routing.route import load_routing
from rules.understand.understand import Knowledge, understand
from rules.values.data_file import load_units
from rules.values.model import Mailbox, ParsedMail, Requester

KNOWLEDGE = Knowledge(load_units(), load_routing(), {})
MATTER = "Đường trước nhà tôi nhiều ổ gà, bao giờ thì sửa mặt đường?"
DATA = "Nguyễn Văn Hiền\nxã Lai Khê\n0912000678"


def asker(text: str) -> Requester:
    mail = ParsedMail("x", len(text), "Hỏi", text, (Mailbox("dan", "dan@thu.test"),))
    return understand(mail, KNOWLEDGE, date(2026, 10, 5)).asker


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "below",
    [
        "Sent from my iPhone",
        "Đã gửi từ Yahoo Mail trên Android",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Gửi từ điện thoại thông minh Samsung Galaxy của tôi.",
        "Virus-free. www.avast.com",
        "Thư này chỉ dành cho người nhận nêu tên ở trên; nếu không phải là người nhận, vui lòng xóa thư.",
        "--\nNhân viên kinh doanh\n“Mỗi ngày một niềm vui”",
    ],
)
def test_name_address_and_phone_are_read_above_it(below: str, gap: str) -> None:
    found = asker(f"{MATTER}\n\n{DATA}{gap}{below}")
    assert (found.name, found.address, found.phone) == tuple(DATA.split("\n"))


def test_they_are_read_below_it_too() -> None:
    found = asker(f"{MATTER}\n\nGet Outlook for iOS\n\n{DATA}")
    assert (found.name, found.address, found.phone) == tuple(DATA.split("\n"))


def test_a_signature_block_keeps_what_its_writer_put_there() -> None:
    block = f"--\n{DATA}\n“Mỗi ngày một niềm vui”\nSent from my Galaxy"
    assert without_machines(block) == f"--\n{DATA}"


def test_a_company_is_where_it_has_its_seat() -> None:
    found = asker(
        "CÔNG TY TNHH MINH PHÁT\nKính gửi: Ban Biên tập\nCông ty chúng tôi hoạt động từ 2011, có trụ sở tại "
        f"phường Hải An. {MATTER}\nTrân trọng cảm ơn!"
    )
    assert (found.name, found.address) == ("CÔNG TY TNHH MINH PHÁT", "phường Hải An")


def test_the_seat_of_another_company_is_not_the_askers() -> None:
    found = asker(f"Công ty Bình Minh có trụ sở tại phường Hải An đổ thải ra mương. {MATTER}\nTrân trọng\nLê Thị Hoa")
    assert found.address == ""
