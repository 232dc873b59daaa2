"""Documents that are made from code are up to date; those that people write are there."""

import pytest

from tests.repo.source import ROOT, files


def test_the_contract_of_feeds_is_documented_as_it_is_enforced():
    from bankcrm.feeds.contract import documentation

    assert (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8").strip() == documentation.render().strip()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_the_document_is_written(name):
    assert len((ROOT / name).read_text(encoding="utf-8")) > 500


def test_the_changelog_has_a_place_for_what_is_new():
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_promises_are_left_in_the_source():
    """Say what is; what is not there is an issue, not a comment."""
    promise = "TO" + "DO", "FIX" + "ME", "coming " + "soon", "敬请" + "期待"
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for suffix in (".py", ".html", ".js", ".sql", ".po")
        for path in files(suffix)
        for word in promise
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
