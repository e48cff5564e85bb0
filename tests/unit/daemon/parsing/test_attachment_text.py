"""The process that reads files: started when it is needed, kept, replaced when it fails or has read much, ended."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.parsing import attachment_text
from daemon.parsing.attachment_text import Budget, FileWorker, Reading, file_text
from daemon.parsing.guard import ParseLimits
from daemon.parsing.parse import parse_mail
from tests.unit.daemon.parsing.test_parse_files import carrying, pdf_file, tnef_file, word_file

PDF = pdf_file("Tra loi so 12", "trang hai")


@pytest.fixture
def worker() -> Iterator[FileWorker]:
    made = FileWorker()
    yield made
    made.close()


def read(worker: FileWorker, kind: str = "pdf", data: bytes = PDF, seconds: float = 5) -> Reading:
    return worker.read(kind, data, seconds, 40, 200_000)


def heavy_file() -> bytes:
    """A PDF of forty pages that takes many seconds to read."""
    content = b"BT /F 9 Tf " + b"3 1 Td (x y) Tj " * 300_000 + b"ET"
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body += b"2 0 obj<</Type/Pages/Kids[" + b"3 0 R " * 40 + b"]/Count 40>>endobj\n"
    body += (
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    )
    body += b"4 0 obj<</Length " + str(len(content)).encode() + b">>stream\n" + content + b"\nendstream endobj\n"
    body += b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    return body + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_one_process_reads_file_after_file(worker: FileWorker) -> None:
    assert worker.pid is None
    pids: set[int | None] = set()
    for kind, data in (("pdf", PDF), ("docx", word_file()), ("tnef", tnef_file()), ("pdf", b"none"), ("pdf", PDF)):
        read(worker, kind, data)
        pids.add(worker.pid)
    assert len(pids) == 1
    assert [page["text"] for page in read(worker).said] == ["Tra loi so 12", "trang hai"]


def test_it_is_replaced_after_so_many_files_and_bytes(worker: FileWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachment_text, "MOST_FILES", 2)
    read(worker)
    first = worker.pid
    assert first is not None
    read(worker)
    assert worker.pid is None
    assert not is_alive(first)
    monkeypatch.setattr(attachment_text, "MOST_BYTES", 100)
    assert len(read(worker).said) == 2
    assert worker.pid is None


def test_a_file_that_uses_up_its_time_ends_it_and_the_next_is_read(worker: FileWorker) -> None:
    read(worker)
    first = worker.pid
    reading = read(worker, data=heavy_file(), seconds=1.5)
    assert reading.cpu == 1.5
    assert 0 < len(reading.said) < 40
    assert worker.pid is None
    assert len(read(worker).said) == 2
    assert worker.pid not in {None, first}


def test_a_file_is_not_lost_on_a_busy_machine(worker: FileWorker) -> None:
    read(worker)
    pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(2.5, os.kill, (pid, signal.SIGCONT)).start()
    assert len(read(worker, seconds=0.3).said) == 2


def test_one_that_hangs_is_ended_by_the_clock(worker: FileWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    read(worker)
    pid = worker.pid
    assert pid is not None
    monkeypatch.setattr(attachment_text, "WALL_SECONDS", 0.5)
    monkeypatch.setattr(attachment_text, "WALL_SECONDS_A_CPU_SECOND", 0)
    os.kill(pid, signal.SIGSTOP)
    assert read(worker).said == []
    assert not is_alive(pid)


def test_one_that_was_killed_is_started_anew(worker: FileWorker) -> None:
    read(worker)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    time.sleep(0.3)
    assert len(read(worker).said) == 2


def test_a_mail_without_files_starts_none(monkeypatch: pytest.MonkeyPatch) -> None:
    made = FileWorker()
    monkeypatch.setattr("daemon.parsing.attachment_text.WORKER", made)
    parse_mail(carrying(b"xin", "a.txt", "text/plain"))
    assert made.pid is None


def test_a_mail_spends_the_time_of_its_files_together() -> None:
    assert parse_mail(carrying(PDF, "a.pdf"), ParseLimits(file_seconds=0)).attachments[0].text == ""


def test_a_fork_reads_with_a_process_of_its_own(worker: FileWorker) -> None:
    read(worker)
    mine = worker.pid
    child = os.fork()
    if not child:
        said = read(worker).said
        other = worker.pid
        worker.close()
        os._exit(0 if len(said) == 2 and other not in {None, mine} else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert worker.pid == mine
    assert len(read(worker).said) == 2


@pytest.mark.parametrize("end", ["", "os.kill(os.getpid(), 9)"])
def test_none_is_left_when_its_owner_ends(end: str) -> None:
    program = (
        "import os, sys\n"
        "from daemon.parsing.attachment_text import WORKER\n"
        "WORKER.read('pdf', sys.stdin.buffer.read(), 5, 1, 9)\n"
        f"print(WORKER.pid, flush=True)\n{end}\n"
    )
    top = str(Path(attachment_text.__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=PDF,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": top},
        timeout=60,
    )
    pid = int(done.stdout)
    until = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(pid)


@pytest.mark.parametrize("long", [False, True])
def test_a_calendar_longer_than_a_page_may_be_is_not_read(*, long: bool) -> None:
    meeting = b"BEGIN:VEVENT\r\nDTSTART:20261117T080000Z\r\nSUMMARY:Giao ban\r\nEND:VEVENT\r\n"
    data = b"BEGIN:VCALENDAR\r\n" + meeting * (30_000 if long else 1) + b"END:VCALENDAR\r\n"
    budget = Budget.of(ParseLimits())
    said = file_text(data, "text/calendar", "moi.ics", "utf-8", budget)
    assert said == ("" if long else "Giao ban\nThời gian: 15:00 ngày 17/11/2026")
    assert not long or budget.left == ParseLimits().file_seconds
