"""Cyrus IMAP 3 from a private configuration: IMAP and LMTP on high ports; root only. It believes every password."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path
from typing import Self

from imapclient import IMAPClient

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

BIN = "usr/lib/cyrus/bin"
MASTER = f"{BIN}/master"


def why_not() -> str:
    """Why Cyrus cannot be used here, or ""."""
    return missing([MASTER, f"{BIN}/imapd", f"{BIN}/lmtpd"]) or (
        "" if is_root() else "Cyrus can be started by root only"
    )


class Cyrus:
    """Mailboxes for anybody who logs in or gets mail; folders lie below ``INBOX/``, as is Cyrus's default."""

    def __init__(self) -> None:
        self.host = HOST
        self.imap_port, self.lmtp_port = free_ports(2)
        self.folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    # -- life -----------------------------------------------------------------------------------

    def start(self) -> Self:
        """Write the configuration and wait until IMAP and LMTP answer."""
        self.folder = new_folder("cyrus")
        owner = pwd.getpwnam("nobody")
        for name in ("conf", "spool", "run"):
            (self.folder / name).mkdir(mode=0o755)
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        (self.folder / "imapd.conf").write_text(self._config(), "utf-8")
        (self.folder / "cyrus.conf").write_text(self._services(), "utf-8")
        self._run()
        return self

    def _run(self) -> None:
        here = self.folder
        command = [str(unpacked(MASTER)), "-C", f"{here}/imapd.conf", "-M", f"{here}/cyrus.conf", "-p", f"{here}/pid"]
        variables = {**environment(), "CYRUS_VERBOSE": "1"}
        self._process = start_process(command, self.log, env=variables)
        try:
            wait_for_port(self.imap_port, self._process, self.log)
            wait_for_port(self.lmtp_port, self._process, self.log)
        except RuntimeError:
            self.stop()
            raise

    def restart(self) -> None:
        """Stop Cyrus and start it again on the same mail and ports."""
        if self._process is not None:
            stop_process(self._process)
        self._run()

    def stop(self) -> None:
        """Stop Cyrus and remove all its files."""
        if self._process is not None:
            stop_process(self._process)
            self._process = None
        if self.folder != Path():
            remove_folder(self.folder)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """What its processes print."""
        return self.folder / "cyrus.log"

    def log_end(self) -> str:
        """The end of the log, for a failing test."""
        return log_end(self.log)

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails of a mailbox, oldest first; [] where there is no such folder."""
        name = folder if folder == "INBOX" else f"INBOX/{folder}"
        with IMAPClient(HOST, self.imap_port, ssl=False, timeout=20) as client:
            client.login(address, "any")
            if not client.folder_exists(name):
                return []
            client.select_folder(name, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [bytes(found[uid][b"BODY[]"]) for uid in sorted(found)]

    # -- configuration --------------------------------------------------------------------------

    def _config(self) -> str:
        here = self.folder
        return f"""configdirectory: {here}/conf
defaultpartition: default
partition-default: {here}/spool
cyrus_user: nobody
cyrus_group: nogroup
admins: cyrus
allowplaintext: yes
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN LOGIN
virtdomains: userid
unixhierarchysep: yes
altnamespace: no
autocreate_quota: 0
autocreate_post: yes
duplicatesuppression: no
munge8bit: no
conversations: no
search_engine: none
idlesocket: {here}/run/idle
notifysocket: {here}/run/notify
proc_path: {here}/run/proc
mboxname_lockpath: {here}/run/lock
temp_path: {here}/run
servername: cyrus.doithoai.test
"""

    def _services(self) -> str:
        programs, conf = unpacked(BIN), f"{self.folder}/imapd.conf"
        return f"""START {{
  recover cmd="{programs}/ctl_cyrusdb -C {conf} -r"
}}
SERVICES {{
  imap cmd="{programs}/imapd -C {conf}" listen="{HOST}:{self.imap_port}" prefork=1
  lmtp cmd="{programs}/lmtpd -C {conf} -a" listen="{HOST}:{self.lmtp_port}" prefork=1
}}
EVENTS {{
  checkpoint cmd="{programs}/ctl_cyrusdb -C {conf} -c" period=30
}}
"""
