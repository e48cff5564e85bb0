"""The files of rules: checked, measured, compared; faults said in one line."""

import math
from datetime import date
from pathlib import Path

import pytest

from rules.routing.route import load_routing
from rules.text.statistical_vote import Vote, features, load_vote
from rules.text.tokens import read
from rules.tuning.measure import check_rules, judge_rows, saved, summary
from rules.values.data_file import DataFileError, Source, load_units
from rules.values.model import Kind

TODAY = date(2026, 6, 1)
HEAD = "id\ttext\tsender_name\taddress\tphone\texpected_unit\texpected_class\tnote\n"
ROWS = (
    "A1\tXin giấy phép xây dựng ở đâu?\t\t\t\tSXD\tquestion\t\n"
    "A2\tTôi tố cáo ông X nhận hối lộ\t\t\t\tTIEPCONGDAN\tdenunciation\t\n"
    "A3\tTự động trả lời\t\t\t\t\tauto_reply\t\n"
)


def test_every_ward_is_a_unit() -> None:
    wards = {code for code, unit in load_units().items() if unit.kind == "ward"}
    assert len(wards) == 114
    assert {"UBND_NGOQUYEN", "UBND_HAIAN", "UBND_CATHAI", "UBND_CAMGIANG_10888", "UBND_CAMGIANG_10903"} <= wards


def test_every_fault_is_said(tmp_path: Path) -> None:
    """A department without routing, an unknown kind, a phrase for two units, one against itself, a field without."""
    shipped = Source().text("units.tsv")
    new = "SMOI\tSở Mới\tdepartment\t2026-01-01\nSCU\tSở Cũ\tdepartment\t2016-07-23\t2025-02-28\tSXD\n"
    (tmp_path / "units.tsv").write_text(f"{shipped}{new}SLA\tSở Lạ\tdepartmnt\t2026-01-01\n", encoding="utf-8")
    folder = tmp_path / "routing"
    folder.mkdir()
    (folder / "sct.toml").write_text(
        'unit = "SCT"\n[[field]]\nname = "Thử"\ndecisive = ["hoàn công", "hàng xóm vui"]\n'
        'unless = ["hàng xóm vui"]\n[[field]]\nname = "Trống"\n',
        encoding="utf-8",
    )
    found = check_rules(load_routing(Source(tmp_path)), TODAY)
    of_units = sorted(one for one in found if one.startswith("units.tsv"))
    assert of_units[0].startswith("units.tsv: SLA: unknown kind 'departmnt'; kinds are central_agency, department,")
    assert of_units[1:] == ["units.tsv: SMOI: no field in routing/ leads to this department"]
    faults = "\n".join(found)
    assert "“hoàn công” is decisive for" in faults
    assert "speaks for the field and silences it" in faults
    assert "no phrase, cannot be reached" in faults


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('unit = "KHONGCO"\n[[field]]\nname = "X"\nclear = ["a b"]\n', "unknown unit 'KHONGCO'"),
        ('unit = "SCT"\n[[field]]\nname = "X"\nsure = ["a b"]\n', "unknown key 'sure'"),
        ('unit = "SCT"\n[[field]]\nname = "X"\nclear = "a b"\n', "clear must be a list"),
        ("unit = \n", "sct.toml"),
    ],
)
def test_a_wrong_file_is_said_with_its_place(tmp_path: Path, content: str, word: str) -> None:
    (tmp_path / "routing").mkdir()
    (tmp_path / "routing" / "sct.toml").write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError, match=word):
        load_routing(Source(tmp_path))


def test_measuring_leaves_automatic_mail_out() -> None:
    rows = [dict(zip(HEAD.strip().split("\t"), line.split("\t"), strict=True)) for line in ROWS.splitlines()]
    outcomes = judge_rows(rows, load_routing(), TODAY)
    assert [one.id for one in outcomes] == ["A1", "A2"]
    figures = summary(outcomes)
    assert figures["top_right"] == figures["forwarded_right"] == figures["safe_caught"] == 1.0
    assert figures["safe_forwarded"] == 0


def test_the_shipped_rules_have_no_fault() -> None:
    assert check_rules(load_routing(), TODAY) == ()


MODEL = """# made by hand
classes\tSXD\tBHXH
bias\t-0.2\t0.1
sharpness\t3.0
feature\trarity\tweights
bo ga\t2.0\tSXD=1.50 BHXH=-0.50
bduong\t1.5\tSXD=1.00
bbao hiem\t2.0\tBHXH=1.50
bo\t1.0\tSXD=0.20
bga\t1.0\tSXD=0.20
btren\t1.0\tSXD=0.20
"""


def small_vote(tmp_path: Path) -> Vote:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "units.tsv").write_text(MODEL, encoding="utf-8")
    vote = load_vote("units", Source(tmp_path))
    assert vote is not None
    return vote


def test_the_vote_is_the_sum_of_its_weights(tmp_path: Path) -> None:
    counts = features(read("ổ gà trên đường"))
    shares = small_vote(tmp_path).shares(counts)
    squares = 2.0**2 + 1.5**2 + 3 * 1.0
    road = -0.2 + (2.0 * 1.5 + 1.5 * 1.0 + 3 * 0.2) / math.sqrt(squares)
    insurance = 0.1 - 2.0 * 0.5 / math.sqrt(squares)
    assert math.isclose(shares["SXD"] - shares["BHXH"], 3.0 * (road - insurance))
    assert math.isclose(sum(math.exp(share) for share in shares.values()), 1.0)


def test_a_sentence_that_asks_counts_more_than_the_story() -> None:
    counts = features(read("Con tôi học lớp hai. Đường trước nhà bao giờ sửa?"), {1})
    assert counts["bduong", ""] == 2 * counts["bhoc", ""]


def test_of_a_text_in_words_never_met_the_vote_says_nothing(tmp_path: Path) -> None:
    vote = small_vote(tmp_path)
    assert vote.shares(features(read("please repair the đường"))) == {}
    assert vote.shares(features(read(""))) == {}


def test_the_shipped_votes_speak_of_known_classes() -> None:
    units, kinds = (load_vote(name, Source()) for name in ("units", "kinds"))
    assert units is not None
    assert kinds is not None
    assert set(units.classes) <= {*load_units(), "@ward"}
    assert set(kinds.classes) <= {kind.value for kind in Kind}


def test_a_run_is_kept_by_id() -> None:
    assert saved([]) == {}
