"""Data files are read when they are first needed and when they have changed, not again for each mail."""

import gc

import pytest

from rules.values.data_file import Source
from tests.installation import letter, unit_address
from tests.world import SIGNATURE, UNSURE, World, order, vouched


def day(house: World, n: int) -> None:
    """Mails of every kind, from people nobody knows: each would be read in vain from a file once more."""
    house.ask(f"Đèn ngõ {n} tắt, bao giờ Sở Xây dựng sửa đèn đường?{SIGNATURE}", f"a{n}@dan.test")
    house.ask(UNSURE.replace("việc này", f"việc {n}"), f"b{n}@dan.test")
    house.answers("unit_forward", unit_address("SXD"), f"Đèn ngõ {n} đã sửa xong ngày 2/10/2026.")
    order(house, "Chuyển SYT")
    others = (
        "Cảm ơn các anh chị",
        "Tôi tố cáo ông X nhận hối lộ 50 triệu đồng.",
        "Bán nhà giá rẻ, gọi 0909",
        "Ban Biên tập cho tôi hỏi buổi đối thoại sắp tới tổ chức lúc mấy giờ, ở đâu?",
    )
    for at, text in enumerate(others):
        house.arrive(vouched(letter(f"c{at}-{n}@dan.test", text, message_id=f"<c{at}-{n}@dan.test>")))
    house.let_pass(minutes=40)


def test_no_data_file_is_read_while_a_mail_is_decided(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of a document register's notice once came from the file twice for each mail, ten milliseconds."""
    day(house, 1)
    read: list[str] = []
    text = Source.text

    def noted(self: Source, name: str) -> str:
        read.append(name)
        return text(self, name)

    monkeypatch.setattr(Source, "text", noted)
    day(house, 2)
    assert read == []
    assert house.statuses().count("answered") == 2


def test_a_mail_leaves_hardly_anything_that_holds_itself(house: World) -> None:
    """Else it would lie in memory until Python's collector runs, which it does rarely (``daemon.cli``)."""
    file = ("anh.png", "image/png", b"x" * 300_000)
    day(house, 1)
    gc.collect()
    gc.disable()
    try:
        day(house, 2)
        house.ask(f"Đèn ngõ 3 tắt, bao giờ Sở Xây dựng sửa?{SIGNATURE}", "d@dan.test", attachments=[file])
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        held = [one for each in gc.garbage for one in gc.get_referents(each)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert len(held) < 20_000
    assert [len(one) for one in held if isinstance(one, str | bytes) and len(one) > 1_000] == []
