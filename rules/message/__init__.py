"""What a mail says of itself: automatic, bounced, who vouches for it, what is quoted, what hangs on it."""
