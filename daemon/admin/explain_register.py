"""``explain --config``: the mail also matched against the register, by the same decision that the daemon makes.

Differences from the daemon: a mail counts as received at its Date; its files are not given to the virus scanner, and
so count as not scanned if one is configured; CPU limit and rate limits do not apply. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from daemon.admin.explain import Explainer, written_at
from daemon.base import clock
from daemon.config.config import load_config
from daemon.config.database import looking, opened
from daemon.installation.installation import Installation, build_installation
from daemon.loop.decide import comparable_letter, decision_on, facts_of
from db.mails import ledger
from db.mails.identity import identity_of
from db.outbox.kept_back import restored_at
from db.register import questions
from db.register.links import MOST_LINKS, READ
from rules.decide.base.actions import Action, Finish, Forward
from rules.decide.base.facts import MailFacts
from rules.understand.understand import Understanding, understand
from rules.values.model import Decision, Kind, ParsedMail


@dataclass(frozen=True, slots=True)
class Imagined:
    """A mail that is not stored: it gets no row, and nothing is written."""

    id: int
    bytes: bytes
    internaldate: datetime


class RegisterExplainer(Explainer):
    """Explains with the installation's units, thresholds and register."""

    def __init__(self, engine: Engine, installation: Installation) -> None:
        super().__init__(installation.knowledge)
        self.engine, self.installation = engine, installation

    def read_raw(self, raw: bytes) -> tuple[ParsedMail, Understanding]:
        """The reading of the mail, corrected by the register's data."""
        installation, now = self.installation, self.installation.clock()
        mail = installation.parsed(raw)
        row = Imagined(0, raw, written_at(mail, now))
        read = understand(mail, self.knowledge, installation.board.law.today(row.internaldate))
        with looking(self.engine) as connection:
            first = ledger.first_of(connection, identity_of(raw), comparable_letter(installation, mail))
            facts = facts_of(connection, installation, row, mail, read, first, now)
            decided = decision_on(connection, installation, raw, facts, now, restored_at(connection), looks=True)
            alike = self._alike(connection, read)
        read = _with_decision(read, facts, decided)
        return mail, replace(read, trace=(*read.trace, *alike))

    def _alike(self, connection: Connection, read: Understanding) -> list[str]:
        """Questions of the register that are similar to this one (9.1)."""
        if read.kind is not Kind.QUESTION:
            return []
        self.installation.likes.catch_up(connection)
        found = self.installation.likes.index.find(read.text.own[:READ], most=MOST_LINKS)
        known = questions.load(connection, [key for key, _ in found if isinstance(key, int)])
        codes = [f"{known[key].code} ({score:.0%})" for key, score in found if isinstance(key, int) and key in known]
        return [f"Câu hỏi tương tự trong sổ: {len(codes)} câu: {', '.join(codes)}"] if codes else []


@contextmanager
def with_register(path: Path) -> Iterator[RegisterExplainer]:
    """The explainer of the installation whose configuration is at ``path``. Raises ``ConfigurationError``."""
    config = load_config(path)
    installation = build_installation(config, config.secrets.signing_key(), clock.now)
    with opened(config) as engine:
        yield RegisterExplainer(engine, installation)


def _with_decision(read: Understanding, facts: MailFacts, decided: tuple[Action, ...]) -> Understanding:
    finish = next(one for one in decided if isinstance(one, Finish))
    forwards = any(isinstance(action, Forward) for action in decided)
    decision = Decision.FORWARD if forwards else read.decision if finish.question is not None else Decision.NONE
    matched = [f"Khớp với câu hỏi {one.code} trong sổ" for one in facts.questions.values()]
    trace = (*read.trace, *matched, f"Quyết định: {finish.why}")
    return replace(read, kind=finish.kind, fate=finish.fate, decision=decision, trace=trace)
