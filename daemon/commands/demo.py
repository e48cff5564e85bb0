"""``doithoai demo``: weeks of a city's dialogue on embedded mail servers and a virtual clock, in under a minute."""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from daemon.base.errors import ConfigurationError
from daemon.base.logs import setup_logging
from daemon.documents import pdf

try:
    from daemon.demo.actors import load_play
    from daemon.demo.play import SessionPlay, Stage
    from daemon.demo.results import Screen, summary, tell_summary, write_results
    from daemon.demo.servers import Town
except ModuleNotFoundError:  # the embedded mail servers are an extra of the package
    raise ConfigurationError("demo: its mail servers are not installed: pip install 'doithoai[demo]'") from None

MARK = ".doithoai-demo"
"""A file in every folder made by a demonstration, which allows the next one to empty the folder."""

DEFAULT_FOLDER = Path("demo-out")
INSTALLATION = "installation"


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("demo", help="the whole way of a dozen mails on embedded servers")
    parser.add_argument("--dir", type=Path, default=DEFAULT_FOLDER, help="folder for the results (default: demo-out)")
    parser.add_argument(
        "--keep", action="store_true", help="leave the installation too: configuration, database, signing key"
    )
    parser.add_argument("--json", action="store_true", help="end with a line of JSON: what came of it")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the play, show results and summary; 1 when something was lost, doubled or went wrong."""
    started = time.monotonic()
    folder = prepare(args.dir)
    _say(f"Doithoai demonstration: a city's mailbox, its citizens and departments; results go to {folder}/")
    make_do()
    figures, problems = play_in(folder, started)
    if not args.keep:
        shutil.rmtree(folder / INSTALLATION)
    _tell(folder, figures, problems, args)
    return 1 if problems or figures["lost"] or figures["duplicated"] else 0


def play_in(folder: Path, started: float) -> tuple[dict[str, int], list[str]]:
    """Run the play and write its results; gives the figures and the problems of the daemon's passes."""

    setup_logging("ERROR")
    screen = Screen()
    with Town(folder / INSTALLATION, load_play()) as town:
        stage = Stage(town, screen, SessionPlay(town).steps())
        stage.run()
        days = (town.clock.at - town.play.begin).days + 1
        figures = {**summary(town), "days": days, "seconds": round(time.monotonic() - started)}
        write_results(folder, town, screen.scenes, figures)
    return figures, stage.problems


def prepare(folder: Path) -> Path:
    """An empty folder with our mark in it. A folder with files that are not ours is refused."""
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{folder}: is no folder")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise ConfigurationError(f"{folder}: is not empty, and no demonstration made it; give another --dir")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("made by doithoai demo, which may empty this folder\n", encoding="utf-8")
    (folder / INSTALLATION).mkdir(mode=0o700)
    return folder


def make_do() -> None:
    """Let the demonstration use the typesetter's own font on a machine without the papers' font."""

    try:
        pdf.find_font()
    except ConfigurationError:
        pdf.SPARE.append(pdf.BROUGHT)
        _say("No font like Times New Roman is here (Debian: fonts-liberation): the PDF files are set in another.")


def _tell(folder: Path, figures: Mapping[str, int], problems: list[str], args: argparse.Namespace) -> None:

    for problem in dict.fromkeys(problems):
        _say(f"problem: {problem}")
    tell_summary(figures, figures["seconds"])
    _say(f"Look into {folder}/index.html (the story), {folder}/mails/ (each mail sent), {folder}/register.csv.")
    if args.keep:
        file = shlex.quote(f"{folder.absolute()}/{INSTALLATION}/doithoai.toml")
        _say(f"Look closer: {_program()} register list --config {file}")
    if args.json:
        (folder / "summary.json").write_text(json.dumps(figures) + "\n", encoding="utf-8")
        _say(json.dumps(figures))


def _program() -> str:
    """How this program is called in the shell that called it."""
    called = Path(sys.argv[0]).absolute()
    if called.name != "doithoai":
        return f"{shlex.quote(sys.executable)} -m daemon"
    return "doithoai" if shutil.which("doithoai") else shlex.quote(str(called))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
