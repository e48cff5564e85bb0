"""Reports sent by the calendar: the overviews, and the findings of the nightly comparison.

The overviews go each working morning to the officers, once a week to each unit and to the leaders. Their time is
decided here, too: none on a day off, and a missed day is not made up for.

The comparison finds mails that lie in another folder than that of their fate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.commands.likely_orders import load_hints
from rules.decide.base import manual_work
from rules.decide.base.actions import Action, Note, Send
from rules.decide.base.command_result import more_time_acts, send_again_act, told_since, written_since
from rules.decide.base.fact_parts import DONE_NAMES, SOON_DAYS, ListedCase, ListRow, OverviewFacts, WeekFacts
from rules.decide.base.facts import BoardFacts
from rules.decide.base.notices import NO_SUBJECT, to_people, unit_name, unit_recipient
from rules.law.legal_dates import Law
from rules.law.working_days import CITY_ZONE, short_date
from rules.message.automatic import why_returned
from rules.routing.unit_scores import LIKE
from rules.values.model import Notice


def overview_day(now: datetime, last: date | None, law: Law) -> date | None:
    """The day whose overview is due now: a working day, once, within the send window; at night it waits."""
    local = now.astimezone(CITY_ZONE)
    today, window = local.date(), law.profile.send_window
    if not window.start <= local.time() < window.end or not law.calendar.is_working_day(today):
        return None
    return None if last is not None and last >= today else today


def week_is_due(day: date, last: date | None, law: Law) -> bool:
    """True when this overview is its week's first, even on a Thursday if nothing ran before.

    ``last`` is the previous overview's day, None on a new installation: that begins with a week's first working day.
    """
    before = law.calendar.previous_working_day(day) if last is None else last
    return before.isocalendar()[:2] != day.isocalendar()[:2]


def officers_overview(facts: OverviewFacts, board: BoardFacts, day: date) -> tuple[Action, ...]:
    """One mail to each officer; none when there is nothing to report. The key allows one a day."""
    sections = [one for one in _sections(facts, board) if one["count"]]
    if not sections and facts.unread is None:
        return ()
    since, until = facts.unread or (None, None)
    values: dict[str, object] = {"day": day, "sections": sections, "done": _done(facts.done)}
    values |= {"unread_since": since, "unread_until": until}
    return to_people("officer_digest", board.officers, "", values, key=day.isoformat())


def _done(counts: Mapping[str, int]) -> list[str]:
    return [f"{counts[act]} {name}" for act, name in DONE_NAMES.items() if counts.get(act)]


def _sections(facts: OverviewFacts, board: BoardFacts) -> Iterable[dict[str, object]]:
    yield _section("Đã quá hạn trả lời", facts.late, [_late(one, board) for one in facts.late.rows])
    yield _section("Đến hạn hôm nay", facts.today, [_due(one, board) for one in facts.today.rows])
    yield _section(
        "Câu hỏi chưa đến được đơn vị", facts.came_back, [_back(one, board) for one in facts.came_back.rows]
    )
    yield _section("Đơn vị xin gia hạn", facts.more_time, _more_time(facts.more_time.rows, board))
    yield _section("Chưa báo người hỏi", facts.untold, [_untold(one) for one in facts.untold.rows])
    yield _section("Phiên đối thoại theo kỳ", facts.missing, [_missing(one) for one in facts.missing.rows])
    yield _section("Chờ cán bộ xem xét", facts.review, [_review(one, board) for one in facts.review.rows])
    yield _section("Thư đang giữ lại", facts.held, [_held(one, board) for one in facts.held.rows])
    yield _section("Tệp đính kèm đang giữ lại", facts.files, [_files(one) for one in facts.files.rows])
    if facts.sealed:
        words = f"{facts.sealed} thư có dấu hiệu tố cáo, chỉ người được phân công xem; nội dung không hiện ở đây"
        yield _section("Thư giữ riêng", ListRow((), facts.sealed), [_row(words)])
    yield _section("Chờ phê duyệt", facts.approvals, [_approval(one) for one in facts.approvals.rows])
    if not board.publishes:  # else it is posted by itself, or a failure tells
        yield _section("Đã duyệt, chờ đăng lên Cổng", facts.to_post, [_to_post(one) for one in facts.to_post.rows])
    yield _section("Yêu cầu về dữ liệu cá nhân", facts.privacy, [_privacy(one) for one in facts.privacy.rows])
    yield _section(f"Đến hạn trong {SOON_DAYS} ngày tới", facts.soon, [_due(one, board) for one in facts.soon.rows])
    yield _section("Câu hỏi mới", facts.new, [_new(one, board) for one in facts.new.rows])
    yield _section("Thư đã cất, không phải câu hỏi", facts.aside, [_aside(one) for one in facts.aside.rows])
    if facts.unsigned and board.law.profile.options.register_signature != "print_only":
        sign = [_command("Ký nhận tất cả", "Ký nhận tất cả")]
        row = _row(f"{facts.unsigned} câu hỏi chưa có chữ ký của cán bộ tiếp nhận", sign)
        yield _section("Chưa ký nhận", ListRow((), facts.unsigned), [row])


def _section(title: str, listed: ListRow, rows: list[dict[str, object]]) -> dict[str, object]:
    more = max(0, listed.count - len(listed.rows)) if listed.rows else 0
    return {"title": title, "count": listed.count, "rows": rows, "more": more}


def _row(text: str, commands: Iterable[dict[str, object]] = ()) -> dict[str, object]:
    return {"text": text, "commands": list(commands)}


def _command(label: str, body: str, about: str = "") -> dict[str, object]:
    """A prepared command; ``about`` m12 means held mail 12, a7 a unit's item 7, "" the number in its text."""
    return {"label": label, "body": body, "about": about}


def _named(case: ListedCase) -> str:
    return f"{case.number}: {case.subject or NO_SUBJECT}"


def _like(case: ListedCase) -> str:
    return f"; giống {len(case.like)} câu đã có ({', '.join(case.like[:3])})" if case.like else ""


def _new(case: ListedCase, board: BoardFacts) -> dict[str, object]:
    units = ", ".join(unit_name(board, one) for one in case.units)
    where = f"; {units}" if units else ""
    return _row(f"{_named(case)}{where}{_like(case)}", [_command("Ký nhận", f"{case.number} ký nhận")])


def _review(case: ListedCase, board: BoardFacts) -> dict[str, object]:
    guess = [
        f"{manual_work.how_likely(one.score)} của {unit_name(board, one.unit)}"
        + (f" ({one.reasons[0]})" if one.reasons else "")
        for one in case.guess[:2]
    ]
    text = f"; {', '.join(guess)}" if guess else "; chưa đoán được đơn vị"
    doubtful = all(one.score < LIKE for one in case.guess)
    label, ends = load_hints(board.source).asks_nothing
    asked = f"; {manual_work.asked_on(case.asked_back)}" if case.asked_back else ""
    forwards = [
        _command(f"Chuyển {unit_name(board, one.unit)}", f"{case.number} chuyển {one.unit}")
        for one in case.guess[:2]
        if one.unit in board.contacts
    ]
    commands = [
        *forwards,
        _command("Chuyển đơn vị khác", f"{case.number} chuyển "),
        _command("Hỏi lại lần nữa" if asked else "Hỏi lại", f"{case.number} hỏi lại: "),
        _command("Từ chối, nêu rõ điểm và lý do", f"{case.number} từ chối "),
        *([_command(label, f"{case.number} {ends}")] if doubtful else ()),
    ]
    return _row(f"{_named(case)}{asked}{text}{_like(case)}", commands)


def _held(case: ListedCase, board: BoardFacts) -> dict[str, object]:
    about = f"m{case.mail}"
    commands = [_command(one["label"], one["text"], about) for one in case.acts] or [
        _command("Đăng ký", "Đăng ký", about),
        _command("Không phải câu hỏi", "Không phải câu hỏi", about),
        _command("Không tiếp nhận", "Không tiếp nhận khiếu nại vì ", about),
    ]
    later = written_since(board, case.mail, case.who, case.letters)
    since = f"; {told_since(later)}" if later is not None else ""
    return _row(f"Thư số {case.mail} của {case.who}: {case.subject or NO_SUBJECT}; {case.why}{since}", commands)


def _aside(case: ListedCase) -> dict[str, object]:
    text = f"Thư số {case.mail} của {case.who}: {case.subject or NO_SUBJECT}; {case.why}"
    return _row(text, [_command("Đăng ký", "Đăng ký", f"m{case.mail}")])


def _files(case: ListedCase) -> dict[str, object]:
    about = f"m{case.mail}"
    said = ("Vì sao giữ", "Cho chuyển tệp", "Không chuyển tệp")
    where = f"{case.number}, thư số {case.mail}" if case.number else f"Thư số {case.mail}"
    return _row(f"{where} của {case.who}; {case.why}", [_command(each, each, about) for each in said])


def _due(case: ListedCase, board: BoardFacts) -> dict[str, object]:
    due = short_date(case.due_on) if case.due_on else ""
    commands = [
        _command("Gia hạn", f"{case.number} đồng ý gia hạn đến "),
        _command("Ghi chú", f"{case.number} ghi chú: "),
    ]
    return _row(f"{_named(case)}; {unit_name(board, case.unit)}, hạn {due}", commands)


def _more_time(cases: Sequence[ListedCase], board: BoardFacts) -> list[dict[str, object]]:
    """Requests that wait for the Board's decision; of several units on one question it names the unit."""
    rows, wishes = [], Counter(one.number for one in cases)
    for case in cases:
        until = short_date(case.wanted) if case.wanted else ""
        commands = [
            _command(one["label"].strip(), one["text"])
            for one in more_time_acts(case.number, until, case.unit if wishes[case.number] > 1 else "")
        ]
        asked = f"đến {until}" if until else "nhưng không ghi ngày"
        due = short_date(case.due_on) if case.due_on else ""
        text = f"{_named(case)}; {unit_name(board, case.unit)} xin gia hạn {asked}, hạn hiện nay {due}"
        rows.append(_row(text, commands))
    return rows


def _late(case: ListedCase, board: BoardFacts) -> dict[str, object]:
    commands = [
        _command("Nhắc đơn vị", f"{case.number} nhắc đơn vị"),
        _command("Chuyển đơn vị khác", f"{case.number} chuyển "),
        _command("Gia hạn", f"{case.number} đồng ý gia hạn đến "),
        _command("Tình trạng", f"Tình trạng {case.number}"),
    ]
    return {**_due(case, board), "commands": commands}


def _back(case: ListedCase, board: BoardFacts) -> dict[str, object]:
    """A question whose mail to the unit came back."""
    why = why_returned(case.why, board.source) or "không rõ lý do"
    again = send_again_act(case.number, case.unit, board)
    text = f"{_named(case)}; thư chuyển {unit_name(board, case.unit)} bị trả lại: {why}"
    return _row(text, [_command("Gửi lại", again["text"]), _command("Chuyển đơn vị khác", f"{case.number} chuyển ")])


def _approval(case: ListedCase) -> dict[str, object]:
    at = f", trình ngày {short_date(case.at.astimezone(CITY_ZONE))}" if case.at else ""
    return _row(f"{case.subject}: chờ {case.who}{at}")


def _to_post(case: ListedCase) -> dict[str, object]:
    """The text to post stands in the mail of the approval."""
    commands = [
        _command("Đã đăng", f"{case.number} đã đăng tại https://"),
        _command("Không đăng nữa", f"{case.number} gỡ đăng vì "),
    ]
    return _row(f"{_named(case)}; nội dung đăng ở thư “được duyệt để đăng”", commands)


def _privacy(case: ListedCase) -> dict[str, object]:
    due = f", hạn {short_date(case.due_on)}" if case.due_on else ""
    return _row(
        f"{_named(case)}: {case.why or 'Yêu cầu về dữ liệu cá nhân'}{due}",
        [
            _command("Đã thực hiện", f"{case.number} đã thực hiện yêu cầu dữ liệu: "),
            _command("Không thực hiện", f"{case.number} không thực hiện yêu cầu dữ liệu vì "),
            _command("Tình trạng", f"Tình trạng {case.number}"),
        ],
    )


def _untold(case: ListedCase) -> dict[str, object]:
    """A person without a mail address who must be told by telephone, post or in person."""
    due = f", hạn {short_date(case.due_on)}" if case.due_on else ""
    said = [_command(one["label"], one["text"]) for one in manual_work.telling_commands(case.number)]
    return _row(f"{case.number}, {case.who}: {manual_work.what_to_tell(case.why)}{due}", said)


def _missing(case: ListedCase) -> dict[str, object]:
    """A period of 6.1 whose session has not been held yet."""
    due = f", hạn {short_date(case.due_on)}" if case.due_on else ""
    return _row(f"{case.why}: chưa tổ chức{due}", [_command("Đề xuất phiên", "Đề xuất phiên")])


def units_week(facts: WeekFacts, board: BoardFacts, day: date) -> tuple[Action, ...]:
    """To each unit: what it still owes, each item with a prepared answer that finds its question automatically."""
    sends: list[Action] = []
    for unit, listed in sorted(facts.units.items()):
        contact = board.contacts.get(unit)
        if contact is None or not listed.count:
            continue
        rows = [_open(one, day) for one in listed.rows]
        values: dict[str, object] = {
            "unit": {"code": unit, "name": unit_name(board, unit)},
            "day": day,
            "sections": [_section("Câu hỏi đang chờ trả lời", listed, rows)],
        }
        recipient = unit_recipient(contact, board)
        sends.append(Send(Notice("week_unit", recipient, "16.2", f"week_unit:{day}:{unit}", values)))
    return tuple(sends)


def _open(case: ListedCase, day: date) -> dict[str, object]:
    due = case.due_on or day
    late = f" (quá hạn {(day - due).days} ngày)" if due < day else ""
    about = f"a{case.assignment}"
    commands = [
        _command("Gửi câu trả lời", f"Trả lời câu hỏi {case.number}:\n\n", about),
        _command("Không thuộc thẩm quyền", "Không thuộc thẩm quyền. Đề nghị chuyển: ", about),
        _command("Xin gia hạn", "Xin gia hạn đến ngày ", about),
    ]
    return _row(f"{_named(case)}; hạn {short_date(due)}{late}", commands)


def leaders_week(facts: WeekFacts, board: BoardFacts, day: date) -> tuple[Action, ...]:
    """To the Head and the Office: who is late (16.2, 23), and what was refused since the week before."""
    late = [_late_unit(unit, number, facts.oldest.get(unit), board) for unit, number in sorted(facts.late.items())]
    sections = [
        _section("Đơn vị chậm trả lời", ListRow((), len(late)), late),
        _section(
            "Câu hỏi đã từ chối", facts.rejected, [_row(f"{_named(one)}; {one.why}") for one in facts.rejected.rows]
        ),
        _section(
            "Đơn vị báo không thuộc thẩm quyền", facts.refused, [_refused(one, board) for one in facts.refused.rows]
        ),
    ]
    told = [one for one in sections if one["count"]]
    if not told:
        return ()
    people = [board.head, *([board.office] if board.office else [])]
    return to_people("office_week", people, "16.2", {"day": day, "sections": told}, key=day.isoformat())


def _late_unit(unit: str, number: int, oldest: ListedCase | None, board: BoardFacts) -> dict[str, object]:
    since = f", lâu nhất là {oldest.number} (hạn {short_date(oldest.due_on)})" if oldest and oldest.due_on else ""
    return _row(f"{unit_name(board, unit)}: {number} câu hỏi quá hạn{since}")


def _refused(case: ListedCase, board: BoardFacts) -> dict[str, object]:
    return _row(f"{_named(case)}; {unit_name(board, case.unit)}")


NAMED = 100
"""One notice names at most this many mails."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A mail that people moved or deleted. ``now_in``: where it is now, "" = nowhere, None = unknown."""

    mail: int
    code: str
    folder: str
    now_in: str | None


def decide_reconciled(
    missing: Sequence[Missing], returned: Sequence[int], board: BoardFacts, day: date
) -> tuple[Action, ...]:
    """Write it to the journal and tell the officers. Fates stay, since the register does not follow the mailbox."""
    data = {"missing": [one.mail for one in missing], "returned": list(returned)}
    note = Note("reconciled", "Đối chiếu hộp thư với sổ", data=data)
    if not missing and not returned:
        return (note,)
    details = [_line(one) for one in missing[:NAMED]]
    if len(missing) > NAMED:
        details.append(f"Và {len(missing) - NAMED} thư khác; xem lệnh doithoai verify.")
    if returned:
        numbers = ", ".join(map(str, returned[:NAMED]))
        details.append(f"Máy chủ báo đã chuyển nhưng thư vẫn ở hộp thư đến, sẽ được chuyển lại: thư số {numbers}.")
    details.append("Việc xử lý và sổ theo dõi không thay đổi; bản gốc của mỗi thư vẫn được lưu.")
    values = {"what": "Hộp thư và sổ không khớp", "details": details, "commands": []}
    return (note, *to_people("officer_alert", board.officers, "", values, key=f"reconciled:{day.isoformat()}"))


def _line(one: Missing) -> str:
    about = f"Thư số {one.mail}" + (f" ({one.code})" if one.code else "")
    where = f"nay ở thư mục “{one.now_in}”" if one.now_in else "không còn trong thư mục nào"
    if one.now_in == one.folder:
        return f"{about}: thư mục “{one.folder}” thiếu một bản của thư này, một bản khác vẫn còn ở đó."
    if one.now_in is None:
        where = "chưa rõ nay ở đâu (thư không có Message-ID)"
    return f"{about}: đã bị chuyển khỏi hoặc xóa khỏi thư mục “{one.folder}”, {where}."
