"""Outgoing mail: queued with final bytes, capped, claimed by one daemon, marked with its result."""
