"""What of customers hangs on a user who leaves: coverage and open tasks. Registered in `apps.py`."""

from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, org_extensions
from bankcrm.core.extensions import Label
from bankcrm.core.managers import ScopedQuerySet
from bankcrm.core.org_extensions import LeaverRule
from bankcrm.core.scope import Scope
from bankcrm.customers.models import HANDOVER, Coverage, Customer, Task
from bankcrm.org.models import User
from bankcrm.org.queries import active_posts
from bankcrm.org.roles import ROLES

WHY = "whoever leaves hands over all that is theirs"
BEGUN = "user_id = %(leaver)s AND valid @> %(today)s::date AND lower(valid) < %(today)s"
GIVE = f"""
INSERT INTO customers_coverage (feed_key, customer_id, object_type, object_key, user_id, role, share, valid)
SELECT %(key)s || id, customer_id, object_type, object_key, %(successor)s, role, share,
    daterange(%(today)s, upper(valid))
FROM customers_coverage WHERE {BEGUN}
"""  # noqa: S608 - the condition is the constant above
END = f"UPDATE customers_coverage SET valid = daterange(lower(valid), %(today)s) WHERE {BEGUN}"  # noqa: S608
LATER = """
UPDATE customers_coverage SET user_id = %(successor)s WHERE user_id = %(leaver)s AND lower(valid) >= %(today)s
"""
LEAD = "UPDATE customers_customer SET lead_id = %(successor)s WHERE lead_id = %(leaver)s"


def _coverage(leaver: User) -> ScopedQuerySet[Coverage]:
    rows: ScopedQuerySet[Coverage] = Coverage.objects.everything(because=WHY)
    return rows.filter(user=leaver, valid__overlap=DateRange(dates.today(), None))


def _count_coverage(leaver: User) -> int:
    return _coverage(leaver).values("customer").distinct().count()


def _give_coverage(leaver: User, successor: User, by: Scope) -> int:
    """Each share ends today and goes on in the successor's name, under a key of its own beside the feed's."""
    today = dates.today()
    ids = sorted(set(_coverage(leaver).values_list("customer_id", flat=True)))
    values: dict[str, Any] = {"leaver": leaver.pk, "successor": successor.pk, "today": today}
    values["key"] = f"{HANDOVER}/{leaver.pk}/{today:%Y%m%d}/"
    with connection.cursor() as cursor:
        for statement in (GIVE, END, LATER, LEAD):
            cursor.execute(statement, values)
    for pk in ids:
        audit.record(
            "customer.coverage_handed_over",
            by=by,
            object_type=Customer._meta.label_lower,
            object_id=pk,
            customer_id=pk,
            before={"user": leaver.username},
            after={"user": successor.username},
        )
    return len(ids)


def _sees_customers(successor: User, leaver: User) -> Label:
    if any(post.role in ROLES and ROLES[post.role].sees_customers for post in active_posts(successor)):
        return ""
    return _("No post of this person deals with customers.")


def _give_tasks(leaver: User, successor: User, by: Scope) -> int:
    tasks = list(Task.objects.select_for_update().filter(assignee=leaver, status=Task.Status.OPEN).order_by("pk"))
    for task in tasks:
        task.assignee = successor
        task.save(update_fields=["assignee"])
        audit.record(
            "customer.hand_on_task",
            by=by,
            obj=task,
            customer_id=task.customer_id,
            before={"assignee": str(leaver)},
            after={"assignee": str(successor)},
            detail={"title": task.title, "together": len(tasks)},
        )
    return len(tasks)


def register_all() -> None:
    """Called once when the app is ready."""
    for rule in (
        LeaverRule("coverage", _("Customers looked after"), _count_coverage, _give_coverage, _sees_customers, order=10),
        LeaverRule(
            "tasks",
            _("Open tasks, planned contacts among them"),
            lambda leaver: Task.objects.filter(assignee=leaver, status=Task.Status.OPEN).count(),
            _give_tasks,
            _sees_customers,
            order=20,
        ),
    ):
        org_extensions.leaver_rules.register(rule)
