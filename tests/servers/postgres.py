"""PostgreSQL in a folder of its own, on a high port of 127.0.0.1, without durability: for tests only."""

import itertools
import os
import pwd
import signal
import subprocess
from pathlib import Path
from typing import Any, Self

from tests.servers.process import (
    HOST,
    free_ports,
    is_root,
    log_end,
    remove_folder,
    roomy_folder,
    start_process,
    stop_process,
    wait_for_port,
)

INSTALLED = Path("/usr/lib/postgresql")
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": HOST,
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "warning",
    "lc_messages": "C",
}


def programs() -> Path | None:
    """The folder of the newest installed PostgreSQL's programs, or None."""
    found = [path for path in INSTALLED.glob("*/bin") if (path / "initdb").exists() and path.parent.name.isdigit()]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def why_not() -> str:
    """Why PostgreSQL cannot be used here, or ""."""
    if programs() is None:
        return "PostgreSQL is not installed"
    if is_root() and not any(record.pw_name == "postgres" for record in pwd.getpwall()):
        return "there is no user postgres to run PostgreSQL as"
    return ""


def available() -> bool:
    """True when PostgreSQL is installed and may be started."""
    return not why_not()


class Postgres:
    """One server; ``new_url()`` makes an empty database in it and gives its SQLAlchemy address."""

    def __init__(self) -> None:
        self.host = HOST
        (self.port,) = free_ports(1)
        self.folder = Path()
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Make the cluster (0.8 s) and wait until it takes connections."""
        self.folder = roomy_folder("postgres")
        programs_folder = programs()
        if programs_folder is None:
            raise RuntimeError(why_not())
        if is_root():
            record = pwd.getpwnam("postgres")
            os.chown(self.folder, record.pw_uid, record.pw_gid)
        self._programs = programs_folder
        data = self.folder / "data"
        initdb = [str(programs_folder / "initdb"), "-D", str(data), "-U", "doithoai", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--locale=C.UTF-8", "--no-sync"], check=True, capture_output=True, cwd="/", **self._identity()
        )
        settings = {**SETTINGS, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        with (data / "postgresql.conf").open("a", encoding="utf-8") as config:
            config.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        command = [str(programs_folder / "postgres"), "-D", str(data)]
        self._process = start_process(command, self.log, cwd="/", **self._identity())
        try:
            wait_for_port(self.port, self._process, self.log)
            self._wait_until_ready()
        except (RuntimeError, subprocess.CalledProcessError):
            self.stop()
            raise
        return self

    def _wait_until_ready(self) -> None:
        """The port is open a little before queries are taken."""
        check = [str(self._programs / "pg_isready"), "-h", HOST, "-p", str(self.port), "-t", "10"]
        for _ in range(100):
            if subprocess.run(check, capture_output=True, check=False).returncode == 0:
                return
        raise RuntimeError(f"PostgreSQL does not get ready: {log_end(self.log)}")

    @staticmethod
    def _identity() -> dict[str, Any]:
        """PostgreSQL refuses to run as root."""
        if not is_root():
            return {}
        record = pwd.getpwnam("postgres")
        return {"user": record.pw_uid, "group": record.pw_gid, "extra_groups": []}

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "postgres.log"

    def new_url(self) -> str:
        """An empty database's address, such as ``postgresql+psycopg://doithoai@127.0.0.1:54321/test1``."""
        return self._create("template1")

    def copy(self, url: str) -> str:
        """The address of a database that is as that one is now; nobody may be connected to it."""
        return self._create(url.rpartition("/")[2])

    def drop(self, url: str) -> None:
        """A database is not needed any more."""
        self._run("dropdb", "--force", url.rpartition("/")[2])

    def dump(self, url: str, file: Path) -> None:
        """A backup as docs/operations.md says."""
        self._run("pg_dump", "--format=custom", f"--file={file}", url.rpartition("/")[2])

    def lay_back(self, url: str, file: Path) -> None:
        """A backup in the database's place, as docs/operations.md says; the one that was there gets another name."""
        name = url.rpartition("/")[2]
        renamed = f"ALTER DATABASE {name} RENAME TO {name}_before_{next(self._numbers)}"
        self._run("psql", "-d", "template1", "-c", renamed)
        self._run("createdb", name)
        self._run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "-d", name, str(file))

    def _create(self, template: str) -> str:
        name = f"test{next(self._numbers)}"
        self._run("createdb", "-T", template, name)
        return f"postgresql+psycopg://doithoai@{HOST}:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-h", HOST, "-p", str(self.port), "-U", "doithoai", *arguments]
        subprocess.run(command, check=True, capture_output=True)

    def stop(self) -> None:
        """Stop the server at once and remove all its files."""
        if self._process is not None:
            stop_process(self._process, signal.SIGQUIT)
            self._process = None
        if self.folder != Path():
            remove_folder(self.folder)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
