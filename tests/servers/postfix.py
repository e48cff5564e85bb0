"""Postfix 3.10 from a private configuration on a high port, delivering by LMTP; root only."""

import os
import pwd
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.servers.process import HOST, free_ports, is_root, missing_program, new_folder
from tests.servers.server import Relay
from tests.servers.tls import Certificate

MASTER = "/usr/lib/postfix/sbin/master"
PROGRAMS = (MASTER, "/usr/sbin/postqueue", "/usr/lib/postfix/sbin/postlogd")
QUEUE_FOLDERS = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"),
    *("maildrop", "public", "pid"),
)


def why_not() -> str:
    """Why Postfix cannot be used here, or ""."""
    missing = missing_program(PROGRAMS)
    if missing:
        return missing
    return "" if is_root() else "Postfix can be started by root only"


def available() -> bool:
    """True when Postfix is installed and may be started."""
    return not why_not()


class Postfix(Relay):
    """Takes mail on ``port`` of 127.0.0.1 and hands it by LMTP to ``lmtp_port``.

    Addresses of ``domains`` are all taken (catch-all), ``addresses`` one by one; everything else is refused at
    RCPT. ``transports`` sends single addresses or domains elsewhere, say ``{"bad.test": "smtp:[127.0.0.1]:2526"}``
    for a next hop that rejects, so that Postfix writes a real bounce. ``certificate`` offers STARTTLS, ``milter`` is
    asked about every mail; ``header_checks`` are lines of regexp_table(5). With ``auth_port``, Dovecot's, only who
    has logged in may send.
    """

    def __init__(
        self,
        lmtp_port: int,
        *,
        domains: Sequence[str] = (),
        addresses: Sequence[str] = (),
        transports: dict[str, str] | None = None,
        certificate: Certificate | None = None,
        milter: str = "",
        header_checks: str = "",
        auth_port: int = 0,
    ) -> None:
        self.lmtp_port = lmtp_port
        self.milter = milter
        self.header_checks = header_checks
        self.auth_port = auth_port
        self.domains = tuple(domains)
        self.addresses = tuple(addresses)
        self.transports = dict(transports or {})
        self.certificate = certificate
        (self.port,) = free_ports(1)
        super().__init__(self.port)

    # -- life -----------------------------------------------------------------------------------

    def start(self) -> Self:
        """Write the configuration, start the master process, wait until SMTP answers."""
        self.folder = new_folder("postfix")
        for name in ("etc", "queue", "data"):
            (self.folder / name).mkdir(mode=0o755)
        self._make_queue()
        (self.folder / "etc" / "main.cf").write_text(self._main(), "utf-8")
        (self.folder / "etc" / "master.cf").write_text(self._master(), "utf-8")
        self.run()
        return self

    def command(self) -> Sequence[str]:
        """The master process, which starts the others."""
        return [MASTER, "-d", "-c", str(self.folder / "etc")]

    def variables(self) -> Mapping[str, str]:
        """Where postqueue and the others find the configuration."""
        return {**os.environ, "MAIL_CONFIG": str(self.folder / "etc")}

    @property
    def output(self) -> Path:
        """What it says before it has a log."""
        return self.folder / "master.out"

    @property
    def log(self) -> Path:
        """Postfix's own log."""
        return self.folder / "postfix.log"

    def has_mail(self) -> bool:
        """Whether a message lies in one of the queues."""
        queues = [self.folder / "queue" / name for name in ("maildrop", "incoming", "active", "deferred")]
        return any(path.is_file() for queue in queues for path in queue.rglob("*"))

    def _make_queue(self) -> None:
        owner = pwd.getpwnam("postfix")
        queue = self.folder / "queue"
        for name in QUEUE_FOLDERS:
            (queue / name).mkdir(mode=0o700)
            if name != "pid":
                os.chown(queue / name, owner.pw_uid, owner.pw_gid)
        (queue / "pid").chmod(0o755)
        (queue / "public").chmod(0o755)
        os.chown(self.folder / "data", owner.pw_uid, owner.pw_gid)

    # -- configuration --------------------------------------------------------------------------

    def _main(self) -> str:
        here = self.folder
        return f"""compatibility_level = 3.10
queue_directory = {here}/queue
data_directory = {here}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {here}/postfix.log
maillog_file_prefixes = {here}
mail_owner = postfix
myhostname = mx.doithoai.test
mydomain = doithoai.test
myorigin = doithoai.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = {HOST}
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = {self._who_may_send()}, reject
smtpd_relay_restrictions = {self._who_may_send()}, reject
smtpd_reject_unlisted_recipient = yes
smtputf8_enable = yes
{self._delivery()}"""

    def _delivery(self) -> str:
        mailboxes = [f"@{domain}" for domain in self.domains] + list(self.addresses)
        domains = [*self.domains, *(address.rpartition("@")[2] for address in self.addresses)]
        return f"""recipient_delimiter = +
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_domains = {_inline((domain, "x") for domain in sorted(set(domains)))}
virtual_mailbox_maps = {_inline((name, "x") for name in mailboxes)}
virtual_mailbox_limit = 0
virtual_transport = lmtp:inet:{HOST}:{self.lmtp_port}
transport_maps = {_inline(self.transports.items())}
relay_domains = {" ".join(self.transports)}
default_transport = error:5.7.1 nothing leaves this machine
relay_transport = error:5.7.1 nothing leaves this machine
disable_dns_lookups = yes
minimal_backoff_time = 2s
maximal_backoff_time = 5s
queue_run_delay = 2s
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
in_flow_delay = 0
lmtp_destination_recipient_limit = 1
smtpd_milters = {self.milter}
milter_default_action = accept
milter_connect_timeout = 5s
{self._checks()}{self._logins()}{self._tls()}"""

    def _who_may_send(self) -> str:
        return "permit_sasl_authenticated" if self.auth_port else "permit_mynetworks"

    def _logins(self) -> str:
        if not self.auth_port:
            return ""
        path = f"inet:{HOST}:{self.auth_port}"
        return f"smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = {path}\n"

    def _checks(self) -> str:
        if not self.header_checks:
            return ""
        (self.folder / "etc" / "header_checks").write_text(self.header_checks + "\n", "utf-8")
        return f"header_checks = regexp:{self.folder}/etc/header_checks\n"

    def _tls(self) -> str:
        if self.certificate is None:
            return ""
        return (
            "smtpd_tls_security_level = may\n"
            f"smtpd_tls_cert_file = {self.certificate.certificate_file}\n"
            f"smtpd_tls_key_file = {self.certificate.key_file}\n"
        )

    def _master(self) -> str:
        return f"""{HOST}:{self.port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


def _inline(pairs: object) -> str:
    """An inline lookup table of Postfix, or nothing for no entries."""
    entries = [f"{{ {key} = {value} }}" for key, value in pairs]  # type: ignore[attr-defined]
    return f"inline:{{ {', '.join(entries)} }}" if entries else ""
