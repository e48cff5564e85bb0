"""Checks of what the service asks for help beside the servers: other programs, and certificates that it believes."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Iterator

from daemon.admin.findings import Finding, bad, ok, warn
from daemon.config.config import Config

CERTIFICATES = frozenset({".pem", ".crt", ".cer", ".der"})


def programs(config: Config) -> Iterator[Finding]:
    """The programs that the configuration names are there."""
    named = {"alarm.command": config.alarm.command, "ocr.command": config.ocr.command}
    for key, command in named.items():
        if command and shutil.which(command[0]) is None:
            yield bad(
                "programs", f"{key}: there is no program {command[0]}", "write its whole path, or take the key out"
            )
        elif command:
            yield ok("programs", f"{key}: {command[0]}")


def signatures(config: Config) -> Iterator[Finding]:
    """The folder of believed certificates is there and holds some."""
    folder = config.signatures.anchors
    if folder is None:
        return
    if not folder.is_dir():
        yield bad(
            "signatures", f"signatures.anchors: {folder} is no folder", "make it, and lay the certificates there"
        )
    elif not any(file.suffix in CERTIFICATES for file in folder.iterdir()):
        yield bad(
            "signatures", f"signatures.anchors: {folder} holds no certificate", "lay the authorities' there (.pem)"
        )
    else:
        yield ok("signatures", f"certificates of {folder} are believed")


def smime(config: Config) -> Iterator[Finding]:
    """Who must sign, and whether signatures can be checked."""
    if not config.smime.required:
        yield ok("smime", "nobody's acts need a signature")
        return
    if shutil.which("openssl") is None:
        yield bad("smime", "the program openssl is missing: no signature can be checked, and these acts are held")
    try:
        ssl.create_default_context(cafile=str(config.smime.ca_file))
    except (OSError, ssl.SSLError):
        text = f"smime.ca_file: {config.smime.ca_file} has no certificates that can be read"
        yield bad("smime", text, "it must hold the authority's certificates as PEM")
        return
    if not config.mailbox.authserv_id:
        yield warn(
            "smime", "authserv_id is empty: a signature covers the text, not who a mail is from and what it answers"
        )
    yield ok("smime", f"acts of {', '.join(config.smime.required)} must be signed")
