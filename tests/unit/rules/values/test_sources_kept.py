"""What was read of data files is kept for a few sources only: each reload is a source of its own."""

import inspect
import pkgutil
from functools import cache
from importlib import import_module
from types import FunctionType
from typing import Any

import rules
from rules.values.data_file import SOURCES_KEPT, Source, load_units

CACHED = type(cache(lambda: None))


def readers() -> dict[str, Any]:
    """Every function of the rules that keeps what it made of a source."""
    modules = [import_module(one.name) for one in pkgutil.walk_packages(rules.__path__, "rules.")]
    found = {f"{one.__module__}.{name}": one for module in modules for name, one in vars(module).items()
             if isinstance(one, CACHED) and isinstance(one.__wrapped__, FunctionType)}  # fmt: skip
    return {name: one for name, one in found.items() if "source" in inspect.signature(one).parameters}


def test_no_reader_keeps_every_edition() -> None:
    """Each reload kept thirty megabytes for good."""
    sizes = {name: one.cache_parameters()["maxsize"] for name, one in readers().items()}
    assert len(sizes) > 20
    assert [name for name, most in sizes.items() if most is None] == []


def test_of_many_reloads_the_last_few_are_kept() -> None:
    for edition in range(1, 3 * SOURCES_KEPT):
        load_units(Source(edition=edition))
    assert load_units.cache_info().currsize == SOURCES_KEPT
