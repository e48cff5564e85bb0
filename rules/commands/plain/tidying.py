"""The text of a mail tidied for reading: slips of one letter mended, and what stands beside the command left out.

"Chyển sở công thươg" is "chuyển sở công thương", "đừg chuyển" is "đừng chuyển". Only a word that is no Vietnamese
syllable is a slip: one letter is missing, too many or out of its place, never another one ("chuyên" stays). Known are
the words of commands, doubts and units' names; where two are as near, the word stays.

People explain a unit's name in brackets, quote the requester, mention other questions, ask a colleague for another
thing, or tell a story before a labelled command. What might change the command is never left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.commands.command import DICTATES, Command
from rules.commands.command_line import Reader
from rules.commands.mood import ends_with, found_in, length_at, said_in, without
from rules.commands.plain.words import CLAUSE
from rules.commands.second_thoughts import SAID_BEHIND, may_stand_before
from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import without_quotations
from rules.text import has_marks, squash, strip_marks
from rules.text.syllables import is_bare_syllable
from rules.values.data_file import SOURCES_KEPT, Source, load_units

_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{3,10}(?![\w@/-]|\.\w)")
"""A word of a sentence; not within an address or a link."""
_LETTERS = re.compile(r"[^\W\d_]+")
_TWICE = re.compile(r"(\w)\1")
SHORTEST = 4
"""A shorter word is what was meant only where a letter of it was typed twice: too many are near to it."""
MOST_SLIPS = 8
"""A text with more is no Vietnamese, or none that anybody can read."""
_BRACKET = re.compile(r"[ \t]*\(([^()\n]{2,80})\)")
_CLAUSE_START = re.compile(r"(?<=[,;.!?…])\s+|\n+")
_SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?=\s)|\n|$")
_QUOTED = " … "
"""What ``without_quotations`` leaves of a quotation."""
LONGEST = 1200
"""In a longer mail, in characters, nothing that stands beside the command is left out."""
LABELLED = SAID_BEHIND | {DICTATES}
ONESELF = "em"
LEAVES = frozenset({"ask", "to_asker", "supplement"})
"""Commands whose text the requester reads."""
LONGEST_CALLED = 3
"""Between the form of address and what somebody wants stand his name and one word more."""
LONGEST_LABEL = 7
"""Before its colon, a command that takes a text has at most this many words."""


@dataclass(frozen=True, slots=True)
class KnownWords:
    """All known words, and by each form that lacks one letter, those that it may come from; without diacritics."""

    marked: Mapping[str, frozenset[str]]
    """The words as they are written with diacritics."""
    shorter: Mapping[str, frozenset[str]]
    spelt: Mapping[str, str]
    """How a word of another part of the country is written elsewhere."""

    def near(self, typed: str) -> frozenset[str]:
        """The known words that differ from the typed one by a letter: missing, too many or out of its place."""
        less = {one for one in _shorter(typed) if len(one) >= SHORTEST} | {_TWICE.sub(r"\1", typed)}
        swapped = {f"{typed[:at]}{typed[at + 1]}{typed[at]}{typed[at + 2 :]}" for at in range(len(typed) - 1)}
        found = {one for one in less | swapped if one in self.marked} | self.shorter.get(typed, frozenset())
        return frozenset(one for one in found if is_bare_syllable(one) and (one[0] == typed[0] or one in swapped))


def _shorter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


@lru_cache(maxsize=SOURCES_KEPT)
def load_known_words(source: Source = DEFAULT) -> KnownWords:
    """The words of the data files about commands, and of units' names."""
    files = (source.toml("commands.toml"), source.toml("plain_orders.toml"), source.toml("verbs.toml")["units"])
    said = [*(text for one in files for text in _texts(one)), *(one.name for one in load_units(source).values())]
    marked, shorter = defaultdict(set), defaultdict(set)
    for word in {word for text in said for word in _LETTERS.findall(squash(text))}:
        marked[strip_marks(word)].add(word)
    for word in marked:
        for one in _shorter(word) if len(word) >= SHORTEST else ():
            shorter[one].add(word)
    return KnownWords(
        {one: frozenset(words) for one, words in marked.items()},
        {one: frozenset(words) for one, words in shorter.items()},
        files[0]["spelling"],
    )


def _texts(data: object) -> Iterator[str]:
    """All texts within a data file, keys too."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        yield from (text for pair in data.items() for part in pair for text in _texts(part))
    elif isinstance(data, list):
        yield from (text for value in data for text in _texts(value))


def without_slips(text: str, source: Source = DEFAULT) -> str:
    """The text with each slip written as the word that was surely meant."""
    typed = {one[0] for one in _WORD.finditer(text) if not one[0].isupper()}  # "SNNMT" is a unit's short name
    strange = [one for one in typed if not is_bare_syllable(strip_marks(squash(one)))]
    known, bare = load_known_words(source), not has_marks(text)
    slips = {one: meant for one in strange if (meant := _meant(squash(one), known, bare))}
    slips |= {one: known.spelt[squash(one)] for one in typed if squash(one) in known.spelt}
    return _WORD.sub(lambda one: slips.get(one[0], one[0]), text) if len(slips) <= MOST_SLIPS else text


def _meant(typed: str, known: KnownWords, bare: bool) -> str:
    """The only known word that is near to one that is none; "" for others.

    Of several with other diacritics, it is the one with those that were typed, or the only one with any.
    """
    near = known.near(strip_marks(typed)) if strip_marks(typed) not in known.marked else ()
    if bare or len(near) != 1:
        return next(iter(near)) if len(near) == 1 else ""
    forms = known.marked[next(iter(near))]
    own = [one for one in forms if _marks(typed) <= set(one)] if has_marks(typed) else []
    with_marks = own or [one for one in forms if has_marks(one)]
    return with_marks[0] if len(with_marks) == 1 else ""


def _marks(word: str) -> set[str]:
    return {letter for letter in word if has_marks(letter)}


def own_words(text: str, reader: Reader) -> str:
    """The mail without quotations, explanations in brackets, and what asks for other things or is about others."""
    if len(text) > LONGEST:
        return text
    return _without_talk(_without_explanations(_unquoted(text, reader), reader), reader)


def _unquoted(text: str, reader: Reader) -> str:
    """The text without quotations; a colleague's words stay unless the writer agrees, they may hold the mail back."""
    parts = without_quotations(text).split(_QUOTED)
    agrees = found_in(parts[-1], reader.plain.extend.allows)
    for at, ahead in enumerate(parts[:-1]):
        begins = max((one.end() for one in CLAUSE.finditer(ahead)), default=0)
        who = said_in(ahead[begins:])
        colleague = length_at(who, 0, reader.plain.doubt.persons) and not length_at(who, 0, reader.plain.ask.whom)
        if colleague and not agrees:
            return text
        if colleague or length_at(who, 0, reader.plain.ask.whom):
            parts[at] = ahead[:begins]
    return _QUOTED.join(parts)


def _without_explanations(text: str, reader: Reader) -> str:
    """ "Giao bên Giao thông (giờ nhập vào Xây dựng rồi) nhé" without the brackets."""
    words = reader.plain.aside

    def kept(found: re.Match[str]) -> str:
        explains = length_at(said_in(found[1]), 0, words.explains) and "?" not in found[1]
        doubts = (*words.no_aside, *reader.plain.doubt.says)
        return "" if explains and not found_in(found[1], doubts) else found[0]

    return _BRACKET.sub(kept, text)


def _without_talk(text: str, reader: Reader) -> str:
    """ "Chuyển SCT, còn mấy câu kia chiều xem. À mà cho chị xin mẫu báo cáo" without all but the command."""
    for start in _CLAUSE_START.finditer(text):
        end = _SENTENCE_END.search(text, start.end())
        clause = text[start.end() : end.start() if end else len(text)]
        if _is_talk(clause, reader):
            return _without_talk(f"{text[: start.start()].rstrip(' ,;')}{text[start.end() + len(clause) :]}", reader)
    return text


def _is_talk(clause: str, reader: Reader) -> bool:
    """Whether a clause is about other questions or things; it names no unit and no verb that moves a question."""
    words, said = reader.plain.aside, said_in(clause)
    if _urges(clause, reader):
        return True
    besides = length_at(said, 0, words.besides) and found_in(clause, words.things)
    if not besides and not length_at(said, 0, words.others):
        return False
    rest = without(clause, words.things)  # "giao ban" gives nothing to anybody
    orders = found_in(rest, (*reader.plain.order.moves, *words.acts)) or reader.names.find(squash(clause), bare=True)
    return not orders and not (besides and found_in(clause, words.no_talk))


def _urges(clause: str, reader: Reader) -> bool:
    """ "Anh Dũng hỏi rồi", "chị Hạnh đồng ý rồi đấy": who wants it done, or agrees; nothing else is said of him."""
    said, words = said_in(clause), reader.plain.aside
    who = length_at(said, 0, (*reader.plain.doubt.persons, *reader.plain.close.asker, *words.urging))
    if not who or ends_with(said, reader.plain.doubt.ends):
        return False
    for at in range(who, min(who + LONGEST_CALLED, len(said.words))):
        if length_at(said, at, reader.plain.order.denies):
            return False
        if length := length_at(said, at, words.urges):
            rest = {*said.words[at + length :]}
            return rest <= reader.words.mood.particles | {word for one in words.urged for word in one}
    return False


def from_a_label_on(text: str, reader: Reader) -> tuple[str, str]:
    """A mail from the label of its command on, and what stands before; two empty strings in any doubt.

    "Gọi mà không có văn bản thì chưa được. Nhờ đơn vị viết lại: …"
    """
    for begins in _CLAUSE_START.finditer(text[:LONGEST]):
        before, tail = text[: begins.start()], text[begins.end() :]
        line = tail.partition("\n")[0]
        label, colon, _ = line.partition(":")
        if not colon or len(label.split()) > LONGEST_LABEL or reader.mood(label):
            continue
        found = reader.line(line)
        if len(found) != 1 or found[0].commands[0].verb not in LABELLED:
            continue
        reasons = [one for one in _SENTENCE.split(before) if one.strip()]
        sure = all(_tells_why(one, found[0].commands[0], reader) for one in reasons)
        return (tail, before) if sure else ("", "")
    return "", ""


def _tells_why(sentence: str, order: Command, reader: Reader) -> bool:
    """False for a colleague's words ("Anh Tuấn dặn thế này"), a condition, a plan and a question.

    Before what leaves for the requester nobody else may be the subject ("Anh Nam mắng, hỏi lại: …").
    """
    doubt, said, words = reader.plain.doubt, said_in(sentence), reader.plain.aside
    person = length_at(said, 0, doubt.persons) and said.words[:1] != (ONESELF,)
    told = length_at(said, 0, doubt.persons) and found_in(sentence, doubt.tells)
    leaves = order.verb in LEAVES and (person or found_in(sentence, words.asked))
    return not told and not leaves and may_stand_before(sentence, order, reader)
