"""What a mail in ordinary sentences names for a command, wherever it stands: a unit, a question.

Each is read from all its sentences, and only where no other of the same kind may be meant. A clause may name a unit
alone ("Sở Y tế nhé") or deny one ("không phải y tế"); which of several is meant is weighed in ``units_meant``. More
time may be granted in other words than a command's: "cho bên xây dựng thêm thời gian đến 27/10".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.commands.arguments import wishes_of_unit
from rules.commands.command import DICTATES, Command, CommandMatch
from rules.commands.command_line import Reader
from rules.commands.mood import ends_with, found_in, has_condition, length_at, said_in
from rules.commands.plain.argument_words import Asking
from rules.commands.plain.asked_items import asked_item, is_unreal
from rules.commands.plain.words import CLAUSE
from rules.commands.plain.words_passed_on import asked_anywhere
from rules.commands.vocabulary import holds, plain_words
from rules.reply.unit_names import Mention
from rules.text import has_marks, squash, strip_marks

_OVER, _THANKED = frozenset({"roi"}), frozenset({"cam", "on"})
_DONE = frozenset({"tra", "xu", "giai", "xem", "lo", "chuyen", "gui", "giao", "nhan"})
ASKS = frozenset({"hoi"})
"""Verbs that only ask somebody ("hỏi Sở Y tế xem")."""
_OF_A_QUESTION = re.compile(r"câu hỏi|cau hoi")
UNIT_NAMED = "unit_named"
"""The verb of a line that is only a unit's name."""
FEW_WORDS = 5
"""A clause of at most this many words may deny a unit without being about anything else ("không phải y tế đâu")."""
_CALLS = re.compile(r"[,.;]\s+(?=(?:nhờ|sửa|đổi|chỉnh|đính chính|em|chị|giúp|nhé)\b)", re.IGNORECASE)
"""Where words to the colleague begin behind a new address or number."""
_COLON, _PART = re.compile(r":\s"), re.compile(r"[\n,.;:]")
_WRITTEN_OUT = re.compile(r":\s*(\S.{8,})", re.DOTALL)


def fields_in(clause: str, reader: Reader) -> Iterator[str]:
    """ "Sang xây dựng nhé": a field of work behind a word that leads to a unit, and before nothing but courtesies."""
    words, said = reader.words, said_in(clause)
    own = [" ".join(plain_words(one)) for one in said.words]
    polite = words.courtesies | words.beside_unit | words.decides | words.joins
    polite |= {word for form, _ in words.short_units for word in form}
    for at in range(len(own)):
        led = at == 0 or length_at(said, at - 1, reader.plain.order.leads_to_unit)
        for form, code in words.short_units if led else ():
            end = at + len(form)
            if tuple(own[at:end]) == form and {*own[end:]} <= polite:
                yield code


def remark_in(sentences: Sequence[str], reader: Reader) -> str:
    """What the unit is to read of a mail in plain sentences."""
    return ". ".join(one.strip(" .") for one in _for_the_unit(sentences, reader))


def _for_the_unit(sentences: Sequence[str], reader: Reader) -> Iterator[str]:
    """The clauses behind a unit's name that wish something of it ("đề nghị trả lời trước ngày 10/10")."""
    named = False
    for clause in (one for sentence in sentences for one in CLAUSE.split(sentence)):
        if mentions_in(clause, reader):
            named = True
        elif (
            named
            and wishes_of_unit(clause, reader.words, reader.plain)
            and not found_in(clause, reader.plain.order.moves)  # "đề nghị chuyển …" is the order itself
        ):
            yield clause


def question_in(text: str, sentences: Sequence[str], reader: Reader) -> Command | None:
    """What the requester is asked: a thing that is named, a request made of words about him, or words behind a colon.

    Whoever begs ("Nhờ hỏi lại dân xem …") may mean a colleague who is to ring, so that no request is made of it
    unless it names a thing.
    """
    plain = reader.plain.ask
    starts = [(one, said_in(one)) for one in sentences]
    told = [one for one, said in starts if not length_at(said, 0, plain.begs) or length_at(said, 0, plain.writes)]
    asked = next((found for one in sentences if (found := asked_item(one, plain))), "")
    asked = asked or next((found for one in told if (found := asked_anywhere(one, plain))), "")
    asked = asked or _written_out_for_him(text, plain)
    return Command("ask", "", text=asked) if asked else None


def _written_out_for_him(text: str, plain: Asking) -> str:
    """The words behind a colon, where somebody is to be asked before it."""
    written = _WRITTEN_OUT.search(text)
    ahead = CLAUSE.split(text[: written.start()])[-1] if written else ""
    asks = found_in(ahead, plain.asks) and not is_unreal(ahead, len(ahead), plain)
    return written[1].strip() if written and asks else ""


def behind_a_colon(text: str) -> str:
    """The words that a mail writes out for somebody else; "" when it has none."""
    written = _WRITTEN_OUT.search(text)
    return written[1].strip() if written else ""


def link_in(codes: Sequence[str]) -> Command | None:
    """The first of two numbers with the other; one number stands beside the question at hand."""
    return Command("link", codes[0] if len(codes) > 1 else "", text=" ".join(codes[-1:])) if codes else None


def correction_in(sentences: Sequence[str], reader: Reader) -> Command | None:
    """The only field that the mail names, with what stands behind "đúng là", "thành" or a colon."""
    said = f" {' '.join(plain_words('. '.join(sentences)))} "
    fields = {field for form, field in reader.words.fields if f" {form} " in said}
    found = [one for each in sentences if (one := _right_content(each, reader))]
    if len(fields) != 1 or len(found) != 1:
        return None
    field = fields.pop()
    content = found[0].partition(",")[0] if field == "name" else _CALLS.split(found[0])[0]
    return Command("correct", "", text=content.strip(" .,;"), field=field)


def _right_content(sentence: str, reader: Reader) -> str:
    said, leads = said_in(sentence), reader.plain.order.leads_to_content
    for at in range(len(said.words)):
        if (length := length_at(said, at, leads)) and at + length < len(said.words):
            return sentence[said.places[at + length][0] :]
    return behind_a_colon(sentence)


def dictated_in(text: str, reader: Reader) -> Command | None:
    """A question taken down for somebody: the words from the phrase for it on."""
    for begins, _ in said_in(text).places:
        found = reader.commands(text[begins:])
        if found and found[0].verb == DICTATES and found[0].text:
            return Command(DICTATES, "", text=found[0].text)
    return None


def with_news_behind(tail: str, reader: Reader) -> tuple[CommandMatch, ...]:
    """ "Gia hạn đến 26/10, sở đã xin phép rồi": a report of what others did does not make the command a report."""
    first, *more = CLAUSE.split(tail)
    told = more and all(_is_last_time(one, reader) or is_news(one, reader) for one in more)
    return reader.line(first) if told else ()


def is_news(clause: str, reader: Reader) -> bool:
    """ "Dân gọi lên hai lần rồi": what the requester or a unit did, and nothing that denies or defers."""
    stories = (*reader.words.tells, *reader.plain.order.denies)
    return bool(length_at(said_in(clause), 0, reader.plain.order.others)) and not found_in(clause, stories)


def _is_last_time(clause: str, reader: Reader) -> bool:
    """ "… nhưng nói là lần này thôi đấy": no condition of the time that is granted; nothing else may be said."""
    said = said_in(clause)
    length = length_at(said, 0, reader.plain.extend.last_time)
    behind = {*plain_words(" ".join(said.words[length:]))}
    return bool(length) and behind <= reader.words.courtesies | {
        strip_marks(one) for one in reader.words.mood.particles
    }


def more_time(tail: str, before: Sequence[str], reader: Reader) -> Command | None:
    """ "Nhất trí. Hạn mới là ngày 28/10", "ok 28/10": grants more time and names a day, and nothing else."""
    words, said = reader.plain.extend, said_in(tail)
    length = length_at(said, 0, words.allows)
    if not length and any(found_in(one, words.grants) for one in before):
        length = length_at(said, 0, words.days)
    if not 0 < length < len(said.words) or found_in(tail, words.never):
        return None
    found = reader.line(f"cho đến {tail[said.places[length][0] :]}")
    one = found[0].commands[0] if len(found) == 1 else None
    return one if one is not None and one.verb == "extend" and one.until else None


def denies(clause: str, reader: Reader) -> bool:
    """Whether a clause says which unit is not meant."""
    said = said_in(clause)
    denial = next((one for one in reader.words.denials if said.begins(0, one)), ())
    rest = clause[said.places[len(denial) - 1][1] :] if denial else ""
    said_of = plain_words(rest)
    short = len(said_of) <= FEW_WORDS and any(holds(said_of, one) for one in reader.words.fields_of_work)
    if not denial or not (short or mentions_in(clause, reader)):
        return False
    return not has_condition(rest, reader.words.mood)


def is_said_by_another(order: Command, reader: Reader) -> bool:
    """ "Sở Y tế: không nhận vì …", "công dân đề nghị: chuyển SXD": words of a unit or the requester.

    "Sở Xây dựng: gia hạn đến 30/10" only tells whom the command is about.
    """
    for sign in _COLON.finditer(order.raw):
        who = squash(_PART.split(order.raw[: sign.start()])[-1])
        behind = CLAUSE.split(order.raw[sign.end() :], maxsplit=1)[0]
        if order.verb not in {one.verb for one in reader.commands(behind)}:
            continue
        said, units = said_in(who), {*units_in(who, reader)} - {order.unit}
        asker = length_at(said, 0, (*reader.plain.close.asker, *reader.plain.order.others))
        named = order.verb == "forward" and [who[one.start : one.end] for one in mentions_in(who, reader)] == [who]
        if asker and (asker == len(said.words) or ends_with(said, reader.plain.order.wants)):
            return True
        if units and (order.verb == "reject" or named or ends_with(said, reader.plain.order.wants)):
            return True
    return False


def mentions_in(text: str, reader: Reader) -> Sequence[Mention]:
    """The units that a text names, with diacritics or without; positions are those of the squashed text.

    One word with other diacritics is another word ("thuê" is not "thuế").
    """
    squashed = squash(text)
    found = reader.names.find(squashed, bare=False)
    return found or [one for one in reader.names.find(squashed, bare=True) if _is_meant_bare(squashed, one)]


def _is_meant_bare(squashed: str, one: Mention) -> bool:
    said = squashed[one.start : one.end]
    return " " in said or not has_marks(said)


def units_in(text: str, reader: Reader) -> list[str]:
    """The codes of the units that a text names, valid on the day of the mail."""
    return [code for one in mentions_in(text, reader) if (code := reader.names.resolve(one.codes, reader.on))]


def named_unit(text: str, reader: Reader, *, alone: bool = False) -> Command | None:
    """The only unit that a text names, if it says nothing else ("Bên y tế nhé", "Tư pháp mới đúng").

    A clause after others must have a deciding word of its own ("mới đúng", "chuyển đi").
    """
    squashed = squash(text)
    mentions = mentions_in(text, reader)
    if not mentions and alone and (code := _field_alone(text, reader)):
        return Command(UNIT_NAMED, "", unit=code, text=text)
    codes = {code for one in mentions if (code := reader.names.resolve(one.codes, reader.on))}
    if len(codes) != 1 or (ASKS & set(plain_words(text)) and not _OF_A_QUESTION.search(squash(text))):
        return None
    for one in reversed(mentions):
        squashed = f"{squashed[: one.start]} {squashed[one.end :]}"
    rest = set(plain_words(squashed))
    if (rest >= _OVER and rest & _DONE) or rest == _THANKED or "họ" in said_in(text).words:
        return None  # "Sở Y tế trả lời rồi", "Sở Y tế cảm ơn" say what it did, "… là họ trả về" what it would do
    decides = rest & reader.words.decides
    if not rest <= reader.words.courtesies | reader.words.beside_unit | reader.words.decides:
        return None
    return Command(UNIT_NAMED, "", unit=codes.pop(), text=text) if alone or decides else None


def _field_alone(text: str, reader: Reader) -> str:
    """ "Xây dựng nhé": the unit for a field of work, if the text says nothing else."""
    said, words = plain_words(text), reader.words
    beside = (words.courtesies | words.beside_unit) - ASKS
    for form, code in words.short_units:
        for place in range(len(said) - len(form) + 1):
            if said[place : place + len(form)] == form and {*said[:place], *said[place + len(form) :]} <= beside:
                return code
    return ""
