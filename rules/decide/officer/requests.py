"""An officer's decisions on requests to withdraw a question.

While a withdrawal waits nothing ends and the clocks go on: the mail is held with prepared replies, and the unit is
told only when an officer allows it. A requester who keeps the question after all makes the withdrawal void.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rules.commands.plain.words import is_wished, load_plain_order_words
from rules.decide.base.actions import Action, Finish, Send, SetQuestion, Settle
from rules.decide.base.command_result import NO_QUESTION, OPEN, CommandAtHand, Outcome
from rules.decide.base.fact_parts import MOST_ASKED
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.base.forwarding import OVER, is_withdrawn, keeps_answer_back, open_again, session_of, taken_from
from rules.decide.base.manual_work import held_fate, hold, open_review, review_values
from rules.decide.base.notices import (
    STATUS_NAMES,
    AboutCase,
    by_mail,
    not_told,
    open_units,
    to_citizen,
    to_people,
    to_unit,
)
from rules.decide.base.publication import answered_in, has_result, is_out, taken_back, waiting_answers
from rules.decide.intake.follow_ups import own_question, pass_on, sounds
from rules.decide.intake.for_the_office import for_the_office, said_of, wishes_data
from rules.decide.intake.new_question import held_notice
from rules.decide.intake.status_requests import data_wishes
from rules.decide.officer import register_commands
from rules.decide.officer.register_commands import answer_kept, which, with_note
from rules.decide.officer.session_outcomes import paper_with
from rules.law.session_rules import PaperKind
from rules.understand.citizen_replies import is_courtesy
from rules.understand.citizen_sound import SURE, Sound, recalls
from rules.understand.earlier_letters import MOST_KEPT, asks_to_withdraw, ends_beside_data, keeps_question, may_end
from rules.values.model import Fate, Kind
from rules.values.states import GRAVE, AssignmentStatus, Folder, MailStatus, Purpose, QuestionStatus

CLAUSE = "8.2"
LET_GO, KEEP, LET_GO_SURE = "cho rút câu hỏi", "không cho rút câu hỏi", "xác nhận cho rút câu hỏi"
NOTHING = {"label": "Không rút câu nào", "text": "Không phải câu hỏi"}
WITHDRAWAL, MORE_OF_IT = "đề nghị rút câu hỏi", "thư viết tiếp về việc rút câu hỏi"
"""What such mails are called in mails to officers, whatever the vote says."""


def is_withdrawal(facts: MailFacts) -> bool:
    """True for a short mail that asks to withdraw an open question of the sender; most senders have none."""
    if facts.person is not None or facts.sender_unit or not _meant(facts):
        return False
    kind, answers = facts.understanding.kind, _answers_ours(facts)
    threaded = answers or (own_question(facts) is not None and (_asks(facts) or _takes_back(facts)))
    if kind is Kind.DENUNCIATION or (kind is Kind.COMPLAINT and not threaded):
        return False  # such a wish in our thread is held for an officer, too, and its words are clearer than a vote
    return (answers or _asks(facts) or _takes_back(facts)) and (not wishes_data(facts) or _beside_data(facts))


def _beside_data(facts: MailFacts) -> bool:
    """True for a mail about one's own data that also withdraws, in clear words, the one question of its thread."""
    sure = own_question(facts) is not None and len(_meant(facts)) == 1 and not _answers_ours(facts)
    return sure and ends_beside_data(said_of(facts), facts.board.source)


def _takes_back(facts: MailFacts) -> bool:
    """True for words that keep a question: one whose withdrawal waits, or in reply to our letter about that."""
    waits = _answers_ours(facts) or any(facts.withdrawals.get(question.id) for question in _meant(facts))
    own, source = facts.understanding.text.own, facts.board.source
    return waits and keeps_question(own, source, threaded=own_question(facts) is not None)


def _asks(facts: MailFacts) -> bool:
    source, read = facts.board.source, facts.understanding
    if asks_to_withdraw(facts.mail, read, source=source) or recalls(read.text.own, source):
        return True
    own = None if _answers_ours(facts) else own_question(facts)  # second thoughts speak of withdrawing too
    if own is None or not may_end(read.text.own, source):
        return False  # plain words count more than what they sound like
    return sounds(facts, own).get(Sound.WITHDRAW, 0.0) >= SURE[Sound.WITHDRAW]


def _answers_ours(facts: MailFacts) -> bool:
    """True for second thoughts: a reply to our letter about the withdrawal that does more than thank."""
    answered = any(sent.name == "citizen_withdrawal" and TAKES_BACK not in sent.key for sent in facts.threads[:1])
    return answered and not is_courtesy(facts.understanding.text.own, facts.board.source, waits=True)


def _meant(facts: MailFacts) -> tuple[QuestionFacts, ...]:
    """The sender's questions without an answer that the mail is about: by number, by thread, else all of them."""
    named = [facts.questions[each] for each in facts.by_number if each in facts.questions]
    own = own_question(facts)
    questions = named or ([own] if own is not None else list(facts.own_questions))
    sender = facts.mail.sender.email.lower()
    theirs = (question for question in questions if question.email.lower() == sender)
    return tuple(question for question in theirs if question.status in OPEN or _waits_to_leave(facts, question))


def _waits_to_leave(facts: MailFacts, question: QuestionFacts) -> bool:
    """True while the answer can still be taken back: its asker has seen nothing, and is one who waits."""
    unseen = question.status is QuestionStatus.ANSWERED and not has_result(facts, question)
    return unseen and bool(answered_in(waiting_answers(facts, question)))


def decide_withdrawal(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it for an officer and confirm receipt to the requester; who keeps the question after all is told that it
    goes on. With a forged or ambiguous From, only hold it."""
    meant, keeps = _meant(facts), _takes_back(facts)
    if keeps or not _asks(facts):
        meant = tuple(one for one in meant if facts.withdrawals.get(one.id)) or meant
    codes = ", ".join(one.code for one in meant)
    if not (facts.authenticated or own_question(facts)):
        return hold(facts, now, f"Yêu cầu rút câu hỏi {codes} chưa xác thực được người gửi")
    if keeps and len(meant) == 1:
        return _taken_back(facts, meant[0])
    if keeps or not _asks(facts):
        return _second_thoughts(facts, meant, now)
    if len(meant) > 1:
        return _which_of(facts, meant, codes, now)
    question = meant[0]
    why = f"Người hỏi xin rút câu hỏi {question.code}"
    named = {"kind_name": WITHDRAWAL, "guess": [], "commands": prepared(question.code)}
    values = {**review_values(facts, why), **named}
    mails = to_people(
        "officer_review", facts.board.officers, CLAUSE, values, key=str(facts.raw_mail), question=question.id
    )
    notice = to_citizen("citizen_withdrawal", question, CLAUSE, {"state": "received"}, key=str(facts.raw_mail))
    acts, purpose = prepared(question.code), Purpose.WITHDRAWS
    finish = held_fate(facts, why, Kind.FOLLOW_UP, acts, purpose=purpose, about=question.id)
    data = data_wishes(facts, question, now)[0] if wishes_data(facts) else ()
    return (*data, open_review(facts, now, question.id), notice, *mails, finish)


def _which_of(facts: MailFacts, meant: tuple[QuestionFacts, ...], codes: str, now: datetime) -> tuple[Action, ...]:
    """An officer chooses the question; who wrote hears that it came."""
    why, key = f"Người hỏi xin rút câu hỏi, cần xem là câu nào ({codes})", str(facts.raw_mail)
    offered = [{"label": f"Cho rút {one.code}", "text": f"{one.code} {LET_GO}"} for one in meant[:MOST_ASKED]]
    acts = [*offered, NOTHING]
    values = {**review_values(facts, why), "kind_name": WITHDRAWAL, "guess": [], "commands": acts}
    seen = to_people("officer_review", facts.board.officers, CLAUSE, values, key=key)
    finish = held_fate(facts, why, Kind.FOLLOW_UP, acts, purpose=Purpose.WITHDRAWS_ONE)
    return (open_review(facts, now), held_notice(facts), *seen, finish)


def is_wanted_again(facts: MailFacts) -> bool:
    """True for who wants the answer after all to a question that was ended at his own wish."""
    question, own = own_question(facts), facts.understanding.text.own
    ours = facts.person is None and not facts.sender_unit and facts.understanding.kind not in GRAVE
    ended = ours and question is not None and is_withdrawn(question)
    return ended and keeps_question(own, facts.board.source, threaded=True)


def decide_wanted_again(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Hold it: an officer opens the question again; who wrote hears that it came."""
    code = question.code if (question := own_question(facts)) is not None else ""
    again = {"label": "Mở lại câu hỏi", "text": f"{code} mở lại"}
    acts = [again, {"label": "Là câu hỏi mới", "text": "Đăng ký"}, NO_QUESTION]
    why = f"Người hỏi đã rút câu hỏi {code}, nay muốn được trả lời"
    return for_the_office(facts, question, now, why, MORE_OF_IT, acts, CLAUSE)


TAKES_BACK = "taken_back"
"""Part of the key of the letter that tells a requester that the question is kept."""


def _taken_back(facts: MailFacts, question: QuestionFacts) -> tuple[Action, ...]:
    """The request is void: what waited for an officer is settled, and both are told. What else is said goes on."""
    code, text = question.code, facts.understanding.text.own
    settled = _settled(facts, question, "Người hỏi viết lại là không rút câu hỏi")
    key = f"{TAKES_BACK}:{facts.raw_mail}"
    notice = to_citizen("citizen_withdrawal", question, CLAUSE, {"state": TAKES_BACK}, key=key)
    values: Mapping[str, object] = {
        "what": f"Người hỏi không rút câu hỏi {code} nữa",
        "details": ["Câu hỏi được giải quyết tiếp; yêu cầu rút trước đó không còn giá trị", text[:1000]],
        "commands": (),
    }
    seen = to_people("officer_alert", facts.board.officers, CLAUSE, values, key=key, question=question.id)
    more = any(not file.inline for file in facts.mail.attachments) or len(text.split()) > MOST_KEPT or "?" in text
    why, trace = f"Người hỏi không rút nữa câu hỏi {code}", facts.understanding.trace
    finish = Finish(MailStatus.DONE, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id, trace)
    finish = replace(finish, purpose=Purpose.KEEPS, about=question.id)
    return (*settled, notice, *seen, *(pass_on(facts, question) if more else ()), finish)


def _second_thoughts(facts: MailFacts, meant: tuple[QuestionFacts, ...], now: datetime) -> tuple[Action, ...]:
    """An officer reads whether the requester keeps the question; who wrote hears that it came."""
    why = f"Người hỏi viết tiếp về yêu cầu rút câu hỏi {', '.join(one.code for one in meant)}"
    about = meant[0].id if len(meant) == 1 else None
    acts = _prepared_again(meant[0].code) if len(meant) == 1 else ()
    values = {**review_values(facts, why), "kind_name": MORE_OF_IT, "guess": [], "commands": acts}
    seen = to_people("officer_review", facts.board.officers, CLAUSE, values, key=str(facts.raw_mail), question=about)
    finish = held_fate(facts, why, Kind.FOLLOW_UP, acts, purpose=Purpose.SECOND_THOUGHTS, about=about)
    return (open_review(facts, now, about), held_notice(facts), *seen, finish)


def _prepared_again(code: str) -> list[dict[str, str]]:
    return [
        {"label": "Giữ câu hỏi, giải quyết tiếp", "text": f"{code} giữ câu hỏi"},
        {"label": "Vẫn cho rút câu hỏi", "text": f"{code} {LET_GO_SURE}"},
        {"label": "Là câu hỏi mới", "text": "Đăng ký"},
    ]


def prepared(code: str) -> list[dict[str, str]]:
    """The two replies to such a request about a question."""
    return [
        {"label": "Cho rút câu hỏi", "text": f"{code} {LET_GO}"},
        {"label": "Không cho rút", "text": f"{code} {KEEP} vì "},
    ]


def let_go(order: CommandAtHand) -> Outcome:
    """ "Cho rút câu hỏi", unless nobody asked for it, or has written since that it is to be kept, or may have."""
    question = order.question
    if question is None or not (question.status in OPEN or _waits_to_leave(order.facts, question)):
        return let_go_surely(order)
    code, later = question.code, order.facts.second_thoughts.get(question.id)
    if later is not None:
        since = f"sau khi xin rút, người hỏi viết lại về việc này (thư số {later}), xin xem thư ấy"
        return False, f"Chưa kết thúc câu hỏi {code}: {since}. Nếu vẫn cho rút, xin ghi “{code} {LET_GO_SURE}”", ()
    if _is_asked(order, question):
        return let_go_surely(order)
    none = "không có thư nào của người hỏi đang chờ để xin rút câu này"
    other = f"nếu người hỏi xin rút bằng cách khác, xin ghi “{code} {LET_GO_SURE}”"
    return False, f"Chưa kết thúc câu hỏi {code}: {none}; {other}; nếu từ chối, xin ghi “{code} từ chối h vì …”", ()


def _is_asked(order: CommandAtHand, question: QuestionFacts) -> bool:
    """Whether a withdrawal waits, the order is about the asker's held mail or says that he wished it; who has no mail
    address asked in another way."""
    facts, held = order.facts, order.facts.held
    sender = held.mail.sender.email if held is not None and held.status == "held" else ""
    if sender.lower() == question.email.lower() or not by_mail(question) or _settled(facts, question, ""):
        return True
    return is_wished(order.command.raw, load_plain_order_words(facts.board.source).close, question.asker.name)


def let_go_surely(order: CommandAtHand) -> Outcome:
    """End the question without an answer, or with one that has not left or is kept for a session; tell the requester
    and the owing units."""
    question = order.question
    if question is None:
        return which(order, LET_GO)
    settled = _settled(order.facts, question, "Cán bộ cho rút câu hỏi")
    session = session_of(order.facts, question)
    ahead = session is not None and session.status not in OVER
    kept = ahead and question.status not in OPEN and bool(answer_kept(order, question))
    unsent = not kept and _waits_to_leave(order.facts, question)
    if question.status not in OPEN and not kept and not unsent:
        over = f"Câu hỏi {question.code} {STATUS_NAMES[question.status]}, không còn gì để rút"
        return bool(settled), over, answered_first(order, settled)
    notes = with_note(question, order.command.text)
    why = "Người hỏi rút câu hỏi"
    values: dict[str, object] = {"outcome": why, "notes": notes}
    if ahead:
        values["session_id"] = None  # otherwise the session's script would need an answer
    if kept:
        values["answered_at"] = None
    script, void = paper_with(order.facts, question, PaperKind.SCRIPT) if kept else ("", ())
    waiting = waiting_answers(order.facts, question) if unsent else ()
    stopped = taken_back(order.facts, question, waiting, order.now, why, helped=False) if unsent else ()
    question = open_again(question, answered_in(waiting))
    units = _tell_units(order, question)
    actions: tuple[Action, ...] = (
        *stopped,
        *(taken_from(assignment, why) for assignment in question.assignments if assignment.is_open),
        SetQuestion(question.id, (*OPEN, question.status), QuestionStatus.CLOSED, values, "closed", "", why),
        *void,
        to_citizen("citizen_withdrawal", question, CLAUSE, {"state": "closed"}, key=f"closed:{order.facts.raw_mail}"),
        *units,
        *settled,
    )
    not_sent = ", câu trả lời đang giữ không gửi" if kept or unsent else ""
    done = f"Đã kết thúc câu hỏi {question.code} theo đề nghị của người hỏi{not_sent}{script}"
    if not by_mail(question):
        return True, f"{done}; {'đã báo đơn vị; ' if units else ''}{not_told(question)}", actions
    text = "người hỏi và đơn vị" if units else "người hỏi"
    return True, f"{done}; đã báo {text}", actions


def close(order: CommandAtHand) -> Outcome:
    """ "Đóng …, bác ấy xin rút rồi": ends an open question at its requester's wish; others need their answer."""
    question = order.question
    wishes = load_plain_order_words(order.facts.board.source).close
    if question is not None and question.status in OPEN and is_wished(order.command.raw, wishes, question.asker.name):
        return let_go(order)
    return register_commands.close(order)


def _tell_units(order: CommandAtHand, question: QuestionFacts) -> tuple[Send, ...]:
    """One mail to each unit that still owed an answer, or whose answer is kept for a session and now stays here."""
    board, back = order.facts.board, keeps_answer_back(session_of(order.facts, question), question)
    leads = [assignment for assignment in question.assignments if back and assignment.role == "lead"]
    kept = {assignment.unit for assignment in leads if assignment.status is AssignmentStatus.ANSWERED}
    owing = open_units(question.assignments)
    first = {
        assignment.unit: assignment.id
        for assignment in reversed(question.assignments)
        if assignment.is_open or assignment.unit in kept
    }
    values = {one: {"owes": one in owing, "kept": one in kept} for one in first}
    return tuple(
        to_unit("unit_withdrawn", board, one, CLAUSE, values[one], key=str(its), case=AboutCase(question.id, its))
        for one, its in first.items()
        if one in board.contacts
    )


def keep(order: CommandAtHand) -> Outcome:
    """ "Không cho rút câu hỏi vì …": it goes on, and the requester is told."""
    question = order.question
    if question is None:
        return which(order, KEEP)
    settled = _settled(order.facts, question, "Cán bộ không cho rút câu hỏi")
    if not settled:
        return False, f"Câu hỏi {question.code} không có yêu cầu rút nào đang chờ", ()
    if question.status not in OPEN:
        noted = f"Câu hỏi {question.code} {STATUS_NAMES[question.status]}; đã ghi nhận"
        return True, noted, answered_first(order, settled)
    values: Mapping[str, object] = {"state": "kept", "reason": order.command.text.strip()}
    key = f"kept:{order.facts.raw_mail}"
    notice = to_citizen("citizen_withdrawal", question, CLAUSE, values, key=key)
    how = "đã báo người hỏi" if by_mail(question) else not_told(question)
    return True, f"Câu hỏi {question.code} được giải quyết tiếp; {how}", (notice, *settled)


def _settled(facts: MailFacts, question: QuestionFacts, why: str) -> tuple[Settle, ...]:
    mails, own = [*facts.withdrawals.get(question.id, ())], facts.opinions.get(question.id)
    if own is not None and own.purpose is Purpose.LEAVES_SESSION:
        mails.append(own.id)
    held = facts.held if facts.held is not None and facts.held.status == "held" else None
    if held is not None and held.purpose is Purpose.WITHDRAWS_ONE and question.code in held.reason:
        mails.append(held.id)
    return tuple(Settle(one, Fate.ATTACH, Kind.FOLLOW_UP, Folder.REGISTERED, why, question.id) for one in mails)


def answered_first(order: CommandAtHand, settled: tuple[Settle, ...]) -> tuple[Action, ...]:
    """Who asked to withdraw a question, and was promised to hear what follows, hears that its answer came first."""
    question = order.question
    if question is None or not settled or not is_out(order.facts, question):
        return settled
    values = {"state": "answered", "answered_at": question.answered_at}
    key = f"answered:{order.facts.raw_mail}"
    return (*settled, to_citizen("citizen_withdrawal", question, "8.2", values, key=key))
