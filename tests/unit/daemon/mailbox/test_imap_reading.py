"""FETCH responses, dates, sequence sets and batches, without a server."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.config.mail import ImapClientSettings, check_imap_settings, is_loopback
from daemon.mailbox.connection import (
    BATCH_BYTES,
    BODY,
    ID_FIELD,
    FetchedMail,
    batches,
    by_uid,
    fetched_mail,
    id_field,
    internal_date,
)
from daemon.mailbox.mailbox import _uid_set
from tests.servers.faulty_imap import uid_set

UIDS = st.lists(st.integers(1, 500), max_size=60)
VALUES = st.recursive(
    st.none() | st.integers() | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=4).map(tuple),
    max_leaves=12,
)


@given(UIDS)
def test_a_sequence_set_holds_exactly_the_uids(uids: list[int]) -> None:
    text = _uid_set(uids)
    assert (uid_set(text) if text else []) == sorted(set(uids))


@given(UIDS)
def test_a_sequence_set_is_digits_commas_and_colons(uids: list[int]) -> None:
    assert set(_uid_set(uids)) <= set(b"0123456789,:")


@given(st.lists(st.integers(1, 10**6), unique=True, max_size=40), st.integers(1, 9), st.data())
def test_batches_keep_every_uid_in_order(uids: list[int], most: int, data: st.DataObject) -> None:
    sizes = {uid: data.draw(st.none() | st.integers(0, 2 * BATCH_BYTES)) for uid in uids}
    cut = list(batches(uids, sizes, most))
    assert [uid for batch in cut for uid in batch] == uids
    for batch in cut:
        assert 1 <= len(batch) <= most
        assert len(batch) == 1 or sum(sizes[uid] or 0 for uid in batch) <= BATCH_BYTES


@given(st.lists(VALUES, max_size=6))
def test_any_shape_is_a_dictionary_or_a_temporary_error(parsed: list[Any]) -> None:
    try:
        found = by_uid(parsed, frozenset({1, 2}), BODY)
    except TemporaryError:
        return
    assert set(found) <= {1, 2}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"20-Nov-2026 10:04:05 +0700", datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)),
        (b" 1-Jan-2026 00:00:00 +0000", datetime(2026, 1, 1, tzinfo=UTC)),
        (b"01-Jan-2026 00:00:00 -1200", datetime(2026, 1, 1, 12, tzinfo=UTC)),
        (b"40-Foo-2026 99:99:99", None),
        (b"31-Dec-9999 23:59:59 -1200", None),
        (b"", None),
        (None, None),
        (20261120, None),
    ],
)
def test_internal_dates(value: object, expected: datetime | None) -> None:
    assert internal_date(value) == expected


@pytest.mark.parametrize("name", [b"BODY[HEADER.FIELDS (MESSAGE-ID)]", b'BODY[HEADER.FIELDS ("Message-ID")]'])
def test_the_name_of_a_field_may_stand_in_quotes(name: bytes) -> None:
    """Courier writes it so: no Message-ID was ever seen there, and after a cut line mails were copied again."""
    found = by_uid((1, (b"UID", 5, name, b"Message-ID: <a@b>\r\n\r\n")), frozenset([5]), ID_FIELD)
    assert id_field(found[5][ID_FIELD]) == "<a@b>"


def test_a_mail_is_whole_or_told_what_is_wrong() -> None:
    date = b"20-Nov-2026 10:04:05 +0700"
    whole = fetched_mail(5, {BODY: b"abc", b"INTERNALDATE": date, b"FLAGS": (b"\\Seen",)}, 3)
    assert whole == FetchedMail(5, b"abc", datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC), ("\\Seen",))
    assert fetched_mail(5, {BODY: b"ab", b"INTERNALDATE": date}, 3) == "came with 2 bytes of 3"
    assert fetched_mail(5, {BODY: None, b"INTERNALDATE": date}, 3) == "came without a body"
    assert fetched_mail(5, {BODY: b"abc"}, 3) == "came without a readable INTERNALDATE"
    assert isinstance(fetched_mail(5, {BODY: b"", b"INTERNALDATE": date}, 0), FetchedMail)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST", "localhost."])
def test_loopback(host: str) -> None:
    assert is_loopback(host)
    check_imap_settings(ImapClientSettings(host, 143, "none", "u", "password", "s"))


@pytest.mark.parametrize("host", ["", "128.0.0.1", "::2", "localhost.test", "127.0.0.1.test", "0.0.0.0"])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(ConfigurationError):
        check_imap_settings(ImapClientSettings(host, 143, "none", "u", "password", "s"))


def test_the_secret_is_in_no_representation() -> None:
    assert "rat-bi-mat" not in repr(ImapClientSettings("localhost", 143, "none", "u", "password", "rat-bi-mat"))
