"""``doithoai deadlines`` as scripts use it."""

import json
from pathlib import Path

import pytest

from daemon.cli import main
from daemon.commands import status

KEYS = {"clause", "on", "raw", "rolled", "provisional", "reason"}


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "DEFAULT_CONFIG", Path("/nowhere/doithoai.toml"))


def test_one_object_a_line_in_the_order_of_the_dates(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadlines", "--json", "2026-11-26", "2016-09-08", "2026-11-26"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["session"] for line in lines] == ["2026-11-26", "2016-09-08", "2026-11-26"]
    duties = lines[0]["duties"]
    assert all(set(duty) >= KEYS for duty in duties)
    assert [d["clause"] for d in duties[:7]] == ["10.1.a", "10.1.b", "10.1.c", "10.1.d", "10.1.đ", "10.1.g", "10.1.i"]
    assert len({duty["clause"] for duty in duties}) == len(duties)
    script = duties[4]
    assert (script["on"], script["raw"], script["rolled"]) == ("2026-11-23", "2026-11-24", True)
    assert "Ngày Văn hóa Việt Nam" in script["reason"]
    assert (script["provisional"], lines[1]["duties"][0]["provisional"]) == (False, True)
    assert any("S-3 (10.1.d) và S-2 (10.1.đ) trùng một ngày" in note for note in lines[0]["notes"])


def test_the_table_names_every_date_and_note(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadlines", "2026-03-03", "2027-03-09"]) == 0
    out = capsys.readouterr().out
    assert "10.1.a   S-15   Fri 2026-02-13    Mon 2026-02-16" in out
    assert "note: S-3 (10.1.d) và S-2 (10.1.đ) trùng một ngày" in out
    assert "Fri 2027-03-12 ?" in out
    assert "? provisional" in out
    assert "Căn cứ" not in out
    assert main(["deadlines", "--reasons", "2026-03-03"]) == 0
    assert "Căn cứ: điểm a khoản 1 Điều 10" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["2026-02-30", "tomorrow", "26/11/2026", "20261126", "", "0001-01-02", "9999-12-25"])
def test_a_wrong_date_is_one_line_and_two(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadlines", "--json", "2026-11-26", text]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "Traceback" not in captured.err


def test_no_date_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["deadlines"])
    assert caught.value.code == 2
    assert "DATE" in capsys.readouterr().err


def test_an_unknown_profile_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadlines", "--profile", "nowhere", "2026-11-26"]) == 1
    assert "profiles/nowhere.toml" in capsys.readouterr().err
