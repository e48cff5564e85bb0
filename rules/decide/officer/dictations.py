"""Registering for someone who phoned, came, or wrote by post or on the web form (8.1), as an officer dictates.

What is dictated is read by the same rules as mails are. When somebody asked stands behind "Nhận lúc", or in the
heading.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Protocol

from rules.commands.command import DICTATES, MOST_SIGNED
from rules.commands.commands import Command, read_commands
from rules.commands.likely_orders import tells_of_asker
from rules.commands.vocabulary import holds, load_command_words, plain_words
from rules.decide.base.actions import NEW, Action, AmendQuestion, Register
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.facts import BoardFacts, DictatedFacts, MailFacts, Person
from rules.decide.base.forwarding import (
    NewAssignment,
    answer_due,
    assign,
    attachment_refs,
    live_question,
    session_for,
    with_session,
)
from rules.decide.base.manual_work import open_review, review_mails
from rules.decide.base.notices import acknowledge, forwarded_to, unit_name
from rules.decide.intake.registering import registration, wanted_items
from rules.decide.officer.register_commands import FIELD_NAMES
from rules.law.working_days import CITY_ZONE, city_day
from rules.message.attachment_policy import is_file, is_wrapping
from rules.message.quote_markers import DEFAULT
from rules.requester.completion import address_in
from rules.requester.contact_data import find_phones
from rules.requester.requester import read_labels
from rules.text import strip_marks
from rules.text.dates import JUST_PASSED, dates_in, moment_in
from rules.understand.understand import Knowledge, Understanding, understand
from rules.values.data_file import SOURCES_KEPT, Source, current_unit
from rules.values.model import Decision, Fate, Item, Kind, Mailbox, ParsedMail
from rules.values.register_number import register_numbers
from rules.values.states import QuestionStatus

MOST = 100
"""The most dictations in one mail, so that their keys differ."""
NO_MAIL = -1
"""``Register.raw_mail`` of a question that did not come by mail."""
FORM = (
    "Xin ghi: “Đăng ký hộ:” rồi mỗi dòng một mục: “Họ tên: …”, “Địa chỉ: …”, “Điện thoại: …”, “Thư điện tử: …” "
    "(nếu có), “Hình thức: điện thoại / trực tiếp / bưu điện / biểu mẫu”, “Nhận lúc: ngày/tháng/năm giờ:phút”, "
    "“Đơn vị: …” (nếu biết), “Nội dung: …”"
)
WHOSE = (
    "Chưa rõ là câu hỏi của ai nên chưa vào sổ. Nếu là ghi chú của một câu hỏi, xin ghi số câu hỏi và “ghi chú: …”; "
    f"nếu đăng ký hộ: {FORM[0].lower()}{FORM[1:]}"
)
OTHER_CHANNEL = "phone"
SUBJECT = 60
"""This many characters of a dictated question are its subject."""
_LONGEST_NAME = 10
"""The most words of the line of a signature with the name in it."""
_LABELLED = re.compile(r"^\W*([^:]{2,24}?)\s*:\s*(.*)$", re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>()\",;:]{1,64}@[\w.-]{1,255}")
_HOUR = re.compile(r"\d\s*(?:giờ|gio|[:hg])(?![^\W\d_])", re.IGNORECASE)
"""An hour, even one that no clock shows."""
_HOUR_ALONE = re.compile(r"\d{1,2}\s*(?:giờ|gio|[:hg])\s*(?:\d{2}(?:\s*(?:phút|phut))?)?", re.IGNORECASE)
_PART_OF_DAY = re.compile(r"\b(sáng|trưa|chiều|tối|hôm|sang|trua|chieu|toi|hom)\s+(?=\d{1,2}/\d)", re.IGNORECASE)
"""What leads to a day as "ngày" does."""
_ASIDE = re.compile(r"\(([^()\n]{3,60})\)")


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


def read_manual_registration(command: Command, source: Source = DEFAULT, on: date | None = None) -> Dictation:
    """The labelled lines of the command; lines with other labels belong to the question's text.

    ``on``: the day that an hour alone means.
    """
    found: dict[str, str] = {}
    kept: list[str] = []
    begins = None
    for name, line in _without_heading(list(_labelled(command.text, source))):
        if name == "content":
            begins = len(kept)
            kept.append(line)
        elif name:
            found[name] = line
        else:
            kept.append(line)
    first = command.raw.partition("\n")[0]
    when, channels = found.get("received", "").strip(), _words(source, "channels").values()
    addresses = _ADDRESS.findall(found.get("email", ""))
    return Dictation(
        _channel(found.get("channel", "") or first, source),
        "\n".join(kept).strip(),
        addresses[0] if addresses else "",
        found.get("unit", ""),
        moment_told(when, on) if when else moment_ahead(first, on, [form for forms in channels for form in forms]),
        when,
        begins is None or any(line.strip() for line in kept[begins:]),
        textwrap.shorten(" ".join(kept[begins:]), SUBJECT, placeholder=" …") if begins is not None else "",
    )


def moment_told(text: str, on: date | None) -> datetime | None:
    """The local day, with the hour if given; None when it is no day, nor an hour alone, which is of ``on``."""
    day, at = moment_in(text)
    day = on if at and day is None and _HOUR_ALONE.fullmatch(text) else day
    unread = at is None and _HOUR.search(text)
    return datetime.combine(day, at or time(), CITY_ZONE) if day and not unread else None


def moment_ahead(heading: str, on: date | None, channels: Iterable[str]) -> datetime | None:
    """ "Đăng ký hộ (điện thoại sáng 3/10): …": the day in the aside that says by which way it came; of the
    year of ``on``. None where the aside names no day, several, or one to come."""
    aside = _ASIDE.search(heading.partition(": ")[0])
    if aside is None or on is None or not any(one in strip_marks(aside[1]).lower() for one in channels):
        return None
    days = dates_in(_PART_OF_DAY.sub(r"\1 ngày ", aside[1]), on, JUST_PASSED)
    told = days[0].day if len(days) == 1 and days[0].day <= on else None
    return datetime.combine(told, moment_in(aside[1])[1] or time(), CITY_ZONE) if told else None


def _without_heading(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines without "… gọi lên sáng nay:" above labelled ones, which is said to us."""
    name, first = lines[0] if lines else ("", "")
    heading = not name and first.rstrip().endswith(":") and any(one for one, _ in lines)
    return lines[1:] if heading else lines


def _labelled(text: str, source: Source) -> Iterator[tuple[str, str]]:
    """Each line with the name of its label; everything after the content's label is content."""
    inside, labels = False, _words(source, "labels")
    for line in text.split("\n"):
        match = None if inside else _LABELLED.match(line)
        said = strip_marks(match[1]).lower().strip() if match else ""
        name = next((name for name, forms in labels.items() if said in forms), "")
        inside = inside or name == "content"
        yield name, match[2] if match and name else line


@lru_cache(maxsize=SOURCES_KEPT * 2)
def _words(source: Source, part: str) -> Mapping[str, tuple[str, ...]]:
    """How people call the ways by which a question comes ("channels"), or the lines of a dictation, without marks."""
    named = source.toml("commands.toml")["dictation"][part]
    return {name: tuple(strip_marks(one).lower() for one in words) for name, words in named.items()}


def _channel(text: str, source: Source) -> str:
    plain, channels = strip_marks(text).lower(), _words(source, "channels")
    return next((name for name, forms in channels.items() if any(form in plain for form in forms)), OTHER_CHANNEL)


def sounds_dictated(text: str, prefix: str, source: Source) -> bool:
    """Whether an officer's words, which were not understood, may be a citizen's matter: they say that somebody asks
    or called, or have an address, a telephone or labels. What names a question of the register is about that one."""
    if register_numbers(text, prefix):
        return False
    told = bool(find_phones(text, source) or address_in(text, source=source) or read_labels(text, source)[0])
    return told or tells_of_asker(text, source)


def manual_registration_mail(dictation: Dictation) -> ParsedMail:
    """The dictation as the mail that the person would have sent."""
    text = dictation.text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ParsedMail(digest, len(text), "", text, (Mailbox("", dictation.email),))


def register_for(order: CommandAtHand) -> Outcome:
    """ "Đăng ký hộ: …": register with the officer's signature, then process like any other question."""
    found = next((one for one in order.facts.dictated if one.said == order.command.raw), None)
    dictation = read_manual_registration(order.command, order.facts.board.source, city_day(order.facts.received_at))
    if found is None or not dictation.asks or len(found.understanding.text.own.split()) < 3:
        return False, FORM, ()
    if _names_nobody(order) and not found.understanding.asker.name:
        return False, WHOSE, ()
    if dictation.when and dictation.received is None:
        return False, f"Không rõ “Nhận lúc: {dictation.when}”; xin ghi lại “Nhận lúc: ngày/tháng/năm giờ:phút”", ()
    if found.received_at > order.now:
        return False, "Thời điểm nhận ở tương lai; xin ghi lại “Nhận lúc: ngày/tháng/năm giờ:phút”", ()
    if not dictation.email and order.facts.board.law.profile.options.mail_address == "required":
        return False, "Quy chế đòi hỏi địa chỉ thư điện tử của người hỏi; xin ghi thêm dòng “Thư điện tử: …”", ()
    facts = _as_mail(order.facts, found)
    named = current_unit(facts.board.units, found.unit, facts.board.law.today(order.now)) if found.unit else None
    items = [Item(1, facts.understanding.text.own, named.code)] if named else list(wanted_items(facts))
    unknown = bool(dictation.unit) and named is None
    sure = named is not None or (facts.understanding.decision is Decision.FORWARD and not unknown)
    lacking = [one.unit for one in items if one.unit not in facts.board.contacts]
    if astray := _files_astray(order, waits=not sure or bool(lacking)):
        return False, astray, ()
    who = facts.understanding.asker.name or "người hỏi"
    if not sure or lacking:
        why = f"Cán bộ đăng ký hộ {who}, cần chọn đơn vị trả lời"
        not_known = f"; không nhận ra đơn vị “{dictation.unit.strip()}”" if unknown else ""
        done = f"Đã vào sổ câu hỏi của {who}{not_known}; chờ chọn đơn vị trả lời{_lacking(facts)}"
        return True, done, _for_review(order, facts, found, why)
    names = ", ".join(dict.fromkeys(unit_name(facts.board, one.unit) for one in items))
    done = f"Đã vào sổ câu hỏi của {who} và chuyển {names}{_lacking(facts)}"
    return True, done, _forwarded(order, facts, found, items)


def _names_nobody(order: CommandAtHand) -> bool:
    """ "Ghi sổ hộ anh: Sở hẹn thứ sáu": done as a favour to the writer, of words that tell of nobody who asks."""
    source = order.facts.board.source
    ahead, colon, rest = order.command.text.partition(":")
    said = {*plain_words(ahead)} if colon else set()
    told = find_phones(rest, source) or read_labels(rest, source)[0] or tells_of_asker(rest, source)
    return bool(said) and said <= load_command_words(source).courtesies and not told


def _files_astray(order: CommandAtHand, *, waits: bool) -> str:
    """Why a dictation with files is asked back: they would go along with another person's question, or with none, as
    a question that waits for its unit has no mail of its own from which they are sent on; "" where they go along."""
    if not any(is_file(file) and not is_wrapping(file) for file in order.facts.mail.attachments):
        return ""
    if len(order.facts.dictated) > 1:
        return "Chưa đăng ký, vì thư có tệp mà đăng ký hộ nhiều câu hỏi; xin gửi mỗi câu hỏi một thư, kèm tệp của nó"
    if waits:
        return "Chưa đăng ký, vì chưa rõ gửi tệp kèm theo đến đơn vị nào; xin ghi thêm dòng “Đơn vị: …”, hoặc bỏ tệp"
    return ""


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
) -> tuple[Register, Action]:
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
        open_review(facts, order.now, NEW, since=order.now),
        *acknowledge(facts, None, under_review=True),
        *review_mails(facts, why, NEW),
    )


def _forwarded(order: CommandAtHand, facts: MailFacts, found: DictatedFacts, items: list[Item]) -> tuple[Action, ...]:
    units = tuple(dict.fromkeys(one.unit for one in items))
    session = session_for(facts, units, order.now)
    due = answer_due(facts.board.law, session, order.now, facts.received_at)
    handover = NewAssignment(NEW, facts.raw_mail, due, order.now, guessed=False, why="Cán bộ đăng ký hộ")
    files = attachment_refs(order.facts.mail, order.facts.raw_mail)
    row, signed = _registered(order, facts, found, QuestionStatus.FORWARDED, session.id if session else None)
    return (
        row,
        signed,
        *assign(facts.board, handover, items, (), files),
        *acknowledge(
            facts, with_session(forwarded_to(facts.board, units, due), facts.board.law, session), under_review=False
        ),
        *live_question(facts.board, session, facts.raw_mail, row, order.now),
    )


class Stored(Protocol):
    """The columns of a ledger row that this module needs."""

    @property
    def id(self) -> int: ...
    @property
    def internaldate(self) -> datetime: ...


def dictated_in(
    row: Stored, read: Understanding, board: BoardFacts, knowledge: Knowledge, writer: Person | None
) -> tuple[DictatedFacts, ...]:
    """Every dictation of an officer's mail, understood for the day on which the person asked; () of anyone else."""
    if writer is None:
        return ()
    commands = read_commands(read.text.ordered, board.units, source=board.source, unread=True)
    dictated = [one for one in commands if one.verb == DICTATES][:MOST]
    found = []
    for number, command in enumerate(dictated):
        told = replace(command, text=_without_signature(command.text, writer.name))
        dictation = read_manual_registration(told, board.source, city_day(row.internaldate))
        mail = manual_registration_mail(dictation)
        received = (dictation.received or row.internaldate).astimezone(UTC)
        unit = (
            read_commands(f"Chuyển {dictation.unit}", board.units, source=board.source)[:1] if dictation.unit else ()
        )
        found.append(
            DictatedFacts(
                said=command.raw,
                key=-(row.id * MOST + number),
                subject=dictation.subject,
                channel=dictation.channel,
                unit=unit[0].unit if unit else "",
                mail=mail,
                understanding=understand(mail, knowledge, board.law.today(received)),
                received_at=received,
            )
        )
    return tuple(found)


def _without_signature(text: str, name: str) -> str:
    """A dictated text without its writer's own signature: from the line near the end that bears the name on."""
    lines, signed = text.split("\n"), plain_words(name)
    for at in range(max(1, len(lines) - MOST_SIGNED), len(lines)):
        said = plain_words(lines[at]) if ":" not in lines[at] else ()
        if len(signed) > 1 and len(said) <= _LONGEST_NAME and holds(said, signed):
            return "\n".join(lines[:at]).rstrip()
    return text
