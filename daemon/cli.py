"""The command ``doithoai``: selects a command, and turns every error into one clear line.

Exit codes: 0 success, 1 a problem was found, 2 wrong use or a configuration with which ``run`` cannot start,
130 interrupted.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import importlib
import io
import os
import re
import sys
import traceback
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from daemon.base.errors import DoithoaiError
from daemon.base.logs import place_of
from daemon.commands import COMMANDS
from rules.values.data_file import DataFileError

INTERRUPTED = 130
YOUNG = 20_000
"""New objects between two runs of Python's collector, which by itself comes after 700: while the rules are loaded,
which all stay, it took a seventh of the start. A mail leaves hardly anything that holds itself."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; ``argv`` without the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # file names and locales may hold unprintable characters
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_went_away()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (DoithoaiError, DataFileError) as error:
        return _complain(error, str(error))
    except OSError as error:
        return _complain(error, f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception as error:
        # The error's own text may quote a mail, so it is not printed.
        return _complain(error, f"unexpected {type(error).__name__} at {place_of(error)} (DOITHOAI_DEBUG=1: more)")
    return code


def _dispatch(arguments: list[str]) -> int:
    gc.set_threshold(YOUNG)
    common = _common()
    given, words = common.parse_known_args(arguments)
    name = next((word for word in words if not word.startswith("-")), None)
    module = importlib.import_module(COMMANDS[name][0]) if name in COMMANDS else None
    parser = _parser(module)
    if name is not None and module is None:
        parser.error(_unknown(name))
    args = parser.parse_args(words, argparse.Namespace(config=given.config))
    if module is None:
        parser.error("which command?")
    return int(args.run(args))


def _common() -> argparse.ArgumentParser:
    """The option that every command takes, wherever it stands among the words."""
    common = argparse.ArgumentParser(prog="doithoai", add_help=False, allow_abbrev=False)
    common.add_argument(
        "--config", metavar="FILE", type=Path, help="configuration file (default /etc/doithoai/doithoai.toml)"
    )
    return common


def _unknown(name: str) -> str:
    """The message for a word that is no command, with the command that it most resembles."""
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else f"; the commands are {', '.join(COMMANDS)}"
    return f"unknown command '{name}'{hint}"


def _parser(module: ModuleType | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="doithoai",
        description="Back office of a city's dialogue with its people, run from one official mailbox.",
        epilog="Every command takes --config FILE and exits 0 on success, 1 on a found problem, 2 on wrong use or a"
        " configuration with which 'run' cannot start.",
        parents=[_common()],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", parser_class=_WholeWords)
    if module is None:
        for name, (_, help_line) in COMMANDS.items():
            commands.add_parser(name, help=help_line)
    else:
        module.add(commands)
    return parser


class _WholeWords(argparse.ArgumentParser):
    """A command's parser: options must be written out, because a short form may one day become ambiguous."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **given})

    def error(self, message: str) -> NoReturn:
        """As the library's, with the word among those that can be chosen which the given one most resembles."""
        if match := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message):
            near = difflib.get_close_matches(match[1], re.findall(r"[\w-]+", match[2]), n=1)
            message += f"; did you mean '{near[0]}'?" if near else ""
        super().error(message)


class _Version(argparse.Action):
    """Looks the version up only on request: reading package metadata takes time."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        try:
            version = metadata.version("doithoai")
        except metadata.PackageNotFoundError:
            version = "(not installed)"
        print(f"doithoai {version}")  # noqa: T201
        parser.exit()


def _complain(error: BaseException, text: str) -> int:
    if os.environ.get("DOITHOAI_DEBUG") == "1":
        traceback.print_exception(error)
    for line in text.splitlines() or [type(error).__name__]:
        sys.stderr.write(f"doithoai: {line}\n")
    return error.exit_code if isinstance(error, DoithoaiError) else 1


def _reader_went_away() -> int:
    """A reader such as ``head`` may stop early; that is no problem, but nothing may be written at exit any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
