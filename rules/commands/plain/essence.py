"""A mail that gave no command, without what stands beside its command and says nothing against it.

People explain a unit's name in brackets, mention other questions in passing, add a request of another kind, or give
their reasons before a command that takes a text. What might change the command is never left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.phrases import found_in, length_at, said_in
from rules.commands.plain.doubts import may_stand_before
from rules.commands.plain.words import Asides
from rules.commands.second_thoughts import SAID_BEHIND
from rules.text import squash

_BRACKET = re.compile(r"[ \t]*\(([^()\n]{2,80})\)")
_NAME = re.compile(r"[^\W\d_a-zà-ỹ]\w*(?:\s+[^\W\d_a-zà-ỹ]\w*){1,4}")
_LABEL_START = re.compile(r"(?<=[.!?…;,])\s+|\n+")
_CLAUSE_START = re.compile(r"(?<=[,;.!])\s+")
_SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?=\s)|\n|$")
LONGEST = 1200
"""In a longer mail, in characters, nothing is left out."""
ONESELF = "em"
LEAVES = frozenset({"ask", "to_asker", "supplement"})
"""Commands whose text the requester reads."""
LONGEST_LABEL = 7
"""Before its colon, a command that takes a text has at most this many words."""


@dataclass(frozen=True, slots=True)
class Essence:
    """``read`` gives the command; ``told`` is all that may make it doubtful."""

    read: str
    told: str


def essences(text: str, reader: Reader) -> Iterator[Essence]:
    """Shorter forms of a mail, the nearest to the whole first; none when nothing may be left out."""
    if len(text) > LONGEST:
        return
    own = _without_signature(_without_explanations(text, reader), reader)
    alone = _without_talk(_without_other_questions(own, reader), reader)
    if alone != text:
        yield Essence(alone, alone)
    if labelled := _from_a_label_on(alone, reader):
        yield labelled


def _without_explanations(text: str, reader: Reader) -> str:
    """ "Giao bên Giao thông (giờ nhập vào Xây dựng rồi) nhé" without the brackets."""
    words = reader.plain.aside

    def kept(found: re.Match[str]) -> str:
        explains = length_at(said_in(found[1]), 0, words.explains) and "?" not in found[1]
        doubts = (*words.no_aside, *reader.plain.doubt.says)
        return "" if explains and not found_in(found[1], doubts) else found[0]

    return _BRACKET.sub(kept, text)


def _without_signature(text: str, reader: Reader) -> str:
    """The text without a name below it and the titles below that: "Nguyễn Thị Mai" puts nothing off till tomorrow."""
    lines, words = text.rstrip().split("\n"), reader.plain.aside
    end = len(lines)
    while end > 1 and (not lines[end - 1].strip() or _is_title(lines[end - 1], words)):
        end -= 1
    last = lines[end - 1].strip(" .,")
    surname = length_at(said_in(last), 0, words.surnames)
    is_name = surname and _NAME.fullmatch(last) and not reader.names.find(squash(last), bare=True)
    return "\n".join(lines[: end - 1]).rstrip() if end > 1 and is_name else text


def _is_title(line: str, words: Asides) -> bool:
    return bool(length_at(said_in(line), 0, words.titles)) and not found_in(line, words.no_talk)


def _without_other_questions(text: str, reader: Reader) -> str:
    """ "Chuyển SCT giúp tôi, còn mấy câu kia chiều xem" without the words about the others, if they order nothing."""
    words = reader.plain.aside
    for start in _CLAUSE_START.finditer(text):
        end = _SENTENCE_END.search(text, start.end())
        clause = text[start.end() : end.start() if end else len(text)]
        if length_at(said_in(clause), 0, words.others) and not _orders(clause, reader):
            return f"{text[: start.start()].rstrip(' ,;')}{text[start.end() + len(clause) :]}"
    return text


def _orders(clause: str, reader: Reader) -> bool:
    """Whether a clause may order something itself: it names a unit, or a verb that moves a question."""
    named = reader.names.find(squash(clause), bare=True)
    return bool(named) or found_in(clause, (*reader.plain.order.moves, *reader.plain.aside.acts))


def _without_talk(text: str, reader: Reader) -> str:
    """ "Gửi Sở Ngoại vụ nhé. À mà em cho chị xin mẫu báo cáo quý" without the request for another thing."""
    words = reader.plain.aside
    sentences = _SENTENCE.split(text)
    kept = [sentences[0]]
    for one in sentences[1:]:
        talk = length_at(said_in(one), 0, words.besides) and found_in(one, words.things)
        if not talk or _orders(one, reader) or found_in(one, words.no_talk):
            kept.append(one)
    return text if len(kept) == len(sentences) else " ".join(kept)


def _from_a_label_on(text: str, reader: Reader) -> Essence | None:
    """ "Gọi mà không có văn bản thì chưa được. Nhờ đơn vị viết lại: …" from its label on; None in any doubt."""
    for begins in _LABEL_START.finditer(text):
        before, tail = text[: begins.start()], text[begins.end() :]
        line = tail.partition("\n")[0]
        label, colon, _ = line.partition(":")
        if not colon or len(label.split()) > LONGEST_LABEL or reader.mood(label):
            continue
        found = reader.line(line)
        if len(found) != 1 or found[0].commands[0].verb not in SAID_BEHIND:
            continue
        reasons = [one for one in _SENTENCE.split(before) if one.strip()]
        tells_why = all(_tells_why(one, found[0].commands[0], reader) for one in reasons)
        return Essence(tail, before) if tells_why else None
    return None


def _tells_why(sentence: str, order: Command, reader: Reader) -> bool:
    """False for a colleague's words ("Anh Tuấn dặn thế này"), a condition, a plan and a question.

    Before what leaves for the requester nobody else may be the subject ("Anh Nam mắng, hỏi lại: …").
    """
    doubt, said, words = reader.plain.doubt, said_in(sentence), reader.plain.aside
    person = length_at(said, 0, doubt.persons) and said.words[:1] != (ONESELF,)
    told = length_at(said, 0, doubt.persons) and found_in(sentence, doubt.tells)
    leaves = order.verb in LEAVES and (person or found_in(sentence, words.asked))
    return not told and not leaves and may_stand_before(sentence, order, reader)
