"""A session as a whole, its dated duties, its papers approved."""
