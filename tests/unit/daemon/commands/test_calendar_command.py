"""``doithoai calendar``: what the days off rest on, importing a notice, confirming a year."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from daemon.base import clock
from daemon.cli import main
from daemon.config import config
from rules.law.working_days import load_calendar
from rules.values.data_file import Source
from tests.support.full_disk import full_disk

NOTICE = ["2027-01-01", *(f"2027-02-{day:02d}" for day in range(4, 11)), "2027-04-16", "2027-04-30", "2027-05-03"]
NOTICE += ["2027-09-02", "2027-09-03", "2027-11-24"]


@pytest.fixture(autouse=True)
def _quiet_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "DEFAULT_CONFIG", Path("/nowhere/doithoai.toml"))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 30, 3, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "rules"


def notice(folder: Path, days: list[str]) -> str:
    """A file with those days off; gives its path."""
    path = folder.parent / "notice.tsv"
    path.write_text("date\tkind\tname\n" + "".join(f"{day}\toff\tNgày nghỉ\n" for day in days), encoding="utf-8")
    return str(path)


def test_check_is_content_in_november(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "check"]) == 0
    out = capsys.readouterr().out
    assert "2026 announced 14 weekdays off, 2 made-up days; TB 9441/TB-BNV" in out
    assert "2027 guessed" in out
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 1, 3, tzinfo=UTC))
    assert main(["calendar", "check"]) == 1
    assert "problem: 2027 is not confirmed" in capsys.readouterr().out


def test_import_shows_the_changes_then_confirms(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = notice(folder, [*NOTICE[:7], *NOTICE[8:], "2027-02-11"])
    assert main(["calendar", "import", path, "--folder", str(folder), "--dry-run"]) == 0
    dry = capsys.readouterr().out
    assert not folder.exists()
    assert main(["calendar", "import", path, "--folder", str(folder)]) == 0
    out = capsys.readouterr().out
    assert (
        out.splitlines()[:2]
        == dry.splitlines()[:2]
        == [
            "Wed 2027-02-10 ngày nghỉ (Mùng năm Tết Nguyên Đán) -> ngày làm việc",
            "Thu 2027-02-11 ngày làm việc -> ngày nghỉ (Ngày nghỉ)",
        ]
    )
    assert load_calendar(Source(folder)).is_provisional(2027)
    assert main(["calendar", "confirm", "2027", "--basis", "TB 76", "--folder", str(folder)]) == 0
    calendar = load_calendar(Source(folder))
    assert not calendar.is_provisional(2027)
    assert calendar.table.years[2027].basis == "TB 76"
    assert calendar.is_day_off(datetime(2027, 2, 11).date())
    assert calendar.days_of(2026) == load_calendar().days_of(2026)


def test_a_full_disk_leaves_the_table_as_it_was_and_nothing_beside_it(folder: Path) -> None:
    assert main(["calendar", "confirm", "2027", "--basis", "TB 76", "--folder", str(folder)]) == 0
    before = (folder / "calendar.tsv").read_bytes()
    with full_disk():
        assert main(["calendar", "confirm", "2027", "--basis", "TB 77", "--folder", str(folder)]) == 1
    assert [(one.name, one.read_bytes()) for one in folder.iterdir()] == [("calendar.tsv", before)]


def test_a_guess_may_be_confirmed_as_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "confirm", "2027", "--folder", str(folder)]) == 2
    assert "name it with --basis" in capsys.readouterr().err, "certain by the notice, not by the year"
    assert main(["calendar", "confirm", "2027", "--basis", "TB 77/TB-BNV", "--folder", str(folder)]) == 0
    assert "Wed 2027-11-24 off      Ngày Văn hóa Việt Nam" in capsys.readouterr().out
    calendar = load_calendar(Source(folder))
    assert calendar.table.years[2027].basis == "TB 77/TB-BNV"
    assert calendar.table.years[2027].compared_on == date(2026, 11, 30)
    assert main(["calendar", "confirm", "2027", "--folder", str(folder)]) == 0
    assert "confirmed already" in capsys.readouterr().out


def test_importing_what_is_known_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = [row.day.isoformat() for row in load_calendar().days_of(2025) if row.kind != "workday"]
    path = Path(notice(folder, days))
    path.write_text(path.read_text("utf-8") + "2025-04-26\tworkday\tlàm bù\n", encoding="utf-8")
    assert main(["calendar", "import", str(path), "--folder", str(folder)]) == 0
    assert "2025: the days stay as they are" in capsys.readouterr().out
    assert not load_calendar(Source(folder)).is_provisional(2025)


def test_a_scanty_notice_is_warned_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "import", notice(folder, ["2027-01-01"]), "--folder", str(folder)]) == 0
    assert "warning: 2027 has only 1 weekdays off" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["confirm", "2027"], 2, "rules.folder is not set: write folder = "),
        (["confirm", "27", "--folder", "DIR"], 2, "not a year"),
        (["confirm", "9999", "--folder", "DIR"], 2, "not a year"),
        (["import", "FILE"], 2, "rules.folder is not set: write folder = "),
        (["import", "/nowhere/x.tsv", "--folder", "DIR"], 1, "/nowhere/x.tsv: no such file"),
        (["import", "WRONG", "--folder", "DIR"], 1, "not a date"),
        (["import", "EMPTY", "--folder", "DIR"], 1, "no rows"),
    ],
)
def test_wrong_use_is_one_line(
    words: list[str], code: int, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, empty = folder.parent / "wrong.tsv", folder.parent / "empty.tsv"
    wrong.write_text("date\tkind\tname\n2027-13-01\toff\tx\n", encoding="utf-8")
    empty.write_text("date\tkind\tname\n", encoding="utf-8")
    known = {"DIR": str(folder), "FILE": notice(folder, NOTICE), "WRONG": str(wrong), "EMPTY": str(empty)}
    assert main(["calendar", *(known.get(word, word) for word in words)]) == code
    err = capsys.readouterr().err
    assert message in err
    assert len(err.splitlines()) == 1
    assert not folder.exists()
