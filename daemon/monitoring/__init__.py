"""The daemon watches itself: figures, alarms by a second path, systemd."""
