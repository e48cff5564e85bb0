"""Reads the facts for a decision and carries out its actions in one transaction; no other room does."""
