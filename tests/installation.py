"""One whole installation for a test: a configuration file, secrets, a database, and the daemon's passes on it.

The same installation runs on the embedded servers and on real ones, on SQLite and on PostgreSQL.
"""

import email.policy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.utils import parseaddr
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select

from daemon.cli import main
from daemon.config.config import Config, load_config
from daemon.installation.installation import Installation, build_installation
from daemon.loop.decide import decide_on, stored_in_turn
from daemon.loop.service import Report, Service
from db.core import journal
from db.core.engine import open_engine, sqlite_path, upgrade
from db.core.tables import outbox, outbox_content, question, raw_mail
from db.reports import conservation
from tests import made_once
from tests.conservation import OPEN, balance
from tests.support import neighbours

MAILBOX = "doithoai@haiphong.test"
OFFICER = "canbo@haiphong.test"
OFFICE = "vanphong@haiphong.test"
HEAD = "truongban@haiphong.test"
UNITS = (
    *("SXD", "SNNMT", "SGDDT", "SYT", "STC", "SCT", "SNV", "STP", "SKHCN", "SVHTTDL", "SNGV", "TTRA"),
    *("BQLKKT", "CATP", "BHXH", "THUE", "VPUB", "DIENLUC", "CAPNUOC"),
)
MONDAY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
"""A working Monday, 09:00 in the city."""


WITH_BYTES = select(outbox, outbox_content.c.bytes).join(outbox_content).subquery()
"""The outbox with the bytes of its mails, which lie apart."""


@cache
def migrated(bystanders: bool) -> bytes:
    """A SQLite database as all migrations leave it, with nobody or bystanders alone in it: made once a process."""
    with TemporaryDirectory(prefix="doithoai-migrated-") as folder:
        file = Path(folder) / "doithoai.db"
        engine = open_engine(f"sqlite:///{file}")
        upgrade(engine)
        if bystanders:
            with engine.begin() as connection:
                neighbours.move_in(connection)
        engine.dispose()  # the last connection brings what stands in the WAL into the file
        return file.read_bytes()


def lay_schema(url: str, bystanders: bool = False) -> None:
    """A SQLite file that does not exist yet is a copy of a migrated one; others are left to ``upgrade``."""
    file = sqlite_path(url)
    if file is not None and not file.exists():
        file.write_bytes(migrated(bystanders))


def unit_address(code: str) -> str:
    """The official address that tests give a unit."""
    return f"vanthu@{code.lower()}.test"


SXD = unit_address("SXD")


@dataclass(slots=True)
class Clock:
    """The test's own time."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> datetime:
        """Let time pass."""
        self.at += timedelta(**delta)
        return self.at


@dataclass(slots=True, eq=False)
class LiveInstallation:
    """A configured house. ``service`` runs in this process with the test's clock.

    ``books_broken`` says why the books need not add up in the end: the test itself has broken them.
    ``bystanders`` stand by from the beginning (``tests/support/neighbours.py``).
    ``durable`` lets SQLite wait for the disk at each commit as in service; tests kill processes, but no power fails.
    """

    folder: Path
    imap_port: int
    smtp_port: int
    database_url: str = ""
    units: Sequence[str] = UNITS
    extra: str = ""
    password: str = "secret"
    connections: int = 3
    imap_seconds: float = 10
    authserv_id: str = ""
    mailbox: str = ""
    since: str = "since = 2000-01-01"
    clock: Clock = field(default_factory=Clock)
    books_broken: str = ""
    durable: bool = False
    bystanders: bool = False
    config: Config = field(init=False)
    engine: Engine = field(init=False)
    installation: Installation = field(init=False)
    service: Service = field(init=False)

    def __post_init__(self) -> None:
        if not self.durable:
            made_once.begin()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database_url = self.database_url or f"sqlite:///{self.folder}/doithoai.db"
        self._secret("imap-password", self.password)
        self._secret("signing-key", "0123456789abcdef" * 3)
        lay_schema(self.database_url, self.bystanders)
        self.use_database(self.database_url)
        try:
            upgrade(self.engine)
            self._move_in()
            self.installation = build_installation(self.config, self.config.secrets.signing_key(), self.clock)
            self.restart()
        except BaseException:  # nobody would close what was never made
            self._give_back()
            raise
        OPEN.append(self)

    def _move_in(self) -> None:
        """A PostgreSQL database gets its bystanders here."""
        with self.engine.begin() as connection:
            if self.bystanders and not neighbours.seen(connection)["raw_mail"]:
                neighbours.move_in(connection)

    def use_database(self, url: str) -> None:
        """Configured for this database from now on; what is open stays with the other."""
        self.database_url = url
        self.file.write_text(self._toml(), encoding="utf-8")
        self.config = load_config(self.file)
        file = sqlite_path(url)
        if self.durable or file is None:
            self.engine = open_engine(self.config.database.full_url().get_secret_value())
        else:
            self.engine = made_once.engine_on(str(file))

    @property
    def file(self) -> Path:
        return self.folder / "doithoai.toml"

    def _secret(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)

    def _toml(self) -> str:
        return f"""
[mailbox]
address = "{MAILBOX}"
display_name = "Ban Biên tập đối thoại"
{self.since}
authserv_id = "{self.authserv_id}"
{self.mailbox}
[imap]
host = "127.0.0.1"
port = {self.imap_port}
tls = "none"
user = "{MAILBOX}"
timeout_seconds = {self.imap_seconds}
poll_seconds = 2
[smtp]
host = "127.0.0.1"
port = {self.smtp_port}
tls = "none"
timeout_seconds = 10
connections = {self.connections}
[database]
url = "{self.database_url}"
[board]
name = "Ban Biên tập Cổng thông tin điện tử thành phố Hải Phòng"
phone = "0225 3000 000"
where_to_complain = "Ban Tiếp công dân thành phố Hải Phòng"
head = {{ name = "Trưởng Ban Biên tập", email = "{HEAD}" }}
office = {{ name = "Văn phòng UBND thành phố", email = "{OFFICE}" }}
officers = [{{ name = "Cán bộ tiếp nhận", email = "{OFFICER}" }}]
{self.extra}
{"" if "[desk]" in self.extra else "[desk]" + chr(10) + "answer_delay_minutes = 0"}
""" + "".join(self._unit(code) for code in self.units)

    @staticmethod
    def _unit(code: str) -> str:
        return f'\n[units.{code}]\naddress = "{unit_address(code)}"\ndomains = ["{code.lower()}.test"]\n'

    def restart(self) -> Service:
        """A new process as far as memory goes; the old one's connections die with it."""
        before: Service | None = getattr(self, "service", None)
        if before is not None:
            before.close()
        self.service = Service(self.engine, self.installation)
        self.service.start()
        return self.service

    def run(self, passes: int = 1) -> Report:
        """Full passes; the last one's report."""
        report = Report()
        for _ in range(passes):
            report = self.service.full_pass()
        return report

    def command(self, *words: str) -> int:
        """``doithoai WORDS`` on this house; its exit status."""
        return main([*words, "--config", str(self.file)])

    def rows(self, table: object, *conditions: object) -> list[dict[str, Any]]:
        """Rows of a table as mappings, but for the bystanders'; those of the outbox with their bytes."""
        table = WITH_BYTES if table is outbox else table
        key = table.c.id  # type: ignore[attr-defined]
        with self.engine.begin() as connection:
            found = connection.execute(select(table).where(key > 0, *conditions).order_by(key))  # type: ignore[call-overload]
            return [dict(row._mapping) for row in found]

    def newest(self, table: Table) -> dict[str, Any]:
        """The last row of a table; whoever has many does not read them all for it."""
        return self.rows(table, table.c.id == select(func.max(table.c.id)).scalar_subquery())[0]

    def sent_with(self, *, after: int = 0, **wanted: object) -> list[dict[str, Any]]:
        """The outbox's rows behind the id ``after`` that have these values: their bytes alone are read."""
        same = (WITH_BYTES.c[name] == value for name, value in wanted.items())
        return self.rows(outbox, WITH_BYTES.c.id > after, *same)

    @property
    def questions(self) -> list[dict[str, Any]]:
        return self.rows(question)

    @property
    def mails(self) -> list[dict[str, Any]]:
        return self.rows(raw_mail)

    @property
    def sent(self) -> list[dict[str, Any]]:
        return self.rows(outbox)

    def faults(self) -> list[str]:
        """What does not add up: conservation and the journal's chain."""
        with self.engine.begin() as connection:
            return books(connection)

    def unconserved(self) -> list[str]:
        """Where arrived is not done + held + quarantined."""
        with self.engine.begin() as connection:
            return conservation.conservation_faults(connection)

    def close(self) -> None:
        """Connections closed; the books must add up."""
        try:
            if self in OPEN:
                OPEN.remove(self)
                balance(self)
        finally:
            self.service.close()
            self._give_back()

    def _give_back(self) -> None:
        made_once.give_back(self.engine, str(sqlite_path(self.database_url)))


def books(connection: Connection) -> list[str]:
    """Conservation faults, and the first broken link of the journal."""
    broken = journal.broken_link(connection)
    return [*conservation.conservation_faults(connection), *([broken.what] if broken else [])]


def decide_stored(engine: Engine, installation: Installation, limit: int = 10_000) -> int:
    """Decide on at most ``limit`` of the stored mails that wait; returns how many got their fate."""
    return decide_on(engine, installation, lambda: None, stored_in_turn(engine, installation), limit)


def letter(
    sender: str,
    text: str,
    *,
    name: str = "",
    subject: str = "Hỏi",
    to: str = MAILBOX,
    message_id: str = "",
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[tuple[str, str, bytes]] = (),
) -> bytes:
    """A mail as a person's client writes it."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"{name} <{sender}>" if name else sender
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = message_id or f"<{abs(hash((sender, text, subject)))}@{sender.rpartition('@')[2]}>"
    message["Date"] = "Mon, 05 Oct 2026 09:00:00 +0700"
    for key, value in (headers or {}).items():
        message[key] = value
    message.set_content(text, cte="quoted-printable")
    for filename, kind, data in attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=filename)
    return message.as_bytes()


def answer_to(raw: bytes, sender: str, text: str, **options: object) -> bytes:
    """A reply to a mail of ours, threaded as a client does."""
    original = email.message_from_bytes(raw, policy=email.policy.default)
    to = str(original["Reply-To"] or original["From"])
    message_id = str(original["Message-ID"])
    subject = str(options.pop("subject", f"Re: {original['Subject']}"))
    quoted = "\n".join(f"> {line}" for line in _plain(original).splitlines())
    body = f"{text}\n\nVào Th 2, 5 thg 10, 2026 vào lúc 09:00 Ban Biên tập <{MAILBOX}> đã viết:\n{quoted}\n"
    headers = {"In-Reply-To": message_id, "References": message_id}
    return letter(sender, body, subject=subject, to=to, headers=headers, **options)  # type: ignore[arg-type]


def _plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def files_of(raw: bytes) -> dict[str, bytes]:
    """A mail's attachments by their names."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return {str(one.get_filename()): payload_of(one) for one in message.iter_attachments()}


def sender_of(raw: bytes) -> str:
    """The address in From; "" for none."""
    return parseaddr(_field_of(_head_of(raw), "From", email.policy.compat32))[1]


def payload_of(part: Message) -> bytes:
    """What a leaf of a mail holds, decoded."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def text_of(raw: bytes) -> str:
    """The plain text of a mail, as its reader sees it."""
    return _plain(email.message_from_bytes(raw, policy=email.policy.default))


def subject_of(raw: bytes) -> str:
    return _field_of(_head_of(raw), "Subject", email.policy.default)


def _head_of(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


@lru_cache(maxsize=4096)
def _field_of(head: bytes, name: str, policy: email.policy.Policy) -> str:
    """A field of a mail's header, "" for none: tests look for one mail of ours among many again and again."""
    return str(email.message_from_bytes(head, policy=policy)[name] or "")
