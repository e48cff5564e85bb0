"""Content of the session papers: what is refused, what is said, what the digest binds to."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.base.errors import ConfigurationError
from daemon.documents import markup
from daemon.documents.inputs import IncompleteDocument, Leader, Task
from daemon.documents.making import Texts, file_stem
from daemon.documents.model import Document, Paragraph, Style, Table, digest, evenly, issue
from daemon.documents.session_papers import (
    build_forwarding_letter,
    build_plan,
    build_portal_notice,
    build_proposal,
    build_urging_letter,
)
from daemon.papers.draft_session_papers import unsigned
from tests.support import paper_samples as samples


def everything(document: Document) -> str:
    """All words of a document, a line a paragraph or cell."""
    lines = [document.type_name, document.subject, *document.addressees, *document.recipients]
    for block in (*document.blocks, *(block for annex in document.annexes for block in annex.blocks)):
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Table):
            lines += [cell for row in block.rows for cell in row]
    return "\n".join(lines)


PLAN = samples.plan()
EMPTY = {
    "purpose": replace(PLAN, purpose=()),
    "requirements": replace(PLAN, requirements=("  ",)),
    "duration": replace(PLAN, session=replace(PLAN.session, minutes=0)),
    "place": replace(PLAN, session=replace(PLAN.session, place=" \u200b")),
    "topic": replace(PLAN, session=replace(PLAN.session, topic="…")),
    "manner": replace(PLAN, manner=("...",)),
    "leaders who answer": replace(PLAN, leaders=()),
    "full name of leader 2": replace(PLAN, leaders=(PLAN.leaders[0], Leader("", "Giám đốc"))),
    "position of leader 1": replace(PLAN, leaders=(Leader("Nguyễn Văn A", "-"),)),
    "chair's full name": replace(PLAN, session=replace(PLAN.session, chair=Leader("", "Phó Chủ tịch"))),
    "chair's position": replace(PLAN, session=replace(PLAN.session, chair=Leader("Trần Văn B", ""))),
    "coordination": replace(PLAN, coordination=()),
    "tasks of coordination": replace(PLAN, coordination=(Task("Sở Xây dựng", ""),)),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_plan_with_an_empty_field_of_9_2_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(IncompleteDocument) as caught:
        build_plan(EMPTY[name])
    message = str(caught.value)
    assert name in message
    assert message.startswith("plan refused: ")
    assert "clause 9.2" in message
    assert "\n" not in message


def test_every_gap_is_named_at_once() -> None:
    given_plan = replace(PLAN, purpose=(), manner=(), leaders=())
    with pytest.raises(IncompleteDocument, match=r"purpose.*manner.*leaders.* are empty \(clause 9\.2\)"):
        build_plan(given_plan)


def test_a_plan_says_all_that_9_2_wants() -> None:
    text = everything(build_plan(PLAN))
    for wanted in (
        *PLAN.purpose,
        *PLAN.requirements,
        *PLAN.manner,
        PLAN.session.topic,
        PLAN.session.place,
        "120 phút",
        "từ 08 giờ 30 đến 10 giờ 30, thứ Năm, ngày 26/11/2026",
        *(leader.name for leader in PLAN.leaders),
        *(leader.title for leader in PLAN.leaders),
        *(task.body for task in PLAN.coordination),
        *(task.text for task in PLAN.coordination),
    ):
        assert wanted in text


def test_the_dated_steps_stand_with_their_clause() -> None:
    rows = next(
        block.rows
        for block in build_plan(PLAN).blocks
        if isinstance(block, Table) and "Chậm nhất" in str(block.columns)
    )
    shown = [(row[2], row[3]) for row in rows]
    assert shown == [
        ("Thứ Tư, ngày 11/11/2026", "Điểm a khoản 1 Điều 10"),
        ("Thứ Năm, ngày 12/11/2026", "Điểm b khoản 1 Điều 10"),
        ("Thứ Năm, ngày 19/11/2026", "Điểm c khoản 1 Điều 10"),
        ("Thứ Hai, ngày 23/11/2026", "Điểm d khoản 1 Điều 10"),
        ("Thứ Hai, ngày 23/11/2026", "Điểm đ khoản 1 Điều 10"),
        ("Thứ Hai, ngày 30/11/2026", "Điểm g khoản 1 Điều 10"),
        ("Thứ Sáu, ngày 11/12/2026", "Điểm i khoản 1 Điều 10"),
    ]


def test_grounds_end_with_semicolons_and_a_full_stop() -> None:
    for document in (build_plan(PLAN), build_proposal(samples.proposal())):
        grounds = [
            block.text for block in document.blocks if isinstance(block, Paragraph) and block.style is Style.GROUNDS
        ]
        assert len(grounds) >= 2
        assert all(text.endswith(";") for text in grounds[:-1])
        assert grounds[-1].endswith(".")


def test_the_portal_notice_says_what_5_3_wants_and_until_when() -> None:
    given_notice = samples.portal_notice()
    text = everything(build_portal_notice(given_notice))
    for wanted in (given_notice.session.topic, "Trần Văn Bình", "26/11/2026", *given_notice.ways):
        assert wanted in text
    assert "cho đến khi kết thúc phiên đối thoại" in text
    with pytest.raises(IncompleteDocument, match=r"ways to send questions .*clause 5\.3"):
        build_portal_notice(replace(given_notice, ways=()))


def test_a_proposal_cites_the_paragraph_of_its_level() -> None:
    given_proposal = samples.proposal()
    unit = replace(given_proposal, session=replace(given_proposal.session, level="unit"))
    assert "khoản 1 Điều 7" in everything(build_proposal(given_proposal))
    assert "khoản 2 Điều 7" in everything(build_proposal(unit))
    with pytest.raises(IncompleteDocument, match=r"clause 7\.2"):
        build_proposal(replace(unit, decides=""))


def test_letters_bear_due_day_and_clause_and_no_type() -> None:
    forwarding = build_forwarding_letter(samples.forwarding())
    assert forwarding.type_name == ""
    assert forwarding.number_line == "Số: 12/BBT"
    assert "chậm nhất thứ Hai, ngày 23/11/2026 (điểm d khoản 1 Điều 10 Quy chế)" in everything(forwarding)
    assert "0912 345 678" in everything(forwarding)
    assert forwarding.annexes[0].title == "Danh sách câu hỏi chuyển Sở Nông nghiệp và Môi trường"
    urging = build_urging_letter(samples.urging())
    assert "khoản 2 Điều 16" in everything(urging)
    assert "HP-2026-000098" in everything(urging)


EVIL = (
    "=1+1 #eval(1) \x00\x01!type\x01X\x02b\x03 <w:p>&amp;]]> {{ 7*7 }} \ud800\u202e\ufffe"
    "\n!type GIẢ\n# I. GIẢ\n@ tasks\n> x"
)


def test_a_citizens_text_makes_no_heading_table_or_type() -> None:
    given_letter = samples.forwarding()
    question = replace(given_letter.questions[0], content=EVIL, asker=EVIL, subject=EVIL)
    document = build_forwarding_letter(replace(given_letter, questions=(question,)))
    assert len(document.annexes[0].blocks) == 1
    plan = build_plan(replace(PLAN, purpose=(EVIL,)))
    clean_plan = build_plan(PLAN)
    assert plan.type_name == "KẾ HOẠCH"
    assert [b for b in plan.blocks if isinstance(b, Table)] == [b for b in clean_plan.blocks if isinstance(b, Table)]
    headings = [
        [b.text for b in d.blocks if isinstance(b, Paragraph) and b.style is Style.HEADING]
        for d in (plan, clean_plan)
    ]
    assert headings[0] == headings[1]
    assert "{{ 7*7 }}" in everything(plan)


@given(st.text(max_size=200))
def test_no_text_brings_controls_into_a_document(text: str) -> None:
    document = build_plan(replace(PLAN, purpose=("a" + text,), session=replace(PLAN.session, topic="b" + text)))
    allowed = everything(document).replace("\n", "")
    assert not any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 or sign in "\ufffe\uffff" for sign in allowed)
    assert document.type_name == "KẾ HOẠCH"


def test_the_digest_changes_with_every_word_but_not_with_number_and_day() -> None:
    document = build_plan(PLAN)
    assert digest(document) == digest(build_plan(PLAN))
    assert digest(issue(document, 77, date(2026, 11, 11))) == digest(document)
    for changed in (
        replace(PLAN, purpose=(PLAN.purpose[0] + " ", *PLAN.purpose[1:])),
        replace(PLAN, session=replace(PLAN.session, start=datetime(2026, 11, 26, 1, 31, tzinfo=UTC))),
        replace(PLAN, leaders=PLAN.leaders[::-1]),
        replace(PLAN, filing=replace(PLAN.filing, archive="VT")),
    ):
        same = changed.purpose[0].strip() == PLAN.purpose[0] and changed == replace(PLAN, purpose=changed.purpose)
        assert (digest(build_plan(changed)) == digest(document)) is same
    bold = tuple(
        replace(b, runs=tuple(replace(r, bold=not r.bold) for r in b.runs)) if isinstance(b, Paragraph) else b
        for b in document.blocks
    )
    assert digest(replace(document, blocks=bold)) != digest(document)


def test_number_and_day_are_written_as_the_decree_wants() -> None:
    document = build_plan(PLAN)
    assert document.number_line == "Số: 05/KH-BBT"
    assert document.date_line == "Hải Phòng, ngày 10 tháng 11 năm 2026"
    assert issue(document, 123, date(2027, 2, 3)).date_line == "Hải Phòng, ngày 03 tháng 02 năm 2027"
    assert issue(document, 123, date(2027, 2, 3)).number_line == "Số: 123/KH-BBT"
    draft = build_plan(replace(PLAN, filing=samples.filing()))
    assert "Số:         /KH-BBT" in draft.number_line
    assert draft.date_line.endswith("năm 2026")
    assert file_stem(document) == "plan-05-KH-20261110"
    assert file_stem(draft) == "plan"
    with pytest.raises(ValueError, match="begins at 1"):
        issue(document, 0, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (markup.count(5), "05"),
        (markup.count(1234), "1.234"),
        (markup.percent(7, 8), "87,5%"),
        (markup.percent(1, 3), "33,3%"),
        (markup.percent(2, 3), "66,7%"),
        (markup.percent(0, 0), "-"),
        (markup.roman(4), "IV"),
        (markup.roman(29), "XXIX"),
        (markup.clause("10.1.đ"), "điểm đ khoản 1 Điều 10"),
        (markup.long_day(datetime(2026, 1, 4, 18, 0, tzinfo=UTC)), "ngày 05 tháng 01 năm 2026"),
        (markup.moment(datetime(2026, 11, 25, 17, 5, tzinfo=UTC)), "00:05 26/11/2026"),
    ],
)
def test_words(shown: str, wanted: str) -> None:
    assert shown == wanted


def test_the_operators_text_goes_before_ours_and_faults_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "plan.j2").write_text("!type KẾ HOẠCH RIÊNG\n@ leaders\n@ tasks\n@ steps\n", encoding="utf-8")
    assert build_plan(PLAN, Texts(tmp_path)).type_name == "KẾ HOẠCH RIÊNG"
    for wrong, said in (
        ("!type X\n@ leaders\n", "leaves out steps, tasks"),
        ("{{ nonsense }}\n@ leaders\n@ tasks\n@ steps\n", "nonsense"),
        ("@ leaders\n@ tasks\n@ steps\n@ other\n", "no block is called 'other'"),
        ("{% if %}", "plan.j2"),
    ):
        (tmp_path / "plan.j2").write_text(wrong, encoding="utf-8")
        with pytest.raises(ConfigurationError, match=said) as caught:
            build_plan(PLAN, Texts(tmp_path))
        assert "plan.j2" in str(caught.value)
    (tmp_path / "plan.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"plan\.j2"):
        Texts(tmp_path)


def test_a_plan_without_limits_for_coordination_has_no_column_of_dashes() -> None:
    tables = [
        [block for block in build_plan(one).blocks if isinstance(block, Table)]
        for one in (PLAN, replace(PLAN, coordination=tuple(replace(task, by=None) for task in PLAN.coordination)))
    ]
    titles = [[[column.title for column in table.columns] for table in each] for each in tables]
    assert "Thời hạn" in titles[0][1]
    assert titles[1][1] == [title for title in titles[0][1] if title != "Thời hạn"]
    assert {len(row) for row in tables[1][1].rows} == {3}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Đình đã có trong danh mục.\n\nGiám đốc\nTrịnh Thị Ngọc Anh\n", "Đình đã có trong danh mục."),
        ("Đình đã có.\nGiám đốc Sở sẽ tiếp dân.", "Đình đã có.\nGiám đốc Sở sẽ tiếp dân."),
        ("Giám đốc", "Giám đốc"),
    ],
)
def test_the_script_names_the_signer_of_an_answer_once(text: str, left: str) -> None:
    assert unsigned(text, "Trịnh Thị Ngọc Anh", "Giám đốc") == left


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "Ban Biên tập Cổng thông tin điện tử thành phố Hải Phòng",
            "Ban Biên tập Cổng\nthông tin điện tử\nthành phố Hải Phòng",
        ),
        ("Ban Biên tập", "Ban Biên tập"),
        ("Sở Nông nghiệp và Môi trường", "Sở Nông nghiệp\nvà Môi trường"),
    ],
)
def test_the_issuers_name_stands_in_even_lines(name: str, lines: str) -> None:
    assert evenly(name) == lines
