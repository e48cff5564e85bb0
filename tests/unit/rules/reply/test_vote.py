"""The vote on departments' mails: what it may decide, what it never does, how it reads mails it never met."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from rules.message.quote_markers import DEFAULT
from rules.reply.evidence import Papers, settled, weigh
from rules.reply.sentences import sentences_of
from rules.reply.unit_names import unit_names
from rules.reply.verbs import judge, load_verb_phrases
from rules.reply.vetoes import AMONG, DOUBTS, SOFT, VETOES
from rules.reply.vote import ACTS, LEAST_WORDS, Sound, second_opinion, sound
from rules.values.data_file import load_units
from rules.values.model import Verb

NAMES = unit_names(load_units())
PHRASES = load_verb_phrases(DEFAULT)
_TABLE = Path(__file__).parents[3] / "data" / "departments_doubts.tsv"
DOUBTS_OF_UNITS = [tuple(line.split("\t")) for line in _TABLE.read_text("utf-8").splitlines()[1:]]
ASKED_FOR = "Bệnh viện Việt Tiệp khám ngoài giờ khi nào?"


def sure_of(verb: Verb, share: float = 0.97) -> Mapping[Verb, float]:
    others = [one for one in (Verb.ANSWER, Verb.NONE, *ACTS) if one is not verb]
    return {verb: share} | {one: (1 - share) / len(others) for one in others}


def opinion(
    verb: Verb,
    likely: Mapping[Verb, float],
    *vetoes: str,
    files: int = 0,
    formal: bool = False,
    words: int = LEAST_WORDS,
) -> Verb:
    return second_opinion(verb, vetoes, Sound(likely, words, files, formal))


def test_what_does_not_sound_like_an_answer_waits_for_a_person() -> None:
    assert opinion(Verb.ANSWER, sure_of(Verb.NONE)) is Verb.NONE
    assert opinion(Verb.ANSWER, sure_of(Verb.ANSWER)) is Verb.ANSWER
    assert opinion(Verb.ANSWER, sure_of(Verb.EXTENSION)) is Verb.EXTENSION


def test_a_department_that_opens_as_it_is_told_to_is_heard() -> None:
    assert opinion(Verb.ANSWER, sure_of(Verb.NONE), formal=True) is Verb.ANSWER
    said = weigh("Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027. Xin gửi lại.", "", Papers(), NAMES)
    assert said.heard.formal


LIGHT = [SOFT["office"], AMONG["elsewhere"]]


@pytest.mark.parametrize("veto", LIGHT)
def test_a_sure_vote_outweighs_of_what_a_text_speaks(veto: str) -> None:
    assert opinion(Verb.NONE, sure_of(Verb.ANSWER), veto) is Verb.ANSWER
    assert opinion(Verb.NONE, sure_of(Verb.ANSWER, 0.75), veto) is Verb.NONE


@pytest.mark.parametrize(
    "veto",
    [
        *VETOES.values(),
        SOFT["board"],
        SOFT["asked"],
        AMONG["voice"],
        *DOUBTS.values(),
        "còn chỗ chưa điền",
        "là giấy tờ vào việc khác",
    ],
)
def test_the_vote_sends_nothing_that_a_mail_forbids(veto: str) -> None:
    for verb in Verb:
        if verb is not Verb.ANSWER:
            assert opinion(verb, sure_of(Verb.ANSWER), veto) is not Verb.ANSWER


def test_who_asks_for_time_or_refuses_never_answers_by_the_vote() -> None:
    for verb in (Verb.EXTENSION, Verb.NOT_COMPETENT, Verb.FORWARDED, Verb.ASKS_CITY):
        assert opinion(verb, sure_of(Verb.ANSWER)) is not Verb.ANSWER
    assert opinion(Verb.NONE, sure_of(Verb.ANSWER), files=1) is Verb.NONE, "a file may be anything"
    assert opinion(Verb.NONE, sure_of(Verb.ANSWER), words=2) is Verb.NONE, "“Có ạ” sounds like an answer"


def test_who_is_named_as_answering_is_heard_however_it_sounds() -> None:
    road = "Đường trước nhà tôi hỏng, bao giờ sửa?"
    told = weigh("Sở Xây dựng trả lời: đường sẽ được sửa trong quý IV.", road, Papers(), NAMES)
    assert settled(Verb.ANSWER, "", told) is Verb.ANSWER
    planned = weigh("Sở Xây dựng trả lời trước ngày 10/10 nhé.", road, Papers(), NAMES)
    assert settled(Verb.ANSWER, "", planned) is not Verb.ANSWER


def test_without_a_model_the_phrases_decide() -> None:
    for verb in Verb:
        assert opinion(verb, {}) is verb


def test_another_language_gets_no_vote() -> None:
    text = "Prosimy o przesłanie odpowiedzi na pytanie mieszkańca dotyczące naprawy nawierzchni drogi."
    found = weigh(text, ASKED_FOR, Papers(), NAMES)
    assert settled(Verb.NONE, "", found) is Verb.NONE


def test_shares_add_up_and_figures_are_one_word() -> None:
    def shares(text: str) -> Mapping[Verb, float]:
        return weigh(text, "", Papers(), NAMES).heard.likely

    one = shares("Mức thu là 30.000 đồng/tháng, nộp trước ngày 15/10.")
    assert math.isclose(sum(one.values()), 1)
    assert one == shares("Mức thu là 47.500 đồng/tháng, nộp trước ngày 28/11.")
    assert sound(()).likely == {}


@pytest.mark.wide
@pytest.mark.timeout(120)
def test_mails_that_it_never_met_are_read_as_they_are_meant() -> None:
    """Each blind table is left out once (``train_vote.py --measure``); phrases alone read 84 % of such mails."""
    from scripts.training.by_table import measure  # scikit-learn takes a second to load
    from scripts.training.model_fit import Numbers
    from scripts.training.replies import labelled_mails, reply_examples

    held = measure("replies", labelled_mails(), reply_examples, Numbers(3.0))
    read = [(one, max(found, key=found.__getitem__)) for one, found in held if found]
    read = [(one, said) for one, said in read if one.table.startswith("human_mails_blind")]
    answers = [(one, said) for one, said in read if Verb.ANSWER in one.classes]
    others = [(one, said) for one, said in read if Verb.ANSWER not in one.classes]
    assert sum(said == Verb.ANSWER for _, said in answers) >= 0.95 * len(answers)
    assert sum(said == Verb.ANSWER for _, said in others) <= 0.06 * len(others)
    assert sum(said in one.classes for one, said in read) >= 0.9 * len(read)


def by_both(text: str) -> Verb:
    """What a department's text is, by phrases and vote."""
    judged = judge(sentences_of(text, NAMES, PHRASES.lines, short=PHRASES.short), PHRASES)
    return settled(
        judged.verb, "", weigh(text, "Đường Trường Chinh trước nhà tôi hỏng, bao giờ sửa?", Papers(), NAMES)
    )


@pytest.mark.parametrize(("text", "leaves"), DOUBTS_OF_UNITS)
def test_one_sentence_holds_what_sounds_like_an_answer_and_no_word_of_the_matter(text: str, leaves: str) -> None:
    """Drafts, recalls, words to colleagues and half answers, and the same words said of the matter itself."""
    assert (by_both(text) is Verb.ANSWER) == (leaves == "yes")
