"""Reads the facts for a decision and carries out its actions in one transaction; nothing else carries them out."""
