"""Reading only: overviews, periods, figures, pages, a person's data, what may be erased."""
