"""What everybody may look at: approved answers as a folder, a calendar file."""
