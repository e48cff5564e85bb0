"""When to retry. Pure: the caller stores the instant before it connects."""

from __future__ import annotations

from datetime import datetime, timedelta

# Minutes after the n-th failed try. RFC 5321 §4.5.4.1 asks for at least 30 minutes once the first tries
# failed, and for giving up after 4–5 days; the first retries are quick because most faults are short.
SMTP_STEPS = (1, 5, 15, 30, 60, 120, 240)
SMTP_GIVE_UP = timedelta(days=5)

# A mail that makes the program fail: three attempts, then quarantine, so that the next mail goes on.
POISON_ATTEMPTS = 3
POISON_STEPS = (0, 1, 10)

# Reconnecting to a server: seconds after the n-th failure in a row.
CONNECT_STEPS = (1, 2, 5, 15, 30, 60, 120, 300)


def next_smtp_attempt(attempts: int, created_at: datetime, now: datetime) -> datetime | None:
    """The instant of the next attempt after ``attempts`` failed ones; None = give up (RFC 5321 §4.5.4.1)."""
    if now - created_at >= SMTP_GIVE_UP:
        return None
    return now + timedelta(minutes=SMTP_STEPS[min(attempts, len(SMTP_STEPS)) - 1])


def next_poison_attempt(attempts: int, now: datetime) -> datetime | None:
    """The instant of the next attempt at a mail that failed ``attempts`` times; None = quarantine."""
    if attempts >= POISON_ATTEMPTS:
        return None
    return now + timedelta(minutes=POISON_STEPS[attempts])


def connect_delay(failures: int) -> float:
    """Seconds to wait after ``failures`` failed connections in a row."""
    return 0.0 if failures <= 0 else float(CONNECT_STEPS[min(failures, len(CONNECT_STEPS)) - 1])
