"""An asker's mails that are meant for the office and not for a unit: whether his name may be published (11.4), that
he stay anonymous, that his data be shown, corrected, restricted or erased; personal papers; a request to the office.

A request about personal data becomes a duty of the officers, with its legal time limit. The others are held
with the orders that fit them, and their writer is told that the mail was received.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action, AmendQuestion, Finish, Note, OpenDuty, Send
from rules.decide.base.command_result import DATA_REQUEST, data_acts, taken_down_act
from rules.decide.base.facts import SPARED, BoardFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import attachment_refs
from rules.decide.base.manual_work import held_fate, open_review, review_values
from rules.decide.base.notices import to_citizen, to_people, unit_name
from rules.decide.intake.attachments import needs_papers
from rules.decide.intake.follow_ups import OVER, answers_asked, completed_data, own_question
from rules.decide.intake.new_question import danger_alert, held_notice
from rules.decide.intake.registering import not_to_be_posted
from rules.law.deadlines import question_due
from rules.law.session_rules import BEFORE_HELD, RECEIVING, SessionFacts
from rules.law.working_days import due_instant, hour_and_day, short_date
from rules.message.attachment_policy import shown_scans
from rules.requester.completion import address_in, begins_as_place
from rules.requester.contact_data import find_phones
from rules.requester.redaction import without_identity
from rules.requester.secrecy import papers_in, stays_unknown
from rules.understand.citizen_replies import shares_matter
from rules.understand.citizen_requests import DataRequest, asks_for_state_too, data_request, name_consent, plain_words
from rules.understand.citizen_sound import OF_SESSION, wish_to_board, wish_to_office
from rules.understand.danger import Danger, danger_in
from rules.understand.understand import without_requester
from rules.values.model import CountedDate, Kind
from rules.values.states import GRAVE, MailStatus, QuestionStatus

DATA = {"name": "họ tên", "address": "địa chỉ", "phone": "điện thoại"}
"""The asker's data that a unit gets with the question (21.1)."""
WORDS_SHOWN = 1000
"""Characters of a wish in the alert."""

_PARAGRAPH = re.compile(r"(?<=\w)\s*\n\s*\n")


def wishes_data(facts: MailFacts) -> bool:
    """True for a mail that requests something about the data kept, or says whether the name may be published."""
    text, source = said_of(facts), facts.board.source
    return name_consent(text, source) is not None or data_request(text, source) is not None


def said_of(facts: MailFacts) -> str:
    """The person's own words without diacritics, with a stop where a paragraph ends without one; with the subject,
    unless it is our mail's."""
    subject = "" if facts.threads or facts.tag is not None else facts.mail.subject
    own = _PARAGRAPH.sub(". ", facts.understanding.text.own)
    return plain_words(f"{subject}\n{own}", facts.board.source)


def decide_consent(
    facts: MailFacts, question: QuestionFacts, text: str, *, agreed: bool
) -> tuple[tuple[Action, ...], str]:
    """Record whether the name may be published with the answer (11.4), and tell the asker; the latest word counts.
    With what is done, in words for the register."""
    why = "Người hỏi đồng ý công khai họ tên" if agreed else "Người hỏi không đồng ý công khai họ tên"
    amend = AmendQuestion(question.id, {"name_consent": agreed}, "consent", why)
    values: dict[str, object] = {"agreed": agreed}
    seen: tuple[Action, ...] = ()
    session = session_ahead(facts, question)
    if not agreed and session is not None:
        values["session"] = True
        seen = _not_named_there(facts, question, session)
    if not agreed and stays_unknown(text, facts.board.source):
        units = tuple(dict.fromkeys(unit_name(facts.board, assignment.unit) for assignment in question.assignments))
        known = [name for key, name in DATA.items() if key not in question.missing]
        values |= {"hidden": True, "units": [{"name": one} for one in units], "known": known}
        seen += _stays_unknown(facts, question, units, known)
    notice = to_citizen("citizen_consent", question, "11.4", values, key=str(facts.raw_mail))
    return (amend, notice, *seen), why


def session_ahead(facts: MailFacts, question: QuestionFacts) -> SessionFacts | None:
    """The session in which the question is to be answered; None for no such session, or one that is over."""
    return next(
        (
            session
            for session in facts.sessions
            if session.id == question.session_id and session.status in BEFORE_HELD
        ),
        None,
    )


def _not_named_there(facts: MailFacts, question: QuestionFacts, session: SessionFacts) -> tuple[Action, ...]:
    """Tell the officers whose name is not to be read out: what is drafted from now on has initials, what was drafted
    before and those who speak there have the name (11.4)."""
    code, own = question.code, facts.understanding.text.own
    anew = {"label": "Trình lại kịch bản đã có họ tên", "text": f"Trình kịch bản {session.code}"}
    told = {
        "label": "Nhắn đơn vị",
        "text": f"{code} nhắc đơn vị: người hỏi không muốn nêu họ tên tại phiên đối thoại",
    }
    values: Mapping[str, object] = {
        "what": f"Người hỏi không muốn nêu họ tên (câu hỏi {code}, phiên {session.code})",
        "details": [
            own[:WORDS_SHOWN],
            "Kịch bản, phiếu câu hỏi, biên bản soạn từ lúc này chỉ ghi chữ viết tắt; bản soạn trước còn họ tên",
            "Xin nhắc người chủ trì và người trả lời không nêu họ tên khi trả lời tại phiên",
        ],
        "commands": [*([anew] if session.status in RECEIVING else []), *([told] if question.open_leads else [])],
    }
    key = f"unnamed:{facts.raw_mail}"
    return to_people("officer_alert", facts.board.officers, "11.4", values, key=key, question=question.id)


def _stays_unknown(
    facts: MailFacts, question: QuestionFacts, units: Sequence[str], known: Sequence[str]
) -> tuple[Action, ...]:
    """Tell the officers of an asker who wants to stay unknown, and what the units know already."""
    code, own = question.code, facts.understanding.text.own
    data = ", ".join(known)
    state = f"Câu hỏi chưa chuyển đơn vị nào; khi chuyển, đơn vị nhận {', '.join(DATA.values())}"
    if units:
        state = f"Đã có {data} của người hỏi: {', '.join(units)}" if known else "Đơn vị chưa có tên của người hỏi"
    kept = {"label": "Nhắn đơn vị giữ kín", "text": f"{code} nhắc đơn vị: người hỏi đề nghị giữ kín họ tên"}
    noted = {"label": "Ghi chú vào sổ", "text": f"{code} ghi chú: người hỏi đề nghị giữ kín họ tên"}
    values: Mapping[str, object] = {
        "what": f"Người hỏi đề nghị giữ kín họ tên, thông tin về mình (câu hỏi {code})",
        "details": [state, own[:WORDS_SHOWN], "Lời trên chưa gửi cho đơn vị nào"],
        "commands": [*([kept] if question.open_leads else []), noted],
    }
    key = f"hidden:{facts.raw_mail}"
    return to_people("officer_alert", facts.board.officers, "11.4", values, key=key, question=question.id)


def data_due(facts: MailFacts, rule: str, now: datetime) -> CountedDate:
    law = facts.board.law
    return question_due(rule, law.today(min(facts.received_at, now)), law.profile, law.calendar)


def data_duty(facts: MailFacts, key: str, rule: str, question: int, now: datetime) -> OpenDuty:
    """A duty of the officers about personal data, with the days that the law counts for what is asked."""
    due, calendar = data_due(facts, rule, now), facts.board.law.calendar
    next_at = due_instant(calendar.previous_working_day(due.on))
    return OpenDuty(key, DATA_REQUEST, due.clause, due, due_instant(due.on), next_at, question)


def decide_data_request(
    facts: MailFacts, question: QuestionFacts, wanted: DataRequest, now: datetime
) -> tuple[tuple[Action, ...], str]:
    """Acknowledge at once and open a duty of the officers, counted from receipt; a person decides whether to grant.
    With what is done, in words for the register."""
    key, people, name = f"{DATA_REQUEST}:{facts.raw_mail}", facts.board.officers, wanted.name
    duty = data_duty(facts, key, wanted.rule, question.id, now)
    due = duty.due
    stopped, state = not_to_be_posted(facts, question) if wanted.unposted else ((), "")
    own, until = facts.understanding.text.own[:WORDS_SHOWN], f"Hạn xử lý: {short_date(due.on)}"
    values: Mapping[str, object] = {
        "what": f"Người hỏi yêu cầu {name}",
        "details": [one for one in (f"Câu hỏi {question.code}", until, state, own) if one],
        "commands": [*corrections(facts, question, wanted), *_on_data(facts.board, question, wanted)],
    }
    notice = to_citizen(
        "citizen_data_request", question, due.clause, {"what": name, "due": due}, key=str(facts.raw_mail)
    )
    alerts = to_people("officer_alert", people, due.clause, values, key=key, question=question.id)
    why = f"Yêu cầu {name}"
    return (duty, Note("data_request", why, due.clause, question.id), notice, *alerts, *stopped), why


def for_the_office(
    facts: MailFacts,
    question: QuestionFacts | None,
    now: datetime,
    why: str,
    named: str,
    acts: Sequence[Mapping[str, str]],
    clause: str = "8.2",
    *,
    told: bool = False,
) -> tuple[Action, ...]:
    """Hold a citizen's mail that no unit gets, with the acts that fit it; its writer, if sure, hears that it came,
    unless he is ``told`` more, or wants no mail in this mailbox; the officers read that."""
    email = facts.reply_address
    why = why if email or not facts.mail.sender.email else f"{why}. {SPARED}"
    values = {**review_values(facts, why), "kind_name": named, "guess": (), "commands": acts}
    people, key, about = facts.board.officers, str(facts.raw_mail), question.id if question else None
    files = attachment_refs(facts.mail, facts.raw_mail, shown_scans(facts.mail))
    seen = to_people(
        "officer_review", people, clause, values, key=key, question=about, about=facts.raw_mail, attachments=files
    )
    sure = facts.authenticated or question is None or own_question(facts) == question
    word = (held_notice(facts),) if sure and email and not told else ()
    finish = held_fate(facts, why, Kind.FOLLOW_UP if question else Kind.NOT_A_QUESTION, acts, about=about)
    return (open_review(facts, now, about), *word, *seen, finish)


def _on_data(board: BoardFacts, question: QuestionFacts, wanted: DataRequest) -> list[dict[str, str]]:
    """The prepared replies to a request about data; one of them shows what is kept and who has got it."""
    code, asker = question.code, question.asker
    kept = (asker.name, asker.address, asker.phone, question.email)
    names = ("họ tên", "địa chỉ", "điện thoại", "thư điện tử")
    shown = "; ".join(f"{name}: {one}" for name, one in zip(names, kept, strict=True) if one)
    units = dict.fromkeys(unit_name(board, assignment.unit) for assignment in question.assignments)
    shown += f"; câu hỏi và thông tin cần cho việc trả lời đã chuyển cho {', '.join(units)}" if units else ""
    down = question.status is QuestionStatus.PUBLISHED and (wanted.rule == "data_deleted" or wanted.unposted)
    ends = data_acts(code, f"sổ đang lưu {shown}" if wanted.shows else "")
    return [*([taken_down_act(code)] if down else []), *ends]


def corrections(facts: MailFacts, question: QuestionFacts, wanted: DataRequest) -> list[dict[str, str]]:
    """Prepared orders that correct what the register has of the requester, with the one new number that he gives."""
    if wanted.rule != "data_shown_or_corrected" or wanted.shows:
        return []
    own, source = facts.understanding.text.own, facts.board.source
    new = {one.e164: one.typed for one in find_phones(own, source) if one.e164 != question.asker.phone_e164}
    phone = next(iter(new.values())) if len(new) == 1 and "" not in new else ""
    address = "" if new else address_in(own, question.asker.name, source, told=False)
    sure = address != question.asker.address and begins_as_place(address, source)
    told = {"điện thoại": phone, "địa chỉ": address if sure else ""}
    fields = {key: value for key, value in told.items() if value} or dict.fromkeys(DATA.values(), "")
    return [{"label": f"Sửa {one}", "text": f"{question.code} sửa {one}: {said}"} for one, said in fields.items()]


KIND_OF_PAPERS = "giấy tờ cá nhân của người hỏi"
FEW_BESIDE = 25
"""A mail of at most this many words that names an identity paper says nothing that a unit needs."""


def is_only_papers(facts: MailFacts) -> bool:
    """True for an asker's short mail that brings an identity paper or its number and none of the data asked for."""
    question, source = own_question(facts), facts.board.source
    if question is None or question.status in OVER or facts.person is not None or facts.sender_unit:
        return False
    own = facts.understanding.text.own
    if facts.understanding.kind in GRAVE or len(own.split()) > FEW_BESIDE or completed_data(question, facts):
        return False
    if wishes_data(facts) or needs_papers(facts, question, asked=answers_asked(facts, question)):
        return False
    return bool(papers_in(facts.mail, own, source)) or without_identity(own, source) != own


def decide_only_papers(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """An officer sees the paper and corrects the register by it; no unit gets it (Law 91/2025/QH15, Art. 3)."""
    question = own_question(facts)
    if question is None:
        return ()
    text = f"Người hỏi gửi giấy tờ cá nhân cho câu {question.code}"
    why = f"{text}: không chuyển đơn vị; nếu cần thì dùng để sửa họ tên, địa chỉ trong sổ"
    return for_the_office(facts, question, now, why, KIND_OF_PAPERS, acts_on_papers(question.code))


def acts_on_papers(code: str) -> list[dict[str, str]]:
    """The prepared replies to such a mail."""
    return [
        {"label": "Sửa họ tên", "text": f"{code} sửa họ tên: "},
        {"label": "Sửa địa chỉ", "text": f"{code} sửa địa chỉ: "},
        {"label": "Chuyển cho đơn vị đang có câu hỏi", "text": f"{code} chuyển ý kiến cho đơn vị"},
        {"label": "Chỉ ghi nhận, không chuyển", "text": "Không phải câu hỏi"},
    ]


KIND_OF_WISH = "lời của người hỏi gửi Ban Biên tập"


def is_wish_to_office(facts: MailFacts) -> bool:
    """True for an asker's short mail that asks something of the office, and tells nothing of the matter."""
    question, own, source = own_question(facts), facts.understanding.text.own, facts.board.source
    if question is None or facts.person is not None or facts.sender_unit or facts.understanding.kind in GRAVE:
        return False
    wish, beside = wish_to_office(own, source)
    if not wish or any(not file.inline for file in facts.mail.attachments):
        return False
    asked = without_requester(f"{question.subject}\n{question.content}", question.asker)
    more = answers_asked(facts, question) or completed_data(question, facts) or wishes_data(facts)
    state = asks_for_state_too(facts.mail, facts.understanding, source)
    return not (more or state) and not shares_matter(beside, asked, source)


def decide_wish_to_office(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """An officer fulfils it, or passes it on; its writer hears that it came."""
    question = own_question(facts)
    if question is None:
        return ()
    own, source = facts.understanding.text.own, facts.board.source
    wish = wish_to_office(own, source)[0]
    known = when_and_where(facts) if wish_to_board(own, source)[1] == OF_SESSION else ""
    why = f"Lời gửi Ban Biên tập về câu {question.code}: {wish}{known}"
    held = for_the_office(facts, question, now, why, KIND_OF_WISH, acts_on_wish(question.code, wish))
    return without_dates(held, known)


def when_and_where(facts: MailFacts) -> str:
    """Hour, place and page of each session that is announced, for the officer to tell."""
    sessions = [session for session in facts.sessions if session.status in RECEIVING]
    told = [", ".join(p for p in (hour_and_day(s.starts_at), s.form.place, s.link) if p) for s in sessions]
    lines = [f"phiên {s.code}: {said}" for s, said in zip(sessions, told, strict=True)]
    return f"; xin báo người viết: {'; '.join(lines)}" if lines else "; chưa có phiên nào đã đăng thông báo"


def without_dates(held: tuple[Action, ...], dates: str) -> tuple[Action, ...]:
    """The same, but the register names the order that shows the dates: while the mail waits they may change."""
    at_hand = "; lịch phiên hiện nay: ghi “Tình trạng phiên”" if dates else ""
    return tuple(
        replace(one, why=one.why.replace(dates, at_hand)) if isinstance(one, Finish) else one for one in held
    )


def acts_on_wish(code: str, wish: str) -> list[dict[str, str]]:
    """The prepared replies to such a mail."""
    return [
        {"label": "Trả lời người hỏi", "text": f"{code} chuyển cho người hỏi: "},
        {"label": "Ghi chú vào sổ", "text": f"{code} ghi chú: người hỏi {wish}"},
        {"label": "Chuyển ý kiến cho đơn vị", "text": f"{code} chuyển ý kiến cho đơn vị"},
        {"label": "Đã xem, không phải chuyển", "text": "Không phải câu hỏi"},
    ]


def posting_beside(facts: MailFacts, decided: tuple[Action, ...]) -> tuple[Action, ...]:
    """Tell Head and officers of an asker's mail that is held while his question waits to be posted: whoever approves
    it should know (10.2)."""
    question = own_question(facts)
    held = any(isinstance(one, Finish) and one.status is MailStatus.HELD for one in decided)
    page = facts.publishing.get(question.id) if question is not None else None
    if question is None or page is None or not held or page.published or facts.understanding.kind in GRAVE:
        return ()
    if not any(paper.status in {"shown", "approved"} for paper in page.papers):
        return ()
    values = {
        "what": f"Người hỏi viết về câu hỏi {question.code} đang chờ duyệt, chờ đăng; xin xem trước khi duyệt, đăng",
        "details": [facts.understanding.text.own[:1000]],
        "commands": [{"label": "Dừng việc đăng", "text": f"{question.code} gỡ đăng vì người hỏi có ý kiến"}],
    }
    people, key = (*facts.board.officers, facts.board.head), f"posting:{facts.raw_mail}"
    return to_people("officer_alert", people, "10.2", values, key=key, question=question.id)


def danger_beside(facts: MailFacts, decided: tuple[Action, ...]) -> tuple[Send, ...]:
    """Tell the officers once of a life in danger in a citizen's mail of any other kind; a sealed mail is left out."""
    read, key = facts.understanding, f"danger:{facts.raw_mail}"
    others = facts.person is not None or facts.sender_unit or read.kind in GRAVE or read.automatic.kind is not None
    told = any(isinstance(one, Send) and f":{key}:" in one.notice.key for one in decided)
    if others or told or danger_in(read.text.own, facts.board.source) is not Danger.PERSON:
        return ()
    own = own_question(facts)
    return danger_alert(facts, own.id if own is not None else None)
