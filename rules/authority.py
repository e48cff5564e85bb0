"""Who may act by mail: authentication as our own server found it, and nobody else's word.

Only an Authentication-Results header (RFC 8601 §5) with exactly our ``authserv-id`` counts that stands above the
``Received`` with which our server took the mail from outside (:mod:`rules.trace`): everything below may have been
written by the sender. No such header is "none".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from authres import AuthenticationResultsHeader
from authres.core import AuthResError

from rules.model import ParsedMail
from rules.trace import results_of_our_servers


class Proof:
    """Whether our server vouches for a sender, true or false; found out when somebody first asks.

    To read that grammar takes a twentieth of all that is done about a mail, and of a citizen's nobody asks.
    """

    __slots__ = ("_found", "_look")

    def __init__(self, look: Callable[[], bool]) -> None:
        self._look = look
        self._found: bool | None = None

    def __bool__(self) -> bool:
        if self._found is None:
            self._found = self._look()
        return self._found


def is_authenticated(mail: ParsedMail, authserv_id: str, received_by: Sequence[str] = (), below: str = "") -> bool:
    """True when our server says that the one From domain is authentic (RFC 7489 §3.1 alignment, strict)."""
    if not authserv_id or len(mail.senders) != 1:
        return False
    domain = mail.sender.domain.lower()
    return any(
        _vouches(value, authserv_id, domain) for value in results_of_our_servers(mail.headers, received_by, below)
    )


def _vouches(value: str, authserv_id: str, domain: str) -> bool:
    try:
        parsed = AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
    except (AuthResError, ValueError, AttributeError, IndexError):
        return False
    if (parsed.authserv_id or "").lower() != authserv_id.lower():
        return False
    return any(_passes(result, domain) for result in parsed.results or ())


CLAIMS = {"dmarc": ("header", "from"), "dkim": ("header", "d"), "spf": ("smtp", "mailfrom")}


def _passes(result: object, domain: str) -> bool:
    """dmarc=pass for the From domain, or a dkim or spf pass of exactly that domain."""
    claim = CLAIMS.get(str(getattr(result, "method", "")))
    if getattr(result, "result", "") != "pass" or claim is None or not domain:
        return False
    return any(
        (one.type, one.name) == claim and str(one.value or "").lower().rpartition("@")[2] == domain
        for one in getattr(result, "properties", ())
    )
