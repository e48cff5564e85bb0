"""The last border: every text of a document is cleaned here, wherever it came from.

What is left is NFC text without control, bidi and invisible characters and without lone surrogates, so it is
well-formed XML 1.0 and the same in both files. Writers print it as literal text: no fields, no formulas, no markup.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from rules.text import clean

T = TypeVar("T")


def cleaned(value: T) -> T:
    """The same value with every text in it cleaned, through tuples and dataclasses; ``\\n`` stays."""
    return _cleaned(value)  # type: ignore[no-any-return]


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else clean(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(one) for one in value)
    if value is None or isinstance(value, int | float | date) or not is_dataclass(value):
        return value
    return replace(value, **{one.name: _cleaned(getattr(value, one.name)) for one in fields(value)})  # type: ignore[type-var]
