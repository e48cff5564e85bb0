"""Patterns of several word lists together, by which wishes with an old question are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rules.text.patterns import one_of_phrases, plainly


def whether(status: Mapping[str, Any]) -> re.Pattern[str]:
    """A pattern for a clause that asks whether somebody has done something with the question yet."""
    who, does, ends = (one_of_phrases(status[key]).pattern for key in ("who", "does", "ends"))
    return re.compile(rf"{who} (?:\S+ ){{0,5}}?{does} (?:\S+ ){{0,5}}?chua(?= {ends}|$)")


def drops(words: Mapping[str, Any]) -> re.Pattern[str]:
    """A pattern for a clause that draws back what was written."""
    keys = ("drops", "dropped", "dropped_last")
    begins, dropped, last = (one_of_phrases(words[key]).pattern for key in keys)
    return re.compile(rf"{begins}(?= {dropped}| {last}$|$)")


def denied(words: Mapping[str, Any]) -> re.Pattern[str]:
    """A pattern for the end of what stands ahead of words that wish nothing there, and their first word."""
    keys = ("denies", "denied_by", "asks_why", "strangers", "done_by", "done", "says", "acts_done", "not_named")
    no, by, why, others, board, done, says, acts, unlike = (one_of_phrases(words[key]).pattern for key in keys)
    named = rf"{others}(?: (?!{unlike})\S+){{0,2}}?"
    ways = (
        rf"(?<!xay ){no}(?: {by}){{0,3}} \S+",
        rf"(?<!khong ){why}(?: \S+){{0,7}}",
        rf"{others}(?: \S+){{0,3}}? {says} \S+",
        rf"{named}(?: {done})+ {acts}",
        rf"{_not_behind(words)}{named} {acts}",
        rf"{board}(?: {done})+ {acts}",
        rf"{board}(?: {done})* gui",
    )
    return re.compile(rf"^{_not_yet(words)}.*?(?:{'|'.join(ways)})$")


def _not_behind(words: Mapping[str, Any]) -> str:
    """No word of asking right ahead: "đề nghị quý cơ quan xóa …" is a wish."""
    asked = {plainly(f"{asks} {whom}") for asks in words["asked"] for whom in ("", *words["asked_whom"])}
    return "".join(rf"(?<!\b{re.escape(one)} )" for one in sorted(asked))


def _not_yet(words: Mapping[str, Any]) -> str:
    """No question ahead why somebody has not done it yet: "sao ban chưa xóa …" is a wish."""
    why, own, yet = (one_of_phrases(words[key]).pattern for key in ("asks_why", "own", "yet"))
    return rf"(?!.*{why}(?: (?!{own})\S+){{0,4}}? {yet} \S+$)"
