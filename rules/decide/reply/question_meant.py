"""Which question a unit's mail is about: by its thread, its numbers, or the asker it names; else the unit is asked.

Also which part is for which question, whether the unit really wrote the mail, and whether its own person denounces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from rules.decide.base.actions import Action, Send, Settle
from rules.decide.base.command_result import NO_QUESTION, NOT_SENT, OF_UNIT_BUT, acts_on_one_of
from rules.decide.base.fact_parts import MOST_ASKED
from rules.decide.base.facts import AssignmentFacts, MailFacts, QuestionFacts
from rules.decide.base.manual_work import UNLISTED, hold, hold_unit_mail, notify_unit
from rules.decide.base.notices import CONFIRM, unit_name, unit_recipient
from rules.decide.intake.known_mails import is_marked, unanswered
from rules.decide.intake.new_question import decide_arrival
from rules.decide.reply.asker_part import Piece, divided
from rules.decide.reply.weighing import says_nothing
from rules.reply.about_question import NumbersSaid, numbers_said
from rules.reply.patterns import load_line_patterns
from rules.reply.reply import own_words
from rules.reply.sentences import NamedPart, is_named, named_parts, sentences_of, spaced
from rules.reply.unit_names import unit_names
from rules.reply.verbs import judge, load_verb_phrases
from rules.understand.citizen_requests import denounces, plain_words
from rules.values.model import Fate, Kind, Notice, Reply, Verb
from rules.values.register_number import register_numbers
from rules.values.states import GRAVE, Folder


def by_thread(facts: MailFacts) -> tuple[int, ...]:
    """Assignments named by a signed tag or by our own Message-ID in the thread."""
    tagged = (facts.tag.number,) if facts.tag is not None and facts.tag.kind == "r" else ()
    threaded = tuple(
        sent.assignment_id for sent in facts.threads if sent.role == "unit" and sent.assignment_id is not None
    )
    return tuple(dict.fromkeys((*tagged, *threaded)))


Matched = tuple[tuple[AssignmentFacts, ...], tuple[QuestionFacts, ...]]


def matched_assignments(facts: MailFacts, *, over_too: bool = False) -> Matched:
    """The assignments that a mail of a listed sender is about, the open ones if there are any (with ``over_too``
    one of each question whose number it says for itself); or none, and the questions that it may be about.

    A number at the beginning of the unit's own text counts before the thread, since a unit may answer another
    question in the same thread. Then come the number in the subject, the thread, and a document number that the unit
    has used before. A number in running text decides if nothing contradicts it; two numbers in one sentence leave in
    doubt what is said of which. A quoted list decides only if the unit owes an answer to just one of its questions.
    """
    every = (assignment for question in facts.questions.values() for assignment in question.assignments)
    mine = [assignment for assignment in every if speaks_for(facts, assignment.unit)]
    said, strong = _numbers_said(facts), by_thread(facts)
    numbered = _latest([assignment for assignment in mine if assignment.question_id in _in_subject(facts)])
    threaded = [assignment for assignment in mine if assignment.id in strong]
    named = _latest([assignment for assignment in mine if facts.questions[assignment.question_id].code in said.every])
    around = numbered or threaded
    if over_too and said.every:
        said, around = replace(said, own=(), apart=(), parted=()), []
    if said.own and (said.apart or said.parted):
        chosen = []
    elif said.own:
        chosen = [assignment for assignment in named if facts.questions[assignment.question_id].code in said.own]
    elif said.every and around:
        within = {assignment.question_id for assignment in around}
        meant = [one for one in named if facts.questions[one.question_id].code not in said.denied]
        chosen = [assignment for assignment in meant if assignment.question_id in within]
        unsure = {one.question_id for one in meant if facts.questions[one.question_id].code in said.together}
        if within & unsure and any(one.is_open for one in meant if one.question_id in unsure - within):
            chosen = []  # one text for the question of the thread and for others that it names: of none alone
    elif said.every:
        aside = {*said.referred, *said.denied}
        chosen = [assignment for assignment in named if facts.questions[assignment.question_id].code not in aside]
    else:
        files = _latest([assignment for assignment in mine if assignment.question_id in facts.by_number])
        documented = _latest([assignment for assignment in mine if assignment.question_id in facts.meant])
        chosen = numbered or files or threaded or documented or _single(facts, mine)
    first = {assignment.question_id: assignment for assignment in reversed(chosen)}
    owed = () if over_too else tuple(assignment for assignment in chosen if assignment.is_open)
    assignments = owed or tuple(reversed(first.values()))
    asked = around + named if said.every and around + named else [one for one in _latest(mine) if one.is_open]
    return assignments, () if assignments else tuple(
        facts.questions[each] for each in dict.fromkeys(a.question_id for a in asked)
    )


def _single(facts: MailFacts, mine: list[AssignmentFacts]) -> list[AssignmentFacts]:
    """What the unit owes to the asker whom its mail names and goes to, else of a quoted list, if that is one."""
    boxes = {mailbox.email.lower() for mailbox in (*facts.mail.to, *facts.mail.cc)}
    owed = [assignment for assignment in _latest(mine) if assignment.is_open]
    questions = [question for one in owed if (question := facts.questions[one.question_id]).email.lower() in boxes]
    ids = {one.id for one in _of_asker_named(facts, questions)} if questions else facts.listed
    meant = [assignment for assignment in owed if assignment.question_id in ids]
    return meant if len({assignment.question_id for assignment in meant}) == 1 else []


def _in_subject(facts: MailFacts) -> set[int]:
    codes = register_numbers(facts.mail.subject, facts.board.prefix)
    return {question.id for question in facts.questions.values() if question.code in codes}


def _numbers_said(facts: MailFacts) -> NumbersSaid:
    """The register numbers in the writer's own text, or in the text that counts as the reply; those of its parts are
    its own."""
    reply, source = facts.understanding.reply, facts.board.source
    names = unit_names(facts.board.units, source)
    texts = dict.fromkeys((own_words(facts.mail, source), reply.text if reply else ""))
    found = [numbers_said(text, names, source) for text in texts]
    parts, heard = (tuple(one.question for one in reply.parts if one.question), reply.verb) if reply else ((), None)
    own = dict.fromkeys((*(code for one in found for code in one.own), *parts))
    return NumbersSaid(
        tuple(dict.fromkeys((*(code for one in found for code in one.every), *parts))),
        tuple(own),
        tuple(dict.fromkeys(code for one in found for code in one.referred)),
        tuple(dict.fromkeys(code for one in found for code in one.denied)),
        tuple(dict.fromkeys(code for one in found for code in one.apart if code not in own and not parts)),
        tuple(dict.fromkeys(code for one in found for code in one.together if code not in own and not parts)),
        () if parts or heard is Verb.RECEIVED else tuple(code for one in found for code in one.parted),
    )


def _latest(assignments: list[AssignmentFacts]) -> list[AssignmentFacts]:
    """Only the newest round of each item of a question."""
    newest: dict[tuple[int, int], AssignmentFacts] = {}
    for assignment in assignments:
        key = (assignment.question_id, assignment.item)
        if key not in newest or assignment.round >= newest[key].round:
            newest[key] = assignment
    return list(newest.values())


def speaks_for(facts: MailFacts, unit: str) -> bool:
    """True when the sender's unit has the assignment, or is the successor of the unit that has it."""
    seen: set[str] = set()
    while unit and unit not in seen:
        if unit == facts.sender_unit:
            return True
        seen.add(unit)
        known = facts.board.units.get(unit)
        unit = known.successor if known else ""
    return False


SAYING = frozenset({Verb.ANSWER, Verb.FOLLOW_UP, Verb.NONE})
"""Verbs whose text is used unchanged: an office that refuses or asks for time gives its reason."""


def refused_because(facts: MailFacts) -> str:
    """Proof of a unit's act: a listed sender, one From, and authenticated as far as our server tells (10.1.e).

    Without a configured ``authserv-id``, a listed sender is trusted with a tag, a thread or a number: units reply
    with new subjects, and to refuse those would leave citizens without their answers.
    """
    if len(facts.mail.senders) != 1:
        return "Thư trả lời có nhiều hơn một người gửi"
    if not facts.sender_unit:
        return "Trả lời thư của hệ thống từ địa chỉ không có trong danh sách của đơn vị"
    if facts.unproven:
        return f"Thư trả lời {facts.unproven}"
    return ""


def told_unlisted(facts: MailFacts) -> tuple[Action, ...]:
    """The unit the held mail comes from: the listed sender's, else the recipient of the mail it replies to."""
    strong = by_thread(facts)
    every = [assignment for question in facts.questions.values() for assignment in question.assignments]
    meant = [one for one in every if one.id in strong or one.question_id in facts.by_number]
    if facts.sender_unit:
        about = next((assignment for assignment in meant if speaks_for(facts, assignment.unit)), None)
        question = facts.questions[about.question_id] if about else None
        return notify_unit(facts, facts.sender_unit, question) if facts.unproven else ()
    about = next((assignment for assignment in meant if assignment.id in strong), None)
    return notify_unit(facts, about.unit, facts.questions[about.question_id], UNLISTED) if about else ()


def hold_refused(facts: MailFacts, now: datetime, why: str) -> tuple[Action, ...]:
    """Hold what is no proven act of a unit. In the thread of a unit's question an address that is on no list is most
    likely its own person's: no single word registers or forwards that mail."""
    strong, actions = by_thread(facts), told_unlisted(facts)
    about = next((one for each in facts.questions.values() for one in each.assignments if one.id in strong), None)
    if about is None or facts.sender_unit or facts.understanding.kind in GRAVE:
        return (*actions, *hold(facts, now, why))
    code, name = facts.questions[about.question_id].code, unit_name(facts.board, about.unit)
    why += f" ({name}, câu hỏi {code}); đơn vị đã được báo; thư chỉ được dùng khi gửi lại từ hộp thư công vụ"
    again = f"{code} nhắc đơn vị: xin gửi lại từ hộp thư công vụ"
    acts = [{"label": "Nhắc đơn vị gửi lại", "text": again}, NO_QUESTION]
    return (*actions, *hold_unit_mail(facts, now, why, None, "", acts))


def is_denunciation_by_unit(facts: MailFacts) -> bool:
    """True for a denunciation by somebody who works in a unit: it is sealed whoever sends it (1.2)."""
    return facts.person is None and is_denunciation_passed_on(facts)


def is_denunciation_passed_on(facts: MailFacts) -> bool:
    """True for a denunciation from a unit's address or in a unit's thread, one of our own people's too.

    A mail in no thread that names no question need not be an answer: from a unit's domain a doubt is enough, as with
    anybody else's letter, unless it is found to answer something. In a thread it must surely be a denunciation, and
    the question itself must not speak of one.
    """
    read, reply = facts.understanding.alone or facts.understanding, facts.understanding.reply
    if read.kind is not Kind.DENUNCIATION or not (facts.sender_unit or by_thread(facts)):
        return False
    says = reply is None or reply.verb in SAYING
    if facts.threads or facts.by_number or facts.tag is not None:
        source, asked = facts.board.source, (question.content for question in facts.questions.values())
        return says and read.sure and not any(denounces(plain_words(one, source), source) for one in asked)
    return read.sure or (says and facts.sender_how == "domain" and not matched_assignments(facts)[0])


def decide_denunciation_by_unit(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Seal it, and tell the named officer alone."""
    read = facts.understanding
    decided = decide_arrival(replace(facts, understanding=read.alone or read), now)
    return unanswered(decided) if is_marked(facts) else decided


def which_question(facts: MailFacts, now: datetime, possible: tuple[QuestionFacts, ...]) -> tuple[Action, ...]:
    """Hold a mail of which it is not clear what question it is about; ask the officers and the unit."""
    why = f"{OF_UNIT_BUT}không rõ trả lời câu hỏi nào"
    likely = _of_asker_named(facts, possible)
    possible = (*likely, *(question for question in possible if question not in likely))
    codes = [question.code for question in possible[:MOST_ASKED]]
    if codes:
        why = f"{NOT_SENT}, vì chưa rõ trả lời câu hỏi nào ({', '.join(codes)})"
    if len(likely) == 1:
        why += f"; có lẽ là câu {codes[0]}, vì thư nêu tên người hỏi ({likely[0].asker.name})"
    acts = acts_on_one_of(codes, facts.understanding.reply)
    return (*asked_which(facts, possible), *hold_unit_mail(facts, now, why, None, facts.sender_unit, acts))


def _of_asker_named(facts: MailFacts, possible: Sequence[QuestionFacts]) -> tuple[QuestionFacts, ...]:
    """Those whose asker's whole name stands in the mail: in its subject, its own words or its files."""
    files = (f"{file.name}\n{file.text}" for file in facts.mail.attachments)
    texts = "\n".join((facts.mail.subject, own_words(facts.mail, facts.board.source), *files))
    text, names = spaced(texts), ((question, spaced(question.asker.name)) for question in possible)
    return tuple(question for question, name in names if len(name.split()) > 1 and name in text)


WHICH = "which"
"""The end of the key of a notice that asks a unit which question its mail is about."""
MOST_AGAIN = 400
"""So many characters of a unit's mail are prepared for it to send again."""


def asked_which(facts: MailFacts, possible: Sequence[QuestionFacts]) -> tuple[Action, ...]:
    """Ask the unit which of these questions its mail is about; it sends the text again with the number before it."""
    contact = facts.board.contacts.get(facts.sender_unit)
    if contact is None:
        return ()
    shown = possible[:MOST_ASKED]
    listed = [{"code": one.code, "subject": one.subject, "due": _first_due(facts, one)} for one in shown]
    acts = [{"label": f"Về câu hỏi {one.code}", "text": f"{one.code}: {_again(facts)}"} for one in shown]
    values = {"kind": "which", "due": None, "received_at": facts.received_at, "questions": listed, "commands": acts}
    recipient, key = unit_recipient(contact, facts.board), f"unit_told:{facts.raw_mail}:{WHICH}"
    return (Send(Notice("unit_told", recipient, "10.1.d", key, values)),)


def _first_due(facts: MailFacts, question: QuestionFacts) -> date | None:
    dues = [one.due.on for one in question.assignments if one.is_open and one.unit == facts.sender_unit]
    return min(dues, default=None)


def _again(facts: MailFacts) -> str:
    """What says the mail again: that it is the answer, or else its first words."""
    reply, own = facts.understanding.reply, facts.understanding.text.own
    if reply is None or reply.verb in {Verb.ANSWER, Verb.NONE, Verb.FOLLOW_UP}:
        return CONFIRM["text"]
    return " ".join(own[:MOST_AGAIN].split())


def said_again(facts: MailFacts, about: tuple[AssignmentFacts, ...]) -> tuple[Action, ...]:
    """Settle the unit's mail that was held because it had no number, now that it has come with one."""
    held = facts.held
    asked = any(sent.key.endswith(f":{WHICH}") for sent in facts.threads[:1])
    if held is None or held.status != "held" or not asked:
        return ()
    why = "Đơn vị gửi lại, ghi rõ số câu hỏi"
    return (Settle(held.id, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, about[0].question_id),)


def said_after_all(facts: MailFacts, spoken: tuple[Action, ...]) -> tuple[Action, ...]:
    """Settle the unit's held mail when it now says itself that it corrects its answer or adds to it."""
    sent = [one for one in spoken if isinstance(one, Send) and one.notice.name == "citizen_corrected"]
    if facts.held is None or facts.held.status != "held" or not sent:
        return ()
    why = "Đơn vị tự đính chính hoặc gửi bổ sung"
    return (Settle(facts.held.id, Fate.ATTACH, Kind.REPLY, Folder.REPLIES, why, sent[0].question),)


def pieces_by_name(facts: MailFacts, reply: Reply) -> list[Piece]:
    """The parts with their open assignments; [] when nobody is named, or any doubt remains.

    A file would show one requester's data to others, so a mail with a file is never divided. Each name must belong to
    exactly one requester whose question the unit owes, and only a greeting may come before the first.
    """
    before, parts = named_parts(reply.text, load_line_patterns(facts.board.source))
    if not parts or any(not file.inline for file in facts.mail.attachments) or not says_nothing(facts, before):
        return []
    every = (assignment for question in facts.questions.values() for assignment in question.assignments)
    owed = [assignment for assignment in every if assignment.is_open and assignment.unit == facts.sender_unit]
    pieces: list[Piece] = []
    for part in parts:
        own = [one for one in owed if is_named(facts.questions[one.question_id].asker.name, part.name)]
        if len(own) != 1 or not part.text:
            return []
        pieces.append((_reply_of(facts, reply, part), own))
    distinct = {own[0].id for _, own in pieces}
    return pieces if len(distinct) == len(pieces) else []


def _reply_of(facts: MailFacts, reply: Reply, part: NamedPart) -> Reply:
    """The part with its own verb."""
    source = facts.board.source
    names, phrases = unit_names(facts.board.units, source), load_verb_phrases(source)
    judged = judge(sentences_of(part.text, names, phrases.lines, short=phrases.short), phrases)
    on = facts.board.law.today(facts.received_at)
    unit = names.resolve(judged.unit, on) if judged.unit else ""
    return replace(reply, text=part.text, verb=judged.verb, unit=unit, until=None, parts=())


def pieces_of(facts: MailFacts, reply: Reply, matched: tuple[AssignmentFacts, ...]) -> list[Piece]:
    """A mail may answer several questions or items: each of its parts with the assignments it is for.

    Questions that a divided reply does not answer stay open, even if it mentions them.
    """
    pieces: list[Piece] = []
    if _counts_others(facts, reply, matched):
        reply = replace(reply, parts=())
    by_number = {part.question for part in reply.parts} - {""}
    for question_id in dict.fromkeys(assignment.question_id for assignment in matched):
        own = [assignment for assignment in matched if assignment.question_id == question_id]
        code = facts.questions[question_id].code
        parts = divided(reply, code, own)
        if not parts and by_number and (code not in by_number):
            continue
        pieces += parts or [(reply, own)]
    return pieces


def _counts_others(facts: MailFacts, reply: Reply, matched: tuple[AssignmentFacts, ...]) -> bool:
    """True when a list was matched to numbers in order but the unit does not owe one of them: it only cites it."""
    asked = {facts.questions[assignment.question_id].code for assignment in matched}
    return any(part.number and part.question and part.question not in asked for part in reply.parts)
