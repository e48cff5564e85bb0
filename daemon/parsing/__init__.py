"""From raw bytes to a ParsedMail, whatever the bytes are: limits, header, MIME tree, text, attachments."""
