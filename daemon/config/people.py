"""Sections about people: the Editorial Board, the Office, and the units' addresses.

Also the sections about further proof of a sender, and about files that must not be passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from daemon.config.base import Domain, EmailAddress, FilePath, Line, Name, Seconds, Section
from rules.values.register_number import DEFAULT_PREFIX


class PersonSettings(Section):
    """A person or an office that gets mail."""

    name: Name
    email: EmailAddress


class HeadSettings(PersonSettings):
    """The Head of the Board; during the Head's absence, both days included, the deputy is asked to approve."""

    deputy_name: Line = ""
    deputy_email: EmailAddress | None = None
    absent_from: date | None = None
    absent_until: date | None = None

    @model_validator(mode="after")
    def _absence_makes_sense(self) -> Self:
        if (self.absent_from is None) != (self.absent_until is None):
            raise ValueError("an absence needs both absent_from and absent_until")
        if self.absence is not None and self.absence[0] > self.absence[1]:
            raise ValueError("absent_from is after absent_until")
        if self.absence is not None and self.deputy_email is None:
            raise ValueError("an absence needs a deputy: deputy_name and deputy_email")
        return self

    @property
    def absence(self) -> tuple[date, date] | None:
        """First and last day of absence, None while the Head is present."""
        if self.absent_from is None or self.absent_until is None:
            return None
        return self.absent_from, self.absent_until


class BoardSettings(Section):
    """The Editorial Board that signs every mail. ``prefix`` begins each register number (HP-2026-000123)."""

    name: Name
    city: Name = "Hải Phòng"
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,8}$")] = DEFAULT_PREFIX
    phone: Line = ""
    website: Line = ""
    where_to_complain: str = ""
    privacy_contact: str = ""
    privacy_page: str = ""
    head: HeadSettings
    officers: Annotated[tuple[PersonSettings, ...], Field(min_length=1)]
    office: PersonSettings
    complaints: PersonSettings | None = None
    """The officer named for complaints and denunciations; without one, the first officer of the list."""
    approvers: Mapping[str, PersonSettings] = Field(default_factory=dict)
    """Those who approve papers beside the Head, by the profile's role; ``installation`` is known already."""
    invited: Mapping[Line, EmailAddress] = Field(default_factory=dict)
    """Further addresses that the yearly review invites beside the units, by the name that the profile gives them."""


EVERYBODYS = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "outlook.com", "outlook.com.vn"),
        *("hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "proton.me", "protonmail.com", "aol.com"),
        *("zoho.com", "gmx.com", "gmx.net", "mail.com", "mail.ru", "yandex.com", "fpt.vn", "vnn.vn", "hn.vnn.vn"),
    }
)
"""Public mail providers: anybody can have an address there, so their domains can prove no unit."""


class UnitSettings(Section):
    """A unit's official address; replies also count from ``other_addresses`` and from any address of ``domains``."""

    address: EmailAddress
    other_addresses: tuple[EmailAddress, ...] = ()
    domains: tuple[Domain, ...] = ()
    leader_name: Line = ""
    leader_email: EmailAddress | None = None

    @field_validator("domains")
    @classmethod
    def _of_the_unit_alone(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        for domain in domains:
            if domain.lower() in EVERYBODYS:
                raise ValueError(f"anybody may have an address at {domain}; name the unit's in other_addresses")
        return domains

    def addresses(self) -> tuple[str, ...]:
        """Every listed address, the official one first."""
        return (self.address, *self.other_addresses)


Role = Literal["unit", "officer", "head"]


class SignatureSettings(Section):
    """Digital signatures of attached PDF files: ``anchors`` is a folder of trusted certificates."""

    anchors: FilePath | None = None
    seconds: int = Field(default=20, ge=1, le=40)

    @field_validator("anchors", mode="before")
    @classmethod
    def _none_when_empty(cls, value: Any) -> Any:
        return None if value == "" else value


class SmimeSettings(Section):
    """Who must sign (RFC 8551) for an act by mail, in addition to all other proof; nobody by default."""

    ca_file: FilePath | None = None
    required: tuple[Role, ...] = ()

    @field_validator("ca_file", mode="before")
    @classmethod
    def _none_when_empty(cls, value: Any) -> Any:
        return None if value == "" else value

    @model_validator(mode="after")
    def _an_authority_to_believe(self) -> Self:
        if self.required and self.ca_file is None:
            told = "signatures are required, but no ca_file says whose certificates count; name it in smime.ca_file"
            raise ValueError(told)
        return self


class ScanSettings(Section):
    """clamd, by its socket or its TCP port on this machine (without TLS); neither = no scanner is asked."""

    socket: FilePath | None = None
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    timeout_seconds: Seconds = 30

    @field_validator("socket", mode="before")
    @classmethod
    def _none_when_empty(cls, value: Any) -> Any:
        return None if value == "" else value

    @property
    def is_on(self) -> bool:
        """True when a scanner is asked; files are then held while it does not answer."""
        return self.socket is not None or self.port > 0
