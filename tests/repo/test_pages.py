"""Templates compile and keep to the strict content security policy."""

import pytest
from django.template.loader import get_template

from tests.repo.source import relative
from tools import templates

PAGES = [(name, path) for name, path in templates.templates() if path.suffix == ".html"]


@pytest.mark.parametrize(("name", "path"), PAGES, ids=[name for name, _path in PAGES])
def test_template_keeps_the_rules(name, path):
    get_template(name)
    assert templates.broken_rules(path.read_text(encoding="utf-8")) == [], relative(path)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        '<p style="color: red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<div hx-on:click="go()">',
        '<link href="https://example.org/a.css">',
        "{{ name|safe }}",
    ],
)
def test_a_broken_rule_is_found(source):
    assert len(templates.broken_rules(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '<script src="/static/a.js" defer></script>',
        '<script id="data" type="application/json">{}</script>',
        "{# <script>only a comment</script> #}",
        '<p class="style-guide" data-onward="1">',
    ],
)
def test_what_is_allowed_is_not_found(source):
    assert templates.broken_rules(source) == []


def test_the_line_of_a_broken_rule_is_right():
    assert templates.broken_rules("<p>\n{# a\nb #}\n<style>") == ["4: inline style sheet: put it in a static file"]
