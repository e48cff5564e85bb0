"""The installation that the demonstration runs on: configuration, secrets, database, embedded servers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from daemon.config.config import load_config
from daemon.demo.actors import Play, unit_address
from daemon.demo.servers import EmbeddedServers
from daemon.installation.installation import Installation, build_installation
from daemon.loop.service import Service
from db.core.engine import open_engine
from db.core.schema import upgrade

AUTHSERV = "mx.haiphong.test"


@dataclass(slots=True)
class VirtualClock:
    """The time of the play; it never goes back."""

    at: datetime

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return self.at.astimezone(UTC)

    def forward_to(self, at: datetime) -> None:
        """Let time pass until ``at``."""
        self.at = max(self.at, at)


class Town:
    """Servers, database and one daemon under a virtual clock; everything lies in ``folder``."""

    def __init__(self, folder: Path, play: Play) -> None:
        self.play = play
        self.clock = VirtualClock(play.begin)
        self._password = secrets.token_hex(12)
        self.servers = EmbeddedServers({play.mailbox: self._password}, clock=self.clock, authserv_id=AUTHSERV)
        self._folder = folder

    @property
    def config_file(self) -> Path:
        """The path of the configuration, like the one that ``doithoai init`` writes."""
        return self._folder / "doithoai.toml"

    def __enter__(self) -> Self:
        self.servers.start()
        self._write_secret("imap-password", self._password)
        self._write_secret("signing-key", secrets.token_hex(32))
        self.config_file.write_text(self._toml(), encoding="utf-8")
        config = load_config(self.config_file)
        self.engine: Engine = open_engine(config.database.full_url().get_secret_value())
        upgrade(self.engine)
        self.installation: Installation = build_installation(config, config.secrets.signing_key(), self.clock)
        self.service = Service(self.engine, self.installation)
        self.service.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.service.close()
        self.engine.dispose()
        self.servers.stop()

    def _write_secret(self, name: str, text: str) -> None:
        path = self._folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")

    def _toml(self) -> str:
        play, people = self.play, self.play.people
        return f"""# The installation of a demonstration. Its mail servers lived only while it ran.
[mailbox]
address = "{play.mailbox}"
display_name = "Ban Biên tập Đối thoại thành phố Hải Phòng"
authserv_id = "{AUTHSERV}"

[imap]
host = "{self.servers.host}"
port = {self.servers.imap_port}
tls = "none"
user = "{play.mailbox}"
password_file = "imap-password"

[smtp]
host = "{self.servers.host}"
port = {self.servers.smtp_port}
tls = "none"

[database]
url = "sqlite:///doithoai.db"

[secrets]
key_file = "signing-key"

[board]
name = "Ban Biên tập Đối thoại thành phố Hải Phòng"
phone = "0225 3000 000"
where_to_complain = "Ban Tiếp công dân thành phố Hải Phòng, số 1 phố Mẫu, điện thoại 0225 300 0001"
privacy_contact = "{play.mailbox}"
head = {{ name = "{people["head"].name}", email = "{people["head"].email}" }}
office = {{ name = "{people["office"].name}", email = "{people["office"].email}" }}
officers = [{{ name = "{people["officer"].name}", email = "{people["officer"].email}" }}]

[desk]
answer_delay_minutes = 30

[log]
level = "error"
""" + "".join(_unit(code) for code in play.units)


def _unit(code: str) -> str:
    return f'\n[units.{code}]\naddress = "{unit_address(code)}"\ndomains = ["{code.lower()}.test"]\n'
