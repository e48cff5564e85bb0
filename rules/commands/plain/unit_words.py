"""Words about the units that a mail names: which it orders, which it denies, and what others say of them."""

from __future__ import annotations

from dataclasses import dataclass

from rules.commands.mood import Words


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
    owns: tuple[Words, ...]
    """… as do words before it, …"""
    polite: tuple[Words, ...]
    """… or nothing but courtesies behind it."""
    before_field: tuple[Words, ...]
    """Before a field of work that is called like a unit."""
    city: tuple[Words, ...]
    """What a unit's name may end with ("BHXH thành phố")."""
    denies: tuple[Words, ...]
    """Before a unit: it is not meant, …"""
    declines: tuple[Words, ...]
    """… and behind it."""
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
