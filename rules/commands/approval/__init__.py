"""What a leader replies about a paper: approved, sent back, or unclear, so that he must be asked."""
