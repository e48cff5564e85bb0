"""What is packaged, what is needed, what is locked - and that the three agree."""

import ast
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("rules", "db", "daemon", "mail_templates")
LOCKS = ("requirements.lock", "requirements-dev.lock")
PYTHONS = ("3.11", "3.12", "3.13")
NOT_IMPORTED = {"tzdata", "psycopg"}
"""Used without an import of ours: zone data for ``zoneinfo``, the driver that SQLAlchemy loads by name."""


@cache
def setup_arguments() -> dict[str, object]:
    """The arguments of ``setup()``, caught by running setup.py with a setup that only keeps them."""
    code = (
        "import json, setuptools\n"
        "wanted = 'install_requires', 'extras_require', 'packages'\n"
        "setuptools.setup = lambda **a: print(json.dumps({name: a[name] for name in wanted}))\n"
        "exec(compile(open('setup.py').read(), 'setup.py', 'exec'), {'__file__': 'setup.py', '__name__': '__main__'})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    arguments = json.loads(done.stdout)
    assert isinstance(arguments, dict)
    return arguments


def needs(*extras: str) -> list[Requirement]:
    """Requirements of the program and of these extras."""
    arguments = setup_arguments()
    lines = list(arguments["install_requires"])  # type: ignore[call-overload]
    for extra in extras:
        lines += arguments["extras_require"][extra]  # type: ignore[index]
    return [Requirement(line) for line in lines]


@cache
def locked(name: str) -> dict[str, str]:
    """Distribution -> version of a lock file."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", (REPOSITORY / name).read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(distribution): version for distribution, version in found}


@cache
def wheel() -> list[str]:
    """The names in a wheel built from the files that git knows."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
        ).stdout
        names = [name for name in listed.decode().split("\0") if name and (REPOSITORY / name).is_file()]
        for name in names:
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((REPOSITORY / name).read_bytes())
        command = [
            sys.executable,
            "-c",
            "import setuptools.build_meta as b, sys; print(b.build_wheel(sys.argv[1]))",
            scratch,
        ]
        subprocess.run(command, cwd=source, capture_output=True, text=True, check=True, timeout=100)
        with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as archive:
            return archive.namelist()


@pytest.fixture(scope="module")
def in_wheel() -> list[str]:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout")
    return wheel()


def files(room: str) -> list[str]:
    """What belongs to a room: every file of it that git would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", room],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (REPOSITORY / name).is_file()]


@pytest.mark.parametrize("room", ROOMS)
def test_the_wheel_has_every_file_of_the_house(in_wheel: list[str], room: str) -> None:
    left_out = {name for name in files(room) if not name.endswith(("README.md", ".gitkeep"))} - set(in_wheel)
    assert left_out == set()


def test_the_wheel_has_nothing_else(in_wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in in_wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(ROOMS)
    assert not [name for name in in_wheel if "test" in name.split("/")[0] or "__pycache__" in name]


def test_samples_labels_and_training_stay_outside(in_wheel: list[str]) -> None:
    """Samples of letters and papers alone are modules of it: an installation's own texts are tried with them."""
    aside = re.compile(r"sample|label|train|benchmark|crash_all|fuzz")
    found = {name for name in in_wheel if aside.search(Path(name).name)} - {"rules/requester/unlabelled.py"}
    assert found == {"daemon/letters/samples.py", "daemon/letters/sample_values.py"}


def test_the_wheel_brings_the_command_and_the_licence(in_wheel: list[str]) -> None:
    assert any(name.endswith("dist-info/entry_points.txt") for name in in_wheel)
    assert any(name.endswith("LICENSE") for name in in_wheel)


def test_no_dependency_ships_a_package_of_our_names() -> None:
    """Ours are generic names; two distributions in one environment must not own the same one."""
    taken = {
        name: owners
        for name, owners in metadata.packages_distributions().items()
        if name in {*ROOMS, "tests"} and set(map(canonicalize_name, owners)) != {"doithoai"}
    }
    assert taken == {}


def test_a_package_of_our_name_would_be_seen(tmp_path: Path) -> None:
    info = tmp_path / "evil-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (info / "RECORD").write_text("rules/__init__.py,,\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/__init__.py").touch()  # a file that is recorded but absent does not count
    code = "from importlib import metadata; print(metadata.packages_distributions().get('rules'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "evil" in done.stdout


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ("postgres", "demo", "web", "signatures")),
        ("requirements-dev.lock", ("postgres", "demo", "web", "signatures", "dev")),
    ],
)
def test_the_lock_holds_what_setup_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    wrong = [
        str(need)
        for need in needs(*extras)
        if not need.specifier.contains(locked(lock).get(canonicalize_name(need.name), "0"))
    ]
    assert wrong == [], "run scripts/lock.sh"


def test_both_locks_agree() -> None:
    small, large = locked(LOCKS[0]), locked(LOCKS[1])
    assert {name: version for name, version in small.items() if large.get(name) != version} == {}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_version_has_hashes_and_no_address(name: str) -> None:
    text = (REPOSITORY / name).read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    # A package may stand there twice: another version for another Python.
    assert {canonicalize_name(block.partition("==")[0]) for block in blocks} == set(locked(name))
    assert [block.split("=")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_is_whole_for_every_python(python: str) -> None:
    """Each locked distribution's own needs, as installed here, are locked too; pip is told to add nothing."""
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    known = locked("requirements-dev.lock")
    gaps = [
        f"{name} needs {need}"
        for name in known
        for need in own_needs(name, environment)
        if canonicalize_name(need.name) not in known
    ]
    assert gaps == []


def own_needs(distribution: str, environment: dict[str, str]) -> list[Requirement]:
    """What an installed distribution requires there; nothing when it is not installed (for another platform)."""
    try:
        lines = metadata.requires(distribution) or []
    except metadata.PackageNotFoundError:
        return []
    return [need for need in map(Requirement, lines) if need.marker is None or need.marker.evaluate(environment)]


def third_party_imports(*folders: str) -> dict[str, str]:
    """Top-level name -> a file that imports it, for everything not ours and not of the standard library."""
    found: dict[str, str] = {}
    for path in (path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name.split(".")[0]: str(path.relative_to(REPOSITORY)) for name in names}
    return {name: path for name, path in found.items() if name not in {*ROOMS, "tests", *sys.stdlib_module_names}}


def distributions(names: Iterable[str]) -> set[str]:
    """The distributions that ship these top-level names, as installed here; an unknown name stands for itself."""
    owners = metadata.packages_distributions()
    return {canonicalize_name(owner) for name in names for owner in owners.get(name, [name])}


def test_every_library_that_is_imported_is_asked_for_and_the_other_way_round() -> None:
    imported = distributions(third_party_imports(*ROOMS))
    asked = {canonicalize_name(need.name) for need in needs("postgres", "demo", "web", "signatures")}
    assert imported - asked == set(), third_party_imports(*ROOMS)
    assert asked - imported - NOT_IMPORTED == set()


def test_what_tests_and_scripts_import_is_asked_for() -> None:
    own = {"benchmarks", "scripts", *(path.stem for path in (REPOSITORY / "scripts").glob("*.py"))}
    imported = {name: path for name, path in third_party_imports("tests", "scripts").items() if name not in own}
    asked = {canonicalize_name(need.name) for need in needs("postgres", "demo", "web", "signatures", "dev")}
    assert distributions(imported) - asked == set(), imported


def test_only_the_demonstration_needs_the_demo_extra() -> None:
    demo = {"pymap", "aiosmtpd", "pysasl", "proxyprotocol"}
    imported = third_party_imports(*ROOMS)
    assert {imported[name] for name in demo & set(imported) if not imported[name].startswith("daemon/demo/")} == set()


def test_every_folder_of_code_is_a_package() -> None:
    """A folder without ``__init__.py`` is neither type-checked nor packaged. Migrations are loaded by their path."""
    folders = {
        path.parent for room in ROOMS for path in (REPOSITORY / room).rglob("*.py") if "migrations" not in path.parts
    }
    assert {
        str(folder.relative_to(REPOSITORY)) for folder in folders if not (folder / "__init__.py").exists()
    } == set()
