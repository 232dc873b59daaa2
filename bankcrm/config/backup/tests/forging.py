"""Backups made by hand, with a real signature: what a test wants to be wrong is wrong, and nothing else."""

import io
import json
import tarfile
from dataclasses import replace

from django.test import override_settings

from bankcrm.config.backup import archive, keys
from bankcrm.config.backup.manifest import DUMP, FORMAT, NAME, SECRETS, Manifest, Snapshot
from bankcrm.core import heads
from bankcrm.core.home import AUDIT_KEY

KEYS = {AUDIT_KEY: "the audit's key of a bank that was", "boxes_key": "b" * 43}
PHRASE = "long enough a phrase"
FILES = {
    DUMP: b"PGDMP",
    "lake/builds/1/a.parquet": b"PAR1" * 9,
    "files/kept/2026/11/ab": b"%PDF",
    "audit/heads-2026-11.log": b"",
}


def description(**changes):
    """A manifest without files."""
    snapshot = Snapshot({"org_user": 1}, ("core.0001_initial",), 0, "", 1000)
    with override_settings(AUDIT_SIGNING_KEY=KEYS[AUDIT_KEY]):
        key = heads.public_key()
    made = Manifest(FORMAT, "0.1.0", "2026-11-26T12:00:00+00:00", "bankcrm", "150018", key, snapshot)
    return replace(made, **changes)


def write(target, files=FILES, manifest=None, *, key=KEYS[AUDIT_KEY], tamper=lambda text: text):
    """Writes a backup of these files. `tamper` changes the manifest's text after it was signed."""
    files = {**files, SECRETS: keys.closed(KEYS, PHRASE).encode()} if SECRETS not in files else files
    with archive.writing(target) as writer:
        entries = {name: writer.add(name, io.BytesIO(data), len(data)) for name, data in files.items()}
        made = replace(manifest or description(), files=entries)
        with override_settings(AUDIT_SIGNING_KEY=key):
            made = replace(made, signature=heads.signature(made.signed_text()))
        text = tamper(made.to_json()).encode()
        writer.add(NAME, io.BytesIO(text), len(text))
    return target


def with_another_dump(source, target, phrase, dump):
    """A real backup whose dump is another, signed with the bank's own key."""
    with tarfile.open(source) as tar:
        files = {member.name: tar.extractfile(member).read() for member in tar}
    manifest = Manifest.from_json(files.pop(NAME).decode())
    key = keys.opened(files[SECRETS].decode(), phrase)[AUDIT_KEY]
    write(target, {**files, DUMP: dump}, manifest, key=key)


def changed(text, **values):
    """The manifest's text with other values in it."""
    return json.dumps({**json.loads(text), **values})
