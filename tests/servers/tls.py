"""A throw-away certificate authority, and certificates good and bad in one way each."""

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key on disk; ``ca_file`` is what a client must trust to accept it."""

    certificate_file: Path
    key_file: Path
    ca_file: Path

    def server_context(self) -> ssl.SSLContext:
        """A context for a server that shows this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate_file, self.key_file)
        return context


class ThrowAwayAuthority:
    """Makes certificates under ``folder``, signed by a root that lives as long as the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Doithoai test root")])
        self._root = self._sign(self._name, self._key, authority=True)
        self.ca_file = self._write("root", self._root, None)

    def good(self) -> Certificate:
        """For localhost and the loopback addresses, valid today."""
        return self._leaf("good")

    def wrong_name(self) -> Certificate:
        """Valid, but for another host."""
        return self._leaf("wrong-name", names=["mail.elsewhere.test"], addresses=[])

    def expired(self) -> Certificate:
        return self._leaf("expired", days=(-30, -1))

    def to_come(self) -> Certificate:
        return self._leaf("to-come", days=(1, 30))

    def self_signed(self) -> Certificate:
        """Its own issuer; the file to trust is the authority's, which did not sign it."""
        return self._leaf("self-signed", own_issuer=True)

    def _leaf(
        self,
        label: str,
        names: list[str] | None = None,
        addresses: list[str] | None = None,
        days: tuple[int, int] = (-1, 30),
        own_issuer: bool = False,
    ) -> Certificate:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, label)])
        hosts: list[x509.GeneralName] = [x509.DNSName(name) for name in names or ["localhost"]]
        loopback = ["127.0.0.1", "::1"] if addresses is None else addresses
        hosts += [x509.IPAddress(ipaddress.ip_address(address)) for address in loopback]
        signed = self._sign(subject, key, hosts=hosts, days=days, own_issuer=own_issuer)
        return Certificate(self._write(label, signed, None), self._write(f"{label}-key", None, key), self.ca_file)

    def _sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        hosts: list[x509.GeneralName] | None = None,
        days: tuple[int, int] = (-1, 30),
        authority: bool = False,
        own_issuer: bool = False,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        own = authority or own_issuer
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if own else self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(days=days[0]))
            .not_valid_after(now + datetime.timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        issuer_key = key if own else self._key
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        if authority:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        else:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    def _write(
        self, label: str, certificate: x509.Certificate | None, key: ec.EllipticCurvePrivateKey | None
    ) -> Path:
        path = self._folder / f"{label}.pem"
        if certificate is not None:
            path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        if key is not None:
            plain = serialization.NoEncryption()
            path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        path.chmod(0o644)
        return path
