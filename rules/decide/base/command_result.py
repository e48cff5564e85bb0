"""One officer's command, what it is about and its result; also the commands offered about a unit's mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from rules.commands.commands import Command
from rules.commands.mood import without
from rules.commands.plain.words import load_plain_order_words
from rules.decide.base.actions import (
    Action,
    AmendQuestion,
    Forward,
    RecallAnswer,
    RecordAnswer,
    SetAssignment,
    SetQuestion,
)
from rules.decide.base.fact_parts import Letter
from rules.decide.base.facts import BoardFacts, HeldMailFacts, MailFacts, QuestionFacts, SessionCase
from rules.decide.base.notices import unit_name
from rules.decide.base.session_actions import SetSession
from rules.law.session_rules import PaperKind
from rules.law.working_days import city_moment, short_date
from rules.reply.about_question import DIVIDED
from rules.reply.evidence import VETOES
from rules.values.model import Reply, Verb
from rules.values.states import QuestionStatus


@dataclass(frozen=True, slots=True)
class CommandAtHand:
    """One command with the question, or the held mail, that it is about."""

    facts: MailFacts
    command: Command
    question: QuestionFacts | None
    held: HeldMailFacts | None
    now: datetime


Outcome = tuple[bool, str, tuple[Action, ...]]
Handler = Callable[[CommandAtHand], Outcome]


@dataclass(frozen=True, slots=True)
class MoreRulings:
    """Commands that another room carries out; they decide nothing about a question and use up no token.

    ``offers`` gives prepared replies (``label`` and ``text``) for a command that was not carried out.
    """

    handlers: Mapping[str, Handler] = field(default_factory=dict)
    offers: Callable[[MailFacts, Command], list[dict[str, str]]] = lambda facts, command: []  # noqa: ARG005
    form: Callable[[MailFacts, Command], str] = lambda facts, command: ""  # noqa: ARG005
    """A form to fill in that goes with the reply; "" for most commands."""
    last: frozenset[str] = frozenset()
    """Commands that are carried out after all others of their mail, in whatever order they are written."""

    def for_each(self, facts: MailFacts, commands: Sequence[Command]) -> list[dict[str, str]]:
        """The offers for several lines that were not carried out, each reply once."""
        found = {act["text"]: act for command in commands for act in self.offers(facts, command)}
        return [*found.values()]


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """The result of one command."""

    ok: bool
    text: str
    actions: tuple[Action, ...] = ()
    lines: tuple[str, ...] = ()
    label: str = ""


def is_of_unit(board: BoardFacts, unit: str, email: str) -> bool:
    """True for the address or the domain of this department."""
    contact, sender = board.contacts.get(unit), email.lower()
    if contact is None:
        return False
    boxes = {one.lower() for one in (contact.address, *contact.others)}
    return sender in boxes or sender.rpartition("@")[2] in {one.lower() for one in contact.domains}


def of_same_unit(board: BoardFacts, sender: str, letters: Iterable[Letter]) -> list[Letter]:
    """The letters that the unit of this address wrote; [] if it is no unit's."""
    units = [one for one in board.contacts if is_of_unit(board, one, sender)]
    return [one for one in letters if any(is_of_unit(board, each, one.sender) for each in units)]


def written_since(board: BoardFacts, mail: int, sender: str, letters: Iterable[Letter]) -> Letter | None:
    """The last letter that this mail's unit wrote after it, and that may correct it; one that waits comes first."""
    since = [one for one in of_same_unit(board, sender, letters) if one.mail > mail]
    return max(since, key=lambda one: (one.waits, one.mail), default=None)


def told_since(one: Letter) -> str:
    """A line for officers: the unit has written again since this mail."""
    at = city_moment(one.at)
    if one.waits:
        return f"sau thư này đơn vị viết tiếp về cùng câu hỏi (thư số {one.mail}, {at}), thư ấy đang chờ quyết định"
    return f"sau thư này đơn vị đã gửi câu trả lời (thư số {one.mail}, {at})"


SURELY = "vẫn là câu trả lời"
"""The order by which an officer sends an earlier mail of a unit although the unit has written again."""


def overtaken(facts: MailFacts, question: QuestionFacts | None) -> str:
    """A line saying that this mail's unit has written again, and may have corrected it; "" if it has not."""
    held = facts.held
    if held is None or question is None:
        return ""
    later = written_since(facts.board, held.id, held.mail.sender.email, facts.letters.get(question.id, ()))
    return told_since(later) if later is not None else ""


def sends_earlier(order: CommandAtHand) -> Outcome | None:
    """Why a unit's earlier mail is not sent at once (a sent mail cannot be called back); None if it is sent."""
    question, since = order.question, overtaken(order.facts, order.question)
    if question is None or not since:
        return None
    return False, f"Chưa gửi cho người hỏi: {since}. Nếu vẫn gửi thư này, xin ghi “{question.code} {SURELY}”", ()


OPEN = (QuestionStatus.RECEIVED, QuestionStatus.NEEDS_REVIEW, QuestionStatus.FORWARDED)
AFTER = "đã có câu trả lời của đơn vị"
"""Part of the reason for which a unit's further mail is held."""
ERRED = "thư cho biết câu trả lời ấy có sai sót"
"""Part of the reason for holding a unit's further mail that says that its answer was wrong."""
UNPLACED = "đang chờ cán bộ chọn đơn vị trả lời"
"""Part of the reason for which a unit's mail on a question that no unit has any more is held."""
CROSSED = "đã được chuyển đơn vị khác"
"""Part of the reason for which a unit's mail on a question that has gone to another unit is held."""


INSIDE = "đơn vị viết xen vào phần trích thư của Ban Biên tập, phần ấy không được gửi đi"
BELOW = "đơn vị nói câu trả lời ở phần trích thư của Ban Biên tập, phần ấy không được gửi đi"
_ABOVE = "ghi câu trả lời phía trên phần trích thư của Ban Biên tập, hoặc gửi bằng tệp kèm theo"
SIGNED = "thư được ký số cả khối (S/MIME), nội dung không đọc được"
ENCRYPTED = "thư được mã hóa, nội dung không đọc được"
OUTLOOK = "thư ở định dạng riêng của Outlook (winmail.dat), nội dung không đọc được"
UNREAD: Mapping[str, str] = {
    INSIDE: _ABOVE,
    BELOW: _ABOVE,
    SIGNED: "gửi thư không ký số cả khối, hoặc ký số ngay trên tệp PDF kèm theo",
    ENCRYPTED: "gửi thư không mã hóa",
    OUTLOOK: "gửi thư dạng HTML hoặc văn bản thuần (không chọn Rich Text), hoặc gửi tệp Word, PDF bằng thư như vậy",
}
"""Reasons for holding a unit's mail that may be its answer, but of which the requester would be sent nothing; for
each, how the unit is asked to send it again."""
OPENLY = "gửi câu trả lời, hoặc văn bản trả lời, có thể gửi người hỏi (mỗi câu hỏi một thư)"
"""The same for a unit's mail that "Trả lời" alone would not send: no answer, not for the asker, or for several."""
LOOK = "xin mở thư gốc trong hộp thư để đọc"
"""What the officers are asked if a person can read more of the mail than the program."""
BESIDE = "đơn vị còn viết xen vào phần trích thư của Ban Biên tập"
"""The unit's answer may go on between the lines of our quoted mail."""


def unread_reason(why: str) -> str:
    """The entry of :data:`UNREAD` that the reason for holding a unit's mail contains; "" for none."""
    return next((one for one in UNREAD if one in why), "")


TAKE_BACK = {"label": "Thu hồi câu trả lời đang chờ gửi", "text": "Thu hồi"}
"""While the unit's answer still waits."""

NOT_SENT = "Thư của đơn vị chưa gửi cho người hỏi"
OF_UNIT_BUT = "Thư của đơn vị nhưng "


def reason_alone(why: str) -> str:
    """Why a unit's mail is held, without the beginning that the unit is told in other words."""
    for beginning in (f"{NOT_SENT}, vì ", f"{NOT_SENT}. ", OF_UNIT_BUT):
        why = why.removeprefix(beginning)
    return why


def unit_mail_acts(code: str, why: str, unit: str = "") -> list[dict[str, str]]:
    """The commands that an officer may give about the unit's mail that is held for that reason, ready to send."""
    if unread := unread_reason(why):
        asked = {REWRITE: f"{REWRITE}xin {UNREAD[unread]}"}
        kept = (one for one in WITHOUT_ANSWER if one != IS_ANSWER)
        return [{"label": label, "text": f"{code} {asked.get(text, text)}"} for label, text in kept]
    by_reason = {
        AFTER: TO_CORRECT if ERRED in why else AFTER_ANSWER,
        UNPLACED: OF_NO_UNIT,
        CROSSED: (IS_ANSWER, ("Chuyển lại đơn vị gửi thư này", f"chuyển {unit}"), ONLY_KEPT),
        VETOES["rest"]: OF_HALF,
        DIVIDED: (OF_HALF[0], TO_REWRITE, OF_HALF[2]),
    }
    acts = next((acts for reason, acts in by_reason.items() if reason in why), WITHOUT_ANSWER)
    return [{"label": label, "text": f"{code} {text}"} for label, text in acts]


REWRITE = "nhờ đơn vị viết lại: "
TO_REWRITE = ("Nhờ đơn vị viết lại", REWRITE)
ONLY_KEPT = ("Chỉ lưu, không gửi", "báo đã nhận")
IS_ANSWER = ("Là câu trả lời, gửi người hỏi", "là câu trả lời")
AFTER_ANSWER = (("Gửi bổ sung cho người hỏi", "gửi bổ sung cho người hỏi"), ONLY_KEPT, TO_REWRITE)
"""About a unit's further mail on a question that it has answered."""
TO_CORRECT = (
    ("Nhờ đơn vị gửi đính chính", "nhờ đơn vị viết lại: xin gửi nội dung đúng, bắt đầu bằng “Đính chính: ”"),
    ONLY_KEPT,
)
"""The same for a mail that calls the answer wrong: as an addition it would let the answer seem valid."""
OF_NO_UNIT = (IS_ANSWER, ("Chuyển đơn vị khác", "chuyển "), ONLY_KEPT)
"""About a unit's mail on a question that it has refused, or that was taken from it, and that no other unit has."""
WHOLE = "trả lời đủ các phần của câu hỏi"
OF_HALF = (
    ("Chuyển phần đã có cho người hỏi, câu hỏi vẫn mở", "chuyển cho người hỏi"),
    ("Nhờ đơn vị viết lại", f"{REWRITE}xin {WHOLE}"),
    ("Coi là đã đủ, gửi người hỏi và kết thúc", "là câu trả lời"),
)
"""About a unit's mail that answers a part and promises the rest: what is promised must not be lost."""
WITHOUT_ANSWER = (
    IS_ANSWER,
    ("Báo đã nhận", "báo đã nhận"),
    ("Gia hạn đến ngày …", "đồng ý gia hạn đến "),
    ("Không thuộc thẩm quyền", "không thuộc thẩm quyền"),
    TO_REWRITE,
    ("Chuyển cho người hỏi", "chuyển cho người hỏi: "),
)


NO_QUESTION = {"label": "Không phải câu hỏi", "text": "Không phải câu hỏi"}
SAID_OF = {
    Verb.NOT_COMPETENT: ("Không thuộc thẩm quyền", "không thuộc thẩm quyền"),
    Verb.FORWARDED: ("Không thuộc thẩm quyền", "không thuộc thẩm quyền"),
    Verb.EXTENSION: ("Gia hạn", "đồng ý gia hạn đến "),
    Verb.RECEIVED: ("Báo đã nhận", "báo đã nhận"),
}
"""The order by which an officer says what a unit's mail is, by the verb read in it; by default an answer."""


def acts_on_one_of(codes: Sequence[str], reply: Reply | None) -> list[dict[str, str]]:
    """The commands by which an officer says which of these questions a unit's mail is about."""
    verb = reply.verb if reply else Verb.NONE
    label, text = SAID_OF.get(verb, IS_ANSWER)
    if reply is not None and verb is Verb.EXTENSION and reply.until:
        text += short_date(reply.until)
    return [*({"label": f"{label}: {code}", "text": f"{code} {text}"} for code in codes or ("…",)), NO_QUESTION]


MOST_OFFERED = 3


def forward_acts(board: BoardFacts, units: Sequence[str], code: str, to: str = "chuyển {}") -> list[dict[str, str]]:
    """The orders that bring the question to one of these units; only units that a mail can reach."""
    fit = [(unit, unit_name(board, unit)) for unit in units if unit in board.contacts][:MOST_OFFERED]
    return [{"label": to.capitalize().format(name), "text": f"{code} {to.format(u)}".strip()} for u, name in fit]


HELPS = "thêm {} phối hợp"  # the order that adds a unit to support the lead
SENDS_QUESTION = "unit_forward"  # the mail that brings a unit the question


def send_again_act(code: str, unit: str, board: BoardFacts) -> dict[str, str]:
    """The order that sends a unit the question once more because our mail came back."""
    return {"label": f"Gửi lại câu hỏi cho {unit_name(board, unit)}", "text": f"{code} gửi lại {unit}"}


def came_back_acts(board: BoardFacts, question: QuestionFacts | None) -> list[dict[str, str]]:
    """That order for each unit that has not had this question."""
    back = dict.fromkeys(one.unit for one in question.assignments if one.came_back) if question is not None else ()
    return [send_again_act(question.code, one, board) for one in back] if question is not None else []


def more_time_acts(code: str, until: str, unit: str = "") -> list[dict[str, str]]:
    """The orders that decide on a unit's wish for time; ``until`` is the day, or "…"; ``unit`` if several owe one."""
    whom = f" cho {unit}" if unit else ""
    says = (f"đồng ý gia hạn{whom} đến {until}", f"không đồng ý gia hạn{whom}")
    return [{"label": f"{one[0].upper()}{one[1:]}", "text": f"{code} {one}"} for one in says]


def answer_kept_acts(code: str) -> list[dict[str, str]]:
    """The outcomes that send the requester the answer that a unit gave for the session, as prepared replies."""
    return [
        {"label": f"{code}: trả lời sau phiên, gửi câu trả lời đã có", "text": f"{code} trả lời sau"},
        {"label": f"{code}: đã trả lời tại phiên", "text": f"{code} đã trả lời tại phiên"},
    ]


DATA_REQUEST = "privacy"
"""The kind of duty that a request about personal data becomes; its key ends in the number of the mail."""


def data_acts(code: str, shown: str = "") -> list[dict[str, str]]:
    """The orders that end a request about personal data; ``shown``: the data kept, as the requester is told them."""
    return [
        {"label": "Đã thực hiện", "text": f"{code} đã thực hiện yêu cầu dữ liệu: {shown}"},
        {"label": "Không thực hiện, nêu lý do", "text": f"{code} không thực hiện yêu cầu dữ liệu vì "},
    ]


def taken_down_act(code: str) -> dict[str, str]:
    """The order that takes a page off the portal at its asker's wish."""
    return {"label": "Gỡ khỏi Cổng", "text": f"{code} gỡ đăng vì người hỏi yêu cầu"}


def cases_with_done(facts: MailFacts, actions: Sequence[Action], questions: Mapping[int, QuestionFacts]) -> MailFacts:
    """The sessions as they are for the next command of the same mail, after these actions.

    ``questions``: as they are then. A draft made from data that have changed since must not be submitted.
    """
    cases = tuple(_with_questions(case, questions) for case in facts.cases)
    for action in actions:
        if isinstance(action, SetSession):
            cases = tuple(_after(case, action) if case.session.id == action.session else case for case in cases)
    stand = {case.session.id: case.session for case in cases}
    sessions = tuple(stand.get(session.id, session) for session in facts.sessions)
    changed = {one.question for one in actions if isinstance(one, _CHANGES)}
    stale: set[tuple[int, PaperKind]] = set()
    for was, now in zip(facts.cases, cases, strict=True):
        asked = changed & {question.id for question in (*was.questions, *now.questions)}
        kinds = PaperKind if was.session != now.session else _ASKED if asked else ()
        stale |= {(now.session.id, one) for one in kinds}
    drafts = {place: one for place, one in facts.drafts.items() if place not in stale}
    return replace(facts, cases=cases, sessions=sessions, drafts=drafts)


_CHANGES = (AmendQuestion, SetQuestion, SetAssignment, RecordAnswer, RecallAnswer, Forward)
"""What changes a question that a paper of its session shows."""
_ASKED = frozenset({PaperKind.SCRIPT, PaperKind.RECORD})
"""The papers that show the session's questions."""
_COPIED = frozenset({"started_at", "ended_at", "link", "moves"})
"""Columns set by an action that are fields of a session's facts, too."""


def _after(case: SessionCase, action: SetSession) -> SessionCase:
    kept = {key: value for key, value in action.values.items() if key in _COPIED}
    form = action.form or case.session.form
    after = replace(case.session, status=action.status, form=form, starts_at=form.start, **kept)  # type: ignore[arg-type]
    return replace(case, session=after)


def _with_questions(case: SessionCase, questions: Mapping[int, QuestionFacts]) -> SessionCase:
    """The session with its questions as they are: without those that left it, with those that came."""
    own = {question.id: questions.get(question.id, question) for question in case.questions}
    own |= {question.id: question for question in questions.values() if question.session_id == case.session.id}
    return replace(case, questions=tuple(one for one in own.values() if one.session_id == case.session.id))


def for_others(order: CommandAtHand, text: str) -> str:
    """An officer's words that are sent on; "" for a mere courtesy ("nhé"), which is meant for the program."""
    polite = load_plain_order_words(order.facts.board.source).ask.trailing
    return text.strip() if without(text, polite).strip(" \n.,;:!") else ""
