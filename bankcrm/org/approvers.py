"""Who could decide a request for approval: those with a post in force whose role may, at a unit above or the same."""

from django.db.models import Q

from bankcrm.core import dates
from bankcrm.core.approvals.people import Person
from bankcrm.core.models import Approval
from bankcrm.org.models import Post
from bankcrm.org.roles import ROLES, role_codes_with

MOST = 200


def approvers(approval: Approval, permission: str) -> list[Person]:
    """At most 200 people who hold the permission for the request's unit, by employee number, with their roles."""
    roles, number = role_codes_with(permission), approval.unit_no
    rows = Post.objects.filter(role__in=roles, valid__contains=dates.today(), user__is_active=True)
    if number is not None:
        subtree = Q(data_scope=Post.DataScope.SUBTREE, unit__no__lte=number, unit__no_end__gt=number)
        unit = Q(data_scope=Post.DataScope.UNIT, unit__no=number)
        rows = rows.filter(Q(data_scope=Post.DataScope.BANK) | subtree | unit)
    found: dict[int, Person] = {}
    for post in rows.select_related("user", "unit").order_by("user__username", "id")[:MOST]:
        label = f"{post.user.label} {post.user.username} · {post.unit.label} · {ROLES[post.role].label}"
        found.setdefault(post.user_id, Person(post.user_id, label))
    return list(found.values())
