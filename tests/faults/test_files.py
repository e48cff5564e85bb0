"""Attached files: what is not passed on, what a scanner says or does not say, and how a file goes on after all."""

import email
import email.policy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from daemon.loop.attachments import scan_stored
from daemon.parsing.attachment_text import looks_like
from daemon.parsing.parse import parse_mail
from db.core.tables import file_check, journal
from rules.message.attachment_policy import load_file_rules
from rules.values.data_file import Source
from rules.values.model import Attachment
from tests.faults.attacks import acts, honest
from tests.installation import OFFICER, SXD, answer_to, letter, text_of, unit_address
from tests.servers.clamd import FakeClamd
from tests.world import LETTER, World, vouched

PDF = ("don.pdf", "application/pdf", b"%PDF-1.4\n")
DISGUISED = ("ban-do.pdf", "application/pdf", b"\x89PNG\r\n\x1a\n")
ISO = b"\0" * 0x8001 + b"CD001"

HELD: dict[str, tuple[str, str, bytes]] = {
    "program": ("cai-dat.exe", "application/octet-stream", b"x"),
    "double ending": ("cv.pdf.exe", "application/pdf", b"x"),
    "double ending with blanks": ("cv.pdf      .exe  ", "application/pdf", b"x"),
    "ending hidden by a dot": ("cv.scr.", "application/octet-stream", b"x"),
    "name that turns round": ("anh\u202egpj.exe", "image/jpeg", b"x"),
    "program by its content": ("anh.jpg", "image/jpeg", b"MZ\x90\x00"),
    "ELF without an ending": ("anh", "application/octet-stream", b"\x7fELF\x02"),
    "script": ("xem.js", "text/plain", b"x"),
    "script by its content": ("xem.txt", "text/plain", b"#!/bin/sh\n"),
    "shortcut": ("thu-muc.lnk", "application/octet-stream", b"x"),
    "shortcut by its content": ("van-ban.doc", "application/msword", b"L\x00\x00\x00\x01\x14\x02\x00x"),
    "disk image": ("tai-lieu.iso", "application/octet-stream", b"x"),
    "disk image by its content": ("tai-lieu.bin", "application/octet-stream", ISO),
    "page": ("don.html", "text/html", b"<p>x"),
    "page by its content": ("don.txt", "text/plain", b"\xef\xbb\xbf \n<!DOCTYPE html><script>"),
    "drawing": ("so-do.svg", "image/svg+xml", b"x"),
    "macro by its ending": ("bang.xlsm", "application/octet-stream", b"x"),
    "macro in a docx": ("bang.docx", "application/octet-stream", b"PK\x03\x04....word/vbaProject.bin"),
    "macro in a doc": ("bang.doc", "x/y", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le")),
    "another content": ("anh.png", "image/png", b"PK\x03\x04"),
    "an image that is no pdf": ("don.pdf", "application/pdf", b"\x89PNG\r\n\x1a\n"),
}
FINE: dict[str, tuple[str, str, bytes]] = {
    "pdf": PDF,
    "pdf behind junk": ("Đơn (bản 2).PDF", "application/octet-stream", b"\n\n%PDF-1.7\n"),
    "docx": ("don.docx", "application/octet-stream", b"PK\x03\x04word/document.xml"),
    "doc": ("don.doc", "application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "rtf called doc": ("don.doc", "application/msword", b"{\\rtf1"),
    "photo": ("IMG_1.JPG", "image/jpeg", b"\xff\xd8\xff\xe0"),
    "png called jpg": ("anh.jpg", "image/jpeg", b"\x89PNG\r\n\x1a\n"),
    "heic": ("anh.heic", "image/heic", b"\0\0\0\x18ftypheic"),
    "text": ("ghi chu.txt", "text/plain", "Đường hỏng".encode()),
    "unknown": ("so lieu.xyz", "application/octet-stream", b"\x01\x02"),
    "dots in the name": ("v1.2.3 ngày 5.10.2026.pdf", "application/pdf", b"%PDF-1.4"),
    "zip": ("ho so.zip", "application/zip", b"PK\x03\x04"),
}


def fault(file: tuple[str, str, bytes]) -> str:
    """What the rules say of a file in a mail, read as mail."""
    (one,) = parse_mail(letter("an@dan.test", LETTER, attachments=[file])).attachments
    return load_file_rules(Source()).fault(one)


@pytest.mark.parametrize("what", HELD)
def test_what_may_do_harm_is_not_passed_on(what: str) -> None:
    assert fault(HELD[what]), what


@pytest.mark.parametrize("what", FINE)
def test_what_people_send_is_passed_on(what: str) -> None:
    assert fault(FINE[what]) == ""


def test_a_double_ending_is_said() -> None:
    assert "hai đuôi tệp" in fault(HELD["double ending"])
    assert "hai đuôi" not in fault(HELD["program"])


def test_an_operators_file_replaces_the_rules(tmp_path: Path) -> None:
    (tmp_path / "attachments.toml").write_text('forbidden = [{reason="r", endings=["pdf"], looks=[]}]\n[expected]\n')
    rules = load_file_rules(Source(tmp_path))
    assert rules.fault(Attachment("a.pdf", "", 1, "", 1)) == "r"
    assert rules.fault(Attachment("a.exe", "", 1, "", 1)) == ""
    assert looks_like(b"") == ""


def files_of(raw: object) -> list[str]:
    parts = email.message_from_bytes(bytes(raw), policy=email.policy.default).iter_attachments()  # type: ignore[call-overload]
    return [str(part.get_filename()) for part in parts]


def sent(house: World, name: str) -> list[dict[str, Any]]:
    return house.house.sent_with(name=name)


def test_the_question_goes_on_without_the_file_and_a_person_may_release_it(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.ask(attachments=[PDF, DISGUISED])["status"] == "forwarded"
    assert files_of(house.last("unit_forward", SXD)) == ["don.pdf"]
    alert = text_of(house.last("officer_alert", OFFICER))
    assert "ban-do.pdf" in alert
    assert "nội dung không đúng với đuôi" in alert
    polite = text_of(house.last("citizen_file_held", "an@dan.test"))
    assert "vì lý do an toàn thông tin" in polite
    assert "ban-do.pdf" not in polite
    assert "nội dung không đúng" not in polite
    mail = str(house.house.mails[-1]["id"])
    assert house.house.command("mail", "release", mail) == 0
    assert "released: ban-do.pdf" in capsys.readouterr().out
    assert files_of(house.last("unit_followup", SXD)) == ["ban-do.pdf"]
    with house.house.engine.begin() as connection:
        by = connection.execute(select(journal.c.actor).where(journal.c.act == "file_released")).scalar_one()
    assert by.startswith("console:")
    assert house.house.command("mail", "release", mail) == 1, "nothing is held any more"


def test_an_officers_order_does_not_carry_a_held_file_on(house: World) -> None:
    (act, *_) = [one for one in acts(house) if one.author == OFFICER and "chuyển" in one.text]
    text = LETTER.replace("ổ gà", "ổ gà lớn")
    code = house.ask(text, sender="ba@dan.test", attachments=[PDF, HELD["script"]])["code"]

    house.arrive(honest(replace(act, text=f"{code} chuyển SNNMT", code=str(code))))
    assert files_of(house.last("unit_forward", unit_address("SNNMT"))) == ["don.pdf"]


def test_a_units_answer_goes_on_without_the_file(house: World) -> None:
    house.ask()
    forward = house.last("unit_forward", SXD)
    words = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
    reply = answer_to(forward, SXD, words, attachments=[PDF, HELD["macro by its ending"]])
    house.arrive(vouched(reply))
    assert files_of(house.last("citizen_answered")) == ["don.pdf"]
    assert "bang.xlsm" not in text_of(house.last("citizen_answered"))
    assert sent(house, "citizen_file_held") == []
    assert house.house.command("mail", "release", str(house.house.mails[-1]["id"])) == 0
    assert files_of(house.last("citizen_file", "an@dan.test")) == ["bang.xlsm"]


ATTACHED = b"Content-Disposition: attachment"
SHAPES = {
    "Gmail": (ATTACHED, b"Content-ID: <f_m1abc0>\r\nX-Attachment-Id: f_m1abc0\r\n" + ATTACHED),
    "Apple Mail": (ATTACHED, b"Content-Disposition: inline"),
    "shown in the text": (ATTACHED, b"Content-ID: <so@do>\r\nContent-Disposition: inline"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_is_one_however_a_mail_program_attaches_it(house: World, shape: str) -> None:
    """Files with a Content-ID, or inline with a name, were left out as logos are; programs so sent went on."""
    program = ("anh.scr", "image/jpeg", b"MZ" + b"\0" * 40_000)
    logo = [("logo.png", "image/png", b"\x89PNG\r\n\x1a\n")] * (shape == "shown in the text")
    text = LETTER + "[cid:so@do]\n"
    house.arrive(vouched(letter("an@dan.test", text, attachments=[PDF, program, *logo]).replace(*SHAPES[shape])))
    forward = house.last("unit_forward", SXD)
    assert files_of(forward) == ["don.pdf"]
    assert "anh.scr" in text_of(house.last("officer_alert", OFFICER))
    answer = answer_to(forward, SXD, "Sở Xây dựng gửi văn bản trả lời kèm theo.", attachments=[PDF])
    house.arrive(vouched(answer.replace(*SHAPES[shape])))
    assert files_of(house.last("citizen_answered")) == ["don.pdf"]


def scanned(tmp_path: Path, clamd: FakeClamd, timeout: float = 5) -> World:
    extra = f"[scan]\nport = {clamd.port}\ntimeout_seconds = {timeout}\n"
    return World(tmp_path / "house", extra=extra)


def arrive(house: World, *attachments: tuple[str, str, bytes]) -> None:
    house.store(vouched(letter("an@dan.test", LETTER, attachments=attachments)))
    scan_stored(house.house.engine, house.house.installation, lambda: None)
    house.arrive()


BAD = ("ban-do.pdf", "application/pdf", b"%PDF-1.4 MA-DOC")


def test_what_the_scanner_finds_stays_and_the_rest_goes_on(tmp_path: Path) -> None:
    with FakeClamd() as clamd:
        house = scanned(tmp_path, clamd)
        arrive(house, PDF, BAD)
        assert clamd.seen == [PDF[2], BAD[2]], "each file as its recipient would get it"
        assert files_of(house.last("unit_forward", SXD)) == ["don.pdf"]
        assert "Test.Signature" in text_of(house.last("officer_alert", OFFICER))
        assert all(
            b"Test.Signature" not in bytes(row["bytes"]) for row in house.house.sent if row["role"] != "officer"
        )
        assert [row["status"] for row in house.rows(file_check)] == ["clean", "held"]
        assert house.house.faults() == []
        house.house.close()


@pytest.mark.parametrize("mode", ["silent", "cut", "error", "garbage", "down"])
def test_a_scanner_that_says_nothing_keeps_files_back_until_it_does(mode: str, tmp_path: Path) -> None:
    """Held at once, asked again, and sent on behind the question when the answer is good."""
    with FakeClamd(mode=mode) as clamd:
        house = scanned(tmp_path, clamd, 0.2)
        if mode == "down":
            object.__setattr__(house.house.config.scan, "port", 9)
        arrive(house, PDF, BAD)
        assert house.house.questions[0]["status"] == "forwarded"
        assert files_of(house.last("unit_forward", SXD)) == []
        assert "chưa quét được mã độc" in text_of(house.last("officer_alert", OFFICER))
        clamd.mode = "ok"
        object.__setattr__(house.house.config.scan, "port", clamd.port)
        assert scan_stored(house.house.engine, house.house.installation, lambda: None) == 0, "not at once again"
        house.house.clock.forward(minutes=6)
        assert scan_stored(house.house.engine, house.house.installation, lambda: None) == 2
        assert files_of(house.last("unit_followup", SXD)) == ["don.pdf"]
        assert [row["status"] for row in house.rows(file_check)] == ["clean", "held"]
        house.house.clock.forward(minutes=6)
        assert scan_stored(house.house.engine, house.house.installation, lambda: None) == 0
        assert len(sent(house, "unit_followup")) == 1
        assert house.house.faults() == []
        house.house.close()


def test_a_clean_file_of_a_forbidden_kind_stays_held(tmp_path: Path) -> None:
    with FakeClamd() as clamd:
        house = scanned(tmp_path, clamd)
        arrive(house, PDF, DISGUISED)
        assert files_of(house.last("unit_forward", SXD)) == ["don.pdf"]
        house.house.close()


def test_check_tells_whether_the_scanner_finds_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from daemon.admin.check_servers import EICAR, scanner

    with FakeClamd(bad=EICAR) as good, FakeClamd() as blind:
        for clamd, expected in ((good, "ok   scan: clamd answers"), (blind, "bad  scan: clamd does not find")):
            house = scanned(tmp_path / str(clamd.port), clamd)
            assert [str(one)[: len(expected)] for one in scanner(house.house.config)] == [expected]
            house.house.close()
