"""Every text that leaves the house, in Vietnamese, one file a notice."""
