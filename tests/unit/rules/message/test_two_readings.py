"""Text and HTML of one mail: what mail programs make of the same words is no difference, another word is one."""

import email.policy
from email.message import EmailMessage

import pytest

from daemon.parsing.parse import parse_mail
from rules.message.two_readings import NOTHING_SEEN, differ, written_below, written_between
from rules.values.model import ParsedMail

LETTER = (
    "Kính gửi Ban Biên tập, đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng từ tháng 8, "
    "bao giờ Sở Xây dựng sửa? Tôi đã hỏi phường ba lần mà chưa ai trả lời. "
)


def mail(text: str, html: str, footer: str = "") -> ParsedMail:
    """A mail in two forms as a mail program sends it; ``footer`` is added below both by a list or a scanner."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = "an@dan.test"
    message["Subject"] = "Hỏi"
    message.set_content(text)
    message.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
    if footer:
        message.make_mixed()
        part = EmailMessage(policy=email.policy.SMTP)
        part.set_content(footer)
        message.attach(part)
    return parse_mail(message.as_bytes())


QUOTED = "Vào Th 2, 5 thg 10, 2026 vào lúc 09:00 Ban Biên tập <a@b.test> đã viết:\n> Kính gửi Ông/Bà,\n> Số HP-1.\n"
SAME = {
    "the same words": ("Bao giờ sửa đường?", "<p>Bao giờ <b>sửa</b> đường?</p>"),
    "bold as stars, a link with its address": (
        "*Bao giờ* sửa, xem tại cổng <https://haiphong.test/a?b=c>?",
        '<b>Bao giờ</b> sửa, xem tại <a href="https://haiphong.test/a?b=c">cổng</a>?',
    ),
    "a picture's name": ("Bao giờ sửa? [image: o-ga.png]", '<p>Bao giờ sửa? <img src="cid:1" alt="o-ga.png"></p>'),
    "a picture's words": ("Logo Công ty Bao giờ sửa?", '<img alt="Logo Công ty"><p>Bao giờ sửa?</p>'),
    "an address twice": ("Hỏi a@b.test <mailto:a@b.test> nhé", "Hỏi <a href='mailto:a@b.test'>a@b.test</a> nhé"),
    "numbered lines": ("Xin hỏi:\n 1. Bao giờ?\n 2. Ai trả tiền?", "Xin hỏi:<ol><li>Bao giờ?<li>Ai trả tiền?</ol>"),
    "a table": ("Họ tên: An\nĐT: 0912", "<table><tr><td>Họ tên: An</td></tr><tr><td>ĐT: 0912</td></tr></table>"),
    "no space between blocks": ("Trân trọng Nguyễn Văn An", "<span>Trân trọng</span><span>Nguyễn Văn An</span>"),
    "a quote that one form lacks": (f"Đã nhận, cảm ơn.\n\n{QUOTED}", "<p>Đã nhận, cảm ơn.</p>"),
    "a long letter with one other word": (LETTER * 3 + "Logo", f"<p>{LETTER * 3}</p>"),
    "HTML in the plain text": (f"<p>Xin hỏi:</p>\n<p>{LETTER}<br />An</p>", f"<p>Xin hỏi:</p><p>{LETTER}<br>An</p>"),
    "a stub": ("Your mail reader does not support html.", f"<p>{LETTER}</p>"),
}  # fmt: skip


@pytest.mark.parametrize("how", SAME)
def test_what_mail_programs_make_of_the_same_words_is_no_difference(how: str) -> None:
    assert not differ(mail(*SAME[how]))


def test_a_footer_below_both_forms_is_no_difference() -> None:
    assert not differ(mail("Bao giờ sửa đường?", "<p>Bao giờ sửa đường?</p>", "--\nThư đã được quét vi-rút."))


OTHER = {
    "another order": ("Duyệt", "<p>Trả lại: chưa đúng</p>"),
    "one word more": ("Đồng ý gia hạn đến 30/10/2026", "<p>Không đồng ý gia hạn đến 30/10/2026</p>"),
    "words turned round": ("Đồng ý, không trả lại", "<p>Trả lại, không đồng ý</p>"),
    "another day": ("Gia hạn đến 30/10/2026", "<p>Gia hạn đến 30/11/2026</p>"),
    "another sum in a long letter": (LETTER * 3 + "Nộp 15 triệu.", f"<p>{LETTER * 3} Nộp 50 triệu.</p>"),
    "wholly another letter": (LETTER, "<p>Tôi xin cảm ơn Ban Biên tập đã trả lời.</p>"),
    "more in the HTML": ("Xin hỏi bao giờ sửa?", f"<p>Xin hỏi bao giờ sửa?</p><p>{LETTER}</p>"),
    "more in the text": (f"Xin hỏi bao giờ sửa? {LETTER}", "<p>Xin hỏi bao giờ sửa?</p>"),
    "hidden in the HTML": ("Duyệt", '<p style="display:none">Duyệt</p><p>Chào anh</p>'),
    "a picture alone": ("Duyệt", '<img src="cid:1" alt="Duyệt">'),
    "another order above a quote": (f"Duyệt\n\n{QUOTED}", f"<p>Trả lại</p><p>{QUOTED}</p>"),
}


@pytest.mark.parametrize("how", OTHER)
def test_other_words_are_a_difference(how: str) -> None:
    assert differ(mail(*OTHER[how]))


def test_html_in_which_nothing_is_seen_is_a_difference() -> None:
    read = mail("Duyệt", '<p style="font-size:0">Duyệt</p>')
    assert (read.text, read.seen) == ("Duyệt", NOTHING_SEEN)
    assert differ(read)


def test_a_mail_of_one_form_has_one_reading() -> None:
    message = EmailMessage(policy=email.policy.SMTP)
    message.set_content("<p>Bao giờ sửa?</p>", subtype="html")
    assert parse_mail(message.as_bytes()).seen == ""
    message.set_content("Bao giờ sửa?")
    assert parse_mail(message.as_bytes()).seen == ""


def test_a_plain_part_that_speaks_of_html_is_compared_too() -> None:
    """A short text with "html" in it may be a stub, and an order that nobody sees beside it."""
    assert differ(mail("Duyệt toàn bộ phiên. Xem https://x.test/a.html", "<p>Chào anh</p>"))
    assert differ(mail("Thư này không hỗ trợ HTML, xin mở bằng trình duyệt.", "<p>Đồng ý</p>"))


def test_the_marks_of_a_list_are_no_difference() -> None:
    asked = "<ol type='a'><li>Bao giờ sửa đường?</li><li>Ai trả tiền?</li></ol>"
    assert not differ(mail("a. Bao giờ sửa đường?\nb. Ai trả tiền?", asked))
    assert not differ(mail("- Bao giờ sửa đường?\n- Ai trả tiền?", asked.replace(" type='a'", "")))


SENT = (
    "Kính gửi Sở Xây dựng,\n\nBan Biên tập chuyển câu hỏi dưới đây để Sở Xây dựng trả lời.\n\n"
    f"> {LETTER}\n\nTrả lời thư này: https://doithoai.test/a\n\nTrân trọng,\nBan Biên tập Đối thoại thành phố"
)
WRITTEN = "Đường này sửa xong trước tháng 12."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SENT, ()),
        (f"Sở trả lời ở dưới.\n\n{SENT}\n\nGửi từ điện thoại của tôi", ()),
        (SENT.replace("Trả lời thư", f"{WRITTEN}\nTrả lời thư"), (WRITTEN,)),
        (SENT.replace("bao giờ", f"\n{WRITTEN}\n\nThân ái chào bạn\nbao giờ"), (WRITTEN, "Thân ái chào bạn")),
        (SENT.replace("bao giờ", f"({WRITTEN}) bao giờ").replace("\n> ", "\n"), (WRITTEN,)),
        (SENT.replace(" để Sở", "\n> để\n> Sở").replace("dưới đây", "dưới\nđây"), ()),
        (SENT.replace("/a\n", "/a <https://doithoai.test/b?c=mot%20hai%20ba>\n"), ()),
        (SENT.replace("Trả lời thư", "x y\nTrả lời thư"), ()),
        (SENT.replace("Trả lời thư này", WRITTEN), ()),
        (f"{SENT[:40]}\n{WRITTEN}\n{SENT[:40]}\n{WRITTEN}\n{SENT}", ()),
        (f"{SENT}\n{WRITTEN}\n{SENT}", ()),
        ("", ()),
        (WRITTEN, ()),
    ],
)
def test_what_was_written_into_a_quoted_mail_is_told_apart(text: str, found: tuple[str, ...]) -> None:
    told = written_between(text, SENT)
    assert len(told) == len(found)
    assert all(words in line for words, line in zip(found, told, strict=True))


FORWARDED, WORDS = "---------- Forwarded message ---------", "Câu này các anh chị gửi nhầm người khác rồi."
QUOTED = "\n".join(f"> {line}" for line in SENT.splitlines())
HEAD = "________________________________\nTừ: Ban Biên tập <doithoai@haiphong.test>\nĐến: an@dan.test\nChủ đề: Tin"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{FORWARDED}\n\n{WORDS}\n\nVào Th 2, 5 thg 10, 2026 lúc 09:00 Ban Biên tập đã viết:\n{QUOTED}", (WORDS,)),
        (f"{FORWARDED}\n(thư ở dưới)\n\n{WORDS}\n\n{HEAD}\n\n{SENT}", ("(thư ở dưới)", WORDS)),
        (f"{FORWARDED}\n{SENT}\n{WORDS}", (WORDS,)),
        (f"{HEAD}\n\n{SENT}", ()),
        (f"{FORWARDED}\n{SENT}", ()),
        (f"Vào Th 2, 5 thg 10, 2026 lúc 09:00 Ban Biên tập <doithoai@haiphong.test> đã viết:\n{QUOTED}", ()),
        (QUOTED, ()),
        (f"{HEAD}\n\n{SENT.replace(' ', chr(10))}", ()),
        ("", ()),
    ],
)
def test_what_stands_below_a_forwarded_line_is_the_writer_s(text: str, found: tuple[str, ...]) -> None:
    assert written_below(text, SENT) == found


def test_any_mail_is_compared_in_time() -> None:
    assert written_below(f"{FORWARDED}\n{'a ' * 500_000}", SENT)
    assert written_between("a " * 500_000, SENT) == ()
    assert written_between(f"{SENT} " * 500, f"{SENT} " * 500) == ()
