"""Words for what the commands of plain sentences need (``plain_orders.toml``), with diacritics, the longest first.

They show the ground of a rejection, the consent to more time and its day, the unit of a forward, what the requester
is asked, and what is to be changed in an answer that is written again.

The line below a field says where its words stand and what they show. "…" at its end or beginning joins it to the next
or the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.commands.mood import Words, phrases


@dataclass(frozen=True, slots=True)
class Rejecting:
    """Words that show which clause a rejection means."""

    no_clause: tuple[Words, ...]
    complaints: tuple[Words, ...]
    """… and words of complaints, which tell it where nothing else does."""
    besides: tuple[Words, ...]
    """How a clause begins that gives a second command."""
    guides: tuple[Words, ...]
    """That the requester is told where to turn, …"""
    turns: tuple[Words, ...]
    """… and what leads to the place."""
    because: tuple[Words, ...]
    """Before what is told as the reason."""
    content: tuple[Words, ...]
    """Behind the requester: that he asks for something, which is what the mail is about."""
    idioms: tuple[Words, ...]
    """Expressions in which the words of a ground mean something else."""
    denies: tuple[Words, ...]
    """Directly before a ground: that there is none."""
    unsure: tuple[Words, ...]
    """In the same clause: that it is only supposed."""
    done_by_unit: tuple[Words, ...]
    """Directly behind a unit: that the unit did it."""
    of_another: tuple[Words, ...]
    """Words with which insults and answers are somebody else's, or only what the letter is about."""
    judges: tuple[Words, ...]
    """That what the requester tells is untrue: no reason to leave it unanswered (10.1.k)."""
    sure: tuple[Words, ...]
    """Before the reason: that all items of the question are meant, also those that are answered."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of rejection: its clause, what the requester reads, and how officers say so."""

    clause: str
    reason: str
    says: tuple[Words, ...]
    with_letter: bool = False
    """It is one only beside the clause's letter."""


@dataclass(frozen=True, slots=True)
class Extending:
    """Words that grant more time in two parts: the consent, and the day."""

    asked: tuple[Words, ...]
    never: tuple[Words, ...]
    others_day: tuple[Words, ...]
    """In a clause whose day is the unit's wish, …"""
    too_late: tuple[Words, ...]
    """… or is too late."""
    first_news: tuple[Words, ...]
    """In a clause whose day is that of a first word to the asker."""
    beside: tuple[Words, ...]
    """Before a day that an order for another day only mentions."""
    corrects: tuple[Words, ...]
    """Before a day that takes the place of the one named before it."""
    denied: tuple[Words, ...]
    """Before a day or a consent: that it is not given."""
    day_leads: tuple[Words, ...]
    """Before the figures of a day that is granted, as "đến" is, …"""
    gives: tuple[Words, ...]
    """… and before those of a day and month alone."""
    beyond: tuple[Words, ...]
    """Behind a refusal: that time is refused only beyond what follows; …"""
    impossible: tuple[Words, ...]
    """… and behind a refusal or a consent: that the contrary is meant."""
    before_days: tuple[Words, ...]
    """Between what denies a day and its figures; …"""
    of_a_day: tuple[Words, ...]
    """Beside a day that takes the place of another."""
    from_day: tuple[Words, ...]
    """… before the first of two that are one time, …"""
    of_day: tuple[Words, ...]
    """… before one without its month, …"""
    weekdays: tuple[Words, ...]
    """… and one without figures."""
    parts: tuple[Words, ...]
    """Where another thought begins within a clause."""
    later: tuple[Words, ...]
    """In a clause about another time than this."""
    amounts: tuple[Words, ...]
    """So much time is given, without its last day, …"""
    terms: tuple[Words, ...]
    """… as by such words behind a consent, …"""
    alone: tuple[Words, ...]
    """… or with nothing but these behind them, …"""
    again: tuple[Words, ...]
    """… unless one of these follows."""
    either: tuple[Words, ...]
    """Between two days or ways that are left open."""
    keeps_day: tuple[Words, ...]
    """That the old day stays."""
    fillers: tuple[Words, ...]
    """What may stand before a consent in its clause, …"""
    assents: tuple[Words, ...]
    """… and the consents."""
    refuses: tuple[Words, ...]
    granted: tuple[Words, ...]
    topic: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class UnitWords:
    """Words beside a unit's name (``plain_orders.toml`` [unit])."""

    moves: tuple[Words, ...]
    """Before a unit: it gets the question, …"""
    between: tuple[Words, ...]
    """… and what may stand between the two, …"""
    no_move: tuple[Words, ...]
    """… and before such a word: that somebody else wants or did it."""
    leads: tuple[Words, ...]
    """Behind a unit: it leads, …"""
    supports: tuple[Words, ...]
    """… or it supports."""
    joins_support: tuple[Words, ...]
    """Before a unit that supports ("kèm B"), …"""
    adds: tuple[Words, ...]
    """… where another stands before it in the clause ("A với B")."""
    more: tuple[Words, ...]
    """It supports one that has the question already."""
    both: tuple[Words, ...]
    """That several units are to get it."""
    cases: tuple[Words, ...]
    """Said twice, it goes to the one or to the other, as the case may be."""
    invites: tuple[Words, ...]
    """Before one that is to support, in a clause of its own."""
    returns: tuple[Words, ...]
    """Behind a verb that moves: a paper goes back to its unit, …"""
    replies: tuple[Words, ...]
    """… which this does not say, …"""
    rewrites: tuple[Words, ...]
    """… to be written again, …"""
    betters: tuple[Words, ...]
    """… or better, …"""
    again: tuple[Words, ...]
    """… where the verb says "again"."""
    matters: tuple[Words, ...]
    """Names of units that are the matter of questions too."""
    handles: tuple[Words, ...]
    """Behind a unit: it is the one for this, …"""
    does: tuple[Words, ...]
    """… or is to do it, where nothing else is said, …"""
    owns: tuple[Words, ...]
    """… as do words before it, …"""
    polite: tuple[Words, ...]
    """… or nothing but courtesies behind it."""
    before_field: tuple[Words, ...]
    """Before a field of work that is called like a unit."""
    city: tuple[Words, ...]
    """What a unit's name may end with ("BHXH thành phố")."""
    wrong: tuple[Words, ...]
    denies: tuple[Words, ...]
    """Before a unit: it is not meant, …"""
    declines: tuple[Words, ...]
    """… and behind it."""
    not_it: tuple[Words, ...]
    """… or beside one of which a clause says nothing else, …"""
    compares: tuple[Words, ...]
    """… unless it is another that is not meant ("A không phải B")."""
    passes_on: tuple[Words, ...]
    """It would not keep it, even where it gets it."""
    tells: tuple[Words, ...]
    """Behind a unit: it said or did something, …"""
    told_by: tuple[Words, ...]
    """… and before it: its opinion or paper."""
    past: tuple[Words, ...]
    """How a clause begins that tells where it went, or what somebody thought, …"""
    now: tuple[Words, ...]
    """… up to one of these."""
    doubts: tuple[Words, ...]
    """Before one of several units that may be meant."""
    either: tuple[Words, ...]
    """… and between two of them."""


@dataclass(frozen=True, slots=True)
class Items:
    """Words of a request for a thing that is named ("xin bác số sổ bảo hiểm", "nhắn cô ấy gửi thêm giấy ra viện")."""

    asks: tuple[Words, ...]
    """What asks by itself, …"""
    bids: tuple[Words, ...]
    """… and what only does where ``links`` stand before the thing ("nhắn bác số nhà" would tell him one)."""
    links: tuple[Words, ...]
    sends: tuple[Words, ...]
    """Links that the requester reads as they stand."""
    between: tuple[Words, ...]
    """Words between all these that say nothing of what is asked for."""
    persons: tuple[Words, ...]
    """The requester, by words that may also mean a colleague, …"""
    titles: tuple[Words, ...]
    """… and by those that also stand before his name."""
    unsure: tuple[Words, ...]
    """Of the persons, those from whom a paper may be asked as from a unit."""
    heads: tuple[Words, ...]
    """What may stand right before the request, …"""
    oneself: tuple[Words, ...]
    """… and where the writer speaks of himself, unless ``favours`` stand behind."""
    favours: tuple[Words, ...]
    unreal: tuple[Words, ...]
    """What makes the request a report, plan, question or denial, before it …"""
    supposes: tuple[Words, ...]
    """… or that it hangs on something, anywhere before it …"""
    over: tuple[Words, ...]
    """… and at its end; …"""
    past: tuple[Words, ...]
    """… where it begins so, it is a report too."""
    facts: tuple[Words, ...]
    papers: tuple[Words, ...]
    """What is told and what is sent."""
    joins: tuple[Words, ...]
    elsewhere: tuple[Words, ...]
    """Words with which the thing is not the requester's."""
    vague: tuple[Words, ...]
    """Words that name nothing which could be asked for."""
    closes: tuple[Words, ...]
    """Particles for the colleague, with which the request ends."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Words for a question to the citizen in the third person: "hỏi lại" (asks), "nhắn" (bids), whom, what."""

    asks: tuple[Words, ...]
    bids: tuple[Words, ...]
    whom: tuple[Words, ...]
    not_whom: tuple[Words, ...]
    beside: tuple[Words, ...]
    leads: tuple[Words, ...]
    completes: tuple[Words, ...]
    questions: tuple[Words, ...]
    idle: tuple[Words, ...]
    points: tuple[Words, ...]
    remarks: tuple[Words, ...]
    """How a point ends that he is to write about, and what makes it a remark about his letter."""
    third: tuple[Words, ...]
    pronouns: tuple[Words, ...]
    """Pronouns for the citizen within what is asked, …"""
    no_pronouns: tuple[Words, ...]
    """… and expressions in which these mean something else ("họ tên")."""
    trailing: tuple[Words, ...]
    cuts: tuple[Words, ...]
    apart: tuple[Words, ...]
    never: tuple[Words, ...]
    told: tuple[Words, ...]
    """Before what the citizen is to tell: that he has told it, or will."""
    begs: tuple[Words, ...]
    """Before a request by sound: a colleague may be meant, who is to ring, …"""
    writes: tuple[Words, ...]
    """… but not where he is to write."""
    items: tuple[Words, ...]
    begged: tuple[Words, ...]
    """What is asked for by its name alone, behind "hỏi" and behind "nhắn … xin"."""
    item: Items


@dataclass(frozen=True, slots=True)
class Answering:
    """Words about a unit's mail that goes to the requester as the answer (``plain_orders.toml`` [answer])."""

    whom: tuple[Words, ...]
    """Who gets it."""
    thoughts: tuple[Words, ...]
    """Where another thought begins within a clause, …"""
    begins: tuple[Words, ...]
    """… what may stand before its verb, …"""
    alters: tuple[Words, ...]
    """… verbs with which it is not to go as it is, …"""
    pieces: tuple[Words, ...]
    """… and what they are about."""
    parts: tuple[Words, ...]
    """At the beginning of a thought: that only a part is meant, …"""
    behind: tuple[Words, ...]
    """… and behind who gets it, …"""
    others: tuple[Words, ...]
    """… and anywhere: that another answer is, or the one to another question."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Words about what a unit is to change in its answer."""

    again: tuple[Words, ...]
    """That it is to be written again, …"""
    returned: tuple[Words, ...]
    """… in words that can mean nothing but a text, behind which nothing is forwarded."""
    leads: tuple[Words, ...]
    """Words before a wish that do not belong to it, …"""
    bids: tuple[Words, ...]
    """… and those with which a wish needs no word for writing again."""
    wishes: tuple[Words, ...]
    """How a wish begins."""
    faults: tuple[Words, ...]
    """Words of a reason why."""
    closes: tuple[Words, ...]
    """Particles and remarks for the colleague, with which a wish ends."""
    talk: tuple[Words, ...]
    """Words with which a sentence is for the colleague."""


@dataclass(frozen=True, slots=True)
class PuttingOff:
    """Words that put an order off (``plain_orders.toml`` [put_off])."""

    ends: tuple[Words, ...]
    anywhere: tuple[Words, ...]
    """How a clause ends that does, and what does in the midst of one; …"""
    after: tuple[Words, ...]
    led: tuple[Words, ...]
    """… and what does at its end where only the order stands before it; or where it must, …"""
    done: tuple[Words, ...]
    later: tuple[Words, ...]
    times: tuple[Words, ...]
    """How a clause reports the act; what ends an order for more time that is for later, and what names a time; …"""
    unasks: tuple[Words, ...]
    heads: tuple[Words, ...]
    whole: tuple[Words, ...]
    """A clause that does and says nothing else, behind words of no weight."""


def grounds_of(data: Mapping[str, Any]) -> Iterator[Ground]:
    """The table of grounds; the two whose words stand by themselves in the file are the first and the last."""
    reasons = data["reasons"]
    yield Ground("1.2", reasons["1.2"], phrases(data["complaint"]))
    for one in data["ground"]:
        yield Ground(one["clause"], one["reason"], phrases(one["says"]), one.get("with_letter", False))
    yield Ground("10.1.h", reasons["10.1.h"], phrases(data["outside"]))
