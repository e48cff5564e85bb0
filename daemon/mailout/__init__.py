"""Mail out: templates become mails with fixed bytes, and those bytes go to the SMTP server."""
