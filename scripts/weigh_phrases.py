"""Which phrases of the units weigh more than the labelled letters bear out, and moving them to where they belong.

    python scripts/weigh_phrases.py [--write] [--least 5] [UNIT ...]

For each phrase: in how many labelled letters, as they are and typed without diacritics, it speaks for a unit that is
right, in how many for another one, and in how many passages of talk it stands, which speak for nobody. A phrase of
too small a share right is named with the weight that its share bears out; ``--write`` moves it there, or takes it
out. Nothing is ever made heavier: that a phrase was right in a few letters does not show that it will be. Afterwards
the votes are to be trained again.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from rules.routing.routing_rules import TIERS, WARD, RoutingTable, load_routing  # noqa: E402 - the path is set above
from rules.text import strip_marks  # noqa: E402
from rules.text.tokens import spelled_out  # noqa: E402
from rules.values.model import Kind  # noqa: E402
from scripts.training.model_train import labelled_rows  # noqa: E402
from scripts.training.talk import passages  # noqa: E402

SHARES = (("decisive", 0.6), ("strong", 0.4), ("clear", 0.2), ("hint", 0.08))
"""The share of its letters that a phrase of each weight must be right in."""
TALK = 0.3
"""A passage of talk counts so much of a letter: the vote of talk sets most of them aside."""
UNMARKED = 0.3
"""A letter typed without diacritics counts so much: "rơi ví" is "rồi vì" there."""
DOUBT = 2.0
"""So many letters more, half of them right, are supposed of every phrase: few letters prove little."""
OUT = "out"
WIDTH = 116
LIST = re.compile(r"^(decisive|strong|clear|hint) = \[\n?(.*?)\]\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it stands in a field, by the field's number in the table."""

    field: int
    tier: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Letters in which a phrase spoke for a right unit and for another, and passages of talk with it."""

    right: float
    wrong: float
    talk: int

    @property
    def letters(self) -> float:
        """How much there is to judge by."""
        return self.right + self.wrong + TALK * self.talk

    @property
    def share(self) -> float:
        """The share of right ones, careful with few."""
        return (self.right + DOUBT / 2) / (self.letters + DOUBT)


def heard_phrases(table: RoutingTable) -> dict[Phrase, Heard]:
    """What the labelled letters and the passages of talk say of each phrase."""
    right: defaultdict[Phrase, float] = defaultdict(float)
    wrong: defaultdict[Phrase, float] = defaultdict(float)
    asked = [row for row in labelled_rows() if row["expected_class"] == Kind.QUESTION and row["expected_unit"]]
    for units, (text, counts) in (
        (one["expected_unit"].split("|"), way) for one in asked for way in _typed(one["text"])
    ):
        for phrase in spoken(text, table):
            (right if _is_right(table.fields[phrase.field].unit, units) else wrong)[phrase] += counts
    talk = Counter(phrase for passage in passages() for phrase in spoken(passage, table))
    return {one: Heard(right[one], wrong[one], talk[one]) for one in {*right, *wrong, *talk}}


def _typed(text: str) -> tuple[tuple[str, float], tuple[str, float]]:
    return (text, 1.0), (strip_marks(text), UNMARKED)


def _is_right(unit: str, units: Iterable[str]) -> bool:
    return any(code.startswith("UBND_") for code in units) if unit == WARD else unit in units


def spoken(text: str, table: RoutingTable) -> set[Phrase]:
    """The phrases in a text, spelled as the matcher has them."""
    matcher, meanings = table.lexicon
    return {
        Phrase(meaning.field, meaning.what, matcher.phrases[hit.phrase])
        for hit in matcher.find(table.reader(text))
        for meaning in meanings[hit.phrase]
        if meaning.what in TIERS
    }


def borne_out(tier: str, heard: Heard) -> str:
    """The heaviest weight, this one or a lighter one, for which the share suffices; ``OUT`` for none."""
    fit = next((name for name, least in SHARES if heard.share >= least), OUT)
    order = (*TIERS, OUT)
    return max(tier, fit, key=order.index)


def too_heavy(table: RoutingTable, least: float) -> dict[Phrase, tuple[str, Heard]]:
    """Phrases, as the files spell them, that weigh too much: the right weight, and what was heard."""
    heard = heard_phrases(table)
    found = {}
    for number, field in enumerate(table.fields):
        for tier in TIERS:
            for text in field.phrases[tier]:
                said = heard.get(Phrase(number, tier, spelled_out(text, table.shorthand)))
                if said and said.letters >= least and borne_out(tier, said) != tier:
                    found[Phrase(number, tier, text)] = borne_out(tier, said), said
    return found


def rewritten(text: str, moves: Mapping[tuple[int, str, str], str]) -> str:
    """A unit's file with phrases moved: by place of the field, weight and phrase, the new weight or ``OUT``."""
    head, *fields = re.split(r"(?m)^(?=\[\[field\]\]\n)", text)
    return head + "".join(_field(number, field, moves) for number, field in enumerate(fields))


def _field(number: int, text: str, moves: Mapping[tuple[int, str, str], str]) -> str:
    lists = {found[1]: re.findall(r'"([^"]+)"', found[2]) for found in LIST.finditer(text)}
    moved = {tier: [one for one in phrases if (number, tier, one) not in moves] for tier, phrases in lists.items()}
    for (place, tier, phrase), new in moves.items():
        if place == number and tier in lists and new != OUT:
            moved.setdefault(new, []).append(phrase)
    for tier, phrases in moved.items():
        phrases[:] = dict.fromkeys(phrases)
        if tier not in lists:
            before = list(LIST.finditer(text))[-1].end()
            text = text[:before] + _written(tier, phrases) + text[before:]
    return LIST.sub(
        lambda found: found[0] if moved[found[1]] == lists.get(found[1]) else _written(found[1], moved[found[1]]),
        text,
    )


def _written(tier: str, phrases: list[str]) -> str:
    if not phrases:
        return ""
    told = ", ".join(f'"{one}"' for one in phrases).replace(" ", "\0").replace(",\0", ", ")
    lines = textwrap.wrap(told, WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{tier} = [\n" + "".join(f"  {line}\n" for line in lines).replace("\0", " ").rstrip("\n") + ",\n]\n"


def _by_file(
    table: RoutingTable, moves: Mapping[Phrase, tuple[str, Heard]]
) -> Iterator[tuple[str, dict[tuple[int, str, str], str]]]:
    for file in dict.fromkeys(field.file for field in table.fields):
        first = next(number for number, field in enumerate(table.fields) if field.file == file)
        yield (
            file,
            {
                (one.field - first, one.tier, one.text): new
                for one, (new, _) in moves.items()
                if table.fields[one.field].file == file
            },
        )


def main() -> int:
    """Print the phrases, the most harmful first; with ``--write`` move them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("units", nargs="*", help="only these units; all when none is given")
    parser.add_argument("--least", type=float, default=5.0, help="letters that a phrase must stand in to be judged")
    parser.add_argument("--write", action="store_true", help="move them in the files of this checkout")
    asked = parser.parse_args()
    table = load_routing()
    found = {
        one: told
        for one, told in too_heavy(table, asked.least).items()
        if not asked.units or table.fields[one.field].unit in asked.units
    }
    for one, (new, said) in sorted(found.items(), key=lambda item: -item[1][1].wrong - TALK * item[1][1].talk):
        unit = table.fields[one.field].unit
        print(
            f"{unit:12} {one.text!r}: {one.tier} -> {new}; "
            f"right {said.right:.0f}, wrong {said.wrong:.0f}, talk {said.talk}"
        )
    print(f"{len(found)} phrases weigh more than the letters bear out")
    for file, moves in _by_file(table, found) if asked.write else ():
        path = REPOSITORY / "rules" / "data" / file
        path.write_text(rewritten(path.read_text(encoding="utf-8"), moves), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
