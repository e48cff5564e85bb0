#!/usr/bin/env python3
"""Render a sample of every mail to .eml and to PNG, plain and HTML, at phone and desktop width, to be looked at.

Usage: scripts/render_mails.py FOLDER [--only NAME,NAME] [--dark] [--eml-only]
"""

from __future__ import annotations

import argparse
import email
import email.policy
import html
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image, ImageChops

from daemon.letters import samples
from daemon.letters.compose import Composer, Templates
from daemon.letters.views import ComposedMail

WIDTHS = {"phone": 390, "desktop": 900}
TALLEST = 3400
PLAIN_PAGE = """<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><style>
body{{margin:0;padding:12px;font:15px/1.5 "Liberation Mono",monospace;background:#fff;color:#111}}
pre{{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}}
header{{border-bottom:1px solid #999;margin-bottom:10px;padding-bottom:8px;color:#444}}
</style><header>{headers}</header><pre>{text}</pre></html>"""
CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip


def mails() -> Iterator[tuple[str, ComposedMail]]:
    """Every sample notice; the answer carries a file."""
    composer = Composer(Templates(), samples.HOUSE)
    for draft in samples.drafts():
        name = draft.notice.name
        yield (
            name,
            composer.compose(
                replace(draft, attachments=(samples.ATTACHMENT,)) if name == "citizen_answered" else draft
            ),
        )


def pages(raw: bytes) -> dict[str, str]:
    """What a mail client shows: the HTML part, and the plain part below the headers as in a text client."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    plain, page = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert page is not None
    headers = "<br>".join(html.escape(f"{name}: {message[name]}") for name in ("From", "To", "Subject", "Date"))
    text = html.escape(plain.get_content())
    return {"html": page.get_content(), "plain": PLAIN_PAGE.format(headers=headers, text=text)}


def shoot(page: Path, image: Path, width: int, dark: bool) -> None:
    """Take one picture of a page with Chromium, in a profile of its own, cut below the last line."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("render_mails: no Chromium found; use --eml-only")
    with tempfile.TemporaryDirectory() as profile:
        options = [*CHROMIUM, f"--user-data-dir={profile}", f"--screenshot={image}"]
        if dark:
            options.append("--blink-settings=preferredColorScheme=0")
        # Headless Chromium is never narrower than 500 pixels: a frame of the wanted width shows the phone.
        frame = Path(profile) / "frame.html"
        frame.write_text(
            f'<!DOCTYPE html><body style="margin:0"><iframe src="{page.as_uri()}" '
            f'style="border:0;width:{width}px;height:{TALLEST}px"></iframe>',
            encoding="utf-8",
        )
        subprocess.run(
            [program, *options, f"--window-size={max(width, 500)},{TALLEST}", frame.as_uri()],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
    trim(image, width)


def trim(file: Path, width: int) -> None:
    """Cut the empty rest below the text, and reduce the colours: the pictures are only to be looked at."""
    with Image.open(file) as opened:
        picture = opened.convert("RGB").crop((0, 0, width, opened.height))
    ground = Image.new("RGB", picture.size, picture.getpixel((2, picture.height - 3)))
    box = ImageChops.difference(picture, ground).getbbox()
    bottom = min(picture.height, (box[3] if box else 0) + 16)
    picture.crop((0, 0, width, bottom)).quantize(64).save(file, optimize=True)


def main() -> int:
    """Write the files; print one line per mail."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names of notices, parted by commas")
    parser.add_argument("--dark", action="store_true", help="as a reader with a dark screen sees it")
    parser.add_argument("--eml-only", action="store_true", help="no pictures")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(filter(None, chosen.only.split(",")))
    for name, mail in mails():
        if wanted and name not in wanted:
            continue
        (folder / f"{name}.eml").write_bytes(mail.raw)
        print(f"{name}: {len(mail.raw)} bytes, {mail.subject}")
        for kind, page in pages(mail.raw).items() if not chosen.eml_only else ():
            file = folder / f"{name}-{kind}.html"
            file.write_text(page, encoding="utf-8")
            for label, width in WIDTHS.items():
                shoot(file, folder / f"mail-{name}-{kind}-{label}.png", width, chosen.dark)
            file.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
