"""What the server fixtures share: free ports, a folder other users may walk through, waiting for a port."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
START_SECONDS = 15.0
MEMORY, ROOM = Path("/dev/shm"), 8 * 2**30


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on just now, each a different one."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def new_folder(name: str) -> Path:
    """A fresh folder that servers running as other users can walk through."""
    folder = Path(tempfile.mkdtemp(prefix=f"doithoai-{name}-"))
    folder.chmod(0o755)
    return folder


def roomy_folder(name: str) -> Path:
    """The same in memory where there is plenty: each of a server's hundreds of databases has 1,700 files."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return new_folder(name)
    folder = Path(tempfile.mkdtemp(prefix=f"doithoai-{name}-", dir=MEMORY))
    folder.chmod(0o755)
    return folder


def remove_folder(folder: Path) -> None:
    """Take the folder away, whatever a stopping server still writes into it."""
    for _ in range(5):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)


def wait_for_port(port: int, process: subprocess.Popen[bytes] | None, log: Path) -> None:
    """Until the port takes connections; ``RuntimeError`` with the end of the log when it never does."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.01)
    raise RuntimeError(f"the server did not start: {log_end(log)}")


def log_end(log: Path) -> str:
    """The last lines of a log, or a word that there is none."""
    return log.read_text("utf-8", "replace")[-2000:] if log.exists() else "no log"


def start_process(command: Sequence[str], log: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, its output going to ``log``."""
    with log.open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, **options)


def stop_process(process: subprocess.Popen[bytes], sign: int = signal.SIGTERM) -> None:
    """Ask a server to go, make it go after three seconds, and take every child it left with it."""
    if process.poll() is None:
        process.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(3)


def missing_program(paths: Sequence[str]) -> str:
    """Why tests must skip: the first program of ``paths`` that is absent, or ""."""
    return next((f"{path} is not installed" for path in paths if not Path(path).exists()), "")


def is_root() -> bool:
    """Some servers can be started by root only."""
    return os.geteuid() == 0
