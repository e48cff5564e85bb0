"""One of our own mails comes back in as many shapes as there are mail servers: it is found every time."""

import tomllib
from email.header import Header
from email.utils import formataddr
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daemon.parsing.parse import parse_mail
from rules.message.automatic import head, is_bounce, read_automatic
from rules.message.quote_markers import key, load_automatic_words
from rules.values.data_file import Source
from rules.values.model import Kind, ParsedMail

SHAPES = tomllib.loads((Path(__file__).parents[3] / "data" / "bounces" / "shapes.toml").read_text("utf-8"))
OURS = "doithoai@tp.test"
ID = "5f0c1d9e8a7b46528c3d2e1f0a9b8c7d@tp.test"
TO, HOST = "van.thu@so-xay-dung.test", "so-xay-dung.test"
CRLF = "\r\n"


def encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=200).encode()


def original() -> tuple[str, str]:
    """Header and body of a mail of ours."""
    sender = formataddr(("Ban Biên tập", OURS))
    subject = encoded("[HP-2026-000123] Đề nghị trả lời câu hỏi")
    header = [
        f"From: {sender}",
        f"To: {TO}",
        f"Reply-To: doithoai+r.k7x2m9@{OURS.partition('@')[2]}",
        f"Subject: {subject}",
        "Date: Fri, 20 Nov 2026 08:30:00 +0700",
        f"Message-ID: <{ID}>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
    ]
    return CRLF.join(header), "Kính gửi Sở Xây dựng,\r\n\r\nBan Biên tập chuyển câu hỏi.\r\n"


def returned_part(kind: str) -> list[str]:
    """The MIME part that holds the original."""
    header, body = original()
    match kind:
        case "full":
            return ["Content-Type: message/rfc822", "", header, "", body]
        case "headers":
            return ["Content-Type: text/rfc822-headers", "", header, ""]
        case "headers-folded":
            folded = header.replace(f"Message-ID: <{ID}>", f"Message-Id:\r\n\t<{ID}>")
            return ["Content-Type: text/rfc822-headers", "", folded, ""]
        case "text-attachment":
            disposition = 'Content-Disposition: attachment; filename="original.txt"'
            return ["Content-Type: text/plain; charset=utf-8", disposition, "", header, "", body]
        case "octet":
            return [
                "Content-Type: message/rfc822",
                'Content-Disposition: attachment; filename="a.eml"',
                "",
                header,
                "",
                body,
            ]
    return []


def bounce(shape: dict[str, Any]) -> bytes:
    """The returned mail in one server's shape."""
    fill = {"to": TO, "host": HOST, "id": ID}
    name = str(shape["from"]).format(**fill)
    if not name.isascii():
        shown, _, address = name.rpartition(" <")
        name = f"{encoded(shown)} <{address}"
    head = [
        "Return-Path: <>",
        f"Received: from {HOST} by mx.tp.test; Fri, 20 Nov 2026 08:31:00 +0700",
        f"From: {name}",
        f"To: {OURS}",
        f"Subject: {encoded(str(shape['subject']))}",
        "Date: Fri, 20 Nov 2026 08:31:00 +0700",
        f"Message-ID: <20261120.{abs(hash(shape['name']))}@{HOST}>",
        *(str(line).format(**fill) for line in shape.get("headers", [])),
        "MIME-Version: 1.0",
    ]
    return CRLF.join([*head, *content(shape, str(shape["text"]).format(**fill))]).encode()


def content(shape: dict[str, Any], text: str) -> list[str]:
    kind = shape["kind"]
    header, body = original()
    if kind == "plain":
        inline = {"inline": f"{header}{CRLF}{CRLF}{body}", "none": ""}
        inline["quoted"] = CRLF.join(f"> {line}" for line in inline["inline"].split(CRLF))
        plain = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text, ""]
        return [*plain, inline[shape["original"]]]
    if kind == "html":
        return ["Content-Type: text/html; charset=utf-8", "", f"<html><body><p>{text}</p></body></html>"]
    first = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text, ""]
    if kind == "html-report":
        first = ["Content-Type: text/html; charset=utf-8", "", f"<p>{text}</p>"]
    parts = [first]
    if "report" in kind:
        status = [f"Reporting-MTA: dns; {HOST}", "", f"Final-Recipient: rfc822; {TO}"]
        status += [f"Action: {shape['action']}", f"Status: {shape['status']}"]
        parts.append(["Content-Type: message/delivery-status", "", *status, ""])
    if part := returned_part(shape["original"]):
        parts.append(part)
    lines = [line for part in parts for line in ("--=_b1", *part)]
    end = [] if kind == "report-unclosed" else ["--=_b1--", ""]
    if kind == "report-in-mixed":
        inner = [
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b1"',
            "",
            *lines,
            "--=_b1--",
        ]
        return ['Content-Type: multipart/mixed; boundary="=_b0"', "", "--=_b0", *inner, "--=_b0--", ""]
    top = "report; report-type=delivery-status" if "report" in kind else "mixed"
    return [f'Content-Type: multipart/{top}; boundary="=_b1"', "", *lines, *end]


def test_our_mail_is_found() -> None:
    for shape in SHAPES["shape"]:
        found = read_automatic(parse_mail(bounce(shape)))
        assert found.kind is Kind.BOUNCE, shape
        assert ID in found.original_ids, shape
        assert TO in found.failed, shape
        assert found.permanent == (shape.get("action") != "delayed" and "delayed" not in shape["subject"]), shape
        if shape.get("status") and "report" in shape["kind"]:
            assert shape["status"] in {found.status, "5.0.0"}, shape


def test_there_are_enough_shapes() -> None:
    assert len({shape["name"] for shape in SHAPES["shape"]}) == len(SHAPES["shape"]) >= 60


def test_a_success_report_is_no_failure() -> None:
    shape = {
        "name": "relayed",
        "from": "MAILER-DAEMON@{host}",
        "subject": "Successful Mail Delivery Report",
        "kind": "report",
        "original": "headers",
        "action": "relayed",
        "status": "2.0.0",
        "text": "Relayed to {to}.",
    }
    found = read_automatic(parse_mail(bounce(shape)))
    assert found.kind is Kind.AUTO_REPLY
    assert ID in found.original_ids


BEGINS = Source().toml("automatic.toml")["text"]["bounce_begins"]
PIECES = st.sampled_from(
    [*BEGINS, "\n", "\nMessage-ID: x", "* Return-Path", "\u0301", "\u03a3", "- ", "x" * 30, " " * 490]
)


@given(st.lists(PIECES, max_size=6))
def test_what_a_mail_system_says_first_is_seen_whatever_follows(pieces: list[str]) -> None:
    words, text = load_automatic_words(), "".join(pieces)
    told = words.bounce_begins.match(key(head(text).replace("\n", " ")))
    assert bool(is_bounce(ParsedMail("x", len(text), "", text, ()), words)) is bool(told)
