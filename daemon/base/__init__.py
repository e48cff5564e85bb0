"""What every room may use: errors by kind, logs, files written whole, secrets."""
