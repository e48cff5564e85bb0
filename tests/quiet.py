"""An installation without mail servers: what arrives is written into the ledger, what leaves is marked as sent.

For tests of what the rules decide, at a fraction of the time that real connections take.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from daemon.loop.decide import process_stored
from daemon.loop.due import work_due
from daemon.papers.sessions import SessionService
from db.mails import ledger
from db.mails.ledger import Arrived
from db.outbox import outbox
from rules.values.data_file import SHIPPED
from tests.installation import MAILBOX, LiveInstallation, answer_to, letter, subject_of

PROFILES = Path(__file__).parent / "data" / "profiles"


def rules_of(folder: Path, changes: Sequence[tuple[str, str]] = ()) -> Path:
    """A rules folder of an operator whose profile ``thu`` is the shipped one with some texts replaced."""
    text = (SHIPPED / "profiles" / "hp-1374-2016.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "profiles").mkdir(parents=True)
    (folder / "profiles" / "thu.toml").write_text(text, encoding="utf-8")
    return folder


class Quiet:
    """``profile`` in the rules folder ``rules``; the house's clock stands until a test moves it."""

    def __init__(
        self, folder: Path, rules: Path | None = None, profile: str = "hp-1374-2016", extra: str = ""
    ) -> None:
        where = f'folder = "{rules}"\n' if rules else ""
        self.house = LiveInstallation(
            folder / "house", 1, 1, extra=f'{extra}\n[rules]\n{where}profile = "{profile}"\n'
        )
        self.uid = 0

    @property
    def desk(self) -> SessionService:
        """Sessions at the console."""
        return SessionService(self.house.engine, self.house.installation, "console:test")

    def write(self, raw: bytes) -> None:
        """A mail arrives now and is decided on."""
        self.uid += 1
        now = self.house.clock()
        with self.house.engine.begin() as connection:
            ledger.store(connection, MAILBOX, 1, [Arrived(self.uid, raw, now)], now)
        self.look()

    def look(self) -> None:
        """A pass: decide, do what is due, send."""
        engine, office = self.house.engine, self.house.installation
        process_stored(engine, office, lambda: None)
        work_due(engine, office, lambda: None)
        with engine.begin() as connection:
            for row in outbox.claim_due(connection, "quiet", self.house.clock(), 1000):
                outbox.mark_sending(connection, row.id, "quiet", self.house.clock())
                outbox.mark_sent(connection, row.id, 250, "ok", self.house.clock())

    def let_pass(self, **delta: float) -> None:
        """Time passes, then there is a pass."""
        self.house.clock.forward(**delta)
        self.look()

    def ask(self, text: str, sender: str = "an@dan.test", **options: object) -> str:
        """A citizen asks; the question's number."""
        self.write(letter(sender, text, message_id=f"<hoi-{self.uid}@dan.test>", **options))  # type: ignore[arg-type]
        return str(self.house.questions[-1]["code"])

    def inbox(self, address: str) -> list[bytes]:
        """What somebody was sent, oldest first."""
        return [bytes(row["bytes"]) for row in self.house.sent if row["recipient"] == address]

    def names(self, address: str) -> list[str]:
        """The names of the notices that somebody was sent."""
        return [str(row["name"]) for row in self.house.sent if row["recipient"] == address]

    def reply(self, address: str, text: str, subject: str = "") -> None:
        """Somebody answers the last mail they were sent, or the last with these words in its subject."""
        chosen = [one for one in self.inbox(address) if subject in subject_of(one)][-1]
        self.write(answer_to(chosen, address, text, message_id=f"<dap-{self.uid}@{address.rpartition('@')[2]}>"))

    def close(self) -> None:
        """Done; what does not add up fails the test."""
        faults = self.house.faults()
        self.house.close()
        assert faults == []
