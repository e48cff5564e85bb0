"""Mail in: the mailbox client, and the parser of what it brings."""
