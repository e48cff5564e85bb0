"""The classes of error that the daemon distinguishes; what each one means for the loop is defined here.

An error of another class from a single mail counts as unforeseen: three attempts, then quarantine, and the next mail
goes on. Messages are one line and never hold a password, a token, or a word of a citizen's mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class DoithoaiError(Exception):
    """Root of all errors with a meaning of their own; its text is one clear line for a person."""

    exit_code: ClassVar[int] = 1
    """The exit code of a command that ends with this error."""


class TemporaryError(DoithoaiError):
    """Try again later with back-off: network, time-out, 4xx, 552, a server that breaks the protocol, database busy.

    Code that cannot tell the class of a failure raises this one.
    """


class UnreadableMail(TemporaryError):  # noqa: N818 - names what it is about
    """Mails came damaged, and none came whole. ``reasons`` maps each UID to the reason."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        self.reasons = dict(reasons)
        text = "; ".join(f"UID {uid} {why}" for uid, why in list(self.reasons.items())[:3])
        more = f" and {len(self.reasons) - 3} more" if len(self.reasons) > 3 else ""
        super().__init__(f"IMAP: mail cannot be read whole: {text}{more}")


class PermanentError(DoithoaiError):
    """What was asked for will never succeed as it was asked for: wrong use of a command or a form, in one line."""


class ConfigurationError(DoithoaiError):
    """The channel itself is set up wrongly: login refused, certificate wrong, TLS not offered.

    The channel stops and an alarm goes out; no mail loses an attempt, and nothing falls back to plain text.
    """


class NeverStartsError(ConfigurationError):
    """The daemon cannot start until a person has changed something: systemd must not try again
    (``RestartPreventExitStatus``)."""

    exit_code = 2


class PoisonError(DoithoaiError):
    """One mail that cannot be processed: as after any other failure, quarantine after three attempts."""
