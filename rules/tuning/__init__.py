"""The rule keeper's bench: data files checked, rules measured, replayed over stored mail, learnt from corrections."""
