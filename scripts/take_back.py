"""``python scripts/take_back.py FILE REVISION``: a SQLite database as an older version's schema has it.

With the daemon stopped, by this version, before the older one is installed: what came in since the upgrade stays,
which the backup from before does not have. REVISION is the older version's newest (0.2.0: 0013, 0.1.0: 0004). Make a
backup first.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import text

from db.core.engine import DatabaseInUseError, current_revision, downgrade, open_engine, sole_daemon
from db.register import search


def main() -> int:
    """0 when the database has the older schema; 1 with a line that says why it was left unchanged."""
    if len(sys.argv) != 3 or not Path(sys.argv[1]).is_file():
        print(__doc__)
        return 1
    url, revision = f"sqlite:///{sys.argv[1]}", sys.argv[2]
    engine = open_engine(url)
    try:
        with sole_daemon(url):
            was = current_revision(engine)
            if not revision < was:
                print(f"{sys.argv[1]} is at {was}: nothing to take back to {revision}")
                return 1
            downgrade(engine, revision)
            with engine.begin() as connection:  # the older program makes its own index
                connection.execute(text(f"DROP TABLE IF EXISTS {search.INDEX}"))
            print(f"{sys.argv[1]}: {was} -> {current_revision(engine)}")
    except DatabaseInUseError as error:
        print(error)
        return 1
    finally:
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
