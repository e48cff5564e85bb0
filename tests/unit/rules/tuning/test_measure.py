"""Coverage at a wanted precision, and corrections by month."""

from dataclasses import replace

from rules.tuning.corrections import Ruling, drift
from rules.tuning.measure import Outcome, coverage, coverages


def outcome(number: int, score: float, *, right: bool) -> Outcome:
    lead = "SXD" if right else "SYT"
    return Outcome(str(number), "question", ("SXD",), "", "question", True, lead, score, True, 40)


def test_coverage_is_the_largest_share_that_is_right_often_enough() -> None:
    found = [outcome(1, 0.9, right=True), outcome(2, 0.8, right=True), outcome(3, 0.7, right=False)]
    assert coverage(found, 0.98) == (2 / 3, 0.8)
    assert coverage(found[2:], 0.98) == (0.0, 1.0)
    assert coverages(found)["by_unit"]["SXD"]["coverage_98%"] == 0.6667
    assert list(coverages(found)["by_length"]) == ["30 to 59 words"]
    assert coverages(found)["by_shape"] == {}
    told = [replace(one, shape="form mail") for one in found[:2]]
    assert coverages(told)["by_shape"]["shape form mail"]["coverage_99%"] == 1.0


def test_drift_tells_what_was_moved_in_each_month() -> None:
    found = drift(
        [
            Ruling("1", "", "SXD", "SYT", month="2026-10"),
            Ruling("2", "", "SXD", "SXD", month="2026-10"),
            Ruling("3", "", "SNV", "SNV", by="rules", month="2026-11"),
        ]
    )
    assert found["2026-10"] == {"ruled": 2, "corrected": 1, "share": 0.5, "moved": [["SYT", "SXD", 1]]}
    assert found["2026-11"]["corrected"] == 0
