"""The citizen writes again about their own question: completes it, adds to it, or sends it once more.

A repeated letter from the same person is attached to the earlier question and confirmed, not forwarded twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, CloseDuty, Finish, Note, SetQuestion
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.base.forwarding import attachment_refs
from rules.decide.base.manual_work import held_fate, missing_key, open_review, review_values
from rules.decide.base.notices import (
    STATUS_NAMES,
    AboutCase,
    open_units,
    to_citizen,
    to_people,
    to_unit,
    unit_name,
    unit_names,
)
from rules.decide.base.publication import GIVEN, answer_files, earlier_answers, has_result, is_out, state_told
from rules.decide.intake.attachments import needs_papers, papers_kept
from rules.decide.intake.new_question import decide_arrival, held_notice
from rules.law.working_days import short_date
from rules.reply.unit_names import unit_names as names_of
from rules.requester.completion import completed_by
from rules.requester.contact_data import find_phones
from rules.requester.redaction import without_identity
from rules.requester.secrecy import papers_in
from rules.understand.citizen_replies import asks_more, is_courtesy
from rules.understand.citizen_sound import Sound, heard, is_foreign, tells_more
from rules.values.model import Fate, Kind, Requester, RequesterKind
from rules.values.states import GRAVE, Folder, MailStatus, QuestionStatus

OVER = frozenset(
    {QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.REJECTED}
    | {QuestionStatus.PUBLISHED, QuestionStatus.CLOSED}
)
DATA_WORDS = 30  # a mail with more words than these says more than missing data
FILES_ALONE = "(chỉ có tệp kèm theo)"  # what the register says of a mail that adds files without any text
FEW, NOD = 3, 0.5
"""Up to so many words say nothing that a person must read where they sound like a nod with this share."""


def is_follow_up(facts: MailFacts) -> bool:
    """True when the requester replies to our mail about the question, or names its number from the same address."""
    return own_question(facts) is not None and facts.understanding.kind not in GRAVE


def own_question(facts: MailFacts) -> QuestionFacts | None:
    """The sender's own question, found by thread, tag or number, or by the mail that began it. The number alone gives
    no access."""
    if not facts.questions:
        return None  # true for nearly all mails
    threaded = [sent.question_id for sent in facts.threads if sent.role == "citizen"]
    # Anyone can write a From, and others than we know the Message-ID of the asker's mail; ours is secret.
    told = (*facts.by_number, *facts.begun)
    named = told if facts.authenticated else ()
    for each in (*threaded, *named):
        question = facts.questions.get(each or 0)
        if question is not None and question.email.lower() == facts.mail.sender.email.lower():
            return question
    return _completed_by(facts)


def sounds(facts: MailFacts, question: QuestionFacts) -> Mapping[str, float]:
    """What the mail's own text sounds like, in the thread of this question."""
    source, over = facts.board.source, has_result(facts, question)
    return heard(facts.understanding.text.own, names_of(facts.board.units, source), source, over=over)


def _completed_by(facts: MailFacts) -> QuestionFacts | None:
    """The sender's only question for which this mail, without naming it, brings missing data."""
    meant = [question for question in facts.questions.values() if question.id in facts.meant]
    sure = facts.authenticated and not facts.by_number and len(meant) == 1
    return meant[0] if sure and completed_data(meant[0], facts) else None


def decide_follow_up(facts: MailFacts, now: datetime, *, told: bool = False) -> tuple[Action, ...]:
    """Attach the mail to the question; a new question in an old thread is registered as a new one.

    ``told``: the mail has brought its writer a letter already, so he need not be told that it came.
    """
    question = own_question(facts)
    if question is None or _is_new_question(facts, question):
        return decide_arrival(facts, now)
    completed, asked = completed_data(question, facts), answers_asked(facts, question)
    actions: list[Action] = []
    if completed:
        actions += _complete(facts, question, completed, now)
    elif (question.status in OVER or has_result(facts, question)) and _says_something(facts, question):
        return _after_the_end(facts, question, now)
    elif question.status not in OVER and (asked or _says_something(facts, question)):
        actions += pass_on(facts, question)
        actions += _acknowledged(facts, question, asked=asked) if asked or not told else ()
    if completed and (answers_unit(facts) or _adds_more(facts, question)):
        actions += pass_on(facts, question)
    return (*actions, _finish(facts, question, completed))


def after_the_end(code: str, *, answered: bool) -> list[dict[str, str]]:
    """What officers may do about such a mail, and about a requester who is not content."""
    passed = [{"label": "Chuyển ý kiến cho đơn vị đã trả lời", "text": f"{code} chuyển ý kiến cho đơn vị"}]
    return [
        *(passed if answered else ()),
        {"label": "Trả lời người hỏi, không qua đơn vị", "text": f"{code} chuyển cho người hỏi: "},
        {"label": "Mở lại câu hỏi", "text": f"{code} mở lại"},
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]


def _after_the_end(facts: MailFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """An officer passes it on, opens the question again or registers it; its writer hears that it came."""
    read, board, answered = facts.understanding, facts.board, bool(question.answers)
    state, what = STATUS_NAMES[question.status], "ý kiến về kết quả"
    if not has_result(facts, question):
        state, what = "câu trả lời chưa gửi người hỏi", "lời bổ sung"
    state = state if question.status in OVER else "đã trả lời một phần"
    acts = after_the_end(question.code, answered=answered)
    why = f"Người hỏi viết tiếp về câu hỏi {question.code} ({state}): xin xem là {what} hay câu hỏi mới"
    values = {**review_values(facts, why), "commands": acts}
    people = (board.named_for(facts.mail, read),) if read.kind is Kind.COMPLAINT else board.officers
    key, code = str(facts.raw_mail), question.id
    seen = to_people("officer_review", people, "8.2", values, key=key, question=code, about=facts.raw_mail)
    finish = held_fate(facts, why, read.kind, acts)
    return (open_review(facts, now, question.id), held_notice(facts), *seen, finish)


def answers_unit(facts: MailFacts) -> bool:
    """True when the mail replies to a unit's question: any word may matter to that unit."""
    return any(sent.name == "citizen_asked" for sent in facts.threads[:1])


def answers_asked(facts: MailFacts, question: QuestionFacts) -> bool:
    """True when the mail answers what a unit or an officer has asked: whatever it says belongs to the question."""
    return answers_unit(facts) or answers_officer(facts, question)


def answers_officer(facts: MailFacts, question: QuestionFacts) -> bool:
    """True for a reply to an officer's "hỏi lại", and for the first mail about the question after one."""
    return any(sent.name == "citizen_missing" for sent in facts.threads[:1]) or question.id in facts.awaited


def _adds_more(facts: MailFacts, question: QuestionFacts) -> bool:
    """True when the mail says more than the missing data: it is long, asks, or a sentence of it tells something."""
    own, board = facts.understanding.text.own, facts.board
    names = names_of(board.units, board.source)
    told = asks_more(own, board.source) is not None or tells_more(own, names, board.source)
    return (told or len(own.split()) > DATA_WORDS) and question.status not in OVER


def _says_something(facts: MailFacts, question: QuestionFacts) -> bool:
    """False for thanks and agreement; a person reads the mail of someone dissatisfied or who asks more."""
    if any(not file.inline for file in facts.mail.attachments):
        return True
    text = facts.understanding.text.own
    few = len(text.split()) <= FEW and not is_foreign(text, facts.board.source)  # Chinese has no blanks
    if facts.understanding.kind is Kind.NOT_A_QUESTION or (few and _nods(facts, question, text)):
        return False
    return not is_courtesy(text, facts.board.source, waits=not has_result(facts, question))


def _nods(facts: MailFacts, question: QuestionFacts, text: str) -> bool:
    """True for "ok", "Vâng ạ", a name alone; "Sai đường rồi" and "Ngập" tell something."""
    named = set(text.split()) <= set(question.asker.name.split())
    return named or sounds(facts, question).get(Sound.THANKS, 1.0) >= NOD


def _is_new_question(facts: MailFacts, question: QuestionFacts) -> bool:
    ours = question.status in OVER and (not facts.begun or facts.threads or facts.by_number)
    return bool(ours) and has_result(facts, question) and facts.understanding.kind is Kind.QUESTION


def completed_by_letter(facts: MailFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """The missing data that a repeated letter brings."""
    completed = completed_data(question, facts)
    return _complete(facts, question, completed, now) if completed else ()


def completed_data(question: QuestionFacts, facts: MailFacts) -> dict[str, str]:
    """The missing data of clause 21.1 that the follow-up brings."""
    read, source = facts.understanding, facts.board.source
    return completed_by(read.text.own, read.asker, question.missing, source) if question.missing else {}


def _complete(
    facts: MailFacts, question: QuestionFacts, completed: dict[str, str], now: datetime
) -> tuple[Action, ...]:
    still = tuple(key for key in question.missing if key not in completed)
    values: dict[str, object] = {f"asker_{key}": value for key, value in completed.items()}
    if "phone" in completed:
        read = find_phones(completed["phone"], facts.board.source)
        values["asker_phone_e164"] = facts.understanding.asker.phone_e164 or (read[0].e164 if read else "")
    if facts.understanding.asker.kind is RequesterKind.ORGANISATION and "name" in completed:
        values["asker_kind"] = RequesterKind.ORGANISATION.value
    values["missing"] = ",".join(still)
    why = "Người hỏi bổ sung thông tin còn thiếu"
    amend = AmendQuestion(question.id, values, "completed", why)
    notice = to_citizen("citizen_completed", question, "21.1", {"missing": still}, key=str(facts.raw_mail))
    if still:
        return (amend, notice)
    return (amend, notice, *taken_up(facts, question, now))


def taken_up(facts: MailFacts, question: QuestionFacts, now: datetime) -> tuple[Action, ...]:
    """An officer now decides on a question that waited for these data (``ask_then_drop``)."""
    if question.status is not QuestionStatus.RECEIVED:
        return ()
    why = f"Câu hỏi {question.code} đã đủ thông tin, cần chuyển đơn vị trả lời"
    commands = [{"label": "Chuyển đơn vị", "text": f"{question.code} chuyển "}]
    values = {"what": why, "details": [question.content[:1500]], "commands": commands}
    review, waiting = QuestionStatus.NEEDS_REVIEW, (QuestionStatus.RECEIVED,)
    key = f"whole:{question.id}"  # one mail of an officer may complete several
    return (
        CloseDuty(missing_key(question.raw_mail_id or 0)),
        SetQuestion(question.id, waiting, review, act="completed", clause="21.1", why=why),
        replace(open_review(facts, now, question.id), key=key),
        *to_people("officer_alert", facts.board.officers, "21.1", values, key=key, question=question.id),
    )


def pass_on(facts: MailFacts, question: QuestionFacts, *, ordered: bool = False) -> tuple[Action, ...]:
    """Put what the citizen adds into the register and send it to every unit that still owes an answer (10.1.c),
    without the number or a picture of an identity paper, unless that was asked for or an officer ``ordered`` it.

    While no unit has the question, the officers who decide on it are told.
    """
    needed = ordered or needs_papers(facts, question, asked=answers_unit(facts))
    own, source = facts.understanding.text.own, facts.board.source
    kept = without_identity(own, source), papers_in(facts.mail, own, source)
    text, papers = (own, frozenset[int]()) if needed else kept
    day = facts.board.law.today(facts.received_at)
    content = f"{question.content}\n\n[Bổ sung ngày {short_date(day)}]\n{text or FILES_ALONE}"
    added = AmendQuestion(question.id, {"content": content}, "added", "Người hỏi bổ sung nội dung")
    files = attachment_refs(facts.mail, facts.raw_mail)  # those that are kept from the units stay behind
    mails = tuple(
        to_unit(
            "unit_followup",
            facts.board,
            assignment.unit,
            "10.1.c",
            {"text": text, "due": assignment.due, "late": assignment.due.on < day},
            key=f"{facts.raw_mail}:{assignment.id}",
            case=AboutCase(question.id, assignment.id),
            attachments=files,
        )
        for assignment in question.assignments
        if assignment.is_open and assignment.unit in facts.board.contacts
    )
    return (added, *papers_kept(facts, question, papers), *(mails or _tell_officers(facts, question, text)))


def _acknowledged(facts: MailFacts, question: QuestionFacts, *, asked: bool) -> tuple[Action, ...]:
    """Tell the asker where his words have gone: what was asked for each time, what he adds unasked once a day.

    An officer who asked sees the answer though a unit has the question.
    """
    units = [one for one in open_units(question.assignments) if one in facts.board.contacts]
    said = "answered" if asked else "added"
    values = {said: True, "units": [{"name": unit_name(facts.board, one)} for one in units]}
    key = str(facts.raw_mail) if asked else f"{facts.board.law.today(facts.received_at):%Y%m%d}"
    notice = to_citizen("citizen_completed", question, "10.1.c", values, key=key)
    seen = units and answers_officer(facts, question)
    return (notice, *(_tell_officers(facts, question, facts.understanding.text.own) if seen else ()))


def _tell_officers(facts: MailFacts, question: QuestionFacts, text: str) -> tuple[Action, ...]:
    what = f"Người hỏi bổ sung nội dung câu hỏi {question.code} đang chờ xem xét"
    commands = [{"label": "Chuyển đơn vị", "text": f"{question.code} chuyển "}]
    if question.status in OVER:
        what = f"Người hỏi viết thêm về câu hỏi {question.code} ({STATUS_NAMES[question.status]})"
        commands = [{"label": "Mở lại câu hỏi", "text": f"{question.code} mở lại"}]
    elif answers_asked(facts, question):
        what = f"Người hỏi đã trả lời điều được hỏi thêm về câu hỏi {question.code}"
        ask = {"label": "Hỏi lại người gửi", "text": f"{question.code} hỏi lại: "}
        commands = [*_likely(facts, question), {**commands[0], "label": "Chuyển đơn vị khác"}, ask]
    values = {"what": what, "details": [text[:1500]], "commands": commands}
    return to_people(
        "officer_alert", facts.board.officers, "10.1.c", values, key=f"added:{facts.raw_mail}", question=question.id
    )


def _likely(facts: MailFacts, question: QuestionFacts) -> list[dict[str, str]]:
    """The unit of which the answer by itself speaks, ready to be chosen."""
    alone, board = facts.understanding.alone, facts.board
    lead = alone.route.lead if alone is not None else ""
    if lead not in board.contacts or any(assignment.unit == lead for assignment in question.open_leads):
        return []
    return [{"label": f"Chuyển {unit_name(board, lead)}", "text": f"{question.code} chuyển {lead}"}]


def completed_asker(asker: Requester, requester: Requester) -> Requester:
    """The requester of a new question, with the data of an earlier one of the same address."""
    missing = {key: getattr(requester, key) for key in asker.missing if getattr(requester, key)}
    if "phone" in missing:
        missing["phone_e164"] = requester.phone_e164
    return replace(asker, **missing, kind=requester.kind if "name" in missing else asker.kind)


def _finish(facts: MailFacts, question: QuestionFacts, completed: dict[str, str]) -> Finish:
    text = "Người hỏi bổ sung thông tin còn thiếu" if completed else "Thư tiếp theo của người hỏi"
    why, trace = f"{text} ({question.code})", facts.understanding.trace
    return Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id, trace)


def is_repeat(facts: MailFacts) -> bool:
    """True when the sender's question is already in the register."""
    return facts.repeats is not None and facts.person is None and not facts.sender_unit


def decide_repeat(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Attach the letter to the first question; tell the requester its number, its state and any answer."""
    question = facts.repeats
    if question is None:
        return ()
    code, trace = question.code, facts.understanding.trace
    files = any(not file.inline for file in facts.mail.attachments)
    actions: list[Action] = [
        Note("repeated", f"Người hỏi gửi lại câu hỏi {code}", "10.1.c", question.id),
        *completed_by_letter(facts, question, now),
        *(pass_on(facts, question) if files and question.status not in GIVEN else ()),
    ]
    out = is_out(facts, question)
    given = answer_files(question) if out else ()
    values = {
        "again": True,
        "other": code,
        "asked_at": question.received_at,
        "state": state_told(facts, question),
        "units": unit_names(facts.board, open_units(question.assignments)),
        "answers": earlier_answers(facts.board, question, own=True) if out else (),
        "answered_at": question.answered_at,
        "files": [file.name for file in given],
    }
    day = facts.board.law.today(now)
    notice = to_citizen("citizen_repeated", question, "10.1.c", values, key=f"{day:%Y%m%d}", attachments=given)
    why = f"Người hỏi gửi lại câu hỏi {code}; đã báo không cần gửi lại"
    return (
        *actions,
        notice,
        Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id, trace),
    )
