"""Finds the requester's name, address and phone in Vietnamese prose,
and removes them from texts that everybody may read (8.3, 21.1).
"""
