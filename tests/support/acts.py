"""What an act by mail would change, read before and after it; bystanders have a look of their own."""

from sqlalchemy import Connection, Engine, Table, select

from db.core.tables import answer, assignment, question, raw_mail, used_token

SHOWN = {
    question: ("status", "asker_name", "asker_address", "asker_phone", "missing", "notes", "outcome"),
    assignment: ("unit", "status", "due_on", "acknowledged_at", "wanted_until"),
    answer: ("unit", "text"),
    raw_mail: ("status", "fate", "question_id"),
}


def state(engine: Engine) -> dict[str, list[object]]:
    """Register, who has what, answers, fates, and the tokens that were used, by table."""
    with engine.begin() as connection:
        found = {table.name: _shown(connection, table, names) for table, names in SHOWN.items()}
        tokens = select(used_token.c.token).where(used_token.c.raw_mail_id > 0)
        return {**found, "used_token": list(connection.execute(tokens).scalars())}


def _shown(connection: Connection, table: Table, names: tuple[str, ...]) -> list[object]:
    shown = select(*(table.c[name] for name in names)).where(table.c.id > 0).order_by(table.c.id)
    return [list(row) for row in connection.execute(shown)]


def untouched(before: dict[str, list[object]], after: dict[str, list[object]], *grown: str) -> bool:
    """Whatever was there is as it was, and only the named tables have new rows."""
    kept = all(after[name][: len(rows)] == rows for name, rows in before.items())
    return kept and all(len(after[name]) == len(before[name]) for name in before if name not in grown)
