"""A real systemd as PID 1 of namespaces of its own, with the unit installed as the handbook says.

Needs root. Mounts, processes, network and control groups are private, so nothing of the machine is touched:
``/etc`` is a copy, ``/run``, ``/tmp``, ``/opt`` and ``/var/lib`` are empty, and all of it ends with the block.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SYSTEMD = Path("/lib/systemd/systemd")
ROOMS = ("rules", "db", "daemon", "mail_templates")
UNIT = "doithoai.service"
PAGES_UNIT = "doithoai-web.service"
PYTHON_PATH = "/opt/doithoai/house/code:/opt/doithoai/site"

PREPARE = """\
set -eu
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/etc /mnt/python /mnt/site /mnt/house
cp -a /etc/. /mnt/etc/
cp -a "$FILES/." /mnt/house/
chmod 755 /mnt/house
[ "$PYTHON_PREFIX" = /usr ] || mount --bind "$PYTHON_PREFIX" /mnt/python
mount --bind "$SITE" /mnt/site
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir -p /opt/doithoai
mount --rbind /mnt /opt/doithoai
mount --bind /mnt/etc /etc
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir -m 700 /var/lib/private
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
cp -a /opt/doithoai/house/etc/. /etc/
chown -R root:root /etc/doithoai
cat >/etc/systemd/system/alone.target <<END
[Unit]
DefaultDependencies=no
END
mount --make-rshared /
touch /run/prepared
export container=doithoai-test
exec "$SYSTEMD" --system --unit=alone.target --log-target=null --show-status=no
"""

LAUNCHER = """\
#!/bin/sh
export PYTHONPATH={path} PYTHONDONTWRITEBYTECODE=1 LD_LIBRARY_PATH=/opt/doithoai/python/lib
exec {python} -m daemon "$@"
"""

DROP_IN = """\
[Service]
WatchdogSec={watchdog}
RestartSec=100ms
StandardOutput=append:/run/doithoai.log
StandardError=append:/run/doithoai.log
"""


def missing() -> str:
    """Why a real systemd cannot be started here, or ""."""
    if os.geteuid() != 0:
        return "a systemd of its own needs root"
    if not SYSTEMD.exists():
        return "systemd is not installed"
    if not all(map(shutil.which, ("unshare", "nsenter", "systemctl"))):
        return "unshare, nsenter or systemctl is missing"
    probe = subprocess.run(
        ["unshare", "--pid", "--mount", "--net", "--cgroup", "--fork", "true"], capture_output=True, check=False
    )
    return "" if probe.returncode == 0 else "private namespaces are not allowed here"


@dataclass(slots=True)
class Systemd:
    """The running manager. ``pid`` is its process as seen from outside."""

    pid: int

    @property
    def root(self) -> Path:
        """Its file system as seen from outside."""
        return Path(f"/proc/{self.pid}/root")

    def inside(self, *words: str) -> list[str]:
        """The command that runs a command in its namespaces, and with its root where it has one of its own."""
        return ["nsenter", f"--target={self.pid}", "--all", "--root", *words]

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs a command beside it."""
        return subprocess.run(self.inside(*words), capture_output=True, text=True, timeout=60, check=check)

    def python(self, *words: str) -> subprocess.Popen[bytes]:
        """Starts a Python script that stays, beside it, as root."""
        return subprocess.Popen(self.inside("env", f"PYTHONPATH={PYTHON_PATH}", python_inside(), *words))

    def timed(self, *words: str) -> float:
        """Runs a command and returns how many seconds it took."""
        start = time.monotonic()
        self.run(*words)
        return time.monotonic() - start

    def show(self, *names: str, unit: str = UNIT) -> dict[str, str]:
        lines = self.run("systemctl", "show", unit, *(f"--property={name}" for name in names)).stdout.splitlines()
        return dict(line.split("=", 1) for line in lines)

    def log(self) -> str:
        """What the service has written so far."""
        path = self.root / "run/doithoai.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def main_pid(self) -> int:
        """The service's process, numbered as inside; 0 when there is none."""
        return int(self.show("MainPID")["MainPID"])

    def cpu(self) -> float:
        """CPU seconds of the service's process and of those that it waited for.

        The control group's own figure can be several times too high where other hierarchies count the CPU too.
        """
        stat = (self.root / f"proc/{self.main_pid()}/stat").read_text(encoding="utf-8", errors="replace")
        return sum(map(int, stat.rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")

    def kill(self, number: signal.Signals) -> int:
        """Sends the service's process a signal; returns which process that was."""
        pid = self.main_pid()
        assert pid > 0, "the service is not running"  # 0 would be this test's own process group
        self.run("kill", f"-{int(number)}", str(pid))
        return pid

    def wait_until(self, what: str, true: Callable[[], bool], seconds: float = 30) -> float:
        """Waits for a condition and returns how long it took; fails with the service's state and log."""
        start = time.monotonic()
        while not true():
            if time.monotonic() - start > seconds:
                status = self.run("systemctl", "status", "--no-pager", "--lines=0", UNIT, check=False).stdout
                raise AssertionError(f"not within {seconds} s: {what}\n{status}\n{self.log()[-3000:]}")
            time.sleep(0.05)
        return time.monotonic() - start

    def active(self, not_pid: int = 0) -> bool:
        """True when the service is up in a process other than that one."""
        state = self.show("ActiveState", "MainPID")
        return state["ActiveState"] == "active" and int(state["MainPID"]) not in (0, not_pid)


def lay_out(folder: Path, config: str, secrets: Mapping[str, str], watchdog: str) -> None:
    """The files that an administrator would put there: unit, drop-in, configuration, secrets, program."""
    units, etc = folder / "etc/systemd/system", folder / "etc/doithoai"
    (units / f"{UNIT}.d").mkdir(parents=True)
    etc.mkdir(parents=True)
    unit = (REPOSITORY / "service.unit").read_text("utf-8")
    launcher = "/opt/doithoai/house/bin/doithoai"
    (units / UNIT).write_text(unit.replace("/opt/doithoai/bin/doithoai", launcher), encoding="utf-8")
    pages = (REPOSITORY / "scripts" / PAGES_UNIT).read_text("utf-8")
    (units / PAGES_UNIT).write_text(pages.replace("/opt/doithoai/bin/doithoai", launcher), encoding="utf-8")
    (units / f"{UNIT}.d/test.conf").write_text(DROP_IN.format(watchdog=watchdog), encoding="utf-8")
    (etc / "doithoai.toml").write_text(config, encoding="utf-8")
    for name, secret in secrets.items():
        (etc / name).write_text(secret, encoding="utf-8")
        (etc / name).chmod(0o600)
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, folder / "code" / room, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "bin").mkdir()
    (folder / "bin/doithoai").write_text(LAUNCHER.format(path=PYTHON_PATH, python=python_inside()), encoding="utf-8")
    (folder / "bin/doithoai").chmod(0o755)


def python_inside() -> str:
    """The interpreter's path inside; one that lives in somebody's home is mounted where the service may look."""
    binary = Path(sys.executable).resolve()
    prefix = Path(sys.base_prefix)
    return str(binary) if prefix == Path("/usr") else f"/opt/doithoai/python/{binary.relative_to(prefix.resolve())}"


@contextmanager
def real_systemd(folder: Path, config: str, secrets: Mapping[str, str], watchdog: str) -> Iterator[Systemd]:
    """Starts it with everything laid out, and ends it with all that runs in it."""
    lay_out(folder, config, secrets, watchdog)
    site = (
        Path(subprocess.__file__).parent / "site-packages" if sys.prefix == sys.base_prefix else _site_of(sys.prefix)
    )
    environment = {
        "PATH": os.environ["PATH"],
        "FILES": str(folder),
        "SITE": str(site),
        "PYTHON_PREFIX": sys.base_prefix,
        "SYSTEMD": str(SYSTEMD),
    }
    script = folder / "prepare.sh"
    script.write_text(PREPARE, encoding="utf-8")
    namespaces = ["--pid", "--mount", "--uts", "--ipc", "--cgroup", "--net", "--fork", "--mount-proc", "--kill-child"]
    with subprocess.Popen(["unshare", *namespaces, "bash", str(script)], env=environment) as process:
        try:
            yield _booted(process)
        finally:
            process.kill()


def _site_of(prefix: str) -> Path:
    return next((Path(prefix) / "lib").glob("python3.*/site-packages"))


def _booted(process: subprocess.Popen[bytes]) -> Systemd:
    """Waits until the manager answers."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        assert process.poll() is None, "the namespaces could not be prepared"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        if children and (Path(f"/proc/{children[0]}/root") / "run/prepared").exists():
            manager = Systemd(int(children[0]))
            if manager.run("systemctl", "is-system-running", check=False).stdout.strip() in {"running", "degraded"}:
                return manager
        time.sleep(0.05)
    raise AssertionError("systemd did not start within 30 s")
