"""``doithoai rules corrections`` on an installation: what people ruled becomes labelled mails and proposals."""

import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Row

from daemon.commands.rules import read_rows
from db.core import journal
from db.core.tables import raw_mail
from db.mails import stored_mails
from rules.routing.routing_rules import load_routing
from rules.tuning.measure import judge_rows
from tests.installation import OFFICER, answer_to, letter, unit_address
from tests.world import World, vouched

SIGNED = "\n\n{name}\nSố 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\nĐT: 0912 000 11{n}\n"
TEXTS = (
    "Tôi muốn hỏi về việc mở bến thủy phi cơ phải làm thế nào? Ai cấp phép bến thủy phi cơ?",
    "Công ty tôi muốn đặt bến thủy phi cơ gần đảo, xin hỏi phải xin phép ai?",
    "Cho hỏi bến thủy phi cơ của tư nhân có được thu vé không?",
)
COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."
DENUNCIATION = "ĐƠN TỐ CÁO. Tôi tố cáo ông Trần Mỗ, trưởng phòng, nhận hối lộ bến thủy phi cơ 50 triệu đồng."


def rule(town: World, command: str) -> None:
    """An officer's command, in answer to the last review mail."""
    town.answers("officer_review", OFFICER, command)


@pytest.fixture
def town(house: World) -> World:
    house.arrive(letter("to@dan.test", DENUNCIATION, name="Người Tố Cáo"))
    house.arrive(letter("giu@dan.test", COMPLAINT + SIGNED.format(name="Lê Văn Giữ", n=9)))
    for number, text in enumerate(TEXTS):
        code = house.ask(text + SIGNED.format(name="Nguyễn Văn An", n=number), f"an{number}@dan.test")["code"]
        rule(house, f"{code} chuyển BQLKKT")
    return house


def corrections(town: World, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert town.house.command("rules", "corrections", *words) == 0
    return capsys.readouterr().out


def test_corrected_questions_become_labelled_rows_that_rules_test_reads(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.tsv"
    out.write_text("rows of last year")
    out.chmod(0o644)
    corrections(town, capsys, "--out", str(out))
    assert out.stat().st_mode & 0o777 == 0o600
    rows = read_rows(out)
    moved = [row for row in rows if "thủy phi cơ" in row["text"]]
    assert [(row["expected_unit"], row["expected_class"]) for row in moved] == [("BQLKKT", "question")] * 3
    assert all("-> BQLKKT, by officer" in row["note"] for row in moved)
    assert len(judge_rows(rows, load_routing(), town.house.installation.board.law.today(town.house.clock()))) == len(
        rows
    )
    assert out.stat().st_mode & 0o077 == 0


def test_rows_bear_no_name_phone_or_address_and_no_denunciation(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.tsv"
    told = corrections(town, capsys, "--out", str(out), "--confirmed") + out.read_text("utf-8")
    for secret in ("Nguyễn Văn An", "0912", "dan.test", "Trường Chinh", "Mỗ", "hối lộ", "Tố Cáo", "denunciation"):
        assert secret not in told


def test_phrases_of_the_corrected_are_proposed_as_rules(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    told = corrections(town, capsys)
    (field,) = tomllib.loads(told)["field"]
    assert field["unit"] == "BQLKKT"
    assert field["strong"] == ["bến thủy phi"]
    assert '"bến thủy phi",  # 3/3 câu đã sửa (HP-2026-000001, HP-2026-000002, HP-2026-000003)' in told


def test_a_second_unit_after_a_refusal_is_a_correction(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = town.ask()["code"]
    refusal = "Nội dung này không thuộc thẩm quyền của Sở, đề nghị chuyển Công an thành phố."
    raw = town.last("unit_forward", unit_address("SXD"))
    town.arrive(vouched(answer_to(raw, unit_address("SXD"), refusal)))
    corrections(town, capsys, "--out", str(tmp_path / "rows.tsv"))
    (row,) = [row for row in read_rows(tmp_path / "rows.tsv") if row["id"] == code]
    assert (row["expected_unit"], row["note"]) == ("CATP", "corrected: SXD -> CATP, by unit")


def test_what_an_officer_calls_no_question_or_out_of_scope_is_labelled_so(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = town.ask("Tôi muốn hỏi về việc hộ chiếu của tôi, cho tôi hỏi thêm ạ?", "ba@dan.test")["code"]
    rule(town, f"{code} từ chối h vì thuộc thẩm quyền của Bộ Công an")
    corrections(town, capsys, "--out", str(tmp_path / "rows.tsv"))
    (row,) = [row for row in read_rows(tmp_path / "rows.tsv") if row["id"] == code]
    assert (row["expected_class"], row["expected_unit"]) == ("out_of_scope", "")
    assert "question -> out_of_scope" in row["note"]


def test_settled_mails_are_read_a_batch_at_a_time_outside_of_the_database(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All bytes of some years do not fit into the memory, and to read a scan takes seconds."""
    town.arrive(letter("hai@dan.test", COMPLAINT.replace("12", "13") + SIGNED.format(name="Lê Văn Hai", n=8)))
    held = [row["id"] for row in town.house.mails if row["status"] == "held" and not row["sealed"]]
    assert len(held) == 2
    with town.house.engine.begin() as connection:
        connection.execute(
            raw_mail.update().where(raw_mail.c.id.in_(held)).values(status="done", kind="out_of_scope")
        )
        for each in held:
            journal.append(connection, journal.Entry("settled", data={"mail": each}), town.house.clock())
    asked: list[list[int]] = []
    whole = stored_mails.settled_mails

    def counted(connection: Connection, since: datetime, ids: Sequence[int]) -> list[Row[Any]]:
        asked.append(list(ids))
        return whole(connection, since, ids)

    monkeypatch.setattr(stored_mails, "BATCH", 1)
    monkeypatch.setattr(stored_mails, "settled_mails", counted)
    corrections(town, capsys, "--out", str(tmp_path / "rows.tsv"))
    assert {len(ids) for ids in asked} == {1}
    assert {ids[0] for ids in asked} >= set(held)
    assert {row["id"] for row in read_rows(tmp_path / "rows.tsv")} >= {f"M{each}" for each in held}
