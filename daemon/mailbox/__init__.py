"""The official mailbox over IMAP: connect, log in, fetch, move; a hostile server bounded."""
