"""A city on a virtual clock: people ask at random, units, officers and the Head answer late, wrongly or never.

The daemon's decisions and the database are the real ones; mail servers are left out: what leaves is marked as
sent, what arrives is written into the ledger. The daemon stands still for days, and its clock jumps.
"""

from __future__ import annotations

import heapq
import itertools
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from daemon.base.errors import PermanentError
from daemon.loop.due import work_due
from daemon.papers.sessions import Marking, SessionService
from db.core import counters
from db.core.tables import question
from db.mails import ledger
from db.mails.ledger import Arrived
from db.outbox import outbox
from rules.law.session_rules import LeaderForm, Mark, PaperKind, SessionForm
from tests.installation import MAILBOX, OFFICER, WITH_BYTES, Clock, LiveInstallation, answer_to, decide_stored, letter
from tests.world import FORM, SIGNATURE

START = datetime(2025, 11, 10, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXTS = (
    "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?",
    "Tôi nộp hồ sơ cấp giấy chứng nhận quyền sử dụng đất đã quá hạn, xin hỏi bao giờ có sổ đỏ?",
    "Con tôi học lớp 1 trường tiểu học, nhà trường thu nhiều khoản ngoài quy định, xin hỏi có đúng không?",
    "Bệnh viện yêu cầu mua thuốc ngoài danh mục bảo hiểm y tế, Sở Y tế có kiểm tra không?",
    "Cho tôi hỏi thủ tục đăng ký doanh nghiệp và vay vốn ưu đãi cần giấy tờ gì?",
    "Đề nghị cho biết lịch cắt điện tuần này của khu phố tôi, điện mất liên tục buổi tối.",
    "Tôi muốn hỏi việc của gia đình tôi đã nêu hôm trước, nhiều nơi chưa trả lời, cơ quan nào giải quyết?",
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A session of the programme and what becomes of it."""

    day: tuple[int, int, int]
    level: str
    units: tuple[str, ...]
    ad_hoc: bool = False
    moved_to: tuple[int, int, int] | None = None
    cancelled: bool = False


PROGRAMME = (
    Planned((2025, 12, 18), "city", ("SXD", "SNNMT")),
    Planned((2026, 1, 15), "unit", ("SYT",)),
    Planned((2026, 3, 3), "unit", ("SGDDT",)),
    Planned((2026, 5, 7), "city", ("SXD", "SNNMT", "SYT")),
    Planned((2026, 8, 20), "unit", ("SNNMT",), moved_to=(2026, 8, 27)),
    Planned((2026, 9, 24), "unit", ("SXD",), cancelled=True),
    Planned((2026, 10, 15), "unit", ("STC",), ad_hoc=True),
    Planned((2026, 11, 26), "city", ()),
)
"""Eight sessions: one across Tết, one moved, one cancelled, one ad hoc."""


LOOK = (
    "select exists(select 1 from raw_mail where status = 'stored')"
    " or exists(select 1 from duty where status = 'open' and next_at <= ?)"
    " or exists(select 1 from outbox where status = 'pending' and next_attempt_at <= ?)"
)


@dataclass(slots=True)
class World:
    """One run. ``days`` from :data:`START`; the same seed gives the same run."""

    folder: Path
    seed: int
    profile: Path | None = None
    """The profile file of another city; None = the shipped one."""
    days: int = 400
    asked: int = 500
    step: timedelta = HOUR
    clock: Clock = field(default_factory=lambda: Clock(START))
    house: LiveInstallation = field(init=False)
    desk: SessionService = field(init=False)
    chance: random.Random = field(init=False)
    jumps: list[datetime] = field(init=False)
    true_time: datetime = START
    queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    order: itertools.count[int] = field(default_factory=itertools.count)
    seen: int = 0
    uid: int = 0
    downtimes: list[tuple[datetime, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.house = LiveInstallation(self.folder, 1, 1, extra=self._rules(), clock=self.clock)
        self.desk = SessionService(self.house.engine, self.house.installation, "console:canbo")
        self.jumps = [START + DAY * self.chance.randrange(10, self.days) for _ in range(6)]

    def _rules(self) -> str:
        """The operator's rules folder with nothing but the profile in it."""
        if self.profile is None:
            return ""
        folder = self.folder / "rules" / "profiles"
        folder.mkdir(parents=True)
        (folder / "another.toml").write_bytes(self.profile.read_bytes())
        return f'[rules]\nfolder = "{folder.parent}"\nprofile = "another"\n'

    @property
    def end(self) -> datetime:
        return START + DAY * self.days

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Somebody will do something."""
        heapq.heappush(self.queue, (when, next(self.order), act))

    def later(self, low: float, high: float, act: Callable[[], None]) -> None:
        """The same between so many hours from now."""
        self.at(self.true_time + HOUR * self.chance.uniform(low, high), act)

    def run(self) -> None:
        """All of it, hour by hour."""
        for _ in range(self.asked):
            self.at(START + (self.end - START - 3 * DAY) * self.chance.random(), self._ask)
        for planned in PROGRAMME if self.house.installation.board.law.profile.sessions.held else ():
            self._plan(planned)
        stops = sorted(self.chance.randrange(5, self.days - 12) for _ in range(max(2, self.days // 50)))
        pauses = [(START + DAY * day, START + DAY * day + DAY * self.chance.uniform(0, 10)) for day in stops]
        up = True
        while self.true_time < self.end:
            self.true_time += self.step
            self.clock.at = self.true_time + (HOUR if self._jumped() else HOUR * 0)
            while self.queue and self.queue[0][0] <= self.true_time:
                heapq.heappop(self.queue)[2]()
            down = any(start <= self.true_time < stop for start, stop in pauses)
            if down and up:
                self._looked()
            elif not down and (not up or self._something_to_do()):
                self._pass(restarted=not up)
            up = not down
        self.downtimes = pauses

    def _looked(self) -> None:
        """The last pass before a stop: what the daemon finds at its next start."""
        with self.house.engine.begin() as connection:
            counters.set_instant(connection, "last_pass", self.clock() - self.step)

    def _something_to_do(self) -> bool:
        """A look that costs nothing; most hours bring nothing."""
        now = self.clock().replace(tzinfo=None).isoformat(" ")
        with self.house.engine.connect() as connection:
            return bool(connection.exec_driver_sql(LOOK, (now, now)).scalar())

    def _jumped(self) -> bool:
        return any(one <= self.true_time < one + 5 * HOUR for one in self.jumps)

    def _pass(self, *, restarted: bool) -> None:
        service, engine = self.house.service, self.house.engine
        if restarted:
            service = self.house.restart()
        decide_stored(engine, self.house.installation)
        work_due(engine, self.house.installation, lambda: None, service.down)
        with engine.begin() as connection:
            for row in outbox.claim_due(connection, "sim", self.clock(), 1000):
                outbox.mark_sending(connection, row.id, "sim", self.clock())
                outbox.mark_sent(connection, row.id, 250, "ok", self.clock())
            fresh = connection.execute(
                select(WITH_BYTES).where(WITH_BYTES.c.id > self.seen, WITH_BYTES.c.status == "sent")
            ).all()
        for row in fresh:
            self.seen = max(self.seen, row.id)
            self._read(row.name, row.recipient, row.subject, bytes(row.bytes))

    def _write(self, raw: bytes) -> None:
        """A mail arrives in the mailbox; the daemon finds it when it runs."""
        self.uid += 1
        with self.house.engine.begin() as connection:
            ledger.store(connection, MAILBOX, 1, [Arrived(self.uid, raw, self.true_time)], self.true_time)

    def _ask(self) -> None:
        number = self.chance.randrange(10**6)
        text = f"{self.chance.choice(TEXTS)} Việc này kéo dài từ lâu, hồ sơ số {number}."
        self._write(letter(f"nguoidan{number}@dan.test", text + SIGNATURE, subject=f"Hỏi việc số {number}"))

    def _read(self, name: str, recipient: str, subject: str, raw: bytes) -> None:
        """Whoever got the mail may answer it."""
        acts = {
            "unit_forward": self._unit,
            "head_approval": self._head,
            "officer_review": self._officer,
            "session_marks": self._marks,
            "officer_alert": self._alerted,
        }
        if name in acts:
            acts[name](recipient, subject, raw)

    def _answer(self, raw: bytes, sender: str, text: str, low: float, high: float) -> None:
        salt = self.chance.randrange(10**9)
        headers = f"<tra-loi-{salt}@{sender.rpartition('@')[2]}>"
        self.later(low, high, lambda: self._write(answer_to(raw, sender, text, message_id=headers)))

    def _unit(self, recipient: str, _: str, raw: bytes) -> None:
        dice = self.chance.random()
        said = f"Đơn vị trả lời: việc đã được kiểm tra, sẽ giải quyết xong trong tháng tới (số {self.seen})."
        if dice < 0.75:
            self._answer(raw, recipient, said, 5, 24 * 9)
        elif dice < 0.87:
            self._answer(raw, recipient, said, 24 * 14, 24 * 30)
        elif dice < 0.93:
            self._answer(raw, recipient, "Không thuộc thẩm quyền, đề nghị chuyển Sở Nội vụ.", 5, 60)
        elif dice < 0.96:
            self._answer(raw, recipient, "Đã nhận.", 1, 10)

    def _head(self, recipient: str, subject: str, raw: bytes) -> None:
        if self.chance.random() < 0.08 and "câu trả lời" not in subject:
            self._answer(raw, recipient, "Trả lại: cần ghi rõ hơn địa điểm", 1, 30)
        else:
            self._answer(raw, recipient, "Duyệt", 1, 30)

    def _officer(self, _: str, __: str, raw: bytes) -> None:
        self._answer(raw, OFFICER, self.chance.choice(["Chuyển SXD", "Chuyển SNV", "Chuyển SYT"]), 1, 40)

    def _alerted(self, recipient: str, subject: str, raw: bytes) -> None:
        code = re.search(r"HP-\d{4}-\d{6}", subject)
        if recipient == OFFICER and code and "từ chối" in subject:
            self._answer(raw, OFFICER, f"{code.group()} chuyển SKHCN", 1, 40)

    def _marks(self, _: str, subject: str, __: bytes) -> None:
        code = re.search(r"P-\d{4}-\d{2}", subject)
        if code:
            self._in_hours(self.true_time + self.chance.uniform(0, 2) * DAY, lambda: self._close(code.group()))

    def _close(self, code: str) -> None:
        session = self.desk.show(code)
        with self.house.engine.begin() as connection:
            rows = connection.execute(
                select(question.c.code, question.c.status).where(
                    question.c.session_id == session.id,
                    question.c.session_mark == "",
                    question.c.status.not_in(["rejected"]),
                )
            ).all()
        for row in rows:
            mark = Mark.ANSWERED if row.status == "answered" else self.chance.choice(list(Mark))
            unit = "SVHTTDL" if mark is Mark.ELSEWHERE else ""
            try:
                self.desk.close(code, [Marking(row.code, mark, unit, "đã có văn bản trả lời chung")])
            except PermanentError:
                self.desk.close(code, [Marking(row.code, Mark.ANSWERED)])

    def _in_hours(self, when: datetime, act: Callable[[], None]) -> None:
        """At that time or some hours later, when the office is open (08:00 to 16:00 in the city)."""
        self.at(when.replace(hour=self.chance.randrange(1, 9)), act)

    def _plan(self, planned: Planned) -> None:
        start = datetime(*planned.day, 1, 30, tzinfo=UTC)
        if start > self.end:
            return
        form = replace(
            FORM,
            topic=f"Đối thoại ngày {start:%d/%m/%Y}",
            start=start,
            level=planned.level,
            unit=planned.units[0] if planned.level == "unit" else "",
            chair=LeaderForm("Trần Văn Bình", "Phó Chủ tịch"),
            units=planned.units,
            ad_hoc=planned.ad_hoc,
            direction="Công văn số 9/UBND" if planned.ad_hoc else "",
        )
        self._in_hours(max(START + 2 * HOUR, start - 40 * DAY), lambda: self._propose(form, planned))

    def _propose(self, form: SessionForm, planned: Planned) -> None:
        code = self.desk.propose(form)[0].code
        self._prepare(code, form)
        start = form.start
        if planned.moved_to:
            moved = datetime(*planned.moved_to, 1, 30, tzinfo=UTC)
            self._in_hours(start - 9 * DAY, lambda: self._move(code, form, moved))
            start = moved
        if planned.cancelled:
            self._in_hours(start - 6 * DAY, lambda: self.desk.cancel(code, "Bão số 9"))
        else:
            self.at(start + 6 * HOUR, lambda: self._hold(code, start))

    def _move(self, code: str, form: SessionForm, moved: datetime) -> None:
        self.desk.move(code, moved, "Trùng kỳ họp")
        self._prepare(code, replace(form, start=moved))

    def _prepare(self, code: str, form: SessionForm) -> None:
        """Whatever paper is next is put up; a returned one is put up again with another place; looked at daily."""
        status = self.desk.show(code).status.value
        try:
            match status:
                case "proposed":
                    self._decide(code, form)
                case "topic_approved":
                    self._again(code, form, PaperKind.PLAN)
                case "plan_issued":
                    self._announce(code)
        except PermanentError:
            pass
        if status in {"proposed", "topic_approved", "plan_issued"}:
            self.later(8, 30, lambda: self._prepare(code, form))

    def _decide(self, code: str, form: SessionForm) -> None:
        """The leader decides some days after the Head has agreed; until then the proposal may be put up again."""
        try:
            if self.chance.random() < 0.5:
                self.desk.decide(code, "Công văn số 12/UBND-VX")
        except PermanentError:
            self._again(code, form, PaperKind.PROPOSAL)

    def _again(self, code: str, form: SessionForm, kind: PaperKind) -> None:
        if not self.desk.put_up(code, kind) and self.chance.random() < 0.1:
            self.desk.amend(code, replace(form, place=f"Phòng họp số {self.chance.randrange(3, 99)}"))
            self.desk.put_up(code, kind)

    def _announce(self, code: str) -> None:
        try:
            self.desk.announce(code, "https://haiphong.test/thong-bao")
        except PermanentError:
            self.desk.put_up(code, PaperKind.NOTICE)

    def _hold(self, code: str, start: datetime) -> None:
        try:
            self.desk.hold(code, start, start + 2 * HOUR)
        except PermanentError:
            self.desk.cancel(code, "Không kịp chuẩn bị")
