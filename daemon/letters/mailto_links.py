"""Answers that a reader can send with one click: ``mailto:`` links (RFC 6068), and the same in words.

Our mails carry signed address tags (RFC 5233 subaddresses), by which an answer finds its case:

``r.<assignment>.<mac>`` in a unit's Reply-To, ``o.<raw mail>.<mac>`` in an officer's, ``b.<mail>.<mac>`` in the
return path, ``a.<token>.<mac>`` where a person is asked to approve a text. The MAC (HMAC-SHA-256, 80 bits) covers
kind, target and, for officers and approvals, the person that the tag was made for.

Prepared commands in the overviews: each ``mailto:`` leads to its own mail or item by a signed address.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from daemon.letters.filters import unit_name
from daemon.letters.mime import one_line
from daemon.letters.views import Draft, LetterHead
from rules.decide.base.facts import Tag
from rules.law.working_days import city_day
from rules.values.model import Notice, ParsedMail


@dataclass(frozen=True, slots=True)
class Act:
    """One prepared answer: ``label`` is its name, ``mailto`` its link, ``say`` the words to write by hand."""

    label: str
    mailto: str
    say: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """An act that has no address yet: subject and body of the prepared mail."""

    label: str
    subject: str
    body: str
    say: str


UNIT = (
    Wanted(
        "Gửi câu trả lời",
        "Trả lời câu hỏi",
        "Trả lời câu hỏi {code}:\n\n",
        "viết nội dung trả lời ngay trong thư, hoặc đính kèm văn bản đã ký; ghi rõ họ tên, chức vụ người ký",
    ),
    Wanted(
        "Không thuộc thẩm quyền",
        "Không thuộc thẩm quyền",
        "Không thuộc thẩm quyền. Đề nghị chuyển: \nLý do: ",
        "ghi “Không thuộc thẩm quyền, đề nghị chuyển …” và tên cơ quan có thẩm quyền, nếu biết",
    ),
    Wanted(
        "Xin gia hạn",
        "Xin gia hạn",
        "Xin gia hạn đến ngày \nLý do: ",
        "ghi “Xin gia hạn đến ngày …/…/…” và lý do",
    ),
    Wanted("Đã nhận", "Đã nhận", "Đã nhận câu hỏi {code}.", "ghi “Đã nhận”"),
    Wanted(
        "Xin ý kiến Ủy ban nhân dân thành phố",
        "Xin ý kiến UBND thành phố",
        "Xin ý kiến UBND thành phố về câu hỏi {code}.\nVấn đề: ",
        "ghi “Xin ý kiến UBND thành phố” và vấn đề cần xin ý kiến",
    ),
)
"""The ways in which a unit may answer a question (clauses 10.1.d, 15.2, 15.3)."""

ASK = Wanted("Hỏi lại người gửi", "Hỏi lại", "{code} hỏi lại: ", "ghi “Hỏi lại: …” và điều cần hỏi")

DECIDE = (
    Wanted("Chuyển đơn vị khác", "Chuyển câu hỏi", "{code} chuyển ", "ghi “Chuyển …” và tên hoặc mã đơn vị"),
    ASK,
    Wanted(
        "Từ chối (ngoài phạm vi của thành phố)",
        "Từ chối",
        "{code} từ chối h vì ",
        "ghi “Từ chối h vì …” và lý do",
    ),
    Wanted(
        "Không tiếp nhận (khiếu nại, tố cáo)",
        "Không tiếp nhận",
        "{code} không tiếp nhận khiếu nại vì ",
        "ghi “Không tiếp nhận khiếu nại vì …”",
    ),
)
"""The decisions that an officer may take on a question or a held mail."""

REGISTER = Wanted("Đăng ký là câu hỏi", "Đăng ký", "Đăng ký", "ghi “Đăng ký”")
NO_QUESTION = Wanted("Không phải câu hỏi", "Không phải câu hỏi", "Không phải câu hỏi", "ghi “Không phải câu hỏi”")
"""Only for a mail without a register number, since a mail with one has become a question."""


def mailto(address: str, subject: str, body: str) -> str:
    """A mailto URI (RFC 6068 §2): everything outside the unreserved characters percent-encoded, lines as CRLF."""
    return f"mailto:{quote(address, safe='@')}{_fields(subject, body)}"


def address_to(draft: Draft, letter_head: LetterHead) -> str:
    """The address to which an answer to the draft's mail goes."""
    return letter_head.tagged(draft.reply_tag)


def _fields(subject: str, body: str) -> str:
    return f"?subject={quote(subject, safe='')}&body={quote(body.replace(chr(10), chr(13) + chr(10)), safe='')}"


def _forwards(guess: Iterable[Any]) -> Iterable[Wanted]:
    for one in guess:
        code, name = (one["unit"], one["unit_name"]) if isinstance(one, dict) else (one.unit, one.unit_name)
        shown = unit_name(name)
        yield Wanted(f"Chuyển {shown}", "Chuyển câu hỏi", f"{{code}} chuyển {code}", f"ghi “Chuyển {code}”")


def prepared(wanted: Iterable[Wanted], draft: Draft, letter_head: LetterHead) -> tuple[Act, ...]:
    """The acts with the mailbox's tagged address and the question's number filled in."""
    code = draft.question.code if draft.question else ""
    to, mark = address_to(draft, letter_head), f"[{code}] " if code else ""
    return tuple(
        Act(
            one.label,
            mailto(to, one_line(mark + one.subject), one.body.replace("{code}", code).lstrip()),
            one.say.replace("{code}", code),
        )
        for one in wanted
    )


def acts(draft: Draft, letter_head: LetterHead) -> tuple[Any, ...]:
    """The acts of a draft: those its values name (``mailto``, or ``text`` to prepare one), else the usual ones."""
    named = draft.notice.values.get("commands") or ()
    if not isinstance(named, (list, tuple)) or not named:
        return usual_acts(draft, letter_head)
    return tuple(_ready(one, draft, letter_head) for one in named)


def _ready(command: Any, draft: Draft, letter_head: LetterHead) -> Any:
    if not isinstance(command, dict) or "text" not in command or command.get("mailto"):
        return command
    label, text = str(command["label"]), str(command["text"])
    # A text that ends with a space, or with the beginning of a link, is to be completed by the officer.
    say = f"ghi “{text.strip()} …”" if text.endswith(" ") else f"ghi “{text}{'…' if text.endswith('://') else ''}”"
    return prepared((Wanted(label, label, text, say),), draft, letter_head)[0]


def _ends(link: Any) -> tuple[Wanted, ...]:
    """The act that ends a question of the register that asks nothing, of a label and its command."""
    if not link:
        return ()
    label, text = link
    return (Wanted(label, "Không phải câu hỏi", f"{{code}} {text}", f"ghi “{text[:1].upper()}{text[1:]}”"),)


def usual_acts(draft: Draft, letter_head: LetterHead) -> tuple[Act, ...]:
    """The acts that belong to a notice whose values name none."""
    name = draft.notice.name
    if name.startswith("unit_") and name != "unit_told":  # that notice's own text says what may follow
        return prepared(UNIT, draft, letter_head)
    if name == "officer_review":
        guess = _forwards(draft.notice.values.get("guess") or ())  # type: ignore[arg-type]
        if draft.question is None:
            # The sender of a mail that has no number yet cannot be asked anything.
            return prepared(
                (REGISTER, *guess, *(one for one in DECIDE if one is not ASK), NO_QUESTION), draft, letter_head
            )
        return prepared((*guess, *DECIDE, *_ends(draft.notice.values.get("ends"))), draft, letter_head)
    return ()


MAC_DIGITS = 20
_TAG = re.compile(r"([roba])\.([0-9a-z]{1,32})\.([0-9a-f]{20})")

# Fields in which a delivering server leaves the address that the mail was really sent to.
DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


@dataclass(frozen=True, slots=True)
class Tagger:
    """Makes and checks tags with one key."""

    key: bytes
    mailbox: str
    separator: str = "+"

    def make(self, kind: str, target: str | int, person: str = "") -> str:
        """A tag for a target; ``person`` binds it to one address."""
        return f"{kind}.{target}.{self._mac(kind, str(target), person)}"

    def _mac(self, kind: str, target: str, person: str) -> str:
        text = f"{kind}\0{target}\0{person.lower()}".encode()
        return hmac.new(self.key, text, hashlib.sha256).hexdigest()[:MAC_DIGITS]

    def read(self, mail: ParsedMail) -> Tag | None:
        """The first valid tag among the addresses that a mail was sent to; a forged tag counts as none."""
        for address in self._addresses(mail):
            tag = self._check(address, mail.sender.email)
            if tag is not None:
                return tag
        return None

    def _addresses(self, mail: ParsedMail) -> Iterable[str]:
        for name in DELIVERED:
            yield from mail.all_headers(name)
        yield from (mailbox.email for mailbox in (*mail.to, *mail.cc))

    def _check(self, address: str, sender: str) -> Tag | None:
        local, _, domain = address.strip().strip("<>").rpartition("@")
        own_local, _, own_domain = self.mailbox.rpartition("@")
        prefix = f"{own_local}{self.separator}".lower()
        if not self.separator or domain.lower() != own_domain.lower() or not local.lower().startswith(prefix):
            return None
        match = _TAG.fullmatch(local.lower()[len(prefix) :])
        if match is None:
            return None
        kind, target, mac = match.groups()
        person = sender if kind in {"o", "a"} else ""
        return Tag(kind, target, match.group()) if hmac.compare_digest(mac, self._mac(kind, target, person)) else None


OVERVIEWS = ("officer_digest", "week_unit", "office_week")


OF_THE_DESK = ("officer_digest", "session_day", "session_marks", "session_confirm", "session_live", "session_choice")
"""Notices to officers that concern no single mail: a reply to them is about that day's overview."""


def desk_target(notice: Notice, now: datetime) -> str:
    """The tag target for a reply to the officers' overview: that day's overview instead of a case."""
    of_a_session = notice.name in {"session_paper", "session_changed"}
    return f"d{city_day(now):%Y%m%d}" if notice.name in OF_THE_DESK or of_a_session else ""


def linked(notice: Notice, tagger: Tagger, now: datetime) -> Notice:
    """The notice with an address for each prepared command; other notices unchanged."""
    if notice.name not in OVERVIEWS:
        return notice
    sections: Any = notice.values["sections"]
    desk = desk_target(notice, now)
    ready = [{**one, "rows": [_row(row, notice, tagger, desk) for row in one["rows"]]} for one in sections]
    return replace(notice, values={**notice.values, "sections": ready})


def _row(row: Mapping[str, Any], notice: Notice, tagger: Tagger, desk: str) -> dict[str, Any]:
    return {**row, "commands": [_ready_desk(one, notice, tagger, desk) for one in row["commands"]]}


def _ready_desk(command: Mapping[str, str], notice: Notice, tagger: Tagger, desk: str) -> dict[str, str]:
    about, person = command["about"], notice.recipient.email
    if about.startswith("m"):
        tag = tagger.make("o", about[1:], person)
    elif about.startswith("a"):
        tag = tagger.make("r", about[1:])
    else:
        tag = tagger.make("o", desk, person)
    local, _, domain = tagger.mailbox.rpartition("@")
    address = f"{local}{tagger.separator}{tag}@{domain}" if tagger.separator else tagger.mailbox
    link = mailto(address, command["label"], command["body"])
    return {"label": command["label"], "mailto": link, "say": command["body"]}
