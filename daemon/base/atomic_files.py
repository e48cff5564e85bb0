"""Files that others read while they are replaced: whole as they were, or whole as they are."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from daemon.base.errors import TemporaryError


def replace_file(path: Path, data: bytes, mode: int = 0o644) -> bool:
    """Write a file beside and rename it over; False when it holds these bytes already.

    Raises ``TemporaryError`` when the disk does not let us; what was there is left as it was.
    """
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        _make_folder(path.parent)
        _write(path, data, mode)
    except OSError as error:
        raise TemporaryError(f"{path}: {error.strerror}") from None
    return True


def _make_folder(folder: Path) -> None:
    """Folders that others may look into, whatever the umask."""
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
    except OSError:
        beside.unlink(missing_ok=True)
        raise
