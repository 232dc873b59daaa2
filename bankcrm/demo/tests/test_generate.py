import hashlib
import json
from datetime import date

import pytest

from bankcrm.demo.generate import generate

DAY = date(2026, 11, 22)


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows(folder, feed):
    manifest = json.loads((folder / "manifest.json").read_text())
    return sum(entry["rows"] for entry in manifest["files"] if entry["feed"] == feed)


def test_same_seed_gives_the_same_bytes_with_one_thread_or_three(tmp_path):
    generate(tmp_path / "a", size=900, business_date=DAY, days=2, threads=1)
    generate(tmp_path / "b", size=900, business_date=DAY, days=2, threads=3)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_another_seed_gives_another_bank(tmp_path):
    generate(tmp_path / "a", size=300, business_date=DAY, seed=1)
    generate(tmp_path / "b", size=300, business_date=DAY, seed=2)
    one, two = digests(tmp_path / "a"), digests(tmp_path / "b")
    same = {name for name in one if one[name] == two.get(name)}
    assert {name.rsplit("/", 1)[1] for name in same} <= {
        "calendar.parquet", "product.parquet", "org_unit.parquet", "employee.parquet",
    }  # fmt: skip


def test_more_days_do_not_change_the_history(bank, tmp_path):
    generate(tmp_path, size=900, business_date=DAY, days=1)
    generate(tmp_path / "more", size=900, business_date=DAY, days=3)
    assert digests(tmp_path / "history") == digests(tmp_path / "more" / "history")


def test_size_is_the_number_of_real_customers(tmp_path, history):
    generate(tmp_path, size=800, business_date=DAY)
    small = tmp_path / "history" / "2026-11-22"
    for feed in ("person", "holding", "transaction"):
        assert 4 < rows(history, feed) / rows(small, feed) < 6, feed
    assert rows(history, "org_unit") < 1.6 * rows(small, "org_unit")


def test_parts_made_one_after_the_other_are_the_bank_made_at_once(tmp_path, monkeypatch):
    generate(tmp_path / "once", size=900, business_date=DAY)
    monkeypatch.setattr("bankcrm.demo.generate.CHUNK", 350)
    generate(tmp_path / "parts", size=900, business_date=DAY)
    folders = [tmp_path / name / "history" / "2026-11-22" for name in ("once", "parts")]
    assert rows(folders[0], "transaction") == rows(folders[1], "transaction")
    assert (folders[1] / "transaction_core_03.parquet").exists()


@pytest.mark.parametrize(
    "numbers", [{"size": 299}, {"size": 500, "months": 0}, {"size": 500, "days": 0}, {"size": 500, "days": 16}]
)
def test_a_bank_that_cannot_be_is_refused(tmp_path, numbers):
    with pytest.raises(ValueError):
        generate(tmp_path, business_date=DAY, **numbers)


def test_nothing_but_deliveries_is_left_behind(bank):
    assert {path.name for path in bank.iterdir()} == {"history", "2026-11-23", "2026-11-24"}


def test_progress_goes_from_nothing_to_done(tmp_path):
    heard = []
    generate(tmp_path, size=300, business_date=DAY, progress=lambda stage, share: heard.append(share))
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
