"""The files of rules: checked, measured, compared; faults said in one line."""

from __future__ import annotations

import argparse
import json
import math
from datetime import date
from pathlib import Path

import pytest

from daemon.commands import rules
from rules.routing.route import load_routing
from rules.routing.statistical_vote import FIRST, ZERO, Votes, features, load_votes
from rules.text.tokens import read
from rules.tuning.measure import check_rules, diff_routes, judge_rows, saved, summary
from rules.tuning.model_fit import Bayes, Example, fit, mark
from rules.values.data_file import DataFileError, Source, load_units
from rules.values.model import Asker, Kind

TODAY = date(2026, 6, 1)
HEAD = "id\ttext\tsender_name\taddress\tphone\texpected_unit\texpected_class\tnote\n"
ROWS = (
    "A1\tXin giấy phép xây dựng ở đâu?\t\t\t\tSXD\tquestion\t\n"
    "A2\tTôi tố cáo ông X nhận hối lộ\t\t\t\tTIEPCONGDAN\tdenunciation\t\n"
    "A3\tTự động trả lời\t\t\t\t\tauto_reply\t\n"
)


def command(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    rules.add(parser.add_subparsers())
    return parser.parse_args(["rules", *words])


def test_every_ward_is_a_unit() -> None:
    wards = {code for code, unit in load_units().items() if unit.kind == "ward"}
    assert len(wards) == 114
    assert {"UBND_NGOQUYEN", "UBND_HAIAN", "UBND_CATHAI", "UBND_CAMGIANG_10888", "UBND_CAMGIANG_10903"} <= wards


def test_the_shipped_rules_have_no_fault() -> None:
    assert check_rules(load_routing(), TODAY) == ()


def test_a_phrase_for_two_units_and_a_phrase_against_itself_are_faults(tmp_path: Path) -> None:
    folder = tmp_path / "routing"
    folder.mkdir()
    (folder / "sct.toml").write_text(
        'unit = "SCT"\n[[field]]\nname = "Thử"\ndecisive = ["giấy phép xây dựng", "hàng xóm vui"]\n'
        'unless = ["hàng xóm vui"]\n[[field]]\nname = "Trống"\n',
        encoding="utf-8",
    )
    faults = "\n".join(check_rules(load_routing(Source(tmp_path)), TODAY))
    assert "is decisive for SXD" in faults
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


def test_the_command_measures_and_tells_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mails.tsv"
    file.write_text(HEAD + ROWS, encoding="utf-8")
    assert rules.run(command("test", str(file), "--json", "--save")) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["questions"] == 1
    assert report["changed"] == []
    kept = Path(f"{file}.last.json")
    earlier = json.loads(kept.read_text(encoding="utf-8"))
    earlier["A1"] |= {"lead": "SCT", "right": False}
    kept.write_text(json.dumps(earlier), encoding="utf-8")
    assert rules.run(command("test", str(file))) == 0
    assert "A1: better: question SCT" in capsys.readouterr().out


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules.run(command("test", str(tmp_path / "none.tsv"))) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_check_prints_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert rules.run(command("check")) == 0
    assert "0 faults" in capsys.readouterr().out


def test_other_rules_show_what_they_move(tmp_path: Path) -> None:
    (tmp_path / "routing").mkdir()
    (tmp_path / "routing" / "sct.toml").write_text(
        'unit = "SCT"\n[[field]]\nname = "Thử"\ndecisive = ["đua ngựa gỗ", "xem đua ngựa gỗ"]\n', encoding="utf-8"
    )
    texts = [("HP-1", "Bao giờ có đua ngựa gỗ?", Asker(), TODAY), ("HP-2", "Xin giấy phép xây dựng", Asker(), TODAY)]
    moved = diff_routes(load_routing(), load_routing(Source(tmp_path)), texts)
    assert [change.key for change in moved] == ["HP-1"]
    assert "SCT" in moved[0].words


def small_model(tmp_path: Path) -> Votes:
    """A vote trained on two sorts of tiny texts."""
    texts = [("đường hỏng ổ gà", "X"), ("ổ gà trên đường", "X"), ("thẻ bảo hiểm", "Y"), ("bảo hiểm y tế", "Y")]
    data = [Example(features(read(text)), (unit,)) for text, unit in texts for _ in range(3)]
    assert fit(data, 3.0) == fit(data, 3.0)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "small.tsv").write_text(fit(data, 3.0), encoding="utf-8")
    return load_votes(Source(tmp_path), ("small",))


def test_training_gives_the_same_numbers_again_and_parts_what_differs(tmp_path: Path) -> None:
    votes = small_model(tmp_path)
    shares = votes.shares("small", read("xin hỏi ổ gà trên đường hỏng"))
    assert shares["X"] > shares["Y"]
    assert math.isclose(sum(math.exp(share) for share in shares.values()), 1.0)


def test_of_a_text_in_words_never_met_the_vote_says_nothing(tmp_path: Path) -> None:
    votes = small_model(tmp_path)
    assert votes.shares("small", read("please repair the đường")) == {}
    assert votes.shares("small", read("")) == {}


def leaning(model: str, feature: str) -> int:
    """How many steps a feature of a model of two classes speaks for the first rather than for the second."""
    codes = dict(line.split("\t", 1) for line in model.splitlines()[5:])
    code = codes.get(feature, "!")
    weights = dict(zip(code[1::2], (ord(letter) for letter in code[2::2]), strict=True))
    return weights.get(chr(FIRST), ZERO) - weights.get(chr(FIRST + 1), ZERO)


def test_naive_bayes_adds_how_much_oftener_a_class_has_a_word() -> None:
    asked = [("đường hỏng", "X"), ("đường bụi", "X"), ("thẻ mất", "Y"), ("thẻ hỏng", "Y")]
    data = [Example(features(read(text)), (unit,)) for text, unit in asked for _ in range(3)]
    alone, both = fit(data, 3.0), fit(data, 3.0, Bayes(0.2, 0.1))
    assert leaning(both, "bbui") > leaning(alone, "bbui") >= 0
    assert leaning(both, "bmat") < leaning(alone, "bmat") <= 0
    assert leaning(both, "bhong") == leaning(alone, "bhong")
    assert mark(data, 3.0) != mark(data, 3.0, Bayes(0.2, 0.1))


def test_the_shipped_votes_speak_of_known_classes() -> None:
    models = load_votes(Source()).models
    assert set(models["units"].classes) <= {*load_units(), "@ward"}
    assert set(models["kinds"].classes) <= {kind.value for kind in Kind}


def test_the_first_line_of_a_model_tells_from_what_it_was_made() -> None:
    data = [Example(features(read("ổ gà trên đường")), ("X",)), Example(features(read("thẻ bảo hiểm")), ("Y",))]
    other = [data[0], Example(features(read("thẻ bảo hiểm")), ("X",))]
    assert fit(data, 3.0).partition("\n")[0] == mark(data, 3.0)
    assert len({mark(data, 3.0), mark(other, 3.0), mark(data, 2.0)}) == 3


def test_a_run_is_kept_by_id() -> None:
    assert saved([]) == {}
