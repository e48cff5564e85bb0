"""Tables, engine, migrations, and what reads and writes each aggregate."""
