"""The configuration: one TOML file, typed, checked completely at start, and never changed afterwards.

``load_config`` raises one :class:`daemon.base.errors.ConfigurationError` that lists every error, a line each.
Secrets are not part of it; the sections know where to find theirs (:mod:`daemon.base.secrets`).
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator

from daemon.base.errors import ConfigurationError, NeverStartsError
from daemon.base.secrets import SecretSource
from daemon.config.base import FilePath, Line, Section, describe, did_you_mean, folder_of, line_of, none_when_empty
from daemon.config.mail import ImapFolders, ImapSettings, MailboxSettings, ServerSettings, SmtpSettings
from daemon.config.sections import (
    AlarmSettings,
    BoardSettings,
    CalendarSettings,
    DeskSettings,
    MetricsSettings,
    PersonSettings,
    PublicationSettings,
    RunSettings,
    ScanSettings,
    SignatureSettings,
    SmimeSettings,
    UnitSettings,
    WebSettings,
)
from rules.values.data_file import DataFileError, Source, load_units

DEFAULT_CONFIG = Path("/etc/doithoai/doithoai.toml")
SHORTEST_KEY = 32
"""Bytes of the HMAC key, as long as the digest (RFC 2104 §3, SHA-256)."""

__all__ = [
    "DEFAULT_CONFIG",
    "BoardSettings",
    "Config",
    "DatabaseSettings",
    "ImapFolders",
    "ImapSettings",
    "LimitSettings",
    "LogSettings",
    "MailboxSettings",
    "PersonSettings",
    "RuleSettings",
    "SecretSettings",
    "ServerSettings",
    "SmtpSettings",
    "UnitSettings",
    "load_config",
]


def _has_a_port_or_none(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


class DatabaseSettings(Section):
    """The location of the register. A PostgreSQL password comes from a file or a credential, never from the URL."""

    url: str = "sqlite:////var/lib/doithoai/doithoai.db"
    password_file: FilePath | None = None
    credential: Line = ""

    @field_validator("url")
    @classmethod
    def _known_database(cls, url: str, info: ValidationInfo) -> str:
        scheme, found, rest = url.partition("://")
        if scheme == "sqlite" and found and rest.startswith("/"):
            folder = folder_of(info)
            return url if folder is None or rest.startswith("//") else f"sqlite:///{folder.absolute() / rest[1:]}"
        if scheme not in {"postgresql", "postgresql+psycopg"} or not found:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if not _has_a_port_or_none(url):
            raise ValueError("the port behind the host must be a number such as 5432")
        if urlsplit(url).password is not None:
            raise ValueError(
                "secrets are not kept in this file; use password_file, a systemd credential, or peer login"
            )
        return f"postgresql+psycopg://{rest}"

    @property
    def secret(self) -> SecretSource:
        """The place of the database password, if there is one."""
        return SecretSource("database.password_file", self.password_file, self.credential, self._folder)

    def full_url(self) -> SecretStr:
        """The URL with its password in it, for the engine only. Raises :class:`ConfigurationError`."""
        if self.password_file is None and not self.credential:
            return SecretStr(self.url)
        scheme, _, rest = self.url.partition("://")
        user, at, host = rest.rpartition("@")
        if not at:
            raise ConfigurationError("database.url: names no user, but a password is configured")
        return SecretStr(f"{scheme}://{user}:{quote(self.secret.read().get_secret_value(), safe='')}@{host}")


class SecretSettings(Section):
    """The key that signs address tags and tokens."""

    key_file: FilePath | None = None
    credential: Line = "signing-key"

    @property
    def secret(self) -> SecretSource:
        """The place of the key."""
        return SecretSource("secrets.key_file", self.key_file, self.credential, self._folder)

    def signing_key(self) -> bytes:
        """The HMAC key, at least 32 bytes. Raises :class:`ConfigurationError`."""
        place = self.secret.locate()
        key = self.secret.read().get_secret_value().encode()
        if len(key) < SHORTEST_KEY:
            raise ConfigurationError(
                f"secrets.key_file: {place}: shorter than {SHORTEST_KEY} bytes; `openssl rand -hex 32` makes one"
            )
        return key


class RuleSettings(Section):
    """The regulation profile in force, the operator's own data files, and thresholds of the routing."""

    profile: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="the profile's name without .toml, such as hp-1374-2016"),
    ] = "hp-1374-2016"
    folder: FilePath | None = None
    forward_threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    review_threshold: Annotated[float, Field(ge=0, le=1)] | None = None

    _empty = field_validator("folder", mode="before")(none_when_empty)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        forward, review = self.forward_threshold, self.review_threshold
        if forward is not None and review is not None and forward < review:
            raise ValueError("forward_threshold is below review_threshold; raise the one or lower the other")
        return self


class LimitSettings(Section):
    """Limits for one mail: its size in bytes, and the CPU seconds for reading and deciding on it."""

    max_mail_bytes: Annotated[int, Field(ge=100_000, le=1_000_000_000)] = 50_000_000
    max_cpu_seconds: Annotated[int, Field(ge=5, le=300)] = 20


class OcrSettings(Section):
    """A program that reads text out of pictures; none unless configured. ``{file}`` stands for the picture's path."""

    command: tuple[str, ...] = ()
    seconds: Annotated[int, Field(ge=1, le=120)] = 20

    @field_validator("command")
    @classmethod
    def _takes_a_file(cls, command: tuple[str, ...]) -> tuple[str, ...]:
        if command and not any("{file}" in part for part in command):
            raise ValueError("must have {file} where the picture's path goes")
        return command


class LogSettings(Section):
    """How much is logged; lines go to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value


class Config(Section):
    """The whole file."""

    mailbox: MailboxSettings
    imap: ImapSettings
    smtp: SmtpSettings
    board: BoardSettings
    database: DatabaseSettings = DatabaseSettings()
    secrets: SecretSettings = SecretSettings()
    units: Mapping[str, UnitSettings] = Field(default_factory=dict)
    rules: RuleSettings = RuleSettings()
    limits: LimitSettings = LimitSettings()
    ocr: OcrSettings = OcrSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    alarm: AlarmSettings = AlarmSettings()
    run: RunSettings = RunSettings()
    desk: DeskSettings = DeskSettings()
    smime: SmimeSettings = SmimeSettings()
    signatures: SignatureSettings = SignatureSettings()
    scan: ScanSettings = ScanSettings()
    calendar: CalendarSettings = CalendarSettings()
    publication: PublicationSettings = PublicationSettings()
    web: WebSettings = WebSettings()

    @property
    def source(self) -> Source:
        """The data for reading mails: the shipped files, the operator's over them, the prefix of register numbers."""
        return Source(self.rules.folder, prefix=self.board.prefix)

    @model_validator(mode="before")
    @classmethod
    def _left_out_is_empty(cls, values: Any) -> Any:
        """A section that the file leaves out is read as an empty one, so that it too knows the file's folder."""
        optional = (
            "database",
            "secrets",
            "rules",
            "limits",
            "ocr",
            "log",
            "metrics",
            "alarm",
            "run",
            "desk",
            "smime",
            "signatures",
            "scan",
        )
        shown = ("calendar", "publication", "web")
        return {**{name: {} for name in (*optional, *shown)}, **values} if isinstance(values, dict) else values

    @model_validator(mode="after")
    def _no_address_twice(self) -> Self:
        own = self.mailbox.address.casefold()
        count = Counter(address.casefold() for unit in self.units.values() for address in unit.addresses())
        if own in count:
            raise ValueError(
                "a unit has the mailbox's own address: its mail would go round in circles; write the unit's own"
            )
        twice = sorted(
            code for code, unit in self.units.items() if any(count[a.casefold()] > 1 for a in unit.addresses())
        )
        if twice:
            raise ValueError(
                f"one address is listed for several units or twice: {', '.join(twice)}; write for each unit its own"
            )
        return self

    @model_validator(mode="after")
    def _forms_are_nobodys(self) -> Self:
        people = {address.casefold() for _, address in self.board.addresses()}
        units = {address.casefold() for unit in self.units.values() for address in unit.addresses()}
        for form in self.mailbox.forms:
            if form.casefold() in {self.mailbox.address.casefold(), *people, *units}:
                raise ValueError(
                    f"mailbox.forms: {form} is the mailbox's, an own person's or a unit's own; write the form's"
                )
        return self


def load_config(path: Path | None = None) -> Config:
    """Reads and checks the file (default ``/etc/doithoai/doithoai.toml``).

    Raises :class:`NeverStartsError` whose text has one line per error: ``FILE: line N: section.key: what``.
    """
    path = path or DEFAULT_CONFIG
    text = _read(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NeverStartsError(f"{path}: {_not_toml(str(error), text)}") from None
    try:
        config = Config.model_validate(values, context={"folder": path.absolute().parent})
    except ValidationError as error:
        raise _all_lines(path, describe(error, Config, text)) from None
    if strange := _strange_units(config, text):
        raise _all_lines(path, strange)
    return config


MISTAKES = (
    (re.compile(r"=\s*-?\d+,\d"), "a number has a point and no comma: 0.45"),
    (re.compile(r"=\s*(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d)"), "a day is written 2026-12-01, and exists"),
    (re.compile(r"=\s*[“”„‘’«»]"), 'quotation marks are straight: "…"'),
    (re.compile(r"=\s*(true|false|yes|no|on|off)\b", re.IGNORECASE), "a switch is true or false, in small letters"),
    (re.compile(r'=\s*"[^"]*\\'), "a backslash is written twice, or the text stands in single quotes"),
    (re.compile(r"^\s*\["), "a section is written [name]"),
    (re.compile(r"^[^=]*$"), "a line is written key = value; one that only explains begins with #"),
    (re.compile(r"=\s*[+0]\d"), "a telephone number stands in quotes"),
)
"""What stands in a line that is no TOML, and how it should be written."""


def _not_toml(said: str, text: str) -> str:
    """The parser's message with the line number first, as in all errors, and what it usually means."""
    what, _, place = said.partition(" (at ")
    match = re.match(r"line (\d+)", place)
    lines = text.splitlines()
    written = lines[int(match[1]) - 1] if match and int(match[1]) <= len(lines) else ""
    remedy = next((how for mistake, how in MISTAKES if mistake.search(written)), "texts stand in quotes")
    if "twice" in what or "overwrite" in what:
        remedy = "a section or key stands twice; write it once"
    return f"{f'{match[0]}: ' if match else ''}{what}; {remedy}; `doithoai init --stdout` shows how lines look"


def _all_lines(path: Path, lines: list[str]) -> NeverStartsError:
    return NeverStartsError("\n".join(f"{path}: {line}" for line in lines))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Notepad writes a byte order mark first
    except FileNotFoundError:
        raise NeverStartsError(f"{path}: no such file; `doithoai init` writes an example") from None
    except IsADirectoryError:
        raise NeverStartsError(f"{path}: is a folder; name the file in it") from None
    except PermissionError:
        raise NeverStartsError(f"{path}: may not be read by this account; run the command as root") from None
    except OSError as error:
        raise NeverStartsError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise NeverStartsError(f"{path}: not UTF-8 text; save the file as UTF-8") from None


def _strange_units(config: Config, text: str) -> list[str]:
    """One error line for each ``[units.X]`` that is not in the list of units."""
    try:
        known = load_units(config.source)
    except DataFileError as error:
        return [f"rules.folder: {error}"]
    strange = [code for code in config.units if code not in known]
    return [
        f"line {line_of(text, ('units', code))}: units.{code}: no such unit{did_you_mean(code, known)}"
        for code in strange
    ]
