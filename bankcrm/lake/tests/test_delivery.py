import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bankcrm.lake.delivered import DeliveryError
from bankcrm.lake.delivery import feed_of, read_delivery
from bankcrm.lake.reasons import REASONS, reason_text
from bankcrm.lake.store import sha256_of

KNOWN = ("person", "holding", "holding_party", "balance")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "2026-11-22"
    folder.mkdir()
    for name in ("person_core.csv", "holding.csv"):
        (folder / name).write_text(f"customer_id\n{name}\n")
    return folder


def manifest(folder, *entries, **more):
    content = {"business_date": "2026-11-22", "base_currency": "CNY", "files": list(entries), **more}
    (folder / "manifest.json").write_text(json.dumps(content))
    return read_delivery(folder, known=KNOWN)


def entry(folder, file, feed, **more):
    return {"file": file, "feed": feed, "sha256": sha256_of(folder / file), **more}


def codes(delivery):
    return [fault.code for fault in delivery.faults]


def test_a_manifest_says_what_each_file_is(folder):
    delivery = manifest(
        folder,
        entry(folder, "person_core.csv", "person", source_system="CORE", scope="delta", rows=1),
        entry(
            folder,
            "holding.csv",
            "holding",
            totals={"CNY": "123.45"},
            format={"delimiter": "0x1F", "quote": "", "header": False, "encoding": "GBK", "columns": ["a", "b"]},
        ),
        mode="history",
    )
    person, holding = delivery.files
    assert delivery.is_sound and (delivery.mode, delivery.base_currency) == ("history", "CNY")
    assert delivery.business_date == date(2026, 11, 22)
    assert (person.source_system, person.scope, person.rows, person.number) == ("CORE", "delta", 1, 0)
    assert (holding.scope, holding.totals, holding.number) == ("full", {"CNY": Decimal("123.45")}, 1)
    form = holding.format
    assert (form.delimiter, form.quote, form.header, form.encoding) == ("\x1f", "", False, "gb18030")
    assert form.columns == ("a", "b")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sha256": "0" * 64}, "wrong_hash"),
        ({"feed": "persons"}, "unknown_feed"),
        ({"file": "absent.csv"}, "missing_file"),
        ({"file": "../2026-11-22/../secret.csv"}, "outside_folder"),
        ({"scope": "some"}, "bad_entry"),
        ({"rows": "many"}, "bad_entry"),
        ({"totals": {"CNY": "1,5"}}, "bad_entry"),
        ({"colour": "red"}, "bad_entry"),
        ({"format": {"encoding": "utf-16"}}, "bad_format"),
        ({"format": {"header": False}}, "bad_format"),
        ({"format": {"quote": "''"}}, "bad_format"),
        ({"format": {"delimiter": ""}}, "bad_format"),
        ({"format": {"delimeter": ";"}}, "bad_format"),
    ],
)
def test_a_wrong_entry_is_a_fault_of_its_file_and_the_others_are_still_read(folder, change, code):
    (folder.parent / "secret.csv").write_text("x")
    wrong = {**entry(folder, "person_core.csv", "person"), **change}
    delivery = manifest(folder, wrong, entry(folder, "holding.csv", "holding"))
    assert code in codes(delivery)
    assert not delivery.is_sound
    assert [file.feed for file in delivery.files] == ["holding"]


def test_a_file_listed_twice_or_under_two_names_is_not_loaded_twice(folder):
    (folder / "copy.csv").write_bytes((folder / "holding.csv").read_bytes())
    delivery = manifest(folder, entry(folder, "holding.csv", "holding"), entry(folder, "copy.csv", "holding"))
    assert codes(delivery) == ["repeated_file", "unlisted_file"]
    assert not delivery.is_sound
    twice = entry(folder, "holding.csv", "holding")
    assert "repeated_file" in codes(manifest(folder, twice, twice))


def test_a_forgotten_file_is_only_a_warning(folder):
    delivery = manifest(folder, entry(folder, "holding.csv", "holding"))
    assert (codes(delivery), delivery.is_sound) == (["unlisted_file"], True)


def test_folder_and_manifest_must_mean_the_same_day(folder):
    delivery = manifest(folder, entry(folder, "holding.csv", "holding"), business_date="2026-11-21")
    assert "date_mismatch" in codes(delivery) and not delivery.is_sound


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "unreadable"),
        ("[]", "bad_manifest"),
        ('{"business_date": "22.11.2026", "files": []}', "bad_business_date"),
        ('{"business_date": "2026-11-22", "files": []}', "bad_manifest"),
        ('{"business_date": "2026-11-22", "mode": "weekly", "files": [1]}', "bad_manifest"),
    ],
)
def test_a_manifest_that_cannot_be_used_stops_the_delivery(folder, content, code):
    (folder / "manifest.json").write_text(content)
    with pytest.raises(DeliveryError) as caught:
        read_delivery(folder, known=KNOWN)
    assert caught.value.fault.code == code


def test_without_a_manifest_only_files_with_their_flag_are_there(folder):
    (folder / "person_core.csv.ok").write_text(
        "rows=1\nscope = delta\nsource_system=CORE\ntotal.CNY=1.00\n\ndelimiter=tab\ncolumns=customer_id,name\n"
    )
    delivery = read_delivery(folder, known=KNOWN)
    (file,) = delivery.files
    assert (delivery.waiting, delivery.is_sound) == (("holding.csv",), True)
    assert (file.feed, file.scope, file.rows, file.totals) == ("person", "delta", 1, {"CNY": Decimal("1.00")})
    assert (file.format.delimiter, file.format.header, file.format.columns) == ("\t", False, ("customer_id", "name"))


def test_an_empty_flag_is_enough_and_a_wrong_one_is_a_fault(folder):
    (folder / "holding.csv.ok").touch()
    assert read_delivery(folder, known=KNOWN).is_sound
    (folder / "person_core.csv.ok").write_text("sha256=00\n")
    assert codes(read_delivery(folder, known=KNOWN)) == ["wrong_hash"]
    (folder / "person_core.csv.ok").write_text("rowz=1\n")
    assert codes(read_delivery(folder, known=KNOWN)) == ["bad_entry"]


def test_nothing_complete_is_no_delivery(folder):
    for path in (folder, folder / "absent"):
        with pytest.raises(DeliveryError) as caught:
            read_delivery(path, known=KNOWN)
        assert caught.value.fault.code == "no_delivery"


def test_a_file_name_begins_with_its_feed_and_the_longest_one_counts():
    assert feed_of("holding_party_core.csv.gz", KNOWN) == "holding_party"
    assert feed_of("holding_core.csv", KNOWN) == "holding"
    assert feed_of("persons.csv", KNOWN) == ""


def test_every_fault_says_what_to_do_in_both_languages(folder):
    fault = next(iter(manifest(folder, entry(folder, "holding.csv", "nothing")).faults))
    detail = {"file": fault.file, **fault.detail}
    assert "holding.csv" in reason_text(fault.code, language="en", detail=detail)
    assert "holding.csv" in reason_text(fault.code, language="zh-hans", detail=detail)
    for chinese, english in REASONS.values():
        assert chinese and english and chinese != english


def test_two_deliveries_with_the_same_fingerprints_say_the_same(folder):
    one = manifest(folder, entry(folder, "holding.csv", "holding"))
    assert one.sha256s == manifest(folder, entry(folder, "holding.csv", "holding")).sha256s
    assert replace(one, files=()).sha256s != one.sha256s
