"""Pages of roles, and of why a user sees and may do what they see and do."""

import csv
from io import StringIO

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bankcrm.core import audit, org_extensions
from bankcrm.core.permissions import permissions
from bankcrm.core.views import Request, page, query_of
from bankcrm.org import people_queries
from bankcrm.org import role_queries as queries
from bankcrm.org.models import Post, User
from bankcrm.org.role_queries import VIEW
from bankcrm.org.roles import ROLES


@page(VIEW, methods=("GET", "HEAD"))
def role_matrix(request: Request) -> HttpResponse:
    """Every role against every permission."""
    return render(request, "org/roles.html", {"groups": queries.matrix(request.scope), "roles": ROLES.values()})


@page(VIEW, methods=("GET", "HEAD"))
def role_matrix_csv(request: Request) -> HttpResponse:
    """The same as a file for a spreadsheet."""
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow([_("Permission"), _("What it allows"), *(str(role.label) for role in ROLES.values())])
    for _subject, found in queries.matrix(request.scope):
        for row in found:
            rows.writerow([row.permission.code, row.permission.label, *("x" if held else "" for held in row.held)])
    audit.record("roles.exported", by=request.scope)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="roles.csv"'
    return answer


@page(VIEW, methods=("GET", "HEAD"))
def role(request: Request, code: str) -> HttpResponse:
    """One role: what it may, what it sees in plain, who holds it."""
    found = ROLES.get(code)
    if found is None:
        raise Http404(code)
    posts, total = queries.page_of_holders(request.scope, found, request.GET.get("page", ""))
    scopes = queries.holders(request.scope, found).order_by().values_list("data_scope", flat=True).distinct()
    context = {
        "role": found,
        "allowed": [one for one in permissions().values() if one.code in found.permissions],
        "plain": queries.plain_of(found) if found.sees_customers else (),
        "page": posts,
        "total": total,
        "query": query_of(request),
        "scopes": [Post.DataScope(one).label for one in sorted(scopes, key=Post.DataScope.values.index)],
    }
    return render(request, "org/role.html", context)


@page(VIEW, methods=("GET", "HEAD"))
def why(request: Request, user_id: int) -> HttpResponse:
    """What a user sees and may do, and why."""
    try:
        user = people_queries.person_of(request.scope, user_id)
    except User.DoesNotExist:
        raise Http404(str(user_id)) from None
    code, address = request.GET.get("permission", ""), request.GET.get("address", "").strip()[:200]
    number = request.GET.get("customer", "").strip()[:20]
    may_ask = bool(org_extensions.customer_sights.visible(request.scope))
    known = permissions()
    context = {
        "person": user,
        "sights": queries.sights(user),
        "permissions": known.values(),
        "permission": code,
        "answer": queries.may(user, code) if code in known else None,
        "address": address,
        "opens": queries.may_open(user, address) if address else None,
        "customer": number,
        "may_ask": may_ask,
        "sees": queries.sees_customer(request.scope, user, number) if number and may_ask else None,
        "delegations": people_queries.delegations_of(user),
    }
    audit.record("user.explained", by=request.scope, obj=user, detail={"permission": code, "address": address})
    return render(request, "org/why.html", context)
