"""The database itself: engine, types, every table, migrations, the journal that proves what was written."""
