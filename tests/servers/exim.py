"""Exim 4 from a private configuration on a high port, delivering by LMTP; root only."""

import os
import pwd
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.servers.process import HOST, free_ports, is_root, log_end, new_folder
from tests.servers.server import Relay
from tests.servers.unpacked import environment, missing, unpacked

PROGRAM = "usr/sbin/exim4"
USER = "Debian-exim"


def why_not() -> str:
    """Why Exim cannot be used here, or ""."""
    if absent := missing([PROGRAM]):
        return absent
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return f"there is no user {USER}, without whom Exim does not start"
    return "" if is_root() else "Exim can be started by root only"


class Exim(Relay):
    """Takes mail on ``port`` of 127.0.0.1 for every address of ``domains`` and hands it by LMTP to ``lmtp_port``.

    Everything else is refused at RCPT.
    """

    def __init__(self, lmtp_port: int, *, domains: Sequence[str] = ()) -> None:
        self.lmtp_port = lmtp_port
        self.domains = tuple(domains)
        (self.port,) = free_ports(1)
        super().__init__(self.port)

    def start(self) -> Self:
        """Write the configuration and wait until SMTP answers."""
        self.folder = new_folder("exim")
        owner = pwd.getpwnam("nobody")
        for name in ("spool", "log"):
            (self.folder / name).mkdir(mode=0o750)
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        (self.folder / "exim.conf").write_text(self._config(), "utf-8")
        self.run()
        return self

    def command(self) -> Sequence[str]:
        """In the foreground, trying its queue again every two seconds."""
        return [str(unpacked(PROGRAM)), "-bdf", "-q2s", "-C", f"{self.folder}/exim.conf"]

    def variables(self) -> Mapping[str, str]:
        return environment()

    @property
    def log(self) -> Path:
        """Exim's own log."""
        return self.folder / "log" / "main.log"

    @property
    def output(self) -> Path:
        """What it says before it has a log."""
        return self.folder / "exim.out"

    def log_end(self) -> str:
        """The end of both, for a failing test."""
        return super().log_end() + log_end(self.output)

    def has_mail(self) -> bool:
        """Whether a message lies in the spool."""
        return any(self.folder.glob("spool/input/**/*-[HDJ]"))

    def _config(self) -> str:
        here = self.folder
        return f"""exim_path = {unpacked(PROGRAM)}
exim_user = nobody
exim_group = nogroup
spool_directory = {here}/spool
log_file_path = {here}/log/%s.log
pid_file_path = {here}/spool/exim.pid
primary_hostname = mx.doithoai.test
qualify_domain = doithoai.test
domainlist local = {" : ".join(self.domains)}
local_interfaces = {HOST}
daemon_smtp_ports = {self.port}
tls_advertise_hosts =
rfc1413_query_timeout = 0s
smtp_accept_max = 0
smtp_accept_queue_per_connection = 0
host_lookup =
keep_environment = LD_LIBRARY_PATH
message_size_limit = 60M
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
never_users =
begin acl
rcpt:
  accept domains = +local
  deny message = nothing leaves this machine
begin routers
mailboxes:
  driver = manualroute
  domains = +local
  route_list = * {HOST}
  self = send
  transport = lmtp
begin transports
lmtp:
  driver = smtp
  protocol = lmtp
  port = {self.lmtp_port}
  allow_localhost
  hosts_try_fastopen =
  max_rcpt = 1
begin retry
* * F,1h,2s
"""
