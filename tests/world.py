"""The one world of the tests: a house, the people around it, and how a mail travels between them.

Which road a mail takes is an option: at a desk it is laid into the ledger and decided on, and what would leave is
read in the outbox; with ``sends`` what is due is done and what leaves is marked as sent; with ``servers`` all of it
goes through real connections. What a test calls to act and to look is the same on each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sqlalchemy import func, select

from daemon.loop.due import send_overviews, work_due
from daemon.papers.sessions import SessionService
from db.core.tables import journal, outbox, question, raw_mail
from db.mails import ledger
from db.mails.ledger import Arrived
from db.outbox import outbox as letters
from rules.law.session_rules import LeaderForm, SessionForm, TaskForm
from rules.values.data_file import SHIPPED
from tests.installation import (
    HEAD,
    MAILBOX,
    MONDAY,
    OFFICE,
    OFFICER,
    UNITS,
    Clock,
    LiveInstallation,
    answer_to,
    decide_stored,
    letter,
    sender_of,
    subject_of,
    text_of,
    unit_address,
)
from tests.made_once import Register
from tests.support import acts, neighbours

if TYPE_CHECKING:
    from daemon.demo.servers import EmbeddedServers

T = TypeVar("T")
AUTHSERV = "mx.haiphong.test"
NO_SERVER = 9
"""The port of a server that is not there."""
ROAD = "Kính gửi Ban Biên tập, đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
SIGNATURE = "\n\nNguyễn Văn An\nSố 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\nĐT: 0912 000 111\n"
LETTER = ROAD + SIGNATURE
"""A question that goes to SXD by itself, with all that clause 8.1 asks of its sender."""
UNSURE = "Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?" + SIGNATURE
"""A question that waits for an officer."""
CITIZEN, NEIGHBOUR, STRANGER = "an@dan.test", "ba@dan.test", "tu@dan.test"
DEPUTY, CHAIR = "photruongban@haiphong.test", "chutri@haiphong.test"
PEOPLE = (
    *(MAILBOX, OFFICER, OFFICE, HEAD, DEPUTY, CHAIR, CITIZEN, NEIGHBOUR, STRANGER),
    *(f"{name}@dan.test" for name in ("binh", "chi", "chu", "du", "ke-khac")),
    *("vanthu@thp.test", *map(unit_address, UNITS)),
)
"""Who has a mailbox where there are servers."""
PROFILES = Path(__file__).parent / "data" / "profiles"
FORM = SessionForm(
    topic="Hạ tầng đô thị và trật tự xây dựng",
    start=datetime(2026, 11, 26, 1, 30, tzinfo=UTC),  # Thursday, 08:30 in the city
    minutes=120,
    place="Phòng họp số 2",
    chair=LeaderForm("Trần Văn Bình", "Phó Chủ tịch Ủy ban nhân dân thành phố", email=CHAIR),
    leaders=(LeaderForm("Phạm Quốc Khánh", "Phó Giám đốc", "Sở Xây dựng"),),
    units=("SXD", "SNNMT"),
    purpose=("Trả lời câu hỏi của người dân về hạ tầng đô thị.",),
    requirements=("Trả lời đúng trọng tâm, đúng thẩm quyền.",),
    manner=("Trực tuyến trên Cổng thông tin điện tử thành phố.",),
    coordination=(TaskForm("Sở Xây dựng", "Trả lời câu hỏi được chuyển."),),
    reasons=("Nhiều câu hỏi về đường sá trong sáu tháng qua.",),
)
"""A session of the city, as an officer dictates it."""


BEGUN: dict[bytes, tuple[bytes, datetime, Any, Any]] = {}
"""How stories began in this process: the register, the hour, the next mail's number, and what the story gave."""


class MailServers(Protocol):
    """What a world wants of its servers: embedded ones, those that behave like other products, and real ones."""

    @property
    def imap_port(self) -> int: ...

    @property
    def smtp_port(self) -> int: ...

    def deliver(self, recipient: str, raw: bytes, when: datetime | None = None) -> object: ...

    def mails(self, user: str) -> list[bytes]: ...


def vouched(raw: bytes, domain: str = "", authserv_id: str = AUTHSERV, result: str = "pass") -> bytes:
    """The mail as our own server delivers it: its word on the sender (or ``domain``) above its own Received."""
    domain = domain or sender_of(raw).rpartition("@")[2]
    head = (
        f"Authentication-Results: {authserv_id};\r\n dmarc={result} header.from={domain}\r\n"
        f"Received: from mx.{domain} by {authserv_id}; Mon, 5 Oct 2026 09:00:00 +0700\r\n"
    )
    return head.encode() + raw


def rules_of(folder: Path, changes: Sequence[tuple[str, str]] = ()) -> Path:
    """A rules folder of an operator whose profile ``thu`` is the shipped one with some texts replaced."""
    text = (SHIPPED / "profiles" / "hp-1374-2016.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "profiles").mkdir(parents=True)
    (folder / "profiles" / "thu.toml").write_text(text, encoding="utf-8")
    return folder


class World:
    """A house at ``folder``, its clock ``at`` a Monday morning; ``options`` are those of :class:`LiveInstallation`.

    Without ``servers`` and ``authserv_id`` of its own, its mail server vouches for what ``write``, ``ask`` and
    ``reply`` bring; ``arrive`` brings the bytes as they are.
    """

    def __init__(
        self,
        folder: Path,
        servers: MailServers | None = None,
        *,
        sends: bool = False,
        authserv_id: str | None = None,
        rules: Path | None = None,
        profile: str = "",
        extra: str = "",
        at: datetime = MONDAY,
        **options: Any,
    ) -> None:
        self._servers, self.sends = servers, sends
        ports = (servers.imap_port, servers.smtp_port) if servers else (NO_SERVER, NO_SERVER)
        if authserv_id is None:
            authserv_id = "" if servers else AUTHSERV
        if rules or profile:
            folder_line = f'folder = "{rules}"\n' if rules else ""
            extra += f'\n[rules]\n{folder_line}profile = "{profile or "hp-1374-2016"}"\n'
        options = {"clock": Clock(at), "bystanders": True, **options}
        self.house = LiveInstallation(folder, *ports, authserv_id=authserv_id, extra=extra, **options)
        self._uid = 0

    @property
    def servers(self) -> EmbeddedServers:
        """The servers; those that are not embedded ones have less to offer."""
        return self._servers  # type: ignore[return-value]

    @property
    def desk(self) -> SessionService:
        """Sessions at the console."""
        return SessionService(self.house.engine, self.house.installation, "console:test")

    def close(self) -> None:
        """Done; what does not add up fails the test."""
        faults = self.faults()
        self.house.close()
        assert faults == [], faults

    def faults(self) -> list[str]:
        """What does not add up, and what became of bystanders."""
        with self.house.engine.begin() as connection:
            hurt = neighbours.hurt(connection) if self.house.bystanders else []
        return [*self.house.faults(), *hurt]

    def begin(self, key: object, story: Callable[[], T]) -> T:
        """What ``story`` gives. Another house that begins so is set where it led: it is not played anew."""
        if self._servers is not None or (register := Register.of(self.house)) is None:
            return story()
        at = register.digest((story.__module__, story.__qualname__, key))
        if at not in BEGUN:
            gave = story()
            BEGUN[at] = (register.content(), self.house.clock.at, self._uid, gave)
        else:
            register.set(BEGUN[at][0])
            _, self.house.clock.at, self._uid, _ = BEGUN[at]
        return BEGUN[at][3]  # type: ignore[no-any-return]

    # -- what happens ---------------------------------------------------------------------------

    def store(self, *raws: bytes) -> None:
        """Lay mails into the ledger."""
        now = self.house.clock()
        with self.house.engine.begin() as connection:
            arrived = [Arrived(self._uid + at, raw, now) for at, raw in enumerate(raws, 1)]
            ledger.store(connection, MAILBOX, 7, arrived, now)
        self._uid += len(raws)

    def arrive(self, *raws: bytes) -> dict[str, Any]:
        """Lay mails into the ledger and decide on them; the last one's row. Nothing is fetched and nothing sent."""
        self.store(*raws)
        self.decide()
        return self.house.newest(raw_mail)

    def decide(self) -> None:
        """Decide on what lies in the ledger."""
        decide_stored(self.house.engine, self.house.installation)

    def write(self, raw: bytes) -> None:
        """A mail arrives now, by this world's road, and whatever follows at once is done."""
        if self._servers is not None:
            self._servers.deliver(MAILBOX, raw, self.house.clock.at)
            self.house.run()
            return
        self.arrive(vouched(raw) if self.house.authserv_id else raw)
        if self.sends:
            self.look()

    def look(self) -> None:
        """A pass without servers: decide, do what is due, and take what leaves for sent."""
        self.decide()
        self.due()
        with self.house.engine.begin() as connection:
            for row in letters.claim_due(connection, "quiet", self.house.clock(), 1000):
                letters.mark_sending(connection, row.id, "quiet", self.house.clock())
                letters.mark_sent(connection, row.id, 250, "ok", self.house.clock())

    def due(self) -> int:
        """What has come up by the clock."""
        return work_due(self.house.engine, self.house.installation, lambda: None)

    def overviews(self) -> None:
        """The morning's mail to the officers."""
        send_overviews(self.house.engine, self.house.installation)

    def let_pass(self, **delta: float) -> None:
        """Time passes, then there is a pass."""
        self.house.clock.forward(**delta)
        self._pass()

    def at(self, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> None:
        """The clock stands at that time, UTC, and there is a pass."""
        self.house.clock.at = datetime(year, month, day, hour, minute, tzinfo=UTC)
        self._pass()

    def _pass(self) -> None:
        if self._servers is None:
            return self.look()
        self.house.service.catch_up()
        self.house.run()
        return None

    def ask(self, text: str = LETTER, sender: str = CITIZEN, **options: Any) -> dict[str, Any]:
        """A citizen's question; its register row."""
        self.write(letter(sender, text, **options))
        return self.house.newest(question)

    def reply(self, address: str, text: str, about: str = "", **options: Any) -> None:
        """Somebody (another ``sender``) answers the last mail they were sent (with these words in its subject)."""
        chosen = [one for one in self.inbox(address) if about in subject_of(one)][-1]
        self.write(answer_to(chosen, str(options.pop("sender", address)), text, **options))

    def answers(self, name: str, who: str, text: str, **options: Any) -> dict[str, Any]:
        """Somebody answers our last mail of a name, vouched for; the ledger's row of it, decided on."""
        return self.arrive(vouched(answer_to(self.last(name, who), who, text, **options)))

    # -- what is seen of it ---------------------------------------------------------------------

    @property
    def question(self) -> dict[str, Any]:
        """The newest register row."""
        return self.house.newest(question)

    def of_question(self, code: str) -> list[dict[str, Any]]:
        """The register's row of a question, for comparison with what it is later."""
        return [row for row in self.house.questions if row["code"] == code]

    def inbox(self, address: str) -> list[bytes]:
        """What somebody was sent, oldest first; without servers, what is on its way too."""
        if self._servers is not None:
            return self._servers.mails(address)
        return [bytes(row["bytes"]) for row in self.house.sent_with(recipient=address)]

    def last(self, what: str, recipient: str = "") -> bytes:
        """The last mail to an address, or the last of a name (``unit_forward``) in the outbox (to that recipient)."""
        if "@" in what:
            return self.inbox(what)[-1]
        wanted: dict[str, Any] = {"name": what} | ({"recipient": recipient} if recipient else {})
        return bytes(self.house.sent_with(**wanted)[-1]["bytes"])

    def about(self, address: str, code: str) -> list[bytes]:
        """The mails about one question that somebody was sent: no overviews."""
        return [raw for raw in self.inbox(address) if code in subject_of(raw)]

    def names(self, address: str) -> list[str]:
        """The names of the notices that somebody was sent."""
        return [str(row["name"]) for row in self.house.sent_with(recipient=address)]

    def names_after(self, raw: bytes) -> list[str]:
        """Names of the mails that an arriving one leads to."""
        before = self.last_sent()
        self.arrive(raw)
        return [str(one["name"]) for one in self.house.sent_with(after=before)]

    def last_sent(self) -> int:
        """The id of the newest mail in the outbox; 0 for none."""
        with self.house.engine.begin() as connection:
            return max(0, connection.execute(select(func.max(outbox.c.id))).scalar() or 0)

    def rows(self, table: object) -> list[dict[str, Any]]:
        return self.house.rows(table)

    def journal(self) -> list[str]:
        """What has been done, act by act."""
        with self.house.engine.begin() as connection:
            return list(connection.execute(select(journal.c.act).order_by(journal.c.seq)).scalars())

    def statuses(self) -> list[str]:
        """The register's, in its order."""
        return [str(row["status"]) for row in self.house.questions]

    def state(self) -> dict[str, list[object]]:
        """What an act by mail would change: register, who has what, answers, tokens, fates."""
        return acts.state(self.house.engine)


@contextmanager
def world(
    folder: Path,
    *,
    servers: bool | MailServers = False,
    adds_up: bool = True,
    kind: type[World] = World,
    **options: Any,
) -> Iterator[World]:
    """A world at ``folder``. ``servers`` are embedded ones with a mailbox for all ``PEOPLE``, or those given.

    Its books add up when it is left, unless ``adds_up`` is false: for a test that breaks them itself.
    """
    with ExitStack() as stack:
        if servers is True:
            from daemon.demo.servers import EmbeddedServers  # a world without servers does not stand on them

            servers = stack.enter_context(EmbeddedServers(dict.fromkeys(PEOPLE, "secret")))
        made = kind(folder, servers or None, **options)
        stack.callback(made.house.close)
        yield made
        faults = made.faults() if adds_up else []
        assert faults == [], faults


def said(raw: bytes) -> str:
    """A mail's text on one line."""
    return " ".join(text_of(raw).split())


def order(house: World, text: str, name: str = "officer_review", to: str = OFFICER) -> str:
    """The officer answers our last mail of that name; what the officer is told, on one line."""
    house.answers(name, to, text)
    return said(house.last("officer_done", to))


def order_today(house: World, text: str, name: str = "officer_digest") -> str:
    """The officer answers the morning's mail, or another of ours; what the officer is told."""
    return order(house, text, name)


def asker_says(
    house: World, text: str, name: str = "citizen_received", who: str = CITIZEN, files: object = ()
) -> list[tuple[str, str]]:
    """The asker answers our last mail of that name; names and recipients of what follows."""
    before = house.last_sent()
    house.answers(name, who, text, attachments=files)
    return [(str(row["name"]), str(row["recipient"])) for row in house.house.sent_with(after=before)]
