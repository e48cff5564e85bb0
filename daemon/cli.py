"""The command ``doithoai``: chooses a command, and turns every error into one clear line.

Exit codes: 0 success, 1 a problem was found, 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from daemon.base.errors import DoithoaiError
from daemon.commands import COMMANDS
from rules.values.data_file import DataFileError

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; ``argv`` without the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # file names and locales may hold what cannot be written
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
        from daemon.base.logs import place_of

        # The error's own text may quote a mail, so it stays unsaid.
        return _complain(error, f"unexpected {type(error).__name__} at {place_of(error)} (DOITHOAI_DEBUG=1: more)")
    return code


def _dispatch(arguments: list[str]) -> int:
    module = _chosen(arguments)
    parser = _parser(module)
    args = parser.parse_args(arguments)
    if module is None:
        parser.error("which command?")
    return int(module.run(args))


def _chosen(arguments: Sequence[str]) -> ModuleType | None:
    """The module of the first word that is a command's name; imported here, and only this one."""
    words = iter(arguments)
    for word in words:
        if word == "--config":
            next(words, None)
        elif not word.startswith("-"):
            return importlib.import_module(COMMANDS[word][0]) if word in COMMANDS else None
    return None


def _parser(module: ModuleType | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="doithoai",
        description="Back office of a city's dialogue with its people, run from one official mailbox.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    parser.set_defaults(config=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    if module is None:
        for name, (_, help_line) in COMMANDS.items():
            commands.add_parser(name, help=help_line)
    else:
        module.add(commands)
    _add_config(parser)
    return parser


def _add_config(parser: argparse.ArgumentParser) -> None:
    """``--config`` is understood at every level: before the command, after it, and after its own subcommand."""
    parser.allow_abbrev = False
    if not any("--config" in action.option_strings for action in parser._actions):
        parser.add_argument(
            "--config",
            metavar="FILE",
            type=Path,
            default=argparse.SUPPRESS,
            help="configuration file (default /etc/doithoai/doithoai.toml)",
        )
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                _add_config(inner)


class _Version(argparse.Action):
    """Looks the version up only when asked: reading package metadata takes time."""

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
    return 1


def _reader_went_away() -> int:
    """A reader such as ``head`` that has seen enough is no problem; nothing may be written at exit any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
