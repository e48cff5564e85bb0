"""The ledger of raw mails: one row a mail, one fate, nothing lost; denunciations sealed."""
