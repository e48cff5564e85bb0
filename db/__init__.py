"""Tables, engine, migrations, and the code that reads and writes each kind of record."""
