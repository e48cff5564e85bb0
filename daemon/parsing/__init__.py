"""Reads raw bytes into a ParsedMail, whatever the bytes are: limits, header, MIME tree, text, attachments."""
