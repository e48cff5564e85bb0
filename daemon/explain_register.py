"""``explain --config``: the mail also matched against the register, by the very decision the daemon would make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection

from daemon.commands.explain import Explainer
from daemon.config import load_config
from daemon.house import build_office
from daemon.likes import MOST_LINKS, READ
from daemon.processing import findings_of
from daemon.store import transaction
from daemon.trust import believed_below
from db import facts, mails, questions
from db.engine import open_engine
from rules.actions import Action, Finish, Forward
from rules.facts import MailFacts
from rules.model import Decision, Kind, ParsedMail
from rules.understand import Understanding
from rules.workflow import decide_mail


@dataclass(frozen=True, slots=True)
class Imagined:
    """A mail that was not stored: it gets no row, and nothing is written."""

    id: int
    internaldate: datetime


class RegisterExplainer(Explainer):
    """Explains with the installation's units, thresholds and register."""

    def __init__(self, path: Path) -> None:
        config = load_config(path)
        self.engine = open_engine(config.database.full_url().get_secret_value())
        self.office = build_office(config, config.secrets.signing_key(), lambda: datetime.now(UTC))
        super().__init__(self.office.knowledge)

    def close(self) -> None:
        """Close the register's connections."""
        self.engine.dispose()

    def read_raw(self, raw: bytes, mail: ParsedMail, on: date) -> Understanding:
        """The mail's own meaning, corrected by what the register knows."""
        read = self.read(mail, on)
        now = self.office.clock()
        with transaction(self.engine) as connection:
            known = self._facts(connection, raw, mail, read, now)
            alike = self._alike(connection, read)
        read = _with_decision(read, known, decide_mail(known, now))
        return replace(read, trace=(*read.trace, *alike))

    def _alike(self, connection: Connection, read: Understanding) -> list[str]:
        """Questions of the register that this one is like (9.1)."""
        if read.kind is not Kind.QUESTION:
            return []
        self.office.likes.catch_up(connection)
        found = self.office.likes.index.find(read.text.own[:READ], most=MOST_LINKS)
        known = questions.load(connection, [key for key, _ in found if isinstance(key, int)])
        codes = [f"{known[key].code} ({score:.0%})" for key, score in found if isinstance(key, int) and key in known]
        return [f"Câu hỏi tương tự trong sổ: {len(codes)} câu: {', '.join(codes)}"] if codes else []

    def _facts(
        self, connection: Connection, raw: bytes, mail: ParsedMail, read: Understanding, now: datetime
    ) -> MailFacts:
        first = mails.first_of(connection, mails.identity_of(raw))
        row = Imagined(0, mail.date or now)
        below = believed_below(connection, self.office.config.mailbox)
        findings = findings_of(self.office, raw, row.internaldate, mail, first, below)
        return facts.gather(connection, row, mail, read, self.office.house, findings, self.office.read, now)


def _with_decision(read: Understanding, known: MailFacts, decided: tuple[Action, ...]) -> Understanding:
    finish = next(one for one in decided if isinstance(one, Finish))
    forwards = any(isinstance(one, Forward) for one in decided)
    decision = Decision.FORWARD if forwards else read.decision if finish.question is not None else Decision.NONE
    matched = [f"Khớp với câu hỏi {one.code} trong sổ" for one in known.questions.values()]
    trace = (*read.trace, *matched, f"Quyết định: {finish.why}")
    return replace(read, kind=finish.kind, fate=finish.fate, decision=decision, trace=trace)
