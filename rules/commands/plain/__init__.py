"""Commands in ordinary sentences: where one is, what makes it doubtful, and what the citizen gets to read of it."""
