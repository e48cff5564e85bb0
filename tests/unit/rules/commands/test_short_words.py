"""A command about a session is said with or without "phiên đối thoại (trực tuyến)"."""

import pytest

from rules.commands.vocabulary import _short


@pytest.mark.parametrize("behind", ["", " phien", " phien doi thoai", " phien doi thoai truc tuyen"])
@pytest.mark.parametrize("last", ["", " den"])
def test_the_sessions_name_is_left_out_whole(behind: str, last: str) -> None:
    assert _short(tuple(f"hoan{behind}{last}".split())) == tuple(f"hoan{last}".split())
