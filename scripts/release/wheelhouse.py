"""Fills a folder with every wheel that an installation needs, and lists them with their hashes.

    python scripts/release/wheelhouse.py LOCKFILE FOLDER OUR_WHEEL

scripts/release.sh runs it with the interpreter of its temporary environment, which has the locked setuptools. Each
fetched file has a hash of the lock file; source-only packages are built here, because a server without internet has
no tools to build with. FOLDER/requirements.txt then lists a package per line, with the hashes of its files.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PYTHONS = ("311", "312", "313")
PLATFORMS = ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_28_x86_64")
"""Debian 10 and later, and every other Linux with glibc 2.28; for x86-64."""
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


def fetch(lock: Path, folder: Path, python: str) -> None:
    """Fetch everything in the lock file for one version of Python."""
    where = [word for platform in PLATFORMS for word in ("--platform", platform)]
    abis = [word for abi in (f"cp{python}", "abi3", "none") for word in ("--abi", abi)]
    what = ["--require-hashes", "--requirement", str(lock), "--dest", str(folder)]
    how = [
        "--no-deps",
        "--no-build-isolation",
        "--prefer-binary",
        "--implementation",
        "cp",
        "--python-version",
        python,
    ]
    subprocess.run([*PIP, "download", *how, *where, *abis, *what], check=True)


def build(folder: Path) -> None:
    """Replace every source archive by a wheel, which must suit every Python and machine."""
    for archive in sorted(folder.glob("*.tar.gz")):
        how = ["--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir", "--wheel-dir", str(folder)]
        subprocess.run([*PIP, "wheel", *how, str(archive)], check=True)
        name = archive.name.removesuffix(".tar.gz").replace("-", "_")
        made = [path for path in folder.glob("*.whl") if path.name.replace("-", "_").startswith(f"{name}_")]
        if len(made) != 1 or not made[0].name.endswith("-none-any.whl"):
            raise SystemExit(f"wheelhouse: {archive.name} is no pure Python: {[path.name for path in made]}")
        archive.unlink()


def listed(folder: Path) -> Iterator[str]:
    """One line per package: its version, and the hash of each of its wheels."""
    hashes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for wheel in sorted(folder.glob("*.whl")):
        name, version, *_ = wheel.name.split("-")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        hashes[re.sub(r"[-_.]+", "-", name).lower(), version].append(digest)
    for (name, version), digests in sorted(hashes.items()):
        yield " ".join([f"{name}=={version}", *(f"--hash=sha256:{digest}" for digest in digests)])


def main(lock: Path, folder: Path, ours: Path) -> int:
    """Fetch, build, list."""
    folder.mkdir(parents=True)
    for python in PYTHONS:
        fetch(lock, folder, python)
    build(folder)
    shutil.copy(ours, folder)
    lines = list(listed(folder))
    (folder / "requirements.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    wanted = len(re.findall(r"^[a-z0-9]", lock.read_text(encoding="utf-8"), re.MULTILINE)) + 1
    if len(lines) != wanted:
        raise SystemExit(f"wheelhouse: {len(lines)} packages, the lock file and our own are {wanted}")
    print(f"{len(list(folder.glob('*.whl')))} wheels of {wanted} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4])))
