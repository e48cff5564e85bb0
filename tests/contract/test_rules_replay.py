"""``doithoai rules replay`` on an installation: what a change of rules would change."""

import hashlib
import json
import re
import sqlite3
from pathlib import Path

import pytest

from rules.values.data_file import SHIPPED
from tests.installation import OFFICER, letter
from tests.world import World

WATER = (
    "Nước máy nhà tôi đục ngầu cả tuần nay, đồng hồ nước chạy nhanh bất thường, xin hỏi ai kiểm tra, bao giờ xong?"
)
DENUNCIATION = "ĐƠN TỐ CÁO. Tôi tố cáo ông Trần Mỗ, trưởng phòng, nhận hối lộ 50 triệu đồng để cấp phép."
COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."


@pytest.fixture
def town(house: World) -> World:
    house.ask()
    house.ask(WATER, "binh@dan.test", subject="Nước đục")
    house.arrive(letter("chi@dan.test", DENUNCIATION, name="Người Tố Cáo", subject="Tố cáo ông Mỗ"))
    house.arrive(letter("dung@dan.test", COMPLAINT, subject="Đơn"))
    return house


def candidate(folder: Path, name: str, old: str, new: str) -> Path:
    """A rules folder with one shipped file changed."""
    file = folder / "candidate" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = (SHIPPED / name).read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return folder / "candidate"


def replay(town: World, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit status and what is printed."""
    capsys.readouterr()
    return town.house.command("rules", "replay", *words), capsys.readouterr().out


def contents(town: World) -> str:
    """A digest over everything in the database."""
    with town.house.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        return hashlib.sha256("\n".join(raw.iterdump()).encode()).hexdigest()


def test_a_higher_threshold_is_seen_mail_by_mail_and_nothing_is_written(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = candidate(tmp_path, "routing/scoring.toml", "forward = 0.55", "forward = 1.0")
    before = contents(town)
    code, out = replay(town, capsys, "--since", "2026-10-01", "--rules", str(rules), "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["mails"], told["sealed"], told["sealed_lost"]) == (3, 1, 0)
    assert told["totals"]["active"]["forward"] > told["totals"]["candidate"]["forward"] == 0
    changed = {one["question"]: one for one in told["changed"]}
    assert changed["HP-2026-000001"]["active"]["decision"] == "forward"
    assert changed["HP-2026-000001"]["candidate"]["decision"] == "review"
    assert changed["HP-2026-000001"]["decided"]["units"] == ["SXD"]
    assert changed["HP-2026-000001"]["decided"]["by"] == "rules"
    assert contents(town) == before


def test_another_unit_is_named_with_the_old(town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = candidate(tmp_path, "routing/scoring.toml", "vote = 1.0", "vote = 0.01")
    (rules / "routing/capnuoc.toml").write_text('unit = "CAPNUOC"\n', encoding="utf-8")
    (rules / "routing/sct.toml").write_text(
        'unit = "SCT"\n[[field]]\nname = "Thử"\ndecisive = ["nước máy", "đồng hồ nước"]\n', encoding="utf-8"
    )
    code, out = replay(town, capsys, "--since", "2026-10-01", "--rules", str(rules))
    assert code == 0
    line = next(line for line in out.splitlines() if "HP-2026-000002" in line)
    assert "question CAPNUOC" in line
    assert "-> question SCT" in line
    assert "(now with CAPNUOC, by rules)" in line


def test_unchanged_rules_change_nothing_against_the_record(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = replay(town, capsys, "--since", "2026-10-01", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["against"] == "record"
    assert told["changed"] == []
    assert json.loads(replay(town, capsys, "--since", "2026-10-06", "--json")[1])["mails"] == 0


def test_an_officers_ruling_counts_as_what_was_decided(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    town.answers("officer_review", OFFICER, "HP-2026-000001 chuyển SNNMT")
    told = json.loads(replay(town, capsys, "--since", "2026-10-01", "--json")[1])
    line = next(one for one in told["changed"] if one["question"] == "HP-2026-000001")
    assert (line["decided"]["units"], line["candidate"]["units"]) == (["SNNMT"], ["SXD"])
    assert told["mails"] == 3, "the officer's own mail is no question"


def test_no_word_of_anybody_is_printed(town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = candidate(tmp_path, "routing/scoring.toml", "forward = 0.55", "forward = 1.0")
    for words in ([], ["--json"]):
        out = replay(town, capsys, "--since", "2026-10-01", "--rules", str(rules), *words)[1]
        for secret in ("dan.test", "Nguyễn", "0912", "ổ gà", "Mỗ", "Tố cáo", "chi@"):
            assert secret not in out
        assert '"mail": 3' not in out
        assert "mail 3 " not in out


def test_rules_that_lose_a_denunciation_are_called_unsafe(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "candidate"
    (rules / "classify").mkdir(parents=True)
    vote = (SHIPPED / "classify/vote.toml").read_text("utf-8")
    (rules / "classify/vote.toml").write_text(
        re.sub(r"(?m)^(kind|doubt|named) = .*", r"\1 = 999.0", vote), encoding="utf-8"
    )
    for name in ("denunciation", "complaint"):
        text = (SHIPPED / "classify" / f"{name}.toml").read_text("utf-8")
        for number in ("threshold", "doubt", "certain"):
            text = re.sub(rf"(?m)^{number} = [\d.]+", f"{number} = 999.0", text)
        (rules / "classify" / f"{name}.toml").write_text(text, encoding="utf-8")
    code, out = replay(town, capsys, "--since", "2026-10-01", "--rules", str(rules))
    assert code == 1
    assert "UNSAFE: mail 4" in out
    assert "UNSAFE: 1 denunciations" in out
    assert "mail 3" not in out


def test_a_folder_that_is_not_there_is_one_clear_line(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert town.house.command("rules", "replay", "--since", "2026-10-01", "--rules", "/no/such") == 1
    assert capsys.readouterr().err == "doithoai rules: /no/such: no such folder\n"
