"""An administrator's first day: each wrong setting is told in one line that says what to do, and nothing starts."""

import json
import re
import socket
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import OperationalError

from daemon.admin import check_local, check_round_trip, check_servers
from daemon.base import clock
from daemon.base.errors import UnreadableMail
from daemon.cli import main
from daemon.commands import run
from daemon.demo.servers import EmbeddedServers
from daemon.mailbox.mailbox import FetchedMail, MailboxClient
from daemon.smtp.outcomes import SendResult
from db.core.engine import open_engine, upgrade
from db.core.tables import question
from tests import made_once
from tests.dose import each_third
from tests.installation import letter
from tests.servers.faulty_imap import FaultyImap, Talk
from tests.servers.faulty_smtp import FaultySmtp
from tests.servers.tls import ThrowAwayAuthority

BOX = "doithoai@haiphong.test"


@dataclass(slots=True)
class Place:
    """One configured folder, as a careful administrator would have it; a case makes one thing wrong."""

    folder: Path
    imap: int
    smtp: int
    capsys: Any = None

    @property
    def file(self) -> Path:
        return self.folder / "doithoai.toml"

    def make(self) -> None:
        self.file.write_text(
            f"""[mailbox]
address = "{BOX}"
display_name = "Ban Biên tập"
since = 2026-11-01

[imap]
host = "127.0.0.1"
port = {self.imap}
tls = "none"
user = "{BOX}"
timeout_seconds = 3

[smtp]
host = "127.0.0.1"
port = {self.smtp}
tls = "none"
user = ""
timeout_seconds = 3

[database]
url = "sqlite:///register.db"

[board]
name = "Ban Biên tập"
phone = "0225 3842 111"
head = {{ name = "Đỗ Văn Trưởng", email = "truong@haiphong.test" }}
office = {{ name = "Văn phòng", email = "vp@haiphong.test" }}
officers = [{{ name = "Lê Thị Cán", email = "can@haiphong.test" }}]

[units.SXD]
address = "sxd@haiphong.test"
""",
            encoding="utf-8",
        )
        for name, secret in {"imap-password": "secret", "smtp-password": "secret", "signing-key": "k" * 64}.items():
            self.secret(name, secret)
        (self.folder / "rules").mkdir()

    def secret(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        (self.folder / name).chmod(0o600)

    def replace(self, old: str, new: str) -> None:
        text = self.file.read_text("utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, text: str) -> None:
        self.file.write_text(f"{self.file.read_text('utf-8')}\n{text}\n", encoding="utf-8")

    def own(self, name: str, text: str) -> None:
        """A file in the own folder."""
        if "[rules]" not in self.file.read_text("utf-8"):
            self.add('[rules]\nfolder = "rules"')
        path = self.folder / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def says(self, *words: str) -> tuple[int, str, str]:
        """What a command ends with, and what it prints and complains of."""
        code = main([*words, "--config", str(self.file)])
        told = self.capsys.readouterr()
        return code, told.out, told.err

    def checked(self, *options: str) -> tuple[int, list[str]]:
        code, told, complained = self.says("check", *options)
        assert (complained, "Traceback" in told) == ("", False)
        return code, told.splitlines()

    def wrong(self, *options: str) -> str:
        """The one bad line of a look that fails."""
        code, lines = self.checked(*options)
        (told,) = (line for line in lines if line.startswith("bad"))
        assert code == 1
        return told

    def started(self, code: int = 0) -> list[str]:
        """What a start complains of that ends with ``code``."""
        ended, _, complained = self.says("run", "--once")
        assert ended == code
        return [line for line in complained.splitlines() if line.startswith("doithoai: ")]


def placed(folder: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]) -> Place:
    folder.mkdir(exist_ok=True)
    made = Place(folder, servers.imap_port, servers.smtp_port, capsys)
    made.make()
    return made


Change = Callable[[Place], None]


def swap(*pairs: str) -> Change:
    """Each text at an even place gives way to the one behind it."""

    def change(place: Place) -> None:
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            place.replace(old, new)

    return change


def folder_in_place_of(name: str) -> Change:
    def change(place: Place) -> None:
        (place.folder / name).unlink()
        (place.folder / name).mkdir()

    return change


def more(text: str) -> Change:
    return lambda place: place.add(text)


def secret(name: str, text: str | bytes) -> Change:
    return lambda place: place.secret(name, text)


def own(name: str, text: str) -> Change:
    return lambda place: place.own(name, text)


def no_database(place: Place) -> None:
    (place.folder / "register.db").write_text("a letter that somebody has saved under this name " * 30)


def under_a_file(place: Place) -> None:
    place.add('[publication]\nfolder = "signing-key/pages"\nbase_url = "https://cong.test"')


def open_folder(place: Place) -> None:
    place.folder.chmod(0o755)
    (place.folder / "imap-password").chmod(0o644)


def another_encoding(place: Place) -> None:
    place.file.write_bytes(place.file.read_text("utf-8").replace("ê", "e").encode("utf-16"))


def no_template(place: Place) -> None:
    place.own("citizen_recieved.txt.j2", "Subject: Đã nhận\n\nKính gửi\n")


TOMORROW = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
REGISTER = "sqlite:///register.db"
OFFICERS = 'officers = [{ name = "Lê Thị Cán", email = "can@haiphong.test" }]'
BAD: dict[str, tuple[Change, str]] = {
    "no file": (lambda place: place.file.unlink(), r"no such file; `doithoai init` writes an example"),
    "no text": (another_encoding, r"save the file as UTF-8"),
    "no quotes": (swap('"127.0.0.1"', "127.0.0.1"), r"line 7.*in quotes"),
    "a quote left open": (swap('"Ban Biên tập"', '"Ban Biên tập'), r"line 3.*in quotes"),
    "a section twice": (more("[smtp]\nport = 25"), r"line 33: .*stands twice; write it once"),
    "a misspelt key": (swap("port =", "prot ="), r"line 8: imap.prot: unknown key; did you mean \"port\""),
    "a misspelt section": (swap("[database]", "[databse]"), r"databse: unknown key; did you mean \"database\""),
    "no user": (swap(f'user = "{BOX}"\n', ""), r"imap.user: missing; `doithoai init --stdout` shows"),
    "no officers": (swap(OFFICERS, "officers = []"), r"board.officers: must name at least one"),
    "a password in the file": (
        swap("timeout_seconds", 'password = "x"\ntimeout_seconds'),
        r"secrets are not kept in this file; use password_file or a systemd credential",
    ),
    "no address": (swap('"sxd@haiphong.test"', '"Sở Xây dựng"'), r"not a mail address, such as \S+@\S+"),
    "marks in an address": (swap('"sxd@', '"sởxd@'), r"not a mail address, such as"),
    "an unknown unit": (swap("[units.SXD]", "[units.SXXD]"), r"units.SXXD: no such unit; did you mean \"SXD\""),
    "an address twice": (more('[units.SYT]\naddress = "sxd@haiphong.test"'), r"SXD, SYT; write for each unit"),
    "anybody's domain": (more('domains = ["Gmail.com"]'), r"name the unit's in other_addresses"),
    "the mailbox as a unit": (swap("sxd@haiphong.test", BOX.upper()), r"mailbox's own address.*the unit's own"),
    "the mailbox as an officer": (swap("can@haiphong.test", BOX), r"officers\[1\].*write each person's own"),
    "the mailbox as the head": (swap("truong@", "doithoai+a@"), r"board.head.email; write each person's own"),
    "the example's addresses": (swap("can@haiphong.test", "can@haiphong.example"), r"example.*write your own"),
    "a day in words": (swap("2026-11-01", '"hôm nay"'), r"mailbox.since: must be a day such as"),
    "a day to come": (swap("2026-11-01", TOMORROW), r"lies in the future.*write since = "),
    "two signs": (swap("since", 'subaddress = "++"\nsince'), r"mailbox.subaddress: must be one of"),
    "an unknown sign": (swap("since", 'subaddress = "#"\nsince'), r"mailbox.subaddress: must be one of"),
    "plain to another machine": (swap('host = "127.0.0.1"', 'host = "mail.haiphong.test"'), r'use "implicit" or'),
    "an unknown TLS": (swap('tls = "none"', 'tls = "ssl"'), r"imap.tls: .*'implicit', 'starttls' or 'none'"),
    "a port too high": (swap("[smtp]", "[web]\nlisten = '127.0.0.1:99999'\n[smtp]"), r"such as \"127.0.0.1"),
    "pages for everybody": (more('[web]\nlisten = "0.0.0.0:8374"'), r'such as "127.0.0.1:8374"'),
    "figures for everybody": (more('[metrics]\nlisten = "0.0.0.0:9374"'), r'such as "127.0.0.1:9374"'),
    "absent without a deputy": (
        swap('truong@haiphong.test"', 'truong@haiphong.test", absent_from = 2026-12-01, absent_until = 2026-12-05'),
        r"needs a deputy: deputy_name and deputy_email",
    ),
    "one folder for two fates": (more('[imap.folders]\nheld = "Đã tiếp nhận"'), r"two fates share one folder.*give"),
    "thresholds crossed": (more("[rules]\nforward_threshold = 0.2\nreview_threshold = 0.5"), r"is below.*raise"),
    "a threshold in percent": (more("[rules]\nforward_threshold = 78"), r"less than or equal to 1"),
    "no such profile": (more('[rules]\nprofile = "hp-1999"'), r"hp-1999.*rules.profile.*hp-1374-2016"),
    "no such rules": (more('[rules]\nfolder = "nowhere"'), r"is no folder.*rules.folder"),
    "own units without a column": (own("units.tsv", "code\tname\nSXD\tSở Xây dựng\n"), r"units.tsv.*is missing"),
    "own days off": (own("calendar.tsv", "day\tkind\nhôm nay\toff\n"), r"calendar.tsv.*"),
    "a broken mail text": (
        own("citizen_received.txt.j2", "Subject: x\n\n{{ house.name\n"),
        r"citizen_received.txt.j2: line 3: .*; mend your copy, or take it away",
    ),
    "an unknown value in a mail text": (
        own("citizen_received.txt.j2", "Subject: x\n\n{{ hous.name }}\n"),
        r"citizen_received.*hous.*; mend your copy, or take it away",
    ),
    "no password": (lambda place: (place.folder / "imap-password").unlink(), r"found.*imap-pass.*write it into"),
    "no key": (lambda place: (place.folder / "signing-key").unlink(), r"no secret found.*signing-key"),
    "an empty password": (secret("imap-password", "\n"), r"imap-password: empty.*write"),
    "a short key": (secret("signing-key", "k" * 31), r"shorter than 32 bytes; `openssl rand"),
    "a key that is no text": (secret("signing-key", b"\xff" * 40), r"not UTF-8 text; save it"),
    "no folder for the register": (swap(REGISTER, "sqlite:///no/where.db"), r"folder .*no is missing; make it"),
    "another database": (swap(REGISTER, "mysql://x/y"), r"must begin with sqlite:/// or postgresql://"),
    "a password in the URL": (swap(REGISTER, "postgresql://a:b@c/d"), r"use password_file"),
    "no database": (no_database, r"is not a database; lay a backup back"),
    "signatures of nobody": (more('[smime]\nrequired = ["head"]'), r"name it in smime.ca_file"),
    "no certificates": (more('[smime]\nrequired = ["head"]\nca_file = "signing-key"'), r"smime.ca_file.*as PEM"),
    "OCR of nothing": (more('[ocr]\ncommand = ["tesseract"]'), r"must have \{file\} where"),
    "pages below a file": (under_a_file, r"publication.folder.*signing-key is no folder; remove it"),
    "a portal without a scheme": (more('[publication]\nbase_url = "portal.vn"'), r"such as https://"),
    "an alarm to nobody": (more('[alarm.smtp]\nhost = "x.test"\nsender = "a@x.test"'), r"alarm.smtp.to: missing"),
    "no such scanner": (more('[scan]\nsocket = "clamd.ctl"'), r"scan: clamd: .*; start clamav-daemon"),
    "a wrong password": (secret("imap-password", "falsch"), r"login of .* is refused.*see imap.user and its pass"),
    "a decimal comma": (more("[rules]\nforward_threshold = 0,45"), r"line 34: .*has a point and no comma: 0.45"),
    "a day as people write it": (swap("2026-11-01", "01/11/2026"), r"line 4: .*; a day is written 2026-12-01"),
    "a day that is none": (swap("2026-11-01", "2026-02-30"), r"line 4: .*; a day is written 2026-12-01, and exists"),
    "quotes of a text program": (swap('"127.0.0.1"', "“127.0.0.1”"), r"line 7: .*quotation marks are straight"),
    "a switch with a capital": (swap("timeout", "idle = True\ntimeout"), r"line 11: .*is true or false, in small"),
    "a path of Windows": (swap("timeout", r'ca_file = "C:\mail\ca"' + "\ntimeout"), r"a backslash is written twice"),
    "a bracket left open": (swap("[database]", "[database"), r"line 20: .*a section is written \[name\]"),
    "a colon": (swap("phone = ", "phone: "), r"line 25: .*a line is written key = value"),
    "a stray line": (swap("[board]", "the board\n[board]"), r"line 23: .*one that only explains begins with #"),
    "a telephone number": (swap('"0225 3842 111"', "02253842111"), r"line 25: .*number stands in quotes"),
    "a folder as the file": (folder_in_place_of("doithoai.toml"), r"is a folder; name the file in it"),
    "a truth for a number": (swap("timeout_seconds = 3", "timeout_seconds = true"), r"must be a number such as 30"),
    "a unit of time": (swap("timeout_seconds = 3", 'timeout_seconds = "30s"'), r"line 11: .*without a unit"),
    "a size in words": (more('[limits]\nmax_mail_bytes = "50MB"'), r"max_mail_bytes: must be a whole number"),
    "a text for a switch": (swap("timeout", 'idle = "always"\ntimeout'), r"imap.idle: must be true or false"),
    "negative minutes": (more("[desk]\nanswer_delay_minutes = -5"), r"answer_delay_minutes: .*or equal to 0"),
    "a text for a list": (more('[alarm]\ncommand = "tell"'), r"alarm.command: must be a list in brackets"),
    "officers in single brackets": (
        swap("officers = [{", "officers = {", "}]\n\n[units", "}\n\n[units"),
        r"board.officers: must stand in double brackets, \[\[board.officers\]\]",
    ),
    "a unit without a section": (
        swap('[units.SXD]\naddress = "sxd@haiphong.test"', '[units]\nSXD = "sxd@haiphong.test"'),
        r"units.SXD: must be a section of its own",
    ),
    "a key of nobody's": (swap("phone", 'timezone = "Asia/Hanoi"\nphone'), r"timezone: unknown key; take it out"),
    "an empty host": (swap('"127.0.0.1"', '""'), r"line 7: imap.host: must not be empty"),
    "a URL for a host": (swap('"127.0.0.1"', '"imaps://127.0.0.1"'), r"imap.host: must be a bare name or number"),
    "a host with its port": (swap('"127.0.0.1"', '"127.0.0.1:993"'), r"imap.host: .*a port stands under port"),
    "an address for a host": (swap('"127.0.0.1"', f'"{BOX}"'), r"imap.host: must be a bare name or number"),
    "a space in an address": (swap('"sxd@', '"sxd @'), r"line 31: units.SXD.address: not a mail address"),
    "an at before a domain": (more('domains = ["@sxd.test"]'), r"must be a bare domain .*without \"@\""),
    "a star in a domain": (more('domains = ["*.haiphong.test"]'), r"domains\[1\]: must be a bare domain"),
    "an address without a name": (swap('"sxd@', '"@'), r"units.SXD.address: not a mail address"),
    "small letters": (swap("phone", 'prefix = "hp"\nphone'), r"prefix: must be 2 to 8 letters of A to Z, such as HP"),
    "a profile's file": (more('[rules]\nprofile = "hp-1374-2016.toml"'), r"must be the profile's name without .toml"),
    "rules that are a file": (more('[rules]\nfolder = "signing-key"'), r"signing-key is no folder; make it"),
    "a form that is a unit": (
        swap("since", 'forms = ["sxd@haiphong.test"]\nsince'),
        r"mailbox.forms: .* a unit's own; write the form's",
    ),
    "another driver": (swap(REGISTER, "postgresql+psycopg2://x/y"), r"must begin with sqlite:/// or postgresql://"),
    "letters for a port": (swap(REGISTER, "postgresql://a@b:abc/c"), r"the port behind the host must be a number"),
    "no PostgreSQL": (swap(REGISTER, "postgresql://a@127.0.0.1:1/c"), r"database: .*; start PostgreSQL, or see host"),
    "a folder for the register": (swap(REGISTER, "sqlite:///rules"), r"database: .*rules is a folder; name a"),
    "a folder for the feed": (more('[calendar]\nfile = "rules"'), r"calendar.file: .*rules is a folder; name a"),
    "a folder for the figures": (more('[metrics]\nfile = "rules"'), r"metrics.file: .*is a folder; name a file"),
    "a folder for a password": (folder_in_place_of("imap-password"), r"imap.password_file: .* is a folder"),
    "a password in two lines": (
        secret("imap-password", "secret\nof ours\n"),
        r"imap.password_file: .*has several lines; write the secret alone",
    ),
    "no such certificates": (
        swap('tls = "none"', 'tls = "implicit"\nca_file = "nowhere.pem"'),
        r"cannot read certificates from .*nowhere.pem; ca_file must name a file",
    ),
    "certificates for mail out": (
        swap('tls = "none"\nuser = ""', 'tls = "starttls"\nuser = ""\nca_file = "nowhere.pem"'),
        r"smtp.ca_file: .*nowhere.pem: No such file or directory; ca_file must name a file",
    ),
    "an alarm without its program": (
        more('[alarm]\ncommand = ["/no/tell-admin"]'),
        r"alarm.command: there is no program /no/tell-admin; write its whole path",
    ),
    "OCR without its program": (
        more('[ocr]\ncommand = ["/no/tesseract", "{file}"]'),
        r"ocr.command: there is no program /no/tesseract; write its whole path",
    ),
    "a token without its program": (
        swap("timeout", 'auth = "xoauth2"\ntoken_command = ["/no/token"]\ntimeout'),
        r"imap.token_command: there is no program /no/token; write its whole path",
    ),
    "no anchors": (more('[signatures]\nanchors = "nowhere"'), r"signatures.anchors: .* is no folder; make it"),
    "no folder for the figures": (more('[metrics]\nfile = "no/x.prom"'), r"the folder .*no is missing; make it"),
    "the example's place for complaints": (
        swap("phone", 'where_to_complain = "Ban Tiếp công dân, địa chỉ: …, điện thoại: …"\nphone'),
        r"values of the example are left: board.where_to_complain; write your own",
    ),
    "a name for a website": (swap("phone", 'website = "doithoai"\nphone'), r"board.website: \"doithoai\" is no web"),
    "a word for a page": (swap("phone", 'privacy_page = "nonsense"\nphone'), r"board.privacy_page: \"nonsense\" is "),
    "empty anchors": (more('[signatures]\nanchors = "rules"'), r"signatures.anchors: .* holds no certificate"),
}
WARNED_OF: dict[str, tuple[Change, str]] = {
    "a unit as an officer": (swap("can@", "sxd@"), r"officers\[1\].email is an address of units.SXD too"),
    "the example's phone": (swap("0225 3842 111", "0225 3000 000"), r"board.phone; citizens"),
    "the example's names": (swap("Lê Thị Cán", "Trần Thị B"), r"board.officers\[1\]; citizens"),
    "a mail text that nothing reads": (no_template, r"citizen_recieved.txt.j2.*citizen_received.txt.j2"),
    "rules that nothing reads": (own("classify/sxdd.toml", 'unit = "SXD"\n'), r"sxdd.toml.*"),
    "a secret that others read": (open_folder, r"chmod 600"),
}


@pytest.fixture(autouse=True)
def templates_made_once() -> None:
    """Each look compiles all texts; those that nobody changed were compiled before."""
    made_once.begin()


@pytest.fixture(scope="module")
def servers() -> Iterator[EmbeddedServers]:
    with EmbeddedServers({BOX: "secret"}) as running:
        yield running


@pytest.fixture
def place(
    servers: EmbeddedServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Place:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return placed(tmp_path, servers, capsys)


@each_third("case", BAD)
def test_each_wrong_setting_is_one_line_with_its_remedy(case: str, place: Place) -> None:
    change, words = BAD[case]
    change(place)
    told = place.wrong("--no-mail")
    assert re.search(words, told)


@pytest.mark.parametrize("case", WARNED_OF)
def test_a_doubtful_setting_is_warned_of(case: str, place: Place) -> None:
    change, words = WARNED_OF[case]
    change(place)
    code, lines = place.checked("--no-mail")
    assert len([line for line in lines if line.startswith("warn") and re.search(words, line)]) == 1
    assert code == 0


@pytest.mark.parametrize("harmless", ["marks", "ends", "tab", "password"])
def test_what_editors_do_is_no_fault(harmless: str, place: Place) -> None:
    written = place.file.read_bytes()
    changed = {
        "marks": b"\xef\xbb\xbf" + written,
        "ends": written.replace(b"\n", b"\r\n"),
        "tab": written.replace(b"\nport", b"\n\tport"),
        "password": written,
    }
    place.file.write_bytes(changed[harmless])
    if harmless == "password":
        place.secret("imap-password", b"\xef\xbb\xbfsecret\r\n")
    assert place.checked("--no-mail")[0] == 0


@pytest.mark.parametrize("address", ["haiphong.test", "https://haiphong.test/du-lieu-ca-nhan?v=1", "http://x-y.test"])
def test_web_addresses_of_the_house(address: str, place: Place) -> None:
    """A privacy_page in whatever form was taken for a stranger's link in a mail text."""
    place.replace("phone", f'website = "{address}"\nprivacy_page = "{address}"\nphone')
    assert place.checked("--no-mail")[0] == 0


def test_a_password_in_quotation_marks(place: Place) -> None:
    place.secret("imap-password", '"secret"')
    code, lines = place.checked()
    assert code == 1
    (told,) = (line for line in lines if line.startswith("warn secrets: "))
    assert "stands in quotation marks, which count as part of it; take them away" in told
    (refused,) = (line for line in lines if line.startswith("bad"))
    assert "the login of" in refused
    assert "warn round-trip: not tried: the servers cannot be used yet" in lines


def test_a_careful_administrator_finds_nothing_bad(place: Place) -> None:
    code, lines = place.checked()
    assert (code, [line for line in lines if line.startswith("bad")]) == (0, [])
    for told in ("round-trip: a mail to doithoai@haiphong.test comes back",
                 "round-trip: mail to doithoai+r.probe@haiphong.test comes back",
                 "clock: the mail server's clock and this machine's agree",
                 "example: no value of the example is left", "imap: INBOX has 0 mails",
                 "imap: the server has IDLE, MOVE, UIDPLUS"):  # fmt: skip
        assert f"ok   {told}" in lines


NAMED = "mx.haiphong.test"


def bears(authserv_id: str, *, below: bool = False) -> bytes:
    """A letter from outside, as a server of this name hands it on."""
    taken = f"Received: from mx.dan.test (mx.dan.test [203.0.113.9]) by {NAMED} with ESMTP id 5; Mon, 5 Oct 2026"
    result = f"Authentication-Results: {authserv_id}; dmarc=pass header.from=dan.test"
    lines = (taken, result) if below else (result, taken)
    return "".join(f"{line}\r\n" for line in lines).encode() + letter("an@dan.test", "Bao giờ sửa đường?")


@pytest.mark.parametrize("options", [(), ("--no-mail",)])
@pytest.mark.parametrize(
    ("named", "there", "words"),
    [
        (NAMED, bears(NAMED.upper()), f"ok   authserv_id: 1 of 1 recent mails bear a result of {NAMED}$"),
        (
            "mx.haiphnog.test",
            bears(NAMED),
            r"bad  authserv_id: mailbox.authserv_id is mx.haiphnog.test, but no result of 1 recent mails bears this"
            rf" name: {NAMED} \(1\); write the name that your own mail server puts there .*\(docs/install.md\), else",
        ),
        ("", bears(NAMED), rf"warn authserv_id: not set; recent mails bear {NAMED} \(1\); write the name .* it$"),
        (NAMED, bears(NAMED, below=True), r"warn authserv_id: .* only where none is believed: .*; see mailbox.rec"),
        (
            NAMED,
            b"",
            r"warn authserv_id: none of . recent mails bears a result, .*; write to the mailbox from outside",
        ),
    ],
    ids=["right", "mistyped", "not set", "in no believed place", "nothing seen"],
)
def test_the_name_that_the_mail_server_writes(
    named: str, there: bytes, words: str, options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a slip in ``authserv_id`` all was well, and then every officer's mail counted as a stranger's."""
    with EmbeddedServers({BOX: "secret"}) as servers:
        place = placed(tmp_path, servers, capsys)
        place.replace("since", f'authserv_id = "{named}"\nsince')
        if there:
            servers.deliver(BOX, there)
        code, lines = place.checked(*options)
    (told,) = (line for line in lines if line[5:].startswith("authserv_id: "))
    assert re.match(words.replace("of 1 recent", "of . recent"), told)
    others = [line for line in lines if line.startswith("bad") and "authserv_id: " not in line]
    believed = "a result that a sender wrote would be believed" in "".join(others)
    assert (code, len(others)) == (int("bad" in words or believed), int(believed))


@pytest.mark.parametrize(("named", "level"), [(NAMED, "ok  "), ("mx.haiphong", "bad ")])
def test_the_mail_to_itself_bears_the_name(
    named: str, level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In an empty mailbox; a result that the test mail forged under the mistyped name proves nothing."""
    with EmbeddedServers({BOX: "secret"}, authserv_id=NAMED) as servers:
        place = placed(tmp_path, servers, capsys)
        place.replace("since", f'authserv_id = "{named}"\nsince')
        code, lines = place.checked()
    (told,) = (line for line in lines if line[5:].startswith("authserv_id: "))
    assert (told[:4], code) == (level, int(level == "bad "))
    assert (f"bears this name: {NAMED} (2)" in told) == (level == "bad ")


def test_a_first_start_refuses_a_mistyped_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with EmbeddedServers({BOX: "secret"}) as servers:
        place = placed(tmp_path, servers, capsys)
        place.replace("since", 'authserv_id = "mx.haiphnog.test"\nsince')
        servers.deliver(BOX, bears(NAMED))
        (told,) = place.started(2)
        assert servers.sent == []
    assert told.startswith("doithoai: authserv_id: mailbox.authserv_id is mx.haiphnog.test")


def test_a_daemon_that_moves_the_trial_mail_meanwhile(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dovecot lists such a mail and gives no body for it; it is looked for again, in both folders."""
    real, asked = MailboxClient.fetch, list[int]()

    def gone_at_first(client: MailboxClient, uids: Sequence[int]) -> Iterator[FetchedMail]:
        asked.extend(uids)
        if uids and len(asked) == len(uids):
            raise UnreadableMail(dict.fromkeys(uids, "came without a body"))
        return real(client, uids)

    monkeypatch.setattr(MailboxClient, "fetch", gone_at_first)
    code, lines = place.checked()
    assert (code, [line for line in lines if line.startswith("bad")]) == (0, [])
    assert len(asked) > len(set(asked)), "asked again"


def test_a_trial_mail_that_a_daemon_files_while_the_other_is_waited_for_goes_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bare one is found in INBOX at once, and moved by the daemon before the tagged one is given up."""
    real, filed = MailboxClient.fetch, "Thư tự động"
    monkeypatch.setattr(check_round_trip, "WAIT_SECONDS", 1.0)
    with EmbeddedServers({BOX: "secret"}, subaddress="", sink=True) as servers:
        place = placed(tmp_path / "house", servers, capsys)

        def moved_behind_its_back(client: MailboxClient, uids: Sequence[int]) -> Iterator[FetchedMail]:
            for mail in list(real(client, uids)):
                yield mail
                if mail.raw in servers.mails(BOX):
                    servers.deliver(BOX, mail.raw, mail.internaldate, filed)
                    servers.remove(BOX, mail.uid)

        monkeypatch.setattr(MailboxClient, "fetch", moved_behind_its_back)
        assert place.checked()[0] == 1
        assert servers.mails(BOX) == []
        assert servers.mails(BOX, filed) == []


def test_check_for_machines(place: Place) -> None:
    place.replace("can@haiphong.test", BOX)
    code, lines = place.checked("--json", "--offline")
    found = [json.loads(line) for line in lines]
    assert code == 1
    assert all(set(one) == {"level", "what", "text", "remedy"} for one in found)
    (bad,) = (one for one in found if one["level"] == "bad")
    assert (bad["what"], bad["remedy"]) == ("addresses", "write each person's own address there")


@each_third(
    ("change", "words"),
    [
        (swap("can@haiphong.test", BOX), "addresses: "),
        (swap("sxd@haiphong.test", "sxd@haiphong.example"), "example: "),
        (secret("imap-password", "falsch"), "imap: "),
        (secret("imap-password", ""), "secrets: "),
        (more('[alarm]\ncommand = ["/no/tell-admin"]'), "programs: "),
        (swap("2026-11-01", TOMORROW), "mailbox: since = "),
        (under_a_file, "public: "),
    ],
)
def test_the_first_start_refuses_what_check_would(
    change: Change, words: str, place: Place, servers: EmbeddedServers
) -> None:
    change(place)
    sent = len(servers.sent)
    (told,) = place.started(2)
    assert told.startswith(f"doithoai: {words}"), told
    assert len(servers.sent) == sent


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("sqlite:///rules", 2, r"database: .*rules is a folder; name a file in it under database.url"),
        ("sqlite:///no/where.db", 2, r"database: the folder .*no is missing; make it: install -d -m 700 .*no$"),
        ("sqlite:///signing-key/x.db", 2, r"database: .*signing-key is no folder; name another place in database"),
        ("postgresql://a@127.0.0.1:1/c", 1, r"database: .*; start PostgreSQL, or see host, port, user and name in"),
    ],
)
def test_a_register_that_cannot_be_opened(url: str, code: int, words: str, place: Place) -> None:
    place.replace(REGISTER, url)
    (told,) = place.started(code)
    assert re.search(words, told)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///rules", r"rules is a folder; name a file in it under database.url$"),
        ("sqlite:///no/where.db", r"the folder .*no is missing; make it: install -d -m 700 .*no$"),
        ("sqlite:///signing-key/x.db", r"signing-key is no folder; name another place in database.url$"),
        ("sqlite:///letter.db", r"file is not a database; lay a backup back .*"),
    ],
)
def test_where_no_register_can_be_every_look_says_the_same(url: str, words: str, place: Place) -> None:
    """``check --offline`` looks at the SQLite file; reading commands advise nothing that ``run`` cannot do."""
    (place.folder / "letter.db").write_text("a letter that somebody has saved under this name " * 30)
    place.replace(REGISTER, url)
    for options in (["--offline"], ["--no-mail"]):
        code, lines = place.checked(*options)
        (told,) = (line for line in lines if line.startswith("bad"))
        assert (code, bool(re.search(f"^bad  database: .*{words}", told))) == (1, True)
        assert [line for line in lines if "places: database.url" in line and "letter" not in url] == []
    for command in (["status"], ["register", "list"]):
        code, _, told = place.says(*command)
        assert re.search(f"^doithoai: database: .*{words}", told.rstrip())
        assert (code, told.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("url", "said", "words"),
    [
        (
            "postgresql://a@127.0.0.1:1/c",
            'FATAL:  password authentication failed for user "a"',
            r"see the password in database.password_file or database.credential$",
        ),
        (
            "postgresql://a@127.0.0.1:1/c",
            "connection refused",
            r"; start PostgreSQL, or see host, port, user and name",
        ),
        ("sqlite:///register.db", "disk I/O error", r"register.db: disk I/O error; see whether the disk is full$"),
    ],
)
def test_what_the_database_says_at_the_start_gets_its_own_remedy(
    url: str, said: str, words: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> bool:
        fault = sqlite3.OperationalError(said)
        if url.startswith("sqlite"):
            fault.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise OperationalError("SELECT 1", {}, fault)

    monkeypatch.setattr(run, "is_current", refused)
    monkeypatch.setattr(check_servers, "current_revision", refused)
    place.replace(REGISTER, url)
    (told,) = place.started(1)
    assert re.search(words, told)
    if url.startswith("postgresql"):
        (told,) = (line for line in place.checked("--no-mail")[1] if line.startswith("bad"))
        assert re.search(words, told)


def test_check_offline_looks_at_the_register_that_is_there(place: Place) -> None:
    code, lines = place.checked("--offline")
    (told,) = (line for line in lines if " database: " in line)
    assert (code, told) == (
        0,
        f"warn database: {place.folder}/register.db is not there yet; `doithoai run` makes it",
    )


def test_a_later_start_is_not_held_up(place: Place) -> None:
    place.started()
    place.replace("sxd@haiphong.test", "sxd@haiphong.example")
    place.started()


ALARM = """
[alarm.smtp]
host = "127.0.0.1"
port = {port}
tls = "none"
{login}sender = "canh-bao@khac.test"
to = ["truc@khac.test"]
"""


def test_the_second_mail_server_is_tried_too(place: Place) -> None:
    written = place.file.read_text("utf-8")
    place.file.write_text(written + ALARM.format(port=place.smtp, login=""), encoding="utf-8")
    code, lines = place.checked("--no-mail")
    assert code == 0
    assert [line for line in lines if " alarm: " in line] == [
        f"ok   alarm: 127.0.0.1:{place.smtp} answers (plain, this machine only, no login)"
    ]
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        wrong = ALARM.format(port=closed.getsockname()[1], login="")
        place.file.write_text(written + wrong, encoding="utf-8")
        code, lines = place.checked("--no-mail")
    (told,) = (line for line in lines if line.startswith("bad"))
    assert (code, told.split(":")[0]) == (1, "bad  alarm")


def test_the_password_of_the_second_mail_server_is_read_too(place: Place) -> None:
    text = ALARM.format(port=place.smtp, login='user = "canh-bao"\n')
    place.file.write_text(place.file.read_text("utf-8") + text, encoding="utf-8")
    told = place.wrong("--offline")
    assert re.match(r"bad  secrets: alarm\.smtp.*alarm-password", told)


def test_nobody_listens(place: Place) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        place.replace(f"port = {place.smtp}", f"port = {closed.getsockname()[1]}")
        told = place.wrong("--no-mail")
    assert "Connection refused; see host and port" in told


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_at_a_port_that_has_none(tls: str, place: Place) -> None:
    place.replace(f'port = {place.smtp}\ntls = "none"', f'port = {place.smtp}\ntls = "{tls}"')
    told = place.wrong("--no-mail")
    assert told.startswith("bad  smtp: smtp 127.0.0.1:")
    assert "_ssl.c" not in told
    assert 'tls = "' in told or "STARTTLS" in told


def test_an_authority_of_ones_own(tmp_path: Path, place: Place) -> None:
    made = ThrowAwayAuthority(tmp_path).good()
    with FaultySmtp(tls="implicit", context=made.server_context()) as server:
        place.replace(f'port = {place.smtp}\ntls = "none"', f'port = {server.port}\ntls = "implicit"')
        told = place.wrong("--no-mail")
        assert "ca_file" in told
        place.replace(f"port = {server.port}", f'port = {server.port}\nca_file = "{made.ca_file}"')
        assert place.checked("--no-mail")[0] == 0


def test_a_server_without_subaddresses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zimbra's and Exchange's default: a unit's answer to a tagged address would come back to it, or be lost."""
    waits = check_round_trip.WAIT_SECONDS
    for sink in (False, True):
        monkeypatch.setattr(check_round_trip, "WAIT_SECONDS", 1.0)  # what never comes is not waited for long
        with EmbeddedServers({BOX: "secret"}, subaddress="", sink=sink) as servers:
            place = placed(tmp_path / str(sink), servers, capsys)
            told = place.wrong()
            assert told.startswith("bad  round-trip: mail to doithoai+…@haiphong.test does not reach the mailbox")
            assert 'set mailbox.subaddress = "", or let the server deliver it' in told
            place.replace("since", 'subaddress = ""\nsince')
            monkeypatch.setattr(check_round_trip, "WAIT_SECONDS", waits)
            assert place.checked()[0] == 0


@pytest.mark.parametrize("phase", ["mail", "rcpt", "dot"])
def test_a_server_that_refuses_our_sender(phase: str, place: Place) -> None:
    refusal = "553 5.7.1 <doithoai@haiphong.test>: Sender address rejected: not owned by user x"
    with FaultySmtp(faults={phase: refusal}) as server:  # type: ignore[dict-item]
        place.replace(f"port = {place.smtp}", f"port = {server.port}")
        code, lines = place.checked()
    told = [line for line in lines if line.startswith("bad  round-trip: ")]
    assert code == 1
    assert "is refused: 553" in told[0]
    assert "the right to send as the mailbox" in told[0]


@pytest.mark.parametrize("phase", ["mail", "rcpt", "dot"])
def test_only_the_tagged_sender_is_refused(
    phase: str, place: Place, servers: EmbeddedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    del servers
    real = check_round_trip._send

    def refusing(config: object, sender: str, probe: check_round_trip.Probe) -> SendResult:
        if "+" in sender:
            return SendResult(0, "configuration", 553, "5.7.1 not owned", "rcpt" if phase == "rcpt" else "body")
        return real(config, sender, probe)  # type: ignore[arg-type]

    monkeypatch.setattr(check_round_trip, "_send", refusing)
    code, lines = place.checked()
    (told,) = (line for line in lines if line.startswith("warn round-trip: "))
    assert code == 0
    assert told.endswith("is refused (553 5.7.1 not owned); mails leave from the bare address, so that bounces are "
                         "told by their content only")  # fmt: skip


@pytest.mark.parametrize(("hours", "level"), [(2, "bad "), (-2, "bad "), (0.1, "warn"), (-0.1, "warn"), (0, "ok  ")])
def test_the_clock_both_ways(hours: float, level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with EmbeddedServers({BOX: "secret"}, clock=lambda: datetime.now(UTC) + timedelta(hours=hours)) as servers:
        place = placed(tmp_path, servers, capsys)
        code, lines = place.checked()
    (told,) = (line for line in lines if line[5:].startswith("clock: "))
    assert (told[:4], code) == (level, int(level == "bad "))
    assert ("by NTP" in told) == (level != "ok  ")


def test_a_mailbox_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a server of its own: the others, in whatever order they run, find their mailbox empty."""
    with EmbeddedServers({BOX: "secret"}) as servers:
        servers.deliver(BOX, letter("an@dan.test", "Bao giờ sửa đường?"), datetime(2024, 3, 4, 2, tzinfo=UTC))
        place = placed(tmp_path, servers, capsys)
        code, lines = place.checked("--no-mail")
        assert code == 0
        assert "ok   imap: INBOX has 1 mails, the oldest of 04/03/2024" in lines
        assert "ok   imap: 1 mails from before 01/11/2026 are left alone (mailbox.since)" in lines
        place.replace("since = 2026-11-01\n", "")
        told = place.wrong("--no-mail")
    assert "received before yesterday" in told
    assert "write since = 20" in told


def test_a_mailbox_of_another_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a slip in database.url the numbers began at 1 again, and were given a second time."""
    with EmbeddedServers({BOX: "secret"}) as servers:
        place = placed(tmp_path, servers, capsys)
        assert place.checked("--no-mail")[0] == 0
        servers.deliver(BOX, letter("an@dan.test", "Bao giờ sửa đường?"), folder="Đã tiếp nhận")
        told = place.wrong("--no-mail")
    assert "the folder Đã tiếp nhận holds 1 mails, and this register knows none" in told
    assert "doithoai restore" in told


@pytest.mark.parametrize(
    ("capability", "script", "level", "words"),
    [
        (b"IMAP4rev1 NAMESPACE AUTH=PLAIN IDLE", {}, "bad ", "neither MOVE nor UIDPLUS"),
        (b"IMAP4rev1 NAMESPACE AUTH=PLAIN MOVE", {}, "warn", "no IDLE: new mail is seen every 60 s"),
        (b"IMAP4rev1 NAMESPACE AUTH=PLAIN MOVE IDLE", {"SELECT": "READ-ONLY"}, "bad ", "give the account the right"),
    ],
)
def test_what_a_server_cannot(
    capability: bytes, script: dict[str, str], level: str, words: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_servers, "_of_another_register", lambda *_: ())  # the server has mails in each folder
    monkeypatch.setattr(check_round_trip, "_recent", lambda *_: [])  # and gives no headers

    def read_only(talk: Talk, tag: bytes, rest: bytes) -> None:
        del rest
        talk.send(b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [READ-ONLY] x\r\n")
        talk.ok(tag, b"[READ-ONLY] selected")

    answers = dict.fromkeys(script, read_only)
    with FaultyImap(answers, capability=capability) as server:
        place.replace(f"port = {place.imap}", f"port = {server.port}")
        code, lines = place.checked("--no-mail")
    (told,) = (line for line in lines if line.startswith(f"{level} imap: "))
    assert words in told
    assert code == int(level == "bad ")


def test_the_days_off_can_be_confirmed_by_what_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh installation is told to confirm next year, and the command had no folder to write to."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 5, 3, tzinfo=UTC))
    (told,) = (line for line in place.checked("--offline")[1] if " calendar: " in line)
    remedy = r'rules\.folder is not set: first write folder = "/etc/doithoai/rules" under \[rules\]'
    assert re.match(rf"warn calendar: .*; compare .* doithoai calendar confirm 2027 --basis … \({remedy}\)$", told)
    confirm = ("calendar", "confirm", "2027", "--basis", "TB 77/TB-BNV")
    code, _, complained = place.says(*confirm)
    assert (code, complained.count("\n")) == (2, 1)
    assert "rules.folder is not set" in complained
    assert 'write folder = "/etc/doithoai/rules" under [rules]' in complained
    place.add('[rules]\nfolder = "its-own"')
    code, _, complained = place.says(*confirm)
    assert (code, complained) == (0, ""), "also before the first start, where there is no register yet"
    (told,) = (line for line in place.checked("--offline")[1] if " calendar: " in line)
    assert told.startswith("ok   calendar: ")


def test_a_register_of_before_is_looked_at(place: Place) -> None:
    engine = open_engine(f"sqlite:///{place.folder}/register.db")
    upgrade(engine)
    engine.dispose()
    assert place.checked("--no-mail")[0] == 0


def test_a_register_of_a_newer_version_is_refused(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    engine = open_engine(f"sqlite:///{place.folder}/register.db")
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    engine.dispose()
    told = place.wrong("--no-mail")
    assert re.search("database: .*newer version .0099; .*: install that version, or restore a backup", told)
    for command, ends in ((["run", "--once"], 2), (["retention", "--apply"], 1), (["mail", "retry", "1"], 1)):
        assert main([*command, "--config", str(place.file)]) == ends
        (told,) = (line for line in capsys.readouterr().err.splitlines() if line.startswith("doithoai: "))
        assert told.startswith("doithoai: database: it is of a newer version (0099; ")


@pytest.mark.parametrize(("beside", "level", "code"), [("", "bad ", 2), ("SG-2026-000002", "warn", 0)])
def test_a_register_keeps_its_prefix(beside: str, level: str, code: int, place: Place) -> None:
    place.started()
    engine = open_engine(f"sqlite:///{place.folder}/register.db")
    at = datetime(2026, 11, 2, 2, tzinfo=UTC)
    row = {"status": "forwarded", "channel": "desk", "received_at": at, "registered_at": at, "year": 2026}
    with engine.begin() as connection:
        for one in filter(None, ("HP-2026-000001", beside)):
            connection.execute(insert(question).values(**row, code=one, number=int(one[-1])))
    engine.dispose()
    place.started()
    place.replace("[board]", '[board]\nprefix = "SG"')
    (told,) = (line for line in place.checked("--no-mail")[1] if "board.prefix" in line)
    assert told.startswith(f"{level} database: board.prefix: it is SG, but open questions have numbers")
    assert "not read: 1 with HP" in told
    place.started(code)


def test_no_room(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_local, "LEAST_FREE", 10**18)
    told = place.wrong("--offline")
    assert "are free in" in told
    assert "make room" in told
