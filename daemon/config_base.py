"""What every section of the configuration shares: strictness, paths beside the file, addresses, secrets."""

from __future__ import annotations

import ipaddress
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationInfo,
    model_validator,
)


class Section(BaseModel):
    """A section: unknown keys are errors, values never change, and no message repeats a value."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)

    _folder: Path | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _remember_folder(self, info: ValidationInfo) -> Self:
        self._folder = folder_of(info)
        return self


def folder_of(info: ValidationInfo) -> Path | None:
    """The folder of the file being read, or None when the values come from elsewhere."""
    folder = (info.context or {}).get("folder")
    return folder if isinstance(folder, Path) else None


def _beside_the_file(path: Path, info: ValidationInfo) -> Path:
    folder = folder_of(info)
    return path if folder is None else folder / path.expanduser()


def _address(value: str) -> str:
    """One addr-spec (RFC 5322 §3.4.1) in ASCII; the domain in lower case."""
    try:
        address = Address(addr_spec=value)
    except (ValueError, IndexError, AttributeError):
        raise ValueError("not a mail address") from None
    if (
        not value.isascii()
        or not value.isprintable()
        or " " in value
        or not address.username
        or "." not in address.domain
    ):
        raise ValueError("not a mail address")
    return f"{address.username}@{address.domain.lower()}"


def _domain(value: str) -> str:
    _address(f"x@{value}")
    return value.lower()


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be one line without control characters")
    return value


Line = Annotated[str, AfterValidator(_one_line)]
"""Text that may stand in a header: one line."""
Name = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
EmailAddress = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
FilePath = Annotated[Path, AfterValidator(_beside_the_file)]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


def is_loopback(host: str) -> bool:
    """True for this machine's own names and addresses: the only peers that may be spoken to without TLS."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
