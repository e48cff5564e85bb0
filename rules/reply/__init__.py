"""What a unit's or a citizen's reply says: verb, questions, unit, date, its own document number."""
