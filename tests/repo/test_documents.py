"""Documents that are made from code are up to date; those that people write are there and name what there is."""

import re
from importlib import import_module

import pytest

from bankcrm.config.cli import COMMANDS
from tests.repo.source import ROOT, files

WRITTEN = [
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/api.md",
    "docs/architecture.md",
    "docs/benchmarks.md",
    "docs/glossary.md",
    "docs/operations.md",
    "docs/security.md",
]
# A path of the repository, in backquotes: it begins with a folder that the repository has and names no placeholder.
PATH = re.compile(r"`((?:bankcrm|benchmarks|docs|examples|requirements|tests|tools)/[^\s`<>*…{}:]*)(?:::\w+)?`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
COMMAND = re.compile(
    r"`(?:\.venv/bin/)?bankcrm((?: --home \S+)?(?: [^`]*)?)`|^\s*(?:\.venv/bin/)?bankcrm( --home [^\n]*)$", re.M
)
TARGET = re.compile(r"(?:`|^)make ([a-z]+)", re.M)
GROUPS = {"audit", "customer", "demo", "user"}
# What a recipe makes, and what set-up makes and git ignores.
MADE = {"bankcrm/customers/sql/out_source_inflow.sql", "bankcrm/core/static/vendor/"}


def documents():
    return [path for path in files(".md") if "tests" not in path.parts]


def missing_paths(text):
    return {name for name in PATH.findall(text) if name not in MADE and not (ROOT / name).exists()}


def commands():
    """Words of each command -> its options. Imported beside the group, which would wrap them in a database."""
    found = {}
    for name, entry in COMMANDS.items():
        module, _, attribute = entry.target.partition(":")
        command = getattr(import_module(module), attribute)
        for words, one in [
            (name, command),
            *((f"{name} {key}", it) for key, it in getattr(command, "commands", {}).items()),
        ]:
            found[words] = {"--help"}.union(*(option.opts for option in one.params))
    return found


def unknown_commands(text):
    """Commands quoted as `bankcrm …` that the command line does not have, or not with that option."""
    known = commands()
    for match in COMMAND.finditer(text):
        words = re.sub(r"^ --home \S+", "", match[1] or match[2] or "").split("#")[0].split()
        while words and "|" in words[-1]:  # `bankcrm demo generate|load`: each is looked up in prose of its own
            words.pop()
        if not words or words[0].startswith("-") or words[0] == "…":
            continue
        name = " ".join(words[:2]) if len(words) > 1 and words[0] in GROUPS and words[1][0].isalpha() else words[0]
        if name not in known:
            yield f"no {name}"
        else:
            yield from (f"no {word} of {name}" for word in words if word.startswith("--") and word not in known[name])


def test_the_contract_of_feeds_is_documented_as_it_is_enforced():
    from bankcrm.feeds.contract import documentation

    assert (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8").strip() == documentation.render().strip()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_document_is_written(name):
    assert len((ROOT / name).read_text(encoding="utf-8")) > 500


def test_the_changelog_has_a_place_for_what_is_new():
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_files_commands_and_targets_that_there_are(path):
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert missing_paths(text) == set()
    assert [name for name in LINK.findall(text) if not (path.parent / name).exists()] == []
    assert list(unknown_commands(text)) == []
    assert set(TARGET.findall(text)) <= targets


def test_what_is_not_there_is_found():
    assert missing_paths("see `bankcrm/lake/nowhere.py` and `bankcrm/lake/build.py`") == {"bankcrm/lake/nowhere.py"}
    wrong = "`bankcrm fly`, `bankcrm user vanish`, `bankcrm serve --wings`, `bankcrm user add`, `bankcrm load --json`"
    assert list(unknown_commands(wrong)) == ["no fly", "no user vanish", "no --wings of serve"]


def test_every_setting_of_the_environment_is_explained():
    used = {
        name
        for path in files(".py")
        if "tests" not in path.parts
        for name in re.findall(r"[\"'](BANKCRM_[A-Z_]+)[\"']", path.read_text(encoding="utf-8"))
    }
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert len(used) > 8
    assert {name for name in used if name not in page} == {"BANKCRM_"} & used


def test_every_step_of_a_load_and_every_layer_is_described():
    from bankcrm.feeds.steps import STEPS

    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [step.name for step in STEPS if f"| `{step.name}` |" not in page] == []
    assert " · ".join(re.findall(r'^    "bankcrm\.([a-z]+)",$', (ROOT / "pyproject.toml").read_text(), re.M)) in page


def test_every_name_of_the_glossary_is_in_the_code():
    words = set()
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            words.update(re.findall(r"`([A-Za-z_]+)", line.split("|")[2]))
    source = {
        word
        for path in [*files(".py"), *files(".sql")]
        for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    }
    assert len(words) > 40
    assert words - source == set()


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
