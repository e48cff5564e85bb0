"""The log: one event a line, correlation ids on each, and neither addresses, numbers nor texts of others in it."""

import io
import logging
import os
import re
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.base.errors import ConfigurationError
from daemon.base.logs import KEPT_SECRETS, LineFormatter, Log, bind, blank_out, redact, setup_logging, to_journal

LOG = Log("test")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged during the test; the root logger is put back afterwards."""
    root = logging.getLogger()
    ours = logging.getLogger("doithoai")
    before = root.handlers[:], root.level, ours.level
    stream = io.StringIO()
    setup_logging("debug", stream)
    yield stream
    root.handlers[:], root.level, ours.level = before
    logging.captureWarnings(False)


def test_an_event_is_one_line_with_its_fields(lines: io.StringIO) -> None:
    LOG.info("mail.stored", mail=12, size=3400, folder="Chờ xem xét")
    assert re.fullmatch(
        r'\d{4}-\d\d-\d\dT[\d:.]+\+00:00 info test: mail\.stored mail=12 size=3400 folder="Chờ xem xét"\n',
        lines.getvalue(),
    )


def test_correlation_ids_stand_on_every_line_of_the_block(lines: io.StringIO) -> None:
    with bind(mail=12), bind(question="HP-2026-000123"):
        LOG.info("a.b")
        logging.getLogger("some.library").warning("odd")
    LOG.info("c.d")
    first, second, third = lines.getvalue().splitlines()
    assert first.endswith("a.b mail=12 question=HP-2026-000123")
    assert second.endswith("odd mail=12 question=HP-2026-000123")
    assert third.endswith("c.d")


def test_libraries_speak_from_warning_up_only(lines: io.StringIO) -> None:
    logging.getLogger("some.library").info("> LOGIN user secret")
    assert lines.getvalue() == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from nguyen.van.a@gmail.test", "from <name>@gmail.test"),
        ("call 0912 345 678 now", "call <phone> now"),
        ("call +84 912 345 678", "call <phone>"),
        ("0225.3842.123", "<phone>"),
        ("HP-2026-000123", "HP-2026-000123"),
        ("size=50000000 uid=1234567890", "size=50000000 uid=1234567890"),
        ("two\r\nlines\x1b[31m", "two  lines [31m"),
    ],
)
def test_personal_data_is_blanked_out(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_of_an_exception_only_kind_and_place_are_told(lines: io.StringIO) -> None:
    try:
        raise KeyError("Bà Nguyễn Thị C hỏi về sổ đỏ")
    except KeyError as error:
        LOG.failure("mail.failed", error)
        logging.getLogger("daemon.test").exception("also so")
    assert "Nguyễn" not in lines.getvalue()
    assert lines.getvalue().count("error=KeyError at=tests/unit/daemon/base/test_logs.py:") == 2


def test_our_own_errors_tell_their_text(lines: io.StringIO) -> None:
    LOG.failure("imap.failed", ConfigurationError("login refused"))
    assert 'text="login refused"' in lines.getvalue()


def test_a_developer_may_see_the_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "m", None, None)
    record.trace = KeyError("x")
    assert "\n" not in LineFormatter(journal=True).format(record)
    assert "KeyError" in LineFormatter(journal=True, traces=True).format(record)


def test_the_journal_gets_levels_and_no_time() -> None:
    record = logging.LogRecord("daemon.x", logging.WARNING, "f", 1, "mail.held", None, None)
    assert LineFormatter(journal=True).format(record) == "<4>daemon.x: mail.held"


def test_the_journal_is_known_by_its_socket(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryFile("w") as stream:
        status = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        assert to_journal(stream)
        monkeypatch.setenv("JOURNAL_STREAM", "1:1")
        assert not to_journal(stream)
    assert not to_journal(io.StringIO())


@given(st.text())
def test_whatever_is_logged_stays_one_line(text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "event", None, None)
    record.fields = {"value": text}
    line = LineFormatter(journal=True).format(record)
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_the_newest_secrets_of_each_kind_are_blanked_out_and_no_more_are_kept() -> None:
    blank_out("key-read-once", "secrets.signing_key_file")
    tokens = [f"token-of-hour-{number:03}" for number in range(10)]
    for token in tokens:
        blank_out(token, "imap.token_command")
    assert redact("key-read-once") == "***"
    assert [redact(one) for one in tokens[-KEPT_SECRETS:]] == ["***"] * KEPT_SECRETS
    assert redact(tokens[0]) == tokens[0], "it ended hours ago"
