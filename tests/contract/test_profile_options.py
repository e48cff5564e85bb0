"""Every option of the profile, on and off, through the workflow: a city changes one word of its file."""

import ast
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from daemon.base import clock
from db.core.tables import assignment, duty, question
from rules.law.profile import Options, Profile, Reminders, Rule, SessionRules
from rules.law.profile_file import ProfileFile
from rules.law.session_limits import refusals, yielding
from rules.law.session_rules import PaperKind, SessionFacts, SessionStatus
from tests.installation import HEAD, OFFICER, subject_of, text_of, unit_address
from tests.world import FORM, SIGNATURE, World, order_today, rules_of, said, world

ROAD = "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
SCHOOL = "Con tôi học lớp 1 trường tiểu học, nhà trường thu nhiều khoản ngoài quy định, xin hỏi có đúng không?"
POWER = "Đề nghị cho biết lịch cắt điện tuần này của khu phố tôi, điện mất liên tục buổi tối."
UNSURE = "Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?"
TWO = f"Câu 1: {ROAD}\n\nCâu 2: {SCHOOL}"
FOREIGN = "Xin hỏi Bộ Ngoại giao: thủ tục xin thị thực của Đại sứ quán Hoa Kỳ tại Hà Nội mất bao lâu?"
CITIZEN = "an@dan.test"

City = Callable[..., World]
Held = tuple[str, str, int, int, int]
"""A session's level, unit and day."""


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Rules whose profile has some words replaced. Nobody writes into them: each is read once, not once a city."""
    return cache(lambda *changes: rules_of(tmp_path_factory.mktemp("rules"), changes))


@pytest.fixture
def city(tmp_path: Path, profiles: Callable[..., Path]) -> Iterator[City]:
    """Makes a city whose profile has some words replaced."""
    with ExitStack() as made:

        def make(*changes: tuple[str, str]) -> World:
            folder, rules = Path(tempfile.mkdtemp(dir=tmp_path)), profiles(*changes)
            return made.enter_context(world(folder / "house", sends=True, rules=rules, profile="thu"))

        yield make


def option(name: str, old: str, new: str) -> tuple[str, str]:
    return f"{name} = {old}", f"{name} = {new}"


def announced(town: World) -> str:
    """A session of Thursday 26/11/2026 in the fields of SXD and SNNMT, up to its notice."""
    return town.begin("announced", lambda: _announced(town))


def _announced(town: World) -> str:
    town.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    code = town.desk.propose(FORM)[0].code
    for kind in (PaperKind.PLAN, PaperKind.NOTICE):
        town.look()
        town.reply(HEAD, "Duyệt")
        if kind is PaperKind.PLAN:
            town.desk.decide(code, "Công văn số 12/UBND-VX")
        town.desk.put_up(code, kind)
    town.look()
    town.reply(HEAD, "Duyệt")
    town.desk.announce(code, "https://haiphong.test/thong-bao")
    return code


def units(town: World) -> list[tuple[object, object]]:
    """Who has what item in which role."""
    return [(row["unit"], row["role"]) for row in town.house.rows(assignment)]


def test_a_mail_with_two_questions(city: City) -> None:
    default, one = city(), city(option("questions_in_one_mail", '"items"', '"one_item"'))
    for town in (default, one):
        town.ask(TWO + SIGNATURE)
    assert len([unit for unit, role in units(default) if role == "lead"]) == 2
    assert len([unit for unit, role in units(one) if role == "lead"]) == 1
    assert "ổ gà" in str(one.house.rows(assignment)[0]["item_text"])
    assert "thu nhiều khoản" in str(one.house.rows(assignment)[0]["item_text"])


def test_a_question_in_two_fields(city: City) -> None:
    text = (
        "Đường Trường Chinh có nhiều ổ gà sâu, xe máy ngã liên tục, bao giờ thì sửa mặt đường? Ngoài ra thẻ bảo "
        "hiểm y tế của mẹ tôi sai ngày sinh so với căn cước, vậy xin đổi lại thẻ bảo hiểm y tế ở đâu, cần giấy tờ gì?"
    )
    default, lead = city(), city(option("fields_in_one_question", '"lead_and_supporting"', '"lead_only"'))
    for town in (default, lead):
        town.ask(text + SIGNATURE)
    assert {role for _, role in units(default)} == {"lead", "support"}
    assert {role for _, role in units(lead)} == {"lead"}


def test_central_agencies_and_utilities(city: City) -> None:
    default, reject = city(), city(option("central_agencies", '"forward"', '"reject"'))
    for town in (default, reject):
        town.ask(POWER + SIGNATURE)
    assert units(default) == [("DIENLUC", "lead")]
    assert units(reject) == []
    assert reject.house.questions[-1]["status"] == "needs_review"
    assert "Điện lực" in text_of(reject.inbox(OFFICER)[-1])


def test_rejections_without_an_officer(city: City) -> None:
    both = (option("central_agencies", '"forward"', '"reject"'), option("confirm_rejections", "true", "false"))
    asked, alone = city(both[0]), city(*both)
    for town in (asked, alone):
        town.ask(POWER + SIGNATURE)
    assert asked.names(CITIZEN) == ["citizen_received"]
    assert alone.names(CITIZEN) == ["citizen_received", "citizen_rejected"]
    assert "Công ty Điện lực" in text_of(alone.inbox(CITIZEN)[-1])
    assert alone.house.questions[-1]["outcome"] != ""
    assert alone.names(OFFICER) == []
    alone.ask(UNSURE + SIGNATURE, "khac@dan.test")
    assert alone.house.questions[-1]["status"] == "needs_review", "what is not sure is still for a person"


def test_missing_data_asked_for_once_and_forwarded(city: City) -> None:
    town = city()
    town.ask(ROAD)
    assert town.house.questions[-1]["status"] == "forwarded"
    assert town.house.questions[-1]["missing"] != ""


def test_missing_data_asked_for_then_dropped(city: City) -> None:
    town = city(option("missing_data", '"ask_once"', '"ask_then_drop"'), option("missing_data_drop_days", "30", "10"))
    code = town.ask(ROAD)["code"]
    assert units(town) == []
    assert "kết thúc việc tiếp nhận" in text_of(town.inbox(CITIZEN)[-1])
    town.let_pass(days=9)
    assert town.house.questions[-1]["status"] == "received"
    town.let_pass(days=5)
    assert town.house.questions[-1]["status"] == "rejected"
    assert town.names(CITIZEN) == ["citizen_received", "citizen_rejected"]
    assert code in subject_of(town.inbox(CITIZEN)[-1])
    assert "15/10/2026" in text_of(town.inbox(CITIZEN)[-1])
    town.let_pass(days=3)
    assert len(town.inbox(CITIZEN)) == 2


def test_a_day_off_at_the_end_leaves_the_time_that_remains(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    town = city(option("missing_data", '"ask_once"', '"ask_then_drop"'), option("missing_data_drop_days", "30", "10"))
    monkeypatch.setattr(clock, "now", town.house.clock)
    town.ask(ROAD)
    known = town.house.installation.board.law.calendar.days_of(2026)
    days = sorted({"2026-10-15", *(str(row.day) for row in known if row.kind == "off")})
    path = town.house.folder / "notice.tsv"
    path.write_text("date\tkind\tname\n" + "".join(f"{day}\toff\tNgày nghỉ\n" for day in days), encoding="utf-8")
    assert town.house.command("calendar", "import", str(path), "--apply") == 0
    town.let_pass(days=11)
    assert town.house.questions[-1]["status"] == "received"
    town.let_pass(days=3)
    assert town.house.questions[-1]["status"] == "rejected"
    assert "16/10/2026" in text_of(town.inbox(CITIZEN)[-1])


def test_missing_data_that_come_in_time(city: City) -> None:
    town = city(option("missing_data", '"ask_once"', '"ask_then_drop"'))
    town.ask(ROAD)
    town.reply(CITIZEN, SIGNATURE.strip())
    assert town.house.questions[-1]["missing"] == ""
    assert town.house.questions[-1]["status"] == "needs_review"
    town.reply(OFFICER, f"{town.house.questions[-1]['code']} chuyển SXD")
    assert units(town) == [("SXD", "lead")]
    town.let_pass(days=60)
    assert town.house.questions[-1]["status"] == "forwarded"


def test_missing_data_that_an_officer_enters(city: City) -> None:
    town = city(option("missing_data", '"ask_once"', '"ask_then_drop"'))
    code = town.ask(ROAD + "\n\nNguyễn Văn An")["code"]
    bystander = town.ask(ROAD, "ba@dan.test")["code"]
    town.overviews()
    order_today(town, f"{code} sửa địa chỉ: số 5 đường Trường Chinh, phường Kiến An")
    assert town.of_question(code)[0]["status"] == "received"
    order_today(town, f"{code} sửa điện thoại: 0912000111")
    row, waits = town.of_question(code)[0], town.of_question(bystander)[0]
    assert (row["missing"], row["status"], waits["status"]) == ("", "needs_review", "received")
    assert f"{code} đã đủ thông tin" in text_of(town.last("officer_alert", OFFICER))
    town.let_pass(days=60)
    assert town.of_question(code)[0]["status"] == "needs_review"
    assert [row["status"] for row in town.house.rows(duty) if row["key"].startswith(("review:", "whole:"))] == [
        "open"
    ]
    assert town.of_question(bystander)[0]["status"] == "rejected"


def test_no_question_that_is_whole_is_dropped(city: City) -> None:
    town = city(option("missing_data", '"ask_once"', '"ask_then_drop"'))
    town.ask(ROAD)
    with town.house.engine.begin() as connection:  # an older version left it so
        connection.execute(update(question).where(question.c.id > 0).values(missing=""))
    town.let_pass(days=31)
    assert town.house.questions[-1]["status"] == "needs_review"
    assert [row["status"] for row in town.house.rows(duty) if row["key"].startswith("whole:")] == ["open"]


OUTSIDE, WITHIN = "Sở Y tế", "Sở Nông nghiệp và Môi trường"


@pytest.mark.parametrize(
    ("to", "session", "day"), [(OUTSIDE, None, "hết thứ Ba, ngày 17/11/2026"), (WITHIN, 1, "ngày 26/11/2026")]
)
def test_a_question_of_a_session_that_its_unit_gives_back(city: City, to: str, session: object, day: str) -> None:
    """To a unit outside the session it goes without the session's day, and its answer is not kept back."""
    town = city()
    announced(town)
    stays = town.ask(ROAD + SIGNATURE, "ba@dan.test")
    code = str(town.ask(ROAD + SIGNATURE)["code"])
    town.reply(unit_address("SXD"), f"Việc này không thuộc thẩm quyền của Sở Xây dựng, đề nghị chuyển {to}.")
    assert town.of_question(code)[0]["session_id"] == session
    assert town.of_question(str(stays["code"]))[0] == stays
    told = said(town.last("citizen_forwarded", CITIZEN))
    assert day in told
    assert ("ngày 26/11/2026" in told) == bool(session)
    last = town.house.rows(assignment)[-1]
    answer = f"{to} trả lời: mặt đường Trường Chinh được sửa trong quý I năm 2027."
    town.reply(unit_address(str(last["unit"])), answer)
    assert ("citizen_answered" in town.names(CITIZEN)) == (session is None)


def test_a_question_elsewhere_is_forwarded_after_the_session(city: City) -> None:
    default, after = city(), city(option("forward_elsewhere", '"at_once"', '"after_session"'))
    for town in (default, after):
        announced(town)
        town.ask(SCHOOL + SIGNATURE)
    assert units(default) == [("SGDDT", "lead")]
    assert default.house.questions[-1]["session_id"] is None
    assert units(after) == []
    waiting = [row for row in after.house.rows(duty) if row["kind"] == "review"][-1]
    assert (waiting["clause"], waiting["due"]["on"]) == ("10.1.g", "2026-11-30")
    code = after.house.questions[-1]["code"]
    after.house.clock.at = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    after.desk.hold("P-2026-01", FORM.start, datetime(2026, 11, 26, 3, 30, tzinfo=UTC))
    after.look()
    assert str(code) in text_of(after.inbox(OFFICER)[-1]), "the officers are asked for its mark"
    after.reply(OFFICER, f"{code} chuyển SGDDT")
    assert units(after) == [("SGDDT", "lead")]
    assert after.house.questions[-1]["session_mark"] == "g"


def test_without_a_session_nothing_waits_for_one(city: City) -> None:
    town = city(option("forward_elsewhere", '"at_once"', '"after_session"'))
    town.ask(SCHOOL + SIGNATURE)
    assert units(town) == [("SGDDT", "lead")]


@pytest.mark.parametrize(("hours", "alarm"), [("0", "04:30"), ("1", "01:30")])
def test_when_an_officer_is_alarmed_about_a_question_after_s_minus_7(city: City, hours: str, alarm: str) -> None:
    town = city(option("late_question_hours", "0", hours))
    announced(town)
    town.house.clock.at = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # Monday 07:30 in the city, S-3
    town.ask("Cái bờ tường sau khu nhà tầng đổ đã lâu, bên nào lo?" + SIGNATURE)
    town.house.clock.at = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    row = [one for one in town.house.rows(duty) if one["kind"] == "review"]
    assert town.house.questions[-1]["session_id"] is not None
    assert f"{row[-1]['next_at']:%H:%M}" == alarm


@pytest.mark.parametrize(("choice", "shown"), [("recorded_and_print", True), ("print_only", False)])
def test_the_officers_signature(city: City, choice: str, shown: bool) -> None:
    town = city(option("register_signature", '"recorded_and_print"', f'"{choice}"'))
    code = town.ask(ROAD + SIGNATURE)["code"]
    town.ask(UNSURE + SIGNATURE, "khac@dan.test")
    town.reply(OFFICER, f"tình trạng {code}")
    assert ("chưa ký nhận" in text_of(town.inbox(OFFICER)[-1])) is shown


def regular(code: str, held: Held) -> SessionFacts:
    level, unit, year, month, day = held
    form = replace(FORM, level=level, unit=unit, start=datetime(year, month, day, 2, 0, tzinfo=UTC))
    return SessionFacts(1, code, SessionStatus.CLOSED, form.start, form)


@pytest.mark.parametrize(
    ("name", "value", "before", "wanted", "allowed"),
    [
        ("frequency_windows", "calendar", ("unit", "SXD", 2026, 2, 20), ("unit", "SXD", 2026, 3, 5), True),
        ("frequency_windows", "rolling", ("unit", "SXD", 2026, 2, 20), ("unit", "SXD", 2026, 3, 5), False),
        ("frequency_windows", "rolling", ("unit", "SXD", 2026, 2, 20), ("unit", "SXD", 2026, 4, 6), True),
        ("frequency_scope", "city", ("unit", "SXD", 2026, 3, 5), ("unit", "SYT", 2026, 4, 6), False),
        ("frequency_scope", "unit", ("unit", "SXD", 2026, 3, 5), ("unit", "SYT", 2026, 4, 6), True),
        ("frequency_scope", "unit", ("unit", "SXD", 2026, 3, 5), ("unit", "SXD", 2026, 4, 6), False),
    ],
)
def test_how_often(name: str, value: str, before: Held, wanted: Held, allowed: bool, city: City) -> None:
    profile = city().house.installation.board.law.profile
    changed: dict[str, Any] = {name: value}
    chosen = replace(profile, options=replace(profile.options, **changed))
    assert (refusals(regular("P-2", wanted).form, [regular("P-1", before)], chosen) == ()) is allowed


def test_a_session_of_the_city_ad_hoc_keeps_the_units_out_of_its_month(city: City) -> None:
    """6.1: a month with a session of the city's leaders has none of a unit; ad hoc or not."""
    profile = city().house.installation.board.law.profile
    citys = regular("P-1", ("city", "", 2026, 12, 10))
    citys = replace(citys, form=replace(citys.form, ad_hoc=True, direction="CV 12/UBND"))
    units = regular("P-2", ("unit", "SXD", 2026, 12, 24))
    assert len(refusals(units.form, [citys], profile)) == 1
    assert yielding(citys.form, [replace(units, status=SessionStatus.PROPOSED)], profile) == ("P-2",)
    later = regular("P-3", ("city", "", 2027, 1, 20)).form
    assert refusals(later, [citys], profile) == (), "it counts in no term of months"


def test_a_session_that_nobody_recorded_goes_on_receiving_past_its_plan() -> None:
    held = replace(regular("P-1", ("city", "", 2026, 12, 10)), status=SessionStatus.ANNOUNCED)
    assert held.is_receiving(held.planned_end + timedelta(minutes=20)), "5.3: until its end, which nobody recorded"
    assert not replace(held, ended_at=held.planned_end).is_receiving(held.planned_end + timedelta(minutes=20))


DESCRIBED = {"also", "tells", "template", "document", "until", "duty", "title", "valid_from"}
"""What a rule only says to its reader: printed or checked, no behaviour hangs on it."""


def test_every_key_of_the_profile_is_read_by_the_program() -> None:
    """A key that nothing reads is a promise that nobody keeps."""
    root = Path(__file__).parents[2]
    own = {root / "rules/law/profile_file.py"}
    read: set[str] = set()
    for folder in ("rules", "daemon", "db"):
        for file in (root / folder).rglob("*.py"):
            if file not in own:
                tree = ast.parse(file.read_text("utf-8"))
                read |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    keys = {field.name for shape in (Options, SessionRules, Reminders, Rule, Profile) for field in fields(shape)}
    keys |= set(ProfileFile.model_fields) - {"rule"}
    assert keys - read - DESCRIBED == set()
