"""A unit replies: an answer, a refusal, more time, and what the citizen hears."""
