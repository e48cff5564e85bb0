"""Writes the manual page doithoai(1) and the completion for bash out of what ``doithoai … --help`` prints.

    python scripts/release/man_page.py --man FILE --completion FILE

from the folder of the checkout, or from anywhere with an interpreter that has the program installed.

Nothing is imported from the program: what a person reads in the help is what stands in the manual page, and a command
that gets a new option needs no second place. The date is SOURCE_DATE_EPOCH's: the same source gives the same file.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import runpy
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

PROGRAM = "doithoai"
EVERYWHERE = ("--help", "--config")
"""Options of every command; described once, at the top."""
WIDE = {"COLUMNS": "1000", "NO_COLOR": "1", "PYTHON_COLORS": "0", "LC_ALL": "C.UTF-8"}
"""A terminal so wide that no line of the help is broken."""
TITLE = re.compile(r"^(\S.*):$")
ITEM = re.compile(r"^  (\S.*?)(?:  +(.*))?$")
PART = re.compile(r"^    (\S+)(?:  +(.*))?$")
CHOICES = re.compile(r"\{([^}]+)\}")

ENDING = r"""
.SH "EXIT STATUS"
0 on success, 1 when a problem was found, 2 on wrong use, 130 when interrupted.
.SH FILES
.TP
.I /etc/doithoai/doithoai.toml
the configuration
.TP
.I /etc/doithoai/signing\-key
the key that signs address tags; keep a copy
.TP
.I /var/lib/doithoai/doithoai.db
the register, unless the configuration names a PostgreSQL database
.SH "SEE ALSO"
.BR systemctl (1),
.BR journalctl (1)
"""


@dataclass
class Page:
    """The content of one ``--help``: of the program, a command, or a part of a command."""

    words: tuple[str, ...]
    usage: str
    description: str
    items: list[tuple[str, str]] = field(default_factory=list)
    """Arguments and options with their help, as the help shows them."""
    parts: list[tuple[str, str]] = field(default_factory=list)
    """Commands, or parts of a command, with their help."""

    @property
    def own(self) -> list[tuple[str, str]]:
        """The page's items without the common options and without the list of parts."""
        return [
            (name, text)
            for name, text in self.items
            if not any(option in name.replace(",", " ").split() for option in EVERYWHERE)
            and not (self.parts and not name.startswith("-"))
        ]

    @property
    def options(self) -> Iterator[tuple[str, str]]:
        """Long options and the value of each: a metavariable, choices, or nothing."""
        for name, _ in self.items:
            found = re.search(r"(--[a-z][a-z-]*)(?:[ =](.*))?$", name)
            if found:
                yield found[1], found[2] or ""


def help_of(words: Sequence[str]) -> str:
    """The command's help output."""
    return printed(*words, "--help")


def printed(*words: str) -> str:
    """The output of ``python -m daemon``; run in this process, because fifty starts would take a minute."""
    out = io.StringIO()
    sys.argv = [PROGRAM, *words]
    code: object = 0
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_module("daemon", run_name="__main__")
        except SystemExit as end:
            code = end.code
    if code not in (0, None):
        raise SystemExit(f"{' '.join(sys.argv)}: exit code {code}")
    return out.getvalue()


def read(words: tuple[str, ...], text: str) -> Page:
    """The parts of a help text."""
    lines = text.splitlines()
    page = Page(words, lines[0].removeprefix("usage: "), "")
    above = True
    last = page.items
    for line in lines[1:]:
        if TITLE.match(line):
            above = False
        elif above:
            page.description = f"{page.description} {line}".strip()
        elif found := ITEM.match(line):
            last = page.items
            last.append((found[1], found[2] or ""))
        elif found := PART.match(line):
            last = page.parts
            last.append((found[1], found[2] or ""))
        elif line.strip() and last:
            last[-1] = (last[-1][0], f"{last[-1][1]} {line.strip()}".strip())
    return page


def pages(words: tuple[str, ...] = ()) -> Iterator[Page]:
    """The program's help, and that of every command and part below it."""
    page = read(words, help_of(words))
    yield page
    for name, _ in page.parts:
        yield from pages((*words, name))


def roff(text: str) -> str:
    """Text as the typesetter wants it: no escape, no line that begins like a request, no hyphen for a minus."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def manual(found: Sequence[Page], version: str, day: str) -> str:
    """The manual page."""
    top, *rest = found
    lines = [
        f'.TH {PROGRAM.upper()} 1 "{day}" "{PROGRAM} {version}" "Doithoai"',
        ".SH NAME",
        f"{PROGRAM} \\- {roff(top.description.rstrip('.'))}",
        ".SH SYNOPSIS",
        *synopsis(top),
        ".SH DESCRIPTION",
        roff(top.description),
        ".SH OPTIONS",
        "The configuration may be named before the command or after it.",
        *terms([one for one in top.items if one[0].startswith("-")]),
        ".SH COMMANDS",
    ]
    told = {(*page.words, name): text for page in found for name, text in page.parts}
    for page in rest:
        lines += [f'.SS "{" ".join(page.words)}"', *synopsis(page), ".PP"]
        lines += [roff(page.description or sentence(told[page.words])), *terms(page.own)]
    return "\n".join(lines) + ENDING


def sentence(text: str) -> str:
    """A line of help, as a sentence."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def synopsis(page: Page) -> list[str]:
    """The synopsis of the command, its name in bold."""
    name = " ".join([PROGRAM, *page.words])
    rest = page.usage.removeprefix(name).strip()
    return [f".B {roff(name)}", roff(rest)] if rest else [f".B {roff(name)}"]


def terms(items: Sequence[tuple[str, str]]) -> list[str]:
    """Arguments and options as a list."""
    return [line for name, text in items for line in (".TP", f".B {roff(name)}", roff(text) or "\\&")]


COMPLETION = """\
# bash completion for doithoai; written by scripts/release/man_page.py out of the command's own help
_doithoai() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} path='' words='' word
    local -i number
    COMPREPLY=()
    for ((number = 1; number < COMP_CWORD; number++)); do
        word=${{COMP_WORDS[number]}}
        case "$path/$word" in
            {paths}) path="$path/$word" ;;
        esac
    done
    case "$path $before" in # what follows an option; without COMPREPLY bash offers files
        *' --config') return ;;
{values}
    esac
    case "$path" in
{offers}
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -o bashdefault -o default -F _doithoai doithoai
"""


def completion(found: Sequence[Page]) -> str:
    """The completion: commands, their parts and options; files where an option or argument may be one."""
    paths = [path_of(page) for page in found if page.words]
    offers, values = [], []
    for page in found:
        path = path_of(page)
        words = [name for name, _ in page.parts] + sorted({name for name, _ in page.options})
        offers.append(f"        '{path}') words='{' '.join(words)}' ;;")
        for option, wanted in page.options:
            if option in EVERYWHERE:
                continue
            choices = CHOICES.fullmatch(wanted)
            if choices:
                act = f"words='{choices[1].replace(',', ' ')}'"
                values.append(
                    f"        '{path} {option}')\n            {act}\n"
                    '            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")\n            return ;;'
                )
            elif wanted:
                values.append(f"        '{path} {option}') return ;;")
    return COMPLETION.format(paths=" | ".join(paths), values="\n".join(values), offers="\n".join(offers))


def path_of(page: Page) -> str:
    """``/register/list``; nothing for the program itself."""
    return "".join(f"/{word}" for word in page.words)


def version() -> str:
    """The version that the command prints."""
    return printed("--version").removeprefix(PROGRAM).strip()


def main() -> int:
    """Write the requested files."""
    parser = argparse.ArgumentParser(description="Write manual page and completion out of the command's help.")
    parser.add_argument("--man", type=Path, help="file for doithoai(1)")
    parser.add_argument("--completion", type=Path, help="file for bash's completion")
    args = parser.parse_args()
    sys.path.insert(0, str(Path.cwd()))
    os.environ.update(WIDE)
    found = list(pages())
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    if args.man:
        args.man.write_text(manual(found, version(), moment.date().isoformat()), encoding="utf-8")
    if args.completion:
        args.completion.write_text(completion(found), encoding="utf-8")
    print(f"{len(found)} pages of help read")
    return 0


if __name__ == "__main__":
    sys.exit(main())
