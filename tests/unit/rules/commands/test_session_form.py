"""The form of a session as officers fill it in: a line that cannot be read is named, and the others count."""

import time
from datetime import datetime

import pytest

from rules.commands.session_form import blank_form, is_form, labels_left, lines_unread, read_text, said_of
from rules.message.quote_markers import DEFAULT
from rules.text import clean
from rules.values.data_file import load_units

TOPIC = "Chủ đề: Hạ tầng đô thị"


def test_units_are_read_by_name_and_code_and_an_unknown_one_is_named() -> None:
    found = read_text(f"{TOPIC}\nĐơn vị: Sở Xây dựng; SYT, Sở Trên Trời; SXD", load_units())
    assert found.values == {"topic": "Hạ tầng đô thị", "units": ["SXD", "SYT"]}
    assert found.faults == ("Không nhận ra đơn vị “Sở Trên Trời”",)


@pytest.mark.parametrize(
    ("said", "values", "left"),
    [
        ("8h30 ngày 26/11/2026", {"start": datetime(2026, 11, 26, 8, 30)}, ()),
        ("2 giờ 30 chiều ngày 26/11/2026", {"start": datetime(2026, 11, 26, 14, 30)}, ()),
        ("chiều 26/11/2026, từ 2h đến 4h", {"start": datetime(2026, 11, 26, 14)}, ()),
        ("2 giờ 30 ngày 26/11/2026", {}, ("Thời gian",)),
        ("8h30 ngày 26/11/0001", {}, ("Thời gian",)),
        ("hôm nào đó", {}, ("Thời gian",)),
        ("ngày 26/11/2026", {}, ("Thời gian",)),
        ("8h30", {}, ("Thời gian",)),
        ("8h30 ngày 31/11/2026", {}, ("Thời gian",)),
        ("8h30 thứ Sáu ngày 26/11/2026", {}, ("Thời gian",)),
        ("08 giờ 30, ngày 26 tháng 11 năm 2026 (thu sau)", {}, ("Thời gian",)),
        ("8h30 chủ nhật, 26/11/2026", {}, ("Thời gian",)),
        ("8h30 thứ Năm ngày 26/11/2026", {"start": datetime(2026, 11, 26, 8, 30)}, ()),
        ("8h30 ngày 26/11/2026 (T5)", {"start": datetime(2026, 11, 26, 8, 30)}, ()),
        ("đợt thứ hai 26/11/2026, 8h30", {"start": datetime(2026, 11, 26, 8, 30)}, ()),
        ("vòng thứ 2 ngày 26/11/2026, 8h30", {"start": datetime(2026, 11, 26, 8, 30)}, ()),
        ("phiên thứ hai, 8h30 ngày 26/11/2026", {"start": datetime(2026, 11, 26, 8, 30)}, ()),
    ],
)
def test_a_time_that_is_none_is_asked_for(said: str, values: dict[str, object], left: tuple[str, ...]) -> None:
    found = read_text(f"{TOPIC}\nThời gian: {said}\nĐịa điểm:", load_units())
    assert found.values == {"topic": "Hạ tầng đô thị", **values}
    assert labels_left(found) == left
    assert bool(found.faults) is bool(left)


def test_the_blank_form_has_every_line_or_those_that_are_wanted() -> None:
    whole = [line.partition(":")[0] for line in blank_form().splitlines()]
    assert {"Chủ đề", "Thời gian", "Các đơn vị", "Lý do"} < set(whole)
    assert [line.partition(":")[0] for line in blank_form(only=("start", "topic"))] != whole
    assert blank_form(only=("start", "topic")).splitlines() == ["Chủ đề: ", "Thời gian: 08:30 ngày …/…/…"]


def test_only_lines_that_a_list_marks_go_on_below_a_label() -> None:
    found = read_text(f"- Kính gửi Ban\n{TOPIC}\nYêu cầu:\n- ngắn\n• rõ\nXin cảm ơn", load_units())
    assert found.values == {"topic": "Hạ tầng đô thị", "requirements": ["ngắn", "rõ"]}
    assert found.left == ("Xin cảm ơn",)


A, B = "ông Phạm Văn Hùng, Phó Chủ tịch", "bà Trần Thị Dung, Giám đốc, Sở Xây dựng"


@pytest.mark.parametrize(
    ("written", "values", "left"),
    [
        (f"Lãnh đạo trả lời:\n- {A}\n- {B}", [2], ()),
        (f"Lãnh đạo trả lời:\n{A}\n{B}\nYêu cầu: rõ", [2, 1], ()),
        (f"Lãnh đạo trả lời: {A}\n{B}\n\nTrân trọng,", [2], ("Trân trọng,",)),
        (f"Lãnh đạo trả lời: {A}; {B}", [2], ()),
        (f"Lãnh đạo trả lời: {A}; kiêm Trưởng ban\nanh Dũng nữa nhé, em", [1], ("anh Dũng nữa nhé, em",)),
        (f"Lãnh đạo trả lời: {A}\n\n{B}", [1], (B,)),
        ("Phối hợp: Sở Xây dựng: trả lời; cử người; Đài PTTH: ghi hình", [2], ()),
        ("Phối hợp:\nSở Xây dựng: trả lời\nSYT: dự", [2], ()),
        ("Các đơn vị: Sở Xây dựng\nSYT\nXin cảm ơn", [2], ("Xin cảm ơn",)),
        ("Yêu cầu:\nrõ\nngắn", [1], ("ngắn",)),
        ("Yêu cầu:\n\nTrân trọng", [], ("Trân trọng",)),
    ],
)
def test_what_stands_below_a_label_is_of_it_or_named(written: str, values: list[int], left: tuple[str, ...]) -> None:
    found = read_text(written, load_units())
    assert ([len(one) for one in found.values.values()], found.left) == (values, left)
    assert not found.faults


@pytest.mark.parametrize(("said", "minutes"), [("120 phút", 120), ("cả buổi sáng", None)])
def test_a_length_without_a_number_is_named(said: str, minutes: int | None) -> None:
    found = read_text(f"{TOPIC}\nThời lượng: {said}", load_units())
    assert found.values.get("minutes") == minutes
    assert found.faults == (() if minutes else (f"Không rõ thời lượng “{said}”",))


@pytest.mark.parametrize(
    "written",
    [
        "1. Chủ đề: Nhà ở\n2) Thời gian: 8h30 ngày 26/11/2026\na) Các đơn vị: SXD",
        "I. Chủ đề: Nhà ở\nII. Thời gian: 8h30 ngày 26/11/2026\nIII. Các đơn vị: SXD",
        "| STT | Mục |\n| 1 | Chủ đề | Nhà ở |\n| 2 | Thời gian: | 8h30 ngày 26/11/2026 |\n| 3 | Các đơn vị | SXD |",
        "Chủ đề  Nhà ở\nThời gian  8h30 ngày 26/11/2026\nCác đơn vị  SXD",
    ],
)
def test_numbers_and_the_rows_of_a_table_are_labels_too(written: str) -> None:
    assert is_form(written)
    found = read_text(written, load_units())
    assert found.values == {"topic": "Nhà ở", "start": datetime(2026, 11, 26, 8, 30), "units": ["SXD"]}
    assert not found.faults


def test_a_table_pasted_with_tabs_is_read_if_all_that_must_be_told_is_there() -> None:
    """A mail's text has blanks for them; lines of prose that begin with a label are no form."""
    rows = ["Chủ đề\tNhà ở", "1\tThời gian\t8 giờ 30 ngày 26/11/2026", "Chủ trì\tÔng Trần A\tPhó Chủ tịch"]
    rows += ["Các đơn vị\tSở Xây dựng, SYT", "Lý do\tNhiều người hỏi", "Thời gian qua, nhiều người đã hỏi."]
    for written in (text := "\n".join(rows), clean(text)):
        assert is_form(written)
        found = read_text(written, load_units())
        assert not found.faults
        said = {key: found.values[key] for key in ("topic", "start", "units", "reasons")}
        start, units = datetime(2026, 11, 26, 8, 30), ["SXD", "SYT"]
        assert said == {"topic": "Nhà ở", "start": start, "units": units, "reasons": ["Nhiều người hỏi"]}
        assert found.values["chair"]["name"].startswith("Ông Trần A")
        assert not is_form(written.replace("Lý do", "Vì sao"))
        assert not is_form(written.replace("8 giờ 30 ngày 26/11/2026", "tới thì tốt"))


@pytest.mark.parametrize(
    ("written", "unread"),
    [
        ("Đề xuất phiên\nChủ đề Nhà ở\nThời gian 8h30", ("Chủ đề Nhà ở", "Thời gian 8h30")),
        ("- Chủ đề: Nhà ở\n- Thời gian: 8h30", ("- Chủ đề: Nhà ở", "- Thời gian: 8h30")),
        ("Đề xuất phiên\nXin cảm ơn.\nThời gian tới xin mẫu", ()),
        ("Đề xuất phiên", ()),
    ],
)
def test_lines_of_a_form_that_cannot_be_read_are_named(written: str, unread: tuple[str, ...]) -> None:
    assert lines_unread(written) == unread


@pytest.mark.parametrize(
    "said",
    [
        "Trần Văn Bình, Phó Chủ tịch, ct@hp.test",
        "Trần Văn Bình - Phó Chủ tịch (ct@hp.test)",
        "Trần Văn Bình – Phó Chủ tịch <ct@hp.test>",
        "Trần Văn Bình (Phó Chủ tịch), email: ct@hp.test",
    ],
)
def test_the_chair_is_read_behind_a_comma_or_a_dash(said: str) -> None:
    found = read_text(f"{TOPIC}\nChủ trì: {said}", load_units()).values["chair"]
    assert found == {"name": "Trần Văn Bình", "title": "Phó Chủ tịch", "body": "", "email": "ct@hp.test"}


def test_an_address_alone_is_no_name_of_the_chair() -> None:
    found = read_text(f"{TOPIC}\nChủ trì: ct@hp.test", load_units()).values["chair"]
    assert found == {"name": "", "title": "", "body": "", "email": "ct@hp.test"}


@pytest.mark.parametrize("said", ["a" * 60_000, "(" + " " * 60_000])
def test_a_long_line_for_the_chair_is_read_in_time(said: str) -> None:
    begun = time.process_time()
    read_text(f"{TOPIC}\nChủ trì: {said}", load_units())
    assert time.process_time() - begun < 3


def test_no_officer_reads_english_of_a_chair_without_name_or_position() -> None:
    fault = "proposal refused: chair's full name (họ tên người chủ trì); chair's position (chức vụ người chủ trì)"
    assert said_of([f"{fault} are empty (clause 7.1)."], DEFAULT).startswith("Dòng “Chủ trì” cần họ tên và chức vụ")


def test_the_contents_that_a_plan_lacks_are_filled_by_the_name_under_which_they_are_asked_for() -> None:
    read = read_text("Bổ sung phiên P-2026-01\nNội dung phối hợp: Sở Xây dựng: ghi hình", load_units())
    assert read.values["coordination"] == [{"body": "Sở Xây dựng", "text": "ghi hình"}]
