"""The configuration: one TOML file, typed, checked completely at start."""
