"""Builds everything that one installation consists of, once, from its configuration.

An authentication result below our server's own ``Received`` counts only after ``doithoai check`` has tested it.

The proof is kept in the database, for one ``authserv-id`` and one server name; a test that fails removes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.base.errors import ConfigurationError
from daemon.config.config import Config
from daemon.config.mail import MailboxSettings
from daemon.documents.forms.own_forms import Forms, load_forms
from daemon.documents.inputs import board_filing
from daemon.documents.making import files_of, postal_letter
from daemon.installation.icalendar import attachments, own_letter
from daemon.letters.compose import Composer, Templates
from daemon.letters.mailto_links import Tagger, desk_target, linked
from daemon.letters.views import ComposedMail, Draft, ItemView, LetterHead, OutAttachment, QuestionView
from daemon.parsing.outside_programs import read_by_programs
from daemon.parsing.parse import ParseLimits, attachment_bytes, parse_mail
from db.core import counters
from db.decision.application import Pending
from db.mails import stored_mails
from db.register import board_papers
from db.register.links import SimilarQuestions
from rules.decide.base.approval_requests import approving_roles
from rules.decide.base.facts import SPARED, BoardFacts, Person, UnitContact
from rules.law.legal_dates import Law
from rules.law.profile import Profile, clause_names, load_laws
from rules.law.profile_file import load_profile
from rules.law.session_rules import CHAIR_RULES, PaperKind
from rules.law.working_days import city_day, load_calendar
from rules.requester.requester import through_form
from rules.routing.routing_rules import RoutingTable, load_routing, with_thresholds
from rules.routing.similar import SimilarIndex
from rules.tuning.check_files import checked
from rules.understand.understand import Knowledge, Understanding, understand
from rules.values.data_file import Source, load_units
from rules.values.model import AttachmentRef, Notice, ParsedMail


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything the loops need besides servers and database. ``clock`` gives now, aware and in UTC."""

    config: Config
    board: BoardFacts
    knowledge: Knowledge
    tagger: Tagger
    composer: Composer
    limits: ParseLimits
    clock: Callable[[], datetime]
    likes: SimilarQuestions = field(default_factory=SimilarQuestions)
    """The index of similar questions, as far as this process has read the register."""
    forms: Forms = field(default_factory=dict)
    """The city's own Word forms of its papers."""

    def read(
        self, raw: bytes, received_at: datetime, alive: Callable[[], None] = lambda: None
    ) -> tuple[ParsedMail, Understanding]:
        """Parse a raw mail and understand it as of the day it came; ``alive`` is called while helpers read files."""
        mail = self.parsed(raw, alive)
        return mail, understand(mail, self.knowledge, self.board.law.today(received_at))

    def parsed(self, raw: bytes, alive: Callable[[], None] = lambda: None) -> ParsedMail:
        """A parsed raw mail, a form's as its asker's, with what helpers read of its files; see ``read``."""
        mail = through_form(parse_mail(raw, self.limits), self.config.mailbox.form_addresses, self.board.source)
        return read_by_programs(raw, mail, self.config.ocr, self.config.signatures, alive)

    def person(self, email: str) -> Person | None:
        """The officer or other listed person with this address, or None."""
        wanted = email.lower()
        deputy = (self.board.deputy,) if self.board.deputy else ()
        named = (self.board.complaints,) if self.board.complaints else ()
        people = (*self.board.officers, *named, self.board.head, *deputy, *self.board.approvers.values())
        return next((one for one in people if one.email.lower() == wanted and one.role != "leader"), None)

    def compose(self, pending: Pending) -> ComposedMail:
        """Final bytes of a notice: signed tags, attachments read from the raw mails, a random Message-ID."""
        notice = linked(pending.notice, self.tagger, pending.now)
        values, letter = self._told_by_hand(pending)
        notice = replace(notice, values={**notice.values, **values}) if values else notice
        name = secrets.token_hex(10)
        draft = Draft(
            notice=notice,
            question=question_view(pending),
            outbox_id=name,
            reply_tag=self._reply_tag(pending),
            bounce_tag=self.tagger.make("b", name),
            now=pending.now,
            attachments=(*letter, *self._files(pending), *self._events(pending)),
        )
        return self.composer.compose(draft)

    def _told_by_hand(self, pending: Pending) -> tuple[Mapping[str, object], tuple[OutAttachment, ...]]:
        """For an asker without mail: what to tell them, and a letter to sign and post where that is the way."""
        letter, row = pending.notice.values.get("letter"), pending.question
        if not isinstance(letter, Notice) or row is None:
            return {}, ()
        draft = Draft(letter, question_view(pending), "letter", "", "", pending.now)
        subject, text = self.composer.words(draft)
        subject = subject.removeprefix(f"[{row.code}] ")
        values = {"subject": subject, "text": text, "spared": SPARED in row.notes}
        if row.channel != "post" and row.asker_phone:
            return values, ()
        filing = board_filing(self.config, self.board.law.profile, city_day(pending.now).year)
        paper = postal_letter(filing, f"{subject} (số {row.code})", text, row.asker_name, row.asker_address)
        made = files_of(paper, f"{paper.kind}-{row.code}")
        return values, tuple(OutAttachment(one.name, one.type, one.data) for one in made)

    def _files(self, pending: Pending) -> tuple[OutAttachment, ...]:
        wanted = pending.notice.attachments
        return tuple(OutAttachment(file.name, file.type, self._file(pending, file)) for file in wanted)

    def _events(self, pending: Pending) -> tuple[OutAttachment, ...]:
        """The session's events beside a mail about it."""
        code = session_code(pending.notice)
        if not code:
            return ()
        events = attachments(pending.connection, self.board, pending.notice, code, pending.now)
        filing = board_filing(self.config, self.board.law.profile, city_day(pending.now).year)
        return (*events, *own_letter(pending.connection, self.forms, filing, pending.notice, code))

    def _file(self, pending: Pending, wanted: AttachmentRef) -> bytes:
        if wanted.sha256:
            return board_papers.file_bytes(pending.connection, wanted.sha256)
        return attachment_bytes(stored_mails.raw_bytes(pending.connection, wanted.raw_mail, sealed=True), wanted.part)

    def _reply_tag(self, pending: Pending) -> str:
        role = pending.notice.recipient.role
        if pending.approval is not None:
            approval = board_papers.approval_facts(pending.connection, approval_id=pending.approval)
            return self.tagger.make("a", approval.token, approval.person) if approval else ""
        if role == "unit" and pending.assignment:
            return self.tagger.make("r", pending.assignment)
        if role in {"officer", "head"}:
            own = pending.question.raw_mail_id if pending.question is not None else None
            said = pending.raw_mail if pending.notice.values.get("unit_mail") else pending.about
            about = said or own or pending.raw_mail
            about = about or desk_target(pending.notice, pending.now)
            return self.tagger.make("o", about, pending.notice.recipient.email) if about else ""
        return ""


WITH_EVENTS = ("session_paper", "session_invitation", "session_changed", "session_day", "officer_alert")
"""Notices that go with the events of the session that they are about."""


def session_code(notice: Notice) -> str:
    """The number of the session whose events go with a notice, "" for none."""
    about = notice.values.get("session")
    code = about.get("code") if isinstance(about, Mapping) else notice.values.get("session_code")
    return code if notice.name in WITH_EVENTS and isinstance(code, str) else ""


def question_view(pending: Pending) -> QuestionView | None:
    """The register row as the templates see it."""
    row = pending.question
    if row is None:
        return None
    shown = items if isinstance(items := pending.notice.values.get("items"), (list, tuple)) else ()
    return QuestionView(
        code=row.code,
        subject=row.subject,
        content=row.content,
        received_at=row.received_at,
        asker_name=row.asker_name,
        asker_kind=row.asker_kind,
        asker_address=row.asker_address,
        asker_phone=row.asker_phone,
        email=row.asker_email,
        field=row.field,
        items=tuple(ItemView(one["number"], one["text"], "") for one in shown),
        unnamed=row.name_consent is False,
    )


def build_installation(
    config: Config, key: bytes, clock: Callable[[], datetime], source: Source | None = None
) -> Installation:
    """Make and check everything. Raises ``ConfigurationError`` or ``DataFileError`` in one clear line."""
    source = checked(source or config.source)
    board = build_board(config, source)
    return Installation(
        config=config,
        board=board,
        knowledge=Knowledge(board.units, routing_of(config, source), unit_senders(config)),
        tagger=Tagger(key, config.mailbox.address, config.mailbox.subaddress),
        composer=Composer(Templates(config.rules.folder), letter_head(config, board.law.profile)),
        limits=ParseLimits(mail_bytes=config.limits.max_mail_bytes),
        clock=clock,
        likes=SimilarQuestions(SimilarIndex(source)),
        forms=load_forms(config.rules.folder),
    )


def routing_of(config: Config, source: Source) -> RoutingTable:
    """The routing rules of these files, with the thresholds that the configuration sets."""
    return with_thresholds(load_routing(source), config.rules.forward_threshold, config.rules.review_threshold)


def build_board(config: Config, source: Source | None = None) -> BoardFacts:
    """The people and the law of this installation: all that needs no key. Raises as :func:`build_installation`."""
    source = source or config.source
    law = Law(load_profile(config.rules.profile, source), load_calendar(source))
    return BoardFacts(
        mailbox=config.mailbox.address,
        officers=tuple(Person(one.name, one.email, "officer") for one in config.board.officers),
        head=Person(config.board.head.name, config.board.head.email, "head"),
        office=Person(config.board.office.name, config.board.office.email, "office"),
        contacts=_contacts(config),
        units=load_units(source),
        source=source,
        law=law,
        where_to_complain=config.board.where_to_complain,
        require_authentication=bool(config.mailbox.authserv_id),
        deputy=_deputy(config),
        complaints=_named(config),
        head_absent=config.board.head.absence,
        answer_delay=timedelta(minutes=config.desk.answer_delay_minutes),
        approvers=approvers_of(config, law.profile),
        invited=dict(config.board.invited),
        publishes=config.publication.folder is not None and bool(config.publication.base_url),
    )


def _named(config: Config) -> Person | None:
    one = config.board.complaints
    return Person(one.name, one.email, "officer") if one else None


def _deputy(config: Config) -> Person | None:
    head = config.board.head
    return Person(head.deputy_name, head.deputy_email, "head") if head.deputy_email else None


def _contacts(config: Config) -> Mapping[str, UnitContact]:
    return {
        code: UnitContact(
            code,
            unit.address,
            unit.other_addresses,
            unit.domains,
            unit.leader_name,
            unit.leader_email or "",
        )
        for code, unit in config.units.items()
    }


def unit_senders(config: Config) -> dict[str, str]:
    """Maps an address, or ``@domain``, to the unit it speaks for; a full address wins over a domain."""
    senders: dict[str, str] = {}
    for code, unit in config.units.items():
        senders |= {f"@{domain.lower()}": code for domain in unit.domains}
    for code, unit in config.units.items():
        senders |= {address.lower(): code for address in unit.addresses()}
    return senders


def approvers_of(config: Config, profile: Profile) -> Mapping[str, Person]:
    """The persons who approve beside the Head, by the profile's role. A role without one: ``ConfigurationError``.

    The person who decides on a session's topic may be missing: that proposal then goes out on paper.
    """
    board = config.board
    named = {"office": board.office, **board.approvers}
    roles = {role: kind for kind in PaperKind for role in approving_roles(profile, kind) if role != "head"}
    for role, kind in roles.items():
        if role not in named:
            raise ConfigurationError(
                f"board.approvers.{role}: missing; profile {profile.name} wants {profile.roles[role]!r}"
                f" to approve every {kind.value}"
            )
    deciding = {role for level in CHAIR_RULES.values() if (rule := profile.find(level)) for role in rule.approves}
    wanted = (*roles, *(role for role in deciding if role in named and role not in roles))
    return {
        **_charged(config, profile),
        **{role: Person(named[role].name, named[role].email, "approver") for role in wanted},
    }


def _charged(config: Config, profile: Profile) -> Mapping[str, Person]:
    """Who signs for a unit that the regulation charges with a paper (22): its leader, else its official address."""
    units = ((role, config.units.get(code)) for role, code in profile.charged.items())
    return {
        role: Person(
            unit.leader_name or f"Lãnh đạo {profile.roles[role]}", unit.leader_email or unit.address, "leader"
        )
        for role, unit in units
        if unit is not None
    }


def letter_head(config: Config, profile: Profile) -> LetterHead:
    """The sender's details for the templates; the regulation that letters cite is the profile's."""
    board = config.board
    return LetterHead(
        name=board.name,
        mailbox=config.mailbox.address,
        display_name=config.mailbox.display_name,
        city=board.city,
        prefix=board.prefix,
        phone=board.phone,
        website=board.website,
        where_to_complain=board.where_to_complain,
        privacy_contact=board.privacy_contact,
        privacy_page=board.privacy_page,
        subaddress=config.mailbox.subaddress,
        regulation=profile.regulation,
        clauses=clause_names(profile),
        committee=profile.roles["city"],
        office=profile.roles["office"],
        portal=profile.roles["portal"],
        cited=words_cited(profile),
        laws={law.id: law.name for law in load_laws(config.source).values()},
    )


def words_cited(profile: Profile) -> dict[str, str]:
    """The citations that letters write after "theo", by the ids of the profile's rules."""
    return {rule.id: profile.cited(rule.id) for rule in profile.rules}


PROVED = "forged_results_removed"


def believed_below(connection: Connection, mailbox: MailboxSettings) -> str:
    """The name of the server whose result below its own ``Received`` counts, "" for none."""
    wanted = _about(mailbox)
    return mailbox.results_below_received if wanted and counters.get_state(connection, PROVED) == wanted else ""


def note_proof(connection: Connection, mailbox: MailboxSettings, *, removed: bool) -> None:
    """Store the result of the server's test."""
    counters.set_state(connection, PROVED, _about(mailbox) if removed else "")


def _about(mailbox: MailboxSettings) -> str:
    below = mailbox.results_below_received.lower()
    return f"{mailbox.authserv_id.lower()} {below}" if below and mailbox.authserv_id else ""
