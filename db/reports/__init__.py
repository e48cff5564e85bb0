"""Overviews, periods, figures and pages, which only read; a person's data, shown and erased; data due for erasure."""
