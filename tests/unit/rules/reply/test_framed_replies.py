"""A department's mail is heard by what it says, not by its greeting and closing, or a document's head and foot."""

import pytest

from rules.message.quote_markers import DEFAULT
from rules.reply.evidence import Papers, settled, weigh
from rules.reply.patterns import load_line_patterns
from rules.reply.reply import read_reply
from rules.reply.sentences import _unwrapped, matter_of
from rules.reply.unit_names import unit_names
from rules.values.data_file import load_units
from rules.values.model import Mailbox, ParsedMail, Verb

UNITS = load_units()
NAMES = unit_names(UNITS)
ASKED = "Đường Trường Chinh có nhiều ổ gà, bao giờ sửa?"
HEAD = """UBND THÀNH PHỐ HẢI PHÒNG
SỞ XÂY DỰNG
Số: 1234/SXD-VP
V/v trả lời ý kiến công dân
Hải Phòng, ngày 12 tháng 10 năm 2026

Kính gửi: Ban Biên tập Cổng thông tin điện tử thành phố

"""
FOOT = """

Nơi nhận:
- Như trên;
- Giám đốc Sở (để b/c);
- Lưu: VT.

KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
(đã ký)
Trần Văn Bình"""
EIGHT = "Chuyên viên Lê Văn Phó, Phòng Quản lý"
"""A name and a post; what is longer below a closing may say more."""
FRAMES = {
    "bare": ("", ""),
    "formal": ("Kính gửi: Ban Biên tập đối thoại thành phố\n\n", "\n\nTrân trọng cảm ơn."),
    "thanks": ("Chào các bạn,\n", "\nCảm ơn các bạn!\n\nĐã gửi từ iPhone của tôi"),
    "paper": (HEAD, FOOT),
    "unnumbered": ("Kính gửi Ban Biên tập Cổng thông tin điện tử thành phố,\n", FOOT),
}
MAILS = {
    Verb.ANSWER: "Mặt đường Trường Chinh được vá xong trước ngày 30/10/2026, kinh phí 900 triệu đồng.",
    Verb.RECEIVED: "Sở xác nhận đã nhận được câu hỏi của ông An, đang giao phòng chuyên môn xem xét.",
    Verb.EXTENSION: "Do phải khảo sát lại hiện trường, Sở xin gia hạn trả lời câu hỏi này đến ngày 30/10/2026.",
    Verb.NOT_COMPETENT: "Nội dung này không thuộc thẩm quyền giải quyết của Sở, đề nghị chuyển đơn vị khác.",
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("verb", MAILS)
def test_the_frame_changes_nothing(verb: Verb, frame: str) -> None:
    before, behind = FRAMES[frame]
    text = f"{before}{MAILS[verb]}{behind}"
    subject = "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi"
    reply = read_reply(ParsedMail("0" * 64, len(text), subject, text, (Mailbox("Văn thư", "s@don-vi.test"),)), UNITS)
    found = weigh(reply.text, ASKED, Papers(0, reply.document, reply.signer_title), NAMES)
    assert settled(reply.verb, reply.unit, found) is verb


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        (f"{HEAD}Tuần này vá xong.{FOOT}", "Tuần này vá xong."),
        ("Kính gửi ông An,\nTuần này vá xong.\nTrân trọng./.", "Kính gửi ông An,\nTuần này vá xong."),
        (f"Tuần này vá xong.\nTrân trọng\n{EIGHT}", "Tuần này vá xong."),
        (f"Tuần này vá xong.\nTrân trọng\n{EIGHT} mới", f"Tuần này vá xong.\nTrân trọng\n{EIGHT} mới"),
        ("Số 5 ngõ 3 đã sửa.\nKính gửi Ban Biên tập: xong.", "Số 5 ngõ 3 đã sửa.\nKính gửi Ban Biên tập: xong."),
        ("Trân trọng cảm ơn.", "Trân trọng cảm ơn."),
        (
            "Nơi nhận: Ban Biên tập.\nTuần này vá xong.\nNơi nhận:\n- Lưu: VT.",
            "Nơi nhận: Ban Biên tập.\nTuần này vá xong.",
        ),
        (HEAD, "Kính gửi: Ban Biên tập Cổng thông tin điện tử thành phố"),
        ("1. Câu hỏi: bao giờ vá?\n\nTrả lời: tuần này.\nHỏi: ai làm?\nĐÁP: Sở.", "Trả lời: tuần này.\nĐÁP: Sở."),
        ("- Hỏi: đường hỏng,\nbao giờ vá?\n \n\nTrả lời: tuần này.", "Trả lời: tuần này."),
        ("Hỏi: bao giờ vá?\nTuần này vá xong.", "Hỏi: bao giờ vá?\nTuần này vá xong."),
        ("Hỏi: ai vá?\n\nSở vá.\nTrả lời: tuần này.", "Hỏi: ai vá?\nSở vá.\nTrả lời: tuần này."),
    ],
)
def test_what_is_said_between_head_and_foot(text: str, matter: str) -> None:
    assert matter_of(text, load_line_patterns(DEFAULT)).strip() == matter.strip()


def test_wrapped_lines_are_one_and_the_items_of_a_list_are_not() -> None:
    text = "Tuần này vá xong đoạn\ntrước cổng trường, gồm các việc,\n- nắp cống\n- vỉa hè\nvà lan can"
    said = ["Tuần này vá xong đoạn trước cổng trường, gồm các việc,", "- nắp cống", "- vỉa hè và lan can"]
    assert list(_unwrapped(text, load_line_patterns(DEFAULT))) == said
