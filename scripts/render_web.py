#!/usr/bin/env python3
"""Fill a made-up installation and take pictures of the read-only pages, at phone and desktop width, to be looked at.

Usage: scripts/render_web.py FOLDER [--print]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from daemon.portal.publish import publish
from db.reports.read_only import open_reader
from tests.town_hall import town_hall
from tests.web_server import web_server

CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip
SIZES = {"phone": (360, 800), "desktop": (1280, 800)}
PAGES = {
    "board": ("/", ("phone", "desktop")),
    "deadlines": ("/thoi-han", ("phone", "desktop")),
    "question": ("/cau-hoi/HP-2026-000007", ("phone", "desktop")),
    "session": ("/phien/P-2026-01", ("phone",)),
    "units": ("/don-vi", ("desktop",)),
    "search": ("/tim?q=mat+duong", ("phone",)),
}
TALLEST = 1400
"""Pixels of a picture's height; the rest below is cut."""


def shoot(browser: Browser, url: str, file: Path, size: tuple[int, int], opened: bool) -> None:
    """Take a picture of one page; ``opened`` shows the first date's explanation."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(url)
    if opened:
        page.locator("main table details.why summary").first.click()
    page.screenshot(path=str(file), full_page=True)
    page.close()
    with Image.open(file) as picture:
        picture.crop((0, 0, picture.width, min(picture.height, TALLEST))).quantize(96).save(file, optimize=True)


def main() -> int:
    """Write the pictures; print one line each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--print", action="store_true", help="PDF files of the pages as they are printed, too")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("render_web: no Chromium found")
    with tempfile.TemporaryDirectory() as folder, town_hall(Path(folder)) as house, sync_playwright() as tools:
        reader = open_reader(house.config.database.full_url().get_secret_value())
        portal = house.folder / "cong-bo"
        publish(house.engine, house.installation, portal)
        browser = tools.chromium.launch(executable_path=program, args=list(CHROMIUM))
        with web_server(house.config, reader, house.installation.board, house.clock) as server:
            for name, (path, labels) in PAGES.items():
                for label in labels:
                    file = chosen.folder / f"web-{name}-{label}.png"
                    shoot(browser, server.url + path, file, SIZES[label], opened=name in {"question", "session"})
                    print(f"{file}: {file.stat().st_size} bytes")
                if chosen.print:
                    page = browser.new_page()
                    page.goto(server.url + path)
                    page.pdf(path=str(chosen.folder / f"web-{name}.pdf"), format="A4")
                    page.close()
        published = next(portal.glob("2*/HP-*.html"))
        for label, size in SIZES.items():
            shoot(browser, published.as_uri(), chosen.folder / f"web-portal-{label}.png", size, opened=False)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
