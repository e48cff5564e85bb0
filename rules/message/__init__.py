"""Facts about a mail itself: automatic, returned, authenticated, quoted text, attached files."""
