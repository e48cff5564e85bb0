"""Renders the sample of every document as DOCX and PDF, and with --images the pictures of docs/images.

    python scripts/render_documents.py OUT [--images docs/images] [--libreoffice]

Pictures need pdftoppm (poppler-utils); --libreoffice also turns each DOCX into ``NAME.docx.pdf`` to compare.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from daemon import documents
from daemon.documents import report_samples, samples

SAMPLES: dict[str, Callable[[], documents.Document]] = {
    "proposal": lambda: documents.build_proposal(samples.proposal()),
    "plan": lambda: documents.build_plan(samples.plan()),
    "portal-notice": lambda: documents.build_portal_notice(samples.portal_notice()),
    "forwarding-letter": lambda: documents.build_forwarding_letter(samples.forwarding()),
    "urging-letter": lambda: documents.build_urging_letter(samples.urging()),
    "script": lambda: documents.build_script(report_samples.script()),
    "quarterly-plan": lambda: documents.build_quarterly_plan(report_samples.quarterly_plan()),
    "half-year-report": lambda: documents.build_report(report_samples.half_year_report()),
    "annual-report": lambda: documents.build_report(report_samples.annual_report()),
    "review-pack": lambda: documents.build_review_pack(report_samples.review_pack()),
    "evidence": lambda: documents.build_evidence(report_samples.evidence()),
    "register": lambda: documents.build_register(report_samples.register()),
}
KEPT = {"plan": 2, "script": 2, "half-year-report": 3, "register": 1}
"""The documents whose pages are kept as pictures, and how many pages."""


def main() -> int:
    """Writes the files; 1 when one of the tools fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--libreoffice", action="store_true")
    given = parser.parse_args()
    for name, build in SAMPLES.items():
        started = time.perf_counter()
        document = build()
        word, pdf = documents.write(document, given.out, name)
        spent = (time.perf_counter() - started) * 1000
        print(f"{name}: {word.stat().st_size} + {pdf.stat().st_size} bytes, {spent:.0f} ms")
    if given.libreoffice:
        convert(given.out)
    if given.images:
        picture(given.out, given.images)
    return 0


def convert(folder: Path) -> None:
    """Every DOCX through LibreOffice."""
    office = shutil.which("soffice") or "soffice"
    target = folder / "libreoffice"
    files = [str(folder / f"{name}.docx") for name in SAMPLES]
    subprocess.run(
        [office, "--headless", "--convert-to", "pdf", "--outdir", str(target), *files],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def picture(folder: Path, images: Path) -> None:
    """The kept pages, 8-bit grey, as ``document-NAME-PAGE.png``."""
    images.mkdir(parents=True, exist_ok=True)
    for name, pages in KEPT.items():
        for page in range(1, pages + 1):
            stem = images / f"document-{name}-{page}"
            place = ["-f", str(page), "-l", str(page), "-singlefile"]
            subprocess.run(
                ["pdftoppm", "-png", "-gray", "-r", "80", *place, str(folder / f"{name}.pdf"), str(stem)], check=True
            )


if __name__ == "__main__":
    sys.exit(main())
