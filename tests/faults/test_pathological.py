"""The small dose of mails made to cost time. On a busy machine CPU time grows too, so the limit is generous here."""

import subprocess
import sys
import time
import tomllib
from datetime import date
from pathlib import Path

import pytest

from rules.commands.commands import read_commands
from rules.reply.sentences import named_parts
from rules.reply.verbs import load_verb_phrases
from rules.requester.requester import FIELD
from rules.understand.citizen_requests import name_consent
from rules.understand.letter_form import find_matter
from rules.values.data_file import Source, load_units

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "pathological_mails.py"
SMALL = tomllib.loads(SCRIPT.with_name("pathological_shapes.toml").read_text("utf-8"))["small"]


@pytest.mark.slow
def test_no_mail_takes_long() -> None:
    """What once took seconds or minutes, a fifth as large; at night they are whole, and many more."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--dose", "quick", "--limit", "3"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(SMALL)} mails, 0 over" in done.stdout


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "a " * 10_000, "Kính gửi " + "a" * 20_000, "." * 20_000 + "a", "á1" * 10_000]
)
def test_form_is_told_in_straight_time(text: str) -> None:
    """Three hundred letters in a row once took longer than anybody waited."""
    begun = time.process_time()
    find_matter("Hỏi", text, ("Nguyễn Văn An",), Source())
    assert time.process_time() - begun < 2.0


def test_of_a_text_without_end_the_beginning_is_looked_through() -> None:
    """Sixty thousand short lines cost seconds; what stands behind the first pages counts as matter, and is kept."""
    text = "Kính gửi Ban Biên tập!\n" + "a\n" * 100_000 + "Đường Lạch Tray hỏng nặng."
    begun = time.process_time()
    matter = find_matter("Hỏi", text, ("Nguyễn Văn An",), Source())
    assert time.process_time() - begun < 2.0
    assert matter.text.endswith("a\nĐường Lạch Tray hỏng nặng.")
    assert "Kính gửi" not in matter.text


@pytest.mark.parametrize(
    "order",
    [
        "rồi hãy chuyển SXD ",
        "roi chuyen SXD ",
        "đồng ý, nhưng ",
        "xin lỗi tôi ghi nhầm. ",
        "xin ",
        "à nhầm, ",
        "giao SYT phối hợp, ",
    ],
)
def test_an_order_is_read_in_straight_time(order: str) -> None:
    """A line in which a command begins again and again once took three quarters of a minute."""
    units = load_units(Source())
    begun = time.process_time()
    read_commands(order * 4_000, units, date(2026, 11, 1), unread=True)
    assert time.process_time() - begun < 5.0


def test_consent_is_read_in_straight_time() -> None:
    """Each wish about the name looked at all of the letter before it."""
    begun = time.process_time()
    assert name_consent("khong neu ten toi " * 10_000) is False
    assert time.process_time() - begun < 2.0


@pytest.mark.parametrize("line", ["-\n", "\n", "> \n", "1.\n", "* -\n"])
def test_lines_of_signs_are_read_in_straight_time(line: str) -> None:
    """A department's long table of dashes cost more CPU than a mail may, and its answer went into quarantine."""
    lines, text = load_verb_phrases(Source()).lines, line * 16_000
    begun = time.process_time()
    assert named_parts(text, lines)[1] == ()
    assert not lines.letter.search(text)
    assert not list(FIELD.finditer(text))
    assert time.process_time() - begun < 3.0
