"""What people tell around their question keeps no letter from its department, and goes along with it."""

import pytest

from tests.installation import letter, unit_address
from tests.world import CITIZEN, SIGNATURE, World, said, vouched

SCHOOLS = unit_address("SGDDT")
ASKED = "Bằng tốt nghiệp cấp ba của tôi bị mất thì xin cấp lại bản sao ở đâu?"
BEFORE = "Tôi ngồi nghĩ mãi mới dám viết mấy dòng này, bà nhà tôi cứ giục."
AFTER = "Chương trình gần dân lắm, mong ban tổ chức đối thoại trực tuyến giữ mãi ạ."
YOUNG = "em ngại gọi điện lắm lun ý"
FRIEND = "bạn em bảo nhắn ở đây là có người đọc đấy ạ"
LETTERS = {
    "long": (f"{BEFORE}\n{ASKED}\n{AFTER}", BEFORE),
    "a line without diacritics below": (f"{YOUNG}\nlam mat hoc ba cap 2 thi xin truong cap lai duoc khong", YOUNG),
    "a brief one": (f"{FRIEND}\nhoc phi lop 10 nam nay thu bao nhieu mot thang", FRIEND),
}


@pytest.mark.parametrize(("text", "talk"), LETTERS.values(), ids=LETTERS)
def test_a_letter_with_talk_goes_to_its_department_whole(house: World, text: str, talk: str) -> None:
    assert "unit_forward" in house.names_after(vouched(letter(CITIZEN, text + SIGNATURE)))
    assert talk in said(house.last("unit_forward", SCHOOLS))


def test_a_letter_of_talk_alone_goes_to_no_department(house: World) -> None:
    """An officer sees it, and its writer hears that it has come."""
    names = house.names_after(vouched(letter(CITIZEN, f"{BEFORE}\n{AFTER}" + SIGNATURE)))
    assert sorted(names) == ["citizen_received", "officer_review"]
