"""One file a step; written by scripts/make_migration.py, then read by a person."""
