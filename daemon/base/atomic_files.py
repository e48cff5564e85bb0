"""Files that others may read while they are replaced: the reader gets the old or the new content, never a part."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon.base.errors import TemporaryError


def replace_file(path: Path, data: bytes, mode: int = 0o644) -> bool:
    """Write a file beside the target and rename it over; False when the target holds these bytes already.

    Raises ``TemporaryError`` when the disk refuses; the target is then unchanged.
    """
    with disk_faults(path):
        if path.is_file() and path.read_bytes() == data:
            return False
        _make_folder(path.parent)
        _write(path, data, mode)
    return True


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn an error of the disk into a ``TemporaryError`` that names the path.

    Reading may fail too: a folder that may not be entered, a share that is gone.
    """
    try:
        yield
    except OSError as error:
        raise TemporaryError(f"{path}: {error.strerror}") from None


def _make_folder(folder: Path) -> None:
    """Make folders that others may read, whatever the umask."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _write(path: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:  # also when a person interrupts a command
        beside.unlink(missing_ok=True)
        raise
