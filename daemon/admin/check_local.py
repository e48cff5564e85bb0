"""Checks of what lies on this machine: secrets, rule data, calendar, units, templates, places to write to.

Also what administrators forget: values left from the example, circular addresses, disk space.
"""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

from daemon.admin.findings import Finding, bad, of_error, ok, warn
from daemon.base import clock
from daemon.base.errors import ConfigurationError
from daemon.base.secrets import SecretSource
from daemon.config import example
from daemon.config.base import Section, did_you_mean
from daemon.config.config import Config
from daemon.config.database import wrong_place
from daemon.config.mail import SmtpSettings
from daemon.documents.forms.own_forms import NAMES, form_faults, own_forms, strange_forms
from daemon.documents.pdf import find_font
from daemon.installation.installation import build_installation, letter_head, routing_of
from daemon.letters.compose import MEND, Composer, Templates, shipped_templates, unread_templates
from daemon.letters.selftest import self_test
from daemon.monitoring.troubles import of_calendar
from daemon.portal.pages import self_test as portal_faults
from db.core.engine import sqlite_path
from rules.law.profile import load_laws
from rules.law.profile_file import load_profile
from rules.law.working_days import city_day, load_calendar
from rules.tuning.check_files import file_faults, own_files, strange_files
from rules.tuning.measure import without_marks
from rules.values.data_file import DataFileError, load_units

LAW_CITED = re.compile(r'"(\w+)" \| law\b')
"""How a template names a law."""
RESERVED = re.compile(r"(^|[.@])(example|example\.(com|net|org)|invalid)\.?$", re.IGNORECASE)
"""Names that nobody can have (RFC 2606, RFC 6761); those of ``test`` are for trials."""
UNFILLED = "…"
"""Where the example leaves out what only the house knows."""
WEB_ADDRESS = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:[0-9]+)?(/\S*)?", re.IGNORECASE)
LEAST_FREE = 200_000_000
"""Free bytes on the register's disk below which the check fails: a few large mails would fill them."""
NO_OWN_FOLDER = 'rules.folder is not set: first write folder = "/etc/doithoai/rules" under [rules]'
MANY = 8
"""How many unit names stand in one line; the rest are counted."""


def secrets(config: Config) -> Iterator[Finding]:
    """Each secret can be read, is fit for its purpose, and cannot be read by others."""
    for section, source in _sources(config):
        try:
            _read(config, section)
        except ConfigurationError as error:
            yield from of_error("secrets", error)
            continue
        if getattr(section, "token_command", ()):
            yield ok("secrets", f"{source.what}: token_command prints a token")
            continue
        careless = source.warning()
        yield (warn if careless else ok)("secrets", f"{source.what}: {careless or source.locate()}")


def _sources(config: Config) -> Iterator[tuple[Section, SecretSource]]:
    yield config.secrets, config.secrets.secret
    yield config.imap, config.imap.secret
    if config.smtp.user:
        yield config.smtp, config.smtp.secret
    if config.alarm.smtp is not None and config.alarm.smtp.user:
        yield config.alarm.smtp, config.alarm.smtp.secret
    if config.database.password_file or config.database.credential:
        yield config.database, config.database.secret


def _read(config: Config, section: Section) -> None:
    if section is config.secrets:
        config.secrets.signing_key()
    elif section is config.database:
        config.database.full_url()
    elif section is config.imap:
        config.imap.for_client()
    elif isinstance(section, SmtpSettings):
        section.password()


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
    """The house's pages; who gets complaints (clause 1.2; Law on Denunciation 2018: as few as possible)."""
    for key in ("website", "privacy_page"):
        value = getattr(config.board, key)
        if value and not WEB_ADDRESS.fullmatch(value):
            remedy = 'write one such as "https://doithoai.haiphong.gov.vn", for letters link there, or ""'
            yield bad("board", f'board.{key}: "{value}" is no web address', remedy)
    named = config.board.complaints
    if named is None:
        yield warn("board", "complaints is not set: the first officer gets complaints and hears of denunciations")
        return
    yield ok("board", f"complaints and denunciations: {named.name}")


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
    for dead in without_marks(routing, own_files(config.source)):
        text, _, remedy = dead.partition("; ")
        yield warn("rules", text, remedy)
    limits = routing.scoring.threshold
    told = f"forwards from {limits['forward']:.2f}, unclear below {limits['review']:.2f}"
    yield ok("rules", f"routing: {len(routing.fields)} fields of work, {told}")


def calendar(config: Config) -> Iterator[Finding]:
    """The days off are known for this year and, in December, for the next."""
    days = load_calendar(config.source)
    wrong = list(of_calendar(city_day(clock.now()), days))
    for one in wrong:
        text, _, remedy = one.text.partition("; ")
        yield warn("calendar", text, remedy if config.rules.folder else f"{remedy} ({NO_OWN_FOLDER})")
    if not wrong:
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
    folder, file = config.publication.folder, config.calendar.file
    if folder is not None:
        yield from _place("public", "publication.folder", folder, folder)
        if not config.publication.base_url:
            yield warn("public", "publication.base_url is empty: askers are not told where their answer stands")
    if file is not None:
        yield from _place("public", "calendar.file", file, file.parent)
    if folder is None and file is None:
        yield ok("public", "nothing is laid out for others")


def examples(config: Config) -> Iterator[Finding]:
    """No value of the example configuration is left where the house's own belongs."""
    left = [name for name, value in _places(config) if RESERVED.search(value)]
    if UNFILLED in config.board.where_to_complain:
        left.append("board.where_to_complain")
    if left:
        yield bad("example", f"values of the example are left: {', '.join(left)}", "write your own in their place")
    sample = tomllib.loads(example())["board"]
    people = {sample["head"]["name"], *(one["name"] for one in sample["officers"])}
    names = [name for name, one in config.board.people() if one.name in people]
    if config.board.phone and config.board.phone == sample["phone"]:
        names.append("board.phone")
    if names:
        yield warn("example", f"as in the example: {', '.join(names)}", "citizens and officers read these in letters")
    if not left and not names:
        yield ok("example", "no value of the example is left")


def _places(config: Config) -> Iterator[tuple[str, str]]:
    """Every address and host name, with its key."""
    yield "mailbox.address", config.mailbox.address
    for section in ("imap", "smtp"):
        yield f"{section}.host", getattr(config, section).host
        yield f"{section}.user", getattr(config, section).user
    yield from ((f"{name}.email", one.email) for name, one in config.board.people())
    yield from ((f"units.{code}.address", unit.address) for code, unit in config.units.items())
    yield "board.website", config.board.website.removeprefix("https://").removeprefix("http://").partition("/")[0]
    yield "board.privacy_contact", config.board.privacy_contact
    if config.alarm.smtp is not None:
        yield "alarm.smtp.host", config.alarm.smtp.host


def addresses(config: Config) -> Iterator[Finding]:
    """Nobody of the house has the mailbox's own address: their mail would come back as citizens' mail."""
    named = list(config.board.addresses())
    named += [(f"units.{code}.leader_email", unit.leader_email or "") for code, unit in config.units.items()]
    circles = [name for name, address in named if _is_own(config, address)]
    if circles:
        remedy = "write each person's own address there"
        yield bad("addresses", f"the mailbox's own address stands as {', '.join(circles)}", remedy)
    else:
        yield ok("addresses", "nobody of the house has the mailbox's own address")
    of_units = {one.casefold(): code for code, unit in config.units.items() for one in unit.addresses()}
    for name, person in config.board.people():
        if (code := of_units.get(person.email.casefold())) is not None and name != "board.office":
            text = f"{name}.email is an address of units.{code} too: whose words a mail from it are cannot be told"
            yield warn("addresses", text, "write for each its own")


def _is_own(config: Config, address: str) -> bool:
    local, _, domain = address.lower().partition("@")
    own, _, own_domain = config.mailbox.address.lower().partition("@")
    sign = config.mailbox.subaddress
    bare = local.partition(sign)[0] if sign else local
    return domain == own_domain and own in (local, bare)


def places(config: Config) -> Iterator[Finding]:
    """Every place to write to is writable and has room."""
    register = sqlite_path(config.database.url)
    if register is not None and wrong_place(register):
        register = None  # the check of the database tells it
    if register is not None:
        yield from _place("places", "database.url", register.parent, register.parent)
    figures = config.metrics.file
    if figures is not None and not figures.parent.exists():
        text = f"metrics.file: the folder {figures.parent} is missing"
        yield bad("places", text, "make it, or name the one that the textfile collector reads")
    elif figures is not None:
        yield from _place("places", "metrics.file", figures, figures.parent)
    if register is not None:
        yield from _room(config, register.parent)


def _place(what: str, key: str, path: Path, folder: Path) -> Iterator[Finding]:
    """Whether we may write in this folder, or in the nearest above it that is there."""
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    if path != folder and path.is_dir():
        yield bad(what, f"{key}: {path} is a folder", f"name a file in it under {key}")
    elif not there.is_dir():
        yield bad(what, f"{key}: {there} is no folder", f"remove it, or name another place under {key}")
    elif not os.access(there, os.W_OK | os.X_OK) or _is_read_only(there):
        remedy = f"give the service's account the right to write in {there}, or name another place"
        yield bad(what, f"{key}: {path} cannot be written", remedy)
    else:
        yield ok(what, f"{key}: {path}")


def _is_read_only(folder: Path) -> bool:
    """True on a disk mounted read-only, which even root cannot write to."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _room(config: Config, folder: Path) -> Iterator[Finding]:
    there = next((path for path in (folder, *folder.parents) if path.is_dir()), Path("/"))
    usage = shutil.disk_usage(there)
    percent = 100 * usage.free // usage.total
    text = f"{usage.free // 1_000_000} MB ({percent} %) are free in {there}"
    remedy = "make room, or name another place in database.url"
    if usage.free < LEAST_FREE:
        yield bad("space", text, remedy)
    elif percent < config.alarm.disk_free_percent:
        yield warn("space", text, remedy)
    else:
        yield ok("space", text)
