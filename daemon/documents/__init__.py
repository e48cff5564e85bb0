"""Administrative documents of a session in the form of Decree 30/2020/NĐ-CP: content once, DOCX and PDF from it.

Builders turn a frozen input into a :class:`Document`; writers turn that into bytes; nothing here reads a clock.
"""

from __future__ import annotations

from daemon.documents.completeness import IncompleteDocument
from daemon.documents.docx import to_docx
from daemon.documents.letters import build_forwarding_letter, build_urging_letter
from daemon.documents.model import Document, Letterhead, Signature, digest, issue
from daemon.documents.pdf import to_pdf
from daemon.documents.plain import to_text
from daemon.documents.register import build_register
from daemon.documents.reports import build_evidence, build_quarterly_plan, build_report, build_review_pack
from daemon.documents.script import build_script
from daemon.documents.sessions import build_plan, build_portal_notice, build_proposal
from daemon.documents.texts import Texts
from daemon.documents.writing import file_stem, write

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
