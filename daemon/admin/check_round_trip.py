"""Tests the mail server with mails from the mailbox to itself, which are removed afterwards.

One goes from the bare address to itself, one from a tagged sender to a tagged address, as answers to our mails do: if
the second does not come back, the server does not support the configured ``mailbox.subaddress``. The first bears
forged Authentication-Results in two places, to see whether a sender's result gets through as if it were the server's
own. To a daemon that runs meanwhile these are automatic mails.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from daemon.admin.findings import Finding, Level, bad, ok, warn
from daemon.base import clock
from daemon.base.errors import ConfigurationError, TemporaryError, UnreadableMail
from daemon.config.config import Config
from daemon.config.database import opened, transaction
from daemon.installation.installation import note_proof
from daemon.loop.fetch import PROBE
from daemon.mailbox.mailbox import FetchedMail, MailboxClient
from daemon.parsing.opening import as_written
from daemon.parsing.parse import parse_mail
from daemon.smtp.outcomes import OutgoingMail, SendResult
from daemon.smtp.sender import Sender
from db.core.engine import sqlite_path
from rules.message.authentication import RESULTS, authserv_id_of, results_of_our_servers

WHAT, FORGED, NAMES = "round-trip", "forged-results", "authserv_id"
WAIT_SECONDS = 30.0
LOOK_SECONDS = 0.5
RECENT_DAYS = 30
RECENT_MAILS = 50
"""A folder's mails of so many days, and so many of them at most, are asked which server wrote their results."""
WRONG_CLOCK = timedelta(hours=1)
"""From this difference on days are counted wrongly; a smaller one is a warning from ``alarm.clock_seconds`` on."""

OURS = f"header.from={PROBE}"
"""Stands in the results that a test mail forged."""
MANY = 5
YOUR_OWN = "write the name that your own mail server puts there under mailbox.authserv_id (docs/install.md)"


@dataclass(frozen=True, slots=True)
class Probe:
    """One mail to ourselves; ``name`` is random and stands in its subject and in each result that it forges."""

    name: str
    sender: str
    recipient: str
    raw: bytes

    @property
    def forged(self) -> str:
        """The domain that occurs only in the forged results."""
        return f"{self.name}.invalid"


@dataclass(frozen=True, slots=True)
class Returned:
    """A returned probe: its place, and how far (in seconds) the server's date lies before or after its sending."""

    folder: str
    mail: FetchedMail
    ahead: float


def round_trip(config: Config) -> Iterator[Finding]:
    """Send both probes, wait for them, judge and remove them; skipped where nothing is sent."""
    if config.run.shadow:
        yield from (warn(what, "not tried: run.shadow sends nothing") for what in (WHAT, FORGED))
        yield from recent_results(config)
        return
    places = ("INBOX", config.imap.folders.automatic)
    probes = [make_probe(config)]
    if config.mailbox.subaddress:
        probes.append(make_probe(config, "b.probe", "r.probe"))
    with MailboxClient.connect(config.imap.for_client()) as client:
        client.ensure_folders(places)
        before = {folder: _last(client, folder) for folder in places}
        recent = _recent(client, config)
        started = clock.now()
        sent, findings = _sent(config, probes)
        yield from findings
        found = _wait(client, sent, before, started)
        yield from _judged(config, sent, found)
        yield from named(config, [*recent, *(one.mail.raw for one in found.values())])
        yield from _removed(client, sent, before)


def make_probe(config: Config, sender_tag: str = "", recipient_tag: str = "") -> Probe:
    """The probe: forged results on top, and one below a ``Received`` like our delivery agent's."""
    name = f"{PROBE}{secrets.token_hex(8)}"
    box = config.mailbox
    sender, recipient = box.tagged(sender_tag), box.tagged(recipient_tag)
    stamp = format_datetime(clock.now())
    lines = (
        *(_forged(config, name, stamp) if box.authserv_id and not recipient_tag else ()),
        *(f"From: <{box.address}>", f"To: <{recipient}>", f"Subject: doithoai check {name}"),
        *(f"Message-ID: <{name}@{box.domain}>", f"Date: {stamp}"),
        *("Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", ""),
        "`doithoai check` has sent this mail to see whether the server brings it back unchanged. It may be deleted.",
        "",
    )
    return Probe(name, sender, recipient, "\r\n".join(lines).encode())


def _forged(config: Config, name: str, stamp: str) -> tuple[str, ...]:
    box = config.mailbox
    own = box.received_by[0] if box.received_by else box.authserv_id
    forged = f"Authentication-Results: {box.authserv_id}; dmarc=pass header.from={name}.invalid"
    spaced = (forged.replace(":", " :", 1),) if box.results_below_received else ()
    return (*spaced, forged, f"Received: by {own} with LMTP id {name}; {stamp}", forged)


def _sent(config: Config, probes: Sequence[Probe]) -> tuple[list[Probe], list[Finding]]:
    """The probes that the server took, and findings on its replies. Raises ``TemporaryError`` for what may pass."""
    taken: list[Probe] = []
    findings: list[Finding] = []
    for probe in probes:
        answer = _send(config, probe.sender, probe)
        if answer.outcome != "sent" and probe.sender != config.mailbox.address:
            refused, answer = answer, _send(config, config.mailbox.address, probe)
            if answer.outcome == "sent":
                text = f"the tagged sender {probe.sender} is refused ({refused.code} {refused.text})"
                remedy = "mails leave from the bare address, so that bounces are told by their content only"
                findings.append(warn(WHAT, text, remedy))
        if answer.outcome == "sent":
            taken.append(probe)
        elif answer.outcome in ("temporary", "limited", "unknown"):
            raise TemporaryError(f"the mail server takes no mail now: {answer.code} {answer.text}; try again later")
        else:
            findings.append(_refused(config, probe, answer))
            if probe.recipient == config.mailbox.address:
                break  # the same would be told of the tagged address
    return taken, findings


def _refused(config: Config, probe: Probe, answer: SendResult) -> Finding:
    if probe.recipient != config.mailbox.address:
        return _no_tags(config, f"refused: {answer.code} {answer.text}")
    text = f"a mail from {probe.sender} to itself is refused: {answer.code} {answer.text}"
    return bad(WHAT, text, f"give {config.smtp.user or 'this machine'} the right to send as the mailbox")


def _no_tags(config: Config, why: str) -> Finding:
    sign = config.mailbox.subaddress
    local, _, domain = config.mailbox.address.partition("@")
    return bad(
        WHAT,
        f"mail to {local}{sign}…@{domain} does not reach the mailbox ({why}), so answers to our mails would be lost",
        'set mailbox.subaddress = "", or let the server deliver it (Postfix, Zimbra: recipient_delimiter; '
        "Exchange: plus addressing)",
    )


def _send(config: Config, sender: str, probe: Probe) -> SendResult:
    results: list[SendResult] = []
    mail = OutgoingMail(0, sender, probe.recipient, probe.raw)
    asyncio.run(Sender(config.smtp).send_all([mail], results.append))
    return results[0]


def _last(client: MailboxClient, folder: str) -> int:
    """The highest UID; later mails get higher ones (RFC 9051 §2.3.1.1)."""
    client.open(folder, readonly=True)
    return max(client.uids(), default=0)


def _wait(
    client: MailboxClient, probes: Sequence[Probe], before: dict[str, int], started: datetime
) -> dict[str, Returned]:
    """The probes by name, in INBOX or where a running daemon has moved them."""
    found: dict[str, Returned] = {}
    end = time.monotonic() + WAIT_SECONDS
    while len(found) < len(probes):
        for folder, last in before.items():
            for mail in _newer(client, folder, last):
                name = next((one.name for one in probes if one.name.encode() in mail.raw), "")
                if name and name not in found:
                    found[name] = Returned(folder, mail, _ahead(mail.internaldate, started))
        if time.monotonic() > end:
            break
        time.sleep(LOOK_SECONDS if len(found) < len(probes) else 0)
    return found


def _newer(client: MailboxClient, folder: str, last: int) -> Iterator[FetchedMail]:
    """The mails behind that UID, but for those that a running daemon moves at this very moment."""
    client.open(folder)
    with contextlib.suppress(UnreadableMail):
        yield from client.fetch([uid for uid in client.uids() if uid > last])


def _ahead(dated: datetime, started: datetime) -> float:
    """Seconds by which the server's clock is ahead of ours, negative when behind; 0 while the mail travelled."""
    now = clock.now()
    if dated > now:
        return (dated - now).total_seconds()
    second = timedelta(seconds=1)  # INTERNALDATE has whole seconds only
    return min(0.0, (dated + second - started).total_seconds())


def _judged(config: Config, probes: Sequence[Probe], found: dict[str, Returned]) -> Iterator[Finding]:
    for probe in probes:
        tagged = probe.recipient != config.mailbox.address
        if probe.name in found:
            way = f"mail to {probe.recipient} comes back" if tagged else f"a mail to {probe.recipient} comes back"
            yield ok(WHAT, way)
        elif tagged and probes[0].name not in found:
            continue  # told already
        elif tagged:
            yield _no_tags(config, f"it did not come back within {round(WAIT_SECONDS)} s")
        else:
            text = f"the probe, {probe.name}, did not come back within {round(WAIT_SECONDS)} s"
            remedy = (
                f"see whether imap.user reads the mailbox of {config.mailbox.address}, the spam folder, the queue"
            )
            yield bad(WHAT, text, remedy)
    yield from _clock(config, [one.ahead for one in found.values()])
    plain = next((one for one in probes if one.recipient == config.mailbox.address), None)
    if not config.mailbox.authserv_id:
        yield warn(FORGED, "not tried: authserv_id is empty, so that no result is believed")
    elif plain is not None and plain.name in found:
        verdict = judged(config, plain, found[plain.name].mail.raw)
        yield verdict
        yield from _proof(config, removed=verdict.level is Level.OK)
    else:
        yield warn(FORGED, "not tried: the probe did not come back")


def _clock(config: Config, ahead: Sequence[float]) -> Iterator[Finding]:
    if not ahead:
        return
    worst = max(ahead, key=abs)
    text = f"the mail server's clock is {abs(worst):.0f} s {'ahead of' if worst > 0 else 'behind'} this machine's"
    if abs(worst) <= config.alarm.clock_seconds:
        yield ok("clock", "the mail server's clock and this machine's agree")
    else:
        level = bad if abs(worst) >= WRONG_CLOCK.total_seconds() else warn
        yield level(
            "clock", text, "set both by NTP (timedatectl set-ntp true); deadlines are counted from these times"
        )


def judged(config: Config, probe: Probe, raw: bytes) -> Finding:
    """A forged result that we would believe is bad; one that is removed, or in a place that we ignore, is not."""
    mail = parse_mail(raw)
    box = config.mailbox
    if any(
        probe.forged in value
        for value in results_of_our_servers(mail.headers, box.received_by, box.results_below_received)
    ):
        return bad(
            FORGED,
            "a result that a sender wrote would be believed: the server must remove such headers (RFC 8601 §5)",
        )
    left = sum(probe.forged in value for value in mail.all_headers("authentication-results"))
    if left:
        made = probe.raw.count(f"header.from={probe.forged}".encode())
        return warn(
            FORGED,
            f"{left} of {made} were left in the mail, below our server's Received, where they are not believed",
        )
    return ok(FORGED, "the server removes results that a sender wrote under its name")


def _proof(config: Config, *, removed: bool) -> Iterator[Finding]:
    """Store whether a result below the server's own ``Received`` is believed from now on."""
    below = config.mailbox.results_below_received
    if not below:
        return
    path = sqlite_path(config.database.url)
    if removed and path is not None and not path.exists():
        yield warn(FORGED, "the proof cannot be kept before the first start", "run `doithoai check` again after it")
        return
    with opened(config) as engine, transaction(engine) as connection:
        note_proof(connection, config.mailbox, removed=removed)
    if removed:
        yield ok(FORGED, f"a result directly below the Received of {below} is believed from now on")
    else:
        yield bad(FORGED, f"a result below the Received of {below} is not believed: every act by mail is held")


def recent_results(config: Config) -> Iterator[Finding]:
    """Where no mail is sent: whether recent mails bear a result of the configured name."""
    with MailboxClient.connect(config.imap.for_client()) as client:
        yield from named(config, _recent(client, config))


def _recent(client: MailboxClient, config: Config) -> list[bytes]:
    """The headers of the newest mails in INBOX and, where a daemon may have moved them there, in two folders."""
    folders = config.imap.folders
    heads: list[bytes] = []
    for place in ("INBOX",) if config.run.shadow else ("INBOX", folders.registered, folders.replies):
        client.open(place, readonly=True)
        uids = client.uids(since=(clock.now() - timedelta(days=RECENT_DAYS)).date())
        heads += client.heads(uids[-RECENT_MAILS:])
    return heads


def named(config: Config, heads: Sequence[bytes]) -> Iterator[Finding]:
    """Whether the configured ``authserv-id`` stands in results that would be believed; else those that do."""
    box, own = config.mailbox, config.mailbox.authserv_id.lower()
    believed, anywhere = Counter[str](), Counter[str]()
    for head in heads:
        fields = as_written(head)
        here = results_of_our_servers(fields, box.received_by, box.results_below_received)
        believed.update({authserv_id_of(value) for value in here if OURS not in value})
        anywhere.update({authserv_id_of(value) for key, value in fields if key == RESULTS and OURS not in value})
    there, seen, further = believed[own], _told(believed), _told(anywhere)
    if not own:
        if seen:
            yield warn(NAMES, f"not set; recent mails bear {seen}", f"{YOUR_OWN}, if one of these is it")
    elif there:
        yield ok(NAMES, f"{there} of {len(heads)} recent mails bear a result of {own}")
    elif seen:
        text = f"mailbox.authserv_id is {own}, but no result of {len(heads)} recent mails bears this name: {seen}"
        yield bad(NAMES, text, f"{YOUR_OWN}, else all mail of officers and units counts as unauthenticated")
    elif further:
        text = f"the results of {len(heads)} recent mails stand only where none is believed: {further}"
        yield warn(NAMES, text, "see mailbox.received_by and mailbox.results_below_received in docs/install-more.md")
    else:
        text = f"none of {len(heads)} recent mails bears a result, so whether {own} is right cannot be seen"
        yield warn(NAMES, text, "write to the mailbox from outside, and run `doithoai check` again")


def _told(names: Counter[str]) -> str:
    """The names with how many mails bear each, the commonest first."""
    return ", ".join(f"{name} ({count})" for name, count in names.most_common(MANY) if name)


def _removed(client: MailboxClient, probes: Sequence[Probe], before: dict[str, int]) -> Iterator[Finding]:
    """Remove the probes from where they lie now: a daemon may have moved one since it was found."""
    names = [one.name.encode() for one in probes]
    for folder, last in before.items():
        try:
            ours = [mail.uid for mail in _newer(client, folder, last) if any(name in mail.raw for name in names)]
            if ours:
                client.remove(ours)
        except (ConfigurationError, TemporaryError) as error:
            yield warn(WHAT, f"the probe stays in the mailbox: {error}")
