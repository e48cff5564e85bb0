"""Administrative documents of a session in the form of Decree 30/2020/NĐ-CP: content once, DOCX and PDF from it.

Builders turn a frozen input into a :class:`Document`; writers turn that into bytes; nothing here reads a clock.
"""

from __future__ import annotations

from daemon.documents.docx import to_docx
from daemon.documents.inputs import IncompleteDocument
from daemon.documents.model import Document, Letterhead, Signature, digest, issue
from daemon.documents.pdf import to_pdf
from daemon.documents.reports import (
    build_evidence,
    build_quarterly_plan,
    build_register,
    build_report,
    build_review_pack,
)
from daemon.documents.session_papers import (
    build_forwarding_letter,
    build_plan,
    build_portal_notice,
    build_proposal,
    build_script,
    build_urging_letter,
)
from daemon.documents.stored_papers import file_stem, to_text, write
from daemon.documents.templates import Texts

__all__ = [
    "Document",
    "IncompleteDocument",
    "Letterhead",
    "Signature",
    "Texts",
    "build_evidence",
    "build_forwarding_letter",
    "build_plan",
    "build_portal_notice",
    "build_proposal",
    "build_quarterly_plan",
    "build_register",
    "build_report",
    "build_review_pack",
    "build_script",
    "build_urging_letter",
    "digest",
    "file_stem",
    "issue",
    "to_docx",
    "to_pdf",
    "to_text",
    "write",
]
