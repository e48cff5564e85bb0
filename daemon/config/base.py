"""Turns pydantic's errors into lines that an administrator can act on: file, line, key, what is wrong.

Also what all sections of the configuration share: strictness, paths beside the file, addresses, secrets.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import ssl
from collections.abc import Iterable, Sequence
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

SECRET_KEY = re.compile(r"pass(word|wd)?|secret|token|.*_(password|secret|token)|key")
TABLE = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]?\]\s*(#.*)?$")
KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([\w.-]+))\s*=""")

DOMAIN = re.compile(r"([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+", re.ASCII)

Location = tuple[int | str, ...]


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or ""."""
    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean "port"?``, or ""."""
    meant = nearest(word, known)
    return f'; did you mean "{meant}"?' if meant else ""


def describe(error: ValidationError, model: type[BaseModel], text: str) -> list[str]:
    """One line per error, in the order of the file: ``line 12: [imap] prot: unknown key; did you mean "port"?``."""
    found = [
        (line_of(text, detail["loc"]), detail["loc"], _what(detail, model))
        for detail in error.errors(include_input=False)
    ]
    found.sort(key=lambda item: (item[0] or 10**9, str(item[1])))
    return [f"{f'line {line}: ' if line else ''}{dotted(location)}{what}" for line, location, what in found]


def dotted(location: Location) -> str:
    """``board.officers[2].email: `` with list items counted from 1, as a person would; "" for the whole file."""
    words = ""
    for step in location:
        words += f"[{step + 1}]" if isinstance(step, int) else f"{'.' if words else ''}{step}"
    return f"{words}: " if words else ""


def _what(detail: Any, model: type[BaseModel]) -> str:
    location: Location = detail["loc"]
    fields = _model_at(model, location[:-1]).model_fields
    if detail["type"] == "extra_forbidden":
        return _unknown(str(location[-1]), list(fields))
    field = fields.get(str(location[-1])) if location else None
    if field is not None and detail["type"] == "tuple_type" and _model_in(field.annotation) is not None:
        return f"must stand in double brackets, [[{'.'.join(map(str, location))}]], once for each"
    if field is not None and detail["type"] == "string_pattern_mismatch" and field.description:
        return f"must be {field.description}"
    if field is not None and detail["type"] == "too_short" and field.annotation is str:
        return "must not be empty"
    if detail["type"] in PLAINLY:
        return PLAINLY[detail["type"]]
    message = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return message[:1].lower() + message[1:]


def _unknown(key: str, known: Sequence[str]) -> str:
    if SECRET_KEY.fullmatch(key.casefold()):
        files = [name for name in known if name.endswith("_file") and not name.startswith("ca_")]
        place = files[0] if files else "a file of its own"
        return f"secrets are not kept in this file; use {place} or a systemd credential"
    meant = did_you_mean(key, known)
    return f"unknown key{meant or '; take it out, or see `doithoai init --stdout` for where it belongs'}"


def _model_at(model: type[BaseModel], path: Location) -> type[BaseModel]:
    """The section that a location leads to."""
    for step in path:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step)
        inner = _model_in(field.annotation) if field is not None else None
        model = inner or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The section's model inside an annotation such as ``tuple[PersonSettings, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for model in map(_model_in, get_args(annotation)) if model is not None), None)


def line_of(text: str, location: Location) -> int:
    """The line (from 1) of a key or of its table, 0 when it cannot be found. Good for messages only."""
    table: list[str] = []
    seen: dict[str, int] = {}
    best = 0
    wanted = [str(step) for step in location]
    for number, line in enumerate(text.splitlines(), 1):
        if match := TABLE.match(line):
            table = _table(line, match[1], seen)
            fits = bool(wanted) and all(a == b for a, b in zip(table, wanted, strict=False))
            best = number if fits and (not best or len(table) <= len(wanted)) else best
        elif match := KEY.match(line):
            key = match[1] or match[2] or match[3]
            if [*table, *key.split(".")] == wanted[: len(table) + key.count(".") + 1]:
                return number
    return best


def _table(line: str, name: str, seen: dict[str, int]) -> list[str]:
    """The location of a ``[table]`` or of the next ``[[table]]``."""
    path = [part.strip().strip("\"'") for part in name.strip("[]").split(".")]
    if line.lstrip().startswith("[["):
        seen[name] = seen.get(name, -1) + 1
        path.append(str(seen[name]))
    return path


def _is_a_number(annotation: Any) -> bool:
    """True for int and float, whatever limits stand around them; pydantic would take ``true`` for 1."""
    return annotation in (int, float) or any(map(_is_a_number, get_args(annotation)))


class Section(BaseModel):
    """A section: unknown keys are errors, values never change, and no message repeats a value."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)

    _folder: Path | None = PrivateAttr(default=None)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, bool) and _is_a_number(cls.model_fields[str(info.field_name)].annotation):
            raise ValueError("must be a number such as 30")
        return value

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


NO_ADDRESS = "not a mail address, such as vanthu@haiphong.gov.vn (no marks, no name)"
PLAINLY = {
    "missing": "missing; `doithoai init --stdout` shows an example",
    "too_short": "must name at least one",
    "date_from_datetime_parsing": "must be a day such as 2026-12-01",
    "date_parsing": "must be a day such as 2026-12-01",
    "int_parsing": "must be a whole number such as 30, without a unit",
    "int_from_float": "must be a whole number such as 30, without a unit",
    "float_parsing": "must be a number such as 30 or 0.5, without a unit",
    "bool_parsing": "must be true or false",
    "string_type": "must be a text in quotes",
    "tuple_type": 'must be a list in brackets, such as ["…", "…"]',
    "model_type": "must be a section of its own, with its keys below it",
}
"""Messages for administrators that replace pydantic's, by pydantic's error types."""


def _address(value: str) -> str:
    """One addr-spec (RFC 5322 §3.4.1) in ASCII; the domain in lower case."""
    try:
        address = Address(addr_spec=value)
    except (ValueError, IndexError, AttributeError, MessageError):
        raise ValueError(NO_ADDRESS) from None
    if (
        not value.isascii()
        or not value.isprintable()
        or " " in value
        or not address.username
        or "." not in address.domain
    ):
        raise ValueError(NO_ADDRESS)
    return f"{address.username}@{address.domain.lower()}"


def _domain(value: str) -> str:
    if not DOMAIN.fullmatch(value):
        raise ValueError('must be a bare domain such as sxd.haiphong.gov.vn, without "@" and "*"')
    return value.lower()


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be one line without control characters")
    return value


CERTIFICATE_REMEDY = (
    "name the authority's certificate in ca_file; one made by `openssl req -x509` needs "
    '-addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"'
)
TIME_REMEDY = "see whether this machine's clock is right (timedatectl); if it is, renew the server's certificate"
X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED = 9, 10
"""OpenSSL's names, from openssl/x509_vfy.h; Python has the numbers only."""


def certificate_remedy(error: ssl.SSLCertVerificationError) -> str:
    """What to do about a server's certificate that is not believed: a wrong time is no matter of the authority."""
    of_time = error.verify_code in (X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED)
    return TIME_REMEDY if of_time else CERTIFICATE_REMEDY


PORT_REMEDY = 'implicit TLS is 993 and 465, tls = "starttls" is 143 and 587'
"""The hint for a connection that cannot be secured; the same for both servers."""

Line = Annotated[str, AfterValidator(_one_line)]
"""Text that may stand in a header: one line."""
Name = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
EmailAddress = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
FilePath = Annotated[Path, AfterValidator(_beside_the_file)]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


def none_when_empty(value: Any) -> Any:
    """What "" means for a file or folder: none."""
    return None if value == "" else value


def is_loopback(host: str) -> bool:
    """True for this machine's own names and addresses: the only peers that may be reached without TLS."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
