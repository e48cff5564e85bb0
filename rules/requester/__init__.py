"""Who asks: name, address and phone out of Vietnamese prose,
and the same left out where everybody may read (8.3, 21.1).
"""
