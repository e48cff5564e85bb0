"""Officers' orders about what others may read of an asker: an answer is submitted for the portal and its page taken
off again (10.2); what askers wish about their data, there too, is carried out or not (8.3).

The asker is told either way, with the reason. Of several requests that wait, an order ends the one that it names.
While the page is up nobody is told of an end that the page belies, nor of an erasing that the register belies.

Also the order that is offered for a line that corrects the asker's telephone, or for lines of the asker's data alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.commands.commands import Command
from rules.commands.likely_orders import data_matters
from rules.commands.plain.words import without_codes
from rules.commands.vocabulary import load_command_words, own_lines, plain_words
from rules.decide.base.actions import NEW, Action, CloseDuty, Note, OpenDuty
from rules.decide.base.approval_requests import approvers
from rules.decide.base.command_result import CommandAtHand, Outcome, data_acts, for_others, taken_down_act
from rules.decide.base.fact_parts import PublishingFacts
from rules.decide.base.facts import MailFacts, QuestionFacts
from rules.decide.base.notices import to_citizen
from rules.decide.base.publication import UNNAMED, UNPOSTED, given_answers, off_portal, taken_off, to_publish
from rules.decide.intake.for_the_office import data_duty
from rules.decide.officer.register_commands import answer_kept, which
from rules.law.legal_dates import CLOSED
from rules.law.session_rules import PaperKind
from rules.requester.contact_data import find_phones
from rules.text import squash
from rules.text.patterns import one_of_phrases, plainly
from rules.values.states import QuestionStatus

CLAUSE = "8.3"
PAGE, ALONE, STAYS, ERASES, KEPT, SOON = "page", "alone", "stays", "erases", "kept", "soon"
"""Entries of ``hints.toml``: the requests that a page on the portal belies; those that ask for nothing else than that
it be gone; words that say that it stays there; the requests that data in the register belie; words that say that they
are still there, and that they will be erased."""
ERASING = "người quản trị xóa bằng lệnh “doithoai person erase” sau khi câu hỏi kết thúc"


def publish_surely(order: CommandAtHand) -> Outcome:
    """ "HP-… vẫn trình đăng": although its requester does not want it posted."""
    return publish(order, surely=True)


def publish(order: CommandAtHand, *, surely: bool = False) -> Outcome:
    """ "Trình đăng HP-…": submit the answer to the Head, to be published once approved."""
    question = order.question
    if question is None:
        return which(order, "trình đăng")
    if question.status in {QuestionStatus.APPROVED, QuestionStatus.PUBLISHED}:
        return True, f"Câu hỏi {question.code} đã được duyệt để đăng", ()
    if question.status is not QuestionStatus.ANSWERED or not given_answers(question):
        return False, f"Câu hỏi {question.code} chưa có câu trả lời bằng văn bản để đăng", ()
    if kept := answer_kept(order, question):
        return False, kept, ()
    if UNPOSTED in question.notes and not surely:
        still = f"Nếu vẫn trình Trưởng Ban, xin ghi “{question.code} vẫn trình đăng”"
        return False, f"Chưa trình câu hỏi {question.code}. {UNPOSTED}. {still}", ()
    page = order.facts.publishing.get(question.id, PublishingFacts())
    actions = to_publish(order.facts.board, question, order.now, before=page.papers)
    if not actions:
        return True, f"Câu hỏi {question.code} đang chờ {_asked(order)} duyệt", ()
    owed = UNPOSTED in question.notes and order.facts.data_requests.get(question.id)
    reply = f"; yêu cầu của người hỏi còn chờ trả lời, xin ghi “{question.code} không thực hiện yêu cầu dữ liệu vì …”"
    named = f". {UNNAMED}: xin xem trong bài còn lời nào để nhận ra người hỏi không"
    text = f"{reply if owed else ''}{named if question.name_consent is False else ''}"
    return True, f"Đã trình {_asked(order)} duyệt đăng câu hỏi {question.code}{text}", actions


def _asked(order: CommandAtHand) -> str:
    """Who is asked to approve an answer; by name where that is not the Head."""
    board = order.facts.board
    people = approvers(board, PaperKind.ANSWER, order.now)
    return "Trưởng Ban Biên tập" if board.head in people else ", ".join(one.name for one in people)


def withdraw_page(order: CommandAtHand) -> Outcome:
    """ "Gỡ đăng HP-… vì …": a notice replaces the page, and the approval no longer counts."""
    question, why = order.question, order.command.text.strip()
    if question is None:
        example = f"gỡ đăng {order.facts.board.prefix}-2026-000123 vì …"
        return False, f"Không rõ gỡ câu hỏi nào; xin ghi kèm số, ví dụ “{example}”", ()
    if not why:
        return False, f"Cần nêu lý do, ví dụ “gỡ đăng {question.code} vì …”", ()
    page = order.facts.publishing.get(question.id, PublishingFacts())
    if any(paper.id == NEW for paper in page.papers):
        return False, f"Câu hỏi {question.code} vừa được trình đăng theo lệnh khác trong cùng thư", ()
    papers = tuple(paper.id for paper in page.papers if paper.status in {"shown", "approved"})
    if not page.published and not papers:
        return False, f"Câu hỏi {question.code} không có trên Cổng và không chờ đăng", ()
    done = "Đã gỡ câu hỏi" if page.published else "Đã rút việc đăng câu hỏi"
    by_hand = "" if order.facts.board.publishes else off_portal(order.facts.board, question, page)
    told = (f"{done} {question.code}", by_hand, still_asked(order.facts, question))
    return True, "; ".join(filter(None, told)), taken_off(question, page, why)


def data_done(order: CommandAtHand) -> Outcome:
    """ "Đã thực hiện yêu cầu dữ liệu: …" – what was shown, corrected, locked or erased."""
    return _closed(order, carried_out=True)


def data_refused(order: CommandAtHand) -> Outcome:
    """ "Không thực hiện yêu cầu dữ liệu vì …" – a reason is required (Law 91/2025/QH15)."""
    question, text = order.question, order.command.text
    named = _named(order.facts, order.command, question) if question is not None else ""
    if not for_others(order, _without(named, text)):
        return False, "Cần nêu lý do, ví dụ “không thực hiện yêu cầu dữ liệu vì sổ phải lưu trữ theo quy định”", ()
    return _closed(order, carried_out=False)


def _closed(order: CommandAtHand, *, carried_out: bool) -> Outcome:
    question, facts = order.question, order.facts
    if question is None:
        return which(order, "đã thực hiện yêu cầu dữ liệu: …")
    waiting = facts.data_requests.get(question.id, {})
    if not waiting:
        return False, f"Câu hỏi {question.code} không có yêu cầu nào về dữ liệu cá nhân đang chờ", ()
    named = _meant(facts, order.command, question)
    if named is None:
        waits = f"Câu hỏi {question.code} đang có yêu cầu {'; '.join(_names(facts, question))}"
        which_one = "xin ghi rõ lệnh này giải quyết yêu cầu nào (mỗi yêu cầu một lệnh)"
        return False, f"Chưa báo người hỏi: {waits}; {which_one}", ()
    if carried_out and _is_belied(facts, order.command, question):
        down, stays = (one["text"] for one in _acts_on_page(facts, order.command, question))
        why = f"Chưa báo người hỏi: theo sổ, bài của câu hỏi {question.code} còn trên Cổng"
        return False, f"{why}; muốn gỡ, xin ghi “{down}” trước; nếu bài vẫn để, xin ghi “{stays}…”", ()
    if carried_out and _is_unerased(facts, order.command, question):
        soon, refused = (one["text"] for one in _acts_on_register(question))
        why = f"Chưa báo người hỏi: theo sổ, dữ liệu của câu hỏi {question.code} chưa xóa; {ERASING}"
        return False, f"{why}; nếu báo trước khi xóa, xin ghi “{soon}”; nếu không xóa, xin ghi “{refused}…”", ()
    return _told(order, question, named, carried_out=carried_out)


def _told(order: CommandAtHand, question: QuestionFacts, named: str, *, carried_out: bool) -> Outcome:
    """End the requests of that name and tell the asker, also that others go on."""
    waiting = order.facts.data_requests[question.id]
    keys = [key for key, name in waiting.items() if name == named or not named]
    left = " và ".join(dict.fromkeys(name for key, name in waiting.items() if key not in keys))
    text = for_others(order, _without(_named(order.facts, order.command, question), order.command.text))
    values = {"agreed": carried_out, "text": text, "matter": named if left else "", "others": left}
    word = "Đã thực hiện" if carried_out else "Không thực hiện"
    actions: tuple[Action, ...] = (
        *(CloseDuty(key, why=f"{word} yêu cầu") for key in keys),
        Note("data_request_closed", f"{word} yêu cầu về dữ liệu cá nhân", CLAUSE, question.id),
        to_citizen("citizen_data_closed", question, CLAUSE, values, key=":".join(keys)),
    )
    done = f"{word} yêu cầu về dữ liệu cá nhân của câu hỏi {question.code}; người hỏi được thông báo"
    if carried_out and _erases(order.facts, order.command, question):
        done += f"; dữ liệu còn trong sổ: {ERASING}"
        if promised := _promised(order, question, keys):
            done, actions = (
                f"{done}; việc xóa còn ghi trong danh sách mỗi sáng đến khi xóa xong",
                (*actions, *promised),
            )
    return True, f"{done}; còn chờ giải quyết: {left}" if left else done, actions


def _promised(order: CommandAtHand, question: QuestionFacts, keys: Sequence[str]) -> tuple[OpenDuty, ...]:
    """The duty to erase what the asker is told will be: it waits until they are gone, or an officer says why not."""
    facts = order.facts
    if not data_matters(order.command.text, facts.board.source, SOON):
        return ()
    first = ":".join(keys[0].split(":")[:2])  # of what is promised again: the request itself
    return (data_duty(facts, f"{first}:{facts.raw_mail}", "data_deleted", question.id, order.now),)


def _names(facts: MailFacts, question: QuestionFacts) -> list[str]:
    return [*dict.fromkeys(facts.data_requests.get(question.id, {}).values())]


def _named(facts: MailFacts, command: Command, question: QuestionFacts) -> str:
    """The waiting request whose name stands in brackets at the head of the order's text; "" for none."""
    text = squash(command.text)
    return next((one for one in _names(facts, question) if one and text.startswith(f"({squash(one)})")), "")


def _without(named: str, text: str) -> str:
    """The text behind the name in brackets, without the word that leads to a reason."""
    said = text.partition(")")[2].strip(" :;,.") if named else text
    return said[3:] if named and said.lower().startswith(("vì ", "vi ")) else said


def _meant(facts: MailFacts, command: Command, question: QuestionFacts) -> str | None:
    """The request that the order names, else the only one that waits; "" where the journal does not name them. None
    where it is not clear: several wait, or its words are about another one."""
    names = _names(facts, question)
    if "" in names:
        return ""
    if named := _named(facts, command, question):
        return named
    said = data_matters(command.raw, facts.board.source) - {STAYS} if command.verb == "data_done" else frozenset()
    found = [one for one in names if one in said]
    likely = found if said else names
    return likely[0] if len(likely) == 1 else None


def _is_belied(facts: MailFacts, command: Command, question: QuestionFacts) -> bool:
    """Whether the page is still up that the asker would take to be gone, and the order does not say that alone."""
    if not facts.publishing.get(question.id, PublishingFacts()).published:
        return False
    source, meant = facts.board.source, _meant(facts, command, question) or ""
    if not data_matters(meant, source, PAGE):
        return False
    stays = STAYS in data_matters(command.text, source)
    return not stays or _is_of_page(facts, meant) or _says_down(facts, command)


def _erases(facts: MailFacts, command: Command, question: QuestionFacts) -> bool:
    """Whether the order ends a request to erase data that are still in the register."""
    kept = question.content or question.email or question.asker.name
    return bool(kept and data_matters(_meant(facts, command, question) or "", facts.board.source, ERASES))


def _is_unerased(facts: MailFacts, command: Command, question: QuestionFacts) -> bool:
    """Whether the asker would take data to be gone that the register still has."""
    return _erases(facts, command, question) and not data_matters(command.text, facts.board.source, KEPT)


def _acts_on_register(question: QuestionFacts) -> list[dict[str, str]]:
    """Tell the asker that the data will be erased, and when; or that they are not, and why."""
    done, refused = data_acts(question.code)
    when = "ngay sau thư này" if question.status in CLOSED else "khi câu hỏi kết thúc"
    return [{"label": "Báo dữ liệu sẽ được xóa", "text": f"{done['text']}dữ liệu sẽ được xóa {when}"}, refused]


def _is_of_page(facts: MailFacts, name: str) -> bool:
    return bool(data_matters(name, facts.board.source, ALONE))


def _says_down(facts: MailFacts, command: Command) -> bool:
    return any(_is_of_page(facts, one) for one in data_matters(command.text, facts.board.source))


def _acts_on_page(facts: MailFacts, command: Command, question: QuestionFacts) -> list[dict[str, str]]:
    """Take the page down; or tell the asker that it stays, and why."""
    done, refused = data_acts(question.code)
    down = taken_down_act(question.code)
    if _is_of_page(facts, _meant(facts, command, question) or ""):
        return [down, refused]
    text = "" if _says_down(facts, command) else command.text.strip(" .;")
    said = f"{done['text']}{text}{'; ' if text else ''}bài vẫn để trên Cổng vì "
    return [down, {"label": "Bài vẫn để trên Cổng, nêu lý do", "text": said}]


def acts_apart(facts: MailFacts, command: Command, question: QuestionFacts | None) -> list[dict[str, str]]:
    """The orders by which one that was asked back is given again; [] for other orders."""
    if question is None or command.verb not in {"data_done", "data_refused"}:
        return []
    refused, text = command.verb == "data_refused", command.text.strip()
    if _meant(facts, command, question) is None:
        begun = data_acts(question.code)[refused]["text"].rstrip(": ").removesuffix(" vì")
        leads = " vì " if refused else ": "
        names = _names(facts, question)
        return [{"label": f"Về yêu cầu {one}", "text": f"{begun} ({one}){leads}{text}"} for one in names]
    if refused:
        return []
    if _is_belied(facts, command, question):
        return _acts_on_page(facts, command, question)
    return _acts_on_register(question) if _is_unerased(facts, command, question) else []


def still_asked(facts: MailFacts, question: QuestionFacts) -> str:
    """That the asker who wished it has not been told yet; "" where nobody did."""
    asked = [one for one in _names(facts, question) if data_matters(one, facts.board.source, PAGE)]
    if not asked:
        return ""
    up = facts.publishing.get(question.id, PublishingFacts()).published
    ended = "đã gỡ bài khỏi Cổng" if up else "đã dừng việc đăng lên Cổng"
    todo = f"{question.code} đã thực hiện yêu cầu dữ liệu ({asked[0]}): {ended}"
    return f"người hỏi chưa được báo về yêu cầu {'; '.join(asked)}, nếu đã xong xin ghi “{todo}”"


def correcting_acts(facts: MailFacts, text: str, question: QuestionFacts | None) -> list[dict[str, str]]:
    """The order that corrects the asker's data, if the words are labelled data alone ("Họ tên: …"), or call another
    telephone the right one.
    """
    if question is None:
        return []
    for written in (facts.understanding.text.own, text):  # of several lines the order may be one
        if data := _labelled_alone(facts, written, question):
            return [{"label": "Sửa thông tin người hỏi", "text": f"{question.code} sửa {data}"}]
    return _phone_acts(facts, text, question)


def _labelled_alone(facts: MailFacts, text: str, question: QuestionFacts) -> str:
    """Such lines in one ("họ tên: …; địa chỉ: …"); "" if any line says something else, or of another question."""
    words = load_command_words(facts.board.source)
    codes, bare = without_codes(text, facts.board.prefix)
    lines = [line.partition(":") for line in own_lines(bare, words)]
    data = {" ".join(plain_words(label)): (label.strip().lower(), value.strip(" .,;")) for label, _, value in lines}
    known = data.keys() <= {form for form, _ in words.fields} and all(value for _, value in data.values())
    if not known or len(data) < len(lines) or not codes <= {question.code}:
        return ""
    return "; ".join(f"{label}: {value}" for label, value in data.values())


def _phone_acts(facts: MailFacts, line: str, question: QuestionFacts) -> list[dict[str, str]]:
    words, text = facts.board.source.toml("hints.toml")["corrects"], plainly(line)
    if not all(one_of_phrases(words[key]).search(text) for key in ("phone", "right")):
        return []
    found = [one.typed for one in find_phones(line, facts.board.source) if one.e164]
    if len(found) != 1:
        return []
    return [{"label": "Sửa số điện thoại người hỏi", "text": f"{question.code} sửa số điện thoại: {found[0]}"}]
