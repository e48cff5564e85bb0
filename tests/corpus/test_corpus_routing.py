"""Goals of sorting and routing on our own test part and, where it is there, on the shared questions."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.routing.route import load_routing
from rules.tuning.measure import judge_rows, summary
from tests.dose import each_third
from tests.loading import script

LABELLED = Path(__file__).resolve().parents[2] / "scripts" / "training" / "labelled"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "domain" / "labelled_questions.tsv"


def figures(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))
    return summary(judge_rows(rows, load_routing(), date(2026, 9, 1)))


def meets_the_goals(path: Path) -> None:
    found = figures(path)
    assert found["safe_caught"] == 1.0
    assert found["safe_forwarded"] == found["out_of_scope_forwarded"] == found["questions_discarded"] == 0
    assert found["top_right"] >= 0.92
    assert found["forwarded"] >= 0.75
    assert found["forwarded_right"] >= 0.98


@pytest.mark.shared
def test_the_shared_questions() -> None:
    if not SHARED.is_file():
        pytest.skip("labelled_questions.tsv is not beside the checkout")
    meets_the_goals(SHARED)


def test_the_part_that_was_written_blind() -> None:
    meets_the_goals(LABELLED / "held_out_2.tsv")


def test_what_must_never_happen_on_the_harder_part() -> None:
    found = figures(LABELLED / "held_out.tsv")
    assert found["safe_caught"] == 1.0
    assert found["safe_forwarded"] == found["questions_discarded"] == 0


def test_figures_on_the_harder_part_do_not_fall() -> None:
    """Floors a little under what is measured: its totals were seen between tries, so it is no test of the goals."""
    found = figures(LABELLED / "held_out.tsv")
    assert found["top_right"] >= 0.91
    assert found["forwarded"] >= 0.7
    assert found["forwarded_right"] >= 0.96
    assert found["others_forwarded"] == 0
    assert found["out_of_scope_forwarded"] <= 1  # a purchase in America, to whom deals with foreign countries


def test_whole_letters_in_shapes_never_learnt_from() -> None:
    """Floors under what is measured on every tenth blind letter in seventeen blind shapes, as whole mails.

    They are twelve questions: one that waits in all shapes is eight points.
    """
    report = script("routing_report")
    rows = report.read_rows(report.DATA / "held_out_3.tsv")[::10]
    shapes = (report.BARE, *report.read_shapes(report.DATA / "shapes_blind.toml"))
    found = report.figures(report.outcomes(rows, shapes))
    assert found.leaked == 0
    assert found.caught == 1
    assert found.right >= 0.98
    assert found.forwarded >= 0.8
    assert found.top >= 0.95
    assert found.false_kinds <= 0.03


@each_third(
    ("name", "top", "forwarded", "right", "false_kinds"),
    [("held_out_6.tsv", 0.84, 0.74, 0.91, 0.08), ("held_out_7.tsv", 0.92, 0.91, 0.96, 0.03)],
)
def test_letters_of_strangers(name: str, top: float, forwarded: float, right: float, false_kinds: float) -> None:
    """Floors under what is measured on 120 and 200 letters of people who knew no rule."""
    report = script("routing_report")
    found = report.figures(report.outcomes(report.read_rows(report.DATA / name), (report.BARE,)))
    assert found.leaked == found.others == 0
    assert found.caught == 1
    assert found.right >= right
    assert found.forwarded >= forwarded
    assert found.top >= top
    assert found.false_kinds <= false_kinds


@each_third(
    ("name", "safe", "leaked", "caught", "false_kinds"),
    [
        ("held_out_11.tsv", 110, 3, 0.96, 0.07),
        ("held_out_12.tsv", 100, 4, 0.88, 0.04),
        ("held_out_13.tsv", 100, 4, 0.91, 0.02),
    ],
)
def test_wrong_in_office_told_without_its_name_is_kept(
    name: str, safe: int, leaked: int, caught: float, false_kinds: float
) -> None:
    """Floors on letters of three strangers who were asked to name no complaint and no denunciation, and on questions
    as near to them as can be."""
    report = script("routing_report")
    found = report.figures(report.outcomes(report.read_rows(report.DATA / name), (report.BARE,)))
    assert found.safe == safe
    assert found.leaked <= leaked
    assert found.caught >= caught
    assert found.false_kinds <= false_kinds
