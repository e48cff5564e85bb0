"""Every prepared command of every mail, sent exactly as it was prepared, is carried out or answered."""

import email
import email.policy
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from db.core.tables import answer
from tests.contract.test_desk import REVIEWED
from tests.contract.test_desk_overview import COMPLAINT
from tests.dose import each_third
from tests.installation import MONDAY, SXD, letter, text_of
from tests.world import SIGNATURE, World, vouched, world

DAYS = (1, 7, 12, 14, 15, 17)
"""Days on which the overviews are made: new, a new week, soon, today, late."""


def full(house: World) -> None:
    """An office with something of each kind: forwarded, late, under review, held, a file, a wish about data."""
    code = house.ask(message_id="<1@dan.test>")["code"]
    house.ask(REVIEWED, "ba@dan.test", message_id="<2@dan.test>")
    house.ask(COMPLAINT + SIGNATURE, "ke@dan.test", message_id="<3@dan.test>")
    held = letter("tu@dan.test", "Xin gửi tệp", attachments=[("a.exe", "application/octet-stream", b"MZ")])
    house.arrive(vouched(held))
    house.answers("citizen_received", "an@dan.test", f"Xin xóa dữ liệu cá nhân, {code}")
    for number, text in enumerate(("Xin gia hạn đến ngày 30/10/2026 vì phải kiểm tra", "Xin ý kiến UBND thành phố")):
        house.answers("unit_forward", SXD, text, message_id=f"<u{number}@sxd.test>")
    for day in DAYS:
        house.house.clock.at = MONDAY + timedelta(days=day)
        house.due()
        house.overviews()


def content(row: dict[str, Any]) -> bytes:
    """The bytes of an outbox row."""
    found = row["bytes"]
    assert isinstance(found, bytes)
    return found


def prepared(raw: bytes) -> list[tuple[str, str, str, str]]:
    """Label, address, subject and body of the prepared mails in the HTML part."""
    page = email.message_from_bytes(raw, policy=email.policy.default).get_body(("html",))
    found = re.findall(r'href="(mailto:[^"]*)"[^>]*>([^<]*)<', page.get_content()) if page is not None else []
    links = []
    for target, label in found:
        parts = urlsplit(target.replace("&amp;", "&"))
        fields = parse_qs(parts.query, keep_blank_values=True)
        if "body" in fields:
            links.append((label, unquote(parts.path), fields["subject"][0], fields["body"][0].replace("\r\n", "\n")))
    return links


@each_third("prefix", ["HP", "DN"])
def test_every_prepared_command_is_carried_out_or_answered(tmp_path: Path, prefix: str) -> None:
    with world(tmp_path / "house", extra=f'prefix = "{prefix}"', bystanders=False) as house:
        full(house)
        links = [
            (str(row["name"]), str(row["recipient"]), link)
            for row in house.house.sent
            for link in prepared(content(row))
        ]
        assert {name for name, _, _ in links} >= {
            "officer_digest", "officer_review", "officer_alert", "week_unit", "unit_forward", "unit_overdue",
        }  # fmt: skip
        seen: set[tuple[str, str, str]] = set()
        for name, person, (label, address, subject, body) in links:
            if (name, label, body) in seen:
                continue
            seen.add((name, label, body))
            before = len(house.house.sent)
            raw = letter(person, body, to=address, subject=subject, message_id=f"<p{len(seen)}@x.test>")
            row = house.arrive(vouched(raw, person.rpartition("@")[2]))
            said = f"{name}: {label}: {body!r}: {row['reason']}"
            if person == SXD:
                assert row["kind"] == "reply", said
                continue
            assert row["fate"] == "attach", said
            told = [one for one in house.house.sent[before:] if one["name"] == "officer_done"]
            assert [one["recipient"] for one in told] == [person], said
            text = " ".join(text_of(content(told[0])).split())
            assert "Chưa hiểu" not in text, f"{said}: {text}"
            assert "Chưa thực hiện được lệnh" not in text, f"{said}: {text}"
        assert len(seen) > 30


@pytest.mark.parametrize("said", ["", "\n\nTrân trọng,\nSở Xây dựng", "Kính gửi Ban Biên tập,\n\n"])
def test_the_prepared_answer_of_a_unit_sent_without_an_answer_is_none(house: World, said: str) -> None:
    house.ask()
    links = {label: link for label, *link in prepared(house.last("unit_forward"))}
    address, subject, body = links["Gửi câu trả lời"]
    row = house.arrive(vouched(letter(SXD, f"{body}{said}", to=address, subject=subject)))
    assert row["status"] == "held"
    assert house.rows(answer) == []
    assert [one["name"] for one in house.house.sent[-1:]] == ["officer_review"]
    assert "không có câu trả lời" in row["reason"]
    written = letter(SXD, f"{body}Đường sẽ được sửa trong quý I năm 2027.", to=address, subject=subject)
    house.arrive(vouched(written))
    assert house.house.questions[0]["status"] == "answered"


def test_the_prepared_answer_of_a_unit_with_its_paper_is_one(house: World) -> None:
    house.ask()
    links = {label: link for label, *link in prepared(house.last("unit_forward"))}
    address, subject, body = links["Gửi câu trả lời"]
    paper = ("CV 123.pdf", "application/pdf", b"%PDF-1.4 scan")
    house.arrive(vouched(letter(SXD, body, to=address, subject=subject, attachments=[paper])))
    assert house.house.questions[0]["status"] == "answered"
