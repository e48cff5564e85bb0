"""From the settings to a secure, logged-in connection with our folders, or one clear error.

A credential is sent only after the connection is proven safe: TLS with a checked certificate, or loopback. Of the
answer to a login only the response code (RFC 5530) stands in an error.

The session class wraps every command on a logged-in connection: limits, and errors of our own classes. Our folders
have the server's prefix and separator in their names, and are created when they are missing.
"""

from __future__ import annotations

import contextlib
import re
import ssl
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Self

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from daemon.base.errors import ConfigurationError, DoithoaiError, TemporaryError
from daemon.config.base import PORT_REMEDY, certificate_remedy
from daemon.config.mail import ImapClientSettings, check_imap_settings, imap_tls_context
from daemon.mailbox.connection import Alive, Connection

PASSING_CODES = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"})
"""Response codes of RFC 5530 §3 with which a refused login says nothing about the credentials."""

RESPONSE_CODE = re.compile(r"\[([A-Z][A-Z0-9-]{1,30})")
BROKEN_OFF = frozenset({"UNEXPECTED_EOF_WHILE_READING", "HTTP_REQUEST"})


def log_in(settings: ImapClientSettings, alive: Alive = lambda: None) -> Connection:
    """A connection that is secure and logged in; ``alive`` is called while it, or any later answer, is waited for.

    Raises ``ConfigurationError`` when the settings, the certificate, TLS, or the login are wrong; ``TemporaryError``
    for whatever may pass by itself.
    """
    check_imap_settings(settings)
    context = imap_tls_context(settings)
    with _connecting(settings):
        connection = Connection(settings, context, alive)
    try:
        with _connecting(settings):
            _secure(connection, settings, context)
            _authenticate(connection, settings)
            connection.capabilities()
    except BaseException:
        drop(connection)
        raise
    return connection


def drop(connection: Connection) -> None:
    """Close the connection without a LOGOUT; never raises for a connection that is broken already."""
    with contextlib.suppress(Exception):
        connection.shutdown()


@contextlib.contextmanager
def _connecting(settings: ImapClientSettings) -> Iterator[None]:
    try:
        yield
    except DoithoaiError:
        raise
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message or "cannot be verified"
        raise ConfigurationError(
            f"IMAP {settings.place}: the certificate is wrong: {reason}; {certificate_remedy(error)}"
        ) from None
    except ssl.SSLError as error:
        if error.reason is None or error.reason in BROKEN_OFF or isinstance(error, ssl.SSLEOFError):
            raise TemporaryError(f"IMAP {settings.place}: the line broke off while TLS began") from None
        raise ConfigurationError(f"IMAP {settings.place}: no TLS here ({error.reason}); {PORT_REMEDY}") from None
    except TimeoutError:
        raise TemporaryError(f"IMAP {settings.place}: no answer in time; see imap.host and imap.port") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise TemporaryError(f"IMAP {settings.place}: cannot connect: {why}; see imap.host and imap.port") from None
    except Exception as error:
        raise TemporaryError(
            f"IMAP {settings.place}: the server breaks the protocol ({type(error).__name__})"
        ) from None


def _secure(connection: Connection, settings: ImapClientSettings, context: ssl.SSLContext | None) -> None:
    if connection.logged_in_already:
        # PREAUTH does not prove that the mailbox is ours; before STARTTLS it is a known attack (RFC 9051 §11.1).
        raise ConfigurationError(f"IMAP {settings.place}: the server greets with PREAUTH, which is refused")
    if settings.tls != "starttls":
        return
    if not connection.has_capability("STARTTLS"):
        raise ConfigurationError(f"IMAP {settings.place}: the server does not offer STARTTLS")
    connection.start()
    try:
        connection.starttls(context)
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        raise ConfigurationError(f"IMAP {settings.place}: the server refuses STARTTLS") from None


def _authenticate(connection: Connection, settings: ImapClientSettings) -> None:
    attempt = _attempt(connection, settings)
    connection.start()
    try:
        attempt()
    except IMAPClientError as error:
        _refused(settings, error)


def _attempt(connection: Connection, settings: ImapClientSettings) -> Callable[[], object]:
    """The login method that both sides know; ``ConfigurationError`` when there is none."""
    user, secret = settings.user, settings.secret
    if settings.auth == "xoauth2":
        if not connection.has_capability("AUTH=XOAUTH2"):
            raise ConfigurationError(f"IMAP {settings.place}: the server does not offer XOAUTH2")
        return lambda: connection.sasl_login("XOAUTH2", _xoauth2(user, secret))
    if connection.has_capability("AUTH=PLAIN"):
        return lambda: connection.plain_login(user, secret)
    if connection.has_capability("LOGINDISABLED"):
        raise ConfigurationError(f"IMAP {settings.place}: the server forbids LOGIN and does not offer AUTH=PLAIN")
    if not (user + secret).isascii():
        raise ConfigurationError(f"IMAP {settings.place}: a password beyond ASCII needs AUTH=PLAIN")
    return lambda: connection.login(_quoted(user), secret)


def _quoted(user: str) -> str:
    """The user as an IMAP quoted string; the library quotes the password only."""
    return '"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _xoauth2(user: str, token: str) -> Callable[[bytes], bytes]:
    """The client's side of XOAUTH2: the token first, then an empty answer to the error that the server reports."""
    answers = [f"user={user}\x01auth=Bearer {token}\x01\x01".encode()]

    def answer(challenge: bytes) -> bytes:
        del challenge
        return answers.pop() if answers else b""

    return answer


def _refused(settings: ImapClientSettings, error: IMAPClientError) -> None:
    """Raise what a failed login means: a lost connection is temporary, a plain NO is a configuration error."""
    broken = isinstance(error, IMAPClientAbortError) or isinstance(error.__context__, IMAPClientAbortError)
    if broken:
        raise TemporaryError(f"IMAP {settings.place}: the line broke off at the login") from None
    match = RESPONSE_CODE.search(str(error))
    code = f" ({match[1]})" if match and match[1].lower() not in settings.secret.lower() else ""
    if match and match[1] in PASSING_CODES:
        raise TemporaryError(f"IMAP {settings.place}: the server takes no login now{code}") from None
    raise ConfigurationError(
        f"IMAP {settings.place}: the login of {settings.user} is refused{code}; see imap.user and its password file"
    ) from None


class ImapSession:
    """One logged-in connection to the mailbox; a context manager. Not for several threads at once."""

    def __init__(self, connection: Connection, settings: ImapClientSettings) -> None:
        self._connection = connection
        self._settings = settings
        self._broken = False

    @classmethod
    def connect(cls, settings: ImapClientSettings, alive: Alive = lambda: None) -> Self:
        """Connect and log in; ``alive`` is called again and again while the server is waited for, from now on.

        Raises ``ConfigurationError``: login refused, certificate wrong, TLS not offered, no TLS to another machine;
        ``TemporaryError``: anything that may pass.
        """
        return cls(log_in(settings, alive), settings)

    def close(self) -> None:
        """Log out when the connection is sound, and close it; never raises."""
        if not self._broken:
            with contextlib.suppress(Exception):
                self._connection.start()
                self._connection.logout()
        drop(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._broken = self._broken or (kind is not None and not issubclass(kind, ConfigurationError))
        self.close()

    @contextlib.contextmanager
    def _asking(self, what: str, expected: int = 0) -> Iterator[Connection]:
        """Set limits around a command and turn every error into one of ours; ``what`` names it in the error."""
        try:
            self._connection.start(expected)
            yield self._connection
            self._connection.settle()
        except DoithoaiError:
            self._broken = True
            raise
        except TimeoutError:
            self._broken = True
            raise TemporaryError(f"IMAP: {what}: no answer in time") from None
        except IMAPClientAbortError:
            self._broken = True
            raise TemporaryError(f"IMAP: {what}: the line broke off, or the server broke the protocol") from None
        except IMAPClientError as error:
            raise TemporaryError(f"IMAP: {what}: refused{self._said(error)}") from None
        except Exception as error:
            # The library raises bare ValueError, AssertionError and more on answers that it does not expect.
            self._broken = True
            raise TemporaryError(f"IMAP: {what}: unreadable answer ({type(error).__name__})") from None

    def _said(self, error: IMAPClientError) -> str:
        """The server's words in a refusal, on one short line without the secret."""
        text = "".join(sign if sign.isprintable() else " " for sign in str(error))[:120]
        return f": {text}" if text and self._settings.secret not in text else ""

    def _try(self, what: str, work: Callable[[Connection], object]) -> None:
        """Run a command whose refusal does no harm: what counts is what the server lists afterwards."""
        try:
            with self._asking(what) as connection:
                work(connection)
        except TemporaryError:
            if self._broken:
                raise


class ImapFolders(ImapSession):
    """A session that knows the server's names of our folders."""

    def __init__(self, connection: Connection, settings: ImapClientSettings) -> None:
        super().__init__(connection, settings)
        self._names: dict[str, str] = {}
        self._prefix: tuple[str, str] | None = None
        self._all: list[str] = []

    def ensure_folders(self, names: Sequence[str]) -> None:
        """Create and subscribe the folders that are missing, under the server's prefix and separator."""
        wanted = {name: self._full_name(name) for name in names if name.upper() != "INBOX"}
        there = self._listed()
        missing = [full for full in wanted.values() if full not in there]
        for full in missing:
            self._try("creating a folder", partial(IMAPClient.create_folder, folder=full))
            self._try("subscribing to a folder", partial(IMAPClient.subscribe_folder, folder=full))
        if missing:
            there = self._listed()
        for name, full in wanted.items():
            if full not in there:
                raise TemporaryError(f"IMAP: the folder {name} cannot be created")
            self._names[name] = there[full]

    def folders(self) -> list[str]:
        """Every folder that can hold mail, ours by our own names; each may be opened by the name given here."""
        if not self._all:
            own = {full: name for name, full in self._names.items()}
            self._all = [own.get(full, full) for full in self._listed().values()]
            self._names |= {name: name for name in self._all if name not in self._names and name.upper() != "INBOX"}
        return self._all

    def _listed(self) -> dict[str, str]:
        """The folders that can hold mail: the name in NFC → the server's name."""
        with self._asking("listing folders") as connection:
            listed = connection.list_folders()
        unusable = {b"\\NOSELECT", b"\\NONEXISTENT"}
        names = [name for flags, _, name in listed if not unusable & {flag.upper() for flag in flags}]
        return {unicodedata.normalize("NFC", name): name for name in names}

    def _full_name(self, name: str) -> str:
        prefix, separator = self._namespace()
        own = self._settings.folder_prefix
        before = own if own.startswith(prefix) else prefix + own
        if separator:
            name, before = name.replace("/", separator), before.replace("/", separator)
        return unicodedata.normalize("NFC", before + name)

    def _namespace(self) -> tuple[str, str]:
        """Prefix and separator of our own folders (RFC 2342), asked for once."""
        if self._prefix is None:
            with self._asking("asking for the namespace") as connection:
                if connection.has_capability("NAMESPACE"):
                    personal = connection.namespace().personal
                    prefix, separator = personal[0] if personal else ("", "/")
                else:
                    listed = connection.list_folders("", "")
                    prefix, separator = "", listed[0][1] if listed else b"/"
            text = separator.decode("ascii") if isinstance(separator, bytes) else separator or ""
            self._prefix = (prefix, text)
        return self._prefix

    def _name(self, folder: str) -> str:
        if folder.upper() == "INBOX":
            return "INBOX"
        return self._names.get(folder) or self._full_name(folder)
