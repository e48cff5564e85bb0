"""What the officers' guide tells them to write is understood."""

import re
from pathlib import Path

import pytest

from rules.commands.commands import read_commands
from rules.decide.officer.rulings import RULINGS
from rules.decide.session.orders import RULINGS as SESSION_RULINGS
from rules.values.data_file import Source
from tests.unit.rules.reply.test_reply_verbs import read

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


@pytest.mark.parametrize("said", written(parts()["8"]))
def test_each_word_about_a_departments_mail_is_a_command(said: str) -> None:
    (command,) = read_commands(said)
    assert command.verb in {
        "unit_answer", "unit_received", "unit_refusal", "unit_rewrite", "to_asker", "recall", "reopen", "supplement",
        "pass_on", "told_asker", "unit_answer_sure", "forward",
    }  # fmt: skip


def test_the_form_for_a_caller_is_one_command() -> None:
    form = re.search(r"```\n(.*?)```", parts()["2"], re.DOTALL)
    assert form is not None
    assert [one.verb for one in read_commands(form[1])] == ["register_for"]


def test_what_a_unit_is_told_to_write_is_what_it_says() -> None:
    said = [one.replace("Sở việc này", "Sở Y tế") for one in written(parts()["4"])]
    assert [read(one).verb for one in said] == ["not_competent", "extension", "received", "asks_city"]


def test_the_words_of_the_other_sections_are_commands() -> None:
    said = {number: re.findall(r"`([^`]+)`", parts()[number]) for number in "567"}
    whole = {
        number: [re.sub("^… ", "HP-2026-000123 ", one).replace("…", "việc này") for one in those]
        for number, those in said.items()
    }
    verbs = {number: [[each.verb for each in read_commands(one)] for one in those] for number, those in whole.items()}
    assert verbs["5"] == [["status"], ["status"]]
    assert verbs["6"][-6:] == [["forward"], ["reject"], ["approve"], ["return"], ["approve"], ["issued"]]
    assert verbs["7"] == [["release_files"], ["refuse_files"]]


def test_each_command_about_a_session_is_one() -> None:
    said = [one for one in written(parts()["6"]) if ":" not in one[:12]]
    verbs = [
        [each.verb for each in read_commands(one.replace("https://việc này", "https://a.test/1"))] for one in said
    ]
    assert verbs == [
        ["session_propose"],
        ["session_amend"],
        ["session_status"],
        ["session_proposal"],
        ["session_decided"],
        ["session_not_agreed"],
        ["session_take", "session_take"],
        ["session_leave"],
        ["session_plan"],
        ["session_issued"],
        ["session_notice"],
        ["session_script"],
        ["session_posted"],
        ["question_posted"],
        ["session_move"],
        ["session_cancel"],
        ["session_cancel_confirmed"],
        ["session_begin"],
        ["session_end"],
        ["session_live"],
        ["mark_answered"],
        ["mark_answered", "mark_answered"],
        ["all_answered"],
        ["mark_later"],
        ["session_record"],
        ["session_close"],
    ]


def test_no_command_stands_twice_in_the_table() -> None:
    said = [re.sub(r"HP-2026-\d+", "", one).split("vì")[0].strip().lower() for one in written(parts()["2"])]
    assert sorted(one for one in set(said) if said.count(one) > 1) == []


VERBS = [command["verb"] for command in Source().toml("commands.toml")["command"]]
"""The one list of officers' verbs; the guide and the help are held against it."""
NOT_IN_HELP = {
    **dict.fromkeys(("approve", "return", "issued"), "the request for approval says how to answer it"),
    "confirm": "the mail that asks for a second word names it",
    **dict.fromkeys(
        ("session_cancel_confirmed", "let_go_surely", "unit_answer_sure", "publish_surely"),
        "the mail that asks for a second word names it",
    ),
    "close": "ends a question: offered to nobody, found in the guide",
    "help": "is what was asked for",
}


def test_every_verb_of_officers_stands_in_the_guide() -> None:
    text = GUIDE.read_text("utf-8")
    said = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    said += re.findall(r"```\n(.*?)```", text, re.DOTALL)
    named = {one.verb for each in said for one in read_commands(_example(each))}
    assert [verb for verb in VERBS if verb not in named] == []


def test_every_verb_of_officers_stands_in_the_help() -> None:
    rows = [row for rows in Source().toml("hints.toml")["help"].values() for row in rows]
    said = [each for _, text in rows for each in text.split(" / ")]
    named = {one.verb for each in said for one in read_commands(_example(each))}
    assert {verb for verb in VERBS if verb not in named} == set(NOT_IN_HELP)


CARRIED_OUT_ELSEWHERE = {
    **dict.fromkeys(("approve", "return", "issued"), "rules/decide/session/approvals.py: answers to a paper"),
    "confirm": "rules/decide/officer/denunciations.py: the second step of a ruling on a sealed mail",
    "help": "rules/decide/officer/officer_mail.py",
}
OF_THE_READER = {
    "no_order": "a line that orders nothing",
    "question_posted": "a posting told with a register number",
}
"""Verbs that the reader of commands gives, though no words of ``commands.toml`` stand for them."""


def test_every_verb_of_officers_is_carried_out() -> None:
    """A verb with words but without a handler would be understood and do nothing."""
    handled = {*RULINGS, *SESSION_RULINGS.handlers, *CARRIED_OUT_ELSEWHERE}
    assert [verb for verb in VERBS if verb not in handled] == []
    assert handled - set(VERBS) == set(OF_THE_READER)


def _example(said: str) -> str:
    return re.sub("^… ", "HP-2026-000123 ", said.replace("{prefix}-…", "HP-2026-000123")).replace("…", "việc này")


def test_pictures_are_there() -> None:
    names = re.findall(r"\]\((images/[^)]+)\)", GUIDE.read_text("utf-8"))
    assert [name for name in names if not (GUIDE.parent / name).is_file()] == []
