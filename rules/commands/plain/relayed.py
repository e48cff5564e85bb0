"""Whether words that an officer has passed on to the requester ask something, or only tell it."""

from __future__ import annotations

from rules.commands.mood import asks
from rules.commands.phrases import ends_with, found_in, said_in
from rules.commands.plain.words import CLAUSE, load_plain_order_words
from rules.commands.vocabulary import load_command_words
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import Source


def asks_something(text: str, source: Source = DEFAULT) -> bool:
    """ "Đoạn đường nào?" asks, "xin bác báo lại" requests; "Sở đã gọi, văn bản gửi sau" only tells.

    A clause ends in the word that asks; in the middle of one such words also tell ("chưa rõ đoạn nào hỏng").
    """
    words, mood = load_plain_order_words(source), load_command_words(source).mood
    clauses = [one for line in text.splitlines() for one in CLAUSE.split(line) if one.strip()]
    ending = any(asks(one, mood) or ends_with(said_in(one.rstrip()), words.ask.questions) for one in clauses)
    return "?" in text or ending or found_in(text, words.requests)
