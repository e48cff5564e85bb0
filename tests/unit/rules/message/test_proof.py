"""Whether a sender is authentic is found out when it is asked for, and once."""

import pytest

from rules.message.authentication import Proof


@pytest.mark.parametrize("authentic", [True, False])
def test_it_is_looked_for_when_asked_and_once(authentic: bool) -> None:
    asked: list[int] = []

    def look() -> bool:
        asked.append(1)
        return authentic

    proof = Proof(look)
    assert not asked
    assert bool(proof) is bool(proof) is authentic
    assert len(asked) == 1
