"""Hands final bytes to the mail server and gives each mail one outcome."""
