"""The calendar of sessions and duties: read by a second library, true when a session moves, silent about people."""

import email
import email.policy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import vobject

from daemon.base import clock
from daemon.base.errors import TemporaryError
from daemon.installation.icalendar import feed
from daemon.papers.sessions import SessionService
from db.register.sessions import agenda
from tests.contract.test_sessions import START, in_november
from tests.hall import Hall
from tests.installation import OFFICER, SXD, LiveInstallation
from tests.world import CITIZEN, FORM, NO_SERVER

LATER = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
PRIVATE = ("Nguyễn Văn An", "Trường Chinh", "0912", CITIZEN, "ổ gà", "Trần Văn Bình")

pytestmark = pytest.mark.world(bystanders=False)  # all dates of the register are in it


def entries(data: bytes) -> dict[str, vobject.base.Component]:
    """By UID, as vobject reads them; whatever it must not find is an error there."""
    calendar = vobject.readOne(data.decode())
    assert calendar.method.value == "PUBLISH"
    assert calendar.version.value == "2.0"
    calendar.validate(raiseException=True)
    return {one.uid.value: one for one in calendar.vevent_list}


def whole(hall: Hall) -> bytes:
    with hall.house.engine.begin() as connection:
        now = hall.house.clock()
        return feed(agenda(connection, now), hall.house.installation.board, now)


def with_mail(raw: bytes) -> bytes:
    """The calendar that a mail carries."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    (part,) = [one for one in message.iter_attachments() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "PUBLISH"
    assert part.get_param("charset") == "utf-8"
    return bytes(part.get_payload(decode=True))


def carrying(hall: Hall) -> list[bytes]:
    """The mails to the officer that carry a calendar."""
    return [raw for raw in hall.inbox(OFFICER) if b"text/calendar" in raw]


def test_a_second_library_reads_sessions_and_duties(hall: Hall) -> None:
    code = hall.announced()
    number = hall.ask()["code"]
    found = entries(whole(hall))
    one = found[f"session-{code}@haiphong.test"]
    assert (one.dtstart.value, one.dtend.value) == (START, START + timedelta(hours=2))
    assert (one.summary.value, one.location.value) == (f"Phiên đối thoại {code}: {FORM.topic}", FORM.place)
    assert one.status.value == "CONFIRMED"
    due = found[f"duty-{code}-answers_returned@haiphong.test"]
    assert (due.dtstart.value, due.dtend.value) == (date(2026, 11, 23), date(2026, 11, 24))
    assert "Điều 10" in due.description.value
    assert "(đã xong)" in found[f"duty-{code}-plan_issued@haiphong.test"].summary.value
    (answer,) = [each for uid, each in found.items() if uid.startswith("answer-")]
    assert answer.summary.value == f"Hạn trả lời {number}: Sở Xây dựng"
    data = whole(hall)
    text = data.decode().replace("\r\n ", "")
    assert [one for one in PRIVATE if one in text] == [], "nothing of a person"
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75, "RFC 5545 §3.1"


def test_uids_stay_and_sequence_rises_when_a_session_moves_or_is_cancelled(hall: Hall) -> None:
    code = hall.announced()
    uid, before = f"session-{code}@haiphong.test", entries(whole(hall))
    assert uid in entries(with_mail(carrying(hall)[-1])), "the issued plan carries it"
    assert uid not in entries(with_mail(hall.last(SXD))), "a unit has it as an invitation"
    hall.at(2026, 11, 19, 7, 0)
    assert uid in entries(with_mail(carrying(hall)[-1])), "so do the reminders"
    hall.desk.move(code, LATER, "Chủ trì đi công tác")
    hall.house.run()
    for after in (entries(whole(hall)), entries(with_mail(carrying(hall)[-1]))):
        assert after[uid].dtstart.value == LATER
        assert all(int(one.sequence.value) > int(before[each].sequence.value) for each, one in after.items())
        assert {each for each in before if not each.startswith("answer")} == set(after)
    moved = entries(whole(hall))
    hall.desk.cancel(code, "Bão số 5")
    hall.house.run()
    for found in (entries(whole(hall)), entries(with_mail(carrying(hall)[-1]))):
        assert {one.status.value for one in found.values()} == {"CANCELLED"}
        assert all(int(one.sequence.value) > int(moved[each].sequence.value) for each, one in found.items())


def test_the_daemon_keeps_the_file_and_the_command_writes_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", in_november)
    kept = tmp_path / "feed" / "doithoai.ics"
    house = LiveInstallation(tmp_path / "house", NO_SERVER, NO_SERVER, extra=f'[calendar]\nfile = "{kept}"\n')
    desk = SessionService(house.engine, house.installation, "console:test")
    house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    code = desk.propose(FORM)[0].code
    refresh = house.service.calendar.refresh
    assert refresh(house.engine, house.installation)
    assert not refresh(house.engine, house.installation), "looked at a moment ago"
    house.clock.forward(minutes=2)
    assert not refresh(house.engine, house.installation), "nothing new, nothing written"
    desk.cancel(code, "Bão")
    house.clock.forward(minutes=2)
    house.run()
    assert entries(kept.read_bytes())[f"session-{code}@haiphong.test"].status.value == "CANCELLED"
    assert [one.name for one in kept.parent.iterdir()] == ["doithoai.ics"]
    kept.unlink()
    kept.symlink_to("x" * 300)  # as on a share that is gone: even to look fails
    house.clock.forward(minutes=2)
    with pytest.raises(TemporaryError, match=r"doithoai\.ics: File name too long"):
        refresh(house.engine, house.installation)
    kept.unlink()
    assert refresh(house.engine, house.installation)
    target = tmp_path / "out.ics"
    assert house.command("calendar", "export", str(target)) == 0
    assert f"{len(entries(kept.read_bytes()))} events" in capsys.readouterr().out
    assert set(entries(target.read_bytes())) == set(entries(kept.read_bytes()))
    house.close()
