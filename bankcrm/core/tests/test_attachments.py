"""The store of files that people bring."""

import io
import os
import time

import pytest

from bankcrm.core import attachments


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.glob("**/*") if path.is_file())


def keep(content=b"abc"):
    with attachments.kept(io.BytesIO(content)) as kept:
        return kept


def test_a_kept_file_is_the_owners_alone_and_its_name_says_nothing(folder):
    kept = keep()
    place = attachments.place_of(kept.path)
    assert place.read_bytes() == b"abc" and place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert len(place.name) == 32 and int(place.name, 16) >= 0
    with attachments.opened(kept.path, kept.sha256) as stream:
        assert stream.read() == b"abc"


def test_a_block_that_fails_leaves_no_file(folder):
    with pytest.raises(ZeroDivisionError), attachments.kept(io.BytesIO(b"abc")):
        raise ZeroDivisionError
    assert everything(folder) == []


def test_a_full_disk_leaves_no_part_of_a_file(folder, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), attachments.kept(io.BytesIO(b"abc")):
        pass
    assert everything(folder) == []


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_file_that_is_not_what_was_stored_is_not_handed_out(damage):
    kept = keep()
    place = attachments.place_of(kept.path)
    place.write_bytes(b"abd") if damage == "changed" else place.unlink()
    with pytest.raises(attachments.DamagedError):
        attachments.opened(kept.path, kept.sha256)


def test_only_old_files_that_nobody_names_are_swept_away(folder):
    named, orphan, young = keep(b"1"), keep(b"2"), keep(b"3")
    long_ago = time.time() - attachments.ORPHAN_SECONDS - 10
    for kept in (named, orphan):
        os.utime(attachments.place_of(kept.path), (long_ago, long_ago))
    assert attachments.sweep([named.path]) == 1
    assert everything(folder) == sorted([named.path, young.path])


def test_files_beside_a_database_that_does_not_know_them_are_not_swept_away(folder, caplog):
    for number in range(attachments.FEW_ORPHANS + 1):
        place = attachments.place_of(keep(str(number).encode()).path)
        os.utime(place, (1, 1))
    assert attachments.sweep([]) == 0 and len(everything(folder)) == attachments.FEW_ORPHANS + 1
    assert "nothing was deleted" in caplog.text
