"""Understands a unit's or a citizen's reply: verb, questions, unit, date, its own document number."""
