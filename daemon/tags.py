"""Signed address tags (RFC 5233 subaddresses): what our mails carry so that an answer finds its case.

``r.<assignment>.<mac>`` in a unit's Reply-To, ``o.<raw mail>.<mac>`` in an officer's, ``b.<mail>.<mac>`` in the
return path, ``a.<token>.<mac>`` where somebody is asked to approve a text. The MAC (HMAC-SHA-256, 80 bits) covers
kind, target and, for officers and approvals, the person it was made for.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rules.facts import Tag
from rules.model import ParsedMail

MAC_DIGITS = 20
_TAG = re.compile(r"([roba])\.([0-9a-z]{1,32})\.([0-9a-f]{20})")

# Where a delivering server leaves the address that the mail was really sent to.
DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


@lru_cache(maxsize=4)
def _keyed(key: bytes) -> hmac.HMAC:
    """A MAC that has taken in the key and nothing else, to be copied: OpenSSL looks up and makes all of it anew."""
    return hmac.new(key, digestmod=hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Tagger:
    """Makes and checks tags with one key."""

    key: bytes
    mailbox: str
    separator: str = "+"

    def make(self, kind: str, target: str | int, person: str = "") -> str:
        """A tag for a target; ``person`` binds it to one address."""
        return f"{kind}.{target}.{self._mac(kind, str(target), person)}"

    def _mac(self, kind: str, target: str, person: str) -> str:
        mac = _keyed(self.key).copy()
        mac.update(f"{kind}\0{target}\0{person.lower()}".encode())
        return mac.hexdigest()[:MAC_DIGITS]

    def read(self, mail: ParsedMail) -> Tag | None:
        """The first valid tag among the addresses a mail was sent to; a forged one is none."""
        for address in self._addresses(mail):
            tag = self._check(address, mail.sender.email)
            if tag is not None:
                return tag
        return None

    def _addresses(self, mail: ParsedMail) -> Iterable[str]:
        for name in DELIVERED:
            yield from mail.all_headers(name)
        yield from (one.email for one in (*mail.to, *mail.cc))

    def _check(self, address: str, sender: str) -> Tag | None:
        local, _, domain = address.strip().strip("<>").rpartition("@")
        own_local, _, own_domain = self.mailbox.rpartition("@")
        prefix = f"{own_local}{self.separator}".lower()
        if not self.separator or domain.lower() != own_domain.lower() or not local.lower().startswith(prefix):
            return None
        found = _TAG.fullmatch(local.lower()[len(prefix) :])
        if found is None:
            return None
        kind, target, mac = found.groups()
        person = sender if kind in {"o", "a"} else ""
        return Tag(kind, target, found.group()) if hmac.compare_digest(mac, self._mac(kind, target, person)) else None
