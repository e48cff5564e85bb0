"""Mutated mails against the intake: ``fuzz_mail.py [--count 40000] [--seed 1] [--seconds 600] [--understand]``.

Starts from mails written here and, where the shared folder lies beside the checkout, from those; every mutation is
drawn from the seed, so that a failure can be had again. Exit status 1, with seed and number, when anything is
uncaught, takes longer than two seconds, or breaks a promise of ``ParsedMail``.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from daemon.parsing.parse import attachment_bytes, parse_mail
from rules.routing.route import load_routing
from rules.understand.understand import Knowledge, understand
from rules.values.data_file import load_units
from rules.values.model import ParsedMail

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "mail"
LONGEST_SEED = 20_000
SECONDS = 2.0
DAY = date(2026, 10, 5)

OWN = [
    "From: Nguyễn Văn An <an@dan.test>\r\nTo: hoidap@tp.test\r\nSubject: =?utf-8?B?SOG7j2kgduG7gSDEkeG6pXQ=?=\r\n"
    "Date: Thu, 26 Nov 2026 09:00:00 +0700\r\nMessage-ID: <1@dan.test>\r\n\r\nKính gửi Sở Xây dựng,\r\nTôi hỏi.\r\n",
    'From: =?windows-1258?Q?Tr=E2=CCn?= <b@dan.test>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"'
    "\n\n--B\nContent-Type: multipart/alternative; boundary=C\n\n--C\nContent-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: quoted-printable\n\nK=C3=ADnh g=E1=BB=ADi\n--C\nContent-Type: text/html\n\n"
    "<p>Kính gửi<br>x</p>\n--C--\n--B\nContent-Type: application/pdf; name*=utf-8''Tr%E1%BA%A3%20l%E1%BB%9Di.pdf\n"
    "Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--B--\n",
    "From: MAILER-DAEMON (Mail Delivery System)\nSubject: Undelivered\nContent-Type: multipart/report; boundary=R;"
    "\n report-type=delivery-status\n\n--R\n\nfailed\n--R\nContent-Type: message/delivery-status\n\nReporting-MTA: "
    "dns; x\n\nFinal-Recipient: rfc822; a@b.test\nStatus: 5.1.1\n\n--R\nContent-Type: message/rfc822\n\nMessage-ID: "
    "<o@tp.test>\nSubject: x\n\nold\n--R--\n",
]
TOKENS = [
    b"\x00",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"=?utf-8?B?",
    b"=?x?Q?",
    b"?=",
    b"--B",
    b"--B--",
    b"\n--C\n",
    b'boundary="',
    b";",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Type: multipart/mixed; boundary=B\n\n",
    b"charset=utf-16",
    b"\xff\xfe",
    b'charset="ut\x00f"',
    b"Content-Transfer-Encoding: uuencode\n",
    b"Content-Transfer-Encoding: base64\n",
    b"filename*0*=",
    b"From: ",
    b"<",
    b">",
    b'"',
    b"(",
    b")",
    b"@",
    b"=",
    b"\xe1\xbb\x81",
    b"\xcc\xd2\xec\xf2",
    b"\xe2\x80\xae",
    b"%PDF-1.4",
    b"PK\x03\x04",
    b"<div>",
    b"<!--",
    b"charset=viscii",
    b"charset=idna",
    b"charset=punycode",
    b"charset=undefined",
    b"charset=unicode_escape",
    b"charset=utf-7",
    b"begin 644 x\n",
    b"\x1b$B",
    b"Date: ",
    b"99999999999",
    b"name*=a'b'%",
    b"\x85",
]


def seeds() -> list[bytes]:
    """The mails to start from."""
    found = [text.encode() for text in OWN]
    if SHARED.is_dir():
        from scripts.corpus_report import mails

        found += [raw for _, raw in mails(SHARED) if len(raw) <= LONGEST_SEED]
    return found


def _cut(raw: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(raw) + 1)
    del raw[start : start + dice.randrange(1, 200)]


def _insert(raw: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(raw) + 1)
    raw[start:start] = dice.choice(TOKENS) * dice.choice((1, 1, 1, 2, 50))


def _flip(raw: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 20)):
        if raw:
            raw[dice.randrange(len(raw))] = dice.randrange(256)


def _copy(raw: bytearray, dice: random.Random) -> None:
    start, target = dice.randrange(len(raw) + 1), dice.randrange(len(raw) + 1)
    raw[target:target] = raw[start : start + dice.randrange(1, 500)]


def _head(raw: bytearray, dice: random.Random) -> None:
    """A change near the beginning, where the header is."""
    start = dice.randrange(min(len(raw), 400) + 1)
    raw[start : start + dice.randrange(4)] = dice.choice(TOKENS)


def _truncate(raw: bytearray, dice: random.Random) -> None:
    del raw[dice.randrange(len(raw) + 1) :]


MUTATIONS: list[Callable[[bytearray, random.Random], None]] = [_cut, _insert, _flip, _copy, _head, _head, _truncate]


def mutated(start: list[bytes], seed: int, number: int) -> bytes:
    """The mail of this number: one of the seeds after one to six mutations."""
    dice = random.Random(f"{seed}:{number}")
    raw = bytearray(dice.choice(start))
    for _ in range(dice.randrange(1, 7)):
        dice.choice(MUTATIONS)(raw, dice)
    return bytes(raw)


def _texts(mail: ParsedMail) -> list[str]:
    boxes = [*mail.senders, *mail.to, *mail.cc, *mail.reply_to]
    return [
        mail.subject,
        mail.text,
        mail.html,
        mail.message_id,
        mail.delivery_status,
        *mail.in_reply_to,
        *mail.references,
        *mail.embedded_ids,
        *(value for _, value in mail.headers),
        *(box.name + box.email for box in boxes),
        *(item.name + item.text for item in mail.attachments),
    ]


def broken_promise(raw: bytes, mail: ParsedMail) -> str:
    """The promise that the parsed mail breaks, "" when it keeps them all."""
    if mail.sha256 != hashlib.sha256(raw).hexdigest() or mail.size != len(raw):
        return "digest or size"
    for text in _texts(mail):
        unclean = any(unicodedata.category(char) in ("Cc", "Cs") and char != "\n" for char in text)
        if unclean or not unicodedata.is_normalized("NFC", text):
            return f"text not clean: {text[:60]!r}"
    if any("\n" in text for text in (mail.subject, mail.message_id, *(value for _, value in mail.headers))):
        return "line break in a header value"
    return ""


def main(arguments: list[str]) -> int:
    """Run until the count is reached or the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--understand", action="store_true", help="each mail is understood too, with every rule")
    chosen = parser.parse_args(arguments)
    knowledge = Knowledge(load_units(), load_routing(), {}) if chosen.understand else None
    start, begun, slowest, minimal, failures = seeds(), time.monotonic(), 0.0, 0, 0
    number = 0
    while number < chosen.count and time.monotonic() - begun < chosen.seconds and failures < 20:
        raw = mutated(start, chosen.seed, number)
        before = time.perf_counter()
        try:
            mail = parse_mail(raw)
            if knowledge is not None:
                understand(mail, knowledge, DAY)
            problem = broken_promise(raw, mail)
            minimal += mail.minimal
            if mail.attachments and number % 50 == 0:
                attachment_bytes(raw, mail.attachments[-1].part)
        except BaseException as error:
            problem = f"uncaught {error!r}"
        spent = time.perf_counter() - before
        slowest = max(slowest, spent)
        if problem or spent > SECONDS:
            failures += 1
            print(f"seed {chosen.seed} number {number}: {problem or f'{spent:.1f} s'}")
        number += 1
    print(f"{number} mails from {len(start)} seeds, {failures} failures, {minimal} minimal, slowest {slowest:.2f} s")
    return 1 if failures or number < chosen.count else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.exit(main(sys.argv[1:]))
