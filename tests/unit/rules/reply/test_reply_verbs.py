"""Verbs of units' and citizens' replies; every text was written for this test."""

import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rules.reply import verbs
from rules.reply.reply import read_reply
from rules.reply.sentences import Sentence
from rules.text import strip_marks
from rules.values.data_file import load_units
from rules.values.model import Attachment, Mailbox, ParsedMail, Reply, Verb

CASES = tomllib.loads((Path(__file__).parents[3] / "data" / "replies" / "verbs.toml").read_text("utf-8"))


SUBJECT = "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi"


def mail_of(text: str, subject: str = SUBJECT) -> ParsedMail:
    return ParsedMail(
        sha256="0" * 64,
        size=len(text),
        subject=subject,
        text=text,
        senders=(Mailbox("Văn thư", "vanthu@don-vi.test"),),
        date=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
    )


def read(text: str, subject: str = SUBJECT) -> Reply:
    return read_reply(mail_of(text, subject), load_units())


def said(reply: Reply) -> tuple[Verb, str, date | None]:
    return reply.verb, reply.unit, reply.until


def wanted(case: dict[str, str]) -> tuple[Verb, str, date | None]:
    return Verb(case["verb"]), case.get("unit", ""), date.fromisoformat(case["until"]) if "until" in case else None


def test_verb() -> None:
    heard = [(case, said(read(case["text"], case.get("subject", SUBJECT)))) for case in CASES["case"]]
    assert [(case["text"], found, wanted(case)) for case, found in heard if found != wanted(case)] == []


@pytest.mark.wide
def test_verb_without_marks() -> None:
    cases = [case for case in CASES["case"] if case.get("bare", True)]
    heard = [
        (case, said(read(strip_marks(case["text"]), strip_marks(case.get("subject", "Re: [HP-2026-000123]")))))
        for case in cases
    ]
    assert [(case["text"], found, wanted(case)) for case, found in heard if found != wanted(case)] == []


BLIND = tomllib.loads((Path(__file__).parents[3] / "data" / "replies" / "blind.toml").read_text("utf-8"))
REPORTED = tomllib.loads((Path(__file__).parents[3] / "data" / "replies" / "reported.toml").read_text("utf-8"))


def test_verbs_of_replies_written_blind() -> None:
    """They were written by somebody who had not seen the phrases; "relay" is his word for passed on."""
    for case in BLIND["case"]:
        reply = read(case["text"])
        assert reply.verb == Verb("forwarded" if case["verb"] == "relay" else case["verb"]), case
        assert "unit" not in case or reply.unit.replace("_", "") == case["unit"].replace("_", ""), case
        assert str(reply.until or "") == case.get("until", ""), case


def test_reported_words_are_no_act_of_the_unit() -> None:
    heard = [(case, read(case["text"])) for case in REPORTED["case"]]
    wrong = [
        (case, one.verb, one.unit)
        for case, one in heard
        if (one.verb, one.unit) != (Verb(case["verb"]), case.get("unit", ""))
    ]
    assert wrong == []


def test_no_blind_answer_is_taken_for_a_refusal() -> None:
    answers = [case["text"] for case in BLIND["case"] if case["verb"] == "answer"]
    assert [text for text in answers if read(text).verb in {Verb.NOT_COMPETENT, Verb.FORWARDED}] == []


TOLD_WHERE = "Việc đăng ký hộ kinh doanh do phường giải quyết, Sở không nhận hồ sơ này nên "
FEES = "Thành lập doanh nghiệp thì hồ sơ gồm 4 loại giấy tờ. Lệ phí hộ kinh doanh 100.000 đồng, qua mạng miễn phí."


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Trả lời ông An: đường này do UBND phường Hải An quản lý.", Verb.ANSWER),
        ("Xin gia hạn. Việc này do Sở Y tế quản lý.", Verb.EXTENSION),
        ("Sở Xây dựng đã nhận. Đường này do UBND phường Hải An quản lý.", Verb.RECEIVED),
        ("Việc này do Sở Y tế quản lý.", Verb.NOT_COMPETENT),
        (f"{TOLD_WHERE}đề nghị ông đến một cửa phường Hải An.\n{FEES}", Verb.ANSWER),
        (f"{TOLD_WHERE}đề nghị Ban chuyển UBND phường Hải An.\n{FEES}", Verb.NOT_COMPETENT),
        (f"{TOLD_WHERE}đề nghị ông đến một cửa phường Hải An.", Verb.NOT_COMPETENT),
    ],
)
def test_an_owner_named_beside_another_act_is_no_refusal(text: str, verb: Verb) -> None:
    assert read(text).verb is verb


PASSED_ON = """Từ: Phòng Kỹ thuật <kythuat@don-vi.test>
Đến: Văn thư <vanthu@don-vi.test>
Ngày: 05/10/2026
Chủ đề: Trả lời

Mặt đường sẽ được thảm lại xong trước ngày 30/11/2026, kinh phí 900 triệu đồng.
"""


@pytest.mark.parametrize(("kind", "verb"), [("message/rfc822", Verb.ANSWER), ("text/plain", Verb.NONE)])
def test_a_mail_attached_below_a_note_is_what_the_unit_says(kind: str, verb: Verb) -> None:
    """RFC 2046 §5.2.1: a mail that is passed on as an attached message."""
    picture = Attachment("logo.png", "image/png", 10, "1" * 64, 1, inline=True)
    passed = Attachment("thu.eml", kind, len(PASSED_ON), "2" * 64, 2, text=PASSED_ON)
    mail = replace(mail_of("Kính chuyển Ban."), attachments=(picture, passed))
    assert read_reply(mail, load_units()).verb is verb


@pytest.mark.parametrize(
    ("beside", "verb"),
    [("", Verb.RECEIVED), ("Đường xấu.", Verb.RECEIVED), ("Đường rất xấu.", Verb.ANSWER)],
)
def test_a_promise_is_a_receipt_while_hardly_a_word_stands_beside_it(beside: str, verb: Verb) -> None:
    """By the phrases alone: three words of the matter are weighed as an answer is."""
    assert read(f"Sẽ trả lời sau. {beside}").verb is verb


@pytest.mark.parametrize(("text", "verb"), [("Em chờ.", Verb.NONE), ("Em vẫn chờ.", Verb.FOLLOW_UP)])
def test_a_citizen_is_heard_from_three_words_on(text: str, verb: Verb) -> None:
    assert read(text).verb is verb


@pytest.mark.parametrize(
    ("begins", "words", "verb"),
    [
        ("", 149, Verb.NOT_COMPETENT),
        ("", 150, Verb.ANSWER),
        ("Sở trả lời như sau: ", 79, Verb.NOT_COMPETENT),
        ("Sở trả lời như sau: ", 80, Verb.ANSWER),
    ],
)
def test_a_refusal_below_a_long_answer_is_only_a_part_of_it(begins: str, words: int, verb: Verb) -> None:
    refusal = "Nội dung này không thuộc thẩm quyền của Sở. Đề nghị chuyển Sở Y tế."
    assert read(f"{begins}{' '.join(['lúa'] * words)}. {refusal}").verb is verb


@pytest.mark.parametrize(("words", "verb"), [(30, Verb.FOLLOW_UP), (31, Verb.ANSWER)])
def test_a_telephone_number_is_the_askers_where_little_stands_beside_it(words: int, verb: Verb) -> None:
    told = f"Nhà ở ngõ 5 Lê Lợi, số điện thoại 0912000111,{' phường Gia Viên cạnh chợ' * 9}"
    assert read(" ".join(told.split()[:words])).verb is verb


@pytest.mark.parametrize(
    ("opening", "words", "verb"),
    [
        ("", 59, Verb.NOT_COMPETENT),
        ("", 60, Verb.ANSWER),
        ("Sở xin trả lời như sau. ", 29, Verb.NOT_COMPETENT),
        ("Sở xin trả lời như sau. ", 30, Verb.ANSWER),
    ],
)
def test_a_refusal_tells_less_where_it_is_opened_as_an_answer(opening: str, words: int, verb: Verb) -> None:
    told = " ".join(["Cống ở ngõ hẹp"] * 20).split()[:words]
    assert read(f"{opening}Việc này không thuộc thẩm quyền của Sở. {' '.join(told)}").verb is verb


@pytest.mark.parametrize(
    ("signs", "substance", "opened", "verb"),
    [
        ({"promise"}, 2, False, Verb.RECEIVED),
        ({"promise"}, 3, False, Verb.ANSWER),
        ({"claim"}, 2, False, Verb.ANSWER),
        ({"citizen"}, 2, False, Verb.NONE),
        ({"citizen"}, 3, False, Verb.FOLLOW_UP),
        ({"citizen"}, 3, True, Verb.ANSWER),
        ({"citizen", "unit"}, 3, False, Verb.ANSWER),
        ({"follow"}, 0, False, Verb.FOLLOW_UP),
        ({"follow"}, 3, True, Verb.ANSWER),
        ({"firm", "unit"}, 3, False, Verb.FOLLOW_UP),
        ({"firm"}, 3, True, Verb.ANSWER),
        ({"brief"}, 0, False, Verb.ANSWER),
        (set(), 2, False, Verb.NONE),
        (set(), 3, False, Verb.ANSWER),
    ],
)
def test_an_answer_has_three_words_of_the_matter(signs: set[str], substance: int, opened: bool, verb: Verb) -> None:
    one = verbs.Marked(Sentence("x", "x", (), False), frozenset(signs))
    assert verbs._said([one], substance, opened).verb is verb


def test_what_an_answer_without_matter_says_is_the_sentence_of_its_sign() -> None:
    """With three words about the matter it is the whole text."""
    two = [
        verbs.Marked(Sentence(one, one, (), False), frozenset(signs)) for one, signs in (("a", {"claim"}), ("b", ()))
    ]
    assert [verbs._said(two, number, False).said for number in (2, 3)] == ["a", "a b"]


@pytest.mark.parametrize(
    ("words", "substance", "official", "verb"),
    [
        (30, 1, False, Verb.FOLLOW_UP),
        (31, 1, False, Verb.NONE),
        (30, 0, False, Verb.NONE),
        (30, 1, True, Verb.NONE),
    ],
)
def test_a_short_text_with_a_telephone_is_a_citizens(words: int, substance: int, official: bool, verb: Verb) -> None:
    text = "x " * (words - 1) + "0912345678"
    one = verbs.Marked(Sentence(text, text, (), False), frozenset({"unit"} if official else ()))
    assert verbs._said([one], substance, False).verb is verb


@pytest.mark.parametrize(
    ("sign", "substance", "opened", "tells", "found"),
    [
        ("itself", 11, False, False, True),
        ("itself", 12, False, False, False),
        ("itself", 3, True, False, True),
        ("itself", 4, True, False, False),
        ("itself", 11, False, True, True),
        ("received", 11, False, False, True),
        ("received", verbs.LEAST_TOLD, False, True, False),
        ("received", verbs.LEAST_TOLD - 1, False, True, True),
        ("other", 0, False, False, False),
    ],
)
def test_a_verb_of_short_texts_needs_one(sign: str, substance: int, opened: bool, tells: bool, found: bool) -> None:
    marked = [
        verbs.Marked(Sentence("a", "a", (), False), frozenset({"tells"} if tells else ())),
        verbs.Marked(Sentence("b", "b", (), False), frozenset({"itself", "received"})),
    ]
    judged = verbs._short(marked, Verb.EXTENSION, sign, substance, 12, opened)
    assert judged == (verbs.Judged(Verb.EXTENSION, "b", (), 1) if found else None)


@pytest.mark.parametrize(
    ("words", "speaks"),
    [
        ("hôm nay ⟦0⟧ không có thẩm quyền", True),
        ("việc của ⟦0⟧ không có thẩm quyền", False),
        ("không có thẩm quyền cho ⟦0⟧", True),
        ("không có thẩm quyền" + " x" * 14 + " ⟦0⟧", True),
        ("không có thẩm quyền" + " x" * 15 + " ⟦0⟧", False),
        ("không có thẩm quyền, chuyển ⟦0⟧", False),
    ],
)
def test_a_unit_before_a_claim_or_close_behind_it_is_who_writes(words: str, speaks: bool) -> None:
    claim, mark = re.search("không có thẩm quyền", words), re.search("⟦0⟧", words)
    assert claim is not None
    assert mark is not None
    assert verbs._is_speaker(words, claim, mark, words[: mark.start()].rsplit(maxsplit=1)[-1]) is speaks


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("⟦0⟧ quản lý việc này", []),
        ("việc này ⟦0⟧ quản lý", ["SXD"]),
        ("⟦0⟧ chuyển việc này đến ⟦1⟧", ["SYT"]),
        ("việc này không thuộc thẩm quyền của ⟦0⟧", []),
        ("việc này không thuộc thẩm quyền của ⟦0⟧ mà thuộc ⟦1⟧", ["SYT"]),
    ],
)
def test_of_the_units_named_the_writing_one_is_left_out(words: str, others: list[str]) -> None:
    """It is the first word of its sentence, or what the refusal denies."""
    one = verbs.Marked(Sentence(words, words, (("SXD",), ("SYT",)), False), frozenset())
    assert verbs._units_not_denied(one, verbs.load_verb_phrases()) == [(each,) for each in others]
