"""A unit replies: with an answer, a refusal, a request for more time; and the notices to the citizen."""
