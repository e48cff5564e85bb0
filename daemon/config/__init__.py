"""The configuration: one TOML file, typed, checked whole at start."""
