"""Read-only pages on loopback, behind the site's proxy: ``doithoai web``. Needs the extra ``web``."""
