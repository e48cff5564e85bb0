"""Words for a question to the requester (``plain_orders.toml`` [ask]), with diacritics, the longest first."""

from __future__ import annotations

from dataclasses import dataclass

from rules.commands.mood import Words


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
    """… and at its end."""
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
