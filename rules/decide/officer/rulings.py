"""The function that carries out each verb of an officer's mail; verbs that decide no case; replies without a verb.
The verbs about sessions have their own table (``rules.decide.session.orders``).

A line that mentions a command but gives none (a report, a plan, a condition, a question) is answered accordingly.
For a line that was not understood, three acts that fit the case are offered, with a short help. They are chosen by
the words (first by the vote on the whole mail) and by the state of the case; nothing that ends or undoes
something is offered.
"""

from __future__ import annotations

from datetime import date

from rules.commands import mood
from rules.commands.command import ADDS, DICTATES, Command, with_full_number
from rules.commands.commands import NO_ORDER, read_commands, reader_for
from rules.commands.likely_orders import for_the_asker, likely, likely_acts, load_hints
from rules.commands.mood import MoodWords, stop_in
from rules.decide.base.actions import Note
from rules.decide.base.command_result import OPEN, SURELY, CommandAtHand, Handler, Outcome, came_back_acts, overtaken
from rules.decide.base.facts import HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.manual_work import is_units
from rules.decide.base.notices import unit_name
from rules.decide.intake import attachments
from rules.decide.officer import (
    data_requests,
    more_time,
    on_behalf_of_citizens,
    question_commands,
    register_commands,
    reopening,
    requests,
    session_outcomes,
    supporting_units,
    unit_mail_commands,
)
from rules.decide.officer.dictations import register_for, sounds_dictated
from rules.law.working_days import short_date
from rules.reply.unit_names import UnitNames
from rules.text import squash
from rules.text.dates import until_date
from rules.values.register_number import register_numbers
from rules.values.states import QuestionStatus

_NO_ORDERS = {
    mood.PLAN: "Đây là việc sẽ làm, chưa phải lệnh, nên chưa làm gì",
    mood.NEGATION: "Dòng này nói không làm, nên không làm gì",
    mood.CONDITION: "Lệnh có kèm điều kiện nên chưa làm gì; xin ghi lệnh khi điều kiện đã có",
    mood.QUESTION: "Đây là câu hỏi, chưa phải lệnh, nên chưa làm gì",
    mood.DOUBT: "Chưa rõ thư đã quyết định hay còn cân nhắc, nên chưa làm gì; nếu đã quyết, xin bấm lệnh soạn sẵn",
    mood.CLASH: "Các lệnh trong thư trái nhau nên chưa làm lệnh nào; xin ghi lại một lệnh",
    mood.HIDES: "Đơn vị nhận nguyên văn thư, hệ thống không che được, nên chưa làm; muốn làm, xin bấm lệnh soạn sẵn",
    mood.ALTERS: "Người nhận đọc nguyên văn, không bỏ hay sửa được, nên chưa làm; xin ghi lại lệnh không kèm lời dặn",
    mood.STOPPED: "Đã bỏ theo dòng sau trong cùng thư",
}


def no_order(order: CommandAtHand) -> Outcome:
    """Keep a report with the question; answer a plan, a condition or a question and do nothing."""
    command, question = order.command, order.question
    if command.field != mood.REPORT:
        return False, _NO_ORDERS[command.field], ()
    if question is None:
        return True, "Hệ thống không làm gì thêm", (Note("reported", "Cán bộ báo việc đã làm, không phải lệnh"),)
    kept = register_commands.noted(question, command.text, "Cán bộ báo việc đã làm")
    return True, f"Đã ghi vào phần ghi chú của câu hỏi {question.code}; hệ thống không chuyển, không gửi gì", (kept,)


MOST = 3
USUAL = {
    "review": ("forward", "ask", "note"),
    "forwarded": ("ask", "remind_unit", "note"),
    "extension": ("extend", "refuse_extension", "note"),
    "answered": ("pass_on", "note", "status"),
    "refused": ("reopen", "note", "status"),
    "held": ("register", "not_a_question", "forward"),
    "held_unit": ("is_answer", "unit_received", "rewrite"),
    "denunciation": ("handled", "register"),
    "desk": ("help",),
}
FITS = {
    "review": {"forward", "ask", "note", "status", "link", "sign"},
    "forwarded": {"forward", "ask", "extend", "remind_unit", "reopen", "note", "status", "link", "sign"},
    "extension": {"extend", "refuse_extension", "ask", "remind_unit", "note", "status", "forward"},
    "answered": {"pass_on", "ask", "supplement", "reopen", "note", "status", "link", "sign"},
    "held": {"forward", "register", "not_a_question"},
    "held_unit": {"is_answer", "unit_received", "rewrite"},
    "denunciation": {"handled"},
    "desk": {"help"},
}
OF_MAILS = frozenset({"held", "held_unit", "denunciation"})
OFTEN = frozenset({"forward", "ask", "note", "status", "sign", "correct", "link"})
BY_SOUND = {
    "review": OFTEN | {"reject", "not_a_question", "close"},
    "forwarded": OFTEN | {"extend", "refuse_extension", "close", "remind_unit"},
    "extension": {"extend", "refuse_extension", "ask", "note", "status", "sign", "close"},
    "answered": {"note", "status", "sign"},
    "held": {"forward"},
    "held_unit": OFTEN
    | {"is_answer", "unit_received", "unit_rewrite", "to_asker", "extend", "refuse_extension", "close"},
    "denunciation": frozenset[str](),
    "desk": OFTEN | {"extend", "refuse_extension", "close", "reject", "remind_unit", "register"},
}
"""The acts as which a mail may be carried out by its sound, by the case of the mail that it answers."""
PLAIN = {
    "register": ("Đăng ký là câu hỏi", "Đăng ký"),
    "not_a_question": ("Không phải câu hỏi", "Không phải câu hỏi"),
    "is_answer": ("Là câu trả lời, gửi người hỏi", "Là câu trả lời"),
    "unit_received": ("Đơn vị báo đã nhận", "Báo đã nhận"),
    "rewrite": ("Nhờ đơn vị viết lại", "Nhờ đơn vị viết lại: "),
    "handled": ("Đã xử lý theo quy định", "Đã xử lý"),
    "help": ("Trợ giúp", "Trợ giúp"),
    "pass_on": ("Chuyển ý kiến cho đơn vị", "Chuyển ý kiến cho đơn vị"),
    "reopen": ("Mở lại câu hỏi", "mở lại"),
    "refuse_extension": ("Không đồng ý gia hạn", "không đồng ý gia hạn"),
    "status": ("Tình trạng câu hỏi", "tình trạng"),
    "link": ("Trùng với câu đã có", "trùng với "),
    "sign": ("Ký nhận vào sổ", "ký nhận"),
}
WITH_WORDS = {
    "remind_unit": ("Nhắc đơn vị", "nhắc đơn vị"),
    "supplement": ("Gửi thêm cho người hỏi", "gửi bổ sung cho người hỏi: "),
}
"""Acts that pass on what the officer has written behind a colon."""

ASKS_NOTHING = "not_a_question"
"""The reason for its requester with which a registered question ends, offered if an officer gives none."""


def situation(facts: MailFacts, question: QuestionFacts | None, held: HeldMailFacts | None) -> str:
    """What the mail at hand is about, in the terms of ``hints.toml``."""
    if held is not None and held.status == "held":
        if held.is_denunciation:
            return "denunciation"
        if is_units(facts.board, held):
            return "held_unit"
        if question is None:
            return "held"
    if question is None:
        return "desk"
    if question.status in OPEN:
        waits = any(assignment.wanted_until for assignment in question.open_leads)
        return "extension" if waits else "forwarded" if question.assignments else "review"
    return "answered"


def offered(
    facts: MailFacts, order: Command, question: QuestionFacts | None, held: HeldMailFacts | None
) -> list[dict[str, str]]:
    """The three likeliest acts as prepared replies, ``label`` and ``text``; ``order`` was not carried out.

    Words about "câu 4" in the thread of another question lead to acts on that one.
    """
    other = supporting_units.called(facts, order.raw, question)
    if other is not None:
        question, held = other, None
    if question is not None and (late := reopening.too_late(facts, order.verb, order.unit, question)):
        return late
    board, own = facts.board, data_requests.acts_apart(facts, order, question)
    if apart := more_time.acts_apart(facts, question, order) or own:
        return apart[:MOST]
    case = situation(facts, question, held)
    reader = reader_for(board.units, board.law.today(facts.received_at), board.source, case)
    told = case not in OF_MAILS and sounds_dictated(order.raw, board.prefix, board.source)
    fits = FITS[case] | {DICTATES} if told else FITS[case]
    sounds = [one for one in likely_acts(order.raw, reader, board.source) if one in fits]
    meant = [one for one in likely(order.raw, reader.names, board.source) if one in fits]
    usual = USUAL["refused" if question is not None and question.status is QuestionStatus.REJECTED else case]
    verbs = dict.fromkeys((*({order.verb} & {ASKS_NOTHING, "reopen"}), *sounds[:1], *meant, *usual))
    if order.field in {mood.STOPPED, mood.NEGATION} or _unsays(order.raw, reader.words.mood):
        verbs.pop("forward", None)
    acts = [(verb, _prepared(facts, verb, order, question, reader.names)) for verb in verbs]
    fit = [one for verb, one in acts if one and not _just_refused(verb, one["text"], order)]
    return [*_earlier(facts, order, question), *came_back_acts(board, question), *fit][:MOST]


def _earlier(facts: MailFacts, order: Command, question: QuestionFacts | None) -> list[dict[str, str]]:
    """The order that sends a unit's earlier mail all the same, or that corrects the asker's data."""
    if order.verb not in {"unit_answer", "supplement"} or not overtaken(facts, question):
        return data_requests.correcting_acts(facts, order.raw, question)
    return [{"label": "Vẫn gửi thư này", "text": f"{question.code if question is not None else ''} {SURELY}"}]


def _unsays(line: str, words: MoodWords) -> bool:
    """Whether a line only takes an order back ("thôi không chuyển SYT"); behind a sign it goes on with another."""
    stopped = stop_in(line, words)
    if stopped is None or " " not in line[slice(*stopped)]:
        return False
    return line[stopped[1] :].lstrip()[:1] not in {",", ";", ":"}


COMMANDS_OF = {"is_answer": "unit_answer", "rewrite": "unit_rewrite"}
"""The acts that are named otherwise than their commands."""


def _just_refused(verb: str, text: str, order: Command) -> bool:
    """Whether a prepared reply says no more than the command that has just been refused."""
    if COMMANDS_OF.get(verb, verb) != order.verb:
        return False
    if verb == "forward":
        return bool(order.unit) and text.endswith(f" {order.unit}")
    if verb == "extend":
        return order.until is not None and text.endswith(short_date(order.until))
    return verb in PLAIN and text.endswith(PLAIN[verb][1])


def _prepared(
    facts: MailFacts, verb: str, order: Command, question: QuestionFacts | None, names: UnitNames
) -> dict[str, str]:
    line = order.raw
    code = f"{question.code} " if question is not None else ""
    if fixed := _fixed(facts, verb, line, question):
        label, text = fixed
        return {"label": label, "text": f"{code}{text}"}
    if verb in WITH_WORDS:
        (label, text), said = WITH_WORDS[verb], line.partition(":")[2].strip()
        return {"label": label, "text": f"{code}{text}{': ' if said and not text.endswith(': ') else ''}{said}"}
    if verb == "forward":
        return _forward(facts, code, order, question, names)
    if verb == "ask" and code:
        says = "ask" in likely(line, names, facts.board.source) and not register_numbers(line, facts.board.prefix)
        asked = for_the_asker(line, facts.board.source) if says else ""
        label = f"Hỏi lại người gửi: “{asked}”" if asked else "Hỏi lại người gửi"
        return {"label": label, "text": f"{code}hỏi lại: {asked}"}
    if verb == DICTATES:
        said = " ".join(line.split())
        return {"label": "Đăng ký hộ người gọi điện, đến trực tiếp", "text": f"Đăng ký hộ: Nội dung: {said}"}
    if verb == "note" and code:
        said = " ".join(line.split())[:200]
        return {"label": "Chỉ ghi chú vào sổ", "text": f"{code}ghi chú: {said}"}
    if verb == "extend" and question is not None and (day := _until(facts, order, question)):
        until = f"đến {short_date(day)}"
        return {"label": f"Đồng ý gia hạn {until}", "text": f"{code}đồng ý gia hạn {until}"}
    return {}


def _fixed(facts: MailFacts, verb: str, line: str, question: QuestionFacts | None) -> tuple[str, str] | None:
    """Label and text of an act that takes no words of the officer, but for numbers; None for others."""
    if verb == "link":
        label, text = PLAIN[verb]
        return label, f"{text}{supporting_units.others_named(facts, line, question)}"
    if verb == ASKS_NOTHING and question is not None:
        return load_hints(facts.board.source).asks_nothing
    if verb == "reopen" and question is not None and question.status in OPEN:
        return "Lấy lại câu hỏi", "lấy lại câu hỏi"
    return PLAIN.get(verb)


def _until(facts: MailFacts, order: Command, question: QuestionFacts) -> date | None:
    """The day after the due day that the officer names, else the one that the unit asks for."""
    day = order.until or until_date(order.raw, facts.board.law.today(facts.received_at))
    wanted = next((assignment.wanted_until for assignment in question.open_leads if assignment.wanted_until), None)
    return day if day and any(day > assignment.due.on for assignment in question.open_leads) else wanted


def _forward(
    facts: MailFacts, code: str, order: Command, question: QuestionFacts | None, names: UnitNames
) -> dict[str, str]:
    """To the unit that the command or its line names, if it names none to the one that routing finds most likely; to
    none that has the question."""
    board = facts.board
    has_it = {assignment.unit for assignment in question.open_leads} if question is not None else set()
    today = board.law.today(facts.received_at)
    found = (names.resolve(mention.codes, today) for mention in names.find(squash(order.raw), bare=True))
    named = [one for one in (order.unit, *found) if one]
    guessed = [one.unit for one in question.guess] if question is not None and not named else []
    unit = next((one for one in (*named, *guessed) if one in board.contacts and one not in has_it), "")
    label = f"Chuyển {unit_name(board, unit)}" if unit else "Chuyển đơn vị"
    return {"label": label, "text": f"{code}chuyển {unit}"} if unit or not named else {}


def asks_state(facts: MailFacts, command: Command) -> Command | None:
    """ "Câu 1 đến đâu rồi" in reply to a mail that names no such question: telling its state moves nothing."""
    board = facts.board
    day = board.law.today(facts.received_at)
    for question in facts.questions.values():
        line = with_full_number(command.raw, question.code, source=board.source)
        if line != command.raw:
            commands = read_commands(line, board.units, day, board.source, unread=True, at_hand=question.code)
            if [(each.verb, each.question) for each in commands] == [("status", question.code)]:
                return commands[0]
    return None


def help_of(facts: MailFacts, question: QuestionFacts | None, held: HeldMailFacts | None) -> tuple[str, list[str]]:
    """What can be written about the case at hand: a heading, and one line per act."""
    case = situation(facts, question, held)
    rows = load_hints(facts.board.source).help["forwarded" if case == "extension" else case]
    shown = [f"{what}: “{say.format(prefix=facts.board.prefix)}”" for what, say in rows]
    if question is not None and case not in {"held_unit", "denunciation"}:
        return f"Với câu hỏi {question.code} có thể trả lời", shown
    heading = "Với thư đang chờ xem xét có thể trả lời" if case != "desk" else "Các lệnh hay dùng"
    return heading, shown


CITIZENS = frozenset({"forward", "register", "reject"})
"""Decisions on a citizen's held mail that are not possible on a department's."""
FREE = frozenset(
    {"help", "note", "link", "correct", "sign", "status", "ask", DICTATES, "data_done", "data_refused"}
    | {"why_held", "release_files", "refuse_files", NO_ORDER, "told_asker", "amendment", "remind_unit", ADDS}
)
"""Commands that decide no case: they use up no token and also work after it is used up."""

RULINGS: dict[str, Handler] = {
    "forward": question_commands.forward,
    "reject": question_commands.reject,
    "ask": question_commands.ask,
    "note": question_commands.note,
    "amendment": register_commands.amendment,
    "not_a_question": question_commands.not_a_question,
    "register": question_commands.register,
    "extend": more_time.extend,
    "refuse_extension": more_time.refuse_extension,
    NO_ORDER: no_order,
    "handled": on_behalf_of_citizens.handled,
    "told_asker": on_behalf_of_citizens.told_asker,
    "pass_on": on_behalf_of_citizens.pass_on,
    "link": on_behalf_of_citizens.link,
    "correct": register_commands.correct,
    "sign": register_commands.sign,
    "status": register_commands.status,
    "close": requests.close,
    ADDS: supporting_units.add_support,
    "drop_support": supporting_units.drop_support,
    "let_go": requests.let_go,
    "let_go_surely": requests.let_go_surely,
    "keep": requests.keep,
    "data_done": data_requests.data_done,
    "data_refused": data_requests.data_refused,
    DICTATES: register_for,
    "mark_answered": session_outcomes.answered,
    "mark_later": session_outcomes.later,
    "why_held": attachments.why,
    "release_files": attachments.release,
    "refuse_files": attachments.refuse,
    "publish": data_requests.publish,
    "publish_surely": data_requests.publish_surely,
    "withdraw": data_requests.withdraw_page,
    "unit_answer": unit_mail_commands.is_answer,
    "unit_answer_sure": unit_mail_commands.is_answer_surely,
    "unit_received": unit_mail_commands.is_receipt,
    "unit_refusal": unit_mail_commands.is_refusal,
    "unit_rewrite": unit_mail_commands.rewrite,
    "to_asker": unit_mail_commands.to_asker,
    "remind_unit": supporting_units.remind,
    "recall": unit_mail_commands.recall,
    "reopen": reopening.reopen,
    "supplement": unit_mail_commands.supplement,
}
"""All verbs that :mod:`officer_mail` carries out itself, by their names in ``commands.toml``."""
