"""The folder to look into: every mail as ``.eml``, the register as CSV, and a page that shows what happened when."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from daemon.config.database import transaction
from daemon.demo.installation import Town
from daemon.demo.letters import CITY, read
from daemon.demo.results import register_rows
from daemon.demo.session import SessionView, views
from daemon.demo.stage import Scene, days_of
from daemon.papers.register_export import safe_cell

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
FATES = {
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
MARKS = {
    "answered": "trả lời tại phiên",
    "g": "chuyển đơn vị khác (điểm g)",
    "h": "ngoài phạm vi thành phố (điểm h)",
    "i": "trả lời sau phiên (điểm i)",
    "k": "không trả lời, nêu lý do (điểm k)",
}
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
    """Every mail that the daemon sent; gives the file's name by the mail's number."""
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
    """The page; what people wrote is only ever escaped text in it."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["duties"] = DUTIES
    environment.filters["local"] = lambda at: at.astimezone(CITY)
    template = environment.from_string(
        resources.files("daemon.demo").joinpath("page.html.j2").read_text(encoding="utf-8")
    )
    units = {code: unit.name for code, unit in town.office.house.units.items()}
    return template.render(
        days=list(days_of(scenes)),
        rows=rows,
        figures=figures,
        names=names,
        units=units,
        status=STATUS,
        fates=FATES,
        answers=_answers(town),
        sessions=held,
        stages=STAGES,
        marks=MARKS,
        papers=PAPERS,
    )


def _answers(town: Town) -> int:
    """How many mails told a citizen the answer."""
    return sum("Trả lời câu hỏi" in read(sent.raw).subject for sent in town.servers.sent if "+b." in sent.sender)
