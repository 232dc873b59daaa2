"""Backup of a home as of one moment, and its restoring into an empty one: `make.backup`, `restore.restore`.

A backup is a folder, or one tar file, with the database's dump, the lake's files that its builds name, the papers
that its rows name, the heads of the audit up to its chain's end, on wish the secrets, and a signed `manifest.json`
written last: what has none is no backup.
"""
