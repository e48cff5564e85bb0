"""A question's story on the web page: each act that changes a question has its Vietnamese word."""

import ast
from collections.abc import Iterator
from pathlib import Path

from daemon.web.wording import ACTS
from rules.decide.intake.citizen_replies import COUNTED

ROOT = Path(__file__).parents[4]
PLACES = {"AmendQuestion": 2, "SetQuestion": 4}
"""Where the act stands among the arguments of the actions that change a question."""


def written() -> Iterator[str]:
    """The acts that our sources write."""
    yield from COUNTED.values()
    for path in (one for room in ("rules", "daemon", "db") for one in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PLACES:
                place = PLACES[node.func.id]
                named = [one.value for one in node.keywords if one.arg == "act"]
                for act in (*named, *node.args[place : place + 1]):
                    if isinstance(act, ast.Constant):
                        yield str(act.value)


def test_no_act_stands_on_the_page_by_its_english_name() -> None:
    acts = set(written())
    assert {"link_moved", "session_taken", "reopened", "answer_approved"} <= acts
    assert sorted(acts - ACTS.keys()) == []
