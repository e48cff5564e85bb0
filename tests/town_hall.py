"""A town with something of everything, for the pages to show: late, due, held, secret, a session with its papers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from daemon.loop.due import send_overviews
from daemon.portal.publish import publish
from db.core.tables import question
from rules.law.session_rules import PaperKind
from tests.installation import HEAD, OFFICER, LiveInstallation, answer_to, letter, unit_address
from tests.world import FORM, World, vouched, world

ASKERS = (
    ("an", "Nguyễn Văn An", "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng", "0912 000 111"),
    ("binh", "Trần Thị Bình", "Số 12 ngõ 45 đường Lạch Tray, phường Gia Viên, TP Hải Phòng", "0912 000 222"),
    ("cuong", "Lê Quốc Cường", "Tổ 7, phường Lê Chân, TP Hải Phòng", "0912 000 333"),
)
QUESTIONS = (
    ("Ổ gà trước nhà", "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"),
    ("Cấp phép xây dựng", "Tôi muốn xây nhà ở riêng lẻ 4 tầng. Xin hỏi hồ sơ xin giấy phép xây dựng gồm những gì?"),
    ("Rác thải", "Rác thải sinh hoạt ở ngõ tôi ba ngày chưa ai thu gom, bốc mùi hôi thối. Bao giờ xử lý ô nhiễm?"),
    ("Học phí", "Trường tiểu học thu tiền học thêm có đúng quy định không? Sở Giáo dục và Đào tạo trả lời giúp."),
    ("Nước yếu", "Nước máy nhà tôi chảy yếu cả tháng nay, Công ty cấp nước bao giờ khắc phục?"),
)
UNSURE = "Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?"
SECRET = "Tôi tố cáo ông Đỗ Mật Danh, cán bộ địa chính, nhận hối lộ 50 triệu đồng để cấp sổ đỏ sai quy định."
SECRET_WORDS = ("Đỗ Mật Danh", "hối lộ", "Người Tố Cáo", "nguoitocao")
SCRIPTED = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@contextmanager
def town_hall(folder: Path, database_url: str = "") -> Iterator[LiveInstallation]:
    """The installation, its clock on Tuesday 17/11/2026, 10:00 in the city; the books add up when it is left."""
    with world(folder, database_url=database_url) as made:
        _fill(made)
        yield made.house


def _mail(made: World, who: int, number: int) -> bytes:
    """One of the questions, as somebody writes it; no two texts are the same."""
    name, full, address, phone = ASKERS[who % len(ASKERS)]
    subject, text = QUESTIONS[number % len(QUESTIONS)]
    body = f"{text} Tôi đã hỏi lần thứ {number}.\n\n{full}\n{address}\nĐT: {phone}\n"
    return vouched(letter(f"{name}{number}@dan.test", body, subject=subject))


def _by(sender: str, raw: bytes) -> bytes:
    return vouched(raw, sender.rpartition("@")[2])


def _fill(made: World) -> None:
    house = made.house
    for day, numbers in ((5, range(4)), (22, range(4, 7))):
        house.clock.at = datetime(2026, 10, day, 2, 0, tzinfo=UTC)
        made.arrive(*(_mail(made, number, number) for number in numbers))
    _answer_the_first(made)
    house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    made.arrive(*(_mail(made, number, number) for number in range(7, 10)))
    made.due()
    _session(made)
    house.clock.at = datetime(2026, 11, 13, 2, 0, tzinfo=UTC)
    made.arrive(*(_mail(made, number, number) for number in range(10, 14)))
    house.clock.at = datetime(2026, 11, 17, 3, 0, tzinfo=UTC)
    made.arrive(_mail(made, 1, 14))
    made.arrive(vouched(letter("lo@dan.test", f"{UNSURE}\n\nNguyễn Văn Lo", subject="Hỏi")))
    made.arrive(letter("nguoitocao@an-danh.test", SECRET, name="Người Tố Cáo", subject="Đơn tố cáo hối lộ"))
    made.due()
    send_overviews(house.engine, house.installation)
    newest = len(house.questions)
    with house.engine.begin() as connection:  # whatever the rules make of such a mail: the register may hold this
        connection.execute(question.update().where(question.c.id == newest).values(subject=SCRIPTED))


def _answer_the_first(made: World) -> None:
    """Answered, approved and published."""
    said = "Sở Xây dựng trả lời: mặt đường được sửa trong quý I năm 2027."
    unit = unit_address("SXD")
    made.arrive(_by(unit, answer_to(made.last("unit_forward", unit), unit, said)))
    made.overviews()
    answered = next(row["code"] for row in made.house.questions if row["status"] == "answered")
    made.arrive(_by(OFFICER, answer_to(made.last("officer_digest", OFFICER), OFFICER, f"{answered} trình đăng")))
    made.arrive(_by(HEAD, answer_to(made.last("head_approval"), HEAD, "Duyệt")))
    publish(made.house.engine, made.house.installation, made.house.folder / "cong-bo")


def _session(made: World) -> None:
    """Up to the approved notice; the questions that come after it belong to the session."""
    sessions = made.desk
    code = sessions.propose(replace(FORM, decided="Công văn số 12/UBND-VX"))[0].code
    for kind in (PaperKind.PLAN, PaperKind.NOTICE):
        sessions.put_up(code, kind)
        made.arrive(_by(HEAD, answer_to(made.last("head_approval"), HEAD, "Duyệt")))
    sessions.announce(code, "https://haiphong.test/thong-bao")
