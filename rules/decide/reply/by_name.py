"""One mail that answers several askers by name: each gets the own part, where it is certain whose each part is."""

from __future__ import annotations

from dataclasses import replace

from rules.decide.base.facts import AssignmentFacts, MailFacts
from rules.decide.reply.weighing import says_nothing
from rules.reply.named_parts import NamedPart, is_named, named_parts
from rules.reply.sentences import sentences_of
from rules.reply.unit_names import unit_names
from rules.reply.verbs import judge, load_verb_phrases
from rules.values.model import Reply

Piece = tuple[Reply, list[AssignmentFacts]]


def pieces_by_name(facts: MailFacts, reply: Reply) -> list[Piece]:
    """The parts with the open assignment of each; [] where nobody is named, or any doubt remains.

    A file would tell one asker of the others, so a mail with one is never divided. Every name must be that of
    exactly one asker whose question the unit owes, and nothing but a greeting may stand before the first.
    """
    before, parts = named_parts(reply.text)
    if not parts or any(not one.inline for one in facts.mail.attachments) or not says_nothing(facts, before):
        return []
    every = (one for each in facts.questions.values() for one in each.assignments)
    owed = [one for one in every if one.is_open and one.unit == facts.sender_unit]
    pieces: list[Piece] = []
    for part in parts:
        own = [one for one in owed if is_named(facts.questions[one.question_id].asker.name, part.name)]
        if len(own) != 1 or not part.text:
            return []
        pieces.append((_reply_of(facts, reply, part), own))
    distinct = {own[0].id for _, own in pieces}
    return pieces if len(distinct) == len(pieces) else []


def _reply_of(facts: MailFacts, reply: Reply, part: NamedPart) -> Reply:
    """The part with a verb of its own."""
    source = facts.house.source
    names, phrases = unit_names(facts.house.units, source), load_verb_phrases(source)
    judged = judge(sentences_of(part.text, names, short=phrases.short), phrases)
    on = facts.house.law.today(facts.received_at)
    unit = names.resolve(judged.unit, on) if judged.unit else ""
    return replace(reply, text=part.text, verb=judged.verb, unit=unit, until=None, parts=())
