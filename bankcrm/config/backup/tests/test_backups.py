"""What is wrong with a backup is found before anything is touched, and is said."""

import io
import tarfile
from dataclasses import replace

import pytest

from bankcrm.config.backup import archive, keys, restore
from bankcrm.config.backup.manifest import DUMP, NAME, SECRETS, BackupError, Manifest, check_name
from bankcrm.config.backup.tests import forging
from bankcrm.core.home import Home

PLACES = ["bank", "bank.tar"]


@pytest.fixture
def home(tmp_path, settings):
    settings.BANKCRM_HOME = tmp_path / "home"
    settings.AUDIT_SIGNING_KEY = "of the home that runs this"
    return Home(settings.BANKCRM_HOME)


@pytest.fixture
def phrase(tmp_path):
    path = tmp_path / "phrase"
    path.write_text(forging.PHRASE)
    return path


def refused(source, home, phrase, *, secrets=None):
    """The reason; nothing of a home was made."""
    with pytest.raises(BackupError) as told:
        restore.restore(source, passphrase_file=phrase, secrets_file=secrets, use_role=lambda role: None)
    assert not home.root.exists()
    return str(told.value)


@pytest.mark.parametrize("name", PLACES)
def test_what_was_written_is_read_back_the_same(tmp_path, name):
    source = forging.write(tmp_path / name)
    manifest, reader = archive.checked(source)
    assert {one: stream.read() for one, stream in reader.files() if one in forging.FILES} == forging.FILES
    assert set(manifest.files) == {*forging.FILES, SECRETS}
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("name", PLACES)
def test_a_backup_is_never_written_over(tmp_path, name):
    forging.write(tmp_path / name)
    with pytest.raises(BackupError, match="exists already"):
        forging.write(tmp_path / name)


@pytest.mark.parametrize("name", PLACES)
def test_a_backup_that_breaks_off_leaves_nothing(tmp_path, name):
    with pytest.raises(OSError, match="disk is full"), archive.writing(tmp_path / name) as writer:
        writer.add(DUMP, io.BytesIO(b"four"), 4)
        raise OSError(28, "disk is full")
    assert not list(tmp_path.iterdir())


def test_a_tar_file_that_is_cut_off_anywhere_is_refused(tmp_path, home, phrase):
    whole = forging.write(tmp_path / "bank.tar").read_bytes()
    cut = tmp_path / "cut.tar"
    for length in range(0, len(whole) - 10_240, 700):
        cut.write_bytes(whole[:length])
        assert refused(cut, home, phrase)


def test_a_folder_without_its_manifest_is_no_backup(tmp_path, home, phrase):
    source = forging.write(tmp_path / "bank")
    (source / NAME).unlink()
    assert "written last" in refused(source, home, phrase)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda root: (root / DUMP).write_bytes(b"PGDMX"), f"altered or cut-off files: {DUMP}"),
        (lambda root: (root / "lake/builds/1/a.parquet").unlink(), "lacks files: lake/builds/1/a.parquet"),
        (lambda root: (root / "lake/more").write_bytes(b"x"), "unknown files: lake/more"),
        (lambda root: (root / "lake/link").symlink_to("/etc/passwd"), "is a link"),
        (lambda root: (root / NAME).write_text("{"), "damaged"),
        (lambda root: (root / NAME).write_text("[]"), "damaged"),
        (lambda root: (root / NAME).write_bytes(b"\xff\xfe"), "damaged"),
    ],
)
def test_an_altered_folder_is_refused_with_the_file(tmp_path, home, phrase, change, reason):
    source = forging.write(tmp_path / "bank")
    change(source)
    assert reason in refused(source, home, phrase)


def test_an_altered_manifest_is_refused_although_every_digest_fits(tmp_path, home, phrase):
    source = forging.write(tmp_path / "bank", tamper=lambda text: forging.changed(text, made_at="2020-01-01"))
    assert "not as it was signed" in refused(source, home, phrase)


def test_a_newer_format_names_the_program_that_is_needed(tmp_path, home, phrase):
    newer = replace(forging.description(), format=2, program="7.0")
    assert "Install bankcrm 7.0" in refused(forging.write(tmp_path / "bank", manifest=newer), home, phrase)


def test_a_newer_database_is_refused_with_its_migrations(tmp_path, home, phrase):
    snapshot = replace(forging.description().snapshot, migrations=("core.0001_initial", "core.9999_tomorrow"))
    source = forging.write(tmp_path / "bank", manifest=forging.description(snapshot=snapshot))
    assert "core.9999_tomorrow" in refused(source, home, phrase)


def test_another_database_name_is_refused(tmp_path, home, phrase):
    source = forging.write(tmp_path / "bank", manifest=forging.description(database="other"))
    assert "/other" in refused(source, home, phrase)


def test_too_little_room_is_said_before_anything_is_written(tmp_path, home, phrase):
    snapshot = replace(forging.description().snapshot, database_bytes=10**18)
    source = forging.write(tmp_path / "bank", manifest=forging.description(snapshot=snapshot))
    assert "GB are free" in refused(source, home, phrase)


def test_keys_are_needed_and_must_be_the_ones_that_signed(tmp_path, home, phrase):
    source = forging.write(tmp_path / "bank")
    assert "--passphrase-file" in refused(source, home, None)
    phrase.write_text("another phrase than that")
    assert "does not open" in refused(source, home, phrase)
    other = tmp_path / "secrets.json"
    other.write_text('{"audit_signing_key": "of another bank"}')
    assert "not those of the home" in refused(source, home, None, secrets=other)
    other.write_text('{"boxes_key": "x"}')
    assert "no key of the audit" in refused(source, home, None, secrets=other)


def test_a_new_home_makes_its_own_passwords():
    carried = keys.carried({**forging.KEYS, "postgres_web_password": "x", "lake_query": "y", "demo_password": "z"})
    assert set(carried) == {*forging.KEYS, "demo_password"}


def test_a_short_passphrase_closes_nothing(tmp_path):
    path = tmp_path / "phrase"
    path.write_text("short\nthe second line does not count")
    with pytest.raises(BackupError, match="fewer than 12"):
        keys.passphrase(path)


@pytest.mark.parametrize(
    "there", ["secrets.json", "lake/builds/1/a.parquet", "files/kept/a", "audit/heads-2026-11.log"]
)
def test_a_home_with_anything_in_it_is_not_empty(tmp_path, home, there):
    path = home.root / there
    path.parent.mkdir(parents=True)
    path.touch()
    with pytest.raises(BackupError, match="is not empty: it has"):
        restore.check_empty(home)


def test_a_home_that_was_only_looked_at_is_empty(home):
    (home.root / "run").mkdir(parents=True)
    (home.root / "run" / "secrets.lock").touch()
    restore.check_empty(home)


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/passwd", "lake/../../x", "secrets.json", "files/x", "lake//x", "lake/a\nb", "lake/./x", "lake"],
)
def test_names_that_lead_elsewhere_are_refused(name):
    with pytest.raises(BackupError, match="outside of a home"):
        check_name(name)


def test_a_manifest_that_names_places_elsewhere_is_refused():
    text = forging.description().to_json()
    text = forging.changed(text, files={"../../etc/cron.d/x": {"size": 1, "sha256": "0" * 64}})
    with pytest.raises(BackupError, match="outside of a home"):
        Manifest.from_json(text)


def test_links_and_devices_in_a_tar_file_are_refused(tmp_path, home, phrase):
    source = tmp_path / "bank.tar"
    with tarfile.open(source, "w") as tar:
        link = tarfile.TarInfo("lake/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert "no plain file" in refused(source, home, phrase)
