"""A world with servers for sessions: what a story begins with is played once a module, and set from there on."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from daemon.demo.servers import SentMail
from db.core.tables import duty
from rules.law.session_rules import PaperKind, SessionForm
from tests.installation import HEAD
from tests.world import FORM, PEOPLE, T, World


@dataclass(frozen=True, slots=True)
class Kept:
    """A hall as it stood when a story's beginning was over, and what that gave."""

    database: bytes
    clock: datetime
    mails: dict[tuple[str, str], list[bytes]]
    sent: list[SentMail]
    gave: Any


class Hall(World):
    """``kept`` holds how stories began on these servers: UIDs go on, as on a real server."""

    def __init__(self, *args: Any, kept: dict[object, Kept] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = kept

    def begin(self, key: object, story: Callable[[], T]) -> T:
        """What ``story`` gives. An untouched house is set where it led before on these servers: not played anew."""
        if self.kept is None or self.house.mails or self.journal():
            return story()
        if key not in self.kept:
            gave = story()
            self.kept[key] = self._keep(gave)
            return gave
        self._set(self.kept[key])
        return self.kept[key].gave  # type: ignore[no-any-return]

    def _keep(self, gave: Any) -> Kept:
        with closing(sqlite3.connect(":memory:")) as copy, closing(sqlite3.connect(self._database)) as source:
            source.backup(copy)
            database = copy.serialize()
        mails = {
            (user, folder): self.servers.mails(user, folder)
            for user in PEOPLE
            for folder in self.servers.folders(user)
        }
        return Kept(database, self.house.clock.at, mails, self.servers.sent, gave)

    def _set(self, kept: Kept) -> None:
        self.house.service.close()
        self.house.engine.dispose()
        self._database.write_bytes(kept.database)
        self.house.clock.at = kept.clock
        for (user, folder), mails in kept.mails.items():
            for raw in mails:
                self.servers.deliver(user, raw, kept.clock, folder)
        self.servers.forget_sent(kept.sent)
        self.house.restart()

    @property
    def _database(self) -> Path:
        return self.house.folder / "doithoai.db"

    def approve(self, text: str = "Duyệt", head: str = HEAD) -> None:
        """The Head answers the last paper put up."""
        self.house.run()
        self.reply(head, text, "Trình phê duyệt")

    def decide_topic(self, code: str) -> None:
        """An officer records that the leader has decided on topic and chair."""
        self.desk.decide(code, "Công văn số 12/UBND-VX ngày 02/11/2026")

    def announced(self, form: SessionForm = FORM) -> str:
        """A session up to its notice; its number."""
        return self.begin(form, lambda: self._announce(form))

    def _announce(self, form: SessionForm) -> str:
        self.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
        code = self.desk.propose(form)[0].code
        self.approve()
        self.decide_topic(code)
        self.desk.put_up(code, PaperKind.PLAN)
        self.approve()
        self.desk.put_up(code, PaperKind.NOTICE)
        self.approve()
        self.desk.announce(code, "https://haiphong.test/thong-bao")
        return code

    def status(self, code: str) -> str:
        return self.desk.show(code).status.value

    def duties(self) -> dict[str, dict[str, Any]]:
        """The session duties by rule, the newest planning."""
        rows = [row for row in self.house.rows(duty) if row["kind"] == "session"]
        return {str(row["due"]["rule"]): row for row in rows}
