"""Whether our own mail server authenticated the sender of a mail, without which nobody may act by mail.

An Authentication-Results header (RFC 8601 §5) counts only with exactly our ``authserv-id``, and only above the
``Received`` line with which our server took the mail from outside: the sender may have written everything below that
line, and even the name after its "from". Without such a header the sender is not authenticated.

The top trace fields (RFC 5321 §4.4) may be hops between our own servers. A hop is skipped only for what our server
itself wrote: the protocol of local delivery, or a name that the operator lists together with a peer that is this
machine or in the installation's own network.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from authres import AuthenticationResultsHeader
from authres.core import AuthResError

from rules.values.model import ParsedMail

LOCAL_DELIVERY = frozenset(
    f"{utf8}lmtp{option}" for utf8 in ("", "utf8") for option in ("", "a", "s", "sa")
)  # RFC 3848 §3, RFC 6531 §4.3
OUR_NETWORKS = tuple(
    ipaddress.ip_network(each)
    for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)
"""Loopback and private addresses (RFC 1918, RFC 4193), from which nobody can send through the internet."""
MOST_DELIVERIES = 3
"""A proxy, a director and the store: no installation has more deliveries in a row."""
LONGEST = 2_000
"""A longer ``Received`` line, in characters, is not parsed, as comments are removed layer by layer."""
LONGEST_NAME = 255

_COMMENT = re.compile(r"\([^()]*\)")
_STAMP = re.compile(
    r"(?:from\s+\S+\s+)?by\s+(?P<by>\S+)(?:\s+via\s+\S+)?\s+with\s+(?P<protocol>\S+)(?:\s+id\s+\S+)?(?:\s+for\s+\S+)?"
    r"\s*;[^;]*",
    re.IGNORECASE,
)
_PEER = re.compile(r"from\s+\S+\s+\([^()\[\]]*\[(?:IPv6:)?([0-9a-f.:]+)\]\)", re.IGNORECASE)


RESULTS = "authentication-results"
BESIDE = frozenset({"dkim-filter", "dmarc-filter", "received-spf"})
"""Header fields that filters write next to the result; a sender's own fields of these names are below it, too."""


def results_of_our_servers(
    headers: Sequence[tuple[str, str]], received_by: Sequence[str] = (), below: str = ""
) -> Iterator[str]:
    """The Authentication-Results above the ``Received`` of the server that took the mail from outside.

    ``headers``: names in lower case, values unfolded and undecoded, from the top. ``received_by``: the names after
    "by" of the lines that our servers write above that result, top first; none = only LMTP deliveries are skipped.
    ``below``: the name of a server that writes its result directly below its own ``Received``; then that line counts
    as well. Only for a server known to remove a sender's lines: without its result they would be in that place.
    """
    passed = 0
    for place, (name, value) in enumerate(headers):
        if name == RESULTS:
            yield value
        elif name == "received":
            if not _is_inner_hop(value, passed, received_by):
                if below and _is_by(value, below):
                    yield from _directly(headers[place + 1 :])
                return
            passed += 1


def _directly(headers: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The only result at the top of these lines."""
    for name, value in headers:
        if name == RESULTS:
            yield value
        if name not in BESIDE:
            return


def _is_by(value: str, name: str) -> bool:
    """True when the line is from the server of this name: its own "by", not a sender's in HELO or a comment."""
    stamp = _stamp(value)
    return stamp is not None and stamp["by"].lower() == name.lower()


def _is_inner_hop(value: str, passed: int, received_by: Sequence[str]) -> bool:
    stamp = _stamp(value)
    if stamp is None:
        return False
    delivered = stamp["protocol"].lower() in LOCAL_DELIVERY
    if not received_by:
        return delivered and passed < MOST_DELIVERIES
    expected = received_by[passed].lower() if passed < len(received_by) else ""
    return stamp["by"].lower() == expected and (delivered or _from_our_network(value))


def _stamp(value: str) -> re.Match[str] | None:
    return _STAMP.fullmatch(_without_comments(value)) if len(value) <= LONGEST else None


def _without_comments(value: str) -> str:
    """The value without comments, innermost first; an unclosed comment stays and prevents the match."""
    while (shorter := _COMMENT.sub(" ", value)) != value:
        value = shorter
    return value.strip()


def _from_our_network(value: str) -> bool:
    """True by the peer's address as seen by our server (TCP-info), not by the name that the peer gave."""
    peer = _PEER.match(value.strip())
    try:
        address = ipaddress.ip_address(peer[1] if peer else "")
    except ValueError:
        return False
    return any(address in network for network in OUR_NETWORKS)


class Proof:
    """Whether our server vouches for a sender, true or false; determined on first use.

    Parsing the header takes a twentieth of the time spent on a mail, and a citizen's mail does not need it.
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
    """True when our server says that the only From domain is authentic (RFC 7489 §3.1 alignment, strict)."""
    if not authserv_id or len(mail.senders) != 1:
        return False
    domain = mail.sender.domain.lower()
    return any(
        _vouches(value, authserv_id, domain) for value in results_of_our_servers(mail.headers, received_by, below)
    )


def _vouches(value: str, authserv_id: str, domain: str) -> bool:
    parsed = _parsed(value)
    if parsed is None:
        return False
    if (parsed.authserv_id or "").lower() != authserv_id.lower():
        return False
    return any(_passes(result, domain) for result in parsed.results or ())


def _parsed(value: str) -> Any:
    """The result as the library reads it (its types are unknown), None for one that is malformed."""
    try:
        return AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
    except (AuthResError, ValueError, AttributeError, IndexError):
        return None


def authserv_id_of(value: str) -> str:
    """The name at the start of a result (RFC 8601 §2.5) in lower case, "" where none can be read, or shown."""
    parsed = _parsed(value)
    name = str(parsed.authserv_id or "").lower() if parsed is not None else ""
    return name if len(name) <= LONGEST_NAME and re.fullmatch("[!-~]+", name) else ""


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
