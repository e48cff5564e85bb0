"""Whatever people wrote is read by some test: no table lies there unread, and no kind of writer or of mail in one."""

from collections.abc import Iterable

from tests.contract import test_human_mails as plays
from tests.mail_tables import DATA, rows_of, tables_of
from tests.unit.rules.commands.plain import test_untaught_orders as orders
from tests.unit.rules.reply import test_untaught_mails as replies

READ: dict[str, Iterable[str]] = {
    "unit": replies.TABLES,
    "officer": orders.TABLES,
    "head": tables_of("head"),
    "citizen": (*plays.TAUGHT, *tables_of("citizen", plays.NUMBERED)),
}
"""Of each kind of writer, the tables that the tests of its rows take."""
LEFT_OUT = {
    ("officer", "denunciation"): "what is kept apart is no question; test_acts_by_mail_officers has mails about it",
    ("head", "elsewhere"): "an answer to no paper of ours; test_foreign_threads has such mails",
}
"""Kinds of mails that these tests leave out."""


def lines() -> set[tuple[str, str, str]]:
    """Table, writer and context of every row."""
    found = set()
    for path in DATA.glob("human_mails*.tsv"):
        rows = path.read_text("utf-8").splitlines()[1:]
        found |= {(path.name, *row.split("\t")[1:3]) for row in rows}
    return found  # type: ignore[return-value]


def test_every_row_of_every_table_is_read() -> None:
    unread = {(table, writer) for table, writer, _ in lines() if table not in READ.get(writer, ())}
    assert unread == set()


def test_what_is_left_out_is_still_there_and_nothing_else_is() -> None:
    played = replies.PLAYED | {"forwarded", "answered", "approval", "review", "digest", "heldunit"}
    assert {(writer, context) for _, writer, context in lines() if context not in played} == set(LEFT_OUT)


def test_an_id_names_its_table() -> None:
    ids = [row.id for table in tables_of("unit") for row in rows_of(DATA / table, "unit")]
    assert len(ids) == len(set(ids))
    assert "blind_8:h-u001" in ids
