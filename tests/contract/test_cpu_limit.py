"""A mail that costs too much is quarantined with a word, the others are answered, and the watchdog hears of life."""

import re
import threading
import time
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from daemon.demo.servers import EmbeddedServers
from daemon.documents.pdf import NUMBER
from daemon.installation import installation
from daemon.loop import attachments
from daemon.loop.decide import MOST_DEATHS
from daemon.parsing.guard import MailTooCostlyError, costs_at_most
from daemon.parsing.parse import parse_mail
from rules.understand.understand import understand
from tests.installation import MAILBOX, OFFICER, LiveInstallation, files_of, letter, text_of, unit_address
from tests.servers.clamd import FakeClamd
from tests.world import LETTER, World, vouched

PDF = ("don.pdf", "application/pdf", b"%PDF-1.4\n")


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(1000))


def guarded() -> None:
    """As a reader that goes on after anything."""
    with suppress(Exception):
        burn(10)


def test_what_costs_too_much_ends_and_is_no_ordinary_exception() -> None:
    heard: list[float] = []
    with pytest.raises(MailTooCostlyError), costs_at_most(2, lambda: heard.append(time.process_time())):
        guarded()
    assert len(heard) == 2
    burn(1.2)
    assert len(heard) == 2, "nothing ticks any more"


def test_one_search_that_never_ends_is_ended_too() -> None:
    with pytest.raises(MailTooCostlyError), costs_at_most(1, lambda: None):
        re.search("(a|aa)+$", "a" * 60 + "b")


def test_what_is_cheap_is_left_alone() -> None:
    with costs_at_most(2, lambda: None):
        burn(0.3)
        time.sleep(0.5)


def test_in_another_thread_nothing_is_limited() -> None:
    done: list[bool] = []

    def work() -> None:
        with costs_at_most(1, lambda: None):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_a_costly_mail_is_quarantined_with_a_word_and_the_next_goes_on(
    servers: EmbeddedServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def parse(raw: bytes, *limits: Any) -> Any:
        if b"chuyen cham" in raw:
            burn(30)
        return parse_mail(raw, *limits)

    monkeypatch.setattr(installation, "parse_mail", parse)
    house = LiveInstallation(
        tmp_path / "house", servers.imap_port, servers.smtp_port, extra="[limits]\nmax_cpu_seconds = 5\n"
    )
    fed: list[float] = []
    house.service.alive = lambda: fed.append(time.process_time())
    servers.deliver(MAILBOX, letter("an@dan.test", f"{LETTER} chuyen cham"))
    servers.deliver(MAILBOX, letter("ba@dan.test", LETTER))
    house.run(2)
    fates = [("an@dan.test", "quarantined"), ("ba@dan.test", "done")]
    assert sorted((row["from_email"], row["status"]) for row in house.mails) == fates
    (costly,) = (row for row in house.mails if row["status"] == "quarantined")
    assert (costly["attempts"], "5 giây" in str(costly["reason"])) == (1, True)
    told = [text_of(mail.raw) for mail in servers.sent if OFFICER in mail.recipients]
    assert any("5 giây tính toán" in text for text in told), told
    gaps = [after - before for before, after in pairwise(fed)]
    assert max(gaps) < 3.0, "the watchdog hears at least every few seconds of CPU"
    assert house.faults() == []
    house.close()


def test_with_a_scanner_a_costly_mail_ends_in_quarantine_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read to find the attached files is limited like the decision, and the files of the next are scanned."""

    def parse(raw: bytes, *limits: Any) -> Any:
        if b"chuyen cham" in raw:
            burn(30)
        return parse_mail(raw, *limits)

    for module in (installation, attachments):
        monkeypatch.setattr(module, "parse_mail", parse, raising=False)
    fed: list[float] = []
    with FakeClamd() as clamd, closing(scanned(tmp_path, clamd)) as house:
        house.house.service.alive = lambda: fed.append(time.process_time())
        house.store(vouched(letter("an@dan.test", f"{LETTER} chuyen cham", attachments=[PDF])))
        house.store(vouched(letter("ba@dan.test", LETTER, attachments=[PDF])))
        house.house.service.full_pass()
        fates = [("an@dan.test", "quarantined"), ("ba@dan.test", "done")]
        assert sorted((row["from_email"], row["status"]) for row in house.house.mails) == fates
        assert clamd.seen == [PDF[2]]
        assert list(files_of(house.last("unit_forward", unit_address("SXD")))) == ["don.pdf"]
    gaps = [after - before for before, after in pairwise(fed)]
    assert max(gaps) < 3.0, "the watchdog hears at least every few seconds of CPU"


def test_with_a_scanner_a_mail_that_nobody_can_read_has_three_attempts_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(mail: Any, *others: Any) -> Any:
        if "chuyen cham" in mail.text:
            raise ValueError("unforeseen")
        return understand(mail, *others)

    monkeypatch.setattr(installation, "understand", fail)
    with FakeClamd() as clamd, closing(scanned(tmp_path, clamd)) as house:
        house.store(vouched(letter("an@dan.test", f"{LETTER} chuyen cham", attachments=[PDF])))
        house.store(vouched(letter("ba@dan.test", LETTER, attachments=[PDF])))
        for _ in range(3):
            house.house.service.full_pass()
            house.house.clock.forward(hours=2)
        fates = [("an@dan.test", "quarantined", 3), ("ba@dan.test", "done", 0)]
        assert sorted((row["from_email"], row["status"], row["attempts"]) for row in house.house.mails) == fates
        assert list(files_of(house.last("unit_forward", unit_address("SXD")))) == ["don.pdf"]


def test_with_a_scanner_a_mail_that_does_not_parse_is_left_to_the_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(raw: bytes, *limits: Any) -> Any:
        if b"chuyen cham" in raw:
            raise ValueError("unforeseen")
        return parse_mail(raw, *limits)

    for module in (installation, attachments):
        monkeypatch.setattr(module, "parse_mail", fail, raising=False)
    with FakeClamd() as clamd, closing(scanned(tmp_path, clamd)) as house:
        house.store(vouched(letter("an@dan.test", f"{LETTER} chuyen cham", attachments=[PDF])))
        house.store(vouched(letter("ba@dan.test", LETTER, attachments=[PDF])))
        house.house.service.full_pass()
        fates = [("an@dan.test", "stored", 1), ("ba@dan.test", "done", 0)]
        assert sorted((str(row["from_email"]), row["status"], row["attempts"]) for row in house.house.mails) == fates


def test_what_an_earlier_process_may_have_died_of_is_counted_before_its_files_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first process dies of reading the mail, again and again; counted, it is put aside."""

    def kill(raw: bytes, *limits: Any) -> Any:
        if b"chuyen cham" in raw:
            raise KeyboardInterrupt  # as a signal that ends the process
        return parse_mail(raw, *limits)

    for module in (installation, attachments):
        monkeypatch.setattr(module, "parse_mail", kill, raising=False)
    with FakeClamd() as clamd, closing(scanned(tmp_path, clamd)) as house:
        house.store(vouched(letter("an@dan.test", f"{LETTER} chuyen cham", attachments=[PDF])))
        house.store(vouched(letter("ba@dan.test", LETTER, attachments=[PDF])))
        deaths = 0
        for _ in range(8):
            house.house.restart()
            house.house.service.start()
            try:
                house.house.service.full_pass()
            except KeyboardInterrupt:
                deaths += 1
            else:
                break
        assert deaths <= MOST_DEATHS
        (innocent,) = (row for row in house.house.mails if row["from_email"] == "ba@dan.test")
        assert innocent["status"] == "done"
        assert list(files_of(house.last("unit_forward", unit_address("SXD")))) == ["don.pdf"]


def scanned(tmp_path: Path, clamd: FakeClamd) -> World:
    extra = f"[scan]\nport = {clamd.port}\n[limits]\nmax_cpu_seconds = 5\n"
    return World(tmp_path / "house", extra=extra)


def test_numbers_of_papers_are_found_in_straight_time() -> None:
    begun = time.process_time()
    for text in ("1/" + "Đ" * 200_000, "1" * 200_000, "1/a" * 100_000, "1/" + "A-" * 100_000):
        NUMBER.sub("", text)
    assert time.process_time() - begun < 2.0
    assert NUMBER.findall("theo Quyết định 1374/QĐ-UBND và 12/2016/QĐ-TTg") == ["1374/QĐ-UBND", "12/2016/QĐ-TT"]
