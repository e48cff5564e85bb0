"""Pure decisions: no clock, no socket, no database. Data files come in through ``rules.values.data_file``."""
