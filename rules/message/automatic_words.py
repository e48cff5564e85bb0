"""The words of ``automatic.toml``, compiled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text.patterns import one_of_words
from rules.values.data_file import SOURCES_KEPT, Source


@dataclass(frozen=True, slots=True)
class AutomaticWords:
    """Patterns match keys (:func:`rules.message.quote_markers.key`); headers map a name to its significant words."""

    headers: Mapping[str, tuple[str, ...]]
    bulk_headers: Mapping[str, tuple[str, ...]]
    automatic_subject: re.Pattern[str]
    absence_subject: re.Pattern[str]
    receipt_subject: re.Pattern[str]
    bounce_subject: re.Pattern[str]
    bounce_text: re.Pattern[str]
    bounce_begins: re.Pattern[str]
    delayed_text: re.Pattern[str]
    automatic_text: re.Pattern[str]
    absence_text: re.Pattern[str]
    instead_text: re.Pattern[str]
    daemon_locals: frozenset[str]
    postmaster_locals: frozenset[str]
    machine_locals: re.Pattern[str]
    daemon_names: re.Pattern[str]
    delivery_names: re.Pattern[str]
    notice_subject: re.Pattern[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_automatic_words(source: Source = DEFAULT) -> AutomaticWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("automatic.toml")
    subjects, texts, senders = data["subjects"], data["text"], data["senders"]
    return AutomaticWords(
        headers=_headers(data["headers"]["automatic"]),
        bulk_headers=_headers(data["headers"]["bulk"]),
        automatic_subject=_prefix(subjects["automatic"]),
        absence_subject=_prefix(subjects["absence"]),
        receipt_subject=_prefix(subjects["receipt"], ends=r"\s*:\s*\S"),
        bounce_subject=re.compile(either(subjects["bounce"])),
        bounce_text=re.compile(either(texts["bounce"])),
        bounce_begins=re.compile(r"^[\W_]*" + either(texts["bounce_begins"])),
        delayed_text=re.compile(either(texts["delayed"])),
        automatic_text=re.compile(r"^[\W_]*" + either(texts["automatic"])),
        absence_text=re.compile(either(texts["absence"])),
        instead_text=re.compile(either(texts["instead"])),
        daemon_locals=frozenset(senders["daemon_locals"]),
        postmaster_locals=frozenset(senders["postmaster_locals"]),
        machine_locals=re.compile(either(senders["machine_locals"])),
        daemon_names=re.compile(either(senders["names"])),
        delivery_names=re.compile(either(senders["delivery_names"]) + "$"),
        notice_subject=re.compile(either(subjects["notice"])),
    )


def _headers(section: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return {name.lower(): tuple(words) for name, words in section.items()}


def without_marks(text: str) -> str:
    """Vietnamese without diacritics."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))


def either(phrases: Sequence[str]) -> str:
    """An alternation of literal phrases and, for those of two syllables or more, their forms without diacritics."""
    forms = {unicodedata.normalize("NFC", phrase).lower() for phrase in phrases}
    forms |= {without_marks(form) for form in forms if " " in form}
    return one_of_words(sorted(forms))


def _prefix(phrases: Sequence[str], ends: str = r"\s*(?:[:\-–(\[]|$|re\b)") -> re.Pattern[str]:
    return re.compile(r"^[\W_]*" + either(phrases) + ends)
