"""Replies as whole mails: forwards, attachments, several questions, quotes that must say nothing."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.message.quote_markers import DEFAULT
from rules.reply.reply import has_reply_shape, read_reply
from rules.reply.shown import as_sent
from rules.routing.route import load_routing
from rules.understand.understand import Knowledge, understand
from rules.values.data_file import load_units
from rules.values.model import Attachment, Mailbox, ParsedMail, Reply, Verb

ANSWER = "Đường Lạch Tray sẽ được sửa xong trước ngày 30/11/2026, kinh phí bảo trì 200 triệu đồng."
QUOTE = """

Vào Th 6, 20 thg 11, 2026 vào lúc 08:30 Ban Biên tập <doithoai@tp.test> đã viết:

> Kính gửi Sở Xây dựng,
> Ban Biên tập chuyển câu hỏi số HP-2026-000123 để trả lời.
> - Không thuộc thẩm quyền: ghi “Không thuộc thẩm quyền, đề nghị chuyển …” và tên cơ quan có thẩm quyền
> - Xin gia hạn: ghi “Xin gia hạn đến ngày …/…/…”
"""
OUTLOOK = QUOTE.replace("> ", "").replace(
    "Vào Th 6, 20 thg 11, 2026 vào lúc 08:30 Ban Biên tập <doithoai@tp.test> đã viết:",
    "Từ: Ban Biên tập <doithoai@tp.test>\nĐã gửi: 20/11/2026 8:30\nChủ đề: [HP-2026-000123] Câu hỏi",
)
LETTER = """SỞ XÂY DỰNG
Số: 123/SXD-QLN
Kính gửi: Ban Biên tập
Sở Xây dựng trả lời câu hỏi HP-2026-000123 như sau: nhà dưới bảy tầng được miễn giấy phép.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Trần Thị Bình
"""


def mail(text: str, subject: str = "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi", **more: Any) -> ParsedMail:
    sender = (Mailbox("Văn thư", "vanthu@don-vi.test"),)
    return ParsedMail("0" * 64, 1, subject, text, sender, date=datetime(2026, 11, 25, 2, tzinfo=UTC), **more)


def read(text: str, subject: str = "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi", **more: Any) -> Reply:
    return read_reply(mail(text, subject, **more), load_units())


def pdf(
    name: str = "tra-loi.pdf", text: str = "", kind: str = "application/pdf", *, inline: bool = False
) -> Attachment:
    return Attachment(name, kind, 1000, "1" * 64, 1, text, inline)


@pytest.mark.parametrize("quote", [QUOTE, OUTLOOK])
def test_our_own_quoted_words_say_no_verb(quote: str) -> None:
    reply = read("Đèn ngõ 310 sẽ lắp trong quý I năm 2027." + quote)
    assert reply.verb is Verb.ANSWER
    assert reply.questions == ("HP-2026-000123",)
    assert reply.text == "Đèn ngõ 310 sẽ lắp trong quý I năm 2027."
    assert read(quote).verb is Verb.NONE
    assert read("Đã nhận." + quote).verb is Verb.RECEIVED


@pytest.mark.parametrize("quote", ["", QUOTE, OUTLOOK])
def test_an_answer_in_an_attachment_only(quote: str) -> None:
    assert read(quote, attachments=(pdf(),)).verb is Verb.ANSWER
    readable = read(quote, attachments=(pdf(text=LETTER),))
    assert readable.verb is Verb.ANSWER
    assert readable.document == "123/SXD-QLN"
    assert (readable.signer, readable.signer_title) == ("Trần Thị Bình", "Phó Giám đốc")
    assert "miễn giấy phép" in readable.text


def test_a_picture_in_a_signature_is_no_answer() -> None:
    assert read(QUOTE, attachments=(pdf("logo.png", kind="image/png", inline=True),)).verb is Verb.NONE


def test_a_cover_note_with_a_letter_that_refuses() -> None:
    refusal = LETTER.replace(
        "trả lời câu hỏi HP-2026-000123 như sau: nhà dưới bảy tầng được miễn giấy phép.",
        "nhận thấy câu hỏi HP-2026-000123 không thuộc thẩm quyền của Sở, đề nghị chuyển Sở Y tế.",
    )
    reply = read("Kính gửi Ban Biên tập, Sở gửi công văn kèm theo." + QUOTE, attachments=(pdf(text=refusal),))
    assert (reply.verb, reply.unit) == (Verb.NOT_COMPETENT, "SYT")


def test_a_letter_that_asks_for_time() -> None:
    letter = "Số: 9/SXD-VP\nDo phải khảo sát, Sở đề nghị gia hạn thời gian trả lời đến ngày 15/12/2026."
    reply = read("", attachments=(pdf(text=letter),))
    assert (reply.verb, reply.until, reply.document) == (Verb.EXTENSION, date(2026, 12, 15), "9/SXD-VP")


@pytest.mark.parametrize(
    "head",
    [
        "---------- Forwarded message ---------\nTừ: Phòng <p@don-vi.test>\nDate: Th 6, 20 thg 11, 2026\n",
        "Bắt đầu thư được chuyển tiếp:\n\nTừ: Phòng <p@don-vi.test>\nNgày: 20 tháng 11, 2026\nTới: v@don-vi.test\n",
        "________________________________\nTừ: Phòng <p@don-vi.test>\nĐã gửi: 20/11/2026 8:30\nĐến: v@don-vi.test\n",
    ],
)
@pytest.mark.parametrize("note", ["", "Kính chuyển Ban Biên tập.", "Văn thư kính gửi câu trả lời của phòng."])
def test_a_clerk_who_forwards(head: str, note: str) -> None:
    inside = "Phòng trả lời như sau: đường sẽ sửa xong trước Tết.\n\nPhó Trưởng phòng\nLê Văn Cường"
    reply = read(f"{note}\n\n{head}\n{inside}{QUOTE}", "Fwd: Trả lời câu hỏi")
    assert reply.verb is Verb.ANSWER
    assert "sửa xong trước Tết" in reply.text
    assert reply.signer == "Lê Văn Cường"
    assert reply.questions == ("HP-2026-000123",)


def test_a_clerk_who_forwards_a_refusal() -> None:
    inside = "Từ: Phòng <p@don-vi.test>\nĐã gửi: 20/11/2026 8:30\n\nKhông thuộc thẩm quyền, chuyển Sở Y tế."
    reply = read(f"Kính chuyển.\n\n{inside}", "Fwd: HP-2026-000123")
    assert (reply.verb, reply.unit) == (Verb.NOT_COMPETENT, "SYT")


def test_our_own_mail_passed_on_is_no_answer() -> None:
    head = "---------- Forwarded message ---------\nTừ: Ban Biên tập <doithoai+r.k7@tp.test>\nDate: 20/11/2026 8:30\n"
    text = f"Kính chuyển anh Hùng.\n\n{head}\nSở Xây dựng trả lời như sau: đây là lời của chúng ta."
    reply = read(text, "Fwd: [HP-2026-000123]", to=(Mailbox("", "doithoai@tp.test"),))
    assert reply.verb in {Verb.NONE, Verb.FORWARDED}
    assert "lời của chúng ta" not in reply.text


def test_several_questions_by_number() -> None:
    text = (
        "Sở Xây dựng trả lời các câu hỏi như sau:\n\n"
        "1. Câu hỏi HP-2026-000123: nhà dưới bảy tầng được miễn giấy phép.\n\n"
        "2. Câu hỏi số HP-2026-000124 của bà Hoa:\nkhông thuộc thẩm quyền của Sở, đề nghị chuyển Sở Y tế.\n\n"
        "3. HP-2026-000125 - xin gia hạn đến ngày 15/12/2026."
    )
    reply = read(text)
    assert reply.questions == ("HP-2026-000123", "HP-2026-000124", "HP-2026-000125")
    assert [(one.question, one.verb) for one in reply.parts] == [
        ("HP-2026-000123", Verb.ANSWER),
        ("HP-2026-000124", Verb.NOT_COMPETENT),
        ("HP-2026-000125", Verb.EXTENSION),
    ]
    assert reply.parts[0].text == "nhà dưới bảy tầng được miễn giấy phép."
    assert reply.parts[1].unit == "SYT"
    assert reply.parts[2].until == date(2026, 12, 15)


def test_two_questions_one_answer() -> None:
    reply = read("Trả lời câu hỏi HP-2026-000123 và HP-2026-000124 như sau: đường sẽ sửa xong trước Tết.")
    assert reply.questions == ("HP-2026-000123", "HP-2026-000124")
    assert reply.parts == ()


@pytest.mark.parametrize(
    "heads", [("Câu 1:", "Câu 2:"), ("Câu hỏi thứ nhất:", "Câu hỏi thứ hai:"), ("Về câu hỏi 1.", "Về câu hỏi 2.")]
)
def test_several_questions_by_order(heads: tuple[str, str]) -> None:
    reply = read(f"Sở trả lời như sau:\n{heads[0]} Cầu xong năm 2027.\n{heads[1]} Được miễn học phí.")
    assert [(one.number, one.text) for one in reply.parts] == [(1, "Cầu xong năm 2027."), (2, "Được miễn học phí.")]


def test_only_the_second_is_answered() -> None:
    reply = read("Câu 2: được miễn học phí.")
    assert [(one.number, one.text) for one in reply.parts] == [(2, "được miễn học phí.")]


def test_a_numbered_answer_is_one_answer() -> None:
    assert read("Hồ sơ gồm:\n1. Đơn đăng ký\n2. Bản vẽ thiết kế\nNộp tại phường.").parts == ()


def test_a_plain_list_answers_the_numbers_of_the_subject() -> None:
    reply = read("1. Cầu xong năm 2027.\n2. Được miễn học phí.", "Trả lời HP-2026-000123, HP-2026-000124")
    assert [(one.question, one.text) for one in reply.parts] == [
        ("HP-2026-000123", "Cầu xong năm 2027."),
        ("HP-2026-000124", "Được miễn học phí."),
    ]


def test_several_questions_in_an_attachment() -> None:
    text = "SỞ XÂY DỰNG\nSố: 5/SXD-VP\n\nHP-2026-000123: cầu xong năm 2027.\nHP-2026-000124: được cấp phép.\n"
    reply = read("Sở gửi văn bản trả lời kèm theo.", "Trả lời", attachments=(pdf(text=text),))
    assert [one.question for one in reply.parts] == ["HP-2026-000123", "HP-2026-000124"]
    assert reply.questions == ("HP-2026-000123", "HP-2026-000124")


def test_the_shape_of_a_reply() -> None:
    assert has_reply_shape(mail("x", "Trả lời: câu hỏi"))
    assert has_reply_shape(mail("x", "RE: câu hỏi"))
    assert has_reply_shape(mail("x", "Trả lời công dân", in_reply_to=("a@tp.test",)))
    assert has_reply_shape(mail("x", "Gửi HP 2026 123"))
    assert has_reply_shape(mail("Về câu HP-2026-000123", "Trả lời"))
    assert has_reply_shape(mail("", "Gửi", attachments=(pdf("HP-2026-000123.pdf"),)))
    assert not has_reply_shape(mail("Kính gửi Ban Biên tập, tôi xin hỏi", "Câu hỏi về đất"))


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=200))
def test_never_raises(text: str, subject: str, attached: str) -> None:
    read(text, subject, attachments=(pdf(text=attached),))


@pytest.mark.wide
def test_a_huge_text_costs_no_more() -> None:
    text = ("Sở trả lời. Vào ngày 12/5/2026 xin gia hạn " * 20 + "\n") * 2000
    assert read(text).verb in set(Verb)


@pytest.mark.parametrize(
    "text",
    [
        "Sở trả lời như sau:\nTrả lời cho câu 1: Đường sẽ sửa quý I/2027.\nTrả lời cho câu 2: Đèn sẽ lắp tháng 12.",
        "a) Câu 1: Đường sẽ sửa quý I.\nb) Câu 2: Đèn sẽ lắp tháng 12.",
        "I. Về câu hỏi thứ nhất: đường sẽ sửa quý I.\nII. Về câu hỏi thứ hai: đèn sẽ lắp tháng 12.",
    ],
    ids=["for", "letters", "roman"],
)
def test_answers_by_order_however_the_list_is_written(text: str) -> None:
    parts = read(text + QUOTE).parts
    assert [part.number for part in parts] == [1, 2]
    assert "sửa quý I" in parts[0].text
    assert "tháng 12" in parts[1].text


def answers(name: str) -> list[dict[str, str]]:
    text = (Path(__file__).parents[3] / "data" / name).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_unit_that_calls_itself_competent_refuses_nothing() -> None:
    said = "Việc cấp phép thuộc thẩm quyền của Sở Xây dựng, hồ sơ gồm 5 giấy tờ, nộp trong giờ hành chính."
    knowledge = Knowledge(load_units(), load_routing(), {"vanthu@don-vi.test": "SXD"})
    reply = understand(mail(said + QUOTE), knowledge, date(2026, 11, 25)).reply
    assert reply is not None
    assert (reply.verb, reply.unit) == (Verb.ANSWER, "")
    other = Knowledge(load_units(), load_routing(), {"vanthu@don-vi.test": "SYT"})
    refused = understand(mail("Việc này thuộc thẩm quyền của Sở Xây dựng." + QUOTE), other, date(2026, 11, 25)).reply
    assert refused is not None
    assert (refused.verb, refused.unit) == (Verb.NOT_COMPETENT, "SXD")


def test_a_colleague_who_is_to_look_is_no_other_unit() -> None:
    """Not among the cases from which the vote is trained."""
    assert read(f"Chuyển chị Lý xem ạ{QUOTE}").verb is Verb.RECEIVED


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Kính chuyển BBT nội dung trả lời của phòng:\n", ""),
        ("Kính gửi quý cơ quan,\nGửi BBT nội dung trả lời công dân, đề nghị BBT cho đăng như sau:\n", ""),
        ("", "\nSở Xây dựng trân trọng gửi Ban Biên tập để đăng tải theo quy định./."),
        ("", "\nBBT đăng giúp trong ngày nhé."),
        ("Kính gửi BBT, em gửi nội dung trả lời đã được PGĐ Lê Văn Thành duyệt ạ.\n", " Cảm ơn BBT."),
        ("", "\nTrân trọng,\nTừ: BBT\nĐến: Sở Xây dựng\nĐường trước nhà hỏng."),
        ("", "\nTrân trọng,\nBan Biên tập (24/11/2026 09:15):\nĐường trước nhà hỏng."),
        ("", "\nTrân trọng,\nNguyễn Văn An\n“Kỷ cương, trách nhiệm”\nNhờ Ban Biên tập đăng giúp."),
    ],
)
def test_what_hands_an_answer_to_the_board_is_no_part_of_it(above: str, below: str) -> None:
    reply = read(f"{above}{ANSWER}{below}{QUOTE}")
    assert reply.verb is Verb.ANSWER
    assert reply.text == f"{above}{ANSWER}{below}", "judged by the whole"
    shown = as_sent(reply.text, DEFAULT)
    assert ANSWER in shown
    assert not any(word in shown for word in ("BBT", "Ban Biên tập"))


@pytest.mark.parametrize(
    "said",
    [
        f"Sở Xây dựng nhận được văn bản của Ban Biên tập chuyển câu hỏi của ông An, Sở trả lời như sau:\n{ANSWER}",
        f"Kính gửi Ban Biên tập,\n{ANSWER}",
        f"{ANSWER}\nĐề nghị Ban Biên tập chuyển tới UBND phường trả lời phần còn lại.",
        f"Sở Y tế trả lời: vắc xin phòng chống virus dại tiêm tại trạm.\nHãy nghĩ đến môi trường.\n{ANSWER}",
        f"{ANSWER}\nTrân trọng,\nLƯU Ý: MANG THEO CĂN CƯỚC KHI ĐẾN NỘP HỒ SƠ",
        f"{ANSWER}\nĐề nghị BBT chưa đăng trả lời này.",
        f"{ANSWER}\nĐề nghị ông gửi đơn tới phường, phường sẽ trả lời trong 5 ngày.",
    ],
)
def test_a_line_of_an_answer_that_names_the_board_stays(said: str) -> None:
    assert as_sent(read(said + QUOTE).text, DEFAULT) == said


@pytest.mark.parametrize("whose", ["(Nguyễn Văn An): ", "(bà Lê Thị Bình):\n"])
def test_whose_a_part_of_a_common_answer_is_stands_before_none_of_it(whose: str) -> None:
    assert as_sent(whose + ANSWER, DEFAULT) == ANSWER
    said = f"(đã họp ngày 5/10): {ANSWER}"
    assert as_sent(said, DEFAULT) == said


def shown_of(row: dict[str, str]) -> str:
    knowledge = Knowledge(load_units(), load_routing(), {"vanthu@don-vi.test": "SXD"})
    found = understand(mail(row["body"].replace("\\n", "\n")), knowledge, date(2026, 11, 25)).reply
    return " ".join(as_sent(found.text, DEFAULT).split()) if found else ""


@pytest.mark.parametrize(
    ("file", "held", "beside"),
    [
        (
            "answers_as_sent.tsv",
            ["b41"],
            1,
        ),  # says that its answer stands below the question, and waits for an officer
        ("answers_as_sent_2.tsv", ["a11", "a18", "a78"], 45),
    ],
)
def test_answers_by_strangers_are_cut_as_a_clerk_would(file: str, held: list[str], beside: int) -> None:
    """What must reach the citizen, and what is no part of an answer."""
    lost, kept, rows = [], [], answers(file)
    for row in rows:
        text = shown_of(row)
        lost += [row["id"] for one in row["wanted"].split(" || ") if " ".join(one.split()) not in text][:1]
        kept += [row["id"] for one in row["must_not"].split(" || ") if one and " ".join(one.split()) in text][:1]
    assert len(rows) == 80
    assert lost == held
    assert len(kept) <= beside


@pytest.mark.parametrize("row", answers("answers_like_form.tsv"), ids=lambda row: row["id"])
def test_what_looks_like_form_and_tells_something_stays(row: dict[str, str]) -> None:
    text = shown_of(row)
    assert [one for one in row["wanted"].split(" || ") if " ".join(one.split()) not in text] == []


INTERNAL = "Em trả lời qua loa thôi, nhà thầu đang nợ."


@pytest.mark.parametrize(
    "below",
    [
        f"From: Nguyễn Văn Bình <binh@don-vi.test>\nSent: Friday, November 20, 2026 8:11 PM\n\n{INTERNAL}",
        f"Vào 20:11, Th 6, 20 thg 11, 2026, Nguyễn Văn Bình <binh@don-vi.test> đã viết:\n> {INTERNAL}",
    ],
)
@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("Văn thư", "vanthu@don-vi.test"),
        ("Văn thư Sở Xây dựng", "sxd@noi-khac.test"),
        ("Trần Thị Bình", "binh@noi-khac.test"),
    ],
)
def test_what_a_unit_quotes_in_a_mail_of_its_own_is_not_its_own_text(name: str, sender: str, below: str) -> None:
    said = "Sở Xây dựng trả lời câu hỏi HP-2026-000001: đường Lạch Tray sẽ được sửa trong tháng 12/2026."
    knowledge = Knowledge(load_units(), load_routing(), {"vanthu@don-vi.test": "SXD"})
    sent = replace(mail(f"{said}\n\n{below}", "Trả lời"), senders=(Mailbox(name, sender),))
    assert understand(sent, knowledge, date(2026, 11, 25)).text.own == said
