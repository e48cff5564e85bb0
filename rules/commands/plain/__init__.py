"""Commands in ordinary sentences: which act a mail sounds like, what it names for it, what others read of it."""
