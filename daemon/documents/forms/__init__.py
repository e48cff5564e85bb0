"""The city's own Word forms of its papers: opened under limits, filled in by docxtpl in a sandbox, read back as text.

A form is a file of ``forms/`` in the operator's rules folder, such as ``ke-hoach.docx``. It prints plain values with
Vietnamese names, and calls nothing. ``doithoai check`` and every start try each form with made-up values.
"""
