"""Decisions by the clock: reminders, lateness, overviews, moved due dates, the nightly comparison."""
