"""The clock decides: reminders, lateness, overviews, moved due dates, the nightly comparison."""
