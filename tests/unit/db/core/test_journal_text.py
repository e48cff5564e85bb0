"""The text of a new entry that its hash covers is the canonical form that the check of the chain makes of its row."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from db.core.journal import Entry, _text_of, covered
from db.core.types import canonical_json

ID = st.none() | st.integers(0, 2**40)
DATA = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))
INSTANT = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(st.builds(Entry, st.text(), st.text(), st.text(), st.text(), ID, ID, ID, DATA), INSTANT)
def test_both_ways_give_the_same_text(entry: Entry, at: datetime) -> None:
    data = canonical_json(entry.data)
    row = {
        "seq": 7,
        "at": at,
        "actor": entry.actor,
        "act": entry.act,
        "clause": entry.clause,
        "why": entry.why,
        "question_id": entry.question,
        "raw_mail_id": entry.raw_mail,
        "outbox_id": entry.outbox,
        "data": json.loads(data),
        "previous": "before",
        "hash": "own",
    }
    assert _text_of(entry, 7, at, data) == covered(row)
