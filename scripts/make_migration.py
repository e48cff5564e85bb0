"""Write a migration from the difference between the newest migration and ``db.core.tables``: NUMBER MESSAGE.

Column types of our own become the plain types they store as, so that a migration never imports the program.
"""

from __future__ import annotations

import re
import sys
import tempfile

from alembic import command

from db.core.engine import MIGRATIONS, open_engine
from db.core.schema import alembic_config, upgrade

PLAIN = {"db.core.types.Instant(timezone=True)": "sa.DateTime(timezone=True)", "db.core.types.Json()": "sa.Text()"}


def main(number: str, message: str) -> None:
    """Make the file and print its name."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/empty.db")
        if list((MIGRATIONS / "versions").glob("0*.py")):
            upgrade(engine)
        with engine.begin() as connection:
            command.revision(alembic_config(connection), message=message, autogenerate=True, rev_id=number)
    path = next((MIGRATIONS / "versions").glob(f"{number}_*.py"))
    text = path.read_text(encoding="utf-8")
    for ours, plain in PLAIN.items():
        text = text.replace(ours, plain)
    path.write_text(re.sub(r"^ *# ### .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
