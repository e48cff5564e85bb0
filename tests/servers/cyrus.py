"""Cyrus IMAP 3 from a private configuration: IMAP and LMTP on high ports; root only. It believes every password."""

import os
import pwd
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.servers.process import HOST, free_ports, is_root, new_folder
from tests.servers.server import ShownByImap
from tests.servers.unpacked import environment, missing, unpacked

BIN = "usr/lib/cyrus/bin"
MASTER = f"{BIN}/master"


def why_not() -> str:
    """Why Cyrus cannot be used here, or ""."""
    return missing([MASTER, f"{BIN}/imapd", f"{BIN}/lmtpd"]) or (
        "" if is_root() else "Cyrus can be started by root only"
    )


class Cyrus(ShownByImap):
    """Mailboxes for anybody who logs in or gets mail; folders lie below ``INBOX/``, as is Cyrus's default."""

    def __init__(self) -> None:
        self.imap_port, self.lmtp_port = free_ports(2)
        super().__init__(self.imap_port)

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
        self.run()
        return self

    def command(self) -> Sequence[str]:
        """The master process, which starts the others."""
        here = self.folder
        return [str(unpacked(MASTER)), "-C", f"{here}/imapd.conf", "-M", f"{here}/cyrus.conf", "-p", f"{here}/pid"]

    def variables(self) -> Mapping[str, str]:
        """Its libraries, and a word of every act."""
        return {**environment(), "CYRUS_VERBOSE": "1"}

    @property
    def log(self) -> Path:
        return self.folder / "cyrus.log"

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
delete_mode: immediate
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
