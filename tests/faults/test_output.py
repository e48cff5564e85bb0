"""Thirteen places of a mail × twelve payloads: no further header, no formula, no file elsewhere, no live HTML."""

import csv
import email
import io
import re
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest

from daemon.letters.mime import names_in
from tests.installation import LiveInstallation, payload_of
from tests.world import NO_SERVER, World

pytestmark = pytest.mark.slow

ALLOWED = {
    *(b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references"),
    *(b"auto-submitted", b"x-auto-response-suppress", b"x-doithoai", b"mime-version", b"content-type"),
    *(b"content-language", b"content-transfer-encoding"),
}


def test_most_of_them_are_registered_all_have_a_fate(flooded: tuple[World, Path]) -> None:
    house, _ = flooded
    assert {row["status"] for row in house.house.mails} <= {"done", "held"}
    assert len(house.house.questions) > 120


def test_no_mail_has_a_header_of_the_attackers(flooded: tuple[World, Path]) -> None:
    for row in flooded[0].house.sent:
        head = bytes(row["bytes"]).partition(b"\r\n\r\n")[0]
        assert {name.lower() for name in names_in(head)} <= ALLOWED, head
        assert b"\r" not in head.replace(b"\r\n", b"")
        assert b"\n" not in head.replace(b"\r\n", b"")


def test_no_mail_goes_to_the_victim(flooded: tuple[World, Path]) -> None:
    for row in flooded[0].house.sent:
        assert "nan-nhan" not in str(row["recipient"])
        assert {"Bcc", "Cc", "X-Evil"}.isdisjoint(email.message_from_bytes(bytes(row["bytes"])).keys())


def test_no_live_markup_and_no_template_is_run(flooded: tuple[World, Path]) -> None:
    for row in flooded[0].house.sent:
        for part in email.message_from_bytes(bytes(row["bytes"])).walk():
            if part.get_content_type() == "text/html":
                html = payload_of(part).decode().lower()
                assert not re.search(r"<script|<img|<class|onerror=alert\(1\)>(?!&)", html), html
                assert "{{ 7*7 }}" in html or "7*7" not in html


def test_exports_have_no_formula_and_no_control_character(flooded: tuple[World, Path]) -> None:
    house, folder = flooded
    out = folder / "so.csv"
    assert house.house.command("register", "export", "--output", str(out)) == 0
    cells = [cell for row in csv.reader(io.StringIO(out.read_text("utf-8-sig"), newline="")) for cell in row]
    assert len(cells) > 1000
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝＋－＠")] == []
    assert [cell for cell in cells if any(ord(sign) < 32 and sign not in "\r\n\t" for sign in cell)] == []


def test_the_workbook_has_no_formula(flooded: tuple[World, Path]) -> None:
    house, folder = flooded
    out = folder / "so.xlsx"
    assert house.house.command("register", "export", "--output", str(out)) == 0
    with closing(openpyxl.load_workbook(out)) as book:
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 1000
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []


def test_no_file_is_written_outside_the_store(flooded: tuple[World, Path]) -> None:
    house, _ = flooded
    names = {path.name for path in house.house.folder.rglob("*")}
    assert names <= {
        *("doithoai.db", "doithoai.db-wal", "doithoai.db-shm", "doithoai.db.lock"),
        *("doithoai.toml", "imap-password", "signing-key"),
    }
    assert not Path("/tmp/evil").exists()


def test_a_template_that_lets_live_html_out_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An operator's own layout: mail out attacks itself at the start, and nothing is read or sent with it."""
    house = LiveInstallation(tmp_path / "house", NO_SERVER, NO_SERVER, extra='[rules]\nfolder = "own"\n')
    house.close()
    layout = files("mail_templates").joinpath("layout.html.j2").read_text("utf-8")
    own = tmp_path / "house" / "own"
    own.mkdir()
    (own / "layout.html.j2").write_text(layout.replace("</main>", "<script>1</script></main>"), encoding="utf-8")
    for part in (tmp_path / "house").glob("doithoai.db*"):
        part.unlink()
    for command in (["run", "--once"], ["check", "--offline"]):
        assert house.command(*command) == (2 if "run" in command else 1)
        said = capsys.readouterr()
        assert "templates: " in said.err + said.out
        assert "live HTML: <script>" in said.err + said.out
    assert not (tmp_path / "house" / "doithoai.db").exists(), "refused before the database is touched"
