"""Value types used by all other rooms: a mail, a unit, a question, its states, a counted date;
and access to data files.
"""
