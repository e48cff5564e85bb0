"""The kind of a mail, the unit that answers it (with score and reasons), and similar questions."""
