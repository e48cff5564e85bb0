"""Ten mails made to cost time among two hundred honest ones, under a real systemd with the unit's own watchdog."""

import importlib.util
import os
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.system import systemd
from tests.system.test_systemd_real import Town, town_under_systemd

pytestmark = [
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.skipif(bool(systemd.missing()), reason=systemd.missing() or "-"),
]

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "pathological_mails.py"
HONEST = int(os.environ.get("DOITHOAI_HONEST", "40"))
"""At night two hundred."""
WITHIN = 60.0
COSTLY = (
    ("number_counted_line | html reply", 400_000),
    ("sentence | new", 400_000),
    ("sentence_bare | file", 400_000),
    ("outlook | reply", 400_000),
    ("dashes_line | reply", 400_000),
    ("wrote_open | reply", 400_000),
    ("list_items | tags", 2_000_000),
    ("attributes_counted | tags", 2_000_000),
    ("nested_rfc822_20 | raw", 2_000_000),
    ("file_comments | raw", 2_000_000),
)


def generator() -> ModuleType:
    """The script that makes such mails, as a module."""
    spec = importlib.util.spec_from_file_location("pathological_mails", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def costly() -> list[bytes]:
    made = generator()
    cases = {f"{case.name} | {case.way}": case for case in made.core()}
    return [made.mail_of(made.replace(cases[name], size=size)) for name, size in COSTLY]


def settled(town: Town, count: int) -> bool:
    """True when all of them lie in the mailbox, wherever."""
    return bool(sum(town.state()["folders"].values()) == count)


def test_ten_of_them_hold_up_nobody(tmp_path: Path) -> None:
    """No watchdog kill, no restart, every honest letter answered within a minute of the start."""
    bad = costly()
    with town_under_systemd(tmp_path, watchdog="60s") as town:
        manager = town.manager
        for number, raw in enumerate(bad):
            town.lay(f"{number * HONEST // len(bad):04}-costly", raw)
        for _ in range(HONEST):
            town.write()
        citizens = {f"dan{number}@dan.test" for number in range(1, HONEST + 1)}
        manager.wait_until("all laid in", lambda: settled(town, HONEST + len(COSTLY)), 60)
        begun = time.monotonic()
        manager.run("systemctl", "start", systemd.UNIT)
        manager.wait_until("everybody answered", lambda: citizens <= set(town.state()["sent"]), WITHIN)
        answered = time.monotonic() - begun
        manager.wait_until("INBOX empty", lambda: town.state()["folders"]["INBOX"] == 0, WITHIN)
        done = time.monotonic() - begun
        shown = manager.show("ActiveState", "NRestarts", "Result")
        cpu = manager.cpu()
        print(f"{HONEST} honest answered in {answered:.1f} s, all mails done in {done:.1f} s, {cpu:.1f} s CPU")
        assert shown == {"ActiveState": "active", "NRestarts": "0", "Result": "success"}
        assert "watchdog" not in manager.log().lower()
