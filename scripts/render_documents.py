"""Renders the sample of every document as DOCX and PDF, and with --images the pictures of docs/images.

    python scripts/render_documents.py OUT [--images docs/images] [--libreoffice]

The pictures are of a demo's papers: plan and script as its session sent them, the half-year report and the register
made on its installation afterwards, the latter also as the workbook that LibreOffice Calc prints. They need pdftoppm
(poppler-utils) and soffice; --libreoffice also turns each DOCX into ``libreoffice/NAME.pdf`` to compare.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image
from sqlalchemy import func, select

from daemon.config.config import load_config
from daemon.config.database import opened, transaction
from daemon.documents.forms.own_forms import in_form, shipped_forms
from daemon.documents.inputs import (
    PlanInput,
    PortalNoticeInput,
    ProposalInput,
    RecordInput,
    RunSheetInput,
    ScriptInput,
)
from daemon.documents.making import write
from daemon.documents.model import Document
from daemon.documents.reports import (
    build_evidence,
    build_quarterly_plan,
    build_register,
    build_report,
    build_review_pack,
)
from daemon.documents.session_papers import (
    build_cards,
    build_forwarding_letter,
    build_minutes,
    build_plan,
    build_portal_notice,
    build_proposal,
    build_record,
    build_run_sheet,
    build_script,
    build_urging_letter,
)
from daemon.installation.installation import build_installation
from daemon.papers.draft_routine_papers import make_paper
from db.core.tables import raw_mail
from rules.values.model import CountedDate
from tests.support import paper_samples as samples
from tests.support import report_samples

G = TypeVar("G", ProposalInput, PlanInput, PortalNoticeInput, ScriptInput, RunSheetInput)


def formed(build: Callable[[G], Document], given: G) -> Document:
    """The paper in its shipped Word form, as the daemon makes it."""
    return in_form(build(given), given, shipped_forms())


def of_the_day() -> RunSheetInput:
    """The input of the papers of a session's eve."""
    script = report_samples.script()
    leaders = tuple((one.name, one.body) for one in script.leaders)
    return RunSheetInput(script.filing, script.session, script.questions, leaders, "0225 3 000 000")


def record() -> RecordInput:
    """The questions and answers of the same session."""
    script = report_samples.script()
    start, end = script.session.start, script.session.end
    answered, later = script.questions[:-1], script.questions[-1:]
    return RecordInput(script.filing, script.session, start, end, answered, tuple(one.code for one in later))


SAMPLES: dict[str, Callable[[], Document]] = {
    "proposal": lambda: formed(build_proposal, samples.proposal()),
    "plan": lambda: formed(build_plan, samples.plan()),
    "portal-notice": lambda: formed(build_portal_notice, samples.portal_notice()),
    "forwarding-letter": lambda: build_forwarding_letter(samples.forwarding()),
    "urging-letter": lambda: build_urging_letter(samples.urging()),
    "script": lambda: formed(build_script, report_samples.script()),
    "run-sheet": lambda: build_run_sheet(of_the_day()),
    "question-cards": lambda: build_cards(of_the_day()),
    "minutes": lambda: formed(build_minutes, of_the_day()),
    "record": lambda: build_record(record()),
    "quarterly-plan": lambda: build_quarterly_plan(report_samples.quarterly_plan()),
    "half-year-report": lambda: build_report(report_samples.half_year_report()),
    "annual-report": lambda: build_report(report_samples.annual_report()),
    "review-pack": lambda: build_review_pack(report_samples.review_pack()),
    "evidence": lambda: build_evidence(report_samples.evidence()),
    "register": lambda: build_register(report_samples.register()),
}
KEPT = ("plan", "script", "half-year-report", "register")
"""The demo's documents whose first pages are stored as pictures."""
MOST_PAGES = 3
HALF_YEAR = (date(2026, 7, 1), date(2026, 12, 31))
"""The demo takes place in the second half of the year; the profile's own half-year ends in June."""


def main() -> int:
    """Write the files; 1 when one of the tools fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--libreoffice", action="store_true")
    given = parser.parse_args()
    for name, build in SAMPLES.items():
        started = time.perf_counter()
        document = build()
        word, pdf = write(document, given.out, name)
        spent = (time.perf_counter() - started) * 1000
        print(f"{name}: {word.stat().st_size} + {pdf.stat().st_size} bytes, {spent:.0f} ms")
    if given.libreoffice:
        convert(given.out / "libreoffice", *(given.out / f"{name}.docx" for name in SAMPLES))
    if given.images:
        run_demo(given.out)
        picture(given.out, given.images)
        picture_workbook(given.out, given.images)
    return 0


def convert(target: Path, *files: Path) -> None:
    """Convert every file to PDF in ``target`` with LibreOffice."""
    office = shutil.which("soffice") or "soffice"
    subprocess.run(
        [office, "--headless", "--convert-to", "pdf", "--outdir", str(target), *map(str, files)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def run_demo(folder: Path) -> None:
    """Run a whole demo, and make the four papers of its installation as ``NAME.pdf``."""
    arguments = ["--dir", str(folder / "demo"), "--keep"]
    subprocess.run([sys.executable, "-m", "daemon", "demo", *arguments], check=True, stdout=subprocess.DEVNULL)
    for name in ("plan", "script"):
        shutil.copy(next((folder / "demo" / "papers").glob(f"*-{name}.pdf")), folder / f"{name}.pdf")
    file = folder / "demo" / "installation" / "doithoai.toml"
    for form in ("pdf", "xlsx"):
        export = ["register", "export", "--output", str(folder / f"register.{form}"), "--config", str(file)]
        subprocess.run([sys.executable, "-m", "daemon", *export], check=True)
    (folder / "half-year-report.pdf").write_bytes(half_year_report(file))


def half_year_report(file: Path) -> bytes:
    """The report as PDF, drafted by the daemon's own function for the demo's half-year, on the last day of mail."""
    config = load_config(file)
    with opened(config) as engine, transaction(engine) as connection:
        last: datetime = connection.execute(select(func.max(raw_mail.c.internaldate))).scalar_one()
        office = build_installation(config, config.secrets.signing_key(), lambda: last)
        rule = office.board.law.profile.rule("half_year_report")
        if rule.routine is None:
            raise LookupError("the profile has no half-year report")
        first, end = (f"{day:%m-%d}" for day in HALF_YEAR)
        rule = replace(rule, routine=replace(rule.routine, period_from=first, period_to=end))
        due = CountedDate(HALF_YEAR[1], HALF_YEAR[1], "22", HALF_YEAR[1], "", rule=rule.id)
        paper = make_paper(connection, office, rule, due, "demo", last)
    if paper is None:
        raise LookupError("nothing to report")
    return next(one.data for one in paper.files if one.name.endswith(".pdf"))


def picture(folder: Path, images: Path) -> None:
    """The first pages, 16 greys, as ``document-demo-NAME-PAGE.png``."""
    images.mkdir(parents=True, exist_ok=True)
    for name in KEPT:
        place = ["-r", "80", "-f", "1", "-l", str(MOST_PAGES)]
        subprocess.run(
            ["pdftoppm", "-png", "-gray", *place, str(folder / f"{name}.pdf"), str(folder / name)], check=True
        )
        for page, made in enumerate(sorted(folder.glob(f"{name}-[0-9]*.png")), 1):
            with Image.open(made) as shown:
                shown.quantize(16).save(images / f"document-demo-{name}-{page}.png", optimize=True)


def picture_workbook(folder: Path, images: Path) -> None:
    """The left and the right half of the printed workbook's first rows, as ``register-xlsx-1.png`` and ``-2.png``."""
    convert(folder / "workbook", folder / "register.xlsx")
    printed = folder / "workbook/register.pdf"
    subprocess.run(["pdftoppm", "-png", "-gray", "-r", "75", str(printed), str(printed.with_suffix(""))], check=True)
    pages = sorted(printed.parent.glob("register-*.png"))
    for side, page in enumerate((pages[0], pages[len(pages) // 2]), 1):
        with Image.open(page) as shown:
            shown.quantize(16).save(images / f"register-xlsx-{side}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
