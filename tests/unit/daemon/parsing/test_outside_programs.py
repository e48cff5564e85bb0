"""Digital signatures of attached PDF files: who, when, as signed or not, believed or not; none costs nothing."""

import io
import json
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from daemon.parsing import outside_programs
from daemon.parsing.outside_programs import MEMORY, is_installed, with_signatures
from daemon.parsing.parse import parse_mail
from db.core.tables import answer
from rules.values.model import ParsedMail
from tests.installation import SXD, letter
from tests.world import world

pytestmark = pytest.mark.skipif(not is_installed(), reason="the extra signatures is not installed")
NAME = "Nguyễn Văn Hùng"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the test's own, its key, and a file signed with it."""
    made = tmp_path_factory.mktemp("signatures")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, True, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    (made / "anchors").mkdir()
    (made / "anchors" / "root.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    no_password = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
    (made / "key.pem").write_bytes(private)
    (made / "signed.pdf").write_bytes(_signed(made))
    return made


def _signed(made: Path) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, signers

    root = str(made / "anchors" / "root.pem")
    signer = signers.SimpleSigner.load(str(made / "key.pem"), root)  # type: ignore[no-untyped-call] # it has no types
    writer = IncrementalPdfFileWriter(io.BytesIO(blank()))
    out = signers.sign_pdf(writer, PdfSignatureMetadata(field_name="ChuKy"), signer=signer)
    return bytes(out.getvalue())


def blank() -> bytes:
    """A PDF file with one empty page."""
    import typst

    return bytes(typst.compile(b"Cong van tra loi"))


def read(data: bytes, anchors: Path | None) -> ParsedMail:
    raw = letter("vanthu@sxd.test", "Gửi văn bản trả lời.", attachments=[("tra-loi.pdf", "application/pdf", data)])
    return with_signatures(raw, parse_mail(raw), anchors, 30)


def test_a_signature_is_believed_through_an_anchor(folder: Path) -> None:
    (signature,) = read((folder / "signed.pdf").read_bytes(), folder / "anchors").attachments[0].signatures
    assert (signature.signer, signature.intact, signature.trusted, signature.valid) == (NAME, True, True, True)
    assert signature.signed_at is not None


def test_without_an_anchor_it_is_told_and_not_believed(folder: Path) -> None:
    (signature,) = read((folder / "signed.pdf").read_bytes(), None).attachments[0].signatures
    assert (signature.signer, signature.intact, signature.valid) == (NAME, True, False)


def test_a_file_changed_after_it_was_signed_proves_nothing(folder: Path) -> None:
    data = bytearray((folder / "signed.pdf").read_bytes())
    at = data.index(b"/MediaBox")
    data[at + 12] ^= 1
    assert not any(one.valid for one in read(bytes(data), folder / "anchors").attachments[0].signatures)


@pytest.mark.parametrize("data", [b"%PDF-1.4\n/ByteRange [0 1 2 3]\n%%EOF\n", b"/ByteRange", b"%PDF-1.4\n%%EOF\n"])
def test_what_is_no_signed_file_has_no_signature(folder: Path, data: bytes) -> None:
    assert read(data, folder / "anchors").attachments[0].signatures == ()


@pytest.mark.parametrize("at", ["", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:00:00Z"])
def test_a_signers_clock_that_no_calendar_can_hold_costs_the_moment_only(
    at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = tmp_path / "reader.py"
    found = {"signatures": [{"signer": NAME, "at": at, "intact": True, "trusted": True, "whole": True}]}
    reader.write_text(f"print({json.dumps(json.dumps(found))})", "utf-8")
    monkeypatch.setattr(outside_programs, "READER", reader)
    (signature,) = read(b"%PDF-1.7\n/ByteRange", None).attachments[0].signatures
    assert (signature.signer, signature.valid, signature.signed_at) == (NAME, True, None)


def test_a_file_that_unpacks_to_much_is_left_before_it_fills_the_memory(tmp_path: Path) -> None:
    """A cross-reference stream of 600 MB in a file of 3 MB; what the process took is measured by its parent."""
    pack = zlib.compressobj(1)
    body = b"".join(pack.compress(bytes(10_000_000)) for _ in range(60)) + pack.flush()
    head = b"%PDF-1.7\n% /ByteRange\n2 0 obj\n<< /Type /Catalog >>\nendobj\n"
    entries = b"/Type /XRef /W [1 2 1] /Size 150000000 /Root 2 0 R /Filter /FlateDecode"
    table = b"1 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (entries, len(body), body)
    (tmp_path / "bomb.pdf").write_bytes(head + table + b"startxref\n%d\n%%%%EOF\n" % len(head))
    code = (
        "import pathlib, resource, sys; from daemon.parsing.outside_programs import Patience, _of;"
        "print(_of(pathlib.Path(sys.argv[1]).read_bytes(), None, 8, Patience()),"
        "resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "bomb.pdf")]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found, _, kilobytes = said.rpartition(" ")
    assert found == "()"
    assert int(kilobytes) * 1024 < MEMORY


@pytest.mark.parametrize("believed", [True, False])
def test_it_is_kept_with_the_answer_and_is_never_a_veto(folder: Path, tmp_path: Path, believed: bool) -> None:
    extra = f'[signatures]\nanchors = "{folder / "anchors"}"' if believed else ""
    with world(tmp_path / "house", extra=extra) as made:
        made.ask()
        file = ("tra-loi.pdf", "application/pdf", (folder / "signed.pdf").read_bytes())
        made.answers("unit_forward", SXD, "Sở gửi văn bản trả lời ạ", attachments=[file])
        assert made.house.questions[0]["status"] == "answered"
        (kept,) = made.rows(answer)[0]["signatures"]
        assert f"chữ ký số của {NAME}" in str(kept)
        assert ("hợp lệ" in str(kept)) is believed
        assert (f"chữ ký số hợp lệ của {NAME}" in str(made.house.mails[-1]["trace"])) is believed
