"""Reading only: overviews, periods, figures, pages, a person's data, data due for erasure."""
