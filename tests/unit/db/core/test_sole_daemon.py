"""One daemon holds the file of a SQLite database; a server's database is nobody's alone."""

from pathlib import Path

import pytest

from db.core.engine import sole_daemon


def test_a_servers_database_is_shared_and_no_lock_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    url = "postgresql+psycopg://board@127.0.0.1:9/board"
    with sole_daemon(url), sole_daemon(url):
        assert list(tmp_path.iterdir()) == []


def test_a_file_is_locked_beside_itself_alone(tmp_path: Path) -> None:
    with sole_daemon(f"sqlite:///{tmp_path / 'one.db'}"), sole_daemon(f"sqlite:///{tmp_path / 'two.db'}"):
        assert sorted(one.name for one in tmp_path.iterdir()) == ["one.db.lock", "two.db.lock"]
