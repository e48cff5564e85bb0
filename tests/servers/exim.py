"""Exim 4 from a private configuration on a high port, delivering by LMTP; root only."""

from __future__ import annotations

import os
import pwd
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.servers.process import (
    HOST,
    free_ports,
    is_root,
    log_end,
    new_folder,
    remove_folder,
    start_process,
    stop_process,
    wait_for_port,
)
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


class Exim:
    """Takes mail on ``port`` of 127.0.0.1 for every address of ``domains`` and hands it by LMTP to ``lmtp_port``.

    Everything else is refused at RCPT.
    """

    def __init__(self, lmtp_port: int, *, domains: Sequence[str] = ()) -> None:
        self.lmtp_port = lmtp_port
        self.domains = tuple(domains)
        self.host = HOST
        (self.port,) = free_ports(1)
        self.folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Write the configuration and wait until SMTP answers."""
        self.folder = new_folder("exim")
        owner = pwd.getpwnam("nobody")
        for name in ("spool", "log"):
            (self.folder / name).mkdir(mode=0o750)
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        (self.folder / "exim.conf").write_text(self._config(), "utf-8")
        self._run()
        return self

    def _run(self) -> None:
        command = [str(unpacked(PROGRAM)), "-bdf", "-q2s", "-C", f"{self.folder}/exim.conf"]
        self._process = start_process(command, self.folder / "exim.out", env=environment())
        try:
            wait_for_port(self.port, self._process, self.folder / "exim.out")
        except RuntimeError:
            self.stop()
            raise

    def restart(self) -> None:
        """Stop Exim and start it again on the same queue and port."""
        if self._process is not None:
            stop_process(self._process)
        self._run()

    def stop(self) -> None:
        """Stop Exim and remove all its files."""
        if self._process is not None:
            stop_process(self._process)
            self._process = None
        if self.folder != Path():
            remove_folder(self.folder)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def log_end(self) -> str:
        """The end of the log, for a failing test."""
        return log_end(self.folder / "log" / "main.log") + log_end(self.folder / "exim.out")

    def wait_until_empty(self, seconds: float = 15.0) -> None:
        """Until the queue is empty; ``TimeoutError`` with the end of the log when it stays filled."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not any(self.folder.glob("spool/input/**/*-[HDJ]")):
                return
            time.sleep(0.02)
        raise TimeoutError(f"Exim still has mail: {self.log_end()}")

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
