"""What machines are told of the bank's health, and what strangers are not."""

import pytest
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from bankcrm.core import operations
from bankcrm.core.operations import Gauge, Health, HealthCheck
from bankcrm.system.operations import health, probes

pytestmark = pytest.mark.django_db
STRANGER = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def _fresh():
    probes._kept.clear()
    yield
    probes._kept.clear()


@pytest.fixture
def all_fine(monkeypatch):
    found = [(check, Health(True, "fine")) for check in operations.health_checks]
    monkeypatch.setattr(probes.health, "findings", lambda: found)


def test_a_process_that_answers_is_healthy_whatever_else_is_the_matter(client, monkeypatch):
    monkeypatch.setattr(probes.health, "findings", lambda: pytest.fail("healthz asks nothing"))
    answer = client.get("/healthz", headers={"Host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_ready_means_that_every_check_is_fine(client, all_fine):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert set(answer.json()["checks"]) >= {"database", "migrations", "worker", "sealer", "disk", "query_process"}


def test_one_ill_check_makes_it_not_ready_and_names_it(client):
    answer = client.get("/readyz")  # no worker runs in tests
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["worker"]["fine"] is False
    assert checks["database"]["fine"] is True


def test_a_stranger_is_told_names_and_nothing_else(client):
    answer = client.get("/readyz", **STRANGER)
    assert answer.status_code == 503
    assert all(isinstance(fine, bool) for fine in answer.json()["checks"].values())
    assert "PostgreSQL" not in answer.content.decode()


def test_a_database_that_is_gone_is_said_and_breaks_nothing(client, monkeypatch):
    class Gone:
        in_atomic_block = True

        def cursor(self):
            raise OperationalError("connection to 10.1.2.3 failed for user bankcrm_web")

    monkeypatch.setattr(health, "connection", Gone())
    answer = client.get("/readyz", **STRANGER)
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] is False
    assert "10.1.2.3" not in client.get("/readyz").content.decode()


def test_an_answer_serves_for_a_while_so_that_a_flood_asks_the_database_once(client, django_assert_num_queries):
    client.get("/readyz")
    with django_assert_num_queries(0):
        client.get("/readyz")


def metrics(client, **extra):
    answer = client.get("/metrics", **extra)
    assert answer.status_code == 200
    families = list(text_string_to_metric_families(answer.content.decode()))
    return {
        sample.name + str(sorted(sample.labels.items())): sample.value for one in families for sample in one.samples
    }


@pytest.mark.parametrize(
    ("extra", "seen"),
    [
        ({}, True),
        (STRANGER, False),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({**STRANGER, "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"HTTP_HOST": "rebound.example"}, False),
        ({**STRANGER, "HTTP_AUTHORIZATION": "Bearer the-token"}, True),
        ({**STRANGER, "HTTP_AUTHORIZATION": "Bearer another"}, False),
        ({**STRANGER, "HTTP_AUTHORIZATION": "Bearer "}, False),
    ],
)
def test_metrics_are_for_the_networks_and_the_token_named(client, settings, extra, seen):
    settings.METRICS_TOKEN = "the-token"
    assert client.get("/metrics", **extra).status_code == (200 if seen else 404)


def test_without_a_token_set_an_empty_one_opens_nothing(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", **STRANGER, HTTP_AUTHORIZATION="Bearer ").status_code == 404


def test_behind_a_proxy_the_browsers_address_counts(client, settings):
    settings.BANKCRM_BEHIND_PROXY = True
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 404
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="203.0.113.9, 127.0.0.1").status_code == 200


def test_requests_are_counted_by_the_pages_name_and_status(client):
    key = "bankcrm_requests_total[('method', 'GET'), ('route', 'org:login'), ('status', '200')]"
    before = metrics(client).get(key, 0)
    client.get("/account/login/?next=/customers/61000007437/")
    client.get("/customers/61000007437/")
    after = metrics(client)
    assert after[key] == before + 1
    assert after["bankcrm_request_seconds_count[('route', 'org:login')]"] >= 1
    assert not [name for name in after if "61000007437" in name]


def test_unknown_addresses_and_methods_make_no_labels_of_their_own(client):
    client.get("/nowhere/13812345678/")
    client.generic("BREW", "/account/login/")
    told = "".join(metrics(client))
    assert "13812345678" not in told
    assert "BREW" not in told


def test_logins_are_counted_by_what_came_of_them(client):
    failed = "bankcrm_logins_total[('outcome', 'failed')]"
    before = metrics(client)[failed]
    client.post("/account/login/", {"username": "nobody", "password": "x"})
    assert metrics(client)[failed] == before + 1


def test_the_machinery_is_measured(client):
    names = {name.partition("[")[0] for name in metrics(client)}
    assert names >= {
        "bankcrm_audit_unsealed",
        "bankcrm_audit_lag_seconds",
        "bankcrm_database_bytes",
        "bankcrm_database_connections",
        "bankcrm_disk_free_bytes",
    }


def test_a_gauge_that_breaks_is_left_out_and_the_others_stay(client, caplog):
    def broken():
        raise OperationalError("13812345678")

    operations.gauges.register(Gauge("bankcrm_broken", "Breaks.", broken))
    try:
        told = metrics(client)
    finally:
        operations.gauges.unregister("bankcrm_broken")
    assert "bankcrm_database_bytes[]" in told
    assert not [name for name in told if name.startswith("bankcrm_broken")]


def test_labels_are_of_the_declared_gauges_alone_and_none_is_a_persons():
    labels = {label for gauge in operations.gauges for label in gauge.labels}
    assert labels <= {"queue", "status", "role", "state"}


def test_a_check_that_breaks_has_found_something(client):
    def broken():
        raise OSError(28, "/srv/bank is full")

    operations.health_checks.register(HealthCheck("broken", "Broken", broken))
    try:
        found = client.get("/readyz", **STRANGER)
    finally:
        operations.health_checks.unregister("broken")
    assert found.json()["checks"]["broken"] is False
