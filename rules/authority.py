"""Who may act by mail: authentication as our own server found it, and nobody else's word.

Only an Authentication-Results header (RFC 8601) with exactly our ``authserv-id`` that stands above our server's
top ``Received`` counts: everything below may have been written by the sender. No such header is "none".
"""

from __future__ import annotations

from collections.abc import Iterator

from authres import AuthenticationResultsHeader
from authres.core import AuthResError

from rules.model import ParsedMail


def is_authenticated(mail: ParsedMail, authserv_id: str) -> bool:
    """True when our server says that the one From domain is authentic (RFC 7489 §3.1 alignment, strict)."""
    if not authserv_id or len(mail.senders) != 1:
        return False
    domain = mail.sender.domain.lower()
    return any(_vouches(value, authserv_id, domain) for value in _own_results(mail))


def _own_results(mail: ParsedMail) -> Iterator[str]:
    for name, value in mail.headers:
        if name == "received":
            return
        if name == "authentication-results":
            yield value


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
