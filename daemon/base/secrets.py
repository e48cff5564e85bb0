"""Reads passwords and keys from a file of their own or a systemd credential, never from the TOML file.

A secret is read at the moment of use and passed on as :class:`pydantic.SecretStr`, whose text form is stars. The log
knows every secret read here and blanks it out should it ever appear.
"""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from daemon.base.errors import ConfigurationError
from daemon.base.logs import blank_out

CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY"
"""Set by systemd for a unit with LoadCredential= (systemd.exec(5))."""

PROGRAM_SECONDS = 30.0
LARGEST_SECRET = 65_536
"""Bytes; an OAuth token has a few thousand, while a wrong path may name a file of any size."""


@dataclass(frozen=True, slots=True)
class SecretSource:
    """The place of one secret: ``file``, else the credential in systemd's folder, else beside the TOML file.

    The last one lets an administrator run ``doithoai check`` by hand with the files that the unit hands to systemd.
    ``what`` names the secret in messages (``imap.password_file``).
    """

    what: str
    file: Path | None = None
    credential: str = ""
    folder: Path | None = None

    def places(self) -> tuple[Path, ...]:
        """Every file that may hold the secret, first choice first."""
        if self.file is not None:
            return (self.file,)
        granted = os.environ.get(CREDENTIALS_DIRECTORY, "")
        folders = [Path(granted)] if granted else []
        if self.folder is not None:
            folders.append(self.folder)
        return tuple(folder / self.credential for folder in folders) if self.credential else ()

    def locate(self) -> Path:
        """The file that holds the secret. Raises :class:`ConfigurationError` when there is none."""
        places = self.places()
        for place in places:
            if place.is_file():
                return place
        if folders := [place for place in places if place.is_dir()]:
            raise ConfigurationError(
                f"{self.what}: {folders[0]} is a folder; remove it and write the secret into a file"
            )
        tried = ", ".join(map(str, places)) or "neither a file nor a credential is named"
        raise ConfigurationError(f"{self.what}: no secret found ({tried}); write it into that file (chmod 600)")

    def read(self) -> SecretStr:
        """The secret without its trailing newline. Raises :class:`ConfigurationError`; never shows the content."""
        place = self.locate()
        try:
            raw = place.read_bytes()[: LARGEST_SECRET + 1]
        except PermissionError:
            text = f"{self.what}: {place}: may not be read by this account; run the command as root"
            raise ConfigurationError(text) from None
        except OSError as error:
            raise ConfigurationError(f"{self.what}: {place}: {error.strerror}") from None
        try:
            text = raw.decode("utf-8-sig").rstrip("\r\n")  # Notepad writes a byte order mark first
        except UnicodeDecodeError:
            raise ConfigurationError(f"{self.what}: {place}: not UTF-8 text; save it as plain text") from None
        if not text or len(raw) > LARGEST_SECRET:
            fault = "too large" if text else "empty"
            raise ConfigurationError(f"{self.what}: {place}: {fault}; write the secret into it, and nothing else")
        if self.what.endswith("password_file") and len(text.splitlines()) > 1:
            raise ConfigurationError(f"{self.what}: {place}: has several lines; write the secret alone into it")
        blank_out(text, self.what)
        return SecretStr(text)

    def warning(self) -> str:
        """What is careless about the secret or its file's mode, or "".

        The mode of systemd's own copies, and of what lies in a closed folder, is not judged.
        """
        place = self.locate()
        text = self.read().get_secret_value()
        if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
            return f"{place}: the secret stands in quotation marks, which count as part of it; take them away"
        granted = os.environ.get(CREDENTIALS_DIRECTORY, "")
        if granted and place.parent == Path(granted):
            return ""
        if not stat.S_IMODE(place.resolve().parent.stat().st_mode) & 0o077:
            return ""
        mode = stat.S_IMODE(place.stat().st_mode)
        return f"{place} has mode {mode:04o}: others can read it (chmod 600)" if mode & 0o077 else ""


def printed_secret(what: str, command: Sequence[str]) -> SecretStr:
    """The first line printed by the operator's program, such as a fresh OAuth token. No shell is in between.

    Raises :class:`ConfigurationError`, which never shows what was printed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command
            list(command), capture_output=True, stdin=subprocess.DEVNULL, timeout=PROGRAM_SECONDS, check=False
        )
    except FileNotFoundError:
        raise ConfigurationError(f"{what}: there is no program {command[0]}; write its whole path") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigurationError(f"{what}: {type(error).__name__}; try it by hand as the service's account") from None
    lines = done.stdout[:LARGEST_SECRET].decode("utf-8", "replace").splitlines()
    if done.returncode or not lines or not lines[0].strip():
        raise ConfigurationError(
            f"{what}: it ended with {done.returncode} and printed {'something' if lines else 'nothing'}; "
            "it must print the token as its first line and end with 0"
        )
    blank_out(lines[0].strip(), what)
    return SecretStr(lines[0].strip())
