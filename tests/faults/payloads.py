"""Thirteen places of a mail × twelve payloads, and what a browser would act on."""

import base64
import email.header
from html.parser import HTMLParser

from tests.world import LETTER

BCC = "x\r\nBcc: nan-nhan@evil.test\r\nX-Evil: 1"


def word(text: str) -> str:
    """An encoded word (RFC 2047)."""
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


PAYLOADS = {
    "folded lines": "x\r\n Bcc: nan-nhan@evil.test",
    "encoded lines": word(BCC),
    "doubly encoded lines": word(word(BCC)),
    "bare carriage return": word("x\rBcc: nan-nhan@evil.test"),
    "formula": '=HYPERLINK("http://evil.test","x")',
    "formula behind a space": " +cmd|' /C calc'!A0",
    "full-width formula": "＝1+1",
    "formula behind a tab": word("\t@SUM(1+1)"),
    "path": "../../../../tmp/evil",
    "control and direction": word("a\x00b\x0b\u202egpj.exe"),
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": '{{ 7*7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}#panic(1)#read("/etc/passwd")',
}
PLACES = (
    *("subject", "display name", "local part", "message-id", "references", "reply-to", "date", "to", "body"),
    *("name of the asker", "address of the asker", "file name", "charset"),
)


def hostile(place: str, payload: str, number: int) -> bytes:
    """A question with the payload in one place."""
    at = dict.fromkeys(PLACES, "") | {place: payload}
    name = at["name of the asker"] or "Nguyễn Văn An"
    home = at["address of the asker"] or "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng"
    text = LETTER.split("\n\n", 1)[0] + f"\n{at['body']}\n\n{name}\n{home}\n0912 000 111\n"
    display, sender = at["display name"] or f"An {number}", f"an{number}{at['local part']}@dan{number}.test"
    lines = [
        f"From: {display} <{sender}>",
        f"To: {at['to'] or 'doithoai@haiphong.test'}",
        f"Subject: {at['subject'] or 'Hỏi về đường'}",
        f"Message-ID: <{at['message-id']}{number}@dan.test>",
        *([f"References: <{at['references']}x@dan.test>"] if at["references"] else []),
        f"Reply-To: {at['reply-to'] or sender}",
        f"Date: {at['date'] or 'Mon, 05 Oct 2026 09:00:00 +0700'}",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=b",
    ]
    body = f'--b\r\nContent-Type: text/plain; charset="utf-8{at["charset"]}"\r\n\r\n{text}\r\n'
    if at["file name"]:  # a process reads each file: only where its name is the attack
        head = f'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="{payload}"'
        body += f"--b\r\n{head}\r\n\r\n%PDF-1.4\r\n"
    return ("\r\n".join(lines) + "\r\n\r\n" + body + "--b--\r\n").encode()


def decoded(payload: str) -> str:
    """What a program holds that decodes as often as it can."""
    for _ in range(3):
        payload = str(email.header.make_header(email.header.decode_header(payload)))
    return payload


class _Live(HTMLParser):
    """Collects what a browser would act on and is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        bad = [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "").lower()]
        if tag in {"script", "img", "iframe", "object", "embed", "class"} or bad:
            self.found.append(f"{tag} {bad}")


def live(html: str) -> list[str]:
    reader = _Live()
    reader.feed(html)
    return reader.found
