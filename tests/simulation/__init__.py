"""A city on a virtual clock, and an oracle that judges what came of it without the rules."""
