"""The command that a mail surely sounds like, if everything that the command needs is read without doubt.

Officers write in countless forms; two votes judge from all their words which act they mean
(``likely_orders.heard``). A command is carried out in this way only when both votes are sure, the act fits the mail
that is answered, its arguments are named and no other could be meant, and no other command stands beside it. Doubts,
reports, denials and conditions are weighed by the votes among all words; a sentence that asks stops it.

What the mail names for the command (what is asked of the requester, another number, a field and its content) is read
from all its sentences, and only where no other of the same kind may be meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from rules.commands.command import (
    DICTATES,
    LISTED,
    MOST_SIGNED,
    NO_ORDER,
    SAID_BEHIND,
    UNREAD,
    Command,
    other_number,
)
from rules.commands.command_line import Reader
from rules.commands.likely_orders import heard, is_postponed, is_taught
from rules.commands.mood import (
    ALTERS,
    CLASH,
    STOPPED,
    asks,
    asks_openly,
    each_in,
    found_in,
    length_at,
    said_in,
    stop_in,
    without,
)
from rules.commands.plain.argument_words import Asking
from rules.commands.plain.asked_items import asked_item, bids_points, is_unreal
from rules.commands.plain.ground_and_day import extension_in, grants_a_day, refuses_by_half, rejection_in
from rules.commands.plain.one_unit import REVIEW, hands_over
from rules.commands.plain.units_meant import forward_in
from rules.commands.plain.words import (
    CLAUSE,
    MOST_SENTENCES,
    MOST_WORDS,
    is_wished,
    sentences_in,
    without_codes,
    written_out,
)
from rules.commands.plain.words_passed_on import asked_anywhere, wish_for_the_unit
from rules.commands.session_line import session_number
from rules.commands.vocabulary import WORD, closes, plain_words
from rules.message.quote_markers import load_markers
from rules.reply.sentences import without_quotations
from rules.text import clean, squash
from rules.values.data_file import Source
from rules.values.register_number import register_numbers

_CALLS = re.compile(r"[,.;]\s+(?=(?:nhờ|sửa|đổi|chỉnh|đính chính|em|chị|giúp|nhé)\b)", re.IGNORECASE)
"""Where words to the colleague begin behind a new address or number."""
_WRITTEN_OUT = re.compile(r":\s*(\S.{8,})", re.DOTALL)
ORDER_SHARE = 0.8
"""The share that the words need for an order."""
ACT_SHARE = 0.5
"""They must sound like one act of all with this share; …"""
ENDS = dict.fromkeys(("refuse_extension", "close", "not_a_question"), 0.6) | {"reject": 0.4}
"""… with more for an act that refuses or ends something, but for a rejection whose clause is named, …"""
MOVES_NOTHING = dict.fromkeys(("note", "status", "sign", "correct", "link", "register", "unit_received"), 0.3)
"""… and with less for one that moves nothing, or whose arguments alone show what is meant."""
SURELY_ORDER, FAR_AHEAD_SHARE, FAR_AHEAD = 0.98, 0.25, 2.5
"""If a mail is surely an order, an act that is so many times likelier than every other needs a smaller share; …"""
FORWARD_SHARE = 0.35
"""… but a forward, which the vote knows well, needs at least this, and giving or refusing time needs more."""
BARE = {
    **{one: one for one in ("close", "not_a_question", "refuse_extension", "sign", "remind_unit", "unit_received")},
    "is_answer": "unit_answer",
}
"""Acts that need nothing but the question, with the verbs of their commands."""
LONGEST_CLOSING = 6
"""A closing line has at most so many words; a longer one may say more than thanks."""
WHOLE = frozenset({"note", "status"})
"""Acts whose text is the mail itself."""
ALIKE = {
    "unit_answer": {"to_asker", "approve"},
    "reject": {"not_a_question", "return"},
    "refuse_extension": {"reject"},
}
"""Commands that mean the same as another beside them."""
SIGNS = "sign"
"""The command for a signature, beside which another command may stand."""
INCOMPLETE = {"reject": {"reject"}, "return": {"reject", "unit_rewrite"}, "forward": {"forward"}}
"""Commands that are asked back without a clause, a paper to return, or a unit, and what the mail may mean by them."""


def order_by_sound(
    text: str, commands: Sequence[Command], reader: Reader, source: Source, fits: Collection[str]
) -> tuple[Command, ...]:
    """The command of a mail's own text; () when the votes are not sure, an argument is missing, or any doubt remains.

    ``commands`` is what the phrases read, ``fits`` are the acts that are possible in reply to the mail that is
    answered, by their names in ``hints.toml``.
    """
    if not fits or not all(_may_be_heard(command, fits) for command in commands):
        return ()
    incomplete = {meant for command in commands for meant in INCOMPLETE.get(command.verb, ())}
    fits = incomplete & {*fits} if incomplete else {*fits} - {command.verb for command in commands}
    text = _unsigned(clean(text), reader, source)
    text = without_quotations(written_out(text))  # other people's words neither order nor doubt
    codes, bare = without_codes(text, reader.words.prefix)
    sentences = sentences_in(bare, reader.words)
    if not codes and other_number(bare):  # it may be about another question than the one at hand
        return ()
    short = 0 < len(sentences) <= MOST_SENTENCES and len(bare.split()) <= MOST_WORDS
    if not short or len(codes) > 2 or any(stop_in(one, reader.words.mood) for one in sentences):
        return ()
    asks = reader.case == REVIEW and len(sentences) == 1 and bids_points(bare, reader.plain.ask)
    act = "ask" if asks else "forward" if hands_over(sentences, reader) else _act_heard(text, reader, source)
    order = _filled(act, text, sentences, reader) if act in fits else None
    if order is None or _is_doubtful(order, sentences, reader) or _is_one_of_list(order, act, text, reader):
        return ()
    given = (command for one in sentences for clause in CLAUSE.split(one) for command in reader.commands(clause))
    signs = [
        command
        for command in (*commands, *given)
        if command.verb == SIGNS and not command.text and is_taught(command, reader)
    ]
    about = order.question or next(iter(codes), "")
    return (replace(order, question=about, raw=text.strip()), *(signs[:1] if order.verb != SIGNS else ()))


def _unsigned(text: str, reader: Reader, source: Source) -> str:
    """The text without the closing and the signature below it; whole where anything below may say more."""
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if at and closes(line, reader.words)), 0)
    if not at or len(lines[at].split()) > LONGEST_CLOSING or _orders(lines[at], reader):
        return text
    below = [line for line in lines[at + 1 :] if line.strip()]
    signs = len(below) <= MOST_SIGNED and all(_signs(one, reader, source) for one in below)
    return "\n".join(lines[:at]) if signs else text


def _orders(line: str, reader: Reader) -> bool:
    """Whether a line may order or name something by itself."""
    return bool(reader.commands(line) or reader.mood(line) or reader.names.find(squash(line), bare=True))


def _signs(line: str, reader: Reader, source: Source) -> bool:
    """Whether a line is a name, or a title with an office or a telephone, mostly in capitals."""
    words, contact = WORD.findall(line), load_markers(source).contact.search(line.lower()) is not None
    capitals = sum(one[0].isupper() or one.isdigit() for one in words)
    least = len(words) if not contact else len(words) / 2
    return bool(words) and capitals >= least and not _orders(line, reader)


def _may_be_heard(command: Command, fits: Collection[str]) -> bool:
    """Whether a line gave no whole command, and neither a word of doubt nor another number is the reason."""
    if command.verb in INCOMPLETE:
        fitting = command.verb != "return" or "unit_rewrite" in fits or "refuse_extension" not in fits
        return fitting and not (command.clause or command.unit)
    none = command.verb in {UNREAD, NO_ORDER, "status"} and command.field not in {STOPPED, CLASH, ALTERS}
    signs = command.verb == SIGNS and not command.text  # "ký nhận 2 câu trên" is about others too
    return (none or signs) and not session_number(command.raw)


def _act_heard(text: str, reader: Reader, source: Source) -> str:
    """The act that a mail surely sounds like; "" when it may be no order, or another act."""
    order, acts = heard(text, reader, source)
    if order < ORDER_SHARE or not acts:
        return ""
    (likely, share), (_, next_share) = sorted(acts.items(), key=lambda one: -one[1])[:2]
    least = FORWARD_SHARE if likely == "forward" else FAR_AHEAD_SHARE
    surely = order >= SURELY_ORDER and likely not in {"extend", *ENDS}
    far = surely and share >= max(least, FAR_AHEAD * next_share)
    return likely if far or share >= {**ENDS, **MOVES_NOTHING}.get(likely, ACT_SHARE) else ""


def _filled(act: str, text: str, sentences: Sequence[str], reader: Reader) -> Command | None:
    """The command with all that it needs; None when something is missing, or named twice."""
    codes, bare = without_codes(text, reader.words.prefix)
    if (len(codes) > 1) != (act == "link" and len(codes) == 2):
        return None
    readers: dict[str, Callable[[], Command | None]] = {
        "forward": lambda: forward_in(sentences, reader),
        "extend": lambda: extension_in(bare, reader, asked=reader.case == "extension"),
        "ask": lambda: question_in(bare, sentences, reader),
        "reject": lambda: rejection_in(sentences, reader),
        "link": lambda: link_in(list(dict.fromkeys(register_numbers(text, reader.words.prefix)))),
        "correct": lambda: correction_in(sentences, reader),
        "register": lambda: dictated_in(bare, reader),
        "unit_rewrite": lambda: Command(act, "", text=wish_for_the_unit(bare, reader.plain.rewrite)),
        "to_asker": lambda: Command(act, "", text=said) if (said := behind_a_colon(bare)) else None,
        "note": lambda: Command(act, "", text=bare.strip()),
        "status": lambda: Command(act, "", text=bare.strip()),
    }
    if act in readers:
        return readers[act]()
    wished = act != "close" or any(is_wished(one, reader.plain.close) for one in sentences)
    grants = grants_a_day(bare, reader) or refuses_by_half(bare, reader)
    kept = act == "refuse_extension" and grants
    return Command(BARE[act], "") if act in BARE and wished and not kept else None


def _is_doubtful(order: Command, sentences: Sequence[str], reader: Reader) -> bool:
    """Whether a sentence asks or denies the act, or another command stands beside it."""
    text = ". ".join(sentences)
    own = text.partition(":")[0] if order.verb in SAID_BEHIND else text
    if any(is_denied(order, clause, reader) for clause in CLAUSE.split(own)):
        return True
    if order.verb in SAID_BEHIND | {DICTATES, *WHOLE}:
        return order.verb not in WHOLE and _forwards_too(sentences, reader)
    meant = {order.verb, *ALIKE.get(order.verb, ())}
    later = order.verb not in MOVES_NOTHING and any(is_postponed(one, meant, reader) for one in sentences)
    if later or any(_asks(one, reader) for one in sentences):
        return True
    return _orders_more(order, sentences, reader)


def _asks(sentence: str, reader: Reader) -> bool:
    return asks(sentence, reader.words.mood) or asks_openly(sentence, reader.words.mood, always=True)


def _forwards_too(sentences: Sequence[str], reader: Reader) -> bool:
    """ "Hỏi lại dân: số nhà? và chuyển SXD": whether a clause beside what is asked forwards to a unit."""
    clauses = [clause for sentence in sentences for clause in CLAUSE.split(sentence)]
    return any(command.verb == "forward" and command.unit for each in clauses for command in reader.commands(each))


def _asks_too(clauses: Sequence[str], reader: Reader) -> bool:
    """ "Hỏi lại dân số nhà. Chuyển SXD": whether a clause that begins like the order to ask names what is asked."""
    asked = [one for one in clauses if reader.verb_of(one) == "ask"]
    return any(question_in(one, [one], reader) is not None for one in asked)


def is_denied(order: Command, clause: str, reader: Reader) -> bool:
    """ "Nội bộ thôi, kô gửi cho dân": whether the act stands behind a word that denies it.

    Units and days have their own denials, read where they are.
    """
    plain = reader.plain
    statement = said_in(without(clause, plain.order.no_denials))
    acts, marked = plain.denied.get(order.verb, ()), reader.words.mood.only_marked if statement.bare else ()
    for at, length in each_in(statement, plain.order.denials, marked) if acts else ():
        ends = at + length
        while not length_at(statement, ends, acts) and (
            more := length_at(statement, ends, plain.order.denied_between)
        ):
            ends += more
        if length_at(statement, ends, acts):
            return True
    return False


def _is_one_of_list(order: Command, act: str, text: str, reader: Reader) -> bool:
    """Whether one item of a list gives the order by itself: the others would be dropped."""
    items = [one for one in text.splitlines() if LISTED.match(one)]
    if len(items) < 2 or order.verb in SAID_BEHIND | {DICTATES, *WHOLE}:
        return False
    alone = (LISTED.sub("", without_codes(one, reader.words.prefix)[1]) for one in items)
    return any(_filled(act, one, sentences_in(one, reader.words), reader) is not None for one in alone)


def _orders_more(order: Command, sentences: Sequence[str], reader: Reader) -> bool:
    """Whether a clause gives another command too: a mail is carried out whole or not at all."""
    clauses = [clause for sentence in sentences for clause in CLAUSE.split(sentence)]
    commands = [command for each in clauses for command in reader.commands(each)]
    others = {command.verb for command in commands if command.unit or command.verb != "forward"}
    if order.verb == "forward" and _asks_too(clauses, reader):
        return True
    return bool(others & reader.plain.verbs - {order.verb, SIGNS, *ALIKE.get(order.verb, ())})


def question_in(text: str, sentences: Sequence[str], reader: Reader) -> Command | None:
    """What the requester is asked: a thing that is named, a request made of words about him, or words behind a colon.

    "Nhờ hỏi lại dân xem …" may ask a colleague to telephone, so it becomes a request to the requester only if it
    names a thing.
    """
    plain = reader.plain.ask
    starts = [(one, said_in(one)) for one in sentences]
    told = [
        one
        for one, statement in starts
        if not length_at(statement, 0, plain.begs) or length_at(statement, 0, plain.writes)
    ]
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
    text = f" {' '.join(plain_words('. '.join(sentences)))} "
    fields = {field for form, field in reader.words.fields if f" {form} " in text}
    found = [one for each in sentences if (one := _right_content(each, reader))]
    if len(fields) != 1 or len(found) != 1:
        return None
    field = fields.pop()
    content = found[0].partition(",")[0] if field == "name" else _CALLS.split(found[0])[0]
    return Command("correct", "", text=content.strip(" .,;"), field=field)


def _right_content(sentence: str, reader: Reader) -> str:
    statement, leads = said_in(sentence), reader.plain.order.leads_to_content
    for at in range(len(statement.words)):
        if (length := length_at(statement, at, leads)) and at + length < len(statement.words):
            return sentence[statement.places[at + length][0] :]
    return behind_a_colon(sentence)


def dictated_in(text: str, reader: Reader) -> Command | None:
    """A question taken down for somebody: the words from the phrase for it on."""
    for begins, _ in said_in(text).places:
        commands = reader.commands(text[begins:])
        if commands and commands[0].verb == DICTATES and commands[0].text:
            return Command(DICTATES, "", text=commands[0].text)
    return None
