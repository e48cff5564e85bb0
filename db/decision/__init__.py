"""Read the facts, carry out the actions: one transaction, the only writer."""
