"""The official mailbox over IMAP: connect, log in, fetch, move, with limits against a hostile server."""
