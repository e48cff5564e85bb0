"""A citizen's reply is treated by what it says, not by its greeting, its closing and the name below them."""

from collections.abc import Iterator

import pytest

from tests.dose import each_third
from tests.human_mails import citizen_row
from tests.mail_tables import Row
from tests.world import World, world

FRAMES = {
    "formal": ("Kính gửi Ban Biên tập đối thoại thành phố,\n\n", "\n\nTrân trọng cảm ơn!\nNguyễn Văn An"),
    "signed": ("", "\n\nTrân trọng,\n--\nNguyễn Văn An\nSố 5 đường Trường Chinh, phường Kiến An\nĐT: 0912 000 111"),
    "telephone": ("Chào các anh chị,\n", "\n\nĐã gửi từ iPhone của tôi"),
    "named": ("", "\nNguyễn Văn An"),
}
REPLIES = {
    "followup": (
        "forwarded",
        "Cảm ơn đã chuyển. Nhờ báo Sở là đêm nào cũng có xe tải chạy qua nên mặt đường càng hỏng.",
    ),
    "complaint_about_answer": (
        "answered",
        "Lại “trong kế hoạch”, năm nào cũng nói thế mà có ai làm đâu, tôi không chấp nhận.",
    ),
    "new": (
        "answered",
        "Việc đường tôi rõ rồi. Còn rác ở khu tôi ba hôm nay không ai thu gom, bên nào phụ trách?",
    ),
    "thanks": ("answered", "Tôi đã nhận được trả lời, rõ ràng, tôi cảm ơn nhiều."),
}
"""By what is meant: when it comes, and its words."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("framed") / "house", extra="[desk]\nanswer_delay_minutes = 0") as one:
        yield one


@each_third("frame", FRAMES)
@pytest.mark.parametrize("meant", REPLIES)
def test_the_frame_changes_nothing(made: World, meant: str, frame: str) -> None:
    context, text = REPLIES[meant]
    before, behind = FRAMES[frame]
    made.house.clock.forward(minutes=2)
    row = Row(f"{meant} {frame}", "citizen", context, f"{before}{text}{behind}", (meant,), {})
    assert not citizen_row(made, row)
