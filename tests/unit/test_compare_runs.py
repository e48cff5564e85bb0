"""The proof that two runs are the same sees what a reader would see, and nothing of what is random."""

import sqlite3
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.loading import script

runs = script("compare_runs")


def mail(subject: str, text: str, encoding: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message.set_content(text, cte=encoding)
    message.add_alternative(f"<p>{text}</p>", subtype="html", cte=encoding)
    return message.as_bytes()


def view(raw: bytes) -> object:
    return runs.mail_view(raw, runs.Tokens().at("here"))


def test_how_a_mail_is_encoded_makes_no_difference() -> None:
    assert view(mail("Đã nhận", "Kính gửi", "base64")) == view(mail("Đã nhận", "Kính gửi", "quoted-printable"))


@pytest.mark.parametrize(("subject", "text"), [("Đã  nhận", "Kính gửi"), ("Đã nhận", "Kính  gửi")])
def test_one_blank_more_is_seen(subject: str, text: str) -> None:
    assert view(mail(subject, text, "base64")) != view(mail("Đã nhận", "Kính gửi", "base64"))


def test_tokens_are_numbered_so_that_what_points_to_what_stays() -> None:
    one, other = "0123456789abcdef" * 2, "fedcba9876543210" * 2
    hide, again = runs.Tokens().at("here"), runs.Tokens().at("here")
    assert hide(f"{one} {other} {one}") == again(f"{other} {one} {other}")
    assert hide(f"{one} {one}") != hide(f"{one} {other}")


def dumped(folder: Path, subject: str) -> Path:
    folder.mkdir()
    with sqlite3.connect(folder / "one.db") as database:
        database.execute("CREATE TABLE question (id INTEGER PRIMARY KEY, subject TEXT, trace TEXT)")
        database.execute("INSERT INTO question VALUES (1, ?, '[1, 2]')", (subject,))
    database.close()
    runs.dump_tables(folder / "one.db", folder, runs.Tokens())
    (folder / "about.json").write_text("{}", encoding="utf-8")
    return folder


def test_a_changed_column_is_told_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, same, changed = (dumped(tmp_path / name, name[0]) for name in ("a", "a2", "b"))
    assert runs.compare(first, same, 10) == 0
    assert runs.compare(first, changed, 10) == 1
    assert '1: subject: "a" | "b"' in capsys.readouterr().out


def test_nothing_dumped_is_no_proof(tmp_path: Path) -> None:
    (tmp_path / "about.json").write_text("{}", encoding="utf-8")
    assert runs.compare(tmp_path, tmp_path, 10) == 1
