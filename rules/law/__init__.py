"""Computes every "ngày" of the regulation as a date with its clause and reason; nothing here knows of mail."""
