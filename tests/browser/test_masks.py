"""Ten thousand draws of role, field, customer and route on the demonstration bank: no value that is masked or hidden
for that reader turns up in plain, in pages, pieces, search, filters, sorts, exports, prints or API answers.

Answers are asked for over HTTP once for each (reader, route, customer) and kept, the draws look into them.
"""

import json
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.core.masking import Clearance
from bankcrm.core.postgres import connection_info
from bankcrm.core.scope import Scope
from bankcrm.demo.cast import CAST
from bankcrm.org.clearance import clearance
from bankcrm.org.roles import ROLES
from tests.browser.bank import ROOT, Bank

DRAWS = 10_000
NUMBER = "00000000000"
PARTS = ("id_number", "account", "mobile")
"""Numbers whose parts are typed into the search box: a prefix must find nobody for whom it is masked."""


@dataclass(frozen=True)
class Person:
    """A customer with what is personal about them, by field class: the texts to look for."""

    number: str
    pk: int
    plain: dict[str, tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True)
class Reader:
    """One of the cast, logged in and with a token for the API."""

    employee_id: str
    role: str
    opener: urllib.request.OpenerDirector = field(hash=False, compare=False)
    token: str
    covers: frozenset[int]
    base: str

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of an answer, with its headers; redirects are followed."""
        asked = urllib.request.Request(f"{self.base}{path}", headers={"Accept-Language": "zh-CN"})
        if path.startswith("/api/"):
            asked.add_header("Authorization", f"Bearer {self.token}")
        try:
            with self.opener.open(asked, timeout=60) as answer:
                return answer.status, f"{answer.headers}{answer.read().decode('utf-8', 'replace')}"
        except urllib.error.HTTPError as error:
            return error.code, f"{error.headers}{error.read().decode('utf-8', 'replace')}"


def people(database: psycopg.Connection) -> Iterator[Person]:
    """Persons whose name nobody else bears, half of them the manager's own, with documents, contacts and accounts."""
    rows = database.execute(
        """
        SELECT c.id, c.number, c.name, p.birth_on, p.annual_income,
               EXISTS (SELECT FROM customers_coverage v JOIN org_user u ON u.id = v.user_id
                       WHERE v.customer_id = c.id AND u.username = '100482' AND v.valid @> current_date) AS own
        FROM customers_customer c JOIN customers_personprofile p ON p.customer_id = c.id
        WHERE c.kind = 'person' AND p.birth_on IS NOT NULL AND p.annual_income > 0
          AND EXISTS (SELECT FROM customers_identitydocument d WHERE d.customer_id = c.id)
          AND EXISTS (SELECT FROM customers_contactpoint k WHERE k.customer_id = c.id AND k.contact_type = 'mobile')
          AND NOT EXISTS (SELECT FROM customers_customer o WHERE o.id <> c.id AND o.name LIKE '%' || c.name || '%')
          AND NOT EXISTS (SELECT FROM org_user u WHERE u.name LIKE '%' || c.name || '%')
          AND length(c.name) = 3
        ORDER BY own DESC, c.id
        """
    ).fetchall()
    own, others = [row for row in rows if row[5]][:2], [row for row in rows if not row[5]][::37][:3]
    for pk, number, name, birth, income, _own in [*own, *others]:
        documents = _column(database, "document_number", "customers_identitydocument", pk)
        accounts = _column(database, "account_number", "customers_holding", pk)
        plain = {
            "person_name": (name,),
            "birth": (birth.isoformat(),),
            "income": (f"{income:,.2f}", f"{income:f}"),
            "id_number": documents,
            "account": tuple(one for one in accounts if one and len(one) > 10),
            **{
                kind: _column(database, "value", "customers_contactpoint", pk, f"AND contact_type = '{kind}'")
                for kind in ("mobile", "phone", "email", "address", "wechat")
            },
        }
        yield Person(number, pk, {kind: values for kind, values in plain.items() if values})


def _column(database: psycopg.Connection, column: str, table: str, pk: int, more: str = "") -> tuple[str, ...]:
    rows = database.execute(f"SELECT {column} FROM {table} WHERE customer_id = %s {more}", [pk])
    return tuple(str(value) for (value,) in rows if value)


def readers(bank: Bank, database: psycopg.Connection) -> Iterator[Reader]:
    """The cast, each with a session of its own."""
    for member in CAST:
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        opener.open(f"{bank.url}/account/login/")
        csrf = next(cookie.value for cookie in jar if cookie.name == "bankcrm_csrf")
        with opener.open(f"{bank.url}/account/login/") as answer:
            form = answer.read().decode()
        token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        data = {"csrfmiddlewaretoken": token, "username": member.employee_id, "password": bank.password}
        sent = urllib.request.Request(f"{bank.url}/account/login/", urlencode(data).encode())
        sent.add_header("X-CSRFToken", csrf or "")
        opener.open(sent)
        told = bank.run("user", "token", member.employee_id, "--name", "masks", "--days", "1", "--json")
        rows = database.execute(
            """SELECT v.customer_id FROM customers_coverage v JOIN org_user u ON u.id = v.user_id
               LEFT JOIN org_post q ON q.user_id = u.id
               WHERE v.valid @> current_date AND (u.username = %(me)s OR q.team_id IN (
                   SELECT team_id FROM org_post JOIN org_user w ON w.id = user_id
                   WHERE w.username = %(me)s AND data_scope = 'team'))""",
            {"me": member.employee_id},
        )
        covers = frozenset(pk for (pk,) in rows)
        yield Reader(member.employee_id, member.role, opener, json.loads(told)["token"], covers, bank.url)


def routes() -> list[tuple[str, str]]:
    """(address, needle's class) of all that is asked for: NUMBER stands for the customer, {needle} for a part."""
    with (ROOT / "tests" / "repo" / "url_permissions.toml").open("rb") as stream:
        known = tomllib.load(stream)
    found = []
    for name, entry in known.items():
        if "GET" not in entry.get("methods", ["GET"]) or entry["permission"] == "public":
            continue
        if entry.get("row") not in (None, "customer"):
            continue
        path = reverse(name, kwargs={"number": NUMBER} if entry.get("row") else None)
        found.append((f"{path}?{entry['query']}" if entry.get("query") else path, ""))
    found += [(f"/customers/{NUMBER}/basic/{name}/", "") for name in ("birth_on", "annual_income", "name")]
    found += [(f"/customers/{NUMBER}/?tab={tab}", "") for tab in ("history", "documents", "contacts")]
    found += [("/customers/?sort=name", ""), ("/customers/?sort=-aum_end&size=100", "")]
    for kind in ("person_name", *PARTS):
        found += [(address.format("{needle}"), kind) for address in ("/search/?q={}", "/customers/?name={}")]
        found.append((f"{reverse('api-1:customer-search')}?q={{needle}}", kind))
    return found


@dataclass
class World:
    """All that is drawn from, and what was asked for already."""

    people: list[Person]
    readers: list[Reader]
    routes: list[tuple[str, str]]
    answers: dict[tuple[str, int, str], tuple[int, str]] = field(default_factory=dict)
    clearances: dict[tuple[str, str], Clearance] = field(default_factory=dict)

    def answer(self, reader: Reader, route: int, person: Person) -> tuple[int, str]:
        """What the reader is told, asked once."""
        key = (reader.employee_id, route, person.number)
        if key not in self.answers:
            path, kind = self.routes[route]
            needle = part_of(kind, person) if kind else ""
            self.answers[key] = reader.get(path.replace(NUMBER, person.number).replace("{needle}", quote(needle)))
        return self.answers[key]

    def clearance(self, reader: Reader, person: Person) -> Clearance:
        """What the reader may see whole of the customer: nothing where the customer is out of sight."""
        key = (reader.employee_id, person.number)
        if key not in self.clearances:
            self.clearances[key] = self._clearance(reader, person)
        return self.clearances[key]

    @staticmethod
    def _clearance(reader: Reader, person: Person) -> Clearance:
        scope = Scope(1, reader.employee_id, role=reader.role, permissions=ROLES[reader.role].permissions)
        if scope.may("customers.verify"):
            return Clearance()
        if reader.get(f"/customers/{person.number}/")[0] != 200:
            return clearance(scope, "none")
        return clearance(scope, "own" if person.pk in reader.covers else "in_scope")


def part_of(kind: str, person: Person) -> str:
    """The beginning of a value: the surname, or more than half of a number but not all of it."""
    value = person.plain.get(kind, ("",))[0]
    return value[:2] if kind == "person_name" else value[: len(value) - 3]


@pytest.fixture(scope="module")
def world(bank: Bank) -> Iterator[World]:
    info = connection_info(Path(bank.home), "owner")
    with psycopg.connect(
        host=info.host, port=info.port, dbname=info.dbname, user=info.user, password=info.password, **dict(info.options)
    ) as database:
        found = World(list(people(database)), list(readers(bank, database)), routes())
    assert len(found.people) == 5
    assert len(found.routes) > 60
    yield found


def test_no_draw_finds_a_value_that_is_masked_for_its_reader(world: World) -> None:
    """See the module's words. Each failing draw names role, field, customer and route."""
    seen: set[tuple[str, int, str, str]] = set()
    plain_shown = 0

    @settings(
        max_examples=DRAWS, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(
        reader=st.sampled_from(world.readers),
        route=st.integers(0, len(world.routes) - 1),
        person=st.sampled_from(world.people),
        data=st.data(),
    )
    def draw(reader: Reader, route: int, person: Person, data: st.DataObject) -> None:
        nonlocal plain_shown
        kind = data.draw(st.sampled_from(sorted(person.plain)))
        path, needle = world.routes[route]
        status, text = world.answer(reader, route, person)
        where = f"{reader.role} {path} customer {person.number} {kind}"
        assert status < 500, where
        seen.add((reader.role, route, person.number, kind))
        is_plain = world.clearance(reader, person).is_plain(kind)
        shown = [value for value in person.plain[kind] if value in text]
        plain_shown += bool(shown)
        assert is_plain or not shown, f"{where}: shows {shown}"
        if needle in PARTS and not world.clearance(reader, person).is_plain(needle) and status == 200:
            assert person.number not in text or "/customers/?name=" in path, f"{where}: found by a part of {needle}"

    draw()
    assert len(seen) > DRAWS // 4
    assert plain_shown > 100  # the draws do look where values are shown to those who may see them
