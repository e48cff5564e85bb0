"""Tools for maintaining rules: check data files, measure rules, replay stored mail, learn from corrections."""
