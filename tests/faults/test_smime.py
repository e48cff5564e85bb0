"""Signatures: whole text, our authority, the sender's own address, valid when it came; all else is no signature."""

import base64
import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from daemon.parsing import outside_programs
from daemon.parsing.outside_programs import is_signed_by_sender
from daemon.parsing.parse import parse_mail
from tests.faults.attacks import acts, build
from tests.installation import HEAD, OFFICER
from tests.world import World, vouched

NOW = datetime.datetime(2026, 10, 5, 2, 0, tzinfo=datetime.UTC)
TEXT = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def identity(
    email: str, issuer: Identity | None = None, days: tuple[int, int] = (-30, 300), *, authority: bool = False
) -> Identity:
    """Made by ``issuer``, or by itself; valid for days around :data:`NOW`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"CN {email}")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + datetime.timedelta(days=days[0]))
        .not_valid_after(NOW + datetime.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(email)]), critical=False)
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


CA = identity("ca", authority=True)
OTHER_CA = identity("ca khac", authority=True)


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    path.write_bytes(CA.certificate.public_bytes(serialization.Encoding.PEM))
    return path


def sign(signed: bytes, who: Identity) -> bytes:
    """The detached signature as a MIME part."""
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(signed).add_signer(who.certificate, who.key, hashes.SHA256())
    der = base64.encodebytes(builder.sign(serialization.Encoding.DER, options)).replace(b"\n", b"\r\n")
    return (
        b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n' + der
    )


ROOT = b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="=_b"\r\n'


def signed_mail(raw: bytes, who: Identity) -> bytes:
    """A mail with a text, signed as its author's program does."""
    head, _, body = raw.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-")]
    part = TEXT + body
    return (
        b"\r\n".join(kept) + b"\r\n" + ROOT + b"\r\nThis is signed.\r\n--=_b\r\n" + part + b"\r\n--=_b\r\n"
        + sign(part, who) + b"\r\n--=_b--\r\n"
    )  # fmt: skip


AUTHOR = identity(OFFICER, CA)
MAIL = (
    f"From: Can bo <{OFFICER}>\r\nTo: doithoai@haiphong.test\r\nSubject: Re: x\r\nMIME-Version: 1.0\r\n\r\n".encode()
    + base64.b64encode("HP-2026-000001 chuyển SXD\n".encode())
    + b"\r\n"
)
GOOD = signed_mail(MAIL, AUTHOR)
EVIL_TEXT = base64.b64encode("HP-2026-000001 từ chối h vì ngoài phạm vi\n".encode())


def holds(raw: bytes, ca_file: Path, at: datetime.datetime = NOW) -> bool:
    return is_signed_by_sender(raw, parse_mail(raw), ca_file, at)


def test_the_senders_own_signature_holds(ca_file: Path) -> None:
    assert holds(GOOD, ca_file)
    assert holds(GOOD.replace(b"\r\n", b"\n"), ca_file), "as a mail store keeps it"
    assert holds(GOOD.replace(OFFICER.encode(), OFFICER.upper().encode(), 1), ca_file)
    assert parse_mail(GOOD).text.strip() == "HP-2026-000001 chuyển SXD"


def wrapped(raw: bytes) -> bytes:
    """The signed mail as a part of another one."""
    head, _, body = raw.partition(b"\r\n\r\n")
    root = b'Content-Type: multipart/mixed; boundary="out"\r\n\r\n--out\r\n' + ROOT + b"\r\n"
    return head.replace(ROOT.strip(), b"X: y") + b"\r\n" + root + body + b"\r\n--out--\r\n"


def unsigned_part(where: str) -> Callable[[bytes], bytes]:
    part = b"\r\n--=_b\r\n" + TEXT + EVIL_TEXT
    at = {"before": b"\r\n--=_b\r\n", "after": b"\r\n--=_b--"}[where]
    return lambda raw: raw.replace(at, part + at, 1)


BAD: dict[str, Callable[[bytes], bytes]] = {
    "text changed": lambda raw: raw.replace(base64.b64encode("HP-2026-000001 chuyển SXD\n".encode()), EVIL_TEXT),
    "no signature": lambda _: MAIL,
    "another authority": lambda _: signed_mail(MAIL, identity(OFFICER, OTHER_CA)),
    "its own authority": lambda _: signed_mail(MAIL, identity(OFFICER)),
    "certificate ended": lambda _: signed_mail(MAIL, identity(OFFICER, CA, (-300, -1))),
    "certificate not yet valid": lambda _: signed_mail(MAIL, identity(OFFICER, CA, (1, 300))),
    "certificate of another person": lambda _: signed_mail(MAIL, identity("khac@haiphong.test", CA)),
    "certificate of an address that begins so": lambda _: signed_mail(MAIL, identity(f"{OFFICER}.evil.test", CA)),
    "signature of a part inside": wrapped,
    "unsigned part before": unsigned_part("before"),
    "unsigned part after": unsigned_part("after"),
    "text behind the end": lambda raw: raw + b"\r\n--=_b\r\n" + TEXT + EVIL_TEXT,
    "two Content-Type": lambda raw: b"Content-Type: text/plain\r\n" + raw,
    "two boundaries": lambda raw: raw.replace(b'boundary="=_b"', b'boundary="=_b"; boundary="x"', 1),
    "another protocol": lambda raw: raw.replace(b'protocol="application/pkcs7', b'protocol="application/pgp', 1),
    "an empty signature": lambda raw: raw.partition(b".p7s\"\r\n\r\n")[0] + b'.p7s"\r\n\r\nQUJD\r\n--=_b--\r\n',
    "two From": lambda raw: b"From: ke-xau@evil.test\r\n" + raw,
    "another From": lambda raw: raw.replace(OFFICER.encode(), b"ke-xau@haiphong.test", 1),
    "the authority's own key": lambda _: signed_mail(MAIL, CA),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_everything_else_is_no_signature(what: str, ca_file: Path) -> None:
    assert not holds(BAD[what](GOOD), ca_file)


def test_a_mail_that_reads_otherwise_than_what_was_signed_is_not_signed(ca_file: Path) -> None:
    """The second wall: should the reader of mails ever see another text or other files than openssl was given."""
    mail = parse_mail(GOOD)
    assert is_signed_by_sender(GOOD, mail, ca_file, NOW)
    assert not is_signed_by_sender(GOOD, replace(mail, text=f"{mail.text}\nDuyệt"), ca_file, NOW)
    file = replace(mail.attachments[0], sha256="0" * 64)
    assert not is_signed_by_sender(GOOD, replace(mail, attachments=(file, *mail.attachments)), ca_file, NOW)


def test_a_mail_that_came_while_the_certificate_was_valid_stays_signed(ca_file: Path) -> None:
    raw = signed_mail(MAIL, identity(OFFICER, CA, (-30, 1)))
    assert holds(raw, ca_file)
    assert not holds(raw, ca_file, NOW + datetime.timedelta(days=2))


def test_without_a_checker_nothing_is_signed(ca_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "openssl"
    slow.write_text("#!/bin/sh\nexec sleep 5\n")
    slow.chmod(0o755)
    monkeypatch.setattr(outside_programs, "SECONDS", 0.1)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert not holds(GOOD, ca_file)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert not holds(GOOD, ca_file)
    monkeypatch.undo()
    assert holds(GOOD, ca_file)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "full"))
    assert not holds(GOOD, ca_file), "as on a full disk"


def test_acts_of_a_role_that_must_sign(ca_file: Path, tmp_path: Path) -> None:
    """Officers must, units need not; a signature does not make up for what the mail server says."""
    made = World(tmp_path / "house", extra=f'[smime]\nca_file = "{ca_file}"\nrequired = ["officer", "head"]\n')
    for act in acts(made):
        if act.author not in {OFFICER, HEAD}:
            assert made.arrive(vouched(build(act), act.domain))["status"] == "done"
            continue
        before = made.state()
        assert made.arrive(vouched(build(act), act.domain))["status"] == "held"
        assert made.arrive(signed_mail(build(act), AUTHOR))["status"] == "held"
        stranger = signed_mail(build(act), identity(OFFICER, OTHER_CA))
        assert made.arrive(vouched(stranger, act.domain))["status"] == "held"
        assert made.state()["question"] == before["question"]
        assert made.arrive(vouched(signed_mail(build(act), AUTHOR), act.domain))["status"] == "done", act.text
    assert any("S/MIME" in str(row["reason"]) for row in made.house.mails)
    assert made.house.faults() == []
    made.house.close()
