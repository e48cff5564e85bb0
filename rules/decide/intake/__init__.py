"""A mail arrives: known, new, a citizen's follow-up, a request for status or withdrawal, a bounce."""
