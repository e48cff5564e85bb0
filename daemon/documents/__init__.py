"""A session's administrative documents in the form of Decree 30/2020/NĐ-CP: one content, written as DOCX and PDF.

Builders turn a frozen input into a :class:`Document`; writers turn that into bytes; nothing here reads a clock.
"""
