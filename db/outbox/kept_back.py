"""Keeps mail back that is past a rate limit, or that may have been sent before the register was restored.

A loop, a flood or a forged From must not turn the mailbox into a source of spam. Neither registration nor a statutory
notice to a unit is ever capped: only acknowledgements, replies to what was not understood, additions, and alerts to
officers, who find the same facts in the lists. The journal records each mail that is kept back, and the officers get
one alarm an hour.

After a restore from a backup, mail that the lost state may already have sent to citizens is not sent again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from sqlalchemy import Connection, Executable, ScalarSelect, String, bindparam, func, select

from db.core import counters
from db.core.tables import outbox, question
from rules.decide.base.actions import Action, Note, Register, Send
from rules.decide.base.fact_parts import NOT_ANSWERED
from rules.decide.base.facts import BoardFacts, Person
from rules.decide.base.notices import NOT_UNDERSTOOD, to_people
from rules.law.working_days import CITY_ZONE
from rules.values.model import Notice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAME_WORDS = 3
"""Replies per day to the same words of one officer, ignoring numbers."""
AT_ONCE = 100
"""Caps that one statement counts."""
_DIGITS = re.compile(r"\W*\d+\W*")


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``number`` mails of a name in ``window``: to one recipient, or about one question."""

    number: int
    window: timedelta
    per_question: bool = False
    key_has: str = ""
    together: tuple[str, ...] = ()
    """Further names that are counted together with it."""


CAPS = {
    "citizen_received": Cap(3, HOUR),
    "officer_review": Cap(60, HOUR),
    "officer_alert": Cap(60, HOUR),
    "officer_denunciation": Cap(60, HOUR),
    "citizen_file_held": Cap(3, DAY),
    "citizen_opinion": Cap(5, DAY),
    "citizen_repeated": Cap(5, DAY),
    "citizen_elsewhere": Cap(3, DAY),
    "citizen_held": Cap(3, DAY),
    "officer_held": Cap(3, DAY),
    "unit_held": Cap(3, DAY),
    "officer_kept": Cap(10, DAY),
    "officer_done": Cap(10, DAY, key_has=NOT_UNDERSTOOD),  # a learning person gets replies, a machine is stopped
    "citizen_status": Cap(5, DAY, together=("citizen_states",)),
    "citizen_states": Cap(5, DAY, together=("citizen_status",)),
    "citizen_data_request": Cap(5, DAY),
    "citizen_wrong_address": Cap(3, DAY),
    "citizen_withdrawal": Cap(5, DAY),
    "citizen_consent": Cap(5, DAY),
    "unit_followup": Cap(10, DAY, per_question=True),
}


def capped(connection: Connection, decided: Sequence[Action], board: BoardFacts, now: datetime) -> tuple[Action, ...]:
    """The decision without the mails above the caps; a note replaces each, and an hourly alarm."""
    kept: list[Action] = []
    over = _over(connection, decided, now)
    repeated = any(isinstance(one, Register) and _is_repeated(connection, one, now) for one in decided)
    for place, action in enumerate(decided):
        if isinstance(action, Send) and (place in over or _is_echo(action, repeated)):
            kept += _kept_back(action.notice, board, now)
        else:
            kept.append(action)
    return tuple(kept)


def _over(connection: Connection, decided: Sequence[Action], now: datetime) -> set[int]:
    """The indexes of the mails above the caps; all their caps are counted together."""
    sent = [(place, one) for place, one in enumerate(decided) if isinstance(one, Send)]
    limited = [(place, notice, cap) for place, notice in sent for cap in _caps_of(notice.notice)]
    over: set[int] = set()
    for start in range(0, len(limited), AT_ONCE):
        some = limited[start : start + AT_ONCE]
        asked = dict(chain.from_iterable(_values(n, action, cap, now) for n, (_, action, cap) in enumerate(some)))
        counts = connection.execute(_counting(tuple(_shape(cap) for _, _, cap in some)), asked).one()
        over |= {place for (place, _, cap), count in zip(some, counts, strict=True) if count >= cap.number}
    return over


def _caps_of(notice: Notice) -> Iterable[Cap]:
    cap = CAPS.get(notice.name)
    if cap is None or cap.key_has not in notice.key:
        return
    yield cap
    if same := notice.key.partition(NOT_UNDERSTOOD)[2]:
        yield Cap(SAME_WORDS, cap.window, key_has=NOT_UNDERSTOOD + same)


_Shape: TypeAlias = tuple[int, bool, bool]
"""How many names a cap counts, whether per question, and whether only keys that contain a given piece."""


def _shape(cap: Cap) -> _Shape:
    return 1 + len(cap.together), cap.per_question, bool(cap.key_has)


@lru_cache(maxsize=64)
def _counting(shapes: tuple[_Shape, ...]) -> Executable:
    """The statement that counts caps of these shapes, cached: making one for each mail cost 3.5 % of its CPU."""
    return select(*(_sent(place, shape) for place, shape in enumerate(shapes)))


def _sent(place: int, shape: _Shape) -> ScalarSelect[int]:
    """The number of mails that the cap at this index counts in its window."""
    names, per_question, by_key = shape
    named = outbox.c.name.in_([bindparam(f"name_{place}_{number}", type_=String) for number in range(names)])
    sent = select(func.count()).select_from(outbox).where(named)
    sent = sent.where(outbox.c.created_at >= bindparam(f"since_{place}"))
    if by_key:
        sent = sent.where(outbox.c.key.contains(bindparam(f"key_{place}")))
    to = outbox.c.question_id if per_question else func.lower(outbox.c.recipient)
    return sent.where(to == bindparam(f"to_{place}")).scalar_subquery()


def _values(place: int, action: Send, cap: Cap, now: datetime) -> Iterable[tuple[str, object]]:
    """The parameters of the cap at this index."""
    for number, name in enumerate((action.notice.name, *cap.together)):
        yield f"name_{place}_{number}", name
    yield f"since_{place}", now - cap.window
    if cap.key_has:
        yield f"key_{place}", cap.key_has
    yield f"to_{place}", action.question if cap.per_question else action.notice.recipient.email.lower()


def _is_echo(action: Send, repeated: bool) -> bool:
    return repeated and action.notice.name == "citizen_received"


def _is_repeated(connection: Connection, action: Register, now: datetime) -> bool:
    """True for the same words from the same address within a day, ignoring numbers: a machine answers our mails."""
    said = connection.execute(_SAID_LATELY, {"email": action.email, "since": now - DAY}).scalars()
    wanted = _DIGITS.sub(" ", action.content)
    return any(_DIGITS.sub(" ", one) == wanted for one in said)


_SAID_LATELY = (
    select(question.c.content)
    .where(func.lower(question.c.asker_email) == func.lower(bindparam("email")))
    .where(question.c.registered_at >= bindparam("since"))
    .order_by(question.c.id.desc())
    .limit(20)
)


def _kept_back(notice: Notice, board: BoardFacts, now: datetime) -> Iterable[Action]:
    """The journal note, and the alarm: one an hour for everybody, by its idempotency key."""
    if notice.name == "officer_done":  # an officer's machine would answer the alarm too
        yield from _not_answered(notice, now)
        return
    yield Note("kept_back", f"Không gửi thư {notice.name}: quá số thư cho phép", notice.clause)
    values = {
        "what": "Có quá nhiều thư cùng loại trong thời gian ngắn, hệ thống tạm ngừng gửi bớt",
        "details": ["Thư vẫn được nhận và đăng ký đầy đủ; xin xem thư mục chờ xem xét và sổ."],
        "commands": [],
    }
    yield from to_people("officer_alert", board.officers, "", values, key=f"flood:{now:%Y%m%d%H}")


def _not_answered(notice: Notice, now: datetime) -> Iterable[Action]:
    """Counted for the morning mail; the writer is told once a day that there is no more answer to each mail."""
    yield Note(NOT_ANSWERED, "Không trả lời thư chưa hiểu: quá số thư cho phép", notice.clause, actor="system")
    to = notice.recipient
    values = {
        "what": "Đã nhận thêm thư chưa hiểu; từ thư này đến hết ngày không trả lời từng thư",
        "details": [
            "Các thư chưa hiểu chưa được thực hiện; lệnh viết đúng vẫn được làm và trả lời.",
            "Số thư không được trả lời có trong thư “Công việc” của buổi sáng tiếp theo.",
        ],
        "commands": [{"label": "Danh sách lệnh", "text": "Trợ giúp"}],
    }
    person = Person(to.name, to.email, to.role)
    yield from to_people(
        "officer_alert", [person], "", values, key=f"not-answered:{now.astimezone(CITY_ZONE):%Y%m%d}"
    )


RESTORED_AT = "restored_at"
NOT_SENT_AGAIN = "not sent: the register was restored, and this mail may have left before"


def restored_at(connection: Connection) -> datetime | None:
    """When the register was last restored from a backup, or None."""
    return counters.get_instant(connection, RESTORED_AT)


def decided_at(restored: datetime | None, came: datetime, now: datetime) -> datetime:
    """The instant to use for deciding on a mail: a mail that came before the restore is decided on as of its arrival.

    So time limits start where they started before, and no unit gains days by our loss.
    """
    return now if restored is None or came > restored else min(came, now)


def without_second_letters(
    restored: datetime | None, decided: Sequence[Action], cause: datetime
) -> tuple[Action, ...]:
    """The decision with mail to citizens kept back, where its cause (a mail, a duty) came before the restore."""
    if restored is None or cause > restored:
        return tuple(decided)
    return tuple(_not_again(one) if isinstance(one, Send) else one for one in decided)


def _not_again(send: Send) -> Send:
    return replace(send, kept_back=NOT_SENT_AGAIN) if send.notice.recipient.role == "citizen" else send


def queued_lately(connection: Connection, name: str, recipient: str, now: datetime) -> tuple[int, int]:
    """How many notices of this name were queued in the last hour, for anybody; in the last day, for one address."""
    since = {"hour": now - timedelta(hours=1), "day": now - timedelta(days=1)}
    row = connection.execute(_QUEUED_LATELY, {"name": name, "recipient": recipient.lower(), **since}).one()
    return int(row[0]), int(row[1])


_NAMED = select(func.count()).select_from(outbox).where(outbox.c.name == bindparam("name"))
_QUEUED_LATELY = select(
    _NAMED.where(outbox.c.created_at >= bindparam("hour")).scalar_subquery(),
    _NAMED.where(
        outbox.c.created_at >= bindparam("day"), func.lower(outbox.c.recipient) == bindparam("recipient")
    ).scalar_subquery(),
)
