"""The database itself: engine, types, every table, migrations, and the journal that proves what was written."""
