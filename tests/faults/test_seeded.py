"""The script that breaks our code catches what it breaks: a few of its faults here, all of them nightly."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def seeded(repository: Path) -> ModuleType:
    path = repository / "scripts" / "seeded_faults.py"
    spec = importlib.util.spec_from_file_location("seeded_faults", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_there_are_twenty_and_each_place_is_there(seeded: ModuleType, repository: Path) -> None:
    assert len(seeded.FAULTS) >= 20
    assert len({one.name for one in seeded.FAULTS}) == len(seeded.FAULTS)
    for fault in seeded.FAULTS:
        assert fault.before in (repository / fault.file).read_text("utf-8"), fault.name
        assert fault.before != fault.after


@pytest.mark.slow
def test_a_few_are_caught(seeded: ModuleType) -> None:
    results = seeded.run(["MAC is not checked", "moved before stored", "not sealed"])
    assert results == dict.fromkeys(results, "")
    assert len(results) == 3
