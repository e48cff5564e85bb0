"""The configuration: what is accepted, what is refused and how it is told, and that no secret ever shows."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from daemon.base.errors import ConfigurationError
from daemon.config import example
from daemon.config.base import NO_ADDRESS, _model_in, line_of, nearest
from daemon.config.config import Config, load_config
from rules.routing.routing_rules import load_routing

GOOD = """\
[mailbox]
address = "doithoai@haiphong.test"
display_name = "Ban Biên tập"

[imap]
host = "mail.haiphong.test"
user = "doithoai"

[smtp]
host = "127.0.0.1"
tls = "none"

[board]
name = "Ban Biên tập"
head = { name = "Nguyễn Văn A", email = "a@haiphong.test" }
office = { name = "Văn phòng", email = "vp@haiphong.test" }

[[board.officers]]
name = "Trần Thị B"
email = "b@haiphong.test"

[units.SXD]
address = "sxd@haiphong.test"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "doithoai.toml"
    path.write_text(text, encoding="utf-8")
    return path


def errors(folder: Path, text: str) -> list[str]:
    """The lines of the error, without the file's name."""
    path = write(folder, text)
    with pytest.raises(ConfigurationError) as caught:
        load_config(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize("whose", ["a", "vp", "b", "kin", "phochutich", "pho", "sxd", "doithoai"])
def test_no_address_of_the_house_is_a_form(tmp_path: Path, whose: str) -> None:
    """A form's mail is the asker's: nobody's orders, complaints or approvals may be read so."""
    text = GOOD.replace("[imap]", f'forms = ["{whose}@haiphong.test"]\n\n[imap]')
    named = 'complaints = { name = "Bà C", email = "kin@haiphong.test" }\n'
    named += 'approvers = { chairman = { name = "Ông D", email = "phochutich@haiphong.test" } }\n'
    text = text.replace("[[board.officers]]", f"{named}\n[[board.officers]]")
    text = text.replace(
        '"a@haiphong.test" }', '"a@haiphong.test", deputy_name = "E", deputy_email = "pho@haiphong.test" }'
    )
    (error,) = errors(tmp_path, text)
    assert "mailbox.forms" in error


def test_a_good_file_and_its_defaults(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, GOOD))
    assert (config.imap.port, config.imap.tls, config.imap.batch, config.imap.idle) == (993, "implicit", 50, True)
    assert (config.smtp.port, config.smtp.connections) == (25, 3)
    assert config.database.url == "sqlite:////var/lib/doithoai/doithoai.db"
    assert config.imap.folders.registered == "Đã tiếp nhận"
    assert config.board.officers[0].email == "b@haiphong.test"
    assert config.units["SXD"].addresses() == ("sxd@haiphong.test",)
    assert config.rules.profile == "hp-1374-2016"
    assert (config.source.over, config.source.prefix) == (None, "HP")


@pytest.mark.parametrize(("tls", "imap", "smtp"), [("implicit", 993, 465), ("starttls", 143, 587)])
def test_the_port_follows_tls(tmp_path: Path, tls: str, imap: int, smtp: int) -> None:
    text = GOOD.replace('user = "doithoai"', f'user = "doithoai"\ntls = "{tls}"').replace(
        'tls = "none"', f'tls = "{tls}"'
    )
    config = load_config(write(tmp_path, text))
    assert (config.imap.port, config.smtp.port) == (imap, smtp)


def test_the_example_is_a_good_file(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, example())).mailbox.domain == "haiphong.example"


def as_if_uncommented() -> dict[str, Any]:
    """The example with the comment signs before its keys taken away."""
    lines = (line[2:] if re.match(r"# (\[|.* = )", line) else line for line in example().splitlines())
    return tomllib.loads("\n".join(lines))


def test_the_example_names_the_threshold_that_ships() -> None:
    shown = re.search(r"^# forward_threshold = (\S+)", example(), re.MULTILINE)
    assert shown is not None
    assert float(shown[1]) == load_routing().scoring.threshold["forward"]


def test_the_example_shows_every_key() -> None:
    told = as_if_uncommented()
    told["units"] = told["units"]["SXD"]
    told["board"]["approvers"] = told["board"]["approvers"]["chairman"]
    assert all("@" in address for address in told["board"]["invited"].values())
    told["board"]["invited"] = ""  # its keys are names that a profile gives
    assert keys_shown(told) >= keys_known(Config)


def keys_shown(table: Any, path: str = "") -> set[str]:
    if isinstance(table, list) and table and isinstance(table[0], dict):
        return keys_shown(table[0], path)
    if not isinstance(table, dict):
        return {path}
    return {shown for key, value in table.items() for shown in keys_shown(value, f"{path}.{key}".lstrip("."))}


def keys_known(model: type[BaseModel], path: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner, place = _model_in(field.annotation), f"{path}.{name}".lstrip(".")
        found |= keys_known(inner, place) if inner else {place}
    return found


def test_the_commented_defaults_are_true(tmp_path: Path) -> None:
    told = as_if_uncommented()
    config = load_config(write(tmp_path, example()))
    for section in ("imap", "smtp", "limits", "log"):
        for key, value in told[section].items():
            if not key.endswith("_file") and key != "folders":
                found = getattr(getattr(config, section), key)
                assert (list(found) if isinstance(found, tuple) else found) == value, f"{section}.{key}"
    assert config.imap.folders.model_dump() == told["imap"]["folders"]
    assert (config.database.url, config.rules.profile) == (told["database"]["url"], told["rules"]["profile"])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "[units.SXD]\naddress",
            "[units.SXD]\nadress",
            'line 23: units.SXD.adress: unknown key; did you mean "address"?',
        ),
        ('email = "b@haiphong.test"', 'email = "b"', f"line 20: board.officers[1].email: {NO_ADDRESS}"),
        (
            'address = "doithoai@haiphong.test"',
            'address = "a@x.test\\r\\nBcc: y@x.test"',
            f"line 2: mailbox.address: {NO_ADDRESS}",
        ),
        (
            'display_name = "Ban Biên tập"',
            'display_name = "Ban\\nBiên tập"',
            "line 3: mailbox.display_name: must be one line without control characters",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in errors(tmp_path, GOOD.replace(old, new))


def test_every_error_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace('user = "doithoai"', 'port = "x"').replace("[units.SXD]\naddress", "[units.SXD]\nadress")
    assert errors(tmp_path, text) == [
        "line 5: imap.user: missing; `doithoai init --stdout` shows an example",
        "line 7: imap.port: must be a whole number such as 30, without a unit",
        "line 22: units.SXD.address: missing; `doithoai init --stdout` shows an example",
        'line 23: units.SXD.adress: unknown key; did you mean "address"?',
    ]


@pytest.mark.parametrize("key", ["password", "Password", "secret", "token", "oauth_token", "passwd"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, key: str) -> None:
    lines = errors(tmp_path, GOOD.replace('user = "doithoai"', f'user = "doithoai"\n{key} = "Hoa-phượng-đỏ"'))
    assert lines == [
        f"line 8: imap.{key}: secrets are not kept in this file; use password_file or a systemd credential"
    ]


def test_a_password_in_the_database_url_is_refused_and_not_repeated(tmp_path: Path) -> None:
    lines = errors(tmp_path, GOOD + '[database]\nurl = "postgresql://doithoai:Hoa-phuong@db.test/doithoai"\n')
    assert len(lines) == 1
    assert lines[0].startswith("line 25: database.url: secrets are not kept in this file")
    assert "Hoa-phuong" not in lines[0]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////var/lib/x.db", "sqlite:////var/lib/x.db"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg:///d?host=/run/postgresql", "postgresql+psycopg:///d?host=/run/postgresql"),
    ],
)
def test_database_urls(tmp_path: Path, url: str, expected: str) -> None:
    assert load_config(write(tmp_path, f'{GOOD}[database]\nurl = "{url}"\n')).database.url == expected


def test_a_relative_database_lies_beside_the_file(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, GOOD + '[database]\nurl = "sqlite:///var/x.db"\n'))
    assert config.database.url == f"sqlite:///{tmp_path}/var/x.db"


@pytest.mark.parametrize("url", ["mysql://h/d", "sqlite:x", "doithoai.db", ""])
def test_other_databases_are_refused(tmp_path: Path, url: str) -> None:
    assert errors(tmp_path, f'{GOOD}[database]\nurl = "{url}"\n') == [
        "line 25: database.url: must begin with sqlite:/// or postgresql://"
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("absent_from = 2026-12-01", "an absence needs both absent_from and absent_until"),
        ("absent_from = 2026-12-02, absent_until = 2026-12-01", "absent_from is after absent_until"),
    ],
)
def test_an_absence_of_the_head_must_make_sense(tmp_path: Path, more: str, expected: str) -> None:
    head = 'email = "a@haiphong.test"'
    assert errors(tmp_path, GOOD.replace(head, f"{head}, {more}")) == [f"line 15: board.head: {expected}"]


def test_values_never_change(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, GOOD))
    with pytest.raises(ValueError, match="frozen"):
        config.imap.port = 1


def test_tagged_addresses(tmp_path: Path) -> None:
    mailbox = load_config(write(tmp_path, GOOD)).mailbox
    assert mailbox.tagged("r.1.x") == "doithoai+r.1.x@haiphong.test"
    assert mailbox.tagged("") == "doithoai@haiphong.test"
    assert mailbox.model_copy(update={"subaddress": ""}).tagged("r.1.x") == "doithoai@haiphong.test"


@pytest.mark.parametrize(("word", "meant"), [("prot", "port"), ("HOST", "host"), ("zzz", "")])
def test_nearest(word: str, meant: str) -> None:
    assert nearest(word, ["host", "port", "user"]) == meant


def test_line_of_finds_quoted_and_dotted_keys() -> None:
    text = '[units."SXD"]\naddress = 1\n[a]\nb.c = 2\n[[x]]\ny = 1\n[[x]]\ny = 2\n'
    assert line_of(text, ("units", "SXD", "address")) == 2
    assert line_of(text, ("a", "b", "c")) == 4
    assert line_of(text, ("x", 1, "y")) == 8
    assert line_of(text, ("nowhere",)) == 0
