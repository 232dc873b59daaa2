"""A real directory for the tests of that login: Debian's slapd with TLS, in a folder of its own, as this user."""

import contextlib
import datetime as dt
import ipaddress
import shutil
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bankcrm.org.tests.outer_servers import free_port, running

SLAPD = shutil.which("slapd") or shutil.which("/usr/sbin/slapd")
SLAPADD = shutil.which("slapadd") or shutil.which("/usr/sbin/slapadd")
CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {home}/slapd.pid
TLSCACertificateFile {home}/server.pem
TLSCertificateFile {home}/server.pem
TLSCertificateKeyFile {home}/server.key
allow bind_anon_dn
database mdb
suffix "dc=bank,dc=example"
directory {home}/data
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous read
"""
PEOPLE = """dn: dc=bank,dc=example
objectClass: dcObject
objectClass: organization
dc: bank
o: bank

dn: ou=people,dc=bank,dc=example
objectClass: organizationalUnit
ou: people

dn: uid=880001,ou=people,dc=bank,dc=example
objectClass: inetOrgPerson
uid: 880001
cn: Lin
sn: Lin
employeeNumber: 880001
userPassword: directory-word-7

dn: uid=lin.x,ou=people,dc=bank,dc=example
objectClass: inetOrgPerson
uid: lin.x
cn: Lin
sn: Lin
employeeNumber: 880001
userPassword: directory-word-7
"""


def certificate(home):
    """A certificate for this machine that signs itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key_text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (home / "server.key").write_bytes(key_text)


@contextlib.contextmanager
def directory(home: Path):
    """A directory with a few people. Gives its port for plain LDAP, which asks for StartTLS, and that for LDAPS."""
    (home / "data").mkdir()
    certificate(home)
    (home / "slapd.conf").write_text(CONFIG.format(home=home))
    (home / "people.ldif").write_text(PEOPLE)
    conf = str(home / "slapd.conf")
    subprocess.run([SLAPADD, "-f", conf, "-l", str(home / "people.ldif")], check=True, capture_output=True, timeout=60)
    plain, tls = free_port(), free_port()
    where = f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"
    with running([SLAPD, "-f", conf, "-h", where, "-d", "0"], plain):
        yield plain, tls
