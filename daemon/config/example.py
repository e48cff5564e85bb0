"""The commented example configuration that ships: ``doithoai init`` writes it, ``check`` finds what is left of it."""

from __future__ import annotations

from importlib import resources


def example() -> str:
    """The text of the example."""
    return resources.files("daemon").joinpath("example.toml").read_text(encoding="utf-8")
