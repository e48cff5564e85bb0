"""Phrases with alternatives are found step by step where their forms would be, spelt out."""

import random
import tracemalloc
from typing import Any

import pytest

from rules.commands.approval.words import load_leader_words
from rules.commands.plain.words import load_plain_order_words
from rules.commands.vocabulary import load_command_words
from rules.text import strip_marks
from rules.text.patterns import PhraseList, Words, spelt_out
from rules.values.data_file import Source

ODD = (
    *("(chuyển|gửi)(|đi) (sở|bên (|kia)|) này", "(|không )(|được )(cho|)", "tp.(hcm|hải phòng)", "x(|y)z", "đ/c"),
    *("(a|)(b|)(c|) d", "( |ngay )thôi", "nhé"),
)


def shipped() -> list[tuple[str, ...]]:
    """The lists of two shipped files."""
    plain, leaders = Source().toml("plain_orders.toml"), Source().toml("leaders.toml")
    sections = [*plain.values(), *leaders.values()]
    lists = [tuple(said) for section in sections for said in section.values() if isinstance(said, list)]
    return [one for one in lists if one and all(isinstance(each, str) for each in one)]


def by_trying(forms: set[Words], words: Words) -> int:
    return max((n for n in range(1, len(words) + 1) if words[:n] in forms), default=0)


@pytest.mark.parametrize("said", [ODD, *random.Random(1374).sample(shipped(), 30)], ids=lambda said: said[0][:20])
def test_a_list_finds_what_its_forms_would(said: tuple[str, ...]) -> None:
    chance, table = random.Random(17), PhraseList(said)
    forms = [one for one in table if one]
    vocabulary = sorted({word for one in forms for word in one})
    marked, bare = set(forms), {tuple(map(strip_marks, one)) for one in forms}
    for one in chance.sample(forms, min(len(forms), 200)):
        behind = tuple(chance.choices(vocabulary, k=3))
        for words in (one, one[:-1], one[1:], (*one, *behind), (*one[: chance.randrange(len(one))], *behind)):
            typed = tuple(map(strip_marks, words))
            assert table.longest(words, 0, bare=False) == by_trying(marked, words)
            assert table.longest(typed, 0, bare=True) == by_trying(bare, typed)
            assert table.longest((*behind, *words), 3, bare=False) == by_trying(marked, words)
    assert table.longest(tuple(vocabulary), -1, bare=False) == 0


@pytest.mark.parametrize(("said", "length"), [("xyz đúng", 2), ("xz là đúng", 3), ("x z đúng", 0)])
def test_steps_that_no_space_parts_are_one_word(said: str, length: int) -> None:
    table = PhraseList(["x(|y)(|z) (|là )đúng"])
    assert set(table) == {tuple(form.split()) for form in spelt_out("x(|y)(|z) (|là )đúng")}
    assert table.longest(tuple(said.split()), 0, bare=False) == length


@pytest.mark.parametrize("load", [load_command_words, load_plain_order_words, load_leader_words])
def test_words_are_read_without_spelling_them_out(load: Any) -> None:
    """Their 590,000 forms took 77 MB, and 1.8 s before the first officer's mail was read."""
    load.__wrapped__(Source())
    tracemalloc.start()
    load.__wrapped__(Source())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000
