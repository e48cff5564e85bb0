"""A question on its way on Cyrus, Courier, Exim too; kills, faults, a full disk, a jumping clock, a quarantine."""

import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from daemon.base.errors import DoithoaiError
from daemon.loop.decide import MOST_DEATHS
from tests.crashing import AFTER, Crashing
from tests.dose import WHOLE, costly, dose
from tests.installation import MAILBOX, OFFICER, SXD, UNITS, LiveInstallation, answer_to, letter, subject_of, text_of
from tests.servers.imap_between import KINDS, ImapBetween
from tests.world import SIGNATURE

pytestmark = pytest.mark.system

ROOT = Path(__file__).resolve().parents[2]
ROAD = "Kính gửi Ban Biên tập, đường {} nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
STREETS = ("Lê Lợi", "Trần Phú", "Tô Hiệu", "Cát Dài", "Hai Bà Trưng", "Lạch Tray", "Đà Nẵng", "Lê Lai")
ANSWER = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
SERVERS = [
    ("cyrus", "exim"),
    ("cyrus", "postfix"),
    ("courier", "postfix"),
    ("dovecot", "exim"),
    ("dovecot", "postfix"),
]
NIGHTLY = pytest.mark.skipif(not WHOLE, reason="real servers and some ten starts of the program: at night")
KILLED = [("cyrus", "postfix"), ("courier", "postfix"), ("dovecot", "postfix")]


@pytest.fixture
def town(request: pytest.FixtureRequest, mail_city: Any, tmp_path: Path) -> Iterator[tuple[Any, LiveInstallation]]:
    imap, smtp = request.param
    domains = ["dan.test", *(f"{code.lower()}.test" for code in UNITS)]
    city = mail_city(users={MAILBOX: "secret"}, domains=domains, imap=imap, smtp=smtp)
    house = LiveInstallation(tmp_path / "house", city.imap_port, city.smtp_port, connections=1)
    house.clock.at = datetime.now(UTC)
    yield city, house
    house.close()


def asked(number: int, **options: Any) -> bytes:
    """A citizen's question about one street."""
    text = ROAD.format(STREETS[number % len(STREETS)]) + SIGNATURE
    return letter(f"dan{number}@dan.test", text, message_id=f"<hoi{number}@dan.test>", **options)


@pytest.mark.parametrize("town", SERVERS, indirect=True, ids="-".join)
def test_a_question_and_its_answer(town: tuple[Any, LiveInstallation]) -> None:
    city, house = town
    for number in (0, 1, 0):  # the first is delivered twice, and the server writes other fields above it
        city.deliver(asked(number), f"dan{number}@dan.test", MAILBOX)
    city.settle()
    house.run(2)
    city.settle()
    assert [row["status"] for row in house.questions] == ["forwarded"] * 2
    assert Counter(row["fate"] for row in house.mails) == {"register": 2, "ignore": 1}
    code = str(house.questions[0]["code"])
    (forward,) = [raw for raw in city.mailbox_of(SXD) if code in subject_of(raw)]
    city.deliver(answer_to(forward, SXD, ANSWER), SXD, MAILBOX)
    city.settle()
    house.run(2)
    city.settle()
    assert [row["status"] for row in house.questions] == ["answered", "forwarded"]
    said = [" ".join(text_of(raw).split()) for raw in city.mailbox_of(str(house.questions[0]["asker_email"]))]
    assert sum("quý I năm 2027" in each for each in said) == 1
    assert len(city.mailbox_of(str(house.questions[1]["asker_email"]))) == 1, "a bystander hears of the own one only"
    assert city.mailbox_of(MAILBOX) == []
    assert len(city.mailbox_of(MAILBOX, house.config.imap.folders.registered)) == 3, "the copy lies with its first"
    assert [row["status"] for row in house.sent if row["status"] != "sent"] == []
    assert house.faults() == []


@pytest.mark.slow
@pytest.mark.parametrize("town", costly(KILLED), indirect=True, ids="-".join)
def test_kills_lose_nothing_and_double_nothing(town: tuple[Any, LiveInstallation]) -> None:
    """Killed at random instants while eight questions lie there: each registered, forwarded and told once."""
    city, house = town
    house.service.close()
    house.service.presence.hide()
    chance, kills, arguments = random.Random(7), 0, ["run", "--once", "--config", str(house.file)]
    with Crashing() as crashing:
        for number in range(len(STREETS)):
            city.deliver(asked(number), f"dan{number}@dan.test", MAILBOX)
        city.settle()
        length = 1.5
        for _ in range(dose(60)):
            start = time.monotonic()
            status = crashing.run(arguments, f"{AFTER}{chance.uniform(0.02, length):.3f}")
            if status == -signal.SIGKILL:
                kills += 1
            else:
                length = time.monotonic() - start
            if chance.random() < 0.3:  # the server itself goes away too
                city.imap.restart()
        for _ in range(3):
            status = crashing.run(arguments)
    city.settle()
    assert status == 0
    print(f"{kills} kills, {len(house.mails)} mails")
    assert kills > 3
    assert len(house.questions) == len(house.mails) == len(STREETS), "nothing lost, nothing twice"
    assert city.mailbox_of(MAILBOX) == []
    for row in house.questions:
        told = city.mailbox_of(str(row["asker_email"]))
        forwards = [raw for raw in city.mailbox_of(SXD) if str(row["code"]) in subject_of(raw)]
        assert len({raw[raw.index(b"Message-ID") :] for raw in told}) == 1, "the same bytes at most once more"
        assert len({raw[raw.index(b"Message-ID") :] for raw in forwards}) == 1
    assert house.faults() == []


def told_once(city: Any, house: LiveInstallation, count: int) -> None:
    """So many questions, each registered, forwarded and acknowledged once; nothing is left in INBOX."""
    assert len(house.questions) == len(house.mails) == count, "nothing lost, nothing twice"
    assert city.mailbox_of(MAILBOX) == []
    names = Counter((row["question_id"], row["name"]) for row in house.sent)
    for row in house.questions:
        assert names[row["id"], "citizen_received"] == names[row["id"], "unit_forward"] == 1
        told = [subject_of(raw) for raw in city.mailbox_of(str(row["asker_email"]))]
        assert sum("Đã tiếp nhận" in subject for subject in told) == 1
    assert house.faults() == []


def without_room(house: LiveInstallation) -> int:
    """The exit status of a pass on a disk that takes no file over 700 KB."""

    def narrow() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))

    command = [sys.executable, "-m", "daemon", "run", "--once", "--config", str(house.file)]
    return subprocess.run(command, cwd=ROOT, preexec_fn=narrow, capture_output=True, check=False).returncode


@NIGHTLY
@pytest.mark.parametrize("town", costly(KILLED), indirect=True, ids="-".join)
def test_a_full_disk_and_a_jumping_clock(town: tuple[Any, LiveInstallation]) -> None:
    """A pass without room stores nothing; then the clock stands 400 days ahead, 400 behind, and right again."""
    city, house = town
    house.service.close()
    house.service.presence.hide()
    house.engine.dispose()
    arguments, now = ["run", "--once", "--config", str(house.file)], datetime.now(UTC)
    picture = [("anh.bin", "application/octet-stream", b"x" * 1_000_000)]
    for number in (0, 1):
        city.deliver(asked(number, attachments=picture), f"dan{number}@dan.test", MAILBOX)
    city.settle()
    assert without_room(house) != 0, "a problem is reported"
    assert len(city.mailbox_of(MAILBOX)) == 2, "what is not stored stays where it is"
    with Crashing() as crashing:
        for number, days in ((2, 400), (3, -400), (4, 0)):
            city.deliver(asked(number), f"dan{number}@dan.test", MAILBOX)
            city.settle()
            for _ in range(2):
                assert crashing.run(arguments, at=now + timedelta(days=days)) in (0, 1)
            sender = f"dan{number}@dan.test"
            stored = next(row["stored_at"] for row in house.mails if row["from_email"] == sender)
            assert abs(stored - now - timedelta(days=days)) < timedelta(hours=1), "the clock did jump"
    city.settle()
    told_once(city, house, 5)


@NIGHTLY
@pytest.mark.parametrize("town", costly(KILLED), indirect=True, ids="-".join)
def test_a_quarantined_mail_is_told(town: tuple[Any, LiveInstallation]) -> None:
    """A mail whose reading kills the process again and again, on both of its days, is told to the officers."""
    city, house = town
    house.service.close()
    house.service.presence.hide()
    arguments, now = ["run", "--once", "--config", str(house.file)], datetime.now(UTC)
    city.deliver(asked(0), "dan0@dan.test", MAILBOX)
    city.settle()
    with Crashing() as crashing:
        for hours, count in ((0, MOST_DEATHS + 1), (2, MOST_DEATHS)):  # the very first of them is not counted
            at = now + timedelta(hours=hours)
            deaths = [crashing.run(arguments, "decide.decided", at) for _ in range(count)]
            assert deaths == [-signal.SIGKILL] * count
            crashing.run(arguments, at=at)
        assert [row["status"] for row in house.mails] == ["quarantined"]
        city.settle()
        alarms = [raw for raw in city.mailbox_of(OFFICER) if "không xử lý được" in subject_of(raw)]
        assert len(alarms) == 1
        city.deliver(asked(1), "dan1@dan.test", MAILBOX)
        city.settle()
        crashing.run(arguments, at=now + timedelta(hours=2))
    city.settle()
    assert [row["status"] for row in house.questions] == ["forwarded"]
    assert len(city.mailbox_of(MAILBOX, house.config.imap.folders.quarantine)) == 1
    assert city.mailbox_of(MAILBOX) == []
    assert house.faults() == []


# -- faults of the server -----------------------------------------------------------------------------

CREATE = rb" CREATE "
MOVING = {"courier": (rb" COPY ", rb" STORE ", rb" EXPUNGE ")}
"""The commands that take a mail out of INBOX; MOVE where the server knows it."""
COMMANDS = (
    *(CREATE, rb" CAPABILITY", rb" (?:LOGIN|AUTHENTICATE) ", rb" NAMESPACE", rb" LIST ", rb" SELECT "),
    *(rb" SEARCH ", rb" RFC822.SIZE", rb" BODY.PEEK\[\]", rb" SEARCH UID ", rb" IDLE"),
)
EVERY = 14
"""By day each seventh fault: in turn every kind of them."""


@pytest.fixture
def faulty_town(request: pytest.FixtureRequest, mail_city: Any, tmp_path: Path) -> Iterator[Any]:
    """A city, the house, and the line between them on which commands go wrong."""
    domains = ["dan.test", *(f"{code.lower()}.test" for code in UNITS)]
    city = mail_city(users={MAILBOX: "secret"}, domains=domains, imap=request.param)
    with ImapBetween(city.imap_port) as between:
        house = LiveInstallation(tmp_path / "house", between.port, city.smtp_port, connections=1, imap_seconds=1.5)
        house.clock.at = datetime.now(UTC)
        yield city, house, between
        house.close()


def faults_of(server: str) -> list[tuple[bytes, str]]:
    """Every command in every way; a part of them by day."""
    moving = MOVING.get(server, (rb" MOVE ",))
    every = [(command, kind) for command in (*COMMANDS, *moving) for kind in KINDS]
    return every if WHOLE else every[::EVERY]


def without_a_folder(city: Any, house: LiveInstallation) -> None:
    """A person deletes the folder for quarantine, which is empty: the program makes it again."""
    with IMAPClient(city.imap.host, city.imap_port, ssl=False, timeout=20) as person:
        person.login(MAILBOX, "secret")
        names = [name for _, _, name in person.list_folders()]
        for name in (each for each in names if each.endswith(house.config.imap.folders.quarantine)):
            person.delete_folder(name)


def attempted(house: LiveInstallation) -> list[str]:
    """The problems of one pass with a wait behind it, as the daemon makes them."""
    house.clock.forward(minutes=6)  # no wait after a failure is longer
    problems = house.run().problems
    client = house.service.client
    if client is not None and not problems:
        try:
            if client.idle(0.2, lambda: False):  # what moving heard of; the daemon looks once more and waits again
                client.idle(0.2, lambda: False)
        except DoithoaiError as error:
            problems = [str(error)]
            house.service.drop()
    return problems


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("faulty_town", ["cyrus", "courier", "dovecot"], indirect=True)
def test_faults_of_the_server_lose_nothing_and_double_nothing(
    faulty_town: tuple[Any, LiveInstallation, ImapBetween], request: pytest.FixtureRequest
) -> None:
    """A question lies there for each fault; the pass that meets it ends, and one of the next two brings all."""
    city, house, between = faulty_town
    faults = faults_of(request.node.callspec.params["faulty_town"])
    told: Counter[str] = Counter()
    for number, (command, kind) in enumerate(faults):
        city.deliver(asked(number), f"dan{number}@dan.test", MAILBOX)
        city.settle()
        if command == CREATE:
            without_a_folder(city, house)
        house.restart()
        between.spoil(command, kind)
        told[kind] += bool(attempted(house))
        assert between.hits, f"no command met the fault: {command!r}"
        between.heal()
        problems = attempted(house)
        assert not problems or not attempted(house), f"after {command!r} {kind}: {problems}"
    print(f"{len(faults)} faults, told of: {dict(told)}")
    city.settle()
    told_once(city, house, len(faults))
    assert len(city.mailbox_of(MAILBOX, house.config.imap.folders.registered)) == len(faults), (
        "and in its folder once"
    )
