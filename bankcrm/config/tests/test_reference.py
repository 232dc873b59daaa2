"""The page that describes the REST API: whole, readable in both languages, and behind the login."""

import re

import pytest
from django.test import Client
from django.utils import translation

from bankcrm.config.api import api
from bankcrm.config.reference import sections
from bankcrm.core.permissions import permissions
from bankcrm.org.tests.factories import token_for, user_with_post

HAN = re.compile("[\u4e00-\u9fff]")
URL = "/api/v1/docs"


def operations():
    return [one for section in sections(api.get_openapi_schema()) for one in section.operations]


def test_every_route_stands_there_with_the_permission_that_it_asks_for():
    schema = api.get_openapi_schema()
    known = {(method.upper(), path) for path, methods in schema["paths"].items() for method in methods}
    assert {(one.method, one.path) for one in operations()} == known
    assert {one.permission for one in operations()} <= {"", *permissions()}
    by_path = {(one.method, one.path): one.permission for one in operations()}
    assert by_path["GET", "/api/v1/customers/{number}/holdings"] == "customers.figures"
    assert by_path["GET", "/api/v1/units"] == ""


def test_parameters_bodies_and_answers_are_spelled_out():
    with translation.override("en"):
        log = next(one for one in operations() if one.method == "POST")
        assert {"kind", "subject", "next_step", "next_step.due_at"} <= {row.name for row in log.body}
        listed = next(one for one in operations() if one.path == "/api/v1/customers")
        size = next(row for row in listed.parameters if row.name == "size")
        assert (size.kind, size.note) == ("whole number", "Rows of a page · 1–100 · 50 unless said")
        (answer,) = listed.answers
        assert {"items", "items[].unit.code", "next"} <= {row.name for row in answer.rows}


def test_everything_that_the_schema_says_has_its_chinese():
    with translation.override("zh-hans"):
        for section in sections(api.get_openapi_schema()):
            assert HAN.search(section.label)
            for one in section.operations:
                told = [one.about, *(answer.about for answer in (*one.answers, *one.refusals))]
                told += [row.kind for row in (*one.parameters, *one.body)]
                told += [row.note for row in (*one.parameters, *one.body) if re.search("[a-z]{4} ", row.note)]
                assert [text for text in told if not HAN.search(text)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "客户在一段期间内的交易"), ("en", "Transactions of a customer")]
)
def test_the_page_needs_a_login_and_no_script_of_its_own(language, words):
    assert Client().get(URL).status_code == 302
    user = user_with_post()
    with_token = Client(headers={"Authorization": f"Bearer {token_for(user)}"})
    assert with_token.get(URL).status_code == 302  # programs take openapi.json
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["bankcrm_language"] = language
    page = client.get(URL)
    assert page.status_code == 200 and words in page.content.decode()
    assert "unsafe" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page.content.decode())
