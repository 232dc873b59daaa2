"""The tools can fail: each is shown something wrong."""

import base64
import hashlib
import io
import subprocess
import sys
import tarfile

import pytest

from tests.repo.source import ROOT
from tools import assets, run_tests, translations


def archive(**files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def integrity(content):
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def test_an_asset_that_was_changed_on_the_way_is_refused():
    content = archive(a=b"1")
    assets.check("a", content, integrity(content))
    with pytest.raises(assets.AssetError, match="not the file that was locked"):
        assets.check("a", content + b"x", integrity(content))


def test_an_asset_locked_with_a_weak_sum_is_refused():
    with pytest.raises(assets.AssetError, match="SHA-512"):
        assets.check("a", b"", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=")


def test_the_registry_of_the_environment_is_used(monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://mirror.bank.example/npm/")
    assert assets.registry() == "http://mirror.bank.example/npm"


def test_the_registry_of_npmrc_is_used(monkeypatch, tmp_path):
    monkeypatch.delenv("npm_config_registry", raising=False)
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".npmrc").write_text("fund=false\nregistry=http://mirror.bank.example/\n")
    assert assets.registry() == "http://mirror.bank.example"


def test_source_maps_are_cut_off():
    assert assets.SOURCE_MAP.sub(b"\n", b"a();\n//# sourceMappingURL=a.js.map\n") == b"a();\n"
    assert assets.SOURCE_MAP.sub(b"\n", b"p{}/*# sourceMappingURL=a.css.map */") == b"p{}\n"


def test_a_run_of_no_tests_is_counted_as_none(tmp_path):
    report = tmp_path / "junit.xml"
    report.write_text('<testsuites><testsuite tests="3" skipped="3"/></testsuites>')
    assert run_tests.executed(report) == 0
    report.write_text('<testsuites><testsuite tests="3" skipped="1"/></testsuites>')
    assert run_tests.executed(report) == 2


def write_app(root, chinese):
    app = root / "bankcrm" / "shop"
    (app / "templates").mkdir(parents=True)
    (app / "templates" / "page.html").write_text('{% load i18n %}{% translate "Good morning" %}')
    (app / "views.py").write_text('from django.utils.translation import gettext as _\n\ntitle = _("Hello %(name)s")\n')
    folder = app / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    entries = "".join(f'\nmsgid "{english}"\nmsgstr "{text}"\n' for english, text in chinese.items())
    (folder / "django.po").write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n{entries}')
    core = root / "bankcrm" / "core" / "locale" / "zh_Hans" / "LC_MESSAGES"
    core.mkdir(parents=True)
    (core / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ({"Good morning": "早上好", "Hello %(name)s": "您好，%(name)s"}, []),
        ({"Hello %(name)s": "您好，%(name)s"}, ["no Chinese for 'Good morning'"]),
        ({"Good morning": "", "Hello %(name)s": "您好，%(name)s"}, ["no Chinese for 'Good morning'"]),
        ({"Good morning": "早上好", "Hello %(name)s": "您好，%(who)s"}, ["fills in something else"]),
    ],
)
def test_a_string_without_its_chinese_is_found(tmp_path, monkeypatch, chinese, said):
    write_app(tmp_path, chinese)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    found = list(translations.problems())
    assert len(found) == len(said)
    assert all(text in problem for text, problem in zip(said, found, strict=True))


def test_set_up_runs_on_the_standard_library_alone():
    """It runs before anything is installed."""
    code = "import sys; sys.path.insert(0, 'tools'); import setup, assets, demo"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
