"""Units' replies as they come: several questions in one mail, answers in files only, document numbers as keys."""

import email
import email.policy
import io
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import docx
import openpyxl
import pytest
import typst

from db.core.tables import answer, assignment, duty, outbox
from db.register import links
from rules.decide.reply import weighing
from rules.reply.evidence import forbidden
from rules.text import strip_marks
from tests.installation import OFFICER, SXD, answer_to, letter, text_of, unit_address
from tests.world import LETTER, World, vouched

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ASKED = (
    "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?",
    "Xin hỏi hồ sơ xin cấp giấy phép xây dựng nhà ở riêng lẻ 4 tầng gồm những gì, nộp ở đâu?",
    "Chung cư nhà tôi chưa bàn giao quỹ bảo trì cho ban quản trị, Sở Xây dựng xử lý thế nào?",
)
ROAD, PERMIT, FUND = (
    "Đường sẽ được sửa trong quý I năm 2027 theo kế hoạch bảo trì.",
    "Hồ sơ gồm đơn, bản vẽ và giấy tờ đất, nộp tại Trung tâm Phục vụ hành chính công.",
    "Sở đã yêu cầu chủ đầu tư bàn giao quỹ bảo trì trước ngày 30/11/2026.",
)
HEAD = ("SỞ XÂY DỰNG", "Số: {number}/SXD-QLN", "Kính gửi: Ban Biên tập", "Sở Xây dựng trả lời như sau:")
FOOT = ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Phạm Quốc Khánh")
COUNT = itertools.count(1)
File = tuple[str, str, bytes]


def word(name: str, lines: Sequence[str], table: Sequence[Sequence[str]] = ()) -> File:
    """A Word document, a paragraph a line, and a table below."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        rows = document.add_table(rows=0, cols=len(table[0]))
        for cells in table:
            for cell, text in zip(rows.add_row().cells, cells, strict=True):
                cell.text = text
    content = io.BytesIO()
    document.save(content)
    return name, WORD, content.getvalue()


def workbook(name: str, rows: Sequence[Sequence[str]]) -> File:
    """An Excel file of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content.getvalue()


def pdf(name: str, lines: Sequence[str]) -> File:
    """A PDF with a text layer."""
    source = "\n\n".join(f'#text("{line}")' for line in lines)
    return name, "application/pdf", typst.compile(source.encode())


class Asked:
    """Three new questions that lie with the Department of Construction, and what became of them."""

    def __init__(self, kept_house: World, same_asker: bool = False) -> None:
        self.made, self.codes, self.ids = kept_house, [], []
        for text in ASKED:
            n = next(COUNT)
            sender = "moi@dan.test" if same_asker else f"nguoi{n}@dan.test"
            body = f"{text} (lần {n})\n\nNguyễn Văn An\nSố {n} đường Trường Chinh, phường Kiến An\n0912 000 111\n"
            row = kept_house.ask(body, sender)
            assert row["status"] == "forwarded"
            self.codes.append(str(row["code"]))
            self.ids.append(row["id"])
        self.number = next(COUNT)

    def by(self, text: str, files: Sequence[File] = (), sender: str = SXD, subject: str = "") -> dict[str, Any]:
        """A mail of the unit in no thread; its row."""
        subject = subject or f"Văn thư {next(COUNT)}"
        return self.made.arrive(vouched(letter(sender, text, subject=subject, attachments=files), "sxd.test"))

    def thread(self, text: str, files: Sequence[File] = (), sender: str = SXD, **options: object) -> dict[str, Any]:
        """The unit answers the mail about the last question."""
        raw = answer_to(self.made.last("unit_forward"), sender, text, attachments=files, **options)
        return self.made.arrive(vouched(raw, sender.rpartition("@")[2]))

    @property
    def states(self) -> list[object]:
        """How the three questions stand."""
        return [row["status"] for row in self.made.house.questions if row["id"] in self.ids]

    def answers(self, place: int) -> list[dict[str, Any]]:
        """What is kept as the answer to one of them."""
        kept = (dict(row) for row in self.made.rows(answer) if row["question_id"] == self.ids[place])
        return [row | {"text": " ".join(str(row["text"]).split())} for row in kept]

    def told(self, place: int) -> tuple[str, list[str]]:
        """Text and files of the last mail to the asker."""
        rows = [row for row in self.made.rows(outbox) if row["question_id"] == self.ids[place]]
        raw = next(row["bytes"] for row in reversed(rows) if row["role"] == "citizen")
        message = email.message_from_bytes(bytes(raw), policy=email.policy.default)
        text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        return " ".join(text.split()), [str(one.get_filename()) for one in message.iter_attachments()]

    def head(self) -> list[str]:
        """The first lines of a document with the next number."""
        return [line.format(number=self.number) for line in HEAD]


@pytest.fixture
def asked(kept_house: World) -> Asked:
    return Asked(kept_house)


@pytest.mark.parametrize(
    "words",
    [
        "Ba câu hỏi {0}, {1}, {2} cùng nội dung, Sở Xây dựng trả lời chung: {text}",
        "Sở Xây dựng trả lời chung cho các câu {0}, {1} và {2}: {text}",
        "tra loi 3 cau hoi {0}, {1}, {2}: {text}",
        "{0}\n{1}\n\n- Câu {2};\n{text}",
    ],
)
def test_one_answer_for_all_numbers_that_it_enumerates_goes_to_each_asker(asked: Asked, words: str) -> None:
    assert asked.thread(words.format(*asked.codes, text=ROAD))["status"] == "done"
    assert asked.states == ["answered"] * 3


def test_two_numbers_that_head_one_text_have_it_and_a_third_has_its_own(asked: Asked) -> None:
    asked.thread(f"Sở Xây dựng trả lời:\n{asked.codes[0]}; {asked.codes[1]}: {ROAD}\n{asked.codes[2]}: {FUND}")
    assert [[row["text"] for row in asked.answers(place)] for place in range(3)] == [[ROAD], [ROAD], [FUND]]


@pytest.mark.parametrize(
    "text",
    [
        "Sở Xây dựng trả lời {2}: {fund} Còn {0} không thuộc thẩm quyền của Sở, đề nghị chuyển Sở Y tế.",
        "Sở Xây dựng trả lời {2}: {fund} Câu {0} thì xin gia hạn đến 30/11/2026.",
        "Sở Xây dựng trả lời {2}: {fund}\n\nĐối với {0}, xin gia hạn đến 30/11/2026.",
        "Trả lời {0}: {road} Trả lời luôn {2}: {fund}",
        "{0} (ông An), {1} (bà Bình): {road}\n{2}: {fund}",
        "{0} và phần đầu của {1}: {road}\n{2}: {fund}",
        "{0}, sở đã trả lời, {1}: {road}\n{2}: {fund}",
    ],
)
def test_words_for_one_number_that_are_not_cut_from_anothers_wait(asked: Asked, text: str) -> None:
    held = asked.thread(text.format(*asked.codes, road=ROAD, fund=FUND))
    assert (held["status"], asked.states) == ("held", ["forwarded"] * 3), held["reason"]


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("{0} & {1}: {road}\n{2}: {fund}", (0, 1, 2)),
        ("{0} và câu {1}: {road} {2}: {fund}", (0, 1, 2)),
        ("{0}\n{1}\n{road}\n\n{2}\n{fund}", (0, 1, 2)),
        ("{0}, đã nhận, {1}: {road}\n{2}: {fund}", (1, 2)),
        ("{0} và {1}: xin gia hạn đến 30/11/2026.\n{2}: {fund}", (2,)),
        ("Trả lời {2}, {0}: {fund} Cả hai câu {0} và {2} đều do chủ đầu tư.", (0, 2)),
        ("Sở Xây dựng trả lời {2}: {fund} Xem thêm trả lời câu {0}.", (2,)),
    ],
)
def test_numbers_in_a_row_have_one_answer(asked: Asked, text: str, answered: tuple[int, ...]) -> None:
    done = asked.thread(text.format(*asked.codes, road=ROAD, fund=FUND))
    assert [place for place in range(3) if asked.answers(place)] == [*answered], done["reason"]
    assert (asked.codes[0] in str(done["reason"])) == ("Xem thêm" not in text), "what it was taken for names it"


def test_the_threads_number_among_others_is_not_taken_for_the_only_one(kept_house: World, asked: Asked) -> None:
    held = asked.thread(f"{ROAD} Sở mong {asked.codes[0]}, {asked.codes[1]}, {asked.codes[2]} thông cảm.")
    assert (held["status"], asked.states) == ("held", ["forwarded"] * 3)
    assert all(code in text_of(kept_house.last("officer_review", OFFICER)) for code in asked.codes)


@pytest.mark.parametrize(
    "text",
    [
        "Sở Xây dựng trả lời như sau:\n\n1. Câu hỏi {0}: {road}\n\n2. Câu hỏi {1}: {permit}\n",
        "{0}: {road}\n{1}: {permit}\nCòn câu hỏi {2} Sở đang cho xác minh.\n",
        "Sở Xây dựng trả lời các câu hỏi số {0} và {1} như sau:\n\n1. {road}\n\n2. {permit}\n",
        "Trả lời {0}, {1}:\n\nCâu 1: {road}\n\nCâu 2: {permit}\n",
        "Trả lời {0}, {1}:\n\nCâu thứ nhất: {road}\nCâu thứ hai: {permit}\n",
    ],
)
def test_two_of_three_are_answered_in_the_body_each_with_its_own_words(asked: Asked, text: str) -> None:
    row = asked.by(text.format(*asked.codes, road=ROAD, permit=PERMIT))
    assert row["fate"] == "attach", row["reason"]
    assert asked.states == ["answered", "answered", "forwarded"]
    (road,), (permit,) = asked.answers(0), asked.answers(1)
    assert ROAD in str(road["text"])
    assert PERMIT not in str(road["text"])
    assert PERMIT in str(permit["text"])
    assert PERMIT in asked.told(1)[0]
    assert ROAD not in asked.told(1)[0]


def test_a_file_is_read_once_for_all_answers_of_its_mail(kept_house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    town, read = Asked(kept_house), list[str]()

    def counted(texts: Iterable[str], *more: Any) -> Any:
        read.extend(given := list(texts))
        return forbidden(given, *more)

    monkeypatch.setattr(weighing, "forbidden", counted)
    table = word("phu-luc.docx", ["Phụ lục khối lượng", "Đoạn một", "Đoạn hai"])
    town.by("1. {0}: {road}\n\n2. {1}: {permit}\n".format(*town.codes, road=ROAD, permit=PERMIT), [table])
    assert town.states == ["answered", "answered", "forwarded"]
    assert sum("Phụ lục khối lượng" in one for one in read) == 2, "the whole file and its head"


@pytest.mark.parametrize(
    "text",
    [
        f"{{2}} đã nhận, {{1}} trả lời: {PERMIT}",
        f"Không phải {{2}} mà là câu {{1}}: {PERMIT}",
        f"{{2}} không thuộc thẩm quyền, {{1}}: {PERMIT}",
    ],
)
def test_a_number_behind_anothers_words_has_the_answer_for_itself(asked: Asked, text: str) -> None:
    asked.thread(text.format(*asked.codes))
    assert asked.states[:2] == ["forwarded", "answered"]
    assert asked.states[2] != "answered"
    assert not asked.answers(2)


@pytest.mark.parametrize("text", [f"{{2}} đã nhận, {{1}} thì {PERMIT}", f"Câu này không phải {{2}}. {PERMIT}"])
def test_a_number_that_may_have_anothers_answer_waits_for_a_person(asked: Asked, text: str) -> None:
    assert asked.thread(text.format(*asked.codes))["status"] == "held"
    assert asked.states == ["forwarded"] * 3


@pytest.mark.parametrize("kind", ["word", "pdf", "table", "sheet", "order", "order_pdf"])
@pytest.mark.parametrize("cover", ["", "Kính gửi Ban Biên tập văn bản trả lời kèm theo."])
def test_two_of_three_are_answered_in_one_file(asked: Asked, kind: str, cover: str) -> None:
    by_number = [f"1. Câu hỏi số {asked.codes[0]}: {ROAD}", f"2. Câu hỏi số {asked.codes[1]}: {PERMIT}"]
    by_order = [f"Về các câu hỏi {asked.codes[0]}, {asked.codes[1]}:", f"Câu 1. {ROAD}", f"Câu 2. {PERMIT}"]
    rows = (("STT", "Số câu hỏi", "Trả lời"), ("1", asked.codes[0], ROAD), ("2", asked.codes[1], PERMIT))
    file = {
        "word": lambda: word("Trả lời.docx", [*asked.head(), *by_number, *FOOT]),
        "pdf": lambda: pdf("Trả lời.pdf", [*asked.head(), *by_number, *FOOT]),
        "table": lambda: word("Trả lời.docx", asked.head(), rows),
        "sheet": lambda: workbook("Trả lời.xlsx", [*([line] for line in asked.head()), *rows]),
        "order": lambda: word("Trả lời.docx", [*asked.head(), *by_order, *FOOT]),
        "order_pdf": lambda: pdf("Trả lời.pdf", [*asked.head(), *by_order, *FOOT]),
    }[kind]()
    row = asked.by(cover, [file])
    assert row["fate"] == "attach", row["reason"]
    assert asked.states == ["answered", "answered", "forwarded"]
    (road,), (permit,) = asked.answers(0), asked.answers(1)
    assert ROAD in str(road["text"])
    assert PERMIT not in str(road["text"])
    assert PERMIT in str(permit["text"])
    assert road["document"] == permit["document"] == f"{asked.number}/SXD-QLN"
    text, files = asked.told(0)
    assert f"{asked.number}/SXD-QLN" in text
    assert files == []  # the file answers somebody else too


@pytest.mark.parametrize("name", ["TL {}", "TL_{}_signed"])
def test_a_file_for_each_question_goes_to_its_own_asker(asked: Asked, name: str) -> None:
    first = word(f"{name.format(asked.codes[0])}.docx", ["Số: 901/SXD-QLN", ROAD])
    second = pdf(f"{name.format(asked.codes[1])}.pdf", ["Số: 902/SXD-QLN", PERMIT])
    asked.by("Sở Xây dựng gửi kèm trả lời.", [first, second])
    assert asked.states == ["answered", "answered", "forwarded"]
    assert [asked.answers(n)[0]["document"] for n in (0, 1)] == ["901/SXD-QLN", "902/SXD-QLN"]
    assert PERMIT in str(asked.answers(1)[0]["text"])
    assert asked.told(0)[1] == [first[0]]
    assert asked.told(1)[1] == [second[0]]


def test_a_signed_file_named_for_anothers_question_waits_for_a_person(asked: Asked) -> None:
    row = asked.thread("Sở Xây dựng gửi văn bản trả lời đính kèm.", [pdf(f"{asked.codes[0]}_signed.pdf", [ROAD])])
    assert row["status"] == "held", row["reason"]
    assert asked.states == ["forwarded"] * 3


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("Đây là dự thảo, chưa gửi dân.\n", ""),
        ("Trình anh Hùng ký, ký xong mới gửi:\n", ""),
        ("", "\nRiêng câu {0} khoan gửi."),
        ("", "\n--\nKhông gửi công dân, nội bộ."),
        ("", "\nKhông gửi nội dung trả lời công dân."),
    ],
)
def test_what_forbids_to_send_counts_above_and_below_the_parts(asked: Asked, before: str, behind: str) -> None:
    row = asked.by(f"{before}{{0}}: {ROAD}\n{{1}}: {PERMIT}{behind}".format(*asked.codes))
    assert row["status"] == "held", row["reason"]
    assert asked.states == ["forwarded"] * 3


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("TL.pdf", ["SỞ XÂY DỰNG", "DỰ THẢO", "Số: /SXD-QLN", FUND]),
        ("TL.pdf", ["TỜ TRÌNH", "Kính gửi: Ủy ban nhân dân thành phố", FUND]),
        ("TL.pdf", ["Lưu hành nội bộ", FUND, "Không gửi công dân."]),
        ("TL.pdf", [FUND, "Bàn giao trước ngày ......../......../2026, kinh phí ................ đồng."]),
        ("TraLoi_DuThao.pdf", [FUND]),
    ],
)
def test_a_file_that_must_not_leave_holds_the_mail(asked: Asked, name: str, lines: list[str]) -> None:
    row = asked.thread("Sở Xây dựng gửi văn bản trả lời đính kèm.", [pdf(name, lines)])
    assert row["status"] == "held", row["reason"]
    assert asked.states == ["forwarded"] * 3


def test_a_form_to_fill_in_goes_with_the_answer(asked: Asked) -> None:
    form = pdf("mau don.pdf", ["ĐƠN ĐỀ NGHỊ", "Kính gửi: UBND phường ............", "Họ tên: ................"])
    asked.thread(f"Sở Xây dựng trả lời: {FUND} Mẫu đơn gửi kèm.", [form])
    assert asked.states == ["forwarded", "forwarded", "answered"]
    assert asked.told(2)[1] == [form[0]]


def test_who_asked_both_gets_the_file_that_answers_both(kept_house: World) -> None:
    town = Asked(kept_house, same_asker=True)
    town.by("", [word("TL.docx", [f"{town.codes[0]}: {ROAD}", f"{town.codes[1]}: {PERMIT}"])])
    assert town.states == ["answered", "answered", "forwarded"]
    assert town.told(0)[1] == ["TL.docx"]


def test_one_answer_to_two_questions_of_the_same_content_goes_whole_to_both(asked: Asked) -> None:
    asked.by(f"Các câu hỏi {asked.codes[0]}, {asked.codes[1]} có cùng nội dung, trả lời:\n1. {ROAD}\n2. {PERMIT}\n")
    assert asked.states == ["answered", "answered", "forwarded"]
    for place in (0, 1):
        assert ROAD in str(asked.answers(place)[0]["text"])
        assert PERMIT in str(asked.answers(place)[0]["text"])


def test_a_list_is_not_given_to_a_question_that_is_only_cited(asked: Asked) -> None:
    asked.by(f"Sở Xây dựng trả lời câu hỏi {asked.codes[1]}: {PERMIT}")
    asked.by(f"Về câu hỏi {asked.codes[0]} (xem thêm câu hỏi {asked.codes[1]}), Sở trả lời:\n1. {ROAD}\n2. {FUND}\n")
    assert asked.states == ["answered", "answered", "forwarded"]
    assert FUND in str(asked.answers(0)[0]["text"])
    assert len(asked.answers(1)) == 1


def test_an_answer_in_a_file_only_in_the_thread(kept_house: World) -> None:
    for file, document in (
        (word("tra loi.docx", ["Số: 911/SXD-QLN", FUND, *FOOT]), "911/SXD-QLN"),
        (pdf("tra loi.pdf", ["Số: 912/SXD-QLN", FUND, *FOOT]), "912/SXD-QLN"),
        (("913_SXD-QLN.signed.pdf", "application/pdf", b"%PDF-1.4\n%a scan\n"), "913/SXD-QLN"),
    ):
        town = Asked(kept_house)
        town.thread("", [file])
        assert town.states == ["forwarded", "forwarded", "answered"]
        (kept,) = town.answers(2)
        assert kept["document"] == document
        assert town.told(2)[1] == [file[0]]


def test_verbs_differ_from_question_to_question(kept_house: World, asked: Asked) -> None:
    asked.by(
        f"{asked.codes[0]}: {ROAD}\n"
        f"{asked.codes[1]}: không thuộc thẩm quyền của Sở Xây dựng, đề nghị chuyển Sở Tài chính.\n"
        f"{asked.codes[2]}: xin gia hạn đến ngày 15/11/2026.\n"
    )
    assert asked.states == ["answered", "forwarded", "forwarded"]
    holders = {row["unit"] for row in kept_house.rows(assignment) if row["question_id"] == asked.ids[1]}
    assert holders == {"SXD", "STC"}
    assert "15/11/2026" in str(kept_house.last("officer_alert", OFFICER))


EACH = {
    "không thuộc thẩm quyền của Sở Xây dựng.": ["needs_review", "needs_review", "forwarded"],
    "Sở Xây dựng xin gia hạn đến ngày 15/12/2026 vì phải kiểm tra hiện trường.": ["forwarded"] * 3,
    "Sở Xây dựng đang xin ý kiến UBND thành phố về việc này.": ["forwarded"] * 3,
}


@pytest.mark.parametrize("said", EACH)
def test_what_a_unit_says_of_two_questions_is_put_before_the_officers_for_each(kept_house: World, said: str) -> None:
    town, before = Asked(kept_house), kept_house.last_sent()
    row = town.by(f"{town.codes[0]}: {said}\n\n{town.codes[1]}: {said}")
    assert row["fate"] == "attach", row["reason"]
    for name in ("officer_alert", *(["office_asked"] if "UBND" in said else [])):
        sent = kept_house.house.sent_with(after=before, name=name)
        assert [one["question_id"] for one in sent] == town.ids[:2]
    waits = [
        one["question_id"] for one in kept_house.rows(duty) if one["kind"] == "review" and one["status"] == "open"
    ]
    assert [one in waits for one in town.ids] == [state == "needs_review" for state in EACH[said]]
    assert town.states == EACH[said]


def test_yes_to_each_of_two_wishes_of_one_mail_is_for_its_own_question(kept_house: World) -> None:
    town, before = Asked(kept_house), kept_house.last_sent()
    town.by("Sở Xây dựng xin gia hạn trả lời hai câu hỏi {} và {} đến ngày 15/12/2026.".format(*town.codes))
    first, second = kept_house.house.sent_with(after=before, name="officer_alert")
    kept_house.arrive(vouched(answer_to(bytes(second["bytes"]), OFFICER, "Đồng ý")))
    due = {one["question_id"]: str(one["due_on"]) for one in kept_house.rows(assignment)}
    assert [due[one] == "2026-12-15" for one in town.ids] == [False, True, False]
    kept_house.arrive(vouched(answer_to(bytes(first["bytes"]), OFFICER, "Không đồng ý")))
    assert kept_house.house.sent_with(name="unit_extension_refused")[-1]["question_id"] == town.ids[0]


def test_the_units_document_number_alone_finds_the_question(kept_house: World, asked: Asked) -> None:
    asked.thread("Công văn số 921/SXD-QLN: Sở Xây dựng xin gia hạn trả lời đến ngày 15/11/2026.")
    assert asked.states[2] == "forwarded"
    row = asked.by(f"Tiếp theo Công văn số 921 /SXD–QLN, Sở Xây dựng trả lời: {FUND}")
    assert row["fate"] == "attach", row["reason"]
    assert asked.states == ["forwarded", "forwarded", "answered"]
    row = asked.by("Sở Xây dựng xin đính chính Công văn số 921/SXD-QLN: thời hạn bàn giao là 15/12/2026.")
    assert row["status"] == "held", "an officer says whether it goes out, or the unit by “Đính chính: …”"
    assert asked.codes[2] in text_of(kept_house.last("officer_review", OFFICER))


def test_another_units_or_an_unknown_document_number_is_no_key(kept_house: World, asked: Asked) -> None:
    asked.thread("Công văn số 931/SXD-QLN: Sở Xây dựng xin gia hạn trả lời đến ngày 15/11/2026.")
    raw = letter(unit_address("STC"), f"Theo Công văn số 931/SXD-QLN, trả lời: {FUND}", subject="Trả lời")
    assert kept_house.arrive(vouched(raw))["status"] == "held"
    assert asked.by(f"Theo Công văn số 932/SXD-QLN, trả lời: {FUND}")["status"] == "held"
    with kept_house.house.engine.begin() as connection:
        assert links.questions_of(connection, "SXD", ["931/SXD-QLN"]) == (asked.ids[2],)
        assert links.questions_of(connection, "STC", ["931/SXD-QLN"]) == ()
    assert asked.states[2] == "forwarded"


FORWARDED = """Kính chuyển Ban Biên tập.

---------- Forwarded message ---------
Từ: Phạm Quốc Khánh <khanhpq@sxd.test>
Date: Th 2, 5 thg 10, 2026 vào lúc 08:30
Subject: Trả lời
To: <vanthu@sxd.test>

Về câu hỏi {code}: {text}

Phạm Quốc Khánh
Phó Giám đốc
"""


@pytest.mark.parametrize("sender", [SXD, "vanthu2@sxd.test"])
def test_a_clerk_who_forwards_the_leaders_answer(asked: Asked, sender: str) -> None:
    row = asked.by(FORWARDED.format(code=asked.codes[1], text=PERMIT), sender=sender, subject=f"Fwd: {next(COUNT)}")
    assert row["fate"] == "attach", row["reason"]
    assert asked.states == ["forwarded", "answered", "forwarded"]
    (kept,) = asked.answers(1)
    assert PERMIT in str(kept["text"])
    assert kept["signer"] == "Phạm Quốc Khánh"


def test_authority_by_address(kept_house: World, asked: Asked) -> None:
    """Any address of the unit's official domain, authenticated; no other domain, and no word of the sender's own."""
    said = f"Về câu hỏi {asked.codes[0]}, Sở Xây dựng trả lời: {ROAD}"
    for sender, domain, result in (
        ("khanh.sxd@thu.test", "thu.test", "pass"),
        ("khanh@qln.sxd.test", "qln.sxd.test", "pass"),
        ("chuyenvien7@sxd.test", "sxd.test", "fail"),
    ):
        raw = letter(sender, said, subject=f"Trả lời {next(COUNT)}")
        assert kept_house.arrive(vouched(raw, domain, result=result))["status"] == "held"
    assert asked.states == ["forwarded"] * 3
    assert asked.by(said, sender="chuyenvien7@sxd.test")["fate"] == "attach"
    assert asked.states == ["answered", "forwarded", "forwarded"]


def test_a_clerk_who_attaches_the_leaders_mail(kept_house: World, asked: Asked) -> None:
    """Forwarded as an attachment: what is inside speaks, unless it is our own mail that only comes back."""
    inside = letter("khanhpq@sxd.test", f"{PERMIT}\n\nPhạm Quốc Khánh\nPhó Giám đốc", subject=f"Về {asked.codes[1]}")
    raw = _with_mail(letter(SXD, "Kính chuyển Ban Biên tập.", subject=f"Chuyển {next(COUNT)}"), inside)
    row = kept_house.arrive(vouched(raw, "sxd.test"))
    assert row["fate"] == "attach", row["reason"]
    assert asked.states == ["forwarded", "answered", "forwarded"]
    assert PERMIT in str(asked.answers(1)[0]["text"])
    ours = _with_mail(letter(SXD, "Kính gửi.", subject=f"Gửi {next(COUNT)}"), kept_house.last("unit_forward"))
    kept_house.arrive(vouched(ours, "sxd.test"))
    assert asked.states == ["forwarded", "answered", "forwarded"]


def _with_mail(raw: bytes, inside: bytes) -> bytes:
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    message.add_attachment(email.message_from_bytes(inside, policy=email.policy.SMTP))
    return message.as_bytes()


AN = "mặt đường sẽ được vá xong trước ngày 30/11/2026, kinh phí 90 triệu đồng."
BINH = "vỉa hè đã được lát lại xong ngày 01/10/2026, kinh phí 40 triệu đồng."


def test_two_askers_answered_by_name_get_the_own_part_only(kept_house: World) -> None:
    first, second, bystander = (_named(kept_house, name) for name in ("Phạm Thị Sáu", "Đỗ Văn Bảy", "Vũ Văn Tám"))
    _write(kept_house, first, f"Kính gửi Ban Biên tập,\nTrả lời bà Sáu: {AN}\nTrả lời ông Đỗ Văn Bảy: {BINH}")
    status = {row["id"]: row["status"] for row in kept_house.house.questions}
    assert [status[one["id"]] for one in (first, second, bystander)] == ["answered", "answered", "forwarded"]
    for own, said, others in ((first, AN, BINH), (second, BINH, AN)):
        shown = " ".join(text_of(kept_house.last("citizen_answered", str(own["asker_email"]))).split())
        assert said in shown
        assert others not in shown


@pytest.mark.parametrize(
    "text",
    [
        f"Trả lời bà {{0}}: {AN}\nTrả lời ông Mười: {BINH}",
        f"Trả lời bà {{0}}: {AN}\nTrả lời ông {{1}}:",
        f"Đường này sắp sửa. Trả lời bà {{0}}: {AN}\nTrả lời ông {{1}}: {BINH}",
    ],
    ids=["a name that nobody bears", "a part without words", "words before the first name"],
)
def test_askers_answered_by_name_wait_for_a_person_in_any_doubt(kept_house: World, text: str) -> None:
    names = next(PAIRS)
    first = _named(kept_house, f"Ngô Thị {names[0]}")
    _named(kept_house, f"Ngô Văn {names[1]}")
    before = len(kept_house.house.sent_with(name="citizen_answered"))
    _write(kept_house, first, text.format(*names))
    assert kept_house.house.mails[-1]["status"] == "held"
    assert len(kept_house.house.sent_with(name="citizen_answered")) == before


def test_of_two_askers_named_the_one_told_that_the_unit_looks_goes_on_waiting(kept_house: World) -> None:
    first, second = _named(kept_house, "Phùng Thị Lụa"), _named(kept_house, "Phùng Văn Gấm")
    _write(kept_house, first, f"Trả lời bà Lụa: {AN}\nTrả lời ông Gấm: Bên em đang xem.")
    status = {row["id"]: row["status"] for row in kept_house.house.questions}
    assert [status[one["id"]] for one in (first, second)] == ["answered", "forwarded"]
    shown = " ".join(text_of(kept_house.last("citizen_answered", str(first["asker_email"]))).split())
    assert AN in shown
    assert "đang xem" not in shown


NEXT = itertools.count(700)
PAIRS = iter((("Chín", "Một"), ("Nụ", "Tám"), ("Cúc", "Sơn")))
"""Names for one test each: a name that two people bear is doubt enough, and the tests share their house."""


def _named(kept_house: World, name: str) -> dict[str, Any]:
    n = next(NEXT)
    text = f"Đường trước nhà tôi nhiều ổ gà, vỉa hè vỡ, bao giờ Sở Xây dựng sửa? (lần {n})"
    return kept_house.ask(
        f"{text}\n\n{name}\nSố {n} đường Trường Chinh, phường Kiến An\n0912 000 {n}\n", f"ng{n}@dan.test"
    )


def _write(kept_house: World, row: dict[str, Any], text: str) -> None:
    mails = kept_house.house.sent_with(name="unit_forward", question_id=row["id"])
    kept_house.arrive(vouched(answer_to(mails[-1]["bytes"], unit_address("SXD"), text)))


HIDDEN = "Bà Lê Thị Nhài, số 7 phố Cầu Đất, đã nộp hồ sơ ngày 02/10/2026 và đang chờ bổ sung bản vẽ."


def held_of_two(kept_house: World, text: str, *, in_file: bool = True) -> Asked:
    """A unit's mail about the first two of three questions, also answered in its file; a person must look at it."""
    town = Asked(kept_house)
    both = word("TL.docx", [f"{town.codes[0]}: {ROAD}", f"{town.codes[1]}: {HIDDEN}"])
    row = town.by(text.format(*town.codes), [both] if in_file else [])
    assert row["status"] == "held", row["reason"]
    return town


def says(kept_house: World, said: str, name: str = "officer_review") -> str:
    """What the officer reads after these words in reply to the last mail of that name."""
    kept_house.answers(name, OFFICER, said)
    return " ".join(text_of(kept_house.last("officer_done", OFFICER)).split())


def to_askers(kept_house: World, town: Asked) -> list[tuple[int, str]]:
    """What the three askers have been sent as an answer."""
    rows = kept_house.house.sent_with(name="citizen_answered")
    places = {each: place for place, each in enumerate(town.ids)}
    mails = [
        (places[one["question_id"]], text_of(bytes(one["bytes"]))) for one in rows if one["question_id"] in places
    ]
    return [(place, " ".join(text.split())) for place, text in mails]


@pytest.mark.parametrize(
    "text",
    [
        f"{{0}}: {ROAD}\n{{1}}: {HIDDEN} Dự thảo, chưa gửi công dân.",
        f"{{0}}: {ROAD} Dự thảo, chưa gửi công dân.\n{{1}}: {HIDDEN}",
    ],
)
def test_an_order_sends_of_a_held_mail_what_is_for_its_question(kept_house: World, text: str) -> None:
    town = held_of_two(kept_house, text)
    done = says(kept_house, f"{town.codes[0]} là câu trả lời")
    ((place, shown),) = to_askers(kept_house, town)
    assert place == 0
    assert ROAD in shown
    assert "Nhài" not in shown
    assert town.states == ["answered", "forwarded", "forwarded"]
    assert town.told(0)[1] == []
    assert f"“{town.codes[1]} là câu trả lời”" in done
    assert "không gửi kèm: TL.docx" in done
    says(kept_house, f"{town.codes[1]} là câu trả lời", "officer_done")
    (_, _), (place, shown) = to_askers(kept_house, town)
    assert place == 1
    assert HIDDEN in shown
    assert ROAD not in shown
    assert town.states == ["answered", "answered", "forwarded"]


def test_of_three_answers_one_unclear_leaves_the_orders_for_all(kept_house: World) -> None:
    town = held_of_two(kept_house, f"{{0}}: {ROAD}\n{{1}}: {HIDDEN} Dự thảo, chưa gửi công dân.\n{{2}}: {FUND}")
    review = " ".join(text_of(kept_house.last("officer_review", OFFICER)).split())
    for code in town.codes:
        assert f"“{code} là câu trả lời”" in review
    assert f"phần trả lời {town.codes[0]}, {town.codes[2]} trong thư này cũng chưa gửi" in review
    says(kept_house, f"{town.codes[1]} báo đã nhận")
    assert f"“{town.codes[0]} là câu trả lời”" in says(kept_house, "{2} là câu trả lời".format(*town.codes))
    ((place, shown),) = to_askers(kept_house, town)
    assert (place, FUND in shown, ROAD in shown) == (2, True, False)
    assert town.states == ["forwarded", "forwarded", "answered"]


def test_the_figures_alone_of_anothers_question_keep_a_list_from_one_asker(kept_house: World, asked: Asked) -> None:
    short = [code[-6:] for code in asked.codes]
    held = asked.thread(f"Sở Xây dựng trả lời:\n1. Câu {short[0]} (ông An): {ROAD}\n2. Câu {short[2]}: {FUND}")
    assert (held["status"], asked.states) == ("held", ["forwarded"] * 3)
    assert "chưa tách được phần nào của ai" in says(kept_house, f"{asked.codes[2]} là câu trả lời")
    held = asked.thread(FUND, subject=f"Trả lời các câu {short[2]} và {short[0]}")
    assert (f"nêu cả câu hỏi khác ({short[0]})" in str(held["reason"]), asked.states) == (True, ["forwarded"] * 3)
    own = f"Trả lời câu hỏi số {short[2]}"
    assert asked.thread(f"Sở Xây dựng trả lời câu {short[2]}: {FUND}", subject=own)["status"] == "done"
    assert asked.states == ["forwarded", "forwarded", "answered"]


@pytest.mark.parametrize("said", ["{0} là câu trả lời", "{0} vẫn là câu trả lời"])
def test_what_cannot_be_cut_is_asked_back_with_a_way_to_go_on(kept_house: World, said: str) -> None:
    text = f"Dự thảo trả lời {{0}} và {{1}}: {ROAD} Còn {HIDDEN[0].lower()}{HIDDEN[1:]}"
    town = held_of_two(kept_house, text, in_file=False)
    done = says(kept_house, said.format(*town.codes))
    assert to_askers(kept_house, town) == []
    assert town.states == ["forwarded"] * 3
    assert f"{town.codes[0]} nhờ đơn vị viết lại: " in done
    assert f"{town.codes[0]} chuyển cho người hỏi: " in done


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (f"Dự thảo trả lời {{0}} và {{1}}: {ROAD} Còn {HIDDEN[0].lower()}{HIDDEN[1:]}", False),
        (f"{{0}}: {ROAD} Dự thảo, chưa gửi công dân.\n{{1}}: {HIDDEN}", True),
    ],
)
@pytest.mark.parametrize("said", ["{0} chuyển cho người hỏi: ", "{0} chuyển cho người hỏi"])
def test_words_passed_on_are_the_part_for_this_asker(kept_house: World, text: str, sent: bool, said: str) -> None:
    town = held_of_two(kept_house, text, in_file=False)
    before = kept_house.last_sent()
    done = says(kept_house, said.format(*town.codes))
    mails = [one for one in kept_house.house.sent_with(after=before) if one["role"] == "citizen"]
    assert [(one["name"], one["question_id"]) for one in mails] == [("citizen_asked", town.ids[0])] * sent
    assert not any("Nhài" in text_of(bytes(one["bytes"])) for one in mails)
    assert sent or f"{town.codes[0]} nhờ đơn vị viết lại: " in done
    assert town.states == ["forwarded"] * 3


@pytest.mark.parametrize("said", ["Trả lời", "{0}: Trả lời"])
def test_the_units_own_word_sends_of_its_held_mail_the_part_alone(kept_house: World, said: str) -> None:
    town = held_of_two(kept_house, f"{{0}}: {ROAD} Đây mới là bản dự thảo.\n{{1}}: {HIDDEN}", in_file=False)
    raw = answer_to(kept_house.last("unit_told", SXD), SXD, said.format(*town.codes))
    kept_house.arrive(vouched(raw, "sxd.test"))
    ((place, shown),) = to_askers(kept_house, town)
    assert place == 0
    assert ROAD in shown
    assert "Nhài" not in shown
    assert "Nhài" not in " ".join(str(one["text"]) for one in town.answers(0))


def test_a_mail_that_is_not_for_the_asker_does_not_leave_by_its_units_word(kept_house: World) -> None:
    """The unit was told to write "Trả lời", and then, again and again, that its word was no answer."""
    town = held_of_two(kept_house, f"{{0}}: {ROAD} Nội dung này lưu hành nội bộ, chưa gửi công dân.\n{{1}}: {HIDDEN}")
    for _ in range(2):
        told = " ".join(text_of(kept_house.last("unit_told", SXD)).split())
        assert "Đề nghị đơn vị gửi lại: gửi câu trả lời" in told
        assert "Đây là câu trả lời: ghi" not in told
        kept_house.arrive(vouched(answer_to(kept_house.last("unit_told", SXD), SXD, "Trả lời"), "sxd.test"))
        assert to_askers(kept_house, town) == []
    raw = answer_to(kept_house.last("unit_told", SXD), SXD, f"Sở Xây dựng trả lời: {ROAD}\n\nPhó Giám đốc\nLê Phó")
    kept_house.arrive(vouched(raw, "sxd.test"))
    ((place, _),) = to_askers(kept_house, town)
    assert (place, town.states) == (0, ["answered", "forwarded", "forwarded"])


def test_a_file_that_names_anothers_question_leaves_with_no_answer_by_itself(kept_house: World, asked: Asked) -> None:
    both = pdf("Van ban.pdf", [f"Câu hỏi {asked.codes[0]} và {asked.codes[1]} của bà Lê Thị Nhài: {ROAD}"])
    row = asked.by(f"Trả lời câu hỏi {asked.codes[0]}: {ROAD} Chi tiết tại văn bản kèm theo.", [both])
    assert row["status"] == "held", row["reason"]
    done = says(kept_house, f"{asked.codes[0]} là câu trả lời")
    shown, files = asked.told(0)
    assert ROAD in shown
    assert files == []
    assert "không gửi kèm: Van ban.pdf" in done


@pytest.mark.parametrize("heads", ["HP-2026-000001, HP-2026-000002: Trả lời: ", "Trả lời HP-2026-000001: "])
def test_what_names_both_askers_goes_to_neither_by_itself(house: World, heads: str) -> None:
    for name, sender in (("Văn An", "an@dan.test"), ("Thị Nhài", "nhai@dan.test")):
        house.ask(LETTER.replace("Văn An", name), sender, message_id=f"<{sender}>")
    paper = pdf("Van ban.pdf", ["Kính gửi: Ông Nguyễn Văn An, bà Nguyễn Thị Nhài.", f"Sở Xây dựng trả lời: {ROAD}"])
    text = f"{heads}{ROAD} Chi tiết tại văn bản kèm theo."
    row = house.arrive(vouched(answer_to(house.last("unit_forward"), SXD, text, attachments=[paper]), "sxd.test"))
    assert row["status"] == "held", row["reason"]
    assert not house.house.sent_with(name="citizen_answered")
    for both in ("Kính gửi ông Nguyễn Văn An, bà Nguyễn Thị Nhài:", "Tra loi ong Nguyen Van An, ba Nguyen Thi Nhai:"):
        said = ROAD if both.startswith("K") else strip_marks(ROAD)
        row = house.arrive(vouched(answer_to(house.last("unit_forward"), SXD, f"{heads}{both} {said}"), "sxd.test"))
        assert "nêu họ tên người hỏi khác" in str(row["reason"])  # without a file
    assert not house.house.sent_with(name="citizen_answered")


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("Sở Xây dựng trả lời ông Phan Văn An, số 12 đường Lạch Tray: ", True),
        ("Sở Xây dựng trả lời ông Phan Vân An và ông Phan Văn An: ", True),
        ("Sở Xây dựng trả lời ông, như đã trả lời số nhà 12 Lạch Tray: ", False),
        ("Sở Xây dựng trả lời ông, như đã trả lời người có số 0912.111.001: ", False),
        ("Hỏi người gửi: ông có phải là ông Phan Văn An không? ", False),
        ("Sở Xây dựng trả lời ông Phan Vấn An, số 21 đường Lạch Tray, ĐT 0912 111 005: ", None),
        ("Sở Xây dựng trả lời ông: đoạn từ số 2 đến số 12 đường Lạch Tray chưa sửa, còn lại ", None),
        ("Sở Xây dựng trả lời ông: đã cử người đến số 12 đường Lạch Tray. ", False),
    ],
)
def test_another_askers_name_house_or_telephone_does_not_leave(house: World, said: str, offered: bool | None) -> None:
    letter = "Tôi là {}, số {} đường Lạch Tray, phường Gia Viên, ĐT 0912 111 00{}. Đèn đường hỏng, bao giờ sửa?"
    for sender, one in (("an@dan.test", ("Phan Văn An", 12, 1)), ("van@dan.test", ("Phan Vân An", 21, 5))):
        house.ask(letter.format(*one), sender, message_id=f"<{sender}>")
    row = house.arrive(vouched(answer_to(house.last("unit_forward"), SXD, f"{said}{ROAD}"), "sxd.test"))
    assert (row["status"] == "done") is (offered is None), row["reason"]
    if offered is None:
        return
    assert not house.house.sent_with(name="citizen_answered") + house.house.sent_with(name="citizen_asked")
    review = " ".join(text_of(house.last("officer_review", OFFICER)).split())
    assert ("“HP-2026-000001 là câu trả lời”" in review) is offered
    if " và " in said:
        says(house, "HP-2026-000002 là câu trả lời\nHP-2026-000001 là câu trả lời")
        assert len(house.house.sent_with(name="citizen_answered")) == 2


def test_an_askers_name_is_not_anothers_that_begins_alike(house: World) -> None:
    for name, sender in (("Văn An", "an@dan.test"), ("Văn Anh", "anh@dan.test")):
        house.ask(LETTER.replace("Văn An", name), sender, message_id=f"<{sender}>")
    text = "\n\n".join(
        f"HP-2026-00000{number}: Trả lời ông Nguyễn {name}: {ROAD}"
        for number, name in ((1, "Văn An"), (2, "Văn Anh"))
    )
    row = house.arrive(vouched(answer_to(house.last("unit_forward"), SXD, text), "sxd.test"))
    assert (row["status"], len(house.house.sent_with(name="citizen_answered"))) == ("done", 2), row["reason"]


def test_a_file_with_the_own_number_alone_goes_with_the_answer(asked: Asked) -> None:
    own = pdf("Van ban.pdf", [f"Câu hỏi {asked.codes[0]}: {ROAD}"])
    row = asked.by(f"Trả lời câu hỏi {asked.codes[0]}: {ROAD} Chi tiết tại văn bản kèm theo.", [own])
    assert row["fate"] == "attach", row["reason"]
    assert asked.told(0)[1] == ["Van ban.pdf"]
