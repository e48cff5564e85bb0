"""What reports and pages count or show: each condition of a list leaves out what it names."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select

from db.core.dialects import date_to_json
from db.core.tables import (
    approval,
    assignment,
    duty,
    file_check,
    journal,
    outbox,
    paper,
    publication,
    question,
    raw_mail,
    session,
)
from db.reports import conservation, figures, overview, read_only
from rules.decide.base.fact_parts import AMENDMENT, DONE_NAMES, PUT_ASIDE, OverviewFacts
from rules.decide.base.manual_work import TELL
from rules.values.model import CountedDate, Kind
from rules.values.states import MISSING_SESSION
from tests.support.rows import DAY, NOW, lay, lay_mail

TODAY = date(2026, 11, 26)
DUE = date_to_json(CountedDate(TODAY, TODAY, "8.1", TODAY, "x", rule="plan"))
ASKED = {"status": "forwarded", "received_at": NOW}
ITEM = {"status": "forwarded", "unit": "SXD", "due_on": TODAY, "due_at": NOW - DAY, "due": DUE, "forwarded_at": NOW}


def asked(rows: Connection, **values: Any) -> int:
    return lay(rows, question, **ASKED | values)


def item(rows: Connection, about: int, **values: Any) -> int:
    place = 1 + len(list(rows.execute(select(assignment.c.id))))
    return lay(rows, assignment, **ITEM | {"question_id": about, "item": place} | values)


def owed(rows: Connection, about: int | None = None, **values: Any) -> int:
    return lay(rows, duty, **{"kind": "answer", "status": "open", "due": DUE, "question_id": about} | values)


def sealed_question(rows: Connection, **values: Any) -> int:
    """A question whose mail is a denunciation."""
    return asked(rows, raw_mail_id=lay_mail(rows, raw_mail, status="held", sealed=True), **values)


def test_pages_show_nothing_of_what_is_kept_apart(rows: Connection) -> None:
    own = asked(rows, code="HP-1", raw_mail_id=lay_mail(rows, raw_mail, status="done"), session_id=1)
    asked(rows, code="HP-2", kind="denunciation", session_id=1)
    sealed_question(rows, code="HP-3", session_id=1)
    other = asked(rows, code="HP-4", session_id=2)
    codes = ["HP-1", "HP-2", "HP-3", "HP-4"]
    assert [read_only.id_of(rows, one) for one in codes] == [own, None, None, other]
    assert read_only.shown_codes(rows, codes[:3]) == {"HP-1"}
    assert [row.id for row in read_only.rows_of(rows, [3, 2, 1])] == [own]
    assert [row.code for row in read_only.session_questions(rows, 1, 9)] == ["HP-1"]
    for about in range(1, 5):
        item(rows, about)
        owed(rows, about, kind="privacy")
    assert [one.code for one in read_only.owed(rows, TODAY, 9)] == ["HP-1", "HP-4"]
    assert [row.code for row in read_only.other_duties(rows, TODAY)] == ["HP-1", "HP-4"]


def test_a_page_of_a_question_tells_of_that_question(rows: Connection) -> None:
    for about in (1, 2):
        lay(rows, journal, seq=about, question_id=about, act=f"act{about}")
        lay(rows, outbox, question_id=about, name=f"name{about}", status="sent")
        lay(rows, publication, question_id=about, path=f"/{about}", paper_id=1)
    assert [row.act for row in read_only.story(rows, 2)] == ["act2"]
    assert [row.name for row in read_only.mails_out(rows, 2)] == ["name2"]
    found = read_only.published_at(rows, 2)
    assert found is not None
    assert found.path == "/2"


def test_what_units_owe_is_open_due_and_theirs(rows: Connection) -> None:
    about = asked(rows)
    item(rows, about)
    item(rows, about, unit="STC", due_on=TODAY - DAY)
    item(rows, about, status="answered")
    item(rows, about, due_on=TODAY + DAY)
    assert [one.unit for one in read_only.owed(rows, TODAY, 9)] == ["STC", "SXD"]
    assert [one.on for one in read_only.owed(rows, TODAY, 9, unit="SXD")] == [TODAY]
    assert read_only.owed_by_day(rows, TODAY) == {TODAY - DAY: 1, TODAY: 1}
    found = [(one.unit, one.open, one.late) for one in read_only.loads(rows, TODAY)]
    assert found == [("STC", 1, 1), ("SXD", 2, 0)]


@pytest.mark.parametrize("values", [{"kind": "answer"}, {"status": "met"}, {"due": DUE | {"on": "2026-12-01"}}])
def test_other_duties_are_open_and_of_sessions_or_data(rows: Connection, values: dict[str, Any]) -> None:
    owed(rows, kind="session", session_id=4)
    other: dict[str, Any] = {"kind": "session", "session_id": 5} | values
    owed(rows, **other)
    assert [row.session_id for row in read_only.other_duties(rows, TODAY)] == [4]


def test_papers_and_requests_are_of_their_session(rows: Connection) -> None:
    for about in (1, 2):
        made = lay(rows, paper, session_id=about, kind="plan", status="shown", title=f"Kế hoạch {about}")
        lay(rows, approval, paper_id=made, status="asked")
    assert [row.title for row in read_only.session_papers(rows, 2)] == ["Kế hoạch 2"]
    assert [row.title for row in read_only.asked(rows, 2)] == ["Kế hoạch 2"]


def test_reminders_are_those_that_went_out_about_the_item(rows: Connection) -> None:
    about = asked(rows)
    late = item(rows, about)
    usual = {"assignment_id": late, "name": "unit_overdue", "status": "sent", "sent_at": NOW}
    for more in ({}, {"assignment_id": 999}, {"name": "unit_forward"}, {"status": "pending", "sent_at": None}):
        lay(rows, outbox, **usual | more)
    for place in range(2, 502):  # too many for one statement
        lay(rows, assignment, **ITEM | {"question_id": about, "item": place})
    (unit,) = figures.by_unit(rows, NOW, NOW + DAY, NOW)
    assert [one.reminded for one in unit.cases] == [(NOW,), *[()] * 500]


@pytest.mark.parametrize(
    "values",
    [{"role": "support"}, {"status": "refused"}, {"forwarded_at": NOW - DAY}, {"forwarded_at": NOW + DAY}],
)
def test_units_are_counted_as_leads_in_the_period(rows: Connection, values: dict[str, Any]) -> None:
    about = asked(rows)
    item(rows, about)
    item(rows, about, **values)
    assert [one.forwarded for one in figures.by_unit(rows, NOW, NOW + DAY, NOW)] == [1]


@pytest.mark.parametrize(
    ("values", "late"),
    [
        ({"due_at": NOW + DAY}, 1),
        ({"due_at": NOW + DAY, "status": "answered", "answered_at": NOW + 2 * DAY}, 1),
        ({"due_at": NOW + DAY, "status": "answered", "answered_at": NOW + 9 * DAY}, 1),
        ({"due_at": NOW - DAY}, 0),
        ({"due_at": NOW + 9 * DAY}, 0),
        ({"due_at": NOW + DAY, "status": "answered", "answered_at": NOW}, 0),
    ],
    ids=["missing", "late", "answered after the figures", "late in the last figures", "not due yet", "in time"],
)
def test_evidence_counts_what_became_late_since_the_last(rows: Connection, values: dict[str, Any], late: int) -> None:
    about = asked(rows)
    item(rows, about, due_at=NOW + 9 * DAY)
    item(rows, about, forwarded_at=NOW - DAY, **values)
    (unit,) = figures.by_unit(rows, NOW, NOW + DAY, NOW + 3 * DAY, NOW - DAY)
    assert (unit.forwarded, len(unit.cases)) == (1 + late, late)
    assert unit.late + unit.overdue == late
    (alone,) = figures.by_unit(rows, NOW, NOW + DAY, NOW + 3 * DAY)
    assert (alone.forwarded, alone.cases) == (1, ())


def test_periods_count_what_falls_into_them(rows: Connection) -> None:
    for at, said in ((NOW, "yes"), (NOW, ""), (NOW - DAY, "yes"), (NOW + DAY, "no")):
        asked(rows, field="Đường", received_at=at, content_with_answer=said)
    assert [(one.field, one.asked) for one in figures.by_field(rows, NOW, NOW + DAY)] == [("Đường", 2)]
    assert figures.by_content(rows, NOW, NOW + DAY) == {"yes": 1}
    for status, at in (("held", NOW), ("announced", NOW), ("held", NOW - DAY), ("closed", NOW + DAY)):
        held = lay(rows, session, status=status, ended_at=at, form={})
        asked(rows, session_id=held, received_at=NOW - 9 * DAY)
    assert [one.questions for one in figures.by_session(rows, NOW, NOW + DAY)] == [1]
    for seq, (act, at) in enumerate(
        ((AMENDMENT, NOW), ("other", NOW), (AMENDMENT, NOW - DAY), (AMENDMENT, NOW + DAY)), 1
    ):
        lay(rows, journal, seq=seq, act=act, at=at, why=f"{seq}")
    assert figures.amendments(rows, NOW, NOW + DAY) == ("1",)


def test_figures_count_each_in_its_state(rows: Connection) -> None:
    for status, due in (("open", NOW), ("open", NOW + DAY), ("met", NOW)):
        owed(rows, status=status, due_at=due)
    about = asked(rows)
    for status, due in (("forwarded", NOW), ("forwarded", NOW + DAY), ("answered", NOW)):
        item(rows, about, status=status, due_at=due)
    for status, claimed in (("failed", NOW - DAY), ("failed", NOW - 2 * DAY), ("sent", NOW), ("failed", None)):
        tried = {"attempts": 1, "created_at": NOW - 9 * DAY, "next_attempt_at": NOW - 9 * DAY}
        lay(rows, outbox, status=status, claimed_at=claimed, **tried)
    found = figures.figures(rows, NOW)
    assert (found.duties_open, found.duties_late, found.failed_lately, found.oldest_unsent) == (2, 1, 1, None)
    assert found.units == {"SXD": figures.UnitFigures(2, 1, 1)}
    lay(rows, outbox, status="pending", next_attempt_at=NOW + DAY, created_at=NOW - DAY)
    assert figures.figures(rows, NOW).oldest_unsent is None
    lay(rows, outbox, status="pending", next_attempt_at=NOW + DAY, created_at=NOW - DAY, attempts=1)
    assert figures.figures(rows, NOW).oldest_unsent == DAY.total_seconds()


def desk(rows: Connection) -> OverviewFacts:
    return overview.overview_facts(rows, TODAY, NOW, 1, ["an@vp.test"])


def test_the_officers_morning_lists_what_is_open(rows: Connection) -> None:
    own, others = asked(rows, status="needs_review"), asked(rows)
    for seq, act, about in ((1, "registered", others), (2, "registered", own), (3, "status", others)):
        lay(rows, journal, seq=seq, at=NOW, act=act, question_id=about)
    item(rows, own)
    item(rows, own, status="answered")
    item(rows, own, role="support", unit="STC")
    for kind in ("privacy", TELL):
        for status in ("open", "met"):
            owed(rows, own, kind=kind, status=status, key=f"{kind}:citizen_received:{status}")
    for kind, status, stage in (
        (MISSING_SESSION, "open", 1),
        (MISSING_SESSION, "met", 1),
        (MISSING_SESSION, "open", 0),
        ("answer", "open", 1),
    ):
        owed(rows, kind=kind, status=status, stage=stage)
    made = lay(rows, paper, kind="answer", status="shown")
    for status in ("asked", "approved"):
        lay(rows, approval, paper_id=made, status=status)
    found = desk(rows)
    assert [(one.number, one.units) for one in found.new.rows] == [(found.review.rows[0].number, ("SXD",))]
    lists = (found.new, found.review, found.today, found.late, found.privacy, found.untold, found.missing)
    assert [one.count for one in lists] == [1, 1, 2, 0, 1, 1, 1]
    assert found.approvals.count == 1
    assert [one.number for one in (*found.privacy.rows, *found.untold.rows)] == [found.review.rows[0].number] * 2


@pytest.mark.parametrize(
    "values",
    [
        {"status": "done"},
        {"question_id": 5},
        {"sealed": True},
        {"sealed": True, "status": "done"},
        {"kind": "denunciation"},
    ],
)
def test_a_held_mail_without_question_is_listed(rows: Connection, values: dict[str, Any]) -> None:
    wanted = lay_mail(rows, raw_mail, status="held")
    lay_mail(rows, raw_mail, **{"status": "held"} | values)
    found = desk(rows)
    assert [one.mail for one in found.held.rows] == [wanted]
    assert found.sealed == int(values == {"sealed": True})


@pytest.mark.parametrize(
    "values",
    [
        {"status": "held"},
        {"fate": "register"},
        {"reason": "Cán bộ xác nhận không phải câu hỏi"},
        {"seq": 1},
        {"act": "settled"},
    ],
)
def test_what_was_put_aside_by_itself_is_listed_once(rows: Connection, values: dict[str, Any]) -> None:
    first, last = PUT_ASIDE[Kind.NOT_A_QUESTION], PUT_ASIDE[Kind.SPAM]
    own: dict[str, Any] = {"status": "done", "fate": "ignore", "reason": first, "kind": "not_a_question"}
    others = {"seq", "act"}
    spam = lay_mail(rows, raw_mail, **own | {"reason": last, "kind": "spam"})
    wanted = lay_mail(rows, raw_mail, **own)
    other = lay_mail(rows, raw_mail, **own | {key: said for key, said in values.items() if key not in others})
    for seq, mail in enumerate((spam, wanted), 3):
        lay(rows, journal, seq=seq, act="fate", raw_mail_id=mail)
    entry = {"seq": 7, "act": "fate"} | {key: said for key, said in values.items() if key in others}
    lay(rows, journal, raw_mail_id=other, **entry)
    assert [(one.mail, one.why) for one in desk(rows).aside.rows] == [(wanted, first), (spam, last)]


def test_files_that_wait_are_listed_and_those_of_denunciations_are_not(rows: Connection) -> None:
    for values, status in (
        ({}, "held"),
        ({}, "clean"),
        ({"sealed": True}, "held"),
        ({"kind": "denunciation"}, "held"),
    ):
        lay(rows, file_check, raw_mail_id=lay_mail(rows, raw_mail, status="done", **values), part=1, status=status)
    lay(rows, file_check, raw_mail_id=1, part=2, status="clean", why="sạch")
    lay(rows, file_check, raw_mail_id=1, part=3, status="unscanned", why="chưa quét")
    assert [(one.mail, one.why) for one in desk(rows).files.rows] == [(1, "2 tệp: held; chưa quét")]


def test_acts_are_counted_since_an_entry_and_without_the_peoples_own(rows: Connection) -> None:
    act = next(iter(DONE_NAMES))
    for seq, (what, who) in enumerate(
        ((act, "daemon"), (act, "daemon"), ("nothing", "daemon"), (act, "an@vp.test")), 1
    ):
        lay(rows, journal, seq=seq, act=what, actor=who)
    assert desk(rows).done == {act: 1}


def test_the_weeks_lists_are_of_the_unit_and_late_as_lead(rows: Connection) -> None:
    own = asked(rows)
    late = {"due_on": TODAY - DAY}
    item(rows, own, **late)
    for values in (
        {"unit": "STC", "role": "support"},
        {"status": "answered", "item": 2},
        {"due_on": TODAY, "item": 3},
    ):
        item(rows, own, **late | values)
    refused = item(rows, own, status="refused", unit="SYT")
    for seq, act in enumerate(("refused", "refused", "rejected"), 1):
        lay(rows, journal, seq=seq, act=act, question_id=own, data={"assignment": refused})
    found = overview.week_facts(rows, ["SXD", "STC"], TODAY, 1)
    assert found.late == {"SXD": 1}
    assert {unit: one.count for unit, one in found.units.items()} == {"SXD": 2, "STC": 1}
    assert [(one.unit, one.number) for one in found.refused.rows] == [("SYT", found.oldest["SXD"].number)]
    assert found.rejected.count == 1


def test_a_request_about_data_is_told_with_its_own_mails_words(rows: Connection) -> None:
    about = asked(rows, code="HP-1")
    for mail, why in ((7, "xem"), (8, "xóa")):
        owed(rows, about, kind="privacy", key=f"privacy:{mail}")
        lay(rows, journal, seq=mail, act="data_request", question_id=about, raw_mail_id=mail, why=why)
        lay(rows, journal, seq=mail + 2, act="fate", question_id=about, raw_mail_id=mail, why="Đã phân loại")
    assert [one.why for one in desk(rows).privacy.rows] == ["xem", "xóa"]


def test_more_time_is_asked_of_a_lead_and_not_yet_decided(rows: Connection) -> None:
    seq = 0
    for place, (values, acts) in enumerate(
        (
            ({}, ["extension_asked"]),
            ({"role": "support"}, ["extension_asked"]),
            ({}, ["extension_asked", "due_moved"]),
            ({"status": "answered"}, ["extension_asked"]),
            ({}, []),
        ),
        1,
    ):
        about = asked(rows, code=f"HP-{place}")
        own = item(rows, about, **values)
        for act in acts:
            lay(rows, journal, seq=(seq := seq + 1), act=act, question_id=about, data={"assignment": own})
    assert [one.number for one in desk(rows).more_time.rows] == ["HP-1"]
    other = item(rows, about, item=2, unit="SGDDT")  # of two units, one is decided on
    for act, of in (("extension_asked", own), ("extension_asked", other), ("extension_refused", other)):
        lay(rows, journal, seq=(seq := seq + 1), act=act, question_id=about, data={"assignment": of})
    assert [(one.number, one.unit) for one in desk(rows).more_time.rows] == [("HP-1", "SXD"), ("HP-5", "SXD")]


def fault(rows: Connection, table: Table, **values: Any) -> list[str]:
    if table is raw_mail:
        lay_mail(rows, raw_mail, **values)
    else:
        lay(rows, table, **values)
    return [one for one in conservation.conservation_faults(rows) if "numbers" not in one]


def test_the_books_add_up_until_a_row_is_wrong(rows: Connection) -> None:
    assert fault(rows, raw_mail, status="done", fate="register", question_id=1) == []
    assert fault(rows, raw_mail, status="stored") == []
    own = asked(rows)
    assert fault(rows, assignment, **ITEM | {"question_id": own}) == ["1 assignments are waited for without a duty"]
    assert fault(rows, duty, kind="answer", status="open", assignment_id=1, due=DUE) == []
    answered = ITEM | {"question_id": own, "status": "answered", "item": 2}
    assert fault(rows, assignment, **answered) == []
    assert fault(rows, question, status="answered") == []
    lay(rows, assignment, **answered | {"question_id": asked(rows)})
    assert conservation.conservation_faults(rows)[0] == "1 forwarded questions lie with no unit"
    assert fault(rows, raw_mail, status="done", fate="ignore") == ["1 forwarded questions lie with no unit"]
    assert "1 decided mails have no fate" in fault(rows, raw_mail, status="done", fate="")
    assert "1 registered mails have no question" in fault(rows, raw_mail, status="done", fate="register")


def test_a_filed_mail_is_named_with_its_own_question_and_by_what_became_of_it(rows: Connection) -> None:
    for code in ("HP-1", "HP-2"):
        asked(rows, code=code)
    usual: dict[str, Any] = {"mailbox": "city", "uidvalidity": 7, "status": "done"}
    usual |= {"server_state": "moved", "question_id": 2}
    for more in ({}, {"mailbox": "ward"}, {"server_state": "gone"}, {"server_state": "gone", "uidvalidity": 6}):
        lay_mail(rows, raw_mail, **usual | more)
    lay_mail(rows, raw_mail, **usual | {"server_state": "told", "question_id": None})
    assert [(one.id, one.code) for one in conservation.filed(rows, "city")] == [(1, "HP-2")]
    assert [one.id for one in conservation.taken(rows, "city", 7)] == [3]
    assert conservation.told(rows, "city") == [5]


def test_a_mail_that_came_back_is_one_that_had_been_moved_from_this_inbox(rows: Connection) -> None:
    usual: dict[str, Any] = {"mailbox": "city", "uidvalidity": 7, "uid": 1, "server_state": "moved"}
    others = ({"mailbox": "ward"}, {"uidvalidity": 6}, {"uid": 2}, {"uid": 3, "server_state": "waiting"})
    wanted, *_ = [lay_mail(rows, raw_mail, status="done", **usual | more) for more in ({}, *others)]
    assert conservation.returned(rows, "city", 7, [1, 3]) == [wanted]
