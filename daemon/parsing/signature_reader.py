"""The program that checks a PDF file's digital signatures: ``python signature_reader.py ANCHORS MEMORY < file``.

It runs in a process of its own, with MEMORY bytes at most, since the file comes from a stranger. It writes one JSON
list, for each signature: who signed, when by the signer's own clock or a time stamp, whether the file is unchanged
since, and whether the certificate leads to one of the anchors (PEM or DER files in the folder ANCHORS, "" for none).
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

WHOLE = {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}
MOST_SIGNATURES = 10
ENDINGS = {".pem", ".crt", ".cer", ".der"}


def checked(data: bytes, anchors: str) -> list[dict[str, Any]]:
    """The findings about each signature of the file; [] where it has none or cannot be read."""
    files = [path for path in sorted(Path(anchors).iterdir()) if path.suffix in ENDINGS] if anchors else []
    roots = [load_cert_from_pemder(str(path)) for path in files]  # type: ignore[no-untyped-call]
    found = []
    for signature in PdfFileReader(io.BytesIO(data), strict=False).embedded_regular_signatures[:MOST_SIGNATURES]:
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        status = validate_pdf_signature(signature, context)
        name = signature.signer_cert.subject.native if signature.signer_cert is not None else {}
        moment = status.signer_reported_dt
        found.append(
            {
                "signer": str(name.get("common_name", "")),
                "at": moment.isoformat() if moment is not None else "",
                "intact": bool(status.intact and status.valid),
                "trusted": bool(status.trusted),
                "whole": status.coverage in WHOLE,
            }
        )
    return found


def main() -> int:
    """Read the file from standard input; any fault in it ends in an empty list."""
    logging.disable(logging.CRITICAL)
    memory = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        said = checked(sys.stdin.buffer.read(), sys.argv[1])
    except Exception:
        said = []
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
