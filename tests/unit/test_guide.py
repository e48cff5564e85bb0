"""What the officers' guide tells them to write is understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules.commands import read_commands

GUIDE = Path(__file__).resolve().parents[2] / "docs/huong-dan-can-bo.md"


def parts() -> dict[str, str]:
    """The guide's sections by number."""
    return dict(re.findall(r"^## (\d)\. (.*?)(?=^## |\Z)", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL))


def written(section: str) -> list[str]:
    """What stands in the right column of the section's table, in `…`; the example's dots stand for words."""
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [said.replace("…", "việc này") for row in rows for said in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("said", written(parts()["2"]))
def test_each_command_of_the_table_is_one(said: str) -> None:
    assert len(read_commands(said)) == 1, said


def test_the_form_for_a_caller_is_one_command() -> None:
    form = re.search(r"```\n(.*?)```", parts()["2"], re.DOTALL)
    assert form is not None
    assert [one.verb for one in read_commands(form[1])] == ["register_for"]


def test_pictures_are_there() -> None:
    names = re.findall(r"\]\((images/[^)]+)\)", GUIDE.read_text("utf-8"))
    assert [name for name in names if not (GUIDE.parent / name).is_file()] == []
