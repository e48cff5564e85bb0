"""The ledger of raw mails: one row and one fate per mail, nothing lost; denunciations sealed."""
