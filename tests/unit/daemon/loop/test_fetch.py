"""Moving by folders: what becomes of each mail in the ledger, on rows and a mailbox that lists its UIDs once."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from daemon.loop import fetch
from db.core.tables import raw_mail
from tests.support.rows import column, empty, lay_mail


def test_what_a_person_took_away_is_gone_and_the_rest_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    moves: list[tuple[list[int], str]] = []
    client: Any = SimpleNamespace(uids=iter([[1]]).__next__, move=lambda *what: moves.append(what))
    engine: Any = None
    with empty() as rows:
        monkeypatch.setattr(fetch, "transaction", lambda _: nullcontext(rows))
        for uid, mailbox in ((1, "city"), (2, "city"), (2, "ward")):
            lay_mail(rows, raw_mail, mailbox=mailbox, uidvalidity=7, uid=uid, status="done", target_folder="held")
        assert fetch.move_decided(client, engine, fetch.Opened("city", 7), {"held": "Chờ"}) == 1
        assert column(rows, raw_mail.c.server_state) == ["moved", "gone", "waiting"]
    assert moves == [([1], "Chờ")]


def test_old_uids_are_void_when_the_server_counts_anew_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    engine: Any = None
    with empty() as rows:
        monkeypatch.setattr(fetch, "transaction", lambda _: nullcontext(rows))
        lay_mail(rows, raw_mail, mailbox="city", uidvalidity=7, uid=1, status="done")
        for given, void in ((7, False), (7, False), (8, True)):
            client: Any = SimpleNamespace(open=lambda *_, given=given, **__: given)
            assert fetch.open_inbox(client, engine, "city").uidvalidity == given
            assert column(rows, raw_mail.c.server_state) == ["gone" if void else "waiting"]
