"""The unit to which a mail in ordinary sentences forwards, and those that are to support it.

A mail may name others, which refused the question, had it before, or do a part: "Sở Tài chính bảo không phải của họ,
chuyển Sở Xây dựng" means only the second. Each unit is weighed by the words directly beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.commands.arguments import forwarded, remark_in
from rules.commands.command import ADDS, Command
from rules.commands.command_line import Reader
from rules.commands.mood import Statement, each_in, ends_with, found_in, length_at, said_in
from rules.commands.plain.argument_words import UnitWords
from rules.commands.plain.words import CLAUSE
from rules.commands.vocabulary import plain_words
from rules.reply.unit_names import Mention, mentions_in
from rules.text import squash
from rules.text.patterns import Words

ORDERED, ASSIGNED, NAMED = 3, 2, 1
"""How sure it is that a unit is meant: it is to get the question, it is called competent, or it is only named."""
DROPPED = 0
"""The unit is denied, or only mentioned in a report."""
LEADS, SUPPORTS = "leads", "supports"
_MARK = "unit"
"""A unit's name is read as one word: this, and its number in the sentence."""
_ROW = re.compile(rf"({_MARK}\d+),\s+(?=(?:{_MARK}\d+,\s+)*{_MARK}\d+\s+([^\W\d_]+)\s+({_MARK}\d+))")


@dataclass(frozen=True, slots=True)
class Named:
    """A unit in a clause: the position and number of its words, and how it is meant there."""

    code: str
    at: int
    length: int
    field: bool
    """It is called by its field of work ("y tế"), which may be the matter of the question."""
    level: int = NAMED
    role: str = ""

    @property
    def end(self) -> int:
        """The position behind it."""
        return self.at + self.length


def forward_in(sentences: Sequence[str], reader: Reader) -> Command | None:
    """To the unit that the mail means, or to the one that leads with those that support it; None if unclear.

    If all are only added to the unit that has the question ("gửi thêm Sở Y tế phối hợp"), an order to add support.
    """
    if any(found_in(one, reader.plain.rewrite.returned) for one in sentences):
        return None  # "chuyển trả Sở Nội vụ viết lại" returns the unit's own answer
    if sum(1 for one in sentences for _ in each_in(said_in(one), reader.plain.unit.cases)) > 1:
        return None  # "đường lớn thì Sở Xây dựng, ngõ thì phường": which it is here is not said
    found = [one for each in sentences for one in _named(each, reader) if one.level]
    kept = [one for one in found if one.level > NAMED or not one.field] or found
    highest = max((one.level for one in kept), default=DROPPED)
    meant = [one for one in kept if one.level == highest]
    if meant and all(one.role == SUPPORTS for one in meant):  # "Nội vụ lo, bảo hiểm phối hợp"
        meant = [one for one in kept if one.level >= ASSIGNED]
    codes = list(dict.fromkeys(one.code for one in meant))
    if not codes or _is_contradicted(meant, kept):
        return None
    remark = remark_in(sentences, reader.names, reader.words, reader.plain)
    whole, words = ". ".join(sentences), reader.plain.unit
    if all(one.role == SUPPORTS for one in meant) and found_in(whole, words.more):
        return Command(ADDS, "", unit=codes[0], supporting=tuple(codes[1:]), remark=remark)
    if len(codes) == 1:
        alone = all(one.role == SUPPORTS for one in meant) or found_in(whole, words.both)
        alone = alone or (meant[0].role == LEADS and _has_unknown_partner(sentences, reader))
        return None if alone else Command("forward", "", unit=codes[0], remark=remark)
    if {one.code for one in kept[kept.index(meant[0]) :]} - {*codes}:  # one more among them, with no part of its own
        return None
    several = len({one.code for one in meant if one.role == LEADS}) > 1
    lead, *supporting = ("",) if several else _by_role(meant) or _joined(codes, sentences, reader) or ("",)
    return Command("forward", "", unit=lead, supporting=tuple(supporting), remark=remark) if lead else None


def _is_contradicted(meant: Sequence[Named], kept: Sequence[Named]) -> bool:
    """Whether another unit is named behind those that are meant: before them it belongs to the reasons."""
    codes = {one.code for one in meant}
    last = max(at for at, one in enumerate(kept) if one in meant)
    behind = {one.code for one in kept[last + 1 :]} - codes
    beside = {one.code for one in kept if one.level == ASSIGNED and not one.field} - codes
    return bool(behind or beside)


def _has_unknown_partner(sentences: Sequence[str], reader: Reader) -> bool:
    """ "…, phòng cháy phối hợp": somebody who is to support and is no unit that is known."""
    words = reader.plain.unit
    for statement in (said_in(clause) for sentence in sentences for clause in CLAUSE.split(sentence)):
        for at in range(1, len(statement.words)):
            behind = at + length_at(statement, at, words.supports)
            said_more = _behind_all(statement, behind, words.polite, len(statement.words))
            if behind > at and not said_more and not _stands_before(statement, at, words.leads):
                return True
    return False


def _by_role(meant: Sequence[Named]) -> tuple[str, ...]:
    """ "Giao Công an phối hợp, Tư pháp chủ trì": the one that leads, then the others; () if that is not said."""
    roles: dict[str, str] = {}
    for one in meant:
        roles[one.code] = roles.get(one.code, "") or one.role
    leads = [code for code, role in roles.items() if role == LEADS]
    others = [code for code, role in roles.items() if role != SUPPORTS]
    lead = leads or others
    if len(lead) != 1 or {*others} - {*lead}:
        return ()
    return (*lead, *(code for code in roles if code not in lead))


def _joined(codes: Sequence[str], sentences: Sequence[str], reader: Reader) -> tuple[str, ...]:
    """ "Chuyển Sở Xây dựng và Công an": the units that one sentence names together."""
    for text in (" ".join(sentences), *sentences):
        lead, supporting, _ = forwarded(text, reader.names, reader.words, reader.plain, reader.on)
        if {*codes} == {lead, *supporting}:
            return (lead, *supporting)
    return ()


def _named(sentence: str, reader: Reader) -> Iterator[Named]:
    """The units of a sentence, each with its weight."""
    text, marks = squash(sentence), dict[str, tuple[str, bool]]()
    for mention in reversed(mentions_in(sentence, reader.names)):
        code = reader.names.resolve(mention.codes, reader.on)
        if code and not _is_of_an_address(text[: mention.start], mention, reader):
            behind = said_in(text[mention.end :])
            city = length_at(behind, 0, reader.plain.unit.city)
            end = mention.end + (behind.places[city - 1][1] if city else 0)
            mark = f"{_MARK}{len(marks)}"
            named = said_in(text[mention.start : mention.end])
            marks[mark] = code, length_at(named, 0, reader.plain.unit.matters) == len(named.words)
            text = f"{text[: mention.start]}{mark}{text[end:]}"
    before: list[Named] = []
    for clause in _clauses(_in_a_row(text, reader.plain.unit), reader.plain.unit):
        statement = said_in(clause)
        found = _in_clause(statement, marks, reader)
        if found and not found[0].at and found[0].role:  # "xây dựng, công thương phối hợp"
            before = [replace(one, level=ORDERED, role=found[0].role) for one in before]
        yield from before
        alone = len(found) == 1 and found[0].length == len(statement.words) and found[0].level
        before = found if alone else []
        yield from () if alone else found
    yield from before


def _in_a_row(text: str, words: UnitWords) -> str:
    """ "Chuyển SXD, SYT và STC": no clause ends at the comma of a list of which nothing else is said."""
    for one in reversed([*_ROW.finditer(text)]):
        adds, behind = said_in(one[2]), said_in(CLAUSE.split(text[one.end(3) :])[0])
        alone = not behind.words or length_at(behind, 0, (*words.polite, *words.supports))
        if alone and length_at(adds, 0, words.adds):
            text = f"{text[: one.end(1)]} {text[one.end() :]}"
    return text


def _clauses(text: str, words: UnitWords) -> Iterator[str]:
    """The clauses of a sentence; "đơn vị phối hợp: Sở Nội vụ" is one."""
    ahead = ""
    for clause in CLAUSE.split(text):
        whole = f"{ahead} {clause}".strip()
        ahead = whole if ends_with(said_in(whole), words.joins_support) else ""
        if not ahead:
            yield whole
    if ahead:
        yield ahead


def _is_of_an_address(ahead: str, mention: Mention, reader: Reader) -> bool:
    """ "Số 12 Lạch Tray, phường Gia Viên": a ward is meant as a unit only behind a word that leads to one."""
    local = all(reader.names.is_local(code) for code in mention.codes)
    return local and not ends_with(said_in(ahead.rstrip()), reader.plain.order.leads_to_unit)


def _in_clause(statement: Statement, marks: Mapping[str, tuple[str, bool]], reader: Reader) -> list[Named]:
    names = [Named(marks[word][0], at, 1, marks[word][1]) for at, word in enumerate(statement.words) if word in marks]
    every = sorted([*names, *_fields(statement, reader)], key=lambda one: one.at)
    found: list[Named] = []
    told = False
    for number, one in enumerate(every):
        weighed = _weighed(one, statement, found, every[number + 1 :], reader.plain.unit)
        told = (told or _tells(one, statement, reader.plain.unit)) and weighed.level < ORDERED
        doubted = bool(found) and _stands_before(statement, one.at, reader.plain.unit.either)
        if doubted:
            found[-1] = replace(found[-1], level=DROPPED)
        found.append(replace(weighed, level=DROPPED) if told or doubted else weighed)
    found = _with_shared_roles(found, statement, reader.plain.unit)
    side = [one for one in found if reader.names.is_beside(one.code) and one.level < ASSIGNED]
    return [one for one in found if one not in side]


def _with_shared_roles(found: Sequence[Named], statement: Statement, words: UnitWords) -> list[Named]:
    """ "Sở Xây dựng và Sở Công Thương phối hợp": what is said of the last is said of both; and "chuyển A + B"."""
    shared = list(found)
    for number in range(len(shared) - 2, -1, -1):
        one, other = shared[number], shared[number + 1]
        joined = not _behind_all(statement, one.end, (*words.adds, *words.before_field), other.at)
        if not (one.level and other.level and joined):
            continue
        if length_at(statement, other.end, words.supports) and not one.role and one.level < ORDERED:
            shared[number] = replace(one, level=ORDERED, role=SUPPORTS)
        elif one.level == ORDERED > other.level:
            shared[number + 1] = replace(other, level=ORDERED)
    return shared


def _fields(statement: Statement, reader: Reader) -> Iterator[Named]:
    """The fields of work that stand where a unit's name could: "y tế chủ trì", "của bên xây dựng"; no others."""
    own = [" ".join(plain_words(one)) for one in statement.words]
    forms = sorted(reader.words.short_units, key=lambda one: -len(one[0]))
    at = 0
    while at < len(own):
        form, code = next((one for one in forms if tuple(own[at : at + len(one[0])]) == one[0]), ((), ""))
        one = Named(code, at, len(form), field=True)
        if form and _may_be_a_unit(one, statement, reader.plain.unit):
            yield one
        at += len(form) or 1


def _may_be_a_unit(one: Named, statement: Statement, words: UnitWords) -> bool:
    begins = one.at == 0 or not _behind_all(statement, 0, (*words.between, *words.polite, *words.owns), one.at)
    called = _stands_before(statement, one.at, (*words.before_field, *words.owns, *words.joins_support, *words.adds))
    ahead = begins or called or _verb_before(one, statement, words) is not None
    behind = (*words.leads, *words.supports, *words.handles, *words.tells)
    return ahead and (bool(length_at(statement, one.end, behind)) or _is_last(one, statement, words))


def _is_last(one: Named, statement: Statement, words: UnitWords) -> bool:
    """Whether nothing but courtesies follow in the clause."""
    return not _behind_all(statement, one.end, words.polite, len(statement.words))


def _behind_all(statement: Statement, at: int, wanted: Sequence[Words], end: int) -> int:
    """How many words are left between two positions behind as many of the phrases as there are."""
    while at < end and (length := length_at(statement, at, wanted)):
        at += length
    return max(0, end - at)


def _length_before(statement: Statement, end: int, wanted: Sequence[Words]) -> int:
    """The number of words of the longest phrase that ends at a position; 0 for none."""
    return next((len(one) for one in wanted if statement.begins(end - len(one), one)), 0)


def _stands_before(statement: Statement, at: int, wanted: Sequence[Words]) -> bool:
    return bool(_length_before(statement, at, wanted))


def _verb_before(one: Named, statement: Statement, words: UnitWords) -> int | None:
    """The position of the verb that moves the question to a unit; None if there is none."""
    at, verb = one.at, None
    while at:
        if length := _length_before(statement, at, words.moves):
            verb = at - length
        length = length or _length_before(statement, at, words.between)
        if not length:
            break
        at -= length
    return verb


def _weighed(
    one: Named, statement: Statement, earlier: Sequence[Named], later: Sequence[Named], words: UnitWords
) -> Named:
    """The unit with its weight and role, by the words beside it."""
    returned = any(length_at(statement, at, words.rewrites) for at in range(one.end, len(statement.words)))
    if returned or length_at(statement, one.end, words.passes_on):
        return replace(one, level=DROPPED)
    if _is_denied(one, statement, words) or _is_past(one, statement, words):
        return replace(one, level=DROPPED)
    role, verb = _role(one, statement, earlier, later, words), _verb_before(one, statement, words)
    if verb is not None and _stands_before(statement, verb, words.no_move):
        return replace(one, level=DROPPED)
    if verb is not None or role:
        return replace(one, level=ORDERED, role=role)
    if length_at(statement, one.end, words.declines) and not length_at(statement, one.end, words.compares):
        return replace(one, level=DROPPED)
    at = one.at - _length_before(statement, one.at, words.before_field)
    first = not _behind_all(statement, 0, (*words.between, *words.polite), one.at)
    meant = _stands_before(statement, at, words.owns) or (first and _is_last(one, statement, words))
    meant = meant or bool(length_at(statement, one.end, words.handles))
    return replace(one, level=ASSIGNED if meant else NAMED)


def _role(
    one: Named, statement: Statement, earlier: Sequence[Named], later: Sequence[Named], words: UnitWords
) -> str:
    """Whether it is said to lead or to support; "A phối hợp B" says it of B."""
    if length_at(statement, one.end, words.leads):
        return LEADS
    if _is_added(one, statement, words):
        return SUPPORTS
    length = length_at(statement, one.end, words.supports)
    if length and length_at(statement, one.end, words.tells) <= length:  # "Công an phối hợp rồi"
        behind = one.end + length
        other = later[0] if later else None
        if other is None or _behind_all(statement, behind, words.between, other.at):
            return SUPPORTS
        return "" if not length_at(statement, other.end, (*words.leads, *words.supports)) else SUPPORTS
    at = one.at - _length_before(statement, one.at, words.before_field)
    added = any(one.level >= ASSIGNED for one in earlier)  # "cân nhắc giữa A và B" gives it to none
    adds = (*words.joins_support, *words.adds) if added else words.joins_support
    joined = _stands_before(statement, at, adds) and not _stands_before(statement, at, words.told_by)
    return SUPPORTS if joined else ""


def _is_added(one: Named, statement: Statement, words: UnitWords) -> bool:
    """ "Gửi thêm cho Sở Y tế": only leading words stand between those that add a unit and its name.

    "Thêm" alone begins its clause: "vụ dạy thêm này sang sở giáo dục" adds nobody.
    """
    at = one.at
    while at and not (adds := _length_before(statement, at, words.more)):
        at -= _length_before(statement, at, words.between) or at
    return bool(at) and (adds > 1 or not _behind_all(statement, 0, (*words.between, *words.polite), at - 1))


def _is_denied(one: Named, statement: Statement, words: UnitWords) -> bool:
    """Whether the words before a unit, or one joined to it, say that it is not meant, or may be one of several."""
    at = one.at
    while at:
        if _stands_before(statement, at, (*words.denies, *words.doubts)):
            return True
        adds = at - _length_before(statement, at, words.adds)  # "không thuộc cả A lẫn B"
        joined = adds > 0 and statement.words[adds - 1].startswith(_MARK)
        length = at - adds + 1 if joined else _length_before(statement, at, (*words.between, *words.owns))
        if not length:
            break
        at -= length
    return False


def _is_past(one: Named, statement: Statement, words: UnitWords) -> bool:
    """ "Trước đây ta hay đưa sang nội vụ": what was done or thought, up to "nay …"."""
    past = False
    for at in range(one.at):
        past = bool(length_at(statement, at, words.past)) or (past and not length_at(statement, at, words.now))
    return past


def _tells(one: Named, statement: Statement, words: UnitWords) -> bool:
    """Whether a unit says or does something, or something is from it."""
    return bool(length_at(statement, one.end, words.tells)) or _stands_before(statement, one.at, words.told_by)
