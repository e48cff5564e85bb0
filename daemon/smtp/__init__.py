"""Final bytes go to the mail server, and each mail gets one outcome."""
