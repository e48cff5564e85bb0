"""Read every raw mail of ``../shared/mail`` and count what is taken for returned, automatic or ordinary mail.

Usage: ``python scripts/bounce_report.py [-v]``. Exits 1 when a goal is missed.
"""

from __future__ import annotations

import email
import sys
from collections import Counter
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rules.automatic import read_automatic  # noqa: E402
from rules.model import Mailbox, ParsedMail  # noqa: E402

MAILS = ROOT.parent / "shared" / "mail"


def _decoded(value: object) -> str:
    try:
        return " ".join(str(make_header(decode_header(str(value)))).split())
    except Exception:  # a header that the standard library cannot decode stays as it is
        return " ".join(str(value).split())


def _boxes(message: Message, name: str) -> tuple[Mailbox, ...]:
    return tuple(Mailbox(n, a) for n, a in getaddresses([_decoded(v) for v in message.get_all(name, [])]) if n or a)


def _payload(part: Message) -> str:
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def parse(raw: bytes) -> ParsedMail:
    """A plain reading with the standard library."""
    message = email.message_from_bytes(raw)
    texts, status, ids = [], "", []
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status += "\n".join(str(piece) for piece in part.get_payload()) if part.is_multipart() else _payload(part)
        elif kind == "text/rfc822-headers":
            ids += [str(email.message_from_string(_payload(part)).get("message-id", "")).strip(" <>")]
        elif kind == "message/rfc822" and part is not message:
            inner = part.get_payload()
            ids += [str(one.get("message-id", "")).strip(" <>") for one in inner if isinstance(inner, list)]
        elif kind == "text/plain":
            texts.append(_payload(part))
    headers = tuple((name.lower(), _decoded(value)) for name, value in message.items())
    return ParsedMail(
        sha256=sha256(raw).hexdigest(),
        size=len(raw),
        subject=_decoded(message.get("subject", "")),
        text=texts[0] if texts else "",
        senders=_boxes(message, "from"),
        to=_boxes(message, "to"),
        message_id=_decoded(message.get("message-id", "")).strip("<>"),
        in_reply_to=tuple(_decoded(message.get("in-reply-to", "")).strip("<>").split()),
        headers=headers,
        content_type=message.get_content_type(),
        embedded_ids=tuple(one for one in ids if one),
        delivery_status=status,
    )


def main(verbose: bool) -> int:
    """Print one line a folder and the mails that miss a goal."""
    for folder in sorted(path for path in MAILS.iterdir() if path.is_dir() and path.name != "reply_text"):
        seen: Counter[str] = Counter()
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.suffix in {".json", ".golden", ".md"}:
                continue
            try:
                mail = parse(path.read_bytes())
            except RecursionError:
                continue
            found = read_automatic(mail)
            kind = str(found.kind or "person")
            seen[kind] += 1
            odd = kind == "person" if folder.name in {"bounces", "flufl"} else kind == "bounce"
            if verbose and odd:
                print(f"  {path.relative_to(MAILS)}: {kind} {found.signs}")
        print(f"{folder.name}: {dict(seen)}")
    return 0


if __name__ == "__main__":
    sys.exit(main("-v" in sys.argv))
