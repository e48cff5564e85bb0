"""Dovecot 2.4 from a private configuration: IMAP (plain, STARTTLS, implicit TLS) and LMTP on high ports."""

import base64
import grp
import os
import pwd
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from imapclient.imap_utf7 import encode as encode_utf7

from tests.servers.faketime import faked
from tests.servers.process import HOST, free_ports, is_root, missing_program, new_folder
from tests.servers.server import Server
from tests.servers.tls import Certificate

PROGRAM = "/usr/sbin/dovecot"


def why_not() -> str:
    """Why Dovecot cannot be used here, or ""."""
    missing = missing_program([PROGRAM])
    if missing:
        return missing
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False).stdout
    return "" if version.startswith("2.4") else f"Dovecot {version.strip()} is not 2.4"


def available() -> bool:
    """True when Dovecot 2.4 is installed."""
    return not why_not()


def _mail_owner() -> tuple[str, str]:
    """User and group that own the mail: nobody under root, else yourself."""
    if is_root():
        return "nobody", grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name
    return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name


def _arrival(path: Path) -> tuple[int, ...]:
    """Seconds and microseconds of a maildir file's name, ``1795532524.M12P34.host``."""
    return tuple(int(number) for number in re.findall(r"\d+", path.name)[:2])


class Dovecot(Server):
    """Mailboxes for ``users`` (address → password); LMTP delivers to any address, making its mailbox.

    ``certificate`` turns TLS on: ``imaps_port``, and STARTTLS on ``imap_port`` unless ``starttls`` is False.
    ``cleartext`` allows logins on the plain port. ``capability`` replaces what the server says it can,
    ``separator`` is that of folders, ``prefix`` that of the namespace. ``clock`` is a file that says how many seconds
    its clock is ahead (``+86400``) or behind (libfaketime), read at each look at the clock. ``token_key`` signs the
    access tokens (JWT, HS256) that XOAUTH2 takes beside passwords; at ``auth_port`` other servers ask whether to let
    a user in.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        certificate: Certificate | None = None,
        cleartext: bool = True,
        capability: str = "",
        separator: str = "/",
        prefix: str = "",
        clock: Path | None = None,
        token_key: bytes = b"",
    ) -> None:
        self.users = dict(users)
        self.clock = clock
        self.certificate = certificate
        self.cleartext = cleartext
        self.capability = capability
        self.separator = separator
        self.prefix = prefix
        self.token_key = token_key
        self.imap_port, self.imaps_port, self.lmtp_port, self.auth_port = free_ports(4)
        super().__init__(self.imap_port)

    # -- life -----------------------------------------------------------------------------------

    def start(self) -> Self:
        """Write the configuration and wait until IMAP answers."""
        self.folder = new_folder("dovecot")
        owner, group = _mail_owner()
        mail = self.folder / "mail"
        mail.mkdir(mode=0o755)
        if is_root():
            record = pwd.getpwnam(owner)
            os.chown(mail, record.pw_uid, record.pw_gid)
        self._write_users()
        (self.folder / "dovecot.conf").write_text(self._config(owner, group), "utf-8")
        self.run()
        return self

    def command(self) -> Sequence[str]:
        """In the foreground, with this configuration."""
        return [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")]

    def variables(self) -> Mapping[str, str]:
        """With the shifted clock, where one is wanted."""
        return {**os.environ, **self._faked()}

    @property
    def log(self) -> Path:
        """Dovecot's own log."""
        return self.folder / "dovecot.log"

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails of a mailbox (line ends as stored: LF), oldest first; read from the disk, no login needed."""
        home = self.folder / "mail" / address.lower() / "Maildir"
        if folder != "INBOX":
            home = home / ("." + encode_utf7(folder.replace("/", ".")).decode("ascii"))
        found = [path for part in ("new", "cur") for path in (home / part).glob("*")]
        return [path.read_bytes() for path in sorted(found, key=_arrival)]

    def add_user(self, address: str, password: str) -> None:
        """Let one more user log in; Dovecot reads the file anew at each login."""
        self.users[address] = password
        self._write_users()

    def _write_users(self) -> None:
        lines = [f"{user}:{{PLAIN}}{password}:::::: \n" for user, password in self.users.items()]
        passwords = self.folder / "users"
        passwords.write_text("".join(lines), "utf-8")
        passwords.chmod(0o644)

    def _faked(self) -> dict[str, str]:
        return faked(self.clock) if self.clock else {}

    # -- configuration --------------------------------------------------------------------------

    def _config(self, owner: str, group: str) -> str:
        here = self.folder
        return f"""dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {here}/run
state_dir = {here}/state
log_path = {here}/dovecot.log
protocols {{
  imap = yes
  lmtp = yes
}}
listen = {HOST}
{self._environment()}auth_mechanisms = plain login{" xoauth2" if self.token_key else ""}
auth_allow_cleartext = {"yes" if self.cleartext else "no"}
auth_failure_delay = 0
recipient_delimiter = +
mail_driver = maildir
mail_home = {here}/mail/%{{user | lower}}
mail_path = ~/Maildir
mail_uid = {owner}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mailbox_list_layout = maildir++
{self._capability()}passdb passwd-file {{
  passwd_file_path = {here}/users
}}
userdb static {{
  allow_all_users = yes
  fields {{
    uid = {owner}
    gid = {group}
    home = {here}/mail/%{{user | lower}}
  }}
}}
{self._services()}{self._tls()}{self._tokens()}{self._ordinary_user(owner, group)}"""

    def _services(self) -> str:
        return f"""namespace inbox {{
  inbox = yes
  separator = {self.separator}
  prefix = {self.prefix}
}}
protocol lmtp {{
  mail_plugins =
}}
service imap-login {{
  inet_listener imap {{
    port = {self.imap_port}
  }}
  inet_listener imaps {{
    port = {self.imaps_port if self.certificate else 0}
  }}
  process_min_avail = 1
{self._unprivileged()}}}
service lmtp {{
  inet_listener lmtp {{
    port = {self.lmtp_port}
  }}
}}
"""

    def _tls(self) -> str:
        if self.certificate is None:
            return "ssl = no\n"
        return (
            f"ssl = yes\nssl_server_cert_file = {self.certificate.certificate_file}\n"
            f"ssl_server_key_file = {self.certificate.key_file}\n"
        )

    def _tokens(self) -> str:
        """Access tokens are proved by their signature, without a provider to ask."""
        if not self.token_key:
            return ""
        keys = self.folder / "keys"
        (keys / "default" / "HS256").mkdir(parents=True)
        (keys / "default" / "HS256" / "default").write_bytes(base64.b64encode(self.token_key))
        for path in (keys, *keys.rglob("*")):
            path.chmod(0o755)
        return f"""oauth2 {{
  introspection_mode = local
  username_attribute = email
}}
oauth2_local_validation {{
  dict fs {{
    fs posix {{
      prefix = {keys}/
    }}
  }}
}}
service auth {{
  inet_listener auth {{
    port = {self.auth_port}
  }}
}}
"""

    def _capability(self) -> str:
        return f"imap_capability = {self.capability}\n" if self.capability else ""

    def _environment(self) -> str:
        """What its processes inherit: Dovecot hands on only what it is told to."""
        lines = "".join(f"  {name} = {value}\n" for name, value in self._faked().items())
        return f"import_environment {{\n{lines}}}\n" if lines else ""

    @staticmethod
    def _unprivileged() -> str:
        return "" if is_root() else "  chroot =\n"

    @staticmethod
    def _ordinary_user(owner: str, group: str) -> str:
        if is_root():
            return ""
        services = "".join(f"service {name} {{\n  chroot =\n}}\n" for name in ("anvil", "stats"))
        users = f"default_internal_user = {owner}\ndefault_internal_group = {group}\ndefault_login_user = {owner}\n"
        return users + services
