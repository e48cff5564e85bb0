"""The daemon looks after itself: figures, alarms by a second path, systemd."""
