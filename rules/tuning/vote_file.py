"""Whether an own file of the statistical vote (``model/*.tsv``) is one: a head of five lines, then its features."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from rules.routing.routing_rules import WARD
from rules.routing.statistical_vote import FIRST
from rules.values.data_file import DataFileError, Source, load_units
from rules.values.model import Kind

HEAD = ("classes", "bias", "sharpness", "weights")
"""What the lines behind the first one begin with; the first one is a note."""
ANEW = "make the file anew with scripts/train_vote.py"


def model_faults(name: str, source: Source) -> Iterator[str]:
    """What is wrong with the file, at most one line. Nothing is repaired by hand in a file that a program makes."""
    lines = source.lines(name)
    try:
        head = _head(islice(lines, len(HEAD) + 1))
        known = {WARD, *load_units(source)} if name == "model/units.tsv" else {str(kind) for kind in Kind}
        _check_head(head, known)
        _check_rows(lines, len(head["classes"]))
    except DataFileError:
        raise
    except UnicodeDecodeError:
        yield f"{name}: not UTF-8 text; {ANEW}"
    except ValueError as error:
        yield f"{name}: {error}; {ANEW}"


def _head(lines: Iterable[bytes]) -> Mapping[str, list[str]]:
    head = {}
    for number, line in enumerate(lines, 1):
        key, *cells = line.decode().rstrip("\r\n").split("\t")
        if number > 1:
            if key not in HEAD or key in head:
                raise ValueError(f"line {number} must begin with {' or '.join(HEAD)}, each once, is {key[:40]!r}")
            head[key] = cells
    if missing := [key for key in HEAD if key not in head]:
        raise ValueError(f"the line {missing[0]} is missing")
    return head


def _check_head(head: Mapping[str, list[str]], known: set[str]) -> None:
    classes = head["classes"]
    if strange := [one for one in classes if one not in known]:
        raise ValueError(f"classes: there is no {strange[0][:40]!r}")
    if not classes or len(set(classes)) < len(classes):
        raise ValueError("classes: each must be named once")
    if len(head["bias"]) != len(classes) or not all(map(_is_number, head["bias"])):
        raise ValueError(f"bias: must be {len(classes)} numbers, one for each class")
    if len(head["sharpness"]) != 1 or not _is_number(head["sharpness"][0]) or float(head["sharpness"][0]) <= 0:
        raise ValueError("sharpness: must be one number above 0")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _check_rows(lines: Iterable[bytes], classes: int) -> None:
    """A feature's letter and words, a tab, a letter for its rarity, two for each class and weight."""
    last = re.escape(bytes([FIRST + classes - 1]))
    row = re.compile(rb"[bmr][^\t]+\t[!-~](?:[A-" + last + rb"][!-~])*\r?\n?")
    seen: set[bytes] = set()
    for number, line in enumerate(lines, len(HEAD) + 2):
        if not row.fullmatch(line):
            shown = line[:40].decode(errors="replace").strip()
            raise ValueError(f"line {number}: no feature with its weights: {shown!r}")
        feature = line.partition(b"\t")[0]
        if feature in seen:
            raise ValueError(f"line {number}: {feature[:40].decode(errors='replace')!r} stands twice")
        seen.add(feature)
    if not seen:
        raise ValueError("no feature follows the head")
