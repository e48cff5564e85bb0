"""Who issues and signs the Board's papers, as one installation's configuration and profile say it."""

from __future__ import annotations

from daemon.config.config import Config
from daemon.documents.inputs import Filing, articles_of, regulation_of
from daemon.documents.model import Letterhead, Signature
from rules.law.profile import Profile


def board_filing(config: Config, profile: Profile, year: int) -> Filing:
    """The head, signature and law of every paper; the year is the city's."""
    board = config.board
    committee = f"{profile.roles['city']} {board.city}"
    broken = committee.replace("Ủy ban nhân dân ", "Ủy ban nhân dân\n", 1)
    return Filing(
        letterhead=Letterhead(broken, board.name, "BBT", board.city),
        signature=Signature(("TRƯỞNG BAN",), board.head.name),
        regulation=regulation_of(profile),
        committee=committee,
        board=board.name,
        year=year,
        articles=articles_of(profile),
    )
