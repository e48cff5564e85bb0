"""What leaves: queued with final bytes, capped, claimed by one daemon, marked after."""
