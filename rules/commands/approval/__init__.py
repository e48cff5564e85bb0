"""What a leader answers to a paper: approved, sent back, or to be asked about."""
