"""The one door: facts and now in, a list of actions out."""
