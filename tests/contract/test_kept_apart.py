"""Complaints go whole to the officer named for them; of a denunciation nothing goes anywhere (clause 1.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from daemon.cli import main
from tests.desk import Desk, answer_to, desk, letter, vouched
from tests.installation import HEAD, OFFICE, OFFICER, subject_of, text_of, unit_address

NAMED = "tiepdan@haiphong.test"
COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."
DENUNCIATION = """ĐƠN TỐ CÁO
Tôi là Hoàng Thị Bạchngọc. Tôi tố cáo ông Trần Xuyếnchi, trưởng phòng Sở Xây dựng, nhận hối lộ 50 triệu đồng.
Đề nghị giữ bí mật tên tôi.
0987 654 321
"""
SECRETS = ("Bạchngọc", "Xuyếnchi", "hối lộ", "bachngoc", "0987", "987654321", "Sở Xây dựng, nhận")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Desk]:
    extra = f'complaints = {{ name = "Cán bộ tiếp dân", email = "{NAMED}" }}'
    with desk(tmp_path / "house", extra=extra) as made:
        raw = letter("bachngoc@dan.test", DENUNCIATION, name="Hoàng Thị Bạchngọc", subject="Tố cáo ông Xuyếnchi")
        made.arrive(vouched(raw, "dan.test"))
        made.ask()
        yield made


def typed(town: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command prints, errors too."""
    capsys.readouterr()
    main([*words, "--config", str(town.house.file)])
    said = capsys.readouterr()
    return said.out + said.err


def silent(told: str) -> None:
    """Nothing of the denunciation is told."""
    for secret in SECRETS:
        assert secret not in told, secret


def test_complaint_goes_whole_to_the_named_officer_alone(town: Desk) -> None:
    town.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn"), "dan.test"))
    reviews = [row for row in town.house.sent if row["name"] == "officer_review"]
    assert [row["recipient"] for row in reviews] == [NAMED]
    assert COMPLAINT.split(". ")[1][:40] in " ".join(text_of(bytes(reviews[0]["bytes"])).replace(">", "").split())  # type: ignore[arg-type]


def test_named_officer_rules_on_it(town: Desk) -> None:
    row = town.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn"), "dan.test"))
    order = answer_to(town.last("officer_review", NAMED), NAMED, "Không tiếp nhận khiếu nại vì là đơn khiếu nại")
    town.arrive(vouched(order, "haiphong.test"))
    assert next(one for one in town.house.mails if one["id"] == row["id"])["fate"] == "reject"


def test_without_a_named_one_the_first_officer_is(tmp_path: Path) -> None:
    with desk(tmp_path / "other") as made:
        made.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn"), "dan.test"))
        assert {row["recipient"] for row in made.house.sent if row["name"] == "officer_review"} == {OFFICER}


def test_denunciation_is_told_by_number_to_the_named_officer_alone(town: Desk) -> None:
    told = [row for row in town.house.sent if row["raw_mail_id"] == 1]
    assert [(row["name"], row["recipient"]) for row in told] == [("officer_denunciation", NAMED)]
    mail = bytes(told[0]["bytes"])  # type: ignore[arg-type]
    silent(text_of(mail) + subject_of(mail) + mail.decode("utf-8", "replace"))
    assert "1" in text_of(mail)


def test_denunciation_is_in_no_mail_of_ours_not_even_days_later(town: Desk) -> None:
    for _ in range(4):
        town.house.clock.forward(days=1)
        town.house.service.catch_up()
        town.due()
    status = answer_to(town.last("officer_denunciation"), NAMED, "Tình trạng")
    town.arrive(vouched(status, "haiphong.test"))
    names = {str(row["name"]) for row in town.house.sent}
    assert names >= {"officer_denunciation", "unit_forward"}
    for row in town.house.sent:
        mail = bytes(row["bytes"])  # type: ignore[arg-type]
        silent(f"{row['subject']}{text_of(mail)}")
    reached = {str(row["recipient"]) for row in town.house.sent if row["raw_mail_id"] == 1}
    assert reached <= {NAMED, OFFICER, HEAD, OFFICE}
    assert unit_address("SXD") not in reached


def test_denunciation_is_in_no_table_but_the_raw_bytes(town: Desk) -> None:
    with town.house.engine.begin() as connection:
        names = [row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        assert "question_search_content" in names or "question_search" in names
        for name in names:
            if name != "raw_content":
                silent(str([tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]))


COMMANDS = (
    ("register", "list"), ("register", "list", "--json"), ("register", "search", "hoi", "lo"), ("register", "export"),
    ("register", "show", "HP-2026-000001"), ("mail", "list"), ("mail", "list", "--json"), ("mail", "show", "1"),
    ("mail", "show", "1", "--json"), ("mail", "list", "--sent"), ("stats",), ("verify", "--offline"),
    ("rules", "replay", "--since", "2026-10-01"), ("rules", "replay", "--since", "2026-10-01", "--json"),
    ("rules", "corrections", "--confirmed"), ("person", "export", "bachngoc@dan.test"),
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_tells_of_it(town: Desk, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    told = typed(town, capsys, *words)
    for secret in SECRETS:
        if not (words[0] == "person" and secret == "bachngoc"):  # the address that was asked for
            assert secret not in told, secret


def test_its_bytes_are_not_handed_out(town: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = typed(town, capsys, "mail", "show", "1", "--raw", str(tmp_path / "raw"))
    assert "kept apart" in told
    assert not (tmp_path / "raw").exists()


def test_exports_do_not_hold_it(town: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("book.xlsx", "book.csv"):
        typed(town, capsys, "register", "export", "--output", str(tmp_path / name))
    silent((tmp_path / "book.csv").read_text(encoding="utf-8-sig"))
    book = load_workbook(tmp_path / "book.xlsx")
    silent(str([row for sheet in book for row in sheet.iter_rows(values_only=True)]))
    book.close()


def test_explain_routes_it_nowhere(town: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mail.eml"
    raw = letter("khac@dan.test", DENUNCIATION, subject="Tố cáo")
    file.write_bytes(raw)
    told = json.loads(typed(town, capsys, "explain", "--json", str(file)))
    assert (told["kind"], told["fate"], told["decision"], told["route"]) == ("denunciation", "hold", "none", [])


def test_nothing_of_it_is_logged(town: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    raw = letter("bachngoc@dan.test", DENUNCIATION + "Lần hai.", name="Hoàng Thị Bạchngọc", subject="Tố cáo Xuyếnchi")
    capsys.readouterr()
    town.arrive(vouched(raw, "dan.test"))
    said = capsys.readouterr()
    silent(said.out + said.err)
