"""A command by what a mail sounds like: only what is surely an order, fits, and has all that it needs."""

from __future__ import annotations

import csv
from datetime import date
from types import SimpleNamespace

import pytest

from rules.commands import order_vote
from rules.commands.command import Command
from rules.commands.commands import NO_ORDER, UNREAD, read_commands
from rules.commands.plain import by_sound
from rules.decide.officer.rulings import BY_SOUND
from rules.values.data_file import load_units
from tests.mail_tables import DATA

UNITS = load_units()
DAY, AT_HAND = date(2026, 10, 6), "HP-2026-000123"
MOVING = {"forward", "unit_named", "ask", "extend", "refuse_extension", "unit_answer", "reject", "close", "to_asker"}
"""What moves a question or reaches somebody."""
CASES = {"review": "review", "extension": "extension", "heldunit": "held_unit", "digest": "desk"}


def read(text: str, case: str = "review", fits: frozenset[str] | None = None) -> list[Command]:
    hand = "" if case == "desk" else AT_HAND
    acts = BY_SOUND[case] if fits is None else fits
    found = read_commands(text, UNITS, DAY, unread=True, at_hand=hand, fits=acts)
    return [one for one in found if one.verb not in {NO_ORDER, UNREAD}]


@pytest.mark.parametrize(
    ("text", "case", "verb", "unit"),
    [
        ("Chuyện cống rãnh bốc mùi em bê sang Sở Xây dựng hộ chị cái", "review", "forward", "SXD"),
        ("việc này y tế lo chứ còn ai, em đẩy luôn sang Sở Y tế nghen", "review", "forward", "SYT"),
        ("Sở kêu thiếu người cũng có lý, thôi nới hạn cho họ tới 30/10", "extension", "extend", ""),
        ("Lý do chẳng thuyết phục, hạn cũ mà làm, không gia hạn gì hết nhé", "extension", "refuse_extension", ""),
        ("Thư của Sở thế là rõ, em cứ thế chuyển tới người dân làm câu trả lời", "held_unit", "unit_answer", ""),
    ],
)
def test_what_no_phrase_knows_is_heard(text: str, case: str, verb: str, unit: str) -> None:
    assert [(one.verb, one.unit) for one in read(text, case)] == [(verb, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "Chuyện cống rãnh bốc mùi em bê sang Sở Xây dựng chưa?",
        "Chuyện cống rãnh bốc mùi bê sang Sở Xây dựng được không em",
        "Chuyện cống rãnh bốc mùi em đã bê sang Sở Xây dựng hôm qua rồi",
        "Chuyện cống rãnh bốc mùi, nếu phường không làm thì bê sang Sở Xây dựng",
        "Chuyện cống rãnh bốc mùi đừng bê sang Sở Xây dựng",
        "Chuyện cống rãnh bốc mùi bê sang Sở Xây dựng hay Sở Nông nghiệp và Môi trường",
        "Chuyện cống rãnh bốc mùi để chị hỏi Sở Xây dựng đã",
        "Chuyện cống rãnh bốc mùi mai hẵng bê sang Sở Xây dựng",
        "Chuyện cống rãnh bốc mùi Sở Xây dựng vừa trả lời dân xong",
        "Chuyện cống rãnh bốc mùi anh Tuấn định bê sang Sở Xây dựng",
        "Dân kêu chuyện cống rãnh bốc mùi, đến Sở Xây dựng thì họ đùn đẩy",
        "Chuyện cống rãnh bốc mùi có lẽ bê sang Sở Xây dựng",
    ],
)
def test_what_is_no_order_is_not(text: str) -> None:
    assert read(text) == []


def test_an_act_that_does_not_fit_the_mail_is_asked_back() -> None:
    text = "Sở kêu thiếu người cũng có lý, thôi nới hạn cho họ tới 30/10"
    assert read(text, fits=BY_SOUND["review"]) == []
    assert read(text, fits=frozenset()) == []


@pytest.fixture
def surely(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Votes that are sure of an act, whatever they hear."""
    said = SimpleNamespace(act="forward")
    monkeypatch.setattr(by_sound, "heard", lambda *_: (1.0, {said.act: 1.0}))
    return said


@pytest.mark.parametrize(
    ("act", "text"),
    [
        ("forward", "bê sang bên ấy hộ chị"),
        ("forward", "bê sang Sở Y tế phần thuốc, còn sang Sở Tài chính phần tiền"),
        ("extend", "nới từ 20/10 ra 25/10 hoặc 30/10"),
        ("extend", "nới ra chút"),
        ("reject", "gạt đi hộ chị, theo điểm a"),
        ("close", "gập nó lại hộ chị"),
        ("ask", "bác ấy ở xa quá"),
    ],
)
def test_without_all_that_it_needs_nothing_is_done(surely: SimpleNamespace, act: str, text: str) -> None:
    surely.act = act
    assert read(text, fits=frozenset({act})) == []


def test_an_advice_for_the_unit_goes_along(surely: SimpleNamespace) -> None:
    found = read("bê qua Sở Y tế hộ chị, đề nghị trả lời trước ngày 10/10")
    assert [(one.unit, one.remark) for one in found] == [("SYT", "đề nghị trả lời trước ngày 10/10")]


def test_without_a_model_nothing_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_vote, "shares", lambda *_, **__: {})
    assert read("Chuyện cống rãnh bốc mùi em bê sang Sở Xây dựng hộ chị cái") == []


@pytest.mark.wide
@pytest.mark.timeout(180)
def test_voices_that_it_never_met_do_nothing_that_they_do_not_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of them is left out each time: what reaches anybody is ordered, and many orders are heard."""
    from scripts.training.by_table import voters_without  # scikit-learn takes a second to load
    from scripts.training.orders import VOICES, act_mails, order_examples, order_mails

    with (DATA / VOICES).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong, right, orders = [], 0, 0
    for part in range(4):
        left_out = {f"{VOICES.removesuffix('.tsv')}:{at}" for at in range(part, len(rows), 4)}
        votes = voters_without(left_out, {"orders": order_mails(), "acts": act_mails()}, order_examples)
        monkeypatch.setattr(order_vote, "shares", votes)
        for at in range(part, len(rows), 4):
            row = rows[at]
            text = row["text"].replace("{Q}", AT_HAND).replace("{F}", "HP-2026-000124").replace("{q6}", "000123")
            done = {one.verb for one in read(text, CASES[row["context"]])} & MOVING
            if row["expect"].startswith("do:"):
                orders += 1
                right += bool(done)
            elif done:
                wrong.append((row["text"], done))
    assert len(wrong) <= 2, [text for text, _ in wrong]
    assert right >= 0.4 * orders
