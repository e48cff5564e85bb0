"""django-helpdesk with SQLite in its default setup: one queue on the IMAP mailbox, one run of its ``get_email``.

``python -m benchmarks.peers.helpdesk IMAP_PORT SMTP_PORT FOLDER`` prints its figures as JSON; run by the Python of
its own environment, which has nothing of ours but this folder's meter.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks.limit import MAILBOX, PASSWORD
from benchmarks.meter import Meter

APPS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.admin",
    "django.contrib.humanize",
    "helpdesk",
)


def configure(smtp_port: int, folder: Path) -> None:
    """Make the settings that its manual asks for."""
    settings.configure(
        SECRET_KEY="measured",
        INSTALLED_APPS=APPS,
        SITE_ID=1,
        ROOT_URLCONF="benchmarks.peers.helpdesk_urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "helpdesk.db"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        MEDIA_ROOT=folder / "media",
        MEDIA_URL="/media/",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=smtp_port,
        DEFAULT_FROM_EMAIL=MAILBOX,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        HELPDESK_TEAMS_MODEL="auth.User",
        HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
        HELPDESK_KBITEM_TEAM_GETTER=lambda _: None,
    )
    django.setup()


def main(imap_port: int, smtp_port: int, folder: Path) -> dict[str, float]:
    """Empty INBOX; gives the figures."""
    configure(smtp_port, folder)
    if not (folder / "helpdesk.db").exists():  # the first run prepares and is not measured
        call_command("migrate", verbosity=0)
    from helpdesk.email import process_email
    from helpdesk.models import Queue, Ticket

    box = {
        "email_address": MAILBOX, "email_box_type": "imap", "email_box_host": "127.0.0.1",
        "email_box_port": imap_port,
        "email_box_user": MAILBOX, "email_box_pass": PASSWORD, "email_box_imap_folder": "INBOX",
        "email_box_interval": 0,         "allow_public_submission": True, "allow_email_submission": True,
    }  # fmt: skip
    Queue.objects.update_or_create(slug="doithoai", defaults={"title": "Doi thoai", **box})
    with Meter() as meter:
        process_email(quiet=True)
    return meter.figures(Ticket.objects.count())


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))))
