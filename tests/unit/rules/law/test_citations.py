"""Laws that letters cite end, and the profile's rules say what a letter may write behind "theo"."""

import re
from datetime import date
from pathlib import Path

from rules.law.profile import load_laws
from rules.law.profile_file import load_profile

ROOT = Path(__file__).resolve().parents[4]
TEMPLATES = ROOT / "mail_templates"
VALUES = ROOT / "daemon/documents/forms/values.py"
"""What the papers that have a Word form print."""


def test_no_law_that_a_template_cites_has_ended() -> None:
    text = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.j2"))
    cited, known = set(re.findall(r'"(\w+)" \| law\b', text)), load_laws()
    assert cited
    assert [name for name in cited if known[name].ended(date(2026, 11, 27))] == []


def test_a_law_ends_on_its_day() -> None:
    law = load_laws()["information_technology"]
    assert (law.ended(date(2026, 6, 30)), law.ended(date(2026, 7, 1))) == (False, True)
    assert law.instead == "digital_transformation"


def test_what_the_regulation_does_not_say_is_applied_by_analogy() -> None:
    profile = load_profile()
    assert profile.cited("unit_responsible") == "khoản 2 Điều 15 Quy chế"
    assert profile.cited("answer_no_session").startswith("vận dụng điểm i khoản 1 Điều 10 Quy chế")
    assert profile.cited("no_such_rule") == ""


def test_every_rule_that_a_template_names_is_in_the_profile() -> None:
    text = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.j2"))
    named = set(re.findall(r'"(\w+)" \| cited', text)) | set(re.findall(r'f\.article\("(\w+)"\)', text))
    named |= set(re.findall(r'filing\.article\("(\w+)"\)', VALUES.read_text("utf-8")))
    assert len(named) > 10
    assert {name for name in named if not load_profile().cited(name)} == set()
