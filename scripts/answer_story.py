#!/usr/bin/env python3
"""The mails of four people on a day about one answer, a picture a person: scripts/answer_story.py FOLDER.

The day is that of tests/answer_story.py: a department sends a wrong answer, takes it back, sends the right one, and
the asker is not content. Wanted: Chromium.
"""

from __future__ import annotations

import html
import importlib.util
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from scripts.render_mails import shoot  # noqa: E402 - the path is set above
from tests.answer_story import PEOPLE, Letter, Story  # noqa: E402
from tests.installation import subject_of, text_of  # noqa: E402
from tests.world import world  # noqa: E402

NAMES = {"asker": "Người hỏi", "department": "Sở Xây dựng", "officer": "Cán bộ", "head": "Trưởng Ban"}
PAGE = """<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><style>
body{margin:0;padding:14px;font:14px/1.45 "Liberation Sans",sans-serif;background:#f4f4f2;color:#111;width:700px}
article{background:#fff;border:1px solid #ccc;border-radius:6px;margin:0 0 12px;padding:10px 14px}
article.own{margin-left:60px;background:#e9f3ff}article.gone{opacity:.55}
h1{font-size:18px;margin:0 0 12px}h2{font-size:14px;margin:0 0 6px}pre{font:inherit;white-space:pre-wrap;margin:0}
</style>"""


def shown(letter: Letter) -> str:
    """A mail as a card; one that was recalled is pale and marked so."""
    text = text_of(letter.raw)
    own = text.partition("Vào Th 2")[0] if letter.wrote else text.partition("\nTrân trọng,")[0]
    kind = "own" if letter.wrote else "gone" if letter.taken_back else ""
    head = f"{'Viết' if letter.wrote else 'Nhận'}: {subject_of(letter.raw)}"
    head += " (đã thu hồi, không đến nơi)" if letter.taken_back else ""
    return f'<article class="{kind}"><h2>{html.escape(head)}</h2><pre>{html.escape(own.strip())}</pre></article>'


def main() -> int:
    """Write a picture for each of the four people."""
    if len(sys.argv) != 2 or importlib.util.find_spec("PIL") is None:
        print(__doc__)
        return 1
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        world(Path(place) / "house", extra="[desk]\nanswer_delay_minutes = 30") as made,
    ):
        story = Story(made)
        story.play()
        for who in PEOPLE:
            page = folder / f"{who}.html"
            cards = "".join(shown(one) for one in story.thread(who))
            page.write_text(f"{PAGE}<h1>{NAMES[who]}</h1>{cards}", encoding="utf-8")
            shoot(page, folder / f"answer-{who}.png", 730, dark=False)
            print(folder / f"answer-{who}.png")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
