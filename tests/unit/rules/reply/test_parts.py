"""Parts of one reply to several questions, the day that a unit wishes for, and whose name stands in a greeting."""

from datetime import date, timedelta

import pytest

from rules.reply.patterns import load_line_patterns
from rules.reply.reply import NOTE_WORDS, _is_document, parts_of, parts_of_files, read_reply
from rules.reply.sentences import is_named
from rules.text.dates import wished_day
from rules.values.data_file import load_units
from rules.values.model import Attachment, Mailbox, ParsedMail, Verb

ONE, TWO = "HP-2026-000001", "HP-2026-000002"
LINES = load_line_patterns()
MONDAY = date(2026, 10, 5)


def test_two_numbers_are_two_parts_and_one_is_none() -> None:
    found = parts_of(f"{ONE}: Mặt đường đã sửa xong.\n{TWO}: Vỉa hè lát trong tháng 12.", (ONE, TWO), "HP", LINES)
    assert [(one.question, one.text) for one in found] == [
        (ONE, "Mặt đường đã sửa xong."),
        (TWO, "Vỉa hè lát trong tháng 12."),
    ]
    for one in ("{0}: Mặt đường đã sửa xong.", "{0}:\n{1}: Vỉa hè lát trong tháng 12."):  # one has none yet
        assert parts_of(one.format(ONE, TWO), (ONE,), "HP", LINES) == ()


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (f"{ONE}: xong trước 30/11/2026. {TWO}: lát xong.", "xong trước 30/11/2026.", "lát xong."),
        (f"{ONE}: vá đến số 5. {TWO}: lát xong.", "vá đến số 5.", "lát xong."),
        (f"{ONE} không thuộc thẩm quyền, {TWO}: lát xong.", "không thuộc thẩm quyền,", "lát xong."),
        (f"{ONE} đã nhận, câu {TWO} trả lời: lát xong.", "đã nhận,", "trả lời: lát xong."),
        (f"1. {ONE}: vá xong.\n2. {TWO}: lát xong.", "vá xong.", "lát xong."),
    ],
)
def test_two_numbers_within_a_line_are_two_parts(text: str, first: str, second: str) -> None:
    found = parts_of(text, (ONE, TWO), "HP", LINES)
    assert [(one.question, one.text) for one in found] == [(ONE, first), (TWO, second)]


@pytest.mark.parametrize(
    ("text", "questions"),
    [("1. Có.\n2. Không.", (ONE, TWO)), ("1. Có.\n3. Không.", ()), ("1. Có.\n2. Không.\n3. Chưa.", ())],
)
def test_as_many_points_as_questions_answer_them_in_their_order(text: str, questions: tuple[str, ...]) -> None:
    found = [(one.question, one.text.rstrip(".")) for one in parts_of(text, (ONE, TWO), "HP", LINES)]
    assert found == list(zip(questions, ("Có", "Không"), strict=False))


def document(part: int, name: str, text: str) -> Attachment:
    return Attachment(name, "application/pdf", len(text), str(part) * 64, part, text=text)


@pytest.mark.parametrize(
    ("first", "second", "answers"),
    [
        (("HP-2026-000001.pdf", "Đã sửa."), ("HP-2026-000002.pdf", "Sẽ lát."), [(ONE, 1), (TWO, 2)]),
        (("a.pdf", f"Về {ONE}: đã sửa."), ("HP-2026-000002.pdf", "Sẽ lát."), [(ONE, 1), (TWO, 2)]),
        (("HP-2026-000001.pdf", f"Về {TWO}: đã sửa."), ("b.pdf", f"{TWO}: sẽ lát."), [(ONE, 1), (TWO, 2)]),
        (("a.pdf", f"{ONE} và {TWO}"), ("HP-2026-000002.pdf", "Sẽ lát."), []),
    ],
)
def test_a_file_answers_what_its_name_says_else_what_its_text_names(
    first: tuple[str, str], second: tuple[str, str], answers: list[tuple[str, int]]
) -> None:
    found = parts_of_files((document(1, *first), document(2, *second), document(3, "phu-luc.pdf", "Bảng giá")), "HP")
    assert [(one.question, one.file) for one in found] == answers


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Xong trong tuần này", date(2026, 10, 9)),
        ("Xong trong tuần sau", date(2026, 10, 16)),
        ("Xong trong tuần tới", date(2026, 10, 16)),
        ("Xong sau", None),
    ],
)
def test_a_week_ends_on_its_friday(text: str, day: date | None) -> None:
    assert wished_day(text, MONDAY, MONDAY, lambda on, days: on + timedelta(days=days)) == day


@pytest.mark.parametrize(
    ("asker", "name", "same"),
    [
        ("Nguyễn Văn Ân", "Ân", True),
        ("Nguyễn Văn Ân", "An", True),
        ("Nguyễn Văn An", "An", True),
        ("Nguyễn Văn An", "Ân", False),
        ("Nguyễn Văn An", "Văn", False),
        ("Nguyễn Văn An", "", False),
    ],
)
def test_a_name_without_marks_may_be_any_and_one_with_marks_is_that(asker: str, name: str, same: bool) -> None:
    assert is_named(asker, name) is same


PASSED = "Mặt đường sẽ được thảm lại xong trước ngày 30/11/2026, kinh phí 900 triệu đồng."


def passed_on(note: str, sender: str, *to: str, subject: str = "Fwd: Trả lời", marked: bool = True) -> str:
    """What the reply is taken to say, of a note above a mail that is passed on."""
    mark = "---------- Thư được chuyển tiếp ----------\n" if marked else ""
    block = f"{mark}Từ: {sender}\nNgày: 05/10/2026\nChủ đề: Trả lời\n\n{PASSED}"
    text = f"{note}\n\n{block}"
    boxes = tuple(Mailbox("", one) for one in to)
    mail = ParsedMail("0" * 64, len(text), subject, text, (Mailbox("", "vanthu@don-vi.test"),), to=boxes)
    reply = read_reply(mail, load_units())
    return reply.text if reply.verb is Verb.ANSWER else ""


@pytest.mark.parametrize(("words", "read"), [(NOTE_WORDS - 1, True), (NOTE_WORDS, True), (NOTE_WORDS + 1, False)])
def test_a_note_above_a_mail_that_is_passed_on_is_short(words: int, read: bool) -> None:
    note = " ".join(["Kính", "chuyển", "Ban"] + ["ạ"] * (words - 3))
    assert (PASSED in passed_on(note, "kythuat@don-vi.test", "doithoai@haiphong.test")) is read


@pytest.mark.parametrize(("note", "read"), [("Chuyển chị Lý xem ạ", False), ("Chuyển anh chị trong Ban xem ạ", True)])
def test_a_note_to_a_colleague_passes_nothing_on(note: str, *, read: bool) -> None:
    assert (PASSED in passed_on(note, "kythuat@don-vi.test", "doithoai@haiphong.test")) is read


def test_our_own_mail_passed_back_is_nobodys_answer() -> None:
    ours = "doithoai+q7@haiphong.test"
    assert PASSED in passed_on(
        "Kính chuyển Ban.", "kythuat@don-vi.test", "lan@haiphong.test", "doithoai@haiphong.test"
    )
    assert PASSED not in passed_on("Kính chuyển Ban.", ours, "lan@haiphong.test", "doithoai@haiphong.test")


@pytest.mark.parametrize("marked", [True, False])
def test_a_note_in_an_answer_to_us_passes_on_what_is_marked_as_passed_on(marked: bool) -> None:
    """A header block without mark may be that of our own mail, quoted below an answer."""
    note, subject = "Gửi Ban câu trả lời của phòng kỹ thuật.", "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi"
    said = passed_on(note, "kythuat@don-vi.test", "doithoai@haiphong.test", subject=subject, marked=marked)
    assert (PASSED in said) is marked


@pytest.mark.parametrize(
    ("kind", "name", "inline", "found"),
    [
        ("application/pdf", "", False, True),
        ("application/pdf", "", True, False),
        ("x/y", "Tra-loi.DOC", False, True),
        ("text/calendar", "moi.ics", False, False),
    ],
)
def test_a_document_is_told_by_its_type_or_name(kind: str, name: str, inline: bool, found: bool) -> None:
    assert _is_document(Attachment(name, kind, 1, "0" * 64, 1, inline=inline)) is found
