"""A mail's evidence file: complete, readable, and checked here without a line of the program's own code."""

import hashlib
import json
import stat
import zipfile
from typing import Any

import pytest
from sqlalchemy import update

from daemon.admin.evidence import Evidence, evidence_of
from daemon.base.errors import TemporaryError
from daemon.commands import mail
from db.core import journal
from db.core.tables import outbox
from tests.installation import SXD, letter
from tests.world import World

ACCUSATION = "ĐƠN TỐ CÁO. Tôi tố cáo ông Trần Văn B, cán bộ phường, nhận hối lộ 50 triệu đồng. Đề nghị xử lý."


pytestmark = pytest.mark.world(adds_up=False)


def evidence(desk: World, about: str, *options: str) -> dict[str, bytes]:
    out = desk.house.folder.parent / f"{about}{len(options)}.zip"
    assert desk.house.command("mail", "evidence", about, "--out", str(out), *options) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def broken(files: dict[str, bytes]) -> list[str]:
    """What does not hold, by nothing but SHA-256."""
    told: dict[str, Any] = json.loads(files["evidence.json"])
    wrong = [
        one["file"]
        for one in (*told["received"], *told["sent"])
        if hashlib.sha256(files[one["file"]]).hexdigest() != one["sha256"]
    ]
    for one in told["journal"]:
        covers = json.loads(one["covers"])
        linked = hashlib.sha256((one["previous"] + one["covers"]).encode()).hexdigest() == one["hash"]
        same = all(covers[key] == one[key] for key in ("seq", "actor", "act", "why", "clause", "data"))
        wrong += [] if linked and same else [f"entry {one['seq']}"]
    return wrong


def test_a_questions_evidence_holds_every_mail_and_every_act(house: World) -> None:
    code = str(house.ask()["code"])
    words = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
    house.answers("unit_forward", SXD, words)
    house.ask("Kính gửi Ban Biên tập, trường mầm non bao giờ tuyển sinh?\n\nTrần Thị Ba", sender="ba@dan.test")
    with house.house.engine.begin() as connection:
        values = {"status": "failed", "smtp_code": 550, "smtp_text": "5.1.1 no such user", "bounce_status": "5.1.1"}
        connection.execute(update(outbox).where(outbox.c.name == "unit_forward").values(**values))
    files = evidence(house, code)
    told = json.loads(files["evidence.json"])
    assert [one["fate"] for one in told["received"]] == ["register", "attach"]
    assert {one["name"] for one in told["sent"]} == {"citizen_received", "unit_forward", "citizen_answered"}
    assert {"registered", "forwarded", "answered", "fate", "queued"} <= {one["act"] for one in told["journal"]}
    assert "550 5.1.1 no such user" in files["evidence.txt"].decode()
    assert "ba@dan.test" not in json.dumps(told)
    assert broken(files) == []
    assert house.house.faults() == []


def test_what_was_changed_afterwards_shows(house: World) -> None:
    files = evidence(house, str(house.ask()["code"]))
    told = json.loads(files["evidence.json"])
    first = told["received"][0]["file"]
    assert broken(files | {first: files[first] + b"x"}) == [first]
    told["journal"][0]["why"] = "khác"
    assert broken(files | {"evidence.json": json.dumps(told).encode()}) == [f"entry {told['journal'][0]['seq']}"]


def test_a_denunciation_only_for_those_who_may_see_it(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    house.arrive(letter("bi-mat@dan.test", ACCUSATION))
    assert house.house.mails[-1]["sealed"]
    number = str(house.house.mails[-1]["id"])
    out = house.house.folder.parent / "no.zip"
    assert house.house.command("mail", "evidence", number, "--out", str(out)) == 1
    assert "kept apart" in capsys.readouterr().err
    assert not out.exists()
    files = evidence(house, number, "--denunciations")
    assert f"received/{number}.eml" in files
    assert broken(files) == []


def test_the_daemon_works_while_it_is_packed_and_none_is_left_without_its_note(
    house: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house.ask()

    def packed(*args: Any, **more: Any) -> Evidence:
        with house.house.engine.begin() as connection:
            connection.execute(update(outbox).where(outbox.c.name == "unit_forward").values(smtp_text="meanwhile"))
        return evidence_of(*args, **more)

    monkeypatch.setattr(mail, "evidence_of", packed)
    evidence(house, "1")

    def full(*_: object) -> None:
        raise TemporaryError("database: disk is full")

    monkeypatch.setattr(journal, "append", full)
    out = house.house.folder.parent / "full.zip"
    assert house.house.command("mail", "evidence", "1", "--out", str(out)) == 1
    assert "disk is full" in capsys.readouterr().err
    assert not out.exists()


def test_nothing_is_written_over_and_nothing_made_up(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    house.ask()
    out = house.house.folder.parent / "there.zip"
    out.write_bytes(b"mine")
    for about, why in (("1", "exists already"), ("99", "no mail 99"), ("HP-2026-000099", "no question")):
        assert house.house.command("mail", "evidence", about, "--out", str(out)) == 1
        assert why in capsys.readouterr().err
    assert out.read_bytes() == b"mine"
