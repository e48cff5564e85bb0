"""A session as a whole: its dated duties, its papers and their approval."""
