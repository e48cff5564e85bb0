"""A mail of a few hundred kilobytes of one sign after the other is read in seconds: nothing grows with the square."""

import time
from collections.abc import Callable
from datetime import date

import pytest

from daemon.parsing.attachment_text import looks_like
from daemon.parsing.html_to_text import text_of
from rules.commands.session_form import is_form
from rules.message.quote_markers import DEFAULT
from rules.message.reply_text import fold, forwarded_inside
from rules.reply.about_question import in_one_row
from rules.reply.details import signer
from rules.reply.patterns import load_line_patterns
from rules.reply.reply import parts_of
from rules.reply.sentences import matter_of
from rules.reply.shown import as_sent
from rules.requester.redaction import blanked
from rules.requester.requester import read_labels
from rules.requester.sentences import read_sentences
from rules.routing.kind_signs import _LINK
from rules.routing.route import load_routing
from rules.routing.unit_scores import weigh
from rules.text.dates import dates_in
from rules.text.repairs import untype
from rules.understand.letter_form import is_closing
from rules.values.model import Requester
from rules.values.register_number import MOST_NUMBERS, odd_number_end, register_numbers

DAY = date(2026, 10, 5)
LINES = load_line_patterns()


def _counted(piece: str) -> Callable[[str], str]:
    return lambda text: "".join(piece.replace("#", str(number)) for number in range(len(text) // len(piece)))


def _weighed(text: str) -> object:
    table = load_routing()
    reading = table.reader(text)
    return weigh(reading, table.lexicon[0].find(reading), table, DAY)


def _tag(attribute: str) -> Callable[[str], object]:
    many = _counted(attribute)
    return lambda text: text_of(f"<p {many(text)}>x")


def _blanked(text: str) -> object:
    return blanked(text, Requester(name="Nguyễn Văn An", address="số 5 Lạch Tray, phường Ngô Quyền"))


def _parts(text: str) -> object:
    return parts_of(text, (), "HP", LINES)


def _other_numbers(text: str) -> object:
    return _parts(_counted("HP-2026-#: xong ")(text))


def _shown(text: str) -> object:
    above = "Đường trước nhà ông được vá xong trong tháng tới, Sở trả lời ông như vậy.\nTrân trọng,\n"
    return as_sent(text, DEFAULT), as_sent(above + text, DEFAULT), as_sent(f"{text}\n{above}{text}x", DEFAULT)


LONG = 120_000
TEXTS: dict[str, tuple[Callable[[str], object], str]] = {
    "one word without end": (untype, "HP"),
    "an address without end": (untype, "a@"),
    "brackets without end": (untype, "("),
    "a link without end": (_LINK.search, "HP-2026-"),
    "lines that may begin a signature": (fold, "--\n"),
    "rules": (fold, "__________\n"),
    "quotes": (fold, "> x\n"),
    "numbered lines": (fold, "1. a\n"),
    "empty lines": (fold, "\n"),
    "signatures with a telephone": (fold, "--\nđt: 0912345678\n"),
    "quoted headers that make no block": (fold, "*From:* A\n*Sent:* x\n"),
    "quoted headers passed on": (forwarded_inside, "From:\n"),
    "lines above a quote": (fold, "On Mon, 5 Oct 2026 at 09:00, A B <a@b.test>\n"),
    "lines of dashes that end like those above a quote": (fold, "--------------------------------\n"),
    "quotes, then delimiters": (lambda text: fold(text + "--\n" * 20_000), "> x\n"),
    "a word of VNI without end": (untype, "aeo6"),
    "register numbers in one line": (_parts, "HP-2026-000001 "),
    "sentences of register numbers": (_parts, "Câu hỏi HP-2026-000001. "),
    "other register numbers": (_other_numbers, "HP-2026-000001: xong "),
    "sentences before one number": (_parts, "a. "),
    "a sentence with a unit's words": (_weighed, "Đường hỏng. "),
    "dates": (lambda text: dates_in(text, DAY), "đến ngày 15/12. "),
    "digits that may be a register number": (lambda text: odd_number_end(text, "HP"), "1"),
    "blanks below a question that is repeated": (lambda text: matter_of(f"Hỏi: a\n{text}x", LINES), " "),
    "a session's form of blanks": (is_form, " "),
    "a session's form of empty lines": (is_form, "\n"),
    "addresses to be left out": (_blanked, "số 5 Lạch Tray, "),
    "where somebody lives now": (lambda text: read_sentences(f"Tôi {text}x"), "hiện nay "),
    "signs before who asked": (lambda text: read_sentences(f"{text}a:"), "."),
    "lanes": (lambda text: blanked(f"số 5 {text}x"), "lô 111 "),
    "comments before a page": (lambda text: looks_like(f"{text}x".encode()), "<!---->"),
    "signs before a last word": (lambda text: is_closing(f"{text}a"), "*"),
    "comments": (text_of, "<!x>"),
    "instructions": (text_of, "<?x?>"),
    "labels in parentheses": (read_labels, "(địa chỉ: số 5, "),
    "telephones in parentheses": (read_labels, "(ĐT: 09123 "),
    "lines that may be signed": (lambda text: signer([text]), "a\n"),
    "signatures of an answer": (_shown, "An\nđt: 0912345678\n"),
    "ends of an answer": (_shown, "Trân trọng\n"),
    "numbers in a column": (lambda text: in_one_row(text, "HP", load_line_patterns(DEFAULT)), "HP-2026-000001\n"),
    "words to the Board": (_shown, "BBT đăng giúp. "),
    "words to the Board in lines": (_shown, "BBT đăng giúp.\n"),
    "telephones below an answer": (_shown, "0912 345 678 - "),
    "blanks below an answer": (_shown, " "),
    "lines of blanks below an answer": (_shown, "a      \t      b\n"),
    "who gets copies": (_shown, "Nơi nhận:\n- Lưu: VT\n"),
    "heads below an answer": (_shown, "Từ: BBT\n"),
    "capitals below an answer": (_shown, "AN - AN - "),
    "attributes": (_tag("a#=b "), "a1=b  "),
    "quoted attributes": (_tag('a#=">" '), "a1=b  "),
    "attributes that begin with their sign": (_tag("=a# "), "=a1  "),
}


@pytest.mark.wide
@pytest.mark.parametrize("what", TEXTS)
def test_nothing_grows_with_the_square_of_the_text(what: str) -> None:
    """Seconds of this process; the square would be minutes."""
    read, piece = TEXTS[what]
    began = time.process_time()
    read(piece * (LONG // len(piece)))
    assert time.process_time() - began < 8


def test_of_many_numbers_the_first_are_read() -> None:
    """More than any session has questions; what a list of them says is told part by part as far as they go."""
    text = "".join(f"HP-2026-{number:06}: đã sửa xong đoạn {number}.\n" for number in range(1, 1000))
    assert register_numbers(text, "HP")[-1] == f"HP-2026-{MOST_NUMBERS:06}"
    assert [one.question for one in parts_of(text, (), "HP", LINES)][:2] == ["HP-2026-000001", "HP-2026-000002"]


def test_a_number_heads_its_sentence_behind_a_stop_in_the_same_line() -> None:
    """Looked for among all stops of the text, it is still the last one before the number that counts."""
    text = "Kính gửi. Về HP-2026-000001: đường đã sửa. Câu hỏi HP-2026-000002: chưa sửa được. Hết."
    found = {one.question: one.text for one in parts_of(text, (), "HP", LINES)}
    assert found == {"HP-2026-000001": "đường đã sửa.", "HP-2026-000002": "chưa sửa được. Hết."}


def test_a_tag_with_more_attributes_than_any_program_writes_is_read_crudely() -> None:
    """The text stays."""
    assert "Đường hỏng" in text_of(f"<p {' '.join(f'a{number}=b' for number in range(5000))}>Đường hỏng</p>")
    assert text_of(f"<p {' '.join(f'a{number}=b' for number in range(500))}>Đường <b>hỏng</b></p>") == "Đường hỏng"


def test_what_stands_behind_the_last_line_looked_at_stays_the_writers() -> None:
    """Nothing is lost, whatever the number of lines."""
    text = "\n".join(f"dòng {number}" for number in range(20_000))
    assert fold(text).own == text
