"""Training and measuring of the statistical votes on whole mails; not part of an installation."""
