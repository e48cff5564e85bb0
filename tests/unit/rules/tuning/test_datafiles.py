"""The operator's data files: what is wrong with one is a line that names it, before anything is read by it."""

import argparse
from pathlib import Path

import pytest

from daemon.commands import rules
from rules.tuning.check_files import checked, file_faults, own_files, strange_files
from rules.values.data_file import SHIPPED, DataFileError, Source

pytestmark = pytest.mark.wide

EVERY = sorted(
    file.relative_to(SHIPPED).as_posix()
    for file in SHIPPED.rglob("*")
    if file.suffix in {".toml", ".tsv"} and file.parent.name not in {"labelled", "profiles", "model"}
)


def own(folder: Path, name: str, text: str) -> Source:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return Source(folder)


def shipped(name: str) -> str:
    return (SHIPPED / name).read_text("utf-8")


def test_every_shipped_file_may_be_copied_as_it_is(tmp_path: Path) -> None:
    for name in EVERY:
        own(tmp_path, name, shipped(name))
    source = Source(tmp_path)
    assert own_files(source) == tuple(EVERY)
    assert file_faults(source) == ()
    assert checked(source) is source


@pytest.mark.parametrize("name", EVERY)
def test_a_file_that_is_no_toml_or_lacks_everything_is_named(name: str, tmp_path: Path) -> None:
    faults = file_faults(own(tmp_path, name, "= [\n"))
    assert faults
    assert all(name in fault for fault in faults), faults
    assert all("\n" not in fault for fault in faults)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("blanking.toml", 'phone = "', 'fone = "', "blanking.toml: instead.phone is missing"),
        (
            "blanking.toml",
            "shortest = 9",
            'shortest = "9"',
            "blanking.toml: paper.shortest must be a whole number, is the text “9”",
        ),
        (
            "blanking.toml",
            "[birth]",
            '[berth]\nlabels = ["x"]\n[birth]',
            "blanking.toml: berth: nothing reads this key; did you mean birth?",
        ),
        (
            "commands.toml",
            'verb = "ask"',
            'verb = "ack"',
            "commands.toml: command: nothing is done for the verb 'ack'",
        ),
        ("commands.toml", 'verb = "ask"', 'verb = "ack"', "commands.toml: command: no phrase says 'ask' any more"),
        ("commands.toml", 'say = "Chuyển SXD"', "", "commands.toml: command: item 3: say is missing"),
        ("asker.toml", "[names]", "[namen]", "asker.toml: names is missing"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key(name: str, old: str, new: str, fault: str, tmp_path: Path) -> None:
    text = shipped(name)
    assert old in text
    assert fault in file_faults(own(tmp_path, name, text.replace(old, new, 1)))
    with pytest.raises(DataFileError, match=name):
        checked(Source(tmp_path))


@pytest.mark.parametrize(
    ("name", "line", "fault"),
    [
        ("wards.tsv", "99999", "wards.tsv: the row that begins with '99999' has no name"),
        ("units.tsv", "SMOI", "units.tsv: the row that begins with 'SMOI' has no name"),
        ("units.tsv", "\tSở Mới", "units.tsv: the row that begins with 'Sở Mới' has no code"),
    ],
)
def test_a_row_that_breaks_off_is_named(name: str, line: str, fault: str, tmp_path: Path) -> None:
    assert file_faults(own(tmp_path, name, f"{shipped(name)}{line}\n")) == (fault,)


def test_a_file_whose_name_nothing_reads_is_told(tmp_path: Path) -> None:
    own(tmp_path, "blankings.toml", shipped("blanking.toml"))
    own(tmp_path, "sxd.toml", shipped("routing/sxd.toml"))
    own(tmp_path, "profiles/hp-2027.toml", "")
    own(tmp_path, "letters.tsv", "id\ttext\n")
    assert [told.partition(":")[0] for told in strange_files(Source(tmp_path))] == ["blankings.toml", "sxd.toml"]
    assert file_faults(Source(tmp_path)) == ()


def test_rules_check_names_own_files_and_their_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.set_defaults(config=None)
    rules.add(parser.add_subparsers())
    own(tmp_path, "blanking.toml", shipped("blanking.toml"))
    args = parser.parse_args(["rules", "check", "--rules", str(tmp_path)])
    assert rules.run(args) == 0
    assert f"1 files of {tmp_path}: blanking.toml" in capsys.readouterr().out
    own(tmp_path, "blanking.toml", "")
    assert rules.run(args) == 1
    assert "blanking.toml: instead is missing" in capsys.readouterr().out
