"""Secrets: where they are looked up, what is refused, and that neither text, log nor error ever shows one."""

import io
import logging
import sys
from pathlib import Path

import pytest

from daemon.base.errors import ConfigurationError
from daemon.base.logs import LineFormatter, Log
from daemon.base.secrets import LARGEST_SECRET, SecretSource, printed_secret
from daemon.config.config import load_config
from tests.unit.daemon.config.test_config import GOOD, write

SECRET = "Hoa-phượng-đỏ-2026"


def put(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.fixture(autouse=True)
def _outside_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


def test_a_file_of_its_own_beside_the_toml(tmp_path: Path) -> None:
    put(tmp_path / "secrets" / "imap", SECRET + "\n")
    text = GOOD.replace('user = "doithoai"', 'user = "doithoai"\npassword_file = "secrets/imap"')
    config = load_config(write(tmp_path, text))
    assert config.imap.password().get_secret_value() == SECRET
    assert SECRET not in repr(config) + str(config.imap.password()) + repr(config.imap.password())


def test_a_systemd_credential_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "imap-password", "by hand")
    config = load_config(write(tmp_path, GOOD))
    assert config.imap.password().get_secret_value() == "by hand"
    put(tmp_path / "granted" / "imap-password", SECRET)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "granted"))
    assert config.imap.password().get_secret_value() == SECRET


def test_a_section_left_out_still_knows_the_folder(tmp_path: Path) -> None:
    put(tmp_path / "signing-key", "k" * 64)
    assert load_config(write(tmp_path, GOOD)).secrets.signing_key() == b"k" * 64


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "empty"), (b"\n", "empty"), (b"\xff\xfe", "not UTF-8"), (b"x" * (LARGEST_SECRET + 1), "too large")],
)
def test_unusable_secrets(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "imap-password"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"imap.password_file: .*: {expected}"):
        SecretSource("imap.password_file", path).read()


def test_quotation_marks_around_a_secret_are_told(tmp_path: Path) -> None:
    assert "quotation marks" in SecretSource("imap.password_file", put(tmp_path / "quoted", f'"{SECRET}"')).warning()


def test_a_program_that_cannot_run_is_told(tmp_path: Path) -> None:
    """It is there, but no program of this machine's."""
    program = put(tmp_path / "token", "\x7fELF", 0o700)
    with pytest.raises(ConfigurationError, match=r"^imap: OSError; try it by hand as the service's account$"):
        printed_secret("imap", [str(program)])


def test_a_missing_secret_tells_where_it_was_sought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x")
    config = load_config(write(tmp_path, GOOD))
    with pytest.raises(ConfigurationError) as caught:
        config.imap.password()
    assert str(caught.value) == (
        f"imap.password_file: no secret found (/run/credentials/x/imap-password, {tmp_path}/imap-password);"
        " write it into that file (chmod 600)"
    )


@pytest.mark.parametrize(("mode", "careless"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_careless_mode_is_told(tmp_path: Path, mode: int, careless: bool) -> None:
    key = put(tmp_path / "open" / "key", SECRET, mode)
    key.parent.chmod(0o755)
    warning = SecretSource("x", key).warning()
    assert bool(warning) is careless
    assert SECRET not in warning


def test_a_file_in_a_folder_that_nobody_else_gets_into_is_not_judged(tmp_path: Path) -> None:
    """As root lays a token into the service's own folder, by the link that systemd makes."""
    key = put(tmp_path / "private" / "token", SECRET, 0o644)
    key.parent.chmod(0o700)
    (tmp_path / "link").symlink_to(key.parent)
    assert SecretSource("x", tmp_path / "link" / "token").warning() == ""


def test_systemds_own_copy_is_not_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "key", SECRET, 0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert SecretSource("x", credential="key").warning() == ""


def test_the_database_password_goes_into_the_url_escaped_and_nowhere_else(tmp_path: Path) -> None:
    put(tmp_path / "pg", "p@ss/w:rd")
    text = GOOD + '[database]\nurl = "postgresql://doithoai@db.test/doithoai"\npassword_file = "pg"\n'
    database = load_config(write(tmp_path, text)).database
    assert database.full_url().get_secret_value() == "postgresql+psycopg://doithoai:p%40ss%2Fw%3Ard@db.test/doithoai"
    assert "p@ss" not in repr(database) + str(database.full_url())


def test_a_secret_once_read_is_blanked_out_of_every_log_line(tmp_path: Path) -> None:
    SecretSource("x", put(tmp_path / "key", SECRET)).read()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(journal=False))
    logger = logging.getLogger("doithoai.test.secrets")
    logger.propagate = False
    logger.addHandler(handler)
    logger.warning("a library says %s", SECRET)
    Log("test.secrets").error("imap.refused", text=f"LOGIN doithoai {SECRET}")
    assert SECRET not in stream.getvalue()
    assert stream.getvalue().count("***") == 2


def test_a_command_prints_the_token_at_each_login(tmp_path: Path) -> None:
    count = tmp_path / "count"
    program = f"p = {str(count)!r}; n = len(open(p, 'a+').read()); open(p, 'a').write('x'); print(f'token-{{n}}')"
    command = [sys.executable, "-c", program]
    first, second = printed_secret("imap.token_command", command), printed_secret("imap.token_command", command)
    assert first.get_secret_value().startswith("token-")
    assert second.get_secret_value().startswith("token-")
    assert count.read_text() == "xx"
    assert "token" not in str(first)


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "pass", "print('secret-word'); raise SystemExit(1)"])
def test_a_command_that_fails_is_told_without_its_words(program: str) -> None:
    with pytest.raises(ConfigurationError, match="must print the token as its first line") as caught:
        printed_secret("imap.token_command", [sys.executable, "-c", program])
    assert "secret-word" not in str(caught.value)
    with pytest.raises(ConfigurationError, match="there is no program /no/such/program; write its whole path"):
        printed_secret("imap.token_command", ["/no/such/program"])


def test_what_this_account_may_not_read_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is for whoever runs a command without being root; root may read everything."""

    def closed(_: Path, **__: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    file = write(tmp_path, GOOD)
    source = SecretSource("imap.password_file", put(tmp_path / "secret", SECRET))
    monkeypatch.setattr(Path, "read_bytes", closed)
    with pytest.raises(
        ConfigurationError, match=r"secret: may not be read by this account; run the command as root$"
    ):
        source.read()
    monkeypatch.setattr(Path, "read_text", closed)
    with pytest.raises(
        ConfigurationError, match=r"\.toml: may not be read by this account; run the command as root$"
    ):
        load_config(file)
