"""Value types that every other room speaks of: a mail, a unit, a question, its states, a counted date,
how a data file is opened.
"""
