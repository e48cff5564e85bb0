"""The administrator's tasks beside the loop: check, explain, evidence."""
