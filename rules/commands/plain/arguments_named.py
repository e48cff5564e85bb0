"""What a mail in ordinary sentences names for a command, wherever it stands: a remark for the unit, what is asked of
the requester, another number, a field and its content.

Each is read from all its sentences, and only where no other of the same kind may be meant. Which of several units is
meant is weighed in ``units_meant``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.commands.arguments import wishes_of_unit
from rules.commands.command import DICTATES, Command
from rules.commands.command_line import Reader
from rules.commands.mood import found_in, length_at, said_in
from rules.commands.plain.argument_words import Asking
from rules.commands.plain.asked_items import asked_item, is_unreal
from rules.commands.plain.words import CLAUSE
from rules.commands.plain.words_passed_on import asked_anywhere
from rules.commands.vocabulary import plain_words
from rules.reply.unit_names import Mention, UnitNames
from rules.text import has_marks, squash

_OVER, _THANKED = frozenset({"roi"}), frozenset({"cam", "on"})
_CALLS = re.compile(r"[,.;]\s+(?=(?:nhờ|sửa|đổi|chỉnh|đính chính|em|chị|giúp|nhé)\b)", re.IGNORECASE)
"""Where words to the colleague begin behind a new address or number."""
_COLON, _PART = re.compile(r":\s"), re.compile(r"[\n,.;:]")
_WRITTEN_OUT = re.compile(r":\s*(\S.{8,})", re.DOTALL)


def remark_in(sentences: Sequence[str], reader: Reader) -> str:
    """What the unit is to read of a mail in plain sentences."""
    return ". ".join(one.strip(" .") for one in _for_the_unit(sentences, reader))


def _for_the_unit(sentences: Sequence[str], reader: Reader) -> Iterator[str]:
    """The clauses behind a unit's name that wish something of it ("đề nghị trả lời trước ngày 10/10")."""
    named = False
    for clause in (one for sentence in sentences for one in CLAUSE.split(sentence)):
        if mentions_in(clause, reader.names):
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


def mentions_in(text: str, names: UnitNames) -> Sequence[Mention]:
    """The units that a text names, with diacritics or without; positions are those of the squashed text.

    One word with other diacritics is another word ("thuê" is not "thuế").
    """
    squashed = squash(text)
    found = names.find(squashed, bare=False)
    return found or [one for one in names.find(squashed, bare=True) if _is_meant_bare(squashed, one)]


def _is_meant_bare(squashed: str, one: Mention) -> bool:
    said = squashed[one.start : one.end]
    return " " in said or not has_marks(said)
