"""Measures the full-text search and the workbook on a made-up register: NUMBER of questions, FOLDER for the files."""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from daemon.papers.register_book import write_workbook
from db.core.engine import open_engine, upgrade
from db.core.tables import question
from db.register import search
from db.register.search import Wanted, walk

LABELLED = Path(__file__).resolve().parent / "training" / "labelled" / "train.tsv"
QUERIES = ("ổ gà", "duong hong", "điện nước", "truong hoc phuong", "HP 2026 000777", "thủ tục đất đai", "khongcotu")


def main(number: int, folder: Path) -> None:
    """Fill, index, search, export; print one line per figure."""
    words = [max(line.split("\t"), key=len) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(1374)
    engine = open_engine(f"sqlite:///{folder}/measure.db")
    upgrade(engine)
    with engine.begin() as connection:
        for start in range(1, number + 1, 5000):
            rows = [_row(each, chance, words) for each in range(start, min(start + 5000, number + 1))]
            connection.execute(insert(question), rows)
    with engine.begin() as connection:
        _timed(f"index of {number}", lambda: search.prepare(connection))
    with engine.begin() as connection:
        for said in QUERIES:
            _timed(f"search {said!r}", lambda said=said: len(search.find(connection, said)))
        _timed("renew one", lambda: search.renew(connection, 7))
        if number <= 100_000:
            book = folder / "measure.xlsx"
            _timed("workbook", lambda: write_workbook(book, walk(connection, Wanted()), {}))


def _row(number: int, chance: random.Random, words: list[str]) -> dict[str, object]:
    return {
        "code": f"HP-2026-{number:06d}",
        "year": 2026,
        "number": number,
        "received_at": datetime(2026, 10, 5, 2, tzinfo=UTC),
        "registered_at": datetime(2026, 10, 5, 2, tzinfo=UTC),
        "status": "forwarded",
        "subject": chance.choice(words)[:60],
        "content": " ".join(chance.sample(words, 2)),
        "asker_name": "Nguyễn Văn An",
    }


def _timed(what: str, job: object) -> None:
    start = time.perf_counter()
    got = job()  # type: ignore[operator]
    print(f"{what}: {(time.perf_counter() - start) * 1000:.1f} ms ({got})")


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("number", type=int, help="of questions")
    given.add_argument("folder", type=Path)
    main(**vars(given.parse_args()))
