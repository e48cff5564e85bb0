"""Sessions, and the papers drafted for them from the register: proposed, approved, exported."""
