"""What every room may use: errors by kind, logs, secrets."""
