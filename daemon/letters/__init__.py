"""Turns a draft into a mail with fixed bytes: template, markup, header, MIME, links to answer with."""
