"""Routine duties: quarterly plan (16.1), reports (22), review (11.6), evidence (23), for a person to sign.

The daemon opens a duty on the day its draft is due, drafts the paper, and submits it to the signer; officers get the
same files and may record that the paper was issued by hand. After a return, it is drafted again at the next step.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from rules.commands.commands import read_commands
from rules.decide.base.actions import NEW, Action, AdvanceDuty, CloseDuty, Note, OpenDuty, Send
from rules.decide.base.approval_requests import KIND_NAMES, approvers, attached, submit_for_approval, token_of
from rules.decide.base.facts import BoardFacts, DutyFacts, MailFacts, Person
from rules.decide.base.notices import person_recipient, to_people, unit_recipient
from rules.decide.base.session_actions import AskApproval, VoidPapers
from rules.law.day_counting import without_calendar
from rules.law.deadlines import ReminderKind, yearly_duties
from rules.law.legal_dates import Law
from rules.law.session_rules import ROUTINE_PAPERS, ApprovalFacts, Paper, PaperFacts, PaperKind
from rules.law.working_days import city_moment, due_instant, short_date
from rules.values.model import AttachmentRef, Notice, Recipient

KIND = "routine"
PAPERS = (PaperKind.QUARTERLY, PaperKind.REPORT, PaperKind.REVIEW, PaperKind.EVIDENCE)
_NO_DRAFT = "Chưa có bản trình, xin lập và trình ký"
ISSUED = "issued"
"""The officers' command: the paper has been signed and issued on paper."""
RECORDS = "record"
"""The status of a request that only serves to record what was signed on paper."""


def due_routines(law: Law, since: date, now: datetime) -> Iterator[OpenDuty]:
    """The duties due on ``since`` or later whose draft is due by today, whether open already or not."""
    today = law.today(now)
    for year in range(since.year, today.year + 2):
        for due in yearly_duties(year, law.profile, law.calendar):
            rule = law.profile.rule(due.rule)
            draft_on = law.working_days_before(due.on, rule.routine.draft_before if rule.routine else 0)
            if due.on >= since and draft_on <= today:
                key, due_at = routine_key(due.rule, due.raw), due_instant(due.on)
                yield OpenDuty(key, KIND, due.clause, due, due_at, law.opening(draft_on))


def routine_key(rule: str, raw: date) -> str:
    """The key of a year's or quarter's duty; another calendar moves its date, not its key."""
    return f"{KIND}:{rule}:{raw}"


def opened(law: Law, duty: OpenDuty) -> tuple[Action, ...]:
    """Open the duty, with a journal entry."""
    rule = law.profile.rule(duty.due.rule)
    data = {"key": duty.key, "due": duty.due.on.isoformat(), "reason": duty.due.reason}
    return (duty, Note("routine_opened", rule.duty, duty.clause, data=data))


def remind_of_routine(facts: DutyFacts, now: datetime) -> tuple[Action, ...]:
    """Draft the paper if nobody has; remind the signer before, on and after the due date.

    Stage 0 is the draft, stage n the step n - 1 of the profile's reminders.
    """
    law, due = facts.board.law, facts.due
    draft = facts.draft
    if draft is not None and not draft.files:
        why, standing = "Trong kỳ không có đơn vị trả lời chậm, quá hạn chưa trả lời", _standing(facts)
        voided = (VoidPapers((standing.id,)),) if standing else ()
        return (
            *voided,
            CloseDuty(facts.key, why=why),
            Note("nothing_to_report", why, facts.clause, data={"key": facts.key}),
        )
    shown = _put_up(facts, draft, now) if draft is not None else ()
    first = facts.stage == 0
    stage = 1 + law.first_stage(due, now) if first else facts.stage
    last, urge = None, False
    while not first and (event := law.chase_event(due, stage - 1)).at <= now:
        last = stage if event.what is not ReminderKind.CITIZEN else last
        urge = urge or event.what is ReminderKind.ESCALATE
        stage += 1
    late = now >= facts.due_at
    why = _why(facts) if late else ""
    advance = AdvanceDuty(facts.id, facts.stage, stage, law.chase_event(due, stage - 1).at, late=late, why=why)
    failed = first and draft is None and not _standing(facts)
    title = draft.title if draft is not None and shown else ""
    alarm = _alarm(facts, stage, now, urge, title) if last is not None or failed or (first and late) else ()
    return (advance, *shown, *alarm)


def _why(facts: DutyFacts) -> str:
    if facts.down_since is not None and not facts.papers:
        return f"Hệ thống ngừng hoạt động từ {city_moment(facts.down_since)}, lập muộn"
    return "Chưa được ký khi hết hạn" if facts.papers else "Chưa lập khi hết hạn"


def _standing(facts: DutyFacts) -> PaperFacts | None:
    """The paper that waits for the signer."""
    return next((paper for paper in facts.papers if paper.status == "shown"), None)


def _put_up(facts: DutyFacts, draft: Paper, now: datetime) -> tuple[Action, ...]:
    """Send the files to the signer and to the officers, who may record that the paper was issued by hand."""
    if any(paper.digest == draft.digest and paper.status == "returned" for paper in facts.papers):
        return ()  # submitted unchanged, the text would be returned again
    board, rule = facts.board, facts.board.law.profile.rule(facts.due.rule)
    actions = submit_for_approval(board, draft, None, facts.papers, now, roles=rule.approves)
    if not actions:
        return ()
    times = len(facts.papers) + 1
    values: dict[str, object] = {
        "kind_name": KIND_NAMES[draft.kind],
        "title": draft.title,
        "times": times,
        "signer": ", ".join(person.name for person in _signers(facts, now)),
        "due": facts.due,
        "commands": [{"label": "Đã ban hành", "text": "Đã ban hành số "}],
    }
    files = attached(draft.files)
    told = [_to_officer(facts, draft, person, times, values, files) for person in board.officers]
    # Reminders are for the duty itself; a request for approval is not late after a day.
    return (
        *(action for action in actions if not isinstance(action, OpenDuty)),
        *(action for pair in told for action in pair),
    )


def _to_officer(
    facts: DutyFacts,
    draft: Paper,
    person: Person,
    times: int,
    values: dict[str, object],
    files: tuple[AttachmentRef, ...],
) -> tuple[Action, ...]:
    token = token_of(draft, f"{ISSUED}|{facts.key}", person, times)
    key = f"officer_draft:{token}"
    notice = Notice("officer_draft", person_recipient(person), facts.clause, key, values, attachments=files)
    return (AskApproval(NEW, token, draft.digest, person.email, records=True), Send(notice, approval=NEW))


def _signers(facts: DutyFacts, now: datetime) -> tuple[Person, ...]:
    """The signers by the profile."""
    rule = facts.board.law.profile.rule(facts.due.rule)
    return approvers(facts.board, ROUTINE_PAPERS.get(rule.document, PaperKind.REPORT), now, rule.approves)


def _alarm(facts: DutyFacts, stage: int, now: datetime, urge: bool, put_up: str) -> tuple[Action, ...]:
    """How the duty stands; ``put_up`` is the title of the draft that goes to the signer with this mail, or ""."""
    board, law = facts.board, facts.board.law
    rule, late = law.profile.rule(facts.due.rule), now >= facts.due_at
    days = (facts.due.on - law.today(now)).days
    word = f"còn {days} ngày đến hạn" if days > 0 else "đến hạn hôm nay" if not late else f"đã quá hạn {-days} ngày"
    signers = _signers(facts, now)
    standing = _standing(facts)
    names = ", ".join(person.name for person in signers)
    state = f"Xin đề xuất phiên trước khi lập: {facts.draft_lacks}" if facts.draft_lacks else _NO_DRAFT
    if title := standing.title if standing is not None else put_up:
        how = "trả lời thư trình bằng “Duyệt” hoặc “Trả lại: …”"
        state = f"Bản trình “{title}” đang chờ {names} ký: {how}"
    details = [rule.duty, f"Căn cứ: {law.profile.cite(rule)}", state, without_calendar(facts.due.reason)]
    commands = [{"label": "Đề xuất phiên", "text": "Đề xuất phiên"}] if facts.draft_lacks else []
    what = f"Việc định kỳ {word} ({short_date(facts.due.on)})"
    values = {"what": what, "duty": rule.duty, "details": details, "commands": commands}
    office = (board.office,) if urge and board.office is not None else ()
    people = {one.email.lower(): one for one in (*board.officers, *signers, *office)}
    return to_people(
        "officer_alert", people.values(), facts.clause, values, key=f"{facts.key}:{facts.due.on}:{stage}"
    )


def routine_approved(facts: MailFacts, approval: ApprovalFacts) -> tuple[Action, ...]:
    """A signed paper fulfils the duty: close it, and send the paper to the recipients of the profile."""
    board, paper = facts.board, approval.paper
    parts = paper.about.split(":")
    rule = next((one for one in board.law.profile.rules if len(parts) > 1 and one.id == parts[1]), None)
    clause, tells = (rule.clause, rule.tells) if rule else ("", ())
    ask = "Xin lấy số (nếu văn bản chưa có số), phát hành và lưu theo quy định."
    named = rule.routine.invited if rule and rule.routine else ()
    if by_hand := [one for one in named if one not in board.invited]:
        ask += f" Xin gửi giấy mời đến nơi chưa có địa chỉ thư: {'; '.join(by_hand)}."
    values: dict[str, object] = {"kind_name": KIND_NAMES[paper.kind], "title": paper.title, "text": "", "ask": ""}
    files = attached(paper.files)
    told = [(person_recipient(person), {**values, "ask": ask}) for person in board.officers]
    told += [(one, values) for one in _told(board, tells)]
    told += [(Recipient(board.invited[one], one, "leader"), values) for one in named if one in board.invited]
    sends = [
        Send(
            Notice(
                "session_paper",
                to,
                clause,
                f"session_paper:{approval.token}:{to.email.lower()}",
                said,
                attachments=files,
            )
        )
        for to, said in told
    ]
    return (CloseDuty(paper.about), *sends)


def _told(board: BoardFacts, roles: tuple[str, ...]) -> Iterator[Recipient]:
    """The city is addressed through its Office (16.1)."""
    if board.office is not None and {"office", "city"} & set(roles):
        yield person_recipient(board.office)
    if "unit" in roles:
        yield from (unit_recipient(one, board) for one in board.contacts.values())


def orders_otherwise(facts: MailFacts) -> bool:
    """Whether an officer who may record a paper as issued only orders something else, by a number of its own."""
    board = facts.board
    commands = read_commands(facts.understanding.text.ordered, board.units, source=board.source)
    by_number = bool(commands) and all(command.question or command.session for command in commands)
    return by_number and not any(command.verb == ISSUED for command in commands)
