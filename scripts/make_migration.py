"""Writes a migration from the difference between the newest migration and ``db.core.tables``: NUMBER MESSAGE.

Our own column types become the plain types in which they are stored, so that a migration never imports the program. A
new column that must not be NULL gets a default for the existing rows.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile

from alembic import command

from db.core.engine import MIGRATIONS, alembic_config, open_engine, upgrade

PLAIN = {
    "db.core.dialects.Instant(timezone=True)": "sa.DateTime(timezone=True)",
    "db.core.dialects.Json()": "sa.Text()",
}

EMPTY = {"Text": "", "String": "", "Integer": "0", "BigInteger": "0", "Boolean": "0"}
ADDED = re.compile(r"(add_column\(.*sa\.(Text|String|Integer|BigInteger|Boolean)\([^()]*\), nullable=False)\)")


def main(number: str, message: str) -> None:
    """Write the file and print its name."""
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
    text = ADDED.sub(lambda column: f'{column[1]}, server_default="{EMPTY[column[2]]}")', text)
    path.write_text(re.sub(r"^ *# ### .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    for tidy in (["check", "--fix"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", str(path)], check=True)
    print(path)


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("number", help="of four digits, the one after the newest")
    given.add_argument("message", help="what the migration does, in words")
    main(**vars(given.parse_args()))
