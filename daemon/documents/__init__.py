"""Administrative documents of a session in the form of Decree 30/2020/NĐ-CP: content once, DOCX and PDF from it.

Builders turn a frozen input into a :class:`Document`; writers turn that into bytes; nothing here reads a clock.
"""
