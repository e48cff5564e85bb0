"""From a draft to the final bytes of a mail. The same draft always gives the same bytes."""

from __future__ import annotations

import re

from daemon.letters import mime
from daemon.letters.filters import unit_name
from daemon.letters.mime import CRLF, UnsafeMail, bodies
from daemon.letters.render import Renderer, Templates
from daemon.letters.views import ComposedMail, Draft, LetterHead

TOKEN = re.compile(r"[A-Za-z0-9]{8,64}", re.ASCII)
TAG = re.compile(r"[A-Za-z0-9._-]{0,60}", re.ASCII)

FIELDS = (
    b"From",
    b"To",
    b"Reply-To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"In-Reply-To",
    b"References",
    b"Auto-Submitted",
    b"X-Auto-Response-Suppress",
    b"X-Doithoai",
    b"Content-Language",
    b"MIME-Version",
    b"Content-Type",
)
"""Every field that our mails may have, in this order; a mail may lack some of the threading fields."""

THREADING = (b"In-Reply-To", b"References")

LONGEST_THREAD = 20
"""Most Message-IDs in References: the first and the latest ones (RFC 5322 §3.6.4 sets no limit, readers do)."""


class Composer:
    """Composes the mails of one house from one set of templates."""

    def __init__(self, templates: Templates, letter_head: LetterHead) -> None:
        """Raises :class:`daemon.base.errors.ConfigurationError` when a template is missing or wrong."""
        self.letter_head = letter_head
        self.own = templates.own
        """The operator's own templates, by file name."""
        self._renderer = Renderer(templates, letter_head)
        self._address = mime.ascii_address(letter_head.mailbox, "our own")
        self._from = mime.mailbox(b"From", letter_head.display_name or letter_head.name, self._address)

    def compose(self, draft: Draft) -> ComposedMail:
        """The mail of a draft. Raises :class:`UnsafeMail` rather than let out anything but what was meant."""
        if not (
            TOKEN.fullmatch(draft.outbox_id) and TAG.fullmatch(draft.reply_tag) and TAG.fullmatch(draft.bounce_tag)
        ):
            raise UnsafeMail("the mail's own id or tag is not plain letters and digits")
        recipient = mime.ascii_address(draft.notice.recipient.email)
        message_id = f"{draft.outbox_id}@{self._address.rpartition('@')[2]}"
        words = self._renderer.render(draft)
        content_type, body = bodies(words.plain, words.html, draft.attachments, draft.outbox_id)
        thread = self._thread(draft, message_id)
        head = b"".join(
            (
                self._from,
                mime.mailbox(b"To", self._shown_name(draft), recipient),
                mime.mailbox(b"Reply-To", "", self._tagged(draft.reply_tag)),
                mime.unstructured(b"Subject", words.subject),
                mime.date(draft.now),
                mime.message_ids(b"Message-ID", (message_id,)),
                *thread,
                self._automatic(draft),
                b"X-Auto-Response-Suppress: All\r\nX-Doithoai: " + draft.outbox_id.encode("ascii") + CRLF,
                b"Content-Language: vi\r\nMIME-Version: 1.0\r\n",
                content_type,
                CRLF,
            )
        )
        raw = head + body
        left_out = [name for name in THREADING if not any(line.startswith(name + b":") for line in thread)]
        mime.check(raw, tuple(name for name in FIELDS if name not in left_out))
        return ComposedMail(message_id, self._tagged(draft.bounce_tag), recipient, raw, words.subject)

    def words(self, draft: Draft) -> tuple[str, str]:
        """The mail's subject and text for a person who has no mail address. Raises :class:`UnsafeMail`."""
        return self._renderer.words(draft)

    def _tagged(self, tag: str) -> str:
        """The mailbox with a signed tag; a local part may have 64 characters in all (RFC 5321 §4.5.3.1.1)."""
        return mime.ascii_address(self.letter_head.tagged(tag), "our own tagged")

    def _thread(self, draft: Draft, message_id: str) -> tuple[bytes, ...]:
        """In-Reply-To and References (RFC 5322 §3.6.4): the citizen's own mail and whatever came before it.

        Where no address can bear a tag, the mail's own id is listed too: some servers change the Message-ID of a mail
        that they send, and a reply to it would bear nothing that proves what it answers.
        """
        own = [] if self.letter_head.subaddress else [message_id]
        answered = draft.notice.in_reply_to
        parent = mime.message_ids(b"In-Reply-To", (answered,)) if answered else b""
        if not parent:
            return (mime.message_ids(b"References", own),) if own else ()
        chain = [one for one in draft.notice.references if one != answered] + [answered, *own]
        return (parent, mime.message_ids(b"References", chain[:1] + chain[1:][1 - LONGEST_THREAD :]))

    def _shown_name(self, draft: Draft) -> str:
        """A name beside the address, for people on our own lists only: a citizen's name is text from outside."""
        to = draft.notice.recipient
        return "" if to.role == "citizen" else unit_name(to.name)

    def _automatic(self, draft: Draft) -> bytes:
        """Auto-Submitted (RFC 3834 §5): an answer to a citizen's mail, or a notice of our own."""
        answers = draft.notice.recipient.role == "citizen" and bool(draft.notice.in_reply_to)
        return b"Auto-Submitted: auto-replied\r\n" if answers else b"Auto-Submitted: auto-generated\r\n"
