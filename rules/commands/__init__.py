"""Turns a line of an officer's mail into a command with its arguments, and a session's form into data."""
