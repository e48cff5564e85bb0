"""The configuration: one TOML file, typed, checked completely at start.

The room also hands out the example that ships: ``init`` writes it, ``check`` finds what is left of it.
"""

from __future__ import annotations

from importlib import resources


def example() -> str:
    """The commented example configuration."""
    return resources.files("daemon").joinpath("example.toml").read_text(encoding="utf-8")
