"""The mails that ``compare_runs.py`` has explained: real ones, those of the tests' data, the labelled questions.

Each is a label and its bytes. The data files hold texts, so a plain mail is made around each. The mails are those of
one checkout, whatever code is run, so that two runs get the same.
"""

from __future__ import annotations

import csv
import email.policy
import importlib
import sys
import tomllib
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from proof_house import MAILBOX

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
NO_MAILS = frozenset({".json", ".golden", ".tsv", ".md"})
DATE = "Mon, 05 Oct 2026 09:00:00 +0700"
OURS = "Message-ID: <5f0c1d9e8a7b46528c3d2e1f0a9b8c7d@haiphong.test>"
LABELLED = ("held_out.tsv", "held_out_2.tsv", "kinds.tsv", "routing.tsv")
LABELLED_FOLDERS = ("scripts/training/labelled", "rules/data/labelled")
"""Folders where checkouts keep them, the newest first."""
ASKED = "Re: [HP-2026-000123] Đề nghị trả lời câu hỏi"

Named = tuple[str, bytes]


def mails_of(checkout: Path) -> dict[str, list[Named]]:
    """Every set by its name; sets of the shared material are empty where it is absent."""
    return {
        "real": list(real_mails(SHARED / "mail")),
        "data": list(data_mails(checkout / "tests" / "data")),
        "labelled": list(labelled_mails(checkout)),
    }


def generated(checkout: Path, count: int) -> list[bytes]:
    """Mails made by the checkout's benchmarks; their generator is independent of the program."""
    sys.path.insert(0, str(checkout))
    return list(importlib.import_module("benchmarks.mailbox").make_mails(count))


def real_mails(folder: Path) -> Iterator[Named]:
    """The public test collections, including attached files: the program must survive those too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in NO_MAILS:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def labelled_mails(checkout: Path) -> Iterator[Named]:
    """The labelled questions as letters with their senders' data below."""
    own = next(checkout / name for name in LABELLED_FOLDERS if (checkout / name).is_dir())
    others = SHARED / "domain" / "labelled_questions.tsv"
    for path in (*([others] if others.is_file() else []), *(own / name for name in LABELLED)):
        for row in _rows(path):
            signed = "\n".join(filter(None, (row["sender_name"], row["address"], row["phone"])))
            sender = f"{row['sender_name']} <dan@dan.test>"
            subject = " ".join(row["text"].split()[:8])
            yield f"{path.stem}/{row['id']}", letter(sender, subject, f"{row['text']}\n\n{signed}\n")


def data_mails(folder: Path) -> Iterator[Named]:
    """Signatures, replies and returned mails of the tests' data."""
    for row in _rows(folder / "asker_signatures.tsv"):
        text = row["text"].replace("\\n", "\n") + "\n"
        yield f"signatures/{row['id']}", letter(f"{row['from']} <dan@dan.test>", "Câu hỏi", text)
    for path in sorted((folder / "replies").glob("*.toml")):
        asked = ASKED if path.stem != "folding" else "Re: [HP-2026-000123] Câu hỏi"
        for at, entry in enumerate(entries(path, "case")):
            yield f"{path.stem}/{at}", letter("Văn thư <vanthu@sxd.test>", entry.get("subject", asked), entry["text"])
    for name, kind in (("installed", "form"), ("shapes", "shape")):
        for entry in entries(folder / "bounces" / f"{name}.toml", kind):
            yield f"{name}/{entry['name']}", returned(entry, "vanthu@sxd.test", "mx.sxd.test")


def letter(sender: str, subject: str, text: str, **fields: str) -> bytes:
    """A plain mail to the official mailbox."""
    message = EmailMessage(policy=email.policy.SMTP)
    name, address = parseaddr(sender)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = MAILBOX
    message["Subject"] = " ".join(subject.split())
    message["Date"] = DATE
    for field, value in fields.items():
        message[field.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def returned(entry: dict[str, Any], to: str, host: str, path: str = MAILBOX, ours: str = OURS) -> bytes:
    """A mail of ours as a server returns it, ``ours`` being its header: a report (RFC 3464) or a plain text.

    ``path`` is the return path that it is sent to.
    """
    said = entry["text"]
    for name, value in (("to", to), ("host", host), ("path", path), ("id", OURS[13:-1])):
        said = said.replace(f"{{{name}}}", value)
    sender, fields = entry["from"].replace("{host}", host), [f"To: {path}", f"Date: {DATE}", "MIME-Version: 1.0"]
    head = [f"From: {sender}", f"Subject: {entry['subject']}", *entry.get("headers", []), *fields]
    plain = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", said]
    if "status" not in entry and entry["original"] not in {"headers", "rfc822"}:
        return _lines(["Return-Path: <>", *head, *plain, "", ours if entry["original"] != "none" else ""])
    status = [f"Reporting-MTA: dns; {host}", "", f"Final-Recipient: rfc822; {to}"]
    status += [f"Action: {entry.get('action', 'failed')}", f"Status: {entry.get('status', '5.1.1')}", ""]
    report = ["Content-Type: message/delivery-status", "", *status]
    original = ["Content-Type: text/rfc822-headers", "", ours, ""]
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"'
    parts = [line for part in (plain, report, original) for line in ("--=_b", *part)]
    return _lines(["Return-Path: <>", *head, kind, "", *parts, "--=_b--", ""])


def entries(path: Path, kind: str) -> list[dict[str, Any]]:
    """The tables of this name in a TOML file."""
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))[kind]
    return found


def _lines(lines: list[str]) -> bytes:
    return "\n".join(lines).replace("\n", "\r\n").encode()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
