"""The script that breaks our code catches what it breaks: one of its faults here, all of them nightly."""

from pathlib import Path
from types import ModuleType

import pytest

from tests.dose import turn
from tests.loading import script


@pytest.fixture(scope="module")
def seeded() -> ModuleType:
    return script("seeded_faults")


def test_there_are_sixty_and_each_place_is_there(seeded: ModuleType, repository: Path) -> None:
    assert len(seeded.FAULTS) >= 60
    assert len({one.name for one in seeded.FAULTS}) == len(seeded.FAULTS)
    for fault in seeded.FAULTS:
        assert fault.before in (repository / fault.file).read_text("utf-8"), fault.name
        assert fault.before != fault.after
        file, _, name = fault.test.partition("::")
        assert f"def {name.partition('[')[0]}" in (repository / file).read_text("utf-8"), fault.test


def test_each_principle_of_acts_by_mail_has_a_fault_and_a_test(seeded: ModuleType, repository: Path) -> None:
    told = {fault.name.partition(":")[0] for fault in seeded.PRINCIPLES}
    assert told == {f"principle {number}" for number in range(1, 11)}
    for fault in seeded.PRINCIPLES:
        assert (repository / fault.file).read_text("utf-8").count(fault.before) == 1, fault.name
        file, _, name = fault.test.partition("::")
        assert f"def {name}(" in (repository / file).read_text("utf-8"), fault.test


def test_the_nights_take_turns_and_leave_nothing_out(seeded: ModuleType) -> None:
    taken = [one for night in range(4) for one in seeded.chosen([], f"{night}/4")]
    assert sorted(one.name for one in taken) == sorted(one.name for one in seeded.FAULTS)
    assert seeded.chosen([]) == list(seeded.FAULTS)
    assert [turn("abcde", told) for told in (None, "0/2", "1/2")] == ["abcde", "ace", "bd"]


def test_a_place_that_is_gone_is_an_error(seeded: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("x = 1\n", "utf-8")
    gone = seeded.Fault("n", "code.py", "x = 2", "x = 3", "tests/test_nothing.py")
    assert "not there any more" in seeded.judge(tmp_path, gone, set())


def test_a_test_that_does_not_run_catches_nothing(seeded: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("import pytest\n@pytest.mark.skip\ndef test_a(): pass\n", "utf-8")
    with pytest.raises(RuntimeError, match="left out"):
        seeded.run_tests(tmp_path, ["test_it.py::test_a"])


@pytest.mark.slow
def test_one_is_caught(seeded: ModuleType) -> None:
    results = seeded.run(["MAC is not checked"])
    assert results == dict.fromkeys(results, "")
    assert len(results) == 1
