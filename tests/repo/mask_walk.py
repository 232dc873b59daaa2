"""The walk of `test_masks.py`: each reader asks for each address once, of each customer, and all that comes is kept."""

import datetime as dt
import html
import io
import logging
import re
import zipfile
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from django.conf import settings
from django.test import Client
from django.urls import reverse

from bankcrm.core import jobs, sealing
from bankcrm.core.logs import JsonFormatter, TextFormatter
from bankcrm.core.models import AuditEvent, Job, StoredFile
from bankcrm.core.testing import as_owner
from bankcrm.customers.fields import fields_of
from bankcrm.customers.tests.factories import NOW
from bankcrm.customers.views.opened import VERIFIED_KEY
from bankcrm.org.roles import ROLES
from bankcrm.system.audit_queries import microseconds
from bankcrm.webhooks.delivering import body_of
from bankcrm.webhooks.gathering import gather_load, gather_staff
from bankcrm.webhooks.kinds import OF_ACTION, OF_SUBJECT
from bankcrm.webhooks.models import Delivery
from bankcrm.webhooks.tests.factories import SubscriptionFactory, TokenFactory
from tests.repo.mask_world import FAR, LOCAL, NEAR, OWN, TRADER
from tests.repo.test_urls import API, BACKEND, read_list

ESCAPES = re.compile(r"\\u([0-9a-fA-F]{4})")
GAPS = re.compile("(?<=[0-9])[ \u00a0-](?=[0-9])")
PLACES = re.compile(r"[?&;](?:at|after)=([\w%-]{8,})")
PURPOSE = {"purpose_code": "visit", "purpose": "季度客户回访"}
SECTIONS = ["overview", "basic", "accounts", "credit", "contacts"]
OF_PERSON = frozenset({"customer", "customer_field", "holding", "task", "data_work", "group", "group_proposal",
                       "staff_entry", "customer_document", "customer_paper", "customer_override"})  # fmt: skip
"""Rows of `rows.py` that hang on a customer: asked for with those of this world in their place."""
PARTS = ("person_name", "id_number", "account", "mobile")
LISTS = re.compile(r"list|mine|search|find|incomplete|candidates|data-work|tasks|alerts|pop")


@dataclass
class Answer:
    """What a reader was given. `kind`: page, list, api, export, print, error, log, webhook; `about`: whose page."""

    reader: object
    kind: str
    path: str
    status: int
    text: str
    about: str = ""
    typed: str = ""


def readable(text):
    """The text with everything undone that would hide a value from a plain look: entities, escapes, places of pages."""
    found = ESCAPES.sub(lambda one: chr(int(one[1], 16)), html.unescape(text))
    for token in PLACES.findall(found):
        found += urlsafe_b64decode(unquote(token) + "===").decode("utf-8", "replace")
    found = ESCAPES.sub(lambda one: chr(int(one[1], 16)), unquote(found))
    return f"{found}\n{GAPS.sub('', found)}"


class Lines(logging.Handler):
    """Keeps every line of the log, in both forms in which a bank may have it."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines += [JsonFormatter().format(record), TextFormatter().format(record)]


class Walk:
    """One reader's way through the product."""

    def __init__(self, people, reader, done):
        self.people, self.reader, self.answers, self.done = people, reader, [], done
        self.asked = [people[key] for key in ASKED.get(reader.label, (FAR,))]

        self.client = Client(raise_request_exception=False, headers={"accept-language": "zh-CN"})
        self.client.force_login(reader.user, backend=BACKEND)
        if reader.verified:
            session = self.client.session
            until = (NOW + dt.timedelta(hours=8)).isoformat()
            session[VERIFIED_KEY] = {str(people[key].customer.pk): until for key in reader.verified}
            session.save()

    def ask(self, kind, path, about="", typed="", data=None):
        """Asks and keeps; a form is sent where there are values for one. What was `typed` may stand in the answer."""
        sent = {"headers": {"Authorization": f"Bearer {self.reader.token}"}} if path.startswith("/api/") else {}
        answer = self.client.post(path, data, **sent) if data else self.client.get(path, **sent)
        raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = f"{answer.headers}{raw.decode('utf-8', 'replace')}"
        if answer.status_code in (302, 303):
            text += answer.url
        kind = kind if answer.status_code < 400 else "error"
        told = readable(text).replace(typed, "") if typed else readable(text)
        self.answers.append(Answer(self.reader, kind, path, answer.status_code, told, about, typed))
        return answer

    def may(self, permission):
        wanted = {permission} if isinstance(permission, str) else set(permission)
        return wanted <= {"login"} or bool(wanted & ROLES[self.reader.role].permissions)

    def addresses(self):
        """All addresses of the list that this reader's role may read; of the others one page says no like another."""
        for one in [*read_list().values(), *read_list(api=True).values()]:
            if "GET" not in one.methods or one.permission == "public" or not self.may(one.permission):
                continue
            if NAMES_NOBODY.match(one.name):
                if one.name in self.done:
                    continue
                self.done.add(one.name)
            kind = "api" if one.name.startswith(API) else "list" if LISTS.search(one.name) else "page"
            if one.row in OF_PERSON:
                asked = self.asked[:1] if "POST" in one.methods and one.row != "customer_field" else self.asked
                yield from ((kind, url, person.key) for person in asked for url in self.of(one, person))
            else:
                url = one.url(self.reader.user)
                yield kind, f"{url}?{one.query}" if one.query else url, ""

    def of(self, address, person):
        """The address for this customer; for each of its fields where it names one."""
        given = {"number": person.customer.number, "field_class": "id_number", "paper_kind": "id_copy", **person.rows}
        if address.row in ("customer_field", "customer_override"):
            names = [one.name for one in fields_of(person.customer.kind) if one.mask or one.name == "name"]
            for name in names if person is self.asked[0] else names[:0]:
                yield reverse(address.name, kwargs={"number": given["number"], "name": name})
            return
        yield reverse(address.name, kwargs={name: given[name] for name in ARGUMENTS[address.row]})

    def walk(self):
        """All of it."""
        for kind, url, about in self.addresses():
            self.ask(kind, url, about)
        if self.may("customers.list"):
            for sort in ("name", "-name"):
                self.ask("list", f"/customers/?sort={sort}")
            self.ask("api", f"{reverse(API + 'customers')}?sort=name")
        self.search()
        self.take()
        self.fail()
        return self.answers

    def search(self):
        """By the beginning and by the whole of each value. What was typed is not shown again: it would be found."""
        api = reverse(f"{API}customer-search"), reverse(f"{API}customers")
        by_any = [("/search/?q={}", "customers.search"), ("/customers/pick/?q={}", "customers.edit")]
        by_any.append((api[0] + "?q={}", "customers.search"))
        by_name = [("/customers/?name={}", "customers.list"), (api[1] + "?name={}", "customers.list")]
        person = self.people[NEAR if self.reader.role in LOCAL else FAR]
        for field_class in PARTS:
            value = person.value(field_class)
            part = value[:2] if field_class == "person_name" else value[:-3]
            for address, permission in [*by_any, *(by_name if field_class == "person_name" else ())]:
                if self.may(permission):
                    self.ask(f"prefix {field_class}", address.format(quote(part)), person.key, part)

    def take(self):
        """Files of lists and tables, and pages on paper."""
        for url, permission in (("/customers/export/", "customers.export"), (reverse("audit:export"), "audit.view")):
            for format in ("xlsx", "csv") if self.may(permission) else ():
                before = Job.objects.count()
                self.ask("export", url, data={"query": "", "ids": "", "format": format, **PURPOSE})
                if Job.objects.count() > before:
                    with as_owner():
                        jobs.run(Job.objects.latest("pk").pk)
        for person in self.asked[:1] if self.may("customers.view") else ():
            url = reverse("customers:print", args=[person.customer.number])
            made = self.ask("print", url, person.key, data={"section": SECTIONS, **PURPOSE})
            if made.status_code == 302:
                self.ask("print", made.url, person.key)
        for stored in StoredFile.objects.filter(owner=self.reader.user):
            path = Path(settings.FILES_ROOT) / stored.path
            if path.exists():
                self.answers.append(Answer(self.reader, "export", stored.name, 200, readable(read_file(path))))

    def fail(self):
        """Forms sent empty or wrong: what they say of what is there already."""
        wrong = {"kind": "person", "value": "x", "reason": "", "name": "", "document_type": "resident_id"}
        for one in read_list().values():
            if (
                "POST" not in one.methods
                or one.row not in ("customer", "customer_field")
                or not self.may(one.permission)
            ):
                continue
            for person in self.asked[:1]:
                for url in self.of(one, person):
                    self.ask("error", url, person.key, data=wrong)
        if self.may("customers.prospects.create"):
            for person in (self.people[NEAR], self.people[FAR]):
                for needle in person.needles:
                    if needle.field_class in ("id_number", "mobile"):
                        field = {"id_number": "document_number"}.get(needle.field_class, "mobile")
                        typed = {**wrong, field: needle.texts[0]}
                        self.ask(
                            f"whole {needle.field_class}", reverse("customers:prospect-matches"), person.key, data=typed
                        )


ASKED = {
    "relationship_manager": (NEAR, OWN, FAR),
    "team_leader": (NEAR,),
    "branch_head": (NEAR, TRADER),
    "head_office_marketing": (TRADER,),
    "call_centre, verified": (NEAR, OWN),
}
"""Whose pages a reader asks for: of each relation one, to those who see the whole bank all are alike."""
NAMES_NOBODY = re.compile(
    "org:|organisation:|system:|logins:|walls:|webhooks:|operations:|valuation:ti|core:job$|core:file|api-reference|api-1:units"
)
"""Addresses that deal with no customer: one reader who may is enough."""
ARGUMENTS = {
    "customer": ("number",),
    "holding": ("number", "holding_id"),
    "task": ("number", "task_id"),
    "data_work": ("work_id",),
    "group": ("group_id",),
    "group_proposal": ("proposal_id",),
    "staff_entry": ("number", "entry_id"),
    "customer_document": ("number", "field_class"),
    "customer_paper": ("number", "paper_kind"),
}


def read_file(path):
    """All text of a file; of a workbook that of all its parts."""
    if path.suffix == ".xlsx" or zipfile.is_zipfile(path):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return path.read_text(encoding="utf-8-sig")


def subscribe(readers):
    """A webhook in the scope of each reader, for all kinds of events: {its key: the reader}."""
    kinds = sorted({*OF_ACTION.values(), *OF_SUBJECT.values()})
    by_pk = {}
    for reader in readers:
        made = SubscriptionFactory(token=TokenFactory(user=reader.user), kinds=kinds)
        by_pk[made.pk] = reader
    return by_pk


def told_by_webhook(by_pk, build):
    """The bodies, after the walk."""
    with as_owner():
        sealing._seal_batch()
        gather_load(build.pk)
        gather_staff()
    for delivery in Delivery.objects.filter(subscription_id__in=by_pk):
        yield Answer(by_pk[delivery.subscription_id], "webhook", "", 200, readable(body_of(delivery).decode()))


def audit_pages(people, readers):
    """Each kind of event as whoever reads the audit sees it, after all that was done."""
    latest = {event.action: event for event in AuditEvent.objects.order_by("occurred_at", "id")}
    for reader in readers:
        walk = Walk(people, reader, set())
        if walk.may("audit.view"):
            for event in latest.values():
                walk.ask("page", reverse("audit:event", args=[microseconds(event.occurred_at), event.id]))
            walk.ask("list", reverse("audit:events"))
            yield from walk.answers


def log_of_values(people):
    """Errors and messages that carry each value, as any of our modules might write them."""
    said = logging.getLogger("bankcrm.customers")
    for person in people.values():
        for needle in person.needles:
            value = needle.texts[0]
            said.warning("cannot read %s of customer %s", value, person.customer.number)
            try:
                raise ValueError(f"no such value: {value}")
            except ValueError:
                said.exception("failed at %r", value)
