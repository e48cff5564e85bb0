"""What every room may use: errors by kind, logs, files replaced in one step, secrets."""
