"""The command that a mail surely sounds like, when all that it needs is read without doubt.

What officers write has no end of forms; which act they mean is heard from the whole of their words
(``likely_orders.heard``). A command is carried out so only when both votes are sure, the act fits the mail that is
answered, its arguments are named and no other could be meant, and nothing doubts, asks, reports, postpones or sets a
condition.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.commands.command import DICTATES, NO_ORDER, UNREAD, Command, other_number
from rules.commands.command_line import Reader
from rules.commands.likely_orders import heard
from rules.commands.mood import (
    CONDITION,
    NEGATION,
    PLAN,
    QUESTION,
    REPORT,
    STOPPED,
    asks,
    begins_clause,
    ends_with,
    found_in,
    governed,
    is_done,
    length_at,
    said_in,
    stop_in,
    without,
)
from rules.commands.plain import arguments_named as named
from rules.commands.plain.ask_sender import asked_anywhere
from rules.commands.plain.day_granted import AS_ASKED, extension_in, grants_a_day
from rules.commands.plain.grounds import rejection_in
from rules.commands.plain.orders import MOST_SENTENCES, MOST_WORDS, sentences_in, without_codes
from rules.commands.plain.rewriting import wish_for_the_unit
from rules.commands.plain.units_meant import forward_in
from rules.commands.plain.words import CLAUSE, is_wished, written_out
from rules.commands.second_thoughts import SAID_BEHIND, held_back, is_other_unit, may_leave
from rules.commands.session_line import session_number
from rules.reply.sentences import without_quotations
from rules.text import clean, squash
from rules.values.data_file import Source
from rules.values.register_number import register_numbers

ORDER_SHARE, SPOKEN_SHARE = 0.9, 0.6
"""The share that the words need for an order; the second where a phrase for the act stands among them."""
ACT_SHARE = 0.5
"""They must sound like one act of all with this share; …"""
ENDS = dict.fromkeys(("refuse_extension", "close", "not_a_question"), 0.6) | {"reject": 0.4}
"""… with more for an act that refuses or ends something, but for a rejection whose clause is named, …"""
MOVES_NOTHING = dict.fromkeys(("note", "status", "sign", "correct", "link", "register", "unit_received"), 0.3)
"""… and with less for one that moves nothing, or whose arguments alone show what is meant."""
CLEAR_ORDER, CLEAR_SHARE = 0.95, 0.8
"""Beside an order that sounds so clear, words of doubt in a story or reason before it mean none."""
FAR_AHEAD_ORDER, FAR_AHEAD_SHARE, FAR_AHEAD = 0.92, 0.4, 6.0
"""A surer order may sound less like its act where every other act has at most a sixth of its share."""
BARE = {
    **{one: one for one in ("close", "not_a_question", "refuse_extension", "sign", "remind_unit", "unit_received")},
    "is_answer": "unit_answer",
}
"""Acts that need nothing but the question, with the verbs of their commands."""
WHOLE = frozenset({"note", "status"})
"""Acts whose text is the mail itself."""
ALIKE = {
    "unit_answer": {"to_asker", "approve"},
    "reject": {"not_a_question", "return"},
    "refuse_extension": {"reject"},
}
"""A command beside which others say the same."""
SIGNS = "sign"
"""Whoever signs for a question may give another command beside it."""
INCOMPLETE = {"reject": {"reject"}, "return": {"reject", "unit_rewrite"}}
"""Commands that are asked back without a clause, or without a paper to return, and what the mail may mean by them."""
MEANT = {named.UNIT_NAMED: "forward", "approve": "extend", "return": "refuse_extension"}
"""What a phrase comes to in the mail that it answers."""
FIRST_WORDS = 3
"""So many words of a request to somebody are still said to the colleague."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An act, and the first and last of the sentences that sound like it."""

    act: str
    order: float
    """The share for an order."""
    share: float
    """The share for the act."""
    first: int
    last: int


def order_by_sound(
    text: str, found: Sequence[Command], reader: Reader, source: Source, fits: Collection[str]
) -> tuple[Command, ...]:
    """The command of a mail's own text; () when the votes are not sure, an argument is missing, or any doubt remains.

    ``found`` is what the phrases read, ``fits`` are the acts that are possible in reply to the mail that is answered,
    by their names in ``hints.toml``.
    """
    if not fits or not all(_may_be_heard(one, fits) for one in found):
        return ()
    incomplete = {meant for one in found for meant in INCOMPLETE.get(one.verb, ())}
    fits = incomplete & {*fits} if incomplete else {*fits} - {one.verb for one in found}
    signs = [one for one in found if one.verb == SIGNS]
    text = without_quotations(written_out(clean(text)))  # other people's words neither order nor doubt
    codes, bare = without_codes(text, reader.words.prefix)
    sentences = sentences_in(bare, reader)
    if not codes and other_number(bare):  # it may be about another question than the one at hand
        return ()
    short = 0 < len(sentences) <= MOST_SENTENCES and len(bare.split()) <= MOST_WORDS
    if not short or len(codes) > 2 or any(stop_in(one, reader.words.mood) for one in sentences):
        return ()
    spoken = [Heard("reject", 1.0, 1.0, 0, len(sentences) - 1)] if any(one.verb == "reject" for one in found) else ()
    for part in spoken or _heard(text, sentences, reader, source, fits):
        order = _filled(part.act, text, sentences, reader, asked=AS_ASKED in fits)
        sure = order is not None and (part.order >= ORDER_SHARE or _is_spoken(order, sentences, reader))
        if order is not None and sure and _is_beyond_doubt(order, part, sentences, reader):
            beside = [one for one in signs if order.verb != SIGNS]
            return (replace(order, question=order.question or next(iter(codes), ""), raw=text.strip()), *beside)
    return ()


def _may_be_heard(one: Command, fits: Collection[str]) -> bool:
    """Whether a line gave no whole command, and neither a word of doubt nor another number is the reason."""
    if one.verb in INCOMPLETE:
        return not one.clause and (one.verb == "reject" or "unit_rewrite" in fits or "refuse_extension" not in fits)
    none = one.verb in {UNREAD, NO_ORDER, "status"} and one.field != STOPPED
    signs = one.verb == SIGNS and not one.text  # "ký nhận 2 câu trên" is about others too
    return (none or signs) and not session_number(one.raw)


def _heard(
    text: str, sentences: Sequence[str], reader: Reader, source: Source, fits: Collection[str]
) -> Iterator[Heard]:
    """The parts of a mail that sound like an order, and like one act that fits."""
    for part, first, last in _parts(text, sentences):
        order, acts = heard(part, reader.names, source)
        likely = max(acts, key=acts.__getitem__, default="")
        least = {**ENDS, **MOVES_NOTHING}.get(likely, ACT_SHARE)
        if likely in fits and order >= SPOKEN_SHARE and (acts[likely] >= least or _is_far_ahead(order, acts)):
            yield Heard(likely, order, acts[likely], first, last)


def _is_far_ahead(order: float, acts: Mapping[str, float]) -> bool:
    """Whether a sure order sounds far less like any other act; forwards are known too well to sound so faintly."""
    (likely, share), (_, next_share) = sorted(acts.items(), key=lambda one: -one[1])[:2]
    far = share >= max(FAR_AHEAD_SHARE, FAR_AHEAD * next_share)
    return likely != "forward" and order >= FAR_AHEAD_ORDER and far


def _parts(text: str, sentences: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """The whole mail; its end from each sentence on; each sentence: what else it tells may sound like no order."""
    last = len(sentences) - 1
    yield text, 0, last
    if last:
        yield from ((" ".join(sentences[at:]), at, last) for at in range(1, last + 1))
        yield from ((one, at, at) for at, one in enumerate(sentences[:-1]))


def _filled(act: str, text: str, sentences: Sequence[str], reader: Reader, *, asked: bool = False) -> Command | None:
    """The command with all that it needs; None when something is missing, or named twice.

    ``asked`` says that the mail that is answered asks whether a unit gets more time.
    """
    codes, bare = without_codes(text, reader.words.prefix)
    if (len(codes) > 1) != (act == "link" and len(codes) == 2):
        return None
    readers: dict[str, Callable[[], Command | None]] = {
        "forward": lambda: forward_in(sentences, reader),
        "extend": lambda: extension_in(bare, reader, asked=asked),
        "ask": lambda: named.question_in(bare, sentences, reader),
        "reject": lambda: rejection_in(sentences, reader),
        "link": lambda: named.link_in(list(dict.fromkeys(register_numbers(text, reader.words.prefix)))),
        "correct": lambda: named.correction_in(sentences, reader),
        "register": lambda: named.dictated_in(bare, reader),
        "unit_rewrite": lambda: Command(act, "", text=wish_for_the_unit(bare, reader.plain.rewrite)),
        "to_asker": lambda: Command(act, "", text=said) if (said := named.behind_a_colon(bare)) else None,
        "note": lambda: Command(act, "", text=bare.strip()),
        "status": lambda: Command(act, "", text=bare.strip()),
    }
    if act in readers:
        return readers[act]()
    wished = act != "close" or any(is_wished(one, reader.plain.close) for one in sentences)
    kept = act == "is_answer" and not may_leave(sentences, reader)
    kept = kept or (act == "refuse_extension" and grants_a_day(bare, reader))
    return Command(BARE[act], "") if act in BARE and wished and not kept else None


def _is_spoken(order: Command, sentences: Sequence[str], reader: Reader) -> bool:
    """Whether a phrase for the command stands anywhere in a sentence, for a forward with its unit."""
    tails = [sentence[begins:] for sentence in sentences for begins, _ in said_in(sentence).places]
    return any(_orders_the_same(one, order, reader) for one in tails)


def _is_beyond_doubt(order: Command, found: Heard, sentences: Sequence[str], reader: Reader) -> bool:
    """Whether nothing in the mail makes the command doubtful; what is meant for the requester may ask and doubt."""
    if order.verb in WHOLE:
        return True
    own = sentences[found.first : found.last + 1]
    for_others = order.verb in SAID_BEHIND | {DICTATES}
    lines = [*sentences[: found.first], *sentences[found.last + 1 :]] if for_others else list(sentences)
    raw = " ".join(own) if for_others else ""
    lines += sentences_in(raw.partition(":")[0], reader)[-1:] if ":" in raw else []  # "Chờ hỏi bác ấy: …"
    asking = [one for one in own if for_others and asked_anywhere(one, reader.plain.ask)]
    lines += [" ".join(one.split()[:FIRST_WORDS]) for one in asking]  # "Mai hỏi bác ấy …"
    clear = found.share >= CLEAR_SHARE and (found.order >= CLEAR_ORDER or _is_spoken(order, own, reader))
    beside = _without_stories(reader) if clear else reader
    behind = lines[found.first :]  # what stands behind an order may take it back
    doubted = [held_back((replace(order, raw=raw),), *one)[0] for one in ((behind, reader), (lines, beside))]
    if any(one.verb != order.verb for one in doubted):
        return False
    harmless = (*reader.plain.doubt.harmless, *reader.plain.order.stories, *reader.plain.extend.last_time)
    told = [_without_other_units(without(one, harmless), order, reader) for one in lines]
    if for_others and any(_is_reported(one, order, reader) for one in own):  # "đừng hỏi lại người gửi …"
        return False
    if not for_others and _orders_more(order, told, reader):
        return False
    return not any(_spoils(one, order, reader) for one in told) and not any(
        _is_wish_of_others(one, order, reader) or named.is_said_by_another(replace(order, raw=one), reader)
        for one in lines
    )


def _without_stories(reader: Reader) -> Reader:
    """Words of doubt that only tell something before a clear order are left out."""
    doubt = reader.plain.doubt
    says, begins, inside = (
        tuple(one for one in said if one not in doubt.stories) for said in (doubt.says, doubt.begins, doubt.inside)
    )
    return replace(reader, plain=replace(reader.plain, doubt=replace(doubt, says=says, begins=begins, inside=inside)))


def _without_other_units(sentence: str, order: Command, reader: Reader) -> str:
    """The sentence without clauses that only say which unit is not meant ("đừng gửi xây dựng, …")."""
    if is_other_unit(sentence, order, reader):
        return ""
    kept = [one for one in CLAUSE.split(sentence) if not is_other_unit(one, order, reader)]
    return sentence if len(kept) == len(CLAUSE.split(sentence)) else ", ".join(kept)


def _orders_more(order: Command, sentences: Sequence[str], reader: Reader) -> bool:
    """Whether a clause gives another command too: a mail is carried out whole or not at all."""
    clauses = [clause for sentence in sentences for clause in CLAUSE.split(sentence)]
    found = [one for each in clauses for one in reader.commands(each)]
    others = {one.verb for one in found if one.unit or one.verb != "forward"}
    return bool(others & reader.plain.doubt.verbs - {order.verb, named.UNIT_NAMED, SIGNS, *ALIKE.get(order.verb, ())})


def _spoils(sentence: str, order: Command, reader: Reader) -> bool:
    """Whether a sentence asks, reports, plans, denies, or sets a condition."""
    mood = reader.words.mood
    kind = reader.mood(sentence)
    if asks(sentence, mood) or kind in {CONDITION, QUESTION, PLAN, REPORT} or _supposes(sentence, reader):
        return True
    denies = kind == NEGATION or any(
        each == NEGATION and said_in(sentence).begins(0, one) for one, each in mood.heads
    )
    if denies and order.verb not in ENDS:
        return True
    others = is_done(sentence, mood) and length_at(said_in(sentence), 0, reader.plain.order.others)
    return (
        bool(others)
        or _is_reported(sentence, order, reader)
        or (order.verb == "forward" and _tells_of_a_unit(sentence, reader))
    )


def _supposes(sentence: str, reader: Reader) -> bool:
    """ "Mà họ vẫn im thì gia hạn …" sets a condition without "nếu"."""
    ahead, draws, _ = sentence.rpartition(" thì ")
    return bool(draws) and found_in(ahead, reader.plain.order.no_fact)


def _is_reported(sentence: str, order: Command, reader: Reader) -> bool:
    """ "Sở đã được gia hạn đến 12/10": the act itself is told, planned or denied, wherever in the sentence."""
    heads = governed(sentence, reader.words.mood)
    tails = [rest for mood, rest in heads if mood != NEGATION or order.verb not in ENDS]
    return any(_orders_the_same(one, order, reader) for one in tails)


def _orders_the_same(tail: str, order: Command, reader: Reader) -> bool:
    found = [(MEANT.get(one.verb, one.verb), one.unit) for one in reader.commands(tail)]
    return (order.verb, order.unit) in found


def _is_wish_of_others(sentence: str, order: Command, reader: Reader) -> bool:
    """ "Công dân đề nghị chuyển Sở Xây dựng": the act is what the requester or a unit wants."""
    said, words = said_in(sentence), reader.plain
    for at in range(len(said.words)):
        who = length_at(said, at, (*words.close.asker, *words.order.others))
        wish = length_at(said, at + who, words.order.wants) if who else 0
        behind = said.places[at + who + wish :][:2] if wish else ()  # "đòi được chuyển", "đòi chuyển"
        if any(_orders_the_same(sentence[begins:], order, reader) for begins, _ in behind):
            return True
    return False


def _tells_of_a_unit(sentence: str, reader: Reader) -> bool:
    """ "Sở Xây dựng vừa gửi công văn", "dân kêu Sở Y tế": what a unit does, did or is blamed for."""
    text, mood, mentions = squash(sentence), reader.words.mood, named.mentions_in(sentence, reader)
    complains = [ends_with(said_in(text[: one.start]), reader.plain.order.complains) for one in mentions]
    acts = any(begins_clause(text[one.end :], mood) for one in mentions)
    return acts or any(complains) or (bool(mentions) and is_done(sentence, mood))
