"""What the documents name is there: links and headings, commands and options, keys, files, lines of the log."""

import argparse
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from daemon import cli
from daemon.commands import COMMANDS
from daemon.config.config import Config
from daemon.monitoring.troubles import ENGLISH, OVER

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/**/*.md")))
TEXTS = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in PAGES}
FENCE = re.compile(r"^ *```[a-z]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?<!`)\[[^\]`]*(?:`[^`]*`[^\]`]*)*\]\(([^)\s]+)\)")
OPTION = re.compile(r"--[a-z][a-z-]*")
TESTS = ("faults/", "unit/", "contract/", "system/")
"""Folders that docs/security.md names without `tests/` before them."""
ROOMS = ("scripts/", "rules/", "db/", "tests/", "docs/", "daemon/", "mail_templates/", "benchmarks/", *TESTS)
FOLDERS = rf"(?<![\w/.])(?:{'|'.join(ROOMS)})[\w./-]+\w"


def bare(name: str) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", TEXTS[name])


def codes(name: str) -> Iterator[str]:
    """What stands in `…`, and each line of the blocks."""
    yield from CODE.findall(bare(name).replace("\\|", "|"))
    for block in FENCE.findall(TEXTS[name]):
        yield from (line.partition("  #")[0].strip() for line in block.splitlines())


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_resolves(name: str) -> None:
    lost = []
    for target in LINK.findall(bare(name)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        page = (ROOT / name).parent / path if path else ROOT / name
        if not page.exists() or (anchor and anchor not in anchors(page)):
            lost.append(target)
    assert lost == []


def parser_of(command: str) -> argparse.ArgumentParser:
    """The command's own parser, as the command line makes it."""
    return choices(cli._parser(importlib.import_module(COMMANDS[command][0])))[command]


def choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [one.choices for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(found[0]) if found else {}


def wrong(words: list[str]) -> list[str]:
    """Of a command line, the parts and options that there are not."""
    command, *rest = words
    if command not in COMMANDS:
        return [command]
    parser = parser_of(command)
    parts = choices(parser)
    named = rest[0].split("|") if parts and rest and re.fullmatch(r"[a-z][a-z|-]*", rest[0]) else []
    unknown = [part for part in named if part not in parts]
    parsers = [parts[part] for part in named if part in parts] or [parser, *parts.values()]
    known = {"--help", "--config"} | {option for one in parsers for option in one._option_string_actions}
    return unknown + [one for one in OPTION.findall(" ".join(rest)) if one not in known]


def command_lines(name: str) -> Iterator[str]:
    """Whatever begins with the program's name, and a command's name with an argument."""
    for code in codes(name):
        for line in re.split(r"&& |; |\| ", code):
            words = line.split()
            if words[:1] == ["doithoai"] and len(words) > 1 and not words[1].startswith(("…", "--")):
                yield line
            elif len(words) > 1 and words[0] in COMMANDS and re.match(r"(-|[A-Z]|[a-z]+$)", words[1]):
                yield f"doithoai {line}"


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_is_one(name: str) -> None:
    assert [(line, wrong(line.split()[1:])) for line in command_lines(name) if wrong(line.split()[1:])] == []


def test_the_commands_of_the_pages_for_people_are_found() -> None:
    for name, fewest in {
        "README.md": 15,
        "docs/operations.md": 20,
        "docs/van-hanh.md": 20,
        "docs/rules.md": 8,
    }.items():
        assert len(list(command_lines(name))) >= fewest, name
    assert wrong(["register", "export", "--form", "csv"]) == ["--form"]
    assert wrong(["mail", "list|burn"]) == ["burn"]
    table = "".join(line for line in TEXTS["README.md"].splitlines() if line.startswith("| `doithoai"))
    assert [one for one in COMMANDS if not re.search(rf"`(?:doithoai )?{one}[ `]", table)] == []


def rule_sections() -> set[str]:
    """The tables of the data files, `[like_this]`."""
    files = ROOT.glob("rules/data/**/*.toml")
    return {key for file in files for key in tomllib.loads(file.read_text("utf-8"))}


def lacks(path: str, keys: str) -> bool:
    """Whether the configuration has no such section or key."""
    kind: type[BaseModel] = Config
    for part in [one for one in (*path.split("."), *keys.split(".")) if one not in {"", "*"}]:
        if part not in kind.model_fields:
            return True
        inner = kind.model_fields[part].annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return False
        kind = inner
    return False


def keys(name: str) -> Iterator[tuple[str, str]]:
    """Sections and keys of the configuration that a page names: `[run] shadow = true`, `rules.folder`."""
    for code in codes(name):
        table = re.fullmatch(r"\[([a-z_.]+)\](?: ([a-z_.]+)(?: *=.*)?)?", code)
        dotted = re.fullmatch(r"([a-z_]+)\.([a-z_.*]+)(?: *=.*)?", code)
        if table:
            yield table[1], table[2] or ""
        elif dotted and dotted[1] in Config.model_fields and dotted[2] not in {"toml", "tsv", "py"}:
            yield dotted[1], dotted[2]


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "CHANGELOG.md"])
def test_every_key_is_one(name: str) -> None:
    tables = rule_sections()
    assert [
        f"{path} {key}" for path, key in keys(name) if lacks(path, key) and path.split(".")[0] not in tables
    ] == []


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "docs/law.md"])
def test_every_file_of_the_repository_is_there(name: str) -> None:
    named = {word for code in codes(name) for word in re.findall(FOLDERS, code)}
    placed = {f"tests/{one}" if one.startswith(TESTS) else one for one in named}
    assert sorted(one for one in placed if not ((ROOT / one).exists() or (ROOT / f"{one}.py").exists())) == []


def test_every_line_of_the_log_is_written_somewhere() -> None:
    table = TEXTS["docs/operations.md"].partition("## What the log says")[2]
    told = re.findall(r"`(\w+): (\w+)", table)
    assert len(told) > 15
    lost = []
    sources = [source.read_text("utf-8") for source in ROOT.glob("daemon/**/*.py")]
    for log, event in told:
        if not any(f'"{event}"' in source for source in sources if f'Log("{log}")' in source):
            lost.append(f"{log}: {event}")
    assert lost == []


@pytest.mark.parametrize("name", ["docs/operations.md", "docs/van-hanh.md"])
def test_every_alarm_is_told_and_no_other(name: str) -> None:
    table = re.search(r"^\| (?:name|tên) .*?(?=^\n|\Z)", TEXTS[name], re.MULTILINE | re.DOTALL)
    assert table is not None
    told = {
        one.partition(":")[0]
        for one in re.findall(
            r"`([a-z]+(?::[a-z…]+)?)`", re.sub(r"\|[^|]*\|[^|]*\|$", "", table[0], flags=re.MULTILINE)
        )
    }
    assert told == {one.removesuffix(OVER) for one in ENGLISH if one.endswith(OVER)}
