"""The script, which is read out and sent to units, has the question, not where its asker lives (8.3)."""

from __future__ import annotations

from pathlib import Path

from db.core.tables import paper
from rules.law.session_rules import PaperKind
from tests.contract.test_profile_options import ROAD, WHO, announced
from tests.quiet import Quiet


def test_the_script_leaves_the_askers_address_out(tmp_path: Path) -> None:
    town = Quiet(tmp_path)
    code = announced(town)
    town.ask(ROAD + WHO)
    town.desk.put_up(code, PaperKind.SCRIPT)
    text = next(str(row["text"]) for row in town.house.rows(paper) if row["kind"] == "script")
    assert "ổ gà" in text
    assert "0912 000 111" not in text
    assert "Trường Chinh" not in text
    town.close()
