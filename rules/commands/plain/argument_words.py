"""Words for what the commands of plain sentences need (``plain_orders.toml``), with diacritics, the longest first.

They show the ground of a rejection, the consent to more time and its day, the unit of a forward, what the requester
is asked, and what is to be changed in an answer that is written again.

The line below a field says where its words stand and what they show. "…" at its end or beginning joins it to the next
or the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.text.patterns import PhraseList, Words


@dataclass(frozen=True, slots=True)
class Rejecting:
    """Words that show which clause a rejection means."""

    no_clause: PhraseList
    complaints: PhraseList
    """… and words of complaints, which tell it where nothing else does."""
    besides: PhraseList
    """How a clause begins that gives a second command."""
    guides: PhraseList
    """That the requester is told where to turn, …"""
    turns: PhraseList
    """… and what leads to the place."""
    because: PhraseList
    """Before what is told as the reason."""
    content: PhraseList
    """Behind the requester: that he asks for something, which is what the mail is about."""
    idioms: PhraseList
    """Expressions in which the words of a ground mean something else."""
    denies: PhraseList
    """Directly before a ground: that there is none."""
    unsure: PhraseList
    """In the same clause: that it is only supposed."""
    done_by_unit: PhraseList
    """Directly behind a unit: that the unit did it."""
    of_another: PhraseList
    """Words with which insults and answers are somebody else's, or only what the letter is about."""
    judges: PhraseList
    """That what the requester tells is untrue: no reason to leave it unanswered (10.1.k)."""
    sure: PhraseList
    """Before the reason: that all items of the question are meant, also those that are answered."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of rejection: its clause, what the requester reads, and how officers say so."""

    clause: str
    reason: str
    says: Sequence[Words]
    with_letter: bool = False
    """It is one only beside the clause's letter."""


@dataclass(frozen=True, slots=True)
class Extending:
    """Words that grant more time in two parts: the consent, and the day."""

    asked: PhraseList
    never: PhraseList
    others_day: PhraseList
    """In a clause whose day is the unit's wish, …"""
    too_late: PhraseList
    """… or is too late."""
    first_news: PhraseList
    """In a clause whose day is that of a first word to the asker."""
    beside: PhraseList
    """Before a day that an order for another day only mentions."""
    corrects: PhraseList
    """Before a day that takes the place of the one named before it."""
    denied: PhraseList
    """Before a day or a consent: that it is not given."""
    day_leads: PhraseList
    """Before the figures of a day that is granted, as "đến" is, …"""
    gives: PhraseList
    """… and before those of a day and month alone."""
    beyond: PhraseList
    """Behind a refusal: that time is refused only beyond what follows; …"""
    impossible: PhraseList
    """… and behind a refusal or a consent: that the contrary is meant."""
    before_days: PhraseList
    """Between what denies a day and its figures; …"""
    of_a_day: PhraseList
    """Beside a day that takes the place of another."""
    from_day: PhraseList
    """… before the first of two that are one time, …"""
    of_day: PhraseList
    """… before one without its month, …"""
    weekdays: PhraseList
    """… and one without figures."""
    parts: PhraseList
    """Where another thought begins within a clause."""
    later: PhraseList
    """In a clause about another time than this."""
    amounts: PhraseList
    """So much time is given, without its last day, …"""
    terms: PhraseList
    """… as by such words behind a consent, …"""
    alone: PhraseList
    """… or with nothing but these behind them, …"""
    again: PhraseList
    """… unless one of these follows."""
    either: PhraseList
    """Between two days or ways that are left open."""
    keeps_day: PhraseList
    """That the old day stays."""
    fillers: PhraseList
    """What may stand before a consent in its clause, …"""
    assents: PhraseList
    """… and the consents."""
    refuses: PhraseList
    granted: PhraseList
    topic: PhraseList


@dataclass(frozen=True, slots=True)
class UnitWords:
    """Words beside a unit's name (``plain_orders.toml`` [unit])."""

    moves: PhraseList
    """Before a unit: it gets the question, …"""
    between: PhraseList
    """… and what may stand between the two, …"""
    no_move: PhraseList
    """… and before such a word: that somebody else wants or did it."""
    leads: PhraseList
    """Behind a unit: it leads, …"""
    supports: PhraseList
    """… or it supports."""
    joins_support: PhraseList
    """Before a unit that supports ("kèm B"), …"""
    adds: PhraseList
    """… where another stands before it in the clause ("A với B")."""
    more: PhraseList
    """It supports one that has the question already."""
    both: PhraseList
    """That several units are to get it."""
    cases: PhraseList
    """Said twice, it goes to the one or to the other, as the case may be."""
    invites: PhraseList
    """Before one that is to support, in a clause of its own."""
    returns: PhraseList
    """Behind a verb that moves: a paper goes back to its unit, …"""
    replies: PhraseList
    """… which this does not say, …"""
    rewrites: PhraseList
    """… to be written again, …"""
    betters: PhraseList
    """… or better, …"""
    again: PhraseList
    """… where the verb says "again"."""
    matters: PhraseList
    """Names of units that are the matter of questions too."""
    handles: PhraseList
    """Behind a unit: it is the one for this, …"""
    does: PhraseList
    """… or is to do it, where nothing else is said, …"""
    owns: PhraseList
    """… as do words before it, …"""
    polite: PhraseList
    """… or nothing but courtesies behind it."""
    before_field: PhraseList
    """Before a field of work that is called like a unit."""
    city: PhraseList
    """What a unit's name may end with ("BHXH thành phố")."""
    wrong: PhraseList
    denies: PhraseList
    """Before a unit: it is not meant, …"""
    declines: PhraseList
    """… and behind it."""
    not_it: PhraseList
    """… or beside one of which a clause says nothing else, …"""
    compares: PhraseList
    """… unless it is another that is not meant ("A không phải B")."""
    passes_on: PhraseList
    """It would not keep it, even where it gets it."""
    tells: PhraseList
    """Behind a unit: it said or did something, …"""
    told_by: PhraseList
    """… and before it: its opinion or paper."""
    past: PhraseList
    """How a clause begins that tells where it went, or what somebody thought, …"""
    now: PhraseList
    """… up to one of these."""
    doubts: PhraseList
    """Before one of several units that may be meant."""
    either: PhraseList
    """… and between two of them."""


@dataclass(frozen=True, slots=True)
class Items:
    """Words of a request for a thing that is named ("xin bác số sổ bảo hiểm", "nhắn cô ấy gửi thêm giấy ra viện")."""

    asks: PhraseList
    """What asks by itself, …"""
    bids: PhraseList
    """… and what only does where ``links`` stand before the thing ("nhắn bác số nhà" would tell him one)."""
    links: PhraseList
    sends: PhraseList
    """Links that the requester reads as they stand."""
    between: PhraseList
    """Words between all these that say nothing of what is asked for."""
    persons: PhraseList
    """The requester, by words that may also mean a colleague, …"""
    titles: PhraseList
    """… and by those that also stand before his name."""
    unsure: PhraseList
    """Of the persons, those from whom a paper may be asked as from a unit."""
    heads: PhraseList
    """What may stand right before the request, …"""
    oneself: PhraseList
    """… and where the writer speaks of himself, unless ``favours`` stand behind."""
    favours: PhraseList
    unreal: PhraseList
    """What makes the request a report, plan, question or denial, before it …"""
    supposes: PhraseList
    """… or that it hangs on something, anywhere before it …"""
    over: PhraseList
    """… and at its end; …"""
    past: PhraseList
    """… where it begins so, it is a report too."""
    facts: PhraseList
    papers: PhraseList
    """What is told and what is sent."""
    joins: PhraseList
    elsewhere: PhraseList
    """Words with which the thing is not the requester's."""
    vague: PhraseList
    """Words that name nothing which could be asked for."""
    closes: PhraseList
    """Particles for the colleague, with which the request ends."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Words for a question to the citizen in the third person: "hỏi lại" (asks), "nhắn" (bids), whom, what."""

    asks: PhraseList
    bids: PhraseList
    whom: PhraseList
    not_whom: PhraseList
    beside: PhraseList
    leads: PhraseList
    completes: PhraseList
    questions: PhraseList
    idle: PhraseList
    points: PhraseList
    remarks: PhraseList
    """How a point ends that he is to write about, and what makes it a remark about his letter."""
    third: PhraseList
    pronouns: PhraseList
    """Pronouns for the citizen within what is asked, …"""
    no_pronouns: PhraseList
    """… and expressions in which these mean something else ("họ tên")."""
    trailing: PhraseList
    cuts: PhraseList
    apart: PhraseList
    never: PhraseList
    told: PhraseList
    """Before what the citizen is to tell: that he has told it, or will."""
    begs: PhraseList
    """Before a request by sound: a colleague may be meant, who is to ring, …"""
    writes: PhraseList
    """… but not where he is to write."""
    items: PhraseList
    begged: PhraseList
    """What is asked for by its name alone, behind "hỏi" and behind "nhắn … xin"."""
    item: Items


@dataclass(frozen=True, slots=True)
class Answering:
    """Words about a unit's mail that goes to the requester as the answer (``plain_orders.toml`` [answer])."""

    whom: PhraseList
    """Who gets it."""
    thoughts: PhraseList
    """Where another thought begins within a clause, …"""
    begins: PhraseList
    """… what may stand before its verb, …"""
    alters: PhraseList
    """… verbs with which it is not to go as it is, …"""
    pieces: PhraseList
    """… and what they are about."""
    parts: PhraseList
    """At the beginning of a thought: that only a part is meant, …"""
    behind: PhraseList
    """… and behind who gets it, …"""
    others: PhraseList
    """… and anywhere: that another answer is, or the one to another question."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Words about what a unit is to change in its answer."""

    again: PhraseList
    """That it is to be written again, …"""
    returned: PhraseList
    """… in words that can mean nothing but a text, behind which nothing is forwarded."""
    leads: PhraseList
    """Words before a wish that do not belong to it, …"""
    bids: PhraseList
    """… and those with which a wish needs no word for writing again."""
    wishes: PhraseList
    """How a wish begins."""
    faults: PhraseList
    """Words of a reason why."""
    closes: PhraseList
    """Particles and remarks for the colleague, with which a wish ends."""
    talk: PhraseList
    """Words with which a sentence is for the colleague."""


@dataclass(frozen=True, slots=True)
class PuttingOff:
    """Words that put an order off (``plain_orders.toml`` [put_off])."""

    ends: PhraseList
    anywhere: PhraseList
    """How a clause ends that does, and what does in the midst of one; …"""
    after: PhraseList
    led: PhraseList
    """… and what does at its end where only the order stands before it; or where it must, …"""
    done: PhraseList
    later: PhraseList
    times: PhraseList
    """How a clause reports the act; what ends an order for more time that is for later, and what names a time; …"""
    unasks: PhraseList
    heads: PhraseList
    whole: PhraseList
    """A clause that does and says nothing else, behind words of no weight."""


def grounds_of(data: Mapping[str, Any]) -> Iterator[Ground]:
    """The table of grounds; the two whose words stand by themselves in the file are the first and the last."""
    reasons = data["reasons"]
    yield Ground("1.2", reasons["1.2"], PhraseList(data["complaint"]))
    for one in data["ground"]:
        yield Ground(one["clause"], one["reason"], PhraseList(one["says"]), one.get("with_letter", False))
    yield Ground("10.1.h", reasons["10.1.h"], PhraseList(data["outside"]))
