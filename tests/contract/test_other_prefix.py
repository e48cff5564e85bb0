"""A house whose register numbers begin otherwise: one question's whole life by its number, as everybody writes it."""

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.cli import main
from daemon.monitoring.watch import reloaded
from db.core.tables import answer, assignment, question_link
from db.reports.read_only import open_reader
from tests.contract.test_desk import REVIEWED
from tests.dose import each_third
from tests.installation import MONDAY, OFFICER, SXD, letter, subject_of, text_of
from tests.web_server import web_server
from tests.world import World, order_today, vouched

ONE, TWO = "DN-2026-000001", "DN-2026-000002"
ANSWER = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."


pytestmark = pytest.mark.world(extra='prefix = "DN"', bystanders=False)  # whose numbers begin with HP


@pytest.fixture
def house(house: World) -> Iterator[World]:
    """Question 1 lies with the unit, question 2 before the officer, who has the morning's mail."""
    house.ask(message_id="<1@dan.test>")
    house.ask(REVIEWED, "ba@dan.test", message_id="<2@dan.test>")
    house.house.clock.at = MONDAY + timedelta(days=1)
    house.overviews()
    yield house
    assert [row["name"] for row in house.house.sent if "HP-2" in whole(row)] == []


def whole(row: dict[str, Any]) -> str:
    """Subject and text of a mail of ours."""
    raw = bytes(row["bytes"])
    return f"{subject_of(raw)}\n{text_of(raw)}"


def by_unit(house: World, text: str, subject: str = "Công văn trả lời") -> dict[str, Any]:
    """The unit writes in no thread of ours."""
    return house.arrive(vouched(letter(SXD, text, subject=subject)))


def test_the_numbers_begin_as_configured(house: World) -> None:
    assert [row["code"] for row in house.house.questions] == [ONE, TWO]
    assert house.statuses() == ["forwarded", "needs_review"]
    assert ONE in subject_of(house.last("unit_forward", SXD))


@pytest.mark.parametrize("number", [ONE, "dn 2026/1", "DN–2026–000001", "DN2026000001"])
def test_a_unit_answers_by_number_in_a_new_mail(house: World, number: str) -> None:
    row = by_unit(house, f"Về câu hỏi {number}: {ANSWER}")
    assert (row["kind"], row["status"]) == ("reply", "done"), row["reason"]
    assert house.statuses()[0] == "answered"
    assert "quý I năm 2027" in text_of(house.last("citizen_answered", "an@dan.test"))


def test_a_unit_answers_two_by_number_and_each_asker_gets_the_own_one(house: World) -> None:
    order_today(house, f"{TWO} chuyển SXD")
    by_unit(
        house,
        f"{ONE}: Đường sẽ được sửa trong quý I.\n\n{TWO}: Hồ sơ nộp tại Trung tâm hành chính công, phí 30.000 đồng.",
    )
    assert house.statuses() == ["answered", "answered"]
    assert [str(row["text"]) for row in house.rows(answer)] == [
        "Đường sẽ được sửa trong quý I.",
        "Hồ sơ nộp tại Trung tâm hành chính công, phí 30.000 đồng.",
    ]


def test_a_file_with_another_askers_number_goes_to_neither(house: World) -> None:
    order_today(house, f"{TWO} chuyển SXD")
    both = f"{ONE}: Đường sẽ được sửa.\n\n{TWO}: Hồ sơ nộp tại Trung tâm."
    table = (f"Bang {ONE} {TWO}.pdf", "application/pdf", b"%PDF-1.4 x")
    house.arrive(vouched(letter(SXD, both, attachments=[table])))
    assert house.statuses() == ["answered", "answered"]
    assert b"Bang" not in house.last("citizen_answered", "an@dan.test")


def test_the_answer_begun_and_not_written_is_none(house: World) -> None:
    assert by_unit(house, f"Sở Xây dựng trả lời câu hỏi {ONE} như sau:")["status"] == "held"
    assert house.rows(answer) == []


def test_the_officers_commands_by_number(house: World) -> None:
    told = order_today(
        house,
        f"{TWO} sửa địa chỉ: số 7 phố Cầu Đất, phường Ngô Quyền\n2) dn 2026/2 ghi chú: đã gọi điện\n"
        f"{TWO} trùng với {ONE}\nTình trạng {ONE}\n{TWO} chuyển SXD, phối hợp SYT\n{ONE}, {TWO} ký nhận",
    )
    assert "Chưa làm" not in told
    row = house.house.questions[1]
    assert (row["asker_address"], row["notes"]) == ("số 7 phố Cầu Đất, phường Ngô Quyền", "đã gọi điện")
    assert len(house.rows(question_link)) == 1
    assert f"Câu hỏi {ONE}: đã chuyển đơn vị trả lời" in told
    own = [(one["unit"], one["role"]) for one in house.rows(assignment) if one["question_id"] == 2]
    assert own == [("SXD", "lead"), ("SYT", "support")]
    assert all(row["signed_at"] for row in house.house.questions)


def test_a_number_above_its_commands(house: World) -> None:
    told = order_today(house, f"Câu hỏi {TWO}:\nGhi chú: hẹn thứ Sáu\nTừ chối k vì trùng với {ONE}")
    assert "Chưa làm" not in told
    assert house.statuses() == ["forwarded", "rejected"]


@each_third(
    "said",
    [
        "DN-2026 chuyển SXD",
        "Trợ giúp",
        "Đóng",
        "Trình đăng",
        "Gỡ đăng vì sai",
        "Sửa địa chỉ: số 5",
        f"{TWO} trả lờ trong phiên",
        "DN-2026 ký nhận",
        f"Trùng với {ONE}",
        f"{ONE} trùng với {ONE}",
    ],
)
def test_what_an_officer_is_told_to_write_is_written_so_here(house: World, said: str) -> None:
    told = order_today(house, said)
    assert "HP-" not in told, told
    assert "DN-" in told, told


def test_commands_of_an_officer_who_answers_none_of_our_mails(house: World) -> None:
    house.arrive(vouched(letter(OFFICER, f"{TWO} chuyển SXD", subject="Chuyển giúp")))
    told = " ".join(text_of(house.last("officer_done")).split())
    assert f"“{TWO} chuyển SXD”. Lệnh chỉ được nhận trong thư trả lời" in told
    assert house.statuses() == ["forwarded", "needs_review"]


@each_third(
    ("said", "subject"),
    [
        (f"tra cứu {ONE}", "Tra cứu"),
        (ONE, ""),
        ("dn 2026/1", ""),
        (f"Tình trạng {ONE}", "Hỏi"),
        (f"Kết quả xử lý {ONE} ạ", "Hỏi"),
    ],
)
def test_the_asker_is_told_where_the_question_stands(house: World, said: str, subject: str) -> None:
    house.arrive(vouched(letter("an@dan.test", said, subject=subject)))
    assert "đã chuyển đơn vị trả lời" in " ".join(text_of(house.last("citizen_status", "an@dan.test")).split())
    assert len(house.house.questions) == 2


def test_a_group_address_adds_its_headers_to_a_persons_answer(house: World) -> None:
    raw = letter(SXD, f"{ONE}: {ANSWER}", headers={"Precedence": "bulk", "List-Id": "<vanthu.sxd.test>"})
    assert house.arrive(vouched(raw))["kind"] == "reply"


def test_at_the_console_and_on_the_pages(house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--config", str(house.house.file))
    assert main(["register", "show", ONE.lower(), *where]) == 0
    assert ONE in capsys.readouterr().out
    assert main(["mail", "evidence", "dn 2026/1", "--out", str(tmp_path / "1.zip"), *where]) == 0
    with zipfile.ZipFile(tmp_path / "1.zip") as packed:
        assert "received/1.eml" in packed.namelist()
    reader = open_reader(house.house.config.database.full_url().get_secret_value())
    with web_server(house.house.config, reader, house.house.installation.board, house.house.clock) as server:
        assert f'/cau-hoi/{ONE}"' in server.ask("/tim?q=dn+2026%2F1").text
    reader.dispose()


def test_rules_read_anew_keep_the_prefix(house: World) -> None:
    """Also if the file names another meanwhile: a running daemon's register keeps its own."""
    file = house.house.file
    file.write_text(file.read_text("utf-8").replace('prefix = "DN"', 'prefix = "TPDN"'), encoding="utf-8")
    house.house.installation = reloaded(house.house.file, house.house.installation)
    assert house.house.installation.knowledge.source.edition > 0
    assert by_unit(house, f"Về câu hỏi {ONE}: {ANSWER}")["status"] == "done"
    assert "Chưa làm" not in order_today(house, f"{TWO} chuyển SXD")
