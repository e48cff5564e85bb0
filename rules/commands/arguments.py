"""The argument of an officer's command: the units of a forward, the reason of a rejection, a field's new content."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from rules.commands.command import Command
from rules.commands.mood import Statement, begins_clause, ends_with, found_in, length_at, said_in
from rules.commands.plain.argument_words import UnitWords
from rules.commands.plain.words import CLAUSE, PlainOrderWords, is_about_oneself
from rules.commands.vocabulary import GAP, CommandWords, ends_of, opening, plain_words, starts
from rules.reply.unit_names import Mention, UnitNames, mentions_in
from rules.text import squash, strip_marks

_ABOUT = re.compile(r"(?:câu|cau)(?: hỏi| hoi)?(?: này| nay)?\s+", re.IGNORECASE)
_DENIED = re.compile(
    r"\s*[,;(–-]?\s*(?<!\w)(?:chứ\s+)?"
    r"(?:(?:không|khong|ko) (?:phải|phai)|(?:đừng|không|khong|ko|k) (?:chuyển|chuyen|giao|gửi|gui))\s+(?=\S)",
    re.IGNORECASE,
)
_LEADS = (("ben",), ("nganh",), ("sang",), ("cho",), ("ve",))
_DAY = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}(?!\d)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_THANKED = re.compile(
    r"^\W*(?:(?:em|anh|chị|chi|tôi|toi|mình|minh|xin)\s+)?(?:cảm ơn|cám ơn|cam on)(?:\s+\w+){0,4}\W*$", re.IGNORECASE
)
_CLOSING = re.compile(r"^[\s,;:.)\]–—-]+|[\s,;:(\[–—-]+$")
LONGEST_LIST = 600
"""The units of a forward stand within so many characters behind the verb; the rest is the remark."""


def forwarded(
    after: str, names: UnitNames, words: CommandWords, plain: PlainOrderWords, on: date | None
) -> tuple[str, tuple[str, ...], str]:
    """The lead's code ("" when no unit was understood), the supporting units' codes, and the remark.

    A unit that is not joined to those before it ("…, Sở Y tế đã có ý kiến") belongs to the remark only.
    """
    line = " ".join(after.split())
    squashed = squash(line)
    if len(squashed) != len(line):
        line = squashed
    squashed = squashed[:LONGEST_LIST]
    mentions = _units_in(squashed, names)
    known = [(mention, code) for mention in mentions if (code := names.resolve(mention.codes, on))]
    short = _short(line, words)
    if not known or (short and {code for _, code in known} <= {short}):
        return short, (), ""
    known = sorted([*known, *_fields_with_a_part(squashed, known, words, plain)], key=lambda one: one[0].start)
    joined = _joined(squashed, known, words)
    behind = line[joined[-1][0].end :]  # "…, Sở Y tế đã có ý kiến", "…, Sở Y tế khỏi phải trả lời"
    other = (*plain.order.denies, *plain.unit.declines)
    if len(joined) > 1 and (begins_clause(behind, words.mood) or length_at(said_in(behind), 0, other)):
        joined = joined[:-1]
    joined += [one for one in known[len(joined) :] if _supports_too(squashed, one[0], words, plain)]
    lead = _lead_of(squashed, joined, plain)
    codes = tuple(dict.fromkeys((lead, *(code for _, code in joined))))
    return codes[0], codes[1:], _remark(line[joined[-1][0].end :], words, plain)


def _units_in(squashed: str, names: UnitNames) -> Sequence[Mention]:
    return mentions_in(squashed, names) or names.find(squashed, bare=True)


def _lead_of(text: str, joined: Sequence[tuple[Mention, str]], plain: PlainOrderWords) -> str:
    """ "Giao Công an phối hợp, Tư pháp chủ trì": the unit that is said to lead; else the first."""
    ends = [*(mention.start for mention, _ in joined[1:]), len(text)]
    behind = [said_in(text[mention.end : end]) for (mention, _), end in zip(joined, ends, strict=True)]
    return next((code for (_, code), said in zip(joined, behind, strict=True) if _leads(said, plain)), joined[0][1])


def _leads(statement: Statement, plain: PlainOrderWords) -> bool:
    return bool(length_at(statement, 0, plain.order.leading))


def _fields_with_a_part(
    text: str, known: Sequence[tuple[Mention, str]], words: CommandWords, plain: PlainOrderWords
) -> list[tuple[Mention, str]]:
    """ "Y tế chủ trì, bên giáo dục phối hợp, kèm xây dựng": fields of work that are said to lead or to support."""
    for mention, _ in known:
        text = f"{text[: mention.start]}{' ' * (mention.end - mention.start)}{text[mention.end :]}"
    statement, found = said_in(text), list[tuple[Mention, str]]()
    own = [" ".join(plain_words(one)) for one in statement.words]
    beside = words.joins | {word for form, _ in words.short_units for word in form}
    for form, code in sorted(words.short_units, key=lambda one: -len(one[0])):
        for at in range(len(own) - len(form) + 1):
            end = at + len(form)
            if tuple(own[at:end]) != form or not {*own[:at]} <= beside:
                continue
            part = length_at(statement, end, (*plain.unit.leads, *plain.unit.supports))
            ahead = said_in(" ".join(statement.words[:at]))
            if not part and not ({*own[end:]} <= words.courtesies and ends_with(ahead, plain.unit.joins_support)):
                continue
            first, last = statement.places[at][0], statement.places[end - 1][1]
            if not any(one.start < last and first < one.end for one, _ in found):
                found.append((Mention(first, last, (code,)), code))
    return found


def _supports_too(text: str, mention: Mention, words: CommandWords, plain: PlainOrderWords) -> bool:
    """ "…, mời Công an cùng phối hợp": a clause of its own that only says so of a unit."""
    ahead = plain_words(CLAUSE.split(text[: mention.start])[-1])
    if not {*ahead} <= words.joins | {strip_marks(word) for said in plain.unit.invites for word in said}:
        return False
    behind = said_in(CLAUSE.split(text[mention.end :], maxsplit=1)[0])
    return bool(length_at(behind, 0, plain.unit.supports)) and not ends_with(behind, plain.order.given)


def _is_returned(verb: Sequence[str], after: str, words: UnitWords) -> bool:
    """ "Gửi trả Sở Giáo dục để soạn lại": a paper goes back to the unit that wrote it."""
    statement = said_in(after)
    back = length_at(statement, 0, words.returns) and not length_at(statement, 0, words.replies)
    again = found_in(" ".join(verb), words.again) or length_at(statement, 0, words.again)
    return bool(back or found_in(after, words.rewrites) or (again and found_in(after, words.betters)))


def before_a_support(
    order: Command, names: UnitNames, plain: PlainOrderWords, beside: Collection[str] = frozenset()
) -> str | None:
    """The words before the only unit of a forward where it is to support ("giao Sở Y tế phối hợp"); else None.

    ``beside``: the codes of units that do not count ("phối hợp với Sở Xây dựng"). Not "phối hợp rồi".
    """
    text = squash(" ".join((order.text or order.raw).split()))
    mentions = _units_in(text, names)
    named = [mention for mention in mentions if not {*mention.codes} & {*beside}]
    if order.verb != "forward" or not order.unit or len(named) != 1:
        return None
    behind = said_in(CLAUSE.split(text[named[0].end :], maxsplit=1)[0])
    supports = length_at(behind, 0, plain.unit.supports) and not ends_with(behind, plain.order.given)
    return text[: named[0].start] if supports else None


def is_thing(
    after: str, ordered: Command, names: UnitNames, plain: PlainOrderWords, verb: Sequence[str] = ()
) -> bool:
    """ "Gửi Sở Y tế giấy mời", "gửi lại Sở Y tế bảo viết lại": sends something else, or returns the unit's own.

    ``verb``: the words of the phrase, which may say that a paper goes back.
    """
    if ordered.verb == "forward" and _is_returned(verb, after, plain.unit):
        return True
    remark, statement = ordered.remark, said_in(after)
    named = any(mention.start == 0 for mention in names.find(squash(after), bare=True))
    at = 0  # "chuyển giúp chị cái file … sang Sở Y tế"
    while length := length_at(statement, at, (*plain.unit.polite, *plain.unit.more)):
        at += length
    things = plain.order.things
    sent = not named and (length_at(statement, 0, things) or length_at(statement, at, things))
    sent = sent or length_at(said_in(remark), 0, things)
    another = found_in(remark, plain.order.moves) and names.find(squash(remark), bare=False)
    returned = found_in(after, plain.rewrite.returned)
    return bool(sent or another or returned)


def without_denied_unit(after: str, names: UnitNames, words: CommandWords) -> str:
    """The argument of a forward without a final "…, không phải SYT", which only says who does not get it."""
    for match in _DENIED.finditer(after):
        other = squash(after[match.end() :])
        mentions = names.find(other, bare=True)
        left = f"{other[: mentions[0].start]} {other[mentions[0].end :]}" if len(mentions) == 1 else other
        if after[: match.start()].strip() and mentions and {*plain_words(left)} <= words.courtesies | {"dau", "nua"}:
            return after[: match.start()]
    return after


def _short(line: str, words: CommandWords) -> str:
    """ "Gửi xây dựng nha": the unit for a field of work directly after the verb, with only courtesies beside it."""
    lead = next((end for one in _LEADS if (end := starts(line, one))), 0)
    first = opening(line[lead:], max((len(form) for form, _ in words.short_units), default=0))
    for form, code in words.short_units:
        end = ends_of(form, first)
        if end and set(plain_words(line[lead + end :])) <= words.courtesies | words.beside_unit:
            return code
    return ""


def _joined(text: str, known: Sequence[tuple[Mention, str]], words: CommandWords) -> list[tuple[Mention, str]]:
    """The units, up to the first one that other words than joining ones separate from those before."""
    kept = [known[0]]
    for one in known[1:]:
        if not set(plain_words(text[kept[-1][0].end : one[0].start])) <= words.joins:
            break
        kept.append(one)
    return kept


def _remark(rest: str, words: CommandWords, plain: PlainOrderWords) -> str:
    """The words after the units; "" when none of them is for the unit."""
    text = GAP.sub("", _CLOSING.sub("", rest))
    return text.strip() if for_the_unit(text, words, plain) else ""


def wishes_of_unit(sentence: str, words: CommandWords, plain: PlainOrderWords) -> bool:
    """Whether a separate sentence asks something of the unit or sets it a date; others are for colleagues."""
    talk = length_at(said_in(sentence), 0, plain.order.talks)  # "nhớ mai họp" begins like "nhờ …"
    wishes = not talk and any(starts(one, each) for one in CLAUSE.split(sentence) for each in words.remarks)
    term = bool(_DAY.search(sentence)) and not found_in(sentence, plain.extend.never)
    return wishes or term or found_in(sentence, plain.order.wishes_of_unit)


def for_the_unit(
    remark: str, words: CommandWords, plain: PlainOrderWords, after: str = "", *, only_wishes: bool = False
) -> str:
    """A remark without courtesies to the secretary, thanks and words about the writer ("chị đang họp").

    "Em nhé. Nhớ trả lời sớm. Chị cảm ơn em" is "Nhớ trả lời sớm." A separate sentence that asks
    nothing of the unit is for colleagues; ``after``: the words after the verb, which tell whether the first is one.
    ``only_wishes``: the same holds for a clause ("nhắc Sở Y tế trả lời sớm, dân gọi 3 lần rồi").
    """
    if only_wishes:
        clauses = (_ABOUT.sub("", one) for one in CLAUSE.split(remark))
        return ", ".join(one for one in clauses if wishes_of_unit(one, words, plain))
    ahead = " ".join(after.split()).rpartition(remark)[0] if remark else ""
    told = enumerate(_SENTENCE.split(remark), start=int(ahead.rstrip().endswith((".", "!"))))
    own = [one for at, one in told if not at or wishes_of_unit(one, words, plain)]
    kept = [one for one in own if any(_has_weight(each, words, plain) for each in CLAUSE.split(one))]
    if not kept:
        return ""
    first = kept[0]
    while (parts := CLAUSE.split(first, maxsplit=1))[1:] and not _has_weight(parts[0], words, plain):
        first = parts[1]
    return " ".join((first, *kept[1:])).strip()


def _has_weight(clause: str, words: CommandWords, plain: PlainOrderWords) -> bool:
    own = set(plain_words(clause)) <= words.courtesies | words.joins | words.decides or is_about_oneself(
        clause, plain
    )
    talk = length_at(said_in(clause), 0, (*plain.order.talks, *plain.order.besides))
    return not own and not (talk and not wishes_of_unit(clause, words, plain)) and _THANKED.match(clause) is None


_SIGN = re.compile(r"\s*[^\w\s]")
UNCLEAR = "?"
"""The clause of a rejection that names a clause that does not exist."""
_NO_SUCH_CLAUSE = re.compile(
    r"^(?:theo\s+)?(?:điểm|diem|mục|muc|khoản|khoan)\s|^(?!l[ýy]\b)[^\W\d_]{1,2}\s+(?:vì|vi|do|bởi|boi)\b|^[hk](?:vì|vi)\b",
    re.I,
)


def rejected(command: Command, after: str, words: CommandWords, plain: PlainOrderWords) -> Command:
    """The rejection with its reason and clause ("" when it names none, ``UNCLEAR`` when no such clause exists)."""
    clause, rest = "", after
    for form, name in words.clauses:
        if (end := starts(rest, form)) and not _denies(form, rest[end:], words):
            clause, rest = name, GAP.sub("", rest[end:])
            break
    if not clause and _NO_SUCH_CLAUSE.match(rest):
        return replace(command, clause=UNCLEAR, text=rest)
    for because in words.because:
        if end := starts(rest, because):
            rest = GAP.sub("", rest[end:])
            break
    while (parts := CLAUSE.split(f"{rest} ", maxsplit=1))[1:] and set(plain_words(parts[0])) <= words.courtesies:
        rest = parts[1].strip()
    cuts = [match.start() for match in CLAUSE.finditer(rest)]
    while cuts and not _is_reason(rest[cuts[-1] :], words, plain):
        rest = rest[: cuts.pop()]
    if set(plain_words(rest)) <= words.courtesies:
        rest = ""
    text = " ".join(plain_words(rest))
    clause = clause or next((name for form, name in words.by_reason if form in text), "")
    return replace(command, clause=clause, text=rest)


def _is_reason(clause: str, words: CommandWords, plain: PlainOrderWords) -> bool:
    """False for "Nhớ mai họp em nhé" behind a reason, which a colleague reads."""
    text = GAP.sub("", clause).lstrip(" ,.;:–!?-")
    if length_at(said_in(text), 0, plain.order.thanks) and clause[0] not in ".!?":
        return not found_in(text, plain.order.thanks_colleagues)
    manner = length_at(said_in(text), 0, plain.order.manner)
    return not manner and (_has_weight(text, words, plain) or is_about_oneself(text, plain))


def _denies(form: Sequence[str], behind: str, words: CommandWords) -> bool:
    """ "Từ chối k thuộc thẩm quyền …": a bare "k" is "không", but at the end, before a sign or its reason."""
    if tuple(form) != ("k",) or _SIGN.match(behind) or {*plain_words(behind)} <= words.courtesies:
        return False
    reasons = any(starts(behind, one) for one in words.after_letter)
    return not reasons or any(starts(behind, one) for one in words.by_whom)


_WHOSE = re.compile(r"^(?:của\s+)?(?:người hỏi|người gửi|công dân|ông|bà|nguoi hoi|nguoi gui|cong dan)\s*:\s*", re.I)


def content_of(after: str, words: CommandWords, *, field: str, colon: bool) -> str:
    """The new content of a field, without the words "thành", "là", "của người hỏi:" before it.

    A name in a sentence ends at a comma: "thành Nguyễn Văn Ân, gõ thiếu dấu" gives the reason behind it. After a
    colon everything is the name ("Công ty A, chi nhánh B").
    """
    after = _WHOSE.sub("", after)
    while not colon:
        end = next((end for one in words.connectors if (end := _led(after, one))), 0)
        if not end:
            break
        colon = after[end:].lstrip().startswith(":")
        after = GAP.sub("", after[end:])
    return after.partition(",")[0] if field == "name" and not colon else after


def _led(text: str, connector: Sequence[str]) -> int:
    """Where a connector at the beginning ends; 0 if the word begins a name ("Lã", "Thành")."""
    end = starts(text, connector)
    head = text[:end]
    other = connector == ("la",) and head.lower() not in {"là", "la"}
    return end if end and not other and (head.islower() or text.isupper()) else 0


def remark_in(sentences: Sequence[str], names: UnitNames, words: CommandWords, plain: PlainOrderWords) -> str:
    """What the unit is to read of a mail in plain sentences."""
    return ". ".join(one.strip(" .") for one in _wished_of_unit(sentences, names, words, plain))


def _wished_of_unit(
    sentences: Sequence[str], names: UnitNames, words: CommandWords, plain: PlainOrderWords
) -> Iterator[str]:
    """The clauses behind a unit's name that wish something of it ("đề nghị trả lời trước ngày 10/10")."""
    named = False
    for clause in (one for sentence in sentences for one in CLAUSE.split(sentence)):
        if mentions_in(clause, names):
            named = True
        elif (
            named
            and wishes_of_unit(clause, words, plain)
            and not found_in(clause, plain.order.moves)  # "đề nghị chuyển …" is the order itself
        ):
            yield clause


def labels_in(text: str, words: CommandWords) -> tuple[tuple[str, int, int, bool], ...]:
    """The labels of requester's data after a punctuation mark, "và" or "còn" ("…, địa chỉ: …"): field, beginning and
    end of the label, and whether a colon ends it. () for a text whose positions change when diacritics are removed.
    """
    bare = strip_marks(text).lower()
    if len(bare) != len(text):
        return ()
    named = {r"\W{0,2}".join(form.split()): field for form, field in words.fields}
    forms = "|".join(sorted(named, key=len, reverse=True))
    label = re.compile(rf"(?:[,;.(]\s*|\b(?:va|con)\s+)(?P<form>{forms})(?!\w)\s*(?P<colon>:)?")
    found = []
    for match in label.finditer(bare):
        field = next(field for form, field in named.items() if re.fullmatch(form, match["form"]))
        found.append((field, match.start(), match.end(), bool(match["colon"])))
    return tuple(found)
