"""A draft becomes a mail with fixed bytes: template, markup, header, MIME, links to answer with."""
