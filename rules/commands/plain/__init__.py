"""Orders in plain sentences: where one stands, what leaves it in doubt, and what of it the citizen reads."""
