"""Asks the REST API, by its own schema, what it allows and forbids: no answer may be a fault of ours, or unsaid."""

import datetime as dt
import json

import pytest
import schemathesis
from django.test import Client
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bankcrm.config.api import api
from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import CoverageFactory, CustomerFactory, FiguresFactory, HoldingFactory
from bankcrm.feeds.models import Load
from bankcrm.org.tests.factories import token_for, user_with_post

load_all_checks()
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = [
    (method.upper(), path) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
]


def application(environ, start_response):
    """The product as WSGI, without the end of a request that would close the connection of the test's transaction."""
    response = ClientHandler(enforce_csrf_checks=True)(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


@pytest.fixture
def schema(db):
    """The schema as it is served."""
    served = Client().get("/api/v1/openapi.json")
    assert served.status_code == 200
    made = schemathesis.openapi.from_dict(json.loads(served.content))
    made.app = application
    return made


@pytest.fixture
def bank(db):
    """A bank with one of each, and a token of somebody who may read and log: (token, customer number, load id)."""
    user = user_with_post("branch_head", "bank")
    customer = CustomerFactory()
    CoverageFactory(customer=customer, user=user)
    FiguresFactory(customer=customer)
    HoldingFactory(customer=customer)
    with as_owner():
        load = Load.objects.create(business_date=dt.date(2026, 11, 22), folder="/x", fingerprint="0", state="failed")
    steward = user_with_post("data_steward", "bank")
    return {"token": token_for(user), "loads": token_for(steward), "number": customer.number, "load_id": load.pk}


def test_the_schema_says_how_every_route_refuses():
    for methods in api.get_openapi_schema()["paths"].values():
        for operation in methods.values():
            assert {"401", "403", "404", "422", "429"} <= set(operation["responses"])
            assert operation["security"]


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[" ".join(one) for one in OPERATIONS])
def test_whatever_the_schema_allows_or_forbids_is_answered_as_it_says(schema, bank, method, path):
    token = bank["loads"] if "/loads" in path else bank["token"]
    operation = schema[path][method]
    statuses = set()

    def check(case):
        for name in ("number", "load_id"):
            if name in case.path_parameters and len(statuses) % 2 == 0:
                case.path_parameters[name] = bank[name]
        response = case.call_and_validate(
            headers={"Authorization": f"Bearer {token}"}, checks=CHECKS, base_url="http://localhost"
        )
        statuses.add(response.status_code)

    with dates.clock_at(dates.now()):
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            strategy = operation.as_strategy(generation_mode=mode)
            FEW(given(case=strategy)(check))()
    assert method == "POST" or 200 in statuses  # the walk got in, and did not only hear refusals
    assert statuses & {404, 422}
