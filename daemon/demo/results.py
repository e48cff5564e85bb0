"""The result of the demonstration: counted, shown on the screen, and written into a folder for inspection.

The figures come from the stores: the database, the IMAP folders, the mails that the SMTP server took. The screen's
timeline has one line per scene, under the day on which it happened. The folder holds every mail as ``.eml``, the
register as CSV, and a page that shows what happened when.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from sqlalchemy import ColumnElement, Connection, Table, func, select

from daemon.config.database import transaction
from daemon.demo.letters import CITY, read
from daemon.demo.play import Scene, SessionView, days_of, views
from daemon.demo.servers import Town
from daemon.papers.register_book import safe_cell
from db.core import journal
from db.core.tables import assignment, duty, outbox, question, raw_mail
from db.reports import conservation
from rules.law.session_rules import MARKS_WITH_POINT

ANSWERED = ("answered", "approved", "published")


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def summary(town: Town) -> dict[str, int]:
    """The numbers of the last line of ``demo --json``.

    ``registered`` questions in the register; ``forwarded`` of them went to a unit; ``answered``, ``rejected``: how
    they ended, including mails rejected without a number; ``waiting`` neither; ``notified`` mails sent to citizens;
    ``late`` answers that units owed past their due date; ``lost`` and ``duplicated``: see those functions.
    """
    with transaction(town.engine) as connection:
        fates = Counter[str](row.fate for row in connection.execute(select(raw_mail.c.fate)))
        registered = _count(connection, question)
        leads = select(assignment.c.id).where(assignment.c.role == "lead")
        rejected_questions = _count(connection, question, question.c.status == "rejected")
        answered = _count(connection, question, question.c.status.in_(ANSWERED))
        return {
            "registered": registered,
            "forwarded": _forwarded(connection),
            "answered": answered,
            "notified": _count(connection, outbox, outbox.c.role == "citizen", outbox.c.status == "sent"),
            "rejected": rejected_questions + fates["reject"],
            "late": _count(connection, duty, duty.c.assignment_id.in_(leads), duty.c.was_late.is_(True)),
            "lost": len(lost(town, connection)),
            "duplicated": len(duplicated(town, connection)),
            "waiting": registered - answered - rejected_questions,
            "held": _count(connection, raw_mail, raw_mail.c.status == "held"),
            "ignored": fates["ignore"],
            "quarantined": _count(connection, raw_mail, raw_mail.c.status == "quarantined"),
            "bounced": _count(connection, outbox, outbox.c.bounced_at.is_not(None)),
            "mails_in": _count(connection, raw_mail),
            "mails_out": _count(connection, outbox, outbox.c.sent_at.is_not(None)),
        }


def _forwarded(connection: Connection) -> int:
    return int(connection.execute(select(func.count(assignment.c.question_id.distinct()))).scalar_one())


def lost(town: Town, connection: Connection) -> list[str]:
    """Mails that the IMAP server has and the ledger does not, or whose fate does not show on the server; mails marked
    as sent that the SMTP server never took; and every fault of the books."""
    mailbox = town.play.mailbox
    on_server = sum(len(town.servers.mails(mailbox, folder)) for folder in town.servers.folders(mailbox))
    in_ledger = _count(connection, raw_mail)
    left = len(town.servers.mails(mailbox))
    taken = _taken(town)
    missing = [
        row.message_id
        for row in connection.execute(select(outbox.c.message_id).where(outbox.c.status == "sent"))
        if not taken[f"<{row.message_id.strip('<>')}>"]
    ]
    faults = [f"{on_server} mails on the server, {in_ledger} in the ledger"] if on_server != in_ledger else []
    faults += [f"{left} mails are still in INBOX"] if left else []
    faults += [f"{message_id} was never taken" for message_id in missing]
    broken = journal.broken_link(connection)
    return [*faults, *conservation.conservation_faults(connection), *([broken.what] if broken else [])]


def duplicated(town: Town, connection: Connection) -> list[str]:
    """Mails that were sent more than once, and people's mails that were registered more than once."""
    twice = [f"{message_id} went out {count} times" for message_id, count in _taken(town).items() if count > 1]
    identities = select(raw_mail.c.identity).where(raw_mail.c.fate == "register")
    registered = Counter[str](row.identity for row in connection.execute(identities))
    return twice + [f"a mail was registered {count} times" for count in registered.values() if count > 1]


def _taken(town: Town) -> Counter[str]:
    """How often the SMTP server took each Message-ID of ours."""
    own = town.play.mailbox.partition("@")[0] + "+"
    return Counter(read(sent.raw).message_id for sent in town.servers.sent if sent.sender.startswith(own))


def register_rows(connection: Connection) -> list[dict[str, Any]]:
    """The register for the page, oldest first, each question with its units."""
    rows = [dict(row._mapping) for row in connection.execute(select(question).order_by(question.c.id))]
    for row in rows:
        held = connection.execute(
            select(assignment).where(assignment.c.question_id == row["id"]).order_by(assignment.c.id)
        )
        row["assignments"] = [dict(one._mapping) for one in held]
    return rows


WIDTH = 76
FATES = {
    "register": "registered",
    "attach": "attached to its case",
    "hold": "held for an officer",
    "reject": "rejected",
    "ignore": "filed, never answered",
    "quarantine": "quarantined",
}
LABELS = {
    "registered": "questions registered",
    "forwarded": "forwarded to a department",
    "answered": "answered",
    "notified": "mails to citizens",
    "rejected": "rejected, with the reason",
    "late": "departments' answers late, citizens told",
    "lost": "lost",
    "duplicated": "registered or sent twice",
    "waiting": "still open",
    "held": "held for a person",
    "bounced": "came back undeliverable",
    "mails_in": "mails in",
    "mails_out": "mails out",
}


class Screen:
    """Prints scenes as they happen, and keeps them for the page."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self._day: date | None = None

    def __call__(self, scene: Scene) -> None:
        """Print and keep one scene."""
        self.scenes.append(scene)
        at = scene.at.astimezone(CITY)
        if at.date() != self._day:
            self._day = at.date()
            _say(f"\n{at:%A %d %B %Y}")
        _say(f"  {at:%H:%M} {_line(scene)}")


def _line(scene: Scene) -> str:
    match scene.way:
        case "in":
            note = f"  ({scene.note})" if scene.note else ""
            return f"-> {_short(scene.who, 24)}: {_short(scene.what)}{note}"
        case "out":
            return f"<- {_short(scene.who, 30)}: {_short(scene.what)}"
        case "desk":
            return f"## {scene.what}"
        case _:
            state = f", {scene.note}" if scene.note in {"held", "quarantined"} and scene.who != "hold" else ""
            return f"   = {FATES.get(scene.who, scene.who)}{state}"


def _short(text: str, width: int = WIDTH) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def tell_summary(figures: Mapping[str, int], seconds: float) -> None:
    """Print the result, one line per figure."""
    _say("\nWhat came of it (counted from the database and the mail servers):")
    for key, label in LABELS.items():
        _say(f"  {figures[key]:>4}  {label}")
    _say(f"  {figures['days']} days passed in {seconds:.1f} seconds.")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


STATUS = {
    "received": "đã tiếp nhận",
    "needs_review": "chờ cán bộ xem xét",
    "rejected": "không tiếp nhận",
    "forwarded": "đã chuyển đơn vị",
    "answered": "đã trả lời",
    "approved": "đã trả lời, duyệt để đăng",
    "published": "đã trả lời và đăng",
    "refused": "đơn vị từ chối",
    "replaced": "đã thay",
}
PAGE_FATES = {
    "register": "đăng ký vào sổ",
    "attach": "gắn vào hồ sơ",
    "hold": "giữ chờ cán bộ",
    "reject": "không tiếp nhận",
    "ignore": "lưu, không trả lời",
    "quarantine": "cách ly",
}
STAGES = {"closed": "đã kết thúc, mọi câu hỏi có kết quả", "held": "đã tổ chức", "cancelled": "đã hủy"}
DUTIES = {"met": "đúng hạn", "late": "chậm", "open": "đang chờ", "void": "không còn"}
PAPERS = {"approved": "đã duyệt", "returned": "trả lại", "shown": "đang trình", "void": "không còn hiệu lực"}
REGISTER = ("code", "received_at", "asker_name", "asker_email", "subject", "status", "field", "missing", "outcome")


def write_results(folder: Path, town: Town, scenes: Sequence[Scene], figures: Mapping[str, int]) -> None:
    """Write the mails, the register and the page into ``folder``."""
    names = _write_mails(folder / "mails", town)
    with transaction(town.engine) as connection:
        rows = register_rows(connection)
    _write_register(folder / "register.csv", rows)
    held = views(town, folder / "papers")
    page = _page(list(scenes), rows, figures, names, town, held)
    (folder / "index.html").write_text(page, encoding="utf-8")


def _write_mails(folder: Path, town: Town) -> dict[int, str]:
    """Write every mail that the daemon sent; gives the file's name by the mail's number."""
    folder.mkdir()
    names: dict[int, str] = {}
    own = town.play.mailbox.partition("@")[0] + "+"
    for number, sent in enumerate(town.servers.sent, 1):
        if sent.sender.startswith(own):
            stamp = sent.at.astimezone(CITY).strftime("%m%d-%H%M")
            names[number] = f"{stamp}-{number:03}-{sent.recipients[0]}.eml"
            (folder / names[number]).write_bytes(sent.raw)
    return names


def _write_register(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*REGISTER, "units"])
        for row in rows:
            units = "; ".join(f"{one['unit']} ({one['status']}, {one['due_on']})" for one in row["assignments"])
            writer.writerow([safe_cell(_cell(row[name])) for name in REGISTER] + [units])


def _cell(value: Any) -> str:
    return value.astimezone(CITY).strftime("%Y-%m-%d %H:%M") if hasattr(value, "astimezone") else str(value or "")


def _page(
    scenes: list[Scene],
    rows: Sequence[Mapping[str, Any]],
    figures: Mapping[str, int],
    names: Mapping[int, str],
    town: Town,
    held: Sequence[SessionView],
) -> str:
    """The page; people's words are always escaped text in it."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["duties"] = DUTIES
    environment.filters["local"] = lambda at: at.astimezone(CITY)
    template = environment.from_string(
        resources.files("daemon.demo").joinpath("page.html.j2").read_text(encoding="utf-8")
    )
    units = {code: unit.name for code, unit in town.installation.board.units.items()}
    return template.render(
        days=list(days_of(scenes)),
        rows=rows,
        figures=figures,
        names=names,
        units=units,
        status=STATUS,
        fates=PAGE_FATES,
        answers=_answers(town),
        sessions=held,
        stages=STAGES,
        marks=MARKS_WITH_POINT,
        papers=PAPERS,
    )


def _answers(town: Town) -> int:
    """How many mails brought a citizen the answer."""
    return sum("Trả lời câu hỏi" in read(sent.raw).subject for sent in town.servers.sent if "+b." in sent.sender)
