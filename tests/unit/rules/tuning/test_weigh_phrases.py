"""Phrases that weigh more than the labelled letters bear out are named, and moved without touching anything else."""

import tomllib

import pytest

from scripts.weigh_phrases import OUT, Heard, borne_out, rewritten

FILE = """# Sở Xây dựng.
unit = "SXD"

[[field]]
name = "Đường bộ"
decisive = [
  "ổ gà", "mặt đường", "xe buýt",
]
clear = ["cầu"]
unless = [
  "mặt đường nước",
]

[[field]]
name = "Nhà ở"
strong = [
  "chung cư", "mặt đường",
]
over = ["SCT"]
"""


@pytest.mark.parametrize(
    ("tier", "heard", "fit"),
    [
        ("decisive", Heard(90, 10, 0), "decisive"),
        ("decisive", Heard(50, 50, 0), "strong"),
        ("decisive", Heard(25, 75, 0), "clear"),
        ("strong", Heard(10, 90, 0), "hint"),
        ("strong", Heard(1, 99, 0), OUT),
        ("hint", Heard(90, 10, 0), "hint"),  # nothing is made heavier
        ("strong", Heard(18, 10, 0), "strong"),
        ("strong", Heard(18, 10, 300), "hint"),  # talk speaks for nobody
    ],
)
def test_a_share_bears_out_a_weight(tier: str, heard: Heard, fit: str) -> None:
    assert borne_out(tier, heard) == fit


def test_a_phrase_is_moved_and_all_else_stays() -> None:
    moved = rewritten(FILE, {(0, "decisive", "mặt đường"): "strong", (0, "decisive", "xe buýt"): OUT})
    before, after = (tomllib.loads(text)["field"] for text in (FILE, moved))
    assert after[0] == before[0] | {"decisive": ["ổ gà"], "strong": ["mặt đường"]}
    assert after[1] == before[1]
    assert moved.startswith('# Sở Xây dựng.\nunit = "SXD"\n\n[[field]]\nname = "Đường bộ"\n')


def test_a_list_that_becomes_empty_goes() -> None:
    moved = tomllib.loads(rewritten(FILE, {(0, "clear", "cầu"): "hint"}))["field"][0]
    assert "clear" not in moved
    assert moved["hint"] == ["cầu"]


def test_nothing_to_move_changes_nothing() -> None:
    assert rewritten(FILE, {}) == FILE
