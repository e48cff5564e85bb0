"""One line of an officer's mail as a command with its arguments; the form of a session as data."""
