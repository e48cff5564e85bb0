"""``doithoai texts``: the texts, words and rules that ship, the own folder's versions of them, copies to edit.

Names are those of the own folder (``rules.folder``): ``citizen_received.txt.j2``, ``portal/page.html.j2``,
``routing/sxd.toml``, ``profiles/hp-1374-2016.toml``, ``units.tsv``, ``forms/ke-hoach.docx``.
A file of the same name there takes precedence.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path

from daemon.base.errors import ConfigurationError
from daemon.config.base import did_you_mean
from daemon.config.config import load_config
from daemon.documents.forms.own_forms import words
from rules.values.data_file import SHIPPED

WORD = ".docx"
ENDINGS = (".j2", ".css", ".toml", ".tsv", WORD)
NOT_FOR_EDITING = ("model", "documents")
"""Folders of files that a program makes, and of printed papers, which are the same everywhere."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's parser."""
    text = "the texts and rules that ship, and your own in their place"
    parser = subparsers.add_parser("texts", help=text, description=f"{text.capitalize()}.")
    steps = parser.add_subparsers(title="steps", metavar="STEP", dest="step", required=True)
    listed = steps.add_parser("list", help="every text with whose it is, own or shipped, and how it begins")
    listed.add_argument("--json", action="store_true", help="an object a line: name, own, begins")
    listed.add_argument("--own", action="store_true", help="only those of the own folder")
    listed.set_defaults(run_step=_list)
    for name, help_text, step in (
        ("show", "print the text that counts", _show),
        ("copy", "lay a copy of the shipped text into rules.folder, to edit", _copy),
    ):
        one = steps.add_parser(name, help=help_text)
        one.add_argument("name", metavar="NAME", help="as `texts list` tells it")
        one.set_defaults(run_step=step)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run one step."""
    return int(args.run_step(args, load_config(args.config).rules.folder))


def shipped() -> dict[str, Path]:
    """Every text that ships, by the name that its copy has in the own folder."""
    found: dict[str, Path] = {}
    for folder in (Path(str(files("mail_templates"))), SHIPPED):
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder)
            if file.suffix in ENDINGS and name.parts[0] not in NOT_FOR_EDITING:
                found[name.as_posix()] = file
    return found


def _own(folder: Path | None) -> dict[str, Path]:
    files_there = sorted(folder.rglob("*")) if folder is not None else []
    return {one.relative_to(folder).as_posix(): one for one in files_there if one.suffix in ENDINGS}  # type: ignore[arg-type]


def _list(args: argparse.Namespace, folder: Path | None) -> int:
    own = _own(folder)
    texts = own if args.own else shipped() | own
    if not args.json and texts:
        sys.stdout.write(f"{'own':<8} {'name':<36} begins\n")
    for name, path in sorted(texts.items()):
        begins = _beginning(path)
        if args.json:
            told = json.dumps({"name": name, "own": name in own, "begins": begins}, ensure_ascii=False)
        else:
            told = f"{'own' if name in own else 'shipped':<8} {name:<36} {begins}"
        sys.stdout.write(f"{told}\n")
    return 0


def _beginning(path: Path) -> str:
    """The subject of a mail, the first comment of a word file, else the first line."""
    if path.suffix == WORD:
        return "Word form"
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        line = next((line.strip() for line in file if line.strip()), "")
    return line.removeprefix("Subject: ").lstrip("# ")[:80]


def _show(args: argparse.Namespace, folder: Path | None) -> int:
    texts = shipped() | _own(folder)
    path = _named(args.name, texts)
    sys.stdout.write(f"{words(path.read_bytes())}\n" if path.suffix == WORD else path.read_text(encoding="utf-8-sig"))
    return 0


def _copy(args: argparse.Namespace, folder: Path | None) -> int:
    source = _named(args.name, shipped())
    if folder is None:
        raise ConfigurationError('rules.folder: not set; write folder = "/etc/doithoai/rules" under [rules]')
    target = folder / args.name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as file:
            file.write(source.read_bytes())
    except FileExistsError:
        raise ConfigurationError(f"{target} is there already; nothing was written") from None
    sys.stdout.write(f"wrote {target}; edit it, then: doithoai check --offline, and reload the service\n")
    return 0


def _named(name: str, texts: dict[str, Path]) -> Path:
    if name not in texts:
        raise ConfigurationError(f"no text is called {name}{did_you_mean(name, texts)}; see doithoai texts list")
    return texts[name]
