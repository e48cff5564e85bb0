"""Play one session by mail alone, from proposal to closing, and write down who wrote what; papers as pictures.

    python -m scripts.session_story OUT [--real]

The same story as tests/contract/test_session_story.py, on the embedded servers, or with --real on Dovecot and Postfix
with a shifted clock (root; libfaketime). OUT/story.md holds the mails of officer, Head, chair, one unit and the
citizens in the order of the story; OUT/papers the files that they were sent, and each page of a paper as PNG.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from daemon.documents import pdf
from daemon.documents.making import from_json
from db.core.tables import paper, raw_content, raw_mail
from rules.law.working_days import CITY_ZONE
from tests.contract.test_session_story import BA, CHU, TU, play
from tests.hall import Hall
from tests.installation import HEAD, MAILBOX, OFFICER, SXD, LiveInstallation, files_of, subject_of, text_of
from tests.servers.city import real_servers, why_not
from tests.servers.faketime import SharedClock
from tests.world import CHAIR, CITIZEN, PEOPLE, world

BEGIN = datetime(2026, 10, 26, 1, 0, tzinfo=UTC)
SHOWN = {
    OFFICER: "Cán bộ",
    HEAD: "Trưởng Ban",
    CHAIR: "Người chủ trì",
    SXD: "Sở Xây dựng",
    CITIZEN: "Ông An",
    BA: "Ông Ba",
    CHU: "Ông Chu",
    TU: "Ông Tư",
}
"""The people whose mails the story tells."""
PPI = 80
"""Points per inch of a paper's picture."""
QUOTED = re.compile(r"\s*Vào Th [^\n]* đã viết:.*", re.DOTALL)
Told = tuple[datetime, int, int, str, str]
"""When; the mail that caused it (0: only the clock); its place after that mail; the heading; the text."""


@contextlib.contextmanager
def hall(folder: Path, real: bool) -> Iterator[Hall]:
    """The servers and the house."""
    if not real:
        with world(folder, servers=True, kind=Hall, at=BEGIN) as made:
            yield made  # type: ignore[misc]
        return
    clock = SharedClock(BEGIN)
    with (
        real_servers(MAILBOX, sorted({one.rpartition("@")[2] for one in PEOPLE}), clock) as city,
        world(folder, servers=city, kind=Hall, clock=clock) as made,
    ):
        yield made  # type: ignore[misc]


def story(made: Hall) -> str:
    """Every mail of the people of the story, in order."""
    told = [*_written(made.house), *_sent(made.house)]
    parts = [f"# Một phiên đối thoại bằng thư\n\n{len(told)} thư của {len(SHOWN)} người."]
    for at, _, _, head, text in sorted(told, key=lambda one: one[:3]):
        parts.append(f"## {at.astimezone(CITY_ZONE):%H:%M %d/%m/%Y} · {head}\n\n{text.strip()}")
    return "\n\n".join(parts) + "\n"


def _written(house: LiveInstallation) -> Iterator[Told]:
    held = {row["sha256"]: row["bytes"] for row in _contents(house)}
    for row in house.rows(raw_mail):
        raw = held[row["sha256"]]
        who = SHOWN.get(str(row["from_email"]))
        if who:
            text = QUOTED.sub("", text_of(raw))
            yield row["stored_at"], row["id"], 0, f"{who} → Ban Biên tập: {subject_of(raw)}", text


def _contents(house: LiveInstallation) -> list[dict[str, Any]]:
    with house.engine.begin() as connection:
        return [dict(row._mapping) for row in connection.execute(raw_content.select())]


def _sent(house: LiveInstallation) -> Iterator[Told]:
    for row in house.sent:
        raw = row["bytes"]
        who = SHOWN.get(str(row["recipient"]))
        if who:
            files = "".join(f"\n\n[tệp: {name}]" for name in files_of(raw))
            head = f"Ban Biên tập → {who}: {subject_of(raw)}"
            yield row["created_at"], row["raw_mail_id"] or 0, row["id"], head, text_of(raw) + files


def pictures(made: Hall, folder: Path) -> None:
    """The files of every approved or shown paper, and its pages as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    for row in made.house.sent:
        for name, data in files_of(row["bytes"]).items():
            (folder / name).write_bytes(data)
    for row in made.house.rows(paper):
        for document in from_json(str(row["documents"] or "")):
            for number, page in enumerate(pdf.pages(document, PPI), start=1):
                (folder / f"{row['id']:02d}-{document.kind}-{number}.png").write_bytes(page)


def main(out: Path, real: bool) -> int:
    """Play and write; 1 where the real servers are missing."""
    if real and (reason := why_not()):
        print(f"session_story: {reason}", file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, hall(Path(folder) / "house", real) as made:
        play(made)
        (out / "story.md").write_text(story(made), encoding="utf-8")
        pictures(made, out / "papers")
        print(f"{out}/story.md; faults of the books: {made.house.faults()}")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--real", action="store_true", help="on Dovecot and Postfix with a shifted clock")
    given = parser.parse_args()
    sys.exit(main(given.out, given.real))
