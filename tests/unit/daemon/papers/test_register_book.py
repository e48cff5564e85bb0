"""The register's columns: one description each, from which every form of the register follows."""

from types import SimpleNamespace

from daemon.papers.register_book import CSV_HEADINGS, ON_PAPER, as_mapping, csv_cells, paper_cells
from tests.support.report_samples import UNIT_NAMES, register_row


def test_the_headings_that_other_programs_read_stay() -> None:
    assert ",".join(CSV_HEADINGS) == (
        "number,received,channel,name,kind,address,phone,email,subject,content,field,class,status,missing,outcome,"
        "told,link,officer,notes,units,forwarded,due,answered"
    )


def test_a_question_has_a_cell_for_each_column() -> None:
    row, held = register_row(3)
    assert len(csv_cells(row, held)) == len(CSV_HEADINGS)
    assert list(as_mapping(row)) == list(CSV_HEADINGS[: len(as_mapping(row))])
    assert len(paper_cells(row, held, UNIT_NAMES)) == len(ON_PAPER) == 20


def test_a_unit_that_lost_the_question_stands_with_it_no_more_but_where_it_was_answered_in_the_session() -> None:
    row, held = register_row(1)
    lost = [SimpleNamespace(**vars(one) | {"status": "replaced"}) for one in held]
    for mark, units in (("", ""), ("answered", "Sở Xây dựng")):
        asked = SimpleNamespace(**vars(row) | {"session_mark": mark})
        assert paper_cells(asked, lost, UNIT_NAMES)[11] == units  # type: ignore[arg-type]


def test_codes_for_programs_are_words_for_people() -> None:
    row, held = register_row(1)
    told = dict(zip(CSV_HEADINGS, csv_cells(row, held * 2), strict=True))
    assert (told["kind"], told["channel"], told["units"]) == ("organisation", "email", "SXD; SXD")
    assert told["received"] == "2026-11-03 01:15:00"
    shown = paper_cells(row, held * 2, UNIT_NAMES)
    assert (shown[2], shown[4], shown[11]) == ("thư điện tử", "tổ chức", "Sở Xây dựng")
