"""Officers' commands that do not decide on a case: correct, sign, close, strike off, and show a question's state.

Also the facts as they are for the next command of the same mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rules.commands.arguments import labels_in
from rules.commands.command_line import EXCEPT
from rules.commands.vocabulary import load_command_words, plain_words
from rules.decide.base.actions import (
    NEW,
    Action,
    AmendQuestion,
    CloseDuty,
    ExtendDue,
    Forward,
    Note,
    OpenDuty,
    RecallAnswer,
    RecordFile,
    Send,
    SetAssignment,
    SetQuestion,
    Settle,
    SignReceipts,
    Withdraw,
)
from rules.decide.base.command_result import (
    OPEN,
    CommandAtHand,
    CommandOutcome,
    Outcome,
    answer_kept_acts,
    cases_with_done,
)
from rules.decide.base.fact_parts import AMENDMENT, FETCHED, PublishingFacts
from rules.decide.base.facts import BoardFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import open_again, question_after, taken_from
from rules.decide.base.manual_work import is_units_address, own_person, what_to_tell
from rules.decide.base.notices import STATUS_NAMES, unit_name, units_lose
from rules.decide.base.publication import GIVEN
from rules.decide.base.session_actions import KeepPaper
from rules.decide.intake.follow_ups import taken_up
from rules.decide.intake.question_addresses import correct_mail_address
from rules.decide.reply.answers import kept_for
from rules.law.session_rules import PaperFacts
from rules.law.working_days import CITY_ZONE, hour_and_day, short_date
from rules.requester.contact_data import find_phones, mail_addresses
from rules.values.model import Fate, Kind, Requester
from rules.values.states import Folder, Purpose, QuestionStatus

_SEVERAL = re.compile(r"\d|\b(?:trên|dưới|cả|các|những)\b", re.IGNORECASE)
"""Words after "ký nhận" for more than the question that the mail is about."""
FIELD_NAMES = {"name": "họ tên", "address": "địa chỉ", "phone": "điện thoại"}
MOST_PROPOSED = 1500
FEWEST_WORDS = 3
ENDED = (QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.PUBLISHED, QuestionStatus.REJECTED)


def which(order: CommandAtHand, say: str) -> Outcome:
    """The reply to a command that needs a question but names none, in a mail that replies to no mail about one."""
    example = f"{order.facts.board.prefix}-2026-000123 {say}"
    return False, f"Không rõ nói về câu hỏi nào; xin ghi kèm số, ví dụ “{example}”", ()


def with_note(question: QuestionFacts, text: str) -> str:
    """The register's last column with another line; unchanged for an empty text."""
    return "\n".join(part for part in (question.notes, text.strip()) if part)


def noted(question: QuestionFacts, text: str, why: str) -> AmendQuestion:
    """Add a line to the register's last column."""
    return AmendQuestion(question.id, {"notes": with_note(question, text)}, "noted", why)


def correct(order: CommandAtHand) -> Outcome:
    """ "Sửa địa chỉ: …": the requester's data as checked by the officer (21.1)."""
    question, field = order.question, order.command.field
    text = " ".join(order.command.text.split())
    if question is None:
        return which(order, "sửa địa chỉ: …")
    if field == "email":
        return correct_mail_address(order, question, text)
    if field == "address" and mail_addresses(text):
        say = f"{question.code} sửa thư điện tử: {mail_addresses(text)[0]}"
        return False, f"Đây là địa chỉ thư điện tử, chưa sửa địa chỉ thường trú; nếu đúng ý, xin ghi “{say}”", ()
    if field not in FIELD_NAMES or not text:
        return False, "Cần ghi nội dung mới, ví dụ “sửa địa chỉ: số 5 phố Trần Phú, phường Ngô Quyền”", ()
    values: dict[str, object] = {f"asker_{field}": text}
    numbers = [one for one in find_phones(text, order.facts.board.source) if one.e164]
    if field == "phone" and not numbers:
        return False, f"“{text}” không phải là số điện thoại hợp lệ", ()
    if _says_more(order, text, numbers[0].typed if numbers else ""):
        ways = f"“{question.code} sửa điện thoại: …”, “{question.code} sửa địa chỉ: …”"
        return False, f"Dòng này nêu nhiều nội dung nên chưa sửa; xin ghi mỗi mục một dòng, ví dụ {ways}", ()
    if field == "phone":
        values = {"asker_phone": numbers[0].typed[:64], "asker_phone_e164": numbers[0].e164}
    if field == "name":
        names = dict.fromkeys((*question.asker.formerly, question.asker.name))
        values["asker_formerly"] = "\n".join(one for one in names if one and one != text)
    still = [key for key in question.missing if key != field]
    values["missing"] = ",".join(still)
    amend = AmendQuestion(question.id, values, "corrected", f"Cán bộ sửa {FIELD_NAMES[field]} người hỏi")
    whole = taken_up(order.facts, question, order.now) if question.missing and not still else ()
    return True, f"Đã sửa {FIELD_NAMES[field]} người hỏi của câu hỏi {question.code}", (amend, *whole)


def _says_more(order: CommandAtHand, text: str, phone: str) -> bool:
    """Whether the new content holds more than the one field: another's name, a telephone, words beside a number."""
    words = load_command_words(order.facts.board.source)
    if order.command.field != "phone":
        return bool(phone or labels_in(text, words))
    return bool({*plain_words(text.replace(phone, "", 1))} - words.courtesies)


def sign(order: CommandAtHand) -> Outcome:
    """ "Ký nhận", "Ký nhận tất cả": the receiving officer's confirmation in the register (8.2)."""
    person = order.facts.person
    if person is None:
        return False, "Chỉ cán bộ có tên trong danh sách được ký nhận", ()
    if order.command.text == EXCEPT:
        return False, "Chưa ký nhận tất cả vì lệnh có phần trừ ra; xin ghi số từng câu hỏi cần ký nhận", ()
    if order.command.text == "all":
        if not order.facts.unsigned:
            return True, "Không còn câu hỏi nào chưa ký nhận", ()
        return True, f"Đã ký nhận {order.facts.unsigned} câu hỏi", (SignReceipts(person.name or person.email),)
    question = order.question
    if question is None or (not order.command.question and _SEVERAL.search(order.command.text)):
        return False, "Xin ghi số câu hỏi cần ký nhận, hoặc “ký nhận tất cả”", ()
    if question.signed_at is not None:
        when = question.signed_at.astimezone(CITY_ZONE)
        return True, f"Câu hỏi {question.code} đã được ký nhận lúc {hour_and_day(when)}", ()
    values = {"officer": person.name or person.email, "signed_at": order.now}
    signed = AmendQuestion(question.id, values, "signed", "Cán bộ ký xác nhận tiếp nhận")
    return True, f"Đã ký nhận câu hỏi {question.code}", (signed,)


def amendment(order: CommandAtHand) -> Outcome:
    """ "Đề nghị sửa Quy chế: …": kept for the yearly report, which proposes it to the city (24)."""
    text = " ".join(order.command.text.split())[:MOST_PROPOSED]
    if len(text.split()) < FEWEST_WORDS:
        return False, "Cần ghi nội dung, ví dụ “Đề nghị sửa Quy chế: tăng thời gian nhận câu hỏi trước phiên”", ()
    kept = Note(AMENDMENT, text, "24")
    return True, "Đã ghi đề nghị sửa đổi, bổ sung; được đưa vào báo cáo sáu tháng, báo cáo năm", (kept,)


def close(order: CommandAtHand) -> Outcome:
    """ "Đóng HP-…": close a question that has been answered or refused; others still wait."""
    question = order.question
    if question is None:
        return which(order, "đóng")
    if question.status is QuestionStatus.CLOSED:
        return True, f"Câu hỏi {question.code} đã kết thúc từ trước", ()
    if kept := answer_kept(order, question):
        return False, kept, ()
    if question.status not in ENDED:
        waiting = STATUS_NAMES[question.status]
        return (
            False,
            f"Câu hỏi {question.code} {waiting}, chưa kết thúc được; xin chờ trả lời hoặc ghi “từ chối h vì …”, "
            "“cho rút câu hỏi” (người hỏi xin rút)",
            (),
        )
    page = _publishing_of(order, question)
    if not page.published and any(paper.status in {"shown", "approved"} for paper in page.papers):
        return (
            False,
            f"Câu trả lời đang chờ duyệt hoặc chờ đăng; xin chờ, hoặc ghi “gỡ đăng {question.code} vì …” trước",
            (),
        )
    why = order.command.text.strip() or "Cán bộ kết thúc câu hỏi"
    notes = with_note(question, order.command.text)
    closed = SetQuestion(question.id, ENDED, QuestionStatus.CLOSED, {"notes": notes}, "closed", "", why)
    return True, f"Đã kết thúc câu hỏi {question.code}", (closed,)


COLLEAGUES_LETTER = "Thư công việc, không phải câu hỏi"
JUST_FORWARDED = "Câu hỏi vừa được chuyển theo lệnh khác trong cùng thư; xin gửi lệnh này trong một thư riêng"
SCOPE = "4"
"""The clause on what a question may be about; a letter that asks nothing is ended by it."""


def is_ours(board: BoardFacts, question: QuestionFacts) -> bool:
    """True when one of our own people, a unit or the office wrote the mail that was registered."""
    return own_person(board, question.email) is not None or is_units_address(board, question.email)


def struck_off(order: CommandAtHand, question: QuestionFacts) -> Outcome:
    """A colleague's letter that stands in the register by mistake: nobody gets a letter of refusal for it."""
    if question.status not in OPEN:
        return False, f"Câu hỏi {question.code} đã kết thúc ({STATUS_NAMES[question.status]})", ()
    owed = [assignment for assignment in question.assignments if assignment.is_open]
    why = "Cán bộ xác nhận không phải câu hỏi"
    notes = with_note(question, " ".join(order.command.raw.split()))
    values = {"outcome": COLLEAGUES_LETTER, "clause": SCOPE, "notes": notes}
    held = order.held
    kind, folder = Kind.NOT_A_QUESTION, Folder.OTHER
    actions = (
        *(taken_from(assignment, why, SCOPE) for assignment in owed),
        *units_lose(order.facts, question, owed, "struck"),
        SetQuestion(question.id, OPEN, QuestionStatus.REJECTED, values, act="rejected", clause=SCOPE, why=why),
        *((Settle(held.id, Fate.REGISTER, kind, folder, why, question.id),) if held is not None else ()),
    )
    units = "; đã báo đơn vị không phải trả lời" if owed else ""
    return True, f"Đã đưa {question.code} ra khỏi các câu hỏi phải trả lời, không gửi thư từ chối{units}", actions


def status(order: CommandAtHand) -> Outcome:
    """ "Tình trạng HP-…": a question's state in a few lines."""
    if order.question is None:
        return which(order, "tình trạng")
    left = [what_to_tell(one.notice) for one in order.facts.untold.get(order.question.id, ())]
    untold = f"; chưa báo người hỏi: {', '.join(left)}" if left else ""
    return True, state_of(order.facts.board, order.question, order.now) + untold, ()


def state_of(board: BoardFacts, question: QuestionFacts, now: datetime) -> str:
    """A question's state for an officer: status, units with their dates, what is missing."""
    received = question.received_at.astimezone(CITY_ZONE)
    parts = [f"Câu hỏi {question.code}: {STATUS_NAMES[question.status]}; nhận {hour_and_day(received)}"]
    for assignment in question.assignments:
        late = assignment.is_open and now >= assignment.due_at
        done = {"answered": "đã trả lời", "refused": "báo không thuộc thẩm quyền", "replaced": "không phải trả lời"}
        state = done.get(
            assignment.status.value, f"hạn {short_date(assignment.due.on)}" + (" (đã quá hạn)" if late else "")
        )
        parts.append(f"{unit_name(board, assignment.unit)}: {state}")
    if question.missing:
        parts.append("còn thiếu " + ", ".join(FIELD_NAMES[key] for key in question.missing))
    if question.signed_at is None and board.law.profile.options.register_signature != "print_only":
        parts.append("chưa ký nhận")
    if question.notes:
        parts.append("ghi chú: " + " / ".join(question.notes.splitlines()))
    return "; ".join(parts)


def with_done(facts: MailFacts, actions: tuple[Action, ...]) -> MailFacts:
    """The facts as they are for the next command of the same mail; an assignment that it makes has the id ``NEW``."""
    questions = {question.id: question for case in facts.cases for question in case.questions} | {**facts.questions}
    for action in actions:
        if isinstance(action, (AmendQuestion, SetQuestion)) and action.question in questions:
            after = _amended(questions[action.question], action.values)
            questions[action.question] = question_after(after, action, facts.received_at)
        elif isinstance(action, RecallAnswer) and action.question in questions:
            ids = [one.assignment for one in action.reopened]
            questions[action.question] = open_again(questions[action.question], ids)
        elif isinstance(action, (Forward, SetAssignment, ExtendDue)) and action.question in questions:
            questions[action.question] = question_after(questions[action.question], action, facts.received_at)
    unsigned = 0 if any(isinstance(one, SignReceipts) for one in actions) else facts.unsigned
    settled = {(one.raw_mail, one.part) for one in actions if isinstance(one, RecordFile)}
    kept = tuple(file for file in facts.kept_files if (file.file.raw_mail, file.file.part) not in settled)
    known = {number: questions[number] for number in facts.questions}
    fetched = (one.question for one in actions if isinstance(one, OpenDuty) and one.key.startswith(FETCHED))
    facts = replace(facts, fetched=facts.fetched.union(one for one in fetched if one is not None))
    facts = _without_ended(replace(facts, questions=known, unsigned=unsigned, kept_files=kept), actions)
    return cases_with_done(facts, actions, questions)


def _without_ended(facts: MailFacts, actions: tuple[Action, ...]) -> MailFacts:
    """Without the requests about data that were ended, and with pages and texts for the portal as they are then."""
    ended = {one.key for one in actions if isinstance(one, CloseDuty)}
    asked = facts.data_requests.items()
    left = {number: {key: one for key, one in names.items() if key not in ended} for number, names in asked}
    return replace(facts, data_requests=left, publishing=_posted(facts, actions))


_STANDS = frozenset({"shown", "approved"})


def _posted(facts: MailFacts, actions: tuple[Action, ...]) -> dict[int, PublishingFacts]:
    """By question: a page taken down leaves no text that counts, and a text that is submitted now waits."""
    posted = {**facts.publishing}
    for action in actions:
        if isinstance(action, Withdraw):
            page = posted.get(action.question, PublishingFacts())
            left = tuple(replace(paper, status="void") if paper.status in _STANDS else paper for paper in page.papers)
            posted[action.question] = replace(page, papers=left, published=False)
        elif isinstance(action, KeepPaper) and action.question is not None:
            page, put = posted.get(action.question, PublishingFacts()), action.paper
            shown = PaperFacts(NEW, put.kind, put.digest, put.title, put.text, "shown", asked=1)
            posted[action.question] = replace(page, papers=(*page.papers, shown))
    return posted


def with_what_stands(outcome: CommandOutcome) -> CommandOutcome:
    """The outcome; a command about an assignment that an earlier one of the same mail makes is asked again."""
    meant = (one.assignment for one in outcome.actions if isinstance(one, (SetAssignment, ExtendDue, Send)))
    return CommandOutcome(False, JUST_FORWARDED) if NEW in meant else outcome


def _amended(question: QuestionFacts, values: Mapping[str, object]) -> QuestionFacts:
    """Only the columns on which a later command of the same mail depends."""
    asker = question.asker
    asker = Requester(
        asker.kind,
        str(values.get("asker_name", asker.name)),
        str(values.get("asker_address", asker.address)),
        str(values.get("asker_phone", asker.phone)),
        str(values.get("asker_phone_e164", asker.phone_e164)),
        tuple(str(values["asker_formerly"]).splitlines()) if "asker_formerly" in values else asker.formerly,
    )
    missing = values.get("missing")
    signed, session = values.get("signed_at", question.signed_at), values.get("session_id", question.session_id)
    return replace(
        question,
        asker=asker,
        notes=str(values.get("notes", question.notes)),
        email=str(values.get("asker_email", question.email)),
        missing=question.missing if missing is None else tuple(key for key in str(missing).split(",") if key),
        signed_at=signed if isinstance(signed, datetime) else None,
        session_id=session if isinstance(session, int) else None,
        session_mark=str(values.get("session_mark", question.session_mark)),
        live_answer=str(values.get("live_answer", question.live_answer)),
    )


def _publishing_of(order: CommandAtHand, question: QuestionFacts) -> PublishingFacts:
    return order.facts.publishing.get(question.id, PublishingFacts())


def answer_kept(order: CommandAtHand, question: QuestionFacts) -> str:
    """Why nothing is done with an answer that is kept for a session and that its asker has not got (9.3); else ""."""
    session, code = kept_for(order.facts, question), question.code
    if not session or question.status not in GIVEN:
        return ""
    orders = " hoặc ".join(f"“{one['text']}”" for one in answer_kept_acts(code))
    return f"Câu trả lời câu hỏi {code} còn giữ cho phiên {session}, chưa gửi người hỏi; xin ghi kết quả: {orders}"


def no_letter(held: HeldMailFacts | None) -> str:
    """Why there is no held letter that a unit may get; "" where there is one."""
    if held is None or (held.status == "done" and not held.is_set_aside):
        return "Không rõ chuyển thư nào; xin trả lời đúng thư đề nghị xem xét, hoặc ghi số câu hỏi"
    if held.purpose is Purpose.UNLISTED:
        return (
            "Thư này trả lời thư Ban Biên tập gửi đơn vị, Văn phòng, không phải thư của người hỏi, nên chưa vào sổ: "
            "muốn chuyển câu hỏi, xin ghi kèm số; nếu thư hỏi việc mới, xin ghi “Đăng ký”"
        )
    return ""
