"""A wish for more time in words that count from another day, and who signed."""

from datetime import date, timedelta

import pytest

from rules.reply.details import SIGNED_WORDS, Signer, reason_in, signer, wanted_until, with_subject
from rules.text.dates import wished_day
from rules.values.model import Attachment, Mailbox, ParsedMail, Reply, Verb

ON, DUE = date(2026, 10, 6), date(2026, 10, 20)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hạn 20/10 gấp quá, xin BBT cho đến hết tháng này", date(2026, 10, 31)),
        ("xin trả lời vào cuối tháng này", date(2026, 10, 31)),
        ("Sở xin lùi đến cuối tháng sau", date(2026, 11, 30)),
        ("xin den het thang toi", date(2026, 11, 30)),
        ("Tháng này Sở bận", None),
    ],
)
def test_the_end_of_a_month(text: str, wanted: date | None) -> None:
    assert wished_day(text, DUE, ON, lambda day, number: day + timedelta(days=number)) == wanted


def test_the_month_after_december_is_of_the_next_year() -> None:
    on = date(2026, 12, 7)
    assert wished_day("xin đến hết tháng sau", DUE, on, lambda day, number: day) == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Kết quả thí nghiệm đến 23/10 mới có, Công ty đề nghị được trả lời ngày 26/10.", date(2026, 10, 26)),
        ("Trước 20/10 không kịp, hẹn Ban Biên tập 4/11.", date(2026, 11, 4)),
        ("22/10 em gửi, lịch thay máy duyệt hôm 21.", date(2026, 10, 22)),
        ("Dời hạn qua cuối tháng (30/10) vì lịch thi đang trình.", date(2026, 10, 30)),
        ("Xin thêm 04 ngày, tính từ 20/10/2026.", date(2026, 10, 24)),
        ("Mẫu lấy hôm 04/10, phiếu kết quả 23/10 mới có, xin trả lời 25/10.", date(2026, 10, 25)),
        ("Theo Quyết định 15/2025, xin gia hạn đến 30/10.", date(2026, 10, 30)),
        ("Xin gia hạn đến 15/10/2026.", date(2026, 10, 15)),  # not after the due day: asked back
        ("Xin gia hạn đến 15/10. Dự án xong 15/11.", date(2026, 10, 15)),
        ("Xin gia han den ngay 15/10/2026, du an xong ngay 15/11/2026.", date(2026, 10, 15)),
        ("Lần trước xin đến 15/10, nay chưa xong, 30/10 trả lời.", date(2026, 10, 30)),
        ("Xin gia hạn đến 31/3/2027.", date(2027, 3, 31)),
        ("Trường xin đến 21/10 nộp chứng từ. Sở xin trả lời 23/10, dự án đến 15/12.", date(2026, 10, 23)),
        ("Lần trước xin 24/10, nay không đủ, sửa thành 28/10.", date(2026, 10, 28)),
        ("Xin thêm thời gian khảo sát ngõ 30/12.", None),
        ("Đường dây nóng 24/7, xin thêm thời gian.", None),
        ("Thứ 6 tuần này bận, xin đến thứ 4 tuần sau nữa.", date(2026, 10, 21)),
        ("Xin lùi đến thứ tư, tuần sau nữa, do T2 tuần này mới nhận.", date(2026, 10, 21)),
        ("Tuần này họp suốt, xin đến hết tháng này.", date(2026, 10, 31)),
        ("2. Vì vậy xin được trả lời chung một lần, hạn đến hết ngày 30 tháng này.", date(2026, 10, 30)),
        ("Xin đến giữa tuần sau nữa.", date(2026, 10, 21)),
        ("Xin thêm 2 tuần, đến thứ 3.", date(2026, 11, 3)),
        ("Hôm thứ Sáu tuần trước đã đo, xin gia hạn lần thứ hai.", None),
        ("Chúng tôi đang đo đợt thứ hai, xin gia hạn.", None),
        ("Xin lùi đến thứ 6 tuần 4 tháng 10, hoặc tuần thứ hai tháng 11.", None),
        ("Dự án 2030, Sở xin thêm thời gian đến hết năm 2030.", None),
    ],
)
def test_the_day_that_a_unit_wants(text: str, wanted: date | None) -> None:
    assert wanted_until(text, DUE, ON, lambda day, number: day + timedelta(days=number)) == wanted


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("Người ký: Nguyễn Văn Bình", Signer("Nguyễn Văn Bình")),
        ("Người ký: Nguyễn Văn Bình - Phó Giám đốc", Signer("Nguyễn Văn Bình", "Phó Giám đốc")),
        ("Người ký: Sở Y Tế, Hải Phòng", Signer()),
    ],
)
def test_behind_a_label_only_a_name_alone_or_beside_a_title_signs(line: str, who: Signer) -> None:
    assert signer([line]) == who


SAID = "HP-2026-000123: hố ga đã thay nắp xong"
SIGNED = "Trân trọng,\nLê Văn Phó"
PAPER = Attachment("tra-loi.pdf", "application/pdf", 900, "0" * 64, 1)


@pytest.mark.parametrize(
    ("words", "files", "added"),
    [
        (SIGNED, (), True),
        (" ".join(["mời"] * SIGNED_WORDS), (), True),
        (" ".join(["mời"] * (SIGNED_WORDS + 1)), (), False),
        (SIGNED, (PAPER,), False),
        (" ".join(["mời"] * (SIGNED_WORDS + 1)), (PAPER,), False),
    ],
)
def test_the_subject_is_said_where_nothing_else_is(words: str, files: tuple[Attachment, ...], added: bool) -> None:
    """A file, or a text of some length, is the answer itself; its subject only names the matter."""
    mail = ParsedMail("0" * 64, 0, SAID, words, (Mailbox("", "vanthu@don-vi.test"),), attachments=files)
    said = with_subject(mail, Reply(Verb.ANSWER, text=words)).text
    assert said == (f"{SAID}\n\n{words}" if added else words)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SYT xin lùi thời hạn trả lời sang 30/10 do đợi nhà thầu báo cáo ạ", "đợi nhà thầu báo cáo"),
        ("Xin gia hạn đến 30/10 vì chờ kết quả đo giúp em nhé", "chờ kết quả đo"),
        ("Xin gia hạn vì chờ kết quả đo, mong Ban thông cảm", "chờ kết quả đo"),
        ("Xin gia hạn đến 30/10 vì chờ ý kiến của Bộ", "chờ ý kiến của Bộ"),
    ],
)
def test_a_reason_for_the_asker_has_no_courtesy_to_the_board(text: str, why: str) -> None:
    assert reason_in(text) == why
