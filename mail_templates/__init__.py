"""Every text that leaves, in Vietnamese: one file a notice, ``NAME.txt.j2``, its first line ``Subject: …``.

A line of a template is a line of the mail, never wrapped; an empty line parts paragraphs. Marks: ``## heading``,
``- item``, ``**strong**`` (in templates only: a value never makes one). No logic beyond if/for; unknown names are
errors. ``{{ value }}`` prints one clean line; ``| quote`` and ``| block`` print texts of several lines. Dates and
clauses: ``| due``, ``| vn_date``, ``| vn_datetime``, ``| short_date``, ``| clause_short``, ``| clause_name``.
``signature.txt.j2`` ends each mail, ``citation.txt.j2`` follows where the text says "Quy chế"; files that begin
with ``_`` are put into others. An operator's folder may hold files of the same names: they win.
"""
