"""What an officer's words probably mean: by hints (``hints.toml``), and by statistical votes.

For a line that is no command the hints say which verb its words suggest. A command that the phrases find counts only
if its line sounds like an order, or is written as officers are taught it (the act, its number, unit, day or clause,
and courtesies). A mail without such a command may be carried out by what it sounds like (``plain.by_sound``). In the
reply to a mail that is asked back the likeliest act comes first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from rules.commands.arguments import UNCLEAR
from rules.commands.command import ADDS, LISTED, NO_ORDER, SAID_BEHIND, Command
from rules.commands.command_line import Reader
from rules.commands.mood import DOUBT, asks, governed, is_done, length_at, said_in
from rules.commands.plain.words import CLAUSE, is_about_oneself, sentences_in, without_codes, written_out
from rules.commands.vocabulary import WORD, CommandWords, own_lines, plain_words, starts
from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import Sentence, features_of, sentences_of, without_quotations
from rules.reply.unit_names import UnitNames
from rules.reply.verbs import load_verb_phrases
from rules.text import clean, has_marks, squash, strip_marks
from rules.text.statistical_vote import shares
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.register_number import number_places

UNIT_WORD = "{unit}"
SHORTEST_LIKE = 4
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSE = re.compile(r"(?<=[.!?,;:])\s+|\n+|(?:(?<=\s)|^)(?:thì|nên|vậy|cứ|mà|ma)\s+", re.IGNORECASE)
ORDERS, ACTS = "orders", "acts"
"""The votes: between ``ORDER`` and ``NO_ORDER``, and between the acts of ``hints.toml``."""
ORDER = "order"
KNOWN = 0.5
"""The votes must know this share of a text's syllables; names and the story around a command may be unknown."""
LEAST_ORDER, LEAST_TAUGHT, LEAST_ACT = 0.8, 0.15, 0.1
"""A line that sounds less like an order, less so where it is written as officers are taught it, or less like the act
that its phrase means, is asked back."""
MOST_SENTENCES, MOST_COMMANDS = 12, 3
"""Only so many sentences give features of a mail, and its count of commands stops at this number."""
_ACT = {"unit_answer": "is_answer", "approve": "extend", "return": "refuse_extension"}
"""What a phrase comes to, as ``hints.toml`` names it."""
LONGEST = 1200
"""A longer text, in characters, is judged as a whole."""
JUDGED = frozenset(
    {"forward", "reject", "ask", "extend", "refuse_extension", "close", "unit_answer", "not_a_question"}
    | {"remind_unit", "unit_received", "unit_rewrite"}
)
"""Commands of which the tables have enough examples for a vote."""
TAUGHT_ONLY = frozenset(
    {"confirm", "handled", "register", "recall", "reopen", "withdraw", "supplement", "to_asker", "pass_on"}
    | {"correct", "sign", "let_go", "let_go_surely", "keep", "unit_answer_sure", "unit_refusal", "drop_support", ADDS}
    | {"publish", "publish_surely"}
)
"""Other commands that change something or inform somebody: each counts only as officers are taught it, …"""
ALONE = frozenset({"confirm", "handled"})
"""… and these only if the mail says nothing else."""
_LEADS = frozenset({"thanh", "la"})
"""Before the right content of a field."""
LONGEST_BEHIND = 120
"""A command stands within so many characters behind the words that put it off."""
LONGEST_LEAD = 10
"""A number begins within so many characters ("số 5 Lê Lợi")."""
_DIGITS = re.compile(r"[\d/.-]+")


@dataclass(frozen=True, slots=True)
class Hints:
    """``acts``: verbs with the words that suggest them; ``lead``: words removed before the citizen's part."""

    acts: tuple[tuple[str, tuple[str, ...], bool], ...]
    lead: tuple[tuple[str, ...], ...]
    help: Mapping[str, Sequence[tuple[str, str]]]
    asks_nothing: tuple[str, str]
    """How a question of the register that asks nothing may be ended: a label and the command."""
    session: Mapping[str, Sequence[str]]
    """Words that name a session ("of"), and what of it they change ("move", "cancel" …), or "attend"."""
    asker: Mapping[str, tuple[str, ...]]
    """What an officer says of a citizen's matter ("said"), and phrases with the same words that do not ("never")."""
    data: Mapping[str, Sequence[str]]
    """Words for what was done by each request about personal data, and others that sort requests and answers."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_hints(source: Source = DEFAULT) -> Hints:
    """Read ``hints.toml``. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("hints.toml")
    acts = tuple((one["act"], _plain(one["words"]), UNIT_WORD in one["words"]) for one in data["hint"])
    lead = sorted((plain_words(one) for one in data["asking"]["lead"]), key=lambda one: -len(one))
    asker = {name: _plain(words) for name, words in data["asker"].items()}
    help_ = {name: [(a, b) for a, b in rows] for name, rows in data["help"].items()}
    return Hints(acts, tuple(lead), help_, tuple(data["asks_nothing"]["link"]), data["session"], asker, data["data"])


def _plain(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(plain_words(one)) for one in words if one != UNIT_WORD)


def likely(line: str, names: UnitNames, source: Source = DEFAULT) -> tuple[str, ...]:
    """The verbs that the line's words suggest, the most likely first; () when none does."""
    text = f" {' '.join(plain_words(line))} "
    named = bool(names.find(squash(line), bare=True))
    votes = [
        (sum(len(one.split()) for one in words if f" {one} " in text) + 2 * (named and unit), verb)
        for verb, words, unit in load_hints(source).acts
    ]
    return tuple(verb for count, verb in sorted(votes, key=lambda one: -one[0]) if count)


def tells_of_asker(text: str, source: Source = DEFAULT) -> bool:
    """Whether an officer's words say that somebody asks, called or came ("bác Tư gọi lên hỏi tiền nước")."""
    said, words = f" {' '.join(plain_words(text))} ", load_hints(source).asker
    for one in words["never"]:
        said = said.replace(f" {one} ", " ; ")
    return any(f" {one} " in said for one in words["said"])


def session_changes(text: str, source: Source = DEFAULT) -> frozenset[str]:
    """What a text may want changed of a session, as ``Hints.session`` names it; marks count where it has any."""
    return _entries(text, load_hints(source).session)


def data_matters(text: str, source: Source = DEFAULT, *only: str) -> frozenset[str]:
    """The requests about personal data of which an officer's words speak, as ``Hints.data`` names them."""
    known = load_hints(source).data
    others = known.keys() - {"page", "alone", "erases", "kept", "soon"}
    return _entries(text, {key: known[key] for key in only or others})


def _entries(text: str, known: Mapping[str, Sequence[str]]) -> frozenset[str]:
    marked, said = has_marks(text), f" {' '.join(WORD.findall(squash(text)))} "
    shown = {key: [squash(one if marked else strip_marks(one)) for one in words] for key, words in known.items()}
    return frozenset(key for key, words in shown.items() if any(f" {one} " in said for one in words))


def for_the_asker(line: str, source: Source = DEFAULT) -> str:
    """ "Bảo ông ấy ghi rõ địa chỉ" as a request to the citizen: "xin Ông/Bà ghi rõ địa chỉ"; else "".

    A line without words that lead to the citizen ("chỗ này của phường, để anh hỏi lại") is meant for a colleague.
    """
    words = [match.span() for match in WORD.finditer(line)]
    said = [plain_words(line[start:end])[0] for start, end in words]
    at = 0
    lead = load_hints(source).lead
    while at < len(said):
        cut = next((len(one) for one in lead if tuple(said[at : at + len(one)]) == one), 0)
        if not cut:
            break
        at += cut
    return f"xin Ông/Bà {line[words[at][0] :].strip()}" if 0 < at < len(said) else ""


def comes_near(said: Sequence[str], words: CommandWords, least: float) -> bool:
    """Whether the beginning of ``said`` is at least so similar, 0 to 1, to some beginning of a command."""
    likely = (phrase.words for phrase in words.phrases if len(" ".join(phrase.words)) >= SHORTEST_LIKE)
    return any(_is_like(" ".join(said[: len(one)]), " ".join(one), least) for one in likely)


def _is_like(text: str, wanted: str, least: float) -> bool:
    """As ``difflib.get_close_matches`` asks: what the lengths or letters alone rule out is never aligned."""
    both = SequenceMatcher(None, text, wanted)
    return both.real_quick_ratio() >= least and both.quick_ratio() >= least and both.ratio() >= least


def examined(text: str, reader: Reader, source: Source = DEFAULT) -> Mapping[str, float]:
    """The features of a mail by which the votes are trained."""
    words = features_of(_sentences(text, reader.names, source))
    return {**words, **dict.fromkeys(_course(text, reader), 1.0)}


def _course(text: str, reader: Reader) -> Iterator[str]:
    """Which mail is answered, and what each sentence does by its place, as features: its mood, and its commands.

    The words alone do not tell "chuyển SXD" from a report of it.
    """
    words, mood = written_out(clean(without_quotations(text))), reader.words.mood
    said = sentences_in(without_codes(words, reader.words.prefix)[1], reader.words)[:MOST_SENTENCES]
    orders = 0
    for at, sentence in enumerate(said):
        place = "only" if len(said) == 1 else "last" if at == len(said) - 1 else "first" if at == 0 else "amid"
        kind = reader.mood(sentence)
        found = [command.verb for command in reader.commands(sentence)]
        orders += len(found)
        yield from (f"mmood-{kind}", f"mmood-{place}-{kind}", *(f"mgives-{one}" for one in found))
        yield from (f"mgoverned-{one}" for one, _ in governed(sentence, mood))
        yield from ("masks", f"masks-{place}") if asks(sentence, mood) else ()
        yield from ("mdone",) if is_done(sentence, mood) else ()
        yield from (f"mgives-{place}",) if found else ()
    yield f"mcommands-{min(orders, MOST_COMMANDS)}"
    yield from (f"mcase-{reader.case}",) if reader.case else ()


def _sentences(text: str, names: UnitNames, source: Source) -> tuple[Sentence, ...]:
    phrases = load_verb_phrases(source)
    return sentences_of(without_quotations(text), names, phrases.lines, short=phrases.short)


def unlike_orders(commands: Sequence[Command], text: str, reader: Reader, source: Source) -> tuple[Command, ...]:
    """A mail's commands; those that surely do not sound like a command become ``NO_ORDER``."""
    alone, whole = len(commands) == 1, "\n".join(own_lines(text, reader.words))
    return tuple(
        replace(one, verb=NO_ORDER, field=DOUBT)
        if (one.verb in JUDGED and _sounds_like_none(one, whole if alone else one.raw, reader, source))
        or (_counts_as_taught(one) and not is_taught(replace(one, raw=whole) if one.verb in ALONE else one, reader))
        else one
        for one in commands
    )


def _counts_as_taught(command: Command) -> bool:
    """A signature that names no question is asked back for it ("Ký nhận 2 câu trên")."""
    return command.verb in TAUGHT_ONLY and (command.verb != "sign" or bool(command.question))


def _sounds_like_none(one: Command, text: str, reader: Reader, source: Source) -> bool:
    """Whether a command surely does not sound like one; the words before it are its reasons, and may sound so."""
    if (one.verb == "reject" and one.clause in {"", UNCLEAR}) or (one.verb == "forward" and not one.unit):
        return False  # is asked back for its clause or unit
    text = LISTED.sub("", text)
    if is_prepared(one, text, reader):
        return False
    if one.verb == "forward" and any(is_postponed(each, {one.verb}, reader) for each in _SENTENCE.split(text)):
        return True
    said = _from_the_order_on(one, text, reader)
    taught = is_taught(one, reader) or is_taught(replace(one, raw=said), reader)
    told = [clause for clause in CLAUSE.split(said) if not is_about_oneself(clause, reader.plain)]
    order, acts = heard(", ".join(told), reader, source)
    least, act = LEAST_TAUGHT if taught else LEAST_ORDER, _ACT.get(one.verb, one.verb)
    return bool(acts) and (order < least or acts.get(act, 1.0) < LEAST_ACT)


def is_postponed(sentence: str, verbs: Collection[str], reader: Reader) -> bool:
    """ "Dân gửi giấy tờ rồi hẵng chuyển BHXH", "chờ họp xong chuyển SXD": a command, of these verbs, is for later.

    Without diacritics "cho" may be "chờ", which the votes hear less surely.
    """
    sentence = sentence[:LONGEST]
    statement, words = said_in(sentence), reader.plain.order
    waits = length_at(statement, length_at(statement, 0, reader.words.mood.subjects), words.waits)
    told = (*words.later, *words.then) if waits else words.later
    for at in range(len(statement.words)):
        ends = at + length_at(statement, at, told)
        behind = sentence[statement.places[ends][0] :][:LONGEST_BEHIND] if at < ends < len(statement.words) else ""
        near = behind and not sentence[statement.places[ends - 1][1] : statement.places[ends][0]].strip()
        if near and any(command.verb in verbs for command in reader.commands(behind)):
            return True
    return False


def _from_the_order_on(command: Command, text: str, reader: Reader) -> str:
    """The text from the clause on that gives the command by itself; all of it when none does."""
    if len(text) > LONGEST:
        return text
    for begins in (0, *(match.end() for match in _CLAUSE.finditer(text))):
        clause = _SENTENCE.split(text[begins:], maxsplit=1)[0]
        if any(
            (each.verb, each.unit, each.clause) == (command.verb, command.unit, command.clause)
            for each in reader.commands(clause)
        ):
            return text[begins:]
    return text


def likely_acts(text: str, reader: Reader, source: Source = DEFAULT) -> tuple[str, ...]:
    """The acts that a mail may mean, the likeliest first; () when no word is known."""
    _, found = heard(text, reader, source)
    return tuple(sorted(found, key=lambda one: -found[one]))


def heard(text: str, reader: Reader, source: Source = DEFAULT) -> tuple[float, dict[str, float]]:
    """The share for an order, and the share of each act; 0 and {} without a model, or when hardly a word is known."""
    counts = examined(text, reader, source)
    orders, acts = (shares(one, counts, source, known=KNOWN) for one in (ORDERS, ACTS))
    return orders.get(ORDER, 0.0), acts


def is_prepared(one: Command, text: str, reader: Reader) -> bool:
    """Whether a line is written as the links of our mails write it: the number, then the act, and nothing else."""
    return bool(one.question) and text.startswith(one.question) and is_taught(replace(one, raw=text), reader)


def is_taught(order: Command, reader: Reader) -> bool:
    """Whether a line has only what officers are taught: act, number, unit, day, clause, and the act's argument."""
    words, text = reader.words, _before_its_text(order, reader.words)
    reasons = frozenset(word for form in words.because for word in form)
    clauses = reasons | {word for form, _ in words.clauses for word in form}
    beside = {
        "forward": words.joins,
        ADDS: words.joins,
        "extend": words.day_words,
        "reject": clauses | words.rejected,
        "correct": _LEADS,
    }
    asks = _ends_asking(text if order.verb in SAID_BEHIND else order.raw, reader)
    return not asks and _is_bare(text, order, reader, beside.get(order.verb, reasons))


def is_alone(line: str, reader: Reader) -> bool:
    """Whether a line is an order as officers are taught it, and nothing else."""
    return any(is_taught(command, reader) for command in reader.commands(line))


def _ends_asking(text: str, reader: Reader) -> bool:
    """ "Thu hồi à em", "Xác nhận chuyển SXD không": without diacritics "a" may ask too."""
    statement = said_in(text)
    for word in reversed(statement.words):
        if any(word in {each, strip_marks(each) if statement.bare else each} for (each,) in reader.plain.asking):
            return True
        if word not in reader.words.mood.particles:
            return False
    return False


def _is_bare(told: str, order: Command, reader: Reader, beside: Collection[str]) -> bool:
    """Only the command's own words, units, numbers, polite particles, and words ``beside`` (without diacritics)."""
    text = squash(told)
    for _, start, end in reversed(number_places(text, reader.words.prefix)):
        text = f"{text[:start]} {text[end:]}"
    for mention in reversed(reader.names.find(text, bare=True)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    own = {word for phrase in reader.words.phrases if phrase.verb == order.verb for word in phrase.words}
    statement = said_in(_DIGITS.sub(" ", text))
    polite = {strip_marks(word) if statement.bare else word for one in reader.plain.polite for word in one}
    return all(word in polite or strip_marks(word) in own | {*beside} for word in statement.words)


def _before_its_text(order: Command, words: CommandWords) -> str:
    """The line up to the question, reason or remark that belongs to the command."""
    if order.verb in SAID_BEHIND and (":" in order.raw or not _is_content(order)):
        return order.raw.partition(":")[0]
    ahead = order.raw.partition(order.text.partition("\n")[0])[0] if order.text else ""
    if order.verb in {"reject", "correct"} and order.text:
        return ahead
    if any(plain_words(ahead)[-len(one) :] == one for one in words.because):
        return ahead
    if order.remark and (order.verb == "reopen" or any(starts(order.remark, one) for one in words.remarks)):
        return order.raw.partition(order.remark.partition("\n")[0])[0]
    return f"{ahead}{order.text}" if order.verb == "forward" and ahead else order.raw  # without "…, không gửi SYT"


def _is_content(order: Command) -> bool:
    """Whether a correction without a colon begins with a name, an address or a number ("sửa tên Trần Thị Bình")."""
    begins = order.text[:LONGEST_LEAD]
    return order.verb == "correct" and (begins[:1].isupper() or any(one.isdigit() for one in begins))
