"""Checks of this machine's own files: secrets, rule data, calendar, units, templates."""

from __future__ import annotations

import os
import re
import shutil
import ssl
from collections.abc import Iterator

from daemon.admin.findings import Finding, bad, ok, warn
from daemon.base import clock
from daemon.base.errors import ConfigurationError
from daemon.base.secrets import SecretSource
from daemon.config.base import Section, did_you_mean
from daemon.config.config import Config
from daemon.documents.forms.own_forms import NAMES, form_faults, own_forms, strange_forms
from daemon.documents.pdf import find_font
from daemon.installation.installation import build_installation, letter_head, routing_of
from daemon.letters.compose import MEND, Composer, Templates, shipped_templates, unread_templates
from daemon.letters.selftest import self_test
from daemon.portal.pages import self_test as portal_faults
from rules.law.profile import load_laws
from rules.law.profile_file import load_profile
from rules.law.working_days import calendar_warnings, city_day, load_calendar
from rules.tuning.check_files import file_faults, strange_files
from rules.values.data_file import DataFileError, load_units

LAW_CITED = re.compile(r'"(\w+)" \| law\b')
"""How a template names a law."""


MANY = 8
"""How many unit names stand in one line; the rest are counted."""


def secrets(config: Config) -> Iterator[Finding]:
    """Each secret can be read, is fit for its purpose, and cannot be read by others."""
    for section, source in _sources(config):
        try:
            _read(config, section)
        except ConfigurationError as error:
            yield bad("secrets", str(error))
            continue
        if getattr(section, "token_command", ()):
            yield ok("secrets", f"{source.what}: token_command prints a token")
            continue
        careless = source.warning()
        yield (
            warn("secrets", f"{source.what}: {careless}")
            if careless
            else ok("secrets", f"{source.what}: {source.locate()}")
        )


def _sources(config: Config) -> Iterator[tuple[Section, SecretSource]]:
    yield config.secrets, config.secrets.secret
    yield config.imap, config.imap.secret
    if config.smtp.user:
        yield config.smtp, config.smtp.secret
    if config.database.password_file or config.database.credential:
        yield config.database, config.database.secret


def _read(config: Config, section: Section) -> None:
    if section is config.secrets:
        config.secrets.signing_key()
    elif section is config.database:
        config.database.full_url()
    elif section is config.imap:
        config.imap.for_client()
    else:
        config.smtp.password()


def mailbox(config: Config) -> Iterator[Finding]:
    """The mailbox settings that are still open."""
    if not config.mailbox.subaddress:
        yield warn(
            "mailbox", "no subaddress: answers are matched by headers and numbers only, bounces by their content"
        )
    if not config.mailbox.authserv_id:
        yield warn("mailbox", "authserv_id is empty: senders' authentication is not looked at")
    for form in config.mailbox.forms:
        yield ok("mailbox", f"{form}: read as the website's form, the asker taken from Reply-To or the field “Email”")
    since, today = config.mailbox.since, city_day(clock.now())
    if since is not None and since > today:
        text = f"since = {since} lies in the future: every mail until then would be left alone"
        yield bad("mailbox", text, f"write since = {today}, or an earlier day")
    yield ok("mailbox", config.mailbox.address)


def board(config: Config) -> Iterator[Finding]:
    """Who gets complaints and denunciations (clause 1.2; Law on Denunciation 2018: as few as possible)."""
    named = config.board.complaints
    if named is None:
        yield warn("board", "complaints is not set: the first officer gets complaints and hears of denunciations")
        return
    yield ok("board", f"complaints and denunciations: {named.name}")


def smime(config: Config) -> Iterator[Finding]:
    """Who must sign, and whether signatures can be checked."""
    if not config.smime.required:
        yield ok("smime", "nobody's acts need a signature")
        return
    if shutil.which("openssl") is None:
        yield bad("smime", "the program openssl is missing: no signature can be checked, and these acts are held")
    try:
        ssl.create_default_context(cafile=str(config.smime.ca_file))
    except (OSError, ssl.SSLError):
        text = f"smime.ca_file: {config.smime.ca_file} has no certificates that can be read"
        yield bad("smime", text, "it must hold the authority's certificates as PEM")
        return
    if not config.mailbox.authserv_id:
        yield warn(
            "smime", "authserv_id is empty: a signature covers the text, not who a mail is from and what it answers"
        )
    yield ok("smime", f"acts of {', '.join(config.smime.required)} must be signed")


def rules(config: Config) -> Iterator[Finding]:
    """The profile and the routing rules can be read."""
    folder = config.rules.folder
    if folder is not None and not folder.is_dir():
        yield bad("rules", f"rules.folder: {folder} is no folder", "make it, or take rules.folder out")
    profile = load_profile(config.rules.profile, config.source)
    faults = [fault for fault in file_faults(config.source) if not fault.startswith("calendar.tsv")]
    yield from (bad("rules", fault) for fault in faults)
    yield from (warn("rules", strange) for strange in strange_files(config.source))
    yield ok("rules", f"profile {config.rules.profile}: {len(profile.session_rules())} duties of a session")
    if faults:
        return  # the routing check would report the same fault again
    routing = routing_of(config, config.source)
    limits = routing.scoring.threshold
    told = f"forwards from {limits['forward']:.2f}, unclear below {limits['review']:.2f}"
    yield ok("rules", f"routing: {len(routing.fields)} fields of work, {told}")


def calendar(config: Config) -> Iterator[Finding]:
    """The days off are known for this year and, in December, for the next."""
    days = load_calendar(config.source)
    warnings = calendar_warnings(city_day(clock.now()), days)
    yield from (warn("calendar", text) for text in warnings)
    if not warnings:
        yield ok("calendar", f"version {days.version}")


def units(config: Config) -> Iterator[Finding]:
    """Present units without an address, and addresses of units that no longer exist."""
    today = city_day(clock.now())
    known = load_units(config.source)
    current = {code for code, unit in known.items() if unit.valid_on(today)}
    for code in sorted(set(config.units) - current):
        successor = known[code].successor
        yield warn("units", f"{code} is no more" + (f"; its successor is {successor}" if successor else ""))
    missing = sorted(current - set(config.units))
    if missing:
        names = ", ".join(missing[:MANY]) + (f" and {len(missing) - MANY} more" if len(missing) > MANY else "")
        yield warn(
            "units",
            f"{len(missing)} of {len(current)} without an address, their questions go to the officers: {names}",
        )
    yield ok("units", f"{len(current) - len(missing)} of {len(current)} have an address")


def templates(config: Config) -> Iterator[Finding]:
    """Every notice can be composed, and no value escapes from its place."""
    head = letter_head(config, load_profile(config.rules.profile, config.source))
    composer = Composer(Templates(config.rules.folder), head)
    wrong = self_test(composer)
    yield from (bad("templates", f"{text}; {MEND}") for text in wrong)
    for name in unread_templates(config.rules.folder):
        yield warn("templates", f"{name}: no mail is called so{did_you_mean(name, shipped_templates())}")
    if not wrong:
        yield ok("templates", "every notice can be written, and withstands the self-test")


def portal(config: Config) -> Iterator[Finding]:
    """Every portal page can be written, and no value escapes from its place."""
    try:
        installation = build_installation(config, bytes(32), clock.now)
    except (ConfigurationError, DataFileError):
        return  # another check reports the fault
    wrong = portal_faults(installation)
    yield from (bad("portal", text) for text in wrong)
    if not wrong:
        yield ok("portal", "every page can be written, and withstands the self-test")


def laws(config: Config) -> Iterator[Finding]:
    """No law cited in a mail template has expired."""
    sources = Templates(config.rules.folder).sources.values()
    cited = {name for text in sources for name in LAW_CITED.findall(text)}
    known = load_laws(config.source)
    ended = [known[name] for name in sorted(cited & set(known)) if known[name].ended(city_day(clock.now()))]
    yield from (bad("laws", f"no law {name!r} in laws.toml, which a template cites") for name in cited - set(known))
    for law in ended:
        instead = f"; {known[law.instead].name} stands in its place" if law.instead else ""
        yield warn("laws", f"{law.name} is cited and has ended on {law.ends}{instead}")
    if cited <= set(known) and not ended:
        yield ok("laws", f"{len(cited)} laws are cited, all in force")


def papers(_: Config) -> Iterator[Finding]:
    """The font of printed papers is installed; without it no paper can be drafted."""
    try:
        yield ok("papers", f"PDF files are set in {find_font().family}")
    except ConfigurationError as error:
        yield warn("papers", str(error))


def forms(config: Config) -> Iterator[Finding]:
    """Every Word form of the city's own can be filled in, with all values and with the fewest."""
    own = own_forms(config.rules.folder)
    wrong = list(form_faults(own))
    yield from (bad("forms", text) for text in wrong)
    for name in strange_forms(config.rules.folder):
        yield warn("forms", f"{name}: no paper has a form of this name{did_you_mean(name, NAMES.values())}")
    if not wrong:
        names = ", ".join(one.name for one in own.values())
        yield ok("forms", f"own forms: {names}" if names else "no own forms; papers are made as they ship")


def public(config: Config) -> Iterator[Finding]:
    """The places for published files can be written, and the portal's address is known."""
    told = 0
    places = (("publication.folder", config.publication.folder), ("calendar.file", config.calendar.file))
    for name, path in places:
        if path is None:
            continue
        told += 1
        folder = path if name.endswith("folder") else path.parent
        there = next(one for one in (folder, *folder.parents) if one.exists())
        writable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
        remedy = f"give the service's account the right to write in {there}"
        yield (
            ok("public", f"{name}: {path}")
            if writable
            else bad("public", f"{name}: {path} cannot be written", remedy)
        )
    if config.publication.folder is not None and not config.publication.base_url:
        yield warn("public", "publication.base_url is empty: askers are not told where their answer stands")
    if not told:
        yield ok("public", "nothing is laid out for others")
