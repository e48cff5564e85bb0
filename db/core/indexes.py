"""Indexes of a part of a table's rows."""

from __future__ import annotations

from sqlalchemy import Index, TextClause, text


def where_set(table: str, column: str) -> Index:
    """An index of the rows in which the column is set. Most have none, and nobody looks for those by it: each would
    write to the same far end of the tree, one page more of the log in every commit."""
    return index_where(text(f"{column} IS NOT NULL"), f"ix_{table}_{column}", column)


def index_where(condition: TextClause, name: str, *columns: str) -> Index:
    """An index of the rows for which the condition holds."""
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
