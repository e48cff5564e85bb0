"""Settings for the tests of sending: what the connection asks for, with short time limits."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

SECRET = "mat-khau-cua-phep-thu-7731"


@dataclass(frozen=True)
class TestSettings:
    """The attributes of ``daemon.config.mail.SmtpSettings``; ``user`` "" = no login."""

    __test__ = False

    port: int
    host: str = "127.0.0.1"
    tls: str = "none"
    user: str = ""
    auth: str = "password"
    ca_file: Path | None = None
    timeout_seconds: float = 5.0
    connections: int = 1
    helo: str = "thu.test"

    def password(self) -> SecretStr:
        """The password that must never be seen in clear."""
        return SecretStr(SECRET)
