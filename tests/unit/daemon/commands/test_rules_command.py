"""``doithoai rules``: the rules are checked and measured, and what changed is told."""

import argparse
import json
from pathlib import Path

import pytest

from daemon.commands import rules

MAILS = (
    "id\ttext\tsender_name\taddress\tphone\texpected_unit\texpected_class\tnote\n"
    "A1\tXin giấy phép xây dựng ở đâu?\t\t\t\tSXD\tquestion\t\n"
    "A2\tTôi tố cáo ông X nhận hối lộ\t\t\t\tTIEPCONGDAN\tdenunciation\t\n"
    "A3\tTự động trả lời\t\t\t\t\tauto_reply\t\n"
)


def command(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    rules.add(parser.add_subparsers())
    return parser.parse_args(["rules", *words])


def test_the_command_measures_and_tells_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mails.tsv"
    file.write_text(MAILS, encoding="utf-8")
    assert rules.run(command("test", str(file), "--json", "--save")) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["questions"] == 1
    assert report["changed"] == []
    kept = Path(f"{file}.last.json")
    earlier = json.loads(kept.read_text("utf-8"))
    earlier["A1"] |= {"lead": "SCT", "right": False}
    kept.write_text(json.dumps(earlier), encoding="utf-8")
    assert rules.run(command("test", str(file))) == 0
    assert "A1: better: question SCT" in capsys.readouterr().out


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules.run(command("test", str(tmp_path / "none.tsv"))) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_shipped_rules_have_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert rules.run(command("check")) == 0
    assert "0 faults" in capsys.readouterr().out
