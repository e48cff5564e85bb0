"""Script, reports, evidence and register: grouping, links, sums, and figures that must agree."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from daemon.documents.forms.values import as_numbered, grouped, unanswered
from daemon.documents.inputs import BodyAnswer, IncompleteDocument, ScriptQuestion
from daemon.documents.model import Chart, Document, Paragraph, Table
from daemon.documents.reports import (
    build_evidence,
    build_quarterly_plan,
    build_register,
    build_report,
    build_review_pack,
)
from daemon.documents.session_papers import build_script
from daemon.papers.register_book import paper_cells
from tests.support import report_samples as samples


def words_of(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph))


def tables(document: Document) -> list[Table]:
    """The tables in their order."""
    return [block for block in document.blocks if isinstance(block, Table)]


def asked(code: str, field: str, topic: str, same_as: str = "", *answers: BodyAnswer) -> ScriptQuestion:
    return ScriptQuestion(code, field, topic, f"Nội dung {code}?", "", same_as, answers)


def test_questions_stand_by_field_and_topic_the_most_asked_first() -> None:
    fields = grouped(
        (
            asked("1", "Đất", "Sổ đỏ"),
            asked("2", "Xây dựng", "Phép"),
            asked("3", "Đất", "Sổ đỏ"),
            asked("4", "Đất", "Tách thửa"),
            asked("5", "khác", "khác", "3"),
            asked("6", "", "", "5"),
        )
    )
    shape = [
        (f.name, [(t.name, [(e.number, e.question.code, e.asked) for e in t.entries]) for t in f.topics])
        for f in fields
    ]
    assert shape == [
        ("Đất", [("Sổ đỏ", [(1, "3", 3), (2, "1", 1)]), ("Tách thửa", [(3, "4", 1)])]),
        ("Xây dựng", [("Phép", [(4, "2", 1)])]),
    ]


def test_no_question_and_no_answer_is_lost() -> None:
    given = samples.script()
    text = words_of(build_script(given))
    for question in given.questions:
        assert question.code in text
        for answer in question.answers:
            assert all(line in text for line in answer.text.split("\n"))
            assert answer.signer in text
    assert "03 lượt hỏi" in text
    assert "05 lượt hỏi, tổng hợp thành 03 câu hỏi" in text


def test_the_papers_of_the_day_number_the_questions_as_the_script() -> None:
    shown = (
        asked("1", "Đất", ""),
        asked("2", "Xây dựng", ""),
        asked("3", "Đất", ""),
        asked("4", "Xây dựng", "", "1"),
    )
    told = [entry.question.code for field in grouped(shown) for topic in field.topics for entry in topic.entries]
    assert [one.code for one in as_numbered(shown)] == [*told, "4"] == ["1", "3", "2", "4"]


def test_an_answer_to_a_linked_question_answers_the_entry() -> None:
    answer = BodyAnswer("Sở Xây dựng", "Có.")
    fields = grouped((asked("1", "a", "b"), asked("2", "a", "b", "1", answer)))
    assert fields[0].topics[0].entries[0].answers == (answer,)
    assert unanswered(fields) == ()


def test_what_is_not_answered_yet_is_named() -> None:
    assert "Còn 01 câu chưa có trả lời: HP-2026-000131." in words_of(build_script(samples.script()))


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ((asked("1", "a", "b", "9"),), "linked to 9"),
        ((asked("1", "a", "b", "2"), asked("2", "a", "b", "1")), "linked to itself"),
        ((asked("1", "a", "b"), asked("1", "a", "b")), "twice"),
    ],
)
def test_wrong_links_are_refused(questions: tuple[ScriptQuestion, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_script(replace(samples.script(), questions=questions))


def test_a_script_without_questions_is_refused() -> None:
    with pytest.raises(IncompleteDocument, match=r"questions .*clause 9\.3"):
        build_script(replace(samples.script(), questions=()))


def test_a_report_sums_its_tables_and_draws_units_and_fields() -> None:
    document = build_report(samples.half_year_report())
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    assert [len(chart.bars) for chart in charts] == [len(samples.UNITS), len(samples.FIELDS)]
    _, units, fields = tables(document)
    for table, first in ((units, 2), (fields, 2)):
        for place in range(first, first + 4):
            column = [int(row[place].replace(".", "")) for row in table.rows]
            assert column[-1] == sum(column[:-1])
    for chart, table in zip(charts, (units, fields), strict=True):
        assert [sum(bar.parts) for bar in chart.bars] == [int(row[2]) for row in table.rows[:-1]]
    assert "6 tháng đầu năm 2026" in document.subject
    assert "tiếp nhận 524 câu hỏi" in words_of(document)
    assert build_report(samples.annual_report()).subject.endswith("năm 2026")


def test_figures_that_do_not_add_up_are_refused() -> None:
    given = samples.half_year_report()
    wrong_unit = replace(given.figures, units=(replace(samples.UNITS[0], late=23), *samples.UNITS[1:]))
    wrong_field = replace(given.figures, fields=(replace(samples.FIELDS[0], open=0), *samples.FIELDS[1:]))
    for figures in (wrong_unit, wrong_field):
        with pytest.raises(ValueError, match="do not add up"):
            build_report(replace(given, figures=figures))


def test_a_period_without_anything_still_reports() -> None:
    given = samples.half_year_report()
    empty = replace(given, figures=replace(given.figures, units=(), fields=(), sessions=()), difficulties=())
    document = build_report(empty)
    assert "00 phiên" in words_of(document)
    assert "không ghi nhận khó khăn" in words_of(document)


def test_the_review_pack_has_agenda_and_figures() -> None:
    given = samples.review_pack()
    document = build_review_pack(given)
    assert all(line in words_of(document) for line in (*given.agenda, *given.discussion, *given.directions))
    assert "khoản 6 Điều 11" in words_of(document)
    with pytest.raises(IncompleteDocument, match=r"agenda .*clause 11\.6"):
        build_review_pack(replace(given, agenda=()))


def test_evidence_lists_each_case_with_due_day_and_clause() -> None:
    given = samples.evidence()
    cases = tables(build_evidence(given))[1]
    assert [row[3] for row in cases.rows] == [
        "20/10/2026\n(điểm i khoản 1 Điều 10)",
        "10/11/2026\n(điểm i khoản 1 Điều 10)",
    ]
    assert [row[4] for row in cases.rows] == ["27/10/2026", "Chưa trả lời"]
    with pytest.raises(ValueError, match="do not agree"):
        build_evidence(replace(given, rows=given.rows[:1]))
    good = replace(given, figures=replace(given.figures, in_time=12, late=0, open=0, overdue=0), rows=())
    assert "Không có trường hợp" in words_of(build_evidence(good))


def test_the_quarterly_plan_names_quarter_and_sessions_and_each_recipient_once() -> None:
    given = samples.quarterly_plan()
    document = build_quarterly_plan(given)
    assert document.subject == "Tổ chức đối thoại trực tuyến quý I năm 2027"
    assert [row[1] for row in tables(document)[0].rows] == ["14/01/2027", "18/3/2027"]
    assert sum("Văn phòng" in line for line in document.recipients) == 1
    with pytest.raises(ValueError, match="quarters 1 to 4"):
        build_quarterly_plan(replace(given, quarter=5))


def test_the_register_has_the_columns_of_a_reception_book() -> None:
    document = build_register(samples.register(3))
    (table,) = tables(document)
    assert document.landscape
    assert len(table.columns) == 20
    assert [column.title for column in table.columns][:4] == [
        "Số",
        "Thời điểm nhận",
        "Hình thức",
        "Họ tên cá nhân, tên tổ chức",
    ]
    assert any("ký" in column.title for column in table.columns)
    assert table.rows[0][1] == "03/11/\n2026\n01:15"
    assert table.rows[0][14] == ""
    assert document.number_line == ""
    assert document.left_signature is not None
    with pytest.raises(ValueError, match="at most 1500"):
        build_register(replace(samples.register(1), rows=samples.register(1).rows * 1501))


def test_the_register_keeps_what_was_asked_whole() -> None:
    content = "dòng một\ndòng hai " + "rất dài " * 500
    asked = samples.register_row(1, subject="Học phí", content=content, told_at=datetime(2026, 1, 2, 3, tzinfo=UTC))
    given = replace(samples.register(1), rows=(paper_cells(*asked, samples.UNIT_NAMES),))
    (table,) = tables(build_register(given))
    assert table.rows[0][8] == f"Học phí\n{content}"
    assert table.rows[0][11] == "Sở Xây dựng"
    assert table.rows[0][16] == "02/01/\n2026"
