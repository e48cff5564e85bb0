"""What an officer does for citizens outside the mail.

Registering for someone who phoned, came, or wrote by post or on the web form (8.1), as the officer dictates. Reports
about the citizen apart from the answer: told by other means, dissatisfied, or nothing left to do.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from rules.commands.commands import Command
from rules.decide.base.actions import NEW, Action, AmendQuestion, CloseDuty, Note, Register, Settle
from rules.decide.base.command_result import OPEN, CommandAtHand, Outcome
from rules.decide.base.fact_parts import DENIED, Untold
from rules.decide.base.facts import (
    SECOND_THOUGHTS,
    WITHDRAWAL_HELD,
    DictatedFacts,
    HeldMailFacts,
    MailFacts,
    QuestionFacts,
)
from rules.decide.base.forwarding import (
    NewAssignment,
    answer_due,
    assign,
    attachment_refs,
    live_question,
    session_for,
    with_session,
)
from rules.decide.base.manual_work import closed_by_telling, open_review, review_mails, what_to_tell
from rules.decide.base.notices import AboutCase, acknowledge, forwarded_to, to_unit, unit_name
from rules.decide.intake.citizen_replies import added_to_question
from rules.decide.intake.question_addresses import NEW_ADDRESS
from rules.decide.intake.registering import registration, wanted_items
from rules.decide.officer.register_commands import FIELD_NAMES, noted, which
from rules.decide.reply.answers import ANSWERED_AND_TOLD
from rules.law.working_days import CITY_ZONE, city_day, due_instant, short_date
from rules.text import strip_marks
from rules.text.dates import dates_in
from rules.values.data_file import current_unit
from rules.values.model import Decision, Fate, Item, Kind, Mailbox, ParsedMail
from rules.values.states import AssignmentStatus, Folder, QuestionStatus

VERB = "register_for"
NO_MAIL = -1
"""``Register.raw_mail`` of a question that did not come by mail."""
FORM = (
    "Xin ghi: “Đăng ký hộ:” rồi mỗi dòng một mục: “Họ tên: …”, “Địa chỉ: …”, “Điện thoại: …”, “Thư điện tử: …” "
    "(nếu có), “Hình thức: điện thoại / trực tiếp / bưu điện / biểu mẫu”, “Nhận lúc: ngày/tháng/năm giờ:phút”, "
    "“Đơn vị: …” (nếu biết), “Nội dung: …”"
)
CHANNELS: Mapping[str, tuple[str, ...]] = {
    "phone": ("dien thoai", "goi den"),
    "visit": ("truc tiep", "den tru so"),
    "post": ("buu dien", "buu chinh", "cong van", "thu tay"),
    "form": ("bieu mau", "mau gop y", "cong thong tin", "trang web"),
}
OTHER_CHANNEL = "phone"
SUBJECT = 60
"""This many characters of a dictated question are its subject."""
_LABELS: Mapping[str, tuple[str, ...]] = {
    "channel": ("hinh thuc", "kenh", "qua"),
    "email": ("thu dien tu", "email", "e-mail", "mail"),
    "received": ("nhan luc", "thoi gian nhan", "ngay nhan", "thoi gian"),
    "unit": ("don vi", "chuyen"),
    "content": ("noi dung", "cau hoi", "hoi"),
}
_LABELLED = re.compile(r"^\W*([^:]{2,24}?)\s*:\s*(.*)$", re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>()\",;:]{1,64}@[\w.-]{1,255}")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_HOUR = re.compile(r"(?<!\d)(\d{1,2})\s*(?:giờ|gio|[:hg])\s*(\d{2})?(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dictation:
    """An officer's dictation: ``text`` is the requester's data and the question, as a mail would contain them.

    ``when`` is the text after "Nhận lúc", ``received`` the moment it means; ``asks`` is False if the question's field
    is empty. ``subject`` is the first words of the question, as nobody has given it a title.
    """

    channel: str
    text: str
    email: str = ""
    unit: str = ""
    received: datetime | None = None
    when: str = ""
    asks: bool = True
    subject: str = ""


def read_manual_registration(command: Command) -> Dictation:
    """The labelled lines of the command; lines with other labels belong to the question's text."""
    found: dict[str, str] = {}
    kept: list[str] = []
    begins = None
    for name, line in _without_heading(list(_labelled(command.text))):
        if name == "content":
            begins = len(kept)
            kept.append(line)
        elif name:
            found[name] = line
        else:
            kept.append(line)
    first = command.raw.partition("\n")[0]
    addresses = _ADDRESS.findall(found.get("email", ""))
    return Dictation(
        _channel(found.get("channel", "") or first),
        "\n".join(kept).strip(),
        addresses[0] if addresses else "",
        found.get("unit", ""),
        _moment(found.get("received", "")),
        found.get("received", "").strip(),
        begins is None or any(line.strip() for line in kept[begins:]),
        textwrap.shorten(" ".join(kept[begins:]), SUBJECT, placeholder=" …") if begins is not None else "",
    )


def _without_heading(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines without "… gọi lên sáng nay:" above labelled ones, which is said to us."""
    name, first = lines[0] if lines else ("", "")
    heading = not name and first.rstrip().endswith(":") and any(one for one, _ in lines)
    return lines[1:] if heading else lines


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """Each line with the name of its label; everything after the content's label is content."""
    inside = False
    for line in text.split("\n"):
        match = None if inside else _LABELLED.match(line)
        said = strip_marks(match[1]).lower().strip() if match else ""
        name = next((name for name, forms in _LABELS.items() if said in forms), "")
        inside = inside or name == "content"
        yield name, match[2] if match and name else line


def _channel(said: str) -> str:
    plain = strip_marks(said).lower()
    return next((name for name, forms in CHANNELS.items() if any(form in plain for form in forms)), OTHER_CHANNEL)


def _moment(said: str) -> datetime | None:
    """The local day, with the hour if given; None when it is no day."""
    day = _DAY.search(said)
    if day is None:
        return None
    hour = _HOUR.search(said.replace(day.group(), " "))
    clock = (int(hour[1]), int(hour[2] or 0)) if hour else (0, 0)
    number, month, year = (int(part) for part in day.groups())
    try:
        return datetime(year, month, number, *clock, tzinfo=CITY_ZONE)
    except ValueError:
        return None


def manual_registration_mail(dictation: Dictation) -> ParsedMail:
    """The dictation as the mail that the person would have sent."""
    text = dictation.text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ParsedMail(digest, len(text), "", text, (Mailbox("", dictation.email),))


def register_for(order: CommandAtHand) -> Outcome:
    """ "Đăng ký hộ: …": register with the officer's signature, then process like any other question."""
    found = next((one for one in order.facts.dictated if one.said == order.command.raw), None)
    said = read_manual_registration(order.command)
    if found is None or not said.asks or len(found.understanding.text.own.split()) < 3:
        return False, FORM, ()
    if said.when and said.received is None:
        return False, f"Không rõ “Nhận lúc: {said.when}”; xin ghi lại “Nhận lúc: ngày/tháng/năm giờ:phút”", ()
    if found.received_at > order.now:
        return False, "Thời điểm nhận ở tương lai; xin ghi lại “Nhận lúc: ngày/tháng/năm giờ:phút”", ()
    if not said.email and order.facts.board.law.profile.options.mail_address == "required":
        return False, "Quy chế đòi hỏi địa chỉ thư điện tử của người hỏi; xin ghi thêm dòng “Thư điện tử: …”", ()
    facts = _as_mail(order.facts, found)
    named = current_unit(facts.board.units, found.unit, facts.board.law.today(order.now)) if found.unit else None
    items = [Item(1, facts.understanding.text.own, named.code)] if named else list(wanted_items(facts))
    unknown = bool(said.unit) and named is None
    sure = named is not None or (facts.understanding.decision is Decision.FORWARD and not unknown)
    lacking = [one.unit for one in items if one.unit not in facts.board.contacts]
    who = facts.understanding.asker.name or "người hỏi"
    if not sure or lacking:
        why = f"Cán bộ đăng ký hộ {who}, cần chọn đơn vị trả lời"
        not_known = f"; không nhận ra đơn vị “{said.unit.strip()}”" if unknown else ""
        done = f"Đã vào sổ câu hỏi của {who}{not_known}; chờ chọn đơn vị trả lời{_lacking(facts)}"
        return True, done, _for_review(order, facts, found, why)
    names = ", ".join(dict.fromkeys(unit_name(facts.board, one.unit) for one in items))
    done = f"Đã vào sổ câu hỏi của {who} và chuyển {names}{_lacking(facts)}"
    return True, done, _forwarded(order, facts, found, items)


def _lacking(facts: MailFacts) -> str:
    """The data of clause 21.1 that the officer did not dictate; without an address nobody else can add them."""
    lacks = [FIELD_NAMES[key] for key in facts.understanding.asker.missing]
    how = f"“sửa {lacks[0]}: …” kèm số câu hỏi" if lacks else ""
    return f"; còn thiếu {', '.join(lacks)} (ghi thêm bằng lệnh {how})" if lacks else ""


def _as_mail(facts: MailFacts, found: DictatedFacts) -> MailFacts:
    """The dictated question as a mail at hand, treated as a question because an officer says so."""
    read = replace(found.understanding, kind=Kind.QUESTION, fate=Fate.REGISTER)
    return replace(facts, raw_mail=found.key, mail=found.mail, understanding=read, received_at=found.received_at)


def _registered(
    order: CommandAtHand, facts: MailFacts, found: DictatedFacts, status: QuestionStatus, session: int | None
) -> tuple[Action, ...]:
    """The register row, with the receiving officer's signature (8.2)."""
    row: Register = replace(
        registration(facts, status, session), subject=found.subject, channel=found.channel, raw_mail=NO_MAIL
    )
    person = order.facts.person
    signed = {"officer": person.name or person.email, "signed_at": order.now} if person else {}
    return row, AmendQuestion(NEW, signed, "signed", "Cán bộ tiếp nhận và đăng ký hộ")


def _for_review(order: CommandAtHand, facts: MailFacts, found: DictatedFacts, why: str) -> tuple[Action, ...]:
    return (
        *_registered(order, facts, found, QuestionStatus.NEEDS_REVIEW, None),
        open_review(facts, order.now, NEW),
        *acknowledge(facts, None, under_review=True),
        *review_mails(facts, why, NEW),
    )


def _forwarded(order: CommandAtHand, facts: MailFacts, found: DictatedFacts, items: list[Item]) -> tuple[Action, ...]:
    units = tuple(dict.fromkeys(one.unit for one in items))
    session = session_for(facts, units, order.now)
    due = answer_due(facts.board.law, session, order.now, facts.received_at)
    handover = NewAssignment(NEW, facts.raw_mail, due, order.now, guessed=False, why="Cán bộ đăng ký hộ")
    files = attachment_refs(order.facts.mail, order.facts.raw_mail)
    return (
        *_registered(order, facts, found, QuestionStatus.FORWARDED, session.id if session else None),
        *assign(facts.board, handover, items, (), files),
        *acknowledge(
            facts, with_session(forwarded_to(facts.board, units, due), facts.board.law, session), under_review=False
        ),
        *live_question(facts.board, session, facts.raw_mail, facts.understanding.text.own, order.now),
    )


SAY = "chuyển ý kiến cho đơn vị"
ANSWER = "citizen_answered"
A_YEAR = timedelta(days=364)
LAST_MINUTE = timedelta(minutes=1)
_MEANS_A_DAY = re.compile(r"\d{1,2}[/.-]\d|hôm (?:qua|kia)|thứ (?:hai|ba|tư|năm|sáu|bảy)|tuần", re.IGNORECASE)


def handled(order: CommandAtHand) -> Outcome:
    """ "Đã xử lý": a report that ends nothing by itself; kept with the question."""
    if order.question is None:
        return False, "Chưa rõ việc gì đã được xử lý; xin ghi kèm số câu hỏi", ()
    amend = noted(order.question, order.command.raw, "Cán bộ báo việc đã làm")
    return True, f"Đã ghi vào phần ghi chú của câu hỏi {order.question.code}, câu hỏi chưa kết thúc", (amend,)


def told_asker(order: CommandAtHand) -> Outcome:
    """ "Đã báo người hỏi qua điện thoại ngày …": kept with the question; closes the notices that waited until then.

    Without a day, it is today's; column 17 of the register gets the day given.
    """
    question, said = order.question, order.command.text.strip()
    if question is None:
        return which(order, "đã báo người hỏi qua điện thoại")
    today = order.facts.board.law.today(order.now)
    days = [one.day for one in dates_in(said, today - A_YEAR)]
    on = days[0] if days else today
    if wrong := _wrong_day(question, said, on, today, given=bool(days)):
        return False, wrong, ()
    at = min(order.now, due_instant(on) - LAST_MINUTE)
    waiting = order.facts.untold.get(question.id, ())
    closed = closed_by_telling(waiting, due_instant(on))
    line = f"Đã báo người hỏi {said.removesuffix('ngày').strip()}".strip()
    line = line if days else f"{line} ngày {short_date(on)}"
    values: dict[str, object] = {"told_at": at}
    if any(one.notice == ANSWER for one in closed) and question.status is QuestionStatus.ANSWERED:
        values["outcome"] = ANSWERED_AND_TOLD
    actions: tuple[Action, ...] = (
        noted(question, line, "Cán bộ báo người hỏi bằng hình thức khác"),
        AmendQuestion(question.id, values, "told", "Cán bộ đã báo người hỏi"),
        *(CloseDuty(one.key, at=max(at, one.opened_at)) for one in closed),
    )
    return True, f"Đã ghi vào câu hỏi {question.code}: {line}{_still(waiting, closed)}", actions


def _wrong_day(question: QuestionFacts, said: str, on: date, today: date, *, given: bool) -> str:
    if not given and _MEANS_A_DAY.search(said):
        return "Không rõ ngày đã báo; xin ghi lại, ví dụ “đã báo người hỏi qua điện thoại ngày 15/10”"
    if on > today:
        return f"Ngày {short_date(on)} chưa đến; xin ghi lại ngày đã báo"
    received = city_day(question.received_at)
    if on < received:
        return f"Ngày {short_date(on)} trước ngày nhận câu hỏi ({short_date(received)}); xin ghi lại ngày đã báo"
    return ""


def _still(waiting: tuple[Untold, ...], closed: tuple[Untold, ...]) -> str:
    """The notices that arose after that day and are still to be given."""
    left = [what_to_tell(one.notice) for one in waiting if one not in closed]
    return f"; còn phải báo: {', '.join(left)}" if left else ""


def pass_on(order: CommandAtHand) -> Outcome:
    """ "Chuyển ý kiến cho đơn vị": send the citizen's words to the units that answered, for another answer."""
    question, facts = order.question, order.facts
    held = facts.held if facts.held is not None and facts.held.status == "held" else None
    if question is None:
        return which(order, SAY)
    if held is None or held.mail.sender.email.lower() != question.email.lower():
        held = facts.opinions.get(question.id, held)  # the morning mail lists it, and is about no mail itself
    if held is None:
        return False, "Không có thư nào của người hỏi đang chờ; xin trả lời đúng thư đề nghị xem xét", ()
    if held.mail.sender.email.lower() != question.email.lower():
        return False, "Thư đang chờ không phải của người hỏi", ()
    if held is not facts.held and held.reason.startswith((NEW_ADDRESS, DENIED, WITHDRAWAL_HELD, SECOND_THOUGHTS)):
        return False, f"Thư mới nhất đang chờ: “{held.reason}”; xin trả lời đúng thư cần chuyển ý kiến", ()
    if question.status in OPEN:
        return added_to_question(order, question, held)
    units = _answering(question)
    known = [one for one in units if one in facts.board.contacts]
    if not known:
        return False, f"Chưa có đơn vị nào trả lời câu hỏi {question.code}", ()
    mails = tuple(_mail(order, question, held, unit) for unit in known)
    names = ", ".join(unit_name(facts.board, one) for one in known)
    why = "Đã chuyển ý kiến của người hỏi đến đơn vị trả lời"
    settle = Settle(held.id, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id)
    noted_ = Note("opinion_passed_on", why, "15.2", question.id)
    return True, f"Đã chuyển ý kiến của người hỏi đến {names}", (noted_, *mails, settle)


def _answering(question: QuestionFacts) -> tuple[str, ...]:
    answered = [one.unit for one in question.assignments if one.status is AssignmentStatus.ANSWERED]
    return tuple(dict.fromkeys(answered or [one.unit for one in question.answers]))


def _mail(order: CommandAtHand, question: QuestionFacts, held: HeldMailFacts, unit: str) -> Action:
    last = max((one for one in question.assignments if one.unit == unit), key=lambda one: one.round, default=None)
    values = {"text": held.understanding.text.own, "remark": order.command.text.strip()}
    case = AboutCase(question.id, last.id if last else 0)
    key = f"{held.id}:{unit}"
    files = attachment_refs(held.mail, held.id)
    return to_unit("unit_opinion", order.facts.board, unit, "15.2", values, key=key, case=case, attachments=files)
