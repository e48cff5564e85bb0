"""The register on paper and on screen: workbook, CSV, full-text search; the same on both databases."""

import csv
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Connection, insert, inspect

from daemon.papers.sessions import SessionService
from db.core.tables import assignment, question
from db.mails import ledger
from db.register import search
from tests.installation import MONDAY, LiveInstallation
from tests.world import FORM, ROAD, SIGNATURE


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[LiveInstallation]:
    made = LiveInstallation(tmp_path / "house", 1, 1, database_url)
    yield made
    made.close()


def put(house: LiveInstallation, *texts: str, **columns: object) -> None:
    """Register rows without a mail."""
    house.books_broken = "questions that no mail has asked"
    with house.engine.begin() as connection:
        start = len(house_rows(connection))
        for number, content in enumerate(texts, start + 1):
            row: dict[str, Any] = {
                "code": f"HP-2026-{number:06d}", "year": 2026, "number": number, "received_at": MONDAY,
                "registered_at": MONDAY, "status": "forwarded", "content": content, "subject": "Hỏi", **columns,
            }  # fmt: skip
            connection.execute(insert(question).values(**row))


def house_rows(connection: object) -> list[object]:
    return list(connection.execute(question.select()))  # type: ignore[attr-defined]


def _run(house: LiveInstallation, args: tuple[str, ...]) -> int:
    part, *rest = args
    return house.command("register", part, *rest)


def found(house: LiveInstallation, words: str) -> list[str]:
    with house.engine.begin() as connection:
        search.prepare(connection)
        rows = {row.id: row.code for row in house_rows(connection)}  # type: ignore[attr-defined]
        return [rows[each] for each in search.find(connection, words)]


def test_search_with_and_without_marks(house: LiveInstallation) -> None:
    put(house, ROAD + SIGNATURE, "Đò ngang bến Bính bao giờ chạy lại?", "Đỗ xe trước cổng trường")
    assert found(house, "o ga") == ["HP-2026-000001"]
    assert found(house, "Ổ GÀ Sở Xây dựng") == ["HP-2026-000001"]
    assert found(house, "do") == ["HP-2026-000003", "HP-2026-000002"]
    assert found(house, "đò") == ["HP-2026-000002"]
    assert found(house, "đỗ") == ["HP-2026-000003"]
    assert found(house, "không có từ này") == []
    assert found(house, "\"'; OR * NEAR( -") == []
    assert found(house, "ngo_nha") == [], "an underscore makes no phrase, which the index could not look for"


def test_another_daemon_may_put_a_question_in_while_the_index_is_filled(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = LiveInstallation(tmp_path / "house", 1, 1, postgres_url)
    assert found(house, "o ga") == [], "the index is there, and empty"
    put(house, ROAD)
    fill = search._put

    def with_another(connection: Connection, ids: Sequence[int]) -> None:
        monkeypatch.setattr(search, "_put", fill)
        with house.engine.begin() as other:
            search.renew(other, ids[0])
        fill(connection, ids)

    monkeypatch.setattr(search, "_put", with_another)
    assert found(house, "o ga") == ["HP-2026-000001"]
    house.close()


def test_a_gap_below_the_newest_question_is_filled(tmp_path: Path, postgres_url: str) -> None:
    """Another daemon had taken in the newest one between two portions; what lay below was never found."""
    house = LiveInstallation(tmp_path / "house", 1, 1, postgres_url)
    assert found(house, "o ga") == [], "the index is there, and empty"
    put(house, ROAD, "Đò ngang bến Bính bao giờ chạy lại?")
    with house.engine.begin() as connection:
        newest = question.select().order_by(question.c.id.desc()).limit(1)
        search.take_in(connection, connection.execute(newest).one())
        assert search.lacks(connection)
        search.prepare(connection)
        assert not search.lacks(connection)
    assert (found(house, "o ga"), found(house, "đò")) == (["HP-2026-000001"], ["HP-2026-000002"])
    house.close()


def test_a_word_with_rare_marks_is_found_behind_thousands_with_others(house: LiveInstallation) -> None:
    put(house, "Xin hỏi về má", *["Xin hỏi về mà"] * 2100)
    assert found(house, "má") == ["HP-2026-000001"]


def test_index_is_made_in_portions_and_an_older_one_goes(tmp_path: Path) -> None:
    house = LiveInstallation(tmp_path / "house", 1, 1)
    put(house, *["Hư hỏng nặng"] * 2500)
    with house.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {search.INDEX}")
        connection.info.clear()
        connection.exec_driver_sql("CREATE VIRTUAL TABLE question_search USING fts5(words)")
        assert search.lacks(connection)
        assert search.prepare(connection, 2000) == 2000
        assert search.lacks(connection)
        assert search.prepare(connection, 2000) == 500
        assert not search.lacks(connection)
        assert not inspect(connection).has_table("question_search"), "what was erased would stay in it"
        assert len(search.find(connection, "hư hỏng", 3000)) == 2500
    house.close()


LOOKS = (
    "register list",
    "register export --output {folder}/so.csv",
    "register search gà",
    "stats",
    "verify --offline",
    "retention",
    "calendar export {folder}/lich.ics",
    "person erase an@dan.test",
    "mail list",
    "mail list --sent",
    "mail show {mail}",
    "session list",
    "rules corrections",
    "rules drift",
    "rules replay --since 2026-01-01",
)


@pytest.mark.parametrize("words", LOOKS)
def test_a_look_and_a_writer_wait_for_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str) -> None:
    house = LiveInstallation(tmp_path / "house", 1, 1)
    put(house, ROAD, status="answered")
    assert found(house, "o ga") == ["HP-2026-000001"]
    with house.engine.begin() as connection:
        ledger.store(connection, "INBOX", 1, [ledger.Arrived(1, b"Subject: x", MONDAY)], MONDAY)
    with house.engine.begin() as connection:
        connection.execute(question.update().values(field="đường"))
        code = house.command(*words.format(folder=tmp_path, mail=1).split())
    of_nobody = words.startswith("person erase")  # ends with 1 where nothing is kept
    assert (code, capsys.readouterr().err) == (int(of_nobody), "")
    house.close()


def test_search_follows_what_changes(house: LiveInstallation) -> None:
    put(house, ROAD)
    assert found(house, "trần phú") == []
    with house.engine.begin() as connection:
        connection.execute(question.update().values(asker_address="số 5 phố Trần Phú"))
        search.renew(connection, 1)
    assert found(house, "trần phú") == ["HP-2026-000001"]
    put(house, "Câu hỏi thứ hai về điện")
    assert found(house, "dien") == ["HP-2026-000002"]


def test_search_command(house: LiveInstallation, capsys: pytest.CaptureFixture[str]) -> None:
    put(house, ROAD)
    assert _run(house, ("search", "--json", "ổ", "gà")) == 0
    assert json.loads(capsys.readouterr().out)["number"] == "HP-2026-000001"
    assert _run(house, ("search", "gì", "đâu")) == 1


def test_workbook_has_typed_cells_filters_and_nothing_that_runs(house: LiveInstallation, tmp_path: Path) -> None:
    put(house, '=HYPERLINK("http://x.test")', "@SUM(A1)", "Bình\x01 thường\x0b\nhai dòng", "http://link.test", "0912")
    put(house, "Y" * 40_000, status="answered")
    target = tmp_path / "so.xlsx"
    assert _run(house, ("export", "--output", str(target))) == 0
    book = openpyxl.load_workbook(target)
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    assert head[0] == "Số"
    assert "Chữ ký" in head
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:X7"
    at, content = head.index("Thời điểm nhận"), head.index("Nội dung hỏi")
    assert sheet[2][at].value == dt.datetime(2026, 10, 5, 9, 0)
    assert {sheet[row][content].data_type for row in range(2, 8)} == {"s"}
    assert sheet[2][content].value == '=HYPERLINK("http://x.test")'
    assert sheet[4][content].value == "Bình thường\nhai dòng"
    assert sheet[5][content].hyperlink is None
    assert len(sheet[7][content].value) == 32_000
    assert sheet[7][head.index("Trạng thái")].value == "đã trả lời"
    assert sheet[7][head.index("Phân loại")].value == "câu hỏi, kiến nghị"
    book.close()


def test_export_is_narrowed(house: LiveInstallation, tmp_path: Path) -> None:
    put(house, "một", field="Giao thông")
    put(house, "hai", field="Y tế")
    target = tmp_path / "so.csv"
    target.touch(mode=0o644)
    assert _run(house, ("export", "--field", "y tế", "--output", str(target))) == 0
    assert target.stat().st_mode & 0o777 == 0o600
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [row["content"] for row in csv.DictReader(file)] == ["hai"]
    code = SessionService(house.engine, house.installation, "console:test").propose(FORM)[0].code
    assert numbers(house, target, "--session", code) == []
    with house.engine.begin() as connection:
        connection.execute(question.update().where(question.c.number == 2).values(session_id=1))
    assert numbers(house, target, "--session", code.lower()) == [2]
    assigned(house, 2, "SYT")
    whole = ("--session", code, "--unit", "SYT", "--field", "y tế", "--status", "forwarded", "--since", "2026-10-05")
    assert numbers(house, target, *whole, "--until", "2026-10-05") == [2]
    assert numbers(house, target, *whole, "--until", "2026-10-05", "--status", "answered") == []


def assigned(house: LiveInstallation, number: int, unit: str, status: str = "forwarded") -> None:
    with house.engine.begin() as connection:
        connection.execute(
            insert(assignment).values(
                question_id=number,
                unit=unit,
                status=status,
                forwarded_at=MONDAY,
                due={},
                due_on=dt.date(2026, 10, 20),
                due_at=MONDAY,
            )
        )


def numbers(house: LiveInstallation, path: Path, *narrow: str) -> list[int]:
    assert _run(house, ("export", *narrow, "--output", str(path))) == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [int(row["number"][-6:]) for row in csv.DictReader(file)]


def test_fields_units_and_states_are_found_as_people_write_them(house: LiveInstallation, tmp_path: Path) -> None:
    put(house, "một", field="Đường bộ, cầu")
    put(house, "hai", field="Đất đai", status="answered")
    assigned(house, 1, "SXD")
    assigned(house, 2, "SNNMT")
    assigned(house, 2, "PHONG_CU")
    path = tmp_path / "so.csv"
    for field in ("đường", "ĐƯỜNG BỘ", "duong bo"):
        assert numbers(house, path, "--field", field) == [1], field
    assert numbers(house, path, "--field", "đ") == [1, 2]
    assert numbers(house, path, "--field", "đường%") == []
    for unit in ("SXD", "sxd", "Sở Xây dựng", "so xay dung"):
        assert numbers(house, path, "--unit", unit) == [1], unit
    assert numbers(house, path, "--unit", "phong_cu") == [2], "a unit that the rules have no more"
    for state in ("answered", "đã trả lời", "Đã trả lời"):
        assert numbers(house, path, "--status", state, "--unit", "SNNMT", "--field", "đất") == [2], state


@pytest.mark.parametrize(
    ("narrow", "code", "told"),
    [
        (("--unit", "SXDD"), 1, "register: no unit 'SXDD'; did you mean SXD?"),
        (("--unit", "Sở Đường sắt cao tốc"), 1, "register: no unit"),
        (("--session", "p-2026-99"), 1, "register: no session P-2026-99"),
        (("--since", "2026-12-01", "--until", "2026-11-01"), 1, "--since 2026-12-01 is after --until 2026-11-01"),
        (("--status", "done"), 2, "no state 'done'; the states are received, needs_review,"),
        (("--since", "17/11/2026"), 2, "argument --since: not a date (YYYY-MM-DD): '17/11/2026'"),
    ],
)
def test_what_nothing_can_fit_is_told_instead_of_an_empty_register(
    house: LiveInstallation, capsys: pytest.CaptureFixture[str], narrow: tuple[str, ...], code: int, told: str
) -> None:
    put(house, "một")
    for part in ("export", "list"):
        if part == "list" and "--session" in narrow:
            continue
        try:
            left = _run(house, (part, *narrow))
        except SystemExit as stopped:
            left = int(str(stopped.code))
        out, err = capsys.readouterr()
        assert (left, out) == (code, "")
        assert told in err.splitlines()[-1], part


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx", "pdf"])
def test_a_file_that_cannot_be_written_is_one_line(
    house: LiveInstallation, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    path = tmp_path / "nowhere" / f"so.{form}"
    assert _run(house, ("export", "--output", str(path))) == 1
    assert capsys.readouterr().err == f"doithoai: {path}: No such file or directory\n"


def test_workbook_can_be_printed_and_signed(house: LiveInstallation, tmp_path: Path) -> None:
    put(house, "một")
    assigned(house, 1, "SGTVT", "refused")
    assigned(house, 1, "SXD")
    target = tmp_path / "so.xlsx"
    assert _run(house, ("export", "--output", str(target))) == 0
    book = openpyxl.load_workbook(target)
    sheet = book.active
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert cells["Đơn vị xử lý"].value == "Sở Xây dựng", "as on paper: by name, without who refused it"
    assert {cell.border.bottom.style for cell in sheet[2]} == {"thin"}, "lines from cell to cell, a box to sign in"
    assert {cells[name].alignment.horizontal for name in ("Thời điểm nhận", "Hạn trả lời")} == {"center"}
    assert "Sổ ghi chép câu hỏi" in str(sheet.oddHeader.center.text)
    book.close()


def test_an_export_to_a_folder_is_refused_and_leaves_the_folder_open(
    house: LiveInstallation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir(mode=0o755)
    before = folder.stat().st_mode
    assert house.command("register", "export", "--output", str(folder)) == 1
    assert "is a folder; give the path of a file in it" in capsys.readouterr().err
    assert folder.stat().st_mode == before
