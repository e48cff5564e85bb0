"""What everybody may read: approved answers as a folder, a calendar file."""
