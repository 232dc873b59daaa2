"""The steward's page of possible duplicates."""

from django.http import HttpResponse
from django.shortcuts import render

from bankcrm.core import audit
from bankcrm.core.views import Request, is_piece, page
from bankcrm.identity import queries
from bankcrm.identity.models import MatchCandidate


@page("identity.candidates", methods=("GET", "HEAD"))
def candidates(request: Request) -> HttpResponse:
    """Pairs that may be one customer, by reason, page by page. Reading them is on record: they show documents."""
    rows = queries.candidates(request.scope)
    reason = request.GET.get("reason", "")
    if reason in MatchCandidate.Reason.values:
        rows = rows.filter(reason=reason)
    last = _last(request)
    found = list((queries.after(rows, last) if last else rows)[: queries.PAGE + 1])
    counts = queries.candidate_counts(request.scope)
    pairs = queries.pairs(request.scope, found[: queries.PAGE])
    context = {
        "pairs": pairs,
        "next_after": found[queries.PAGE - 1].pk if len(found) > queries.PAGE else None,
        "reason": reason,
        "reasons": [(code, label, counts.get(code, 0)) for code, label in MatchCandidate.Reason.choices],
        "total": sum(counts.values()),
        "is_first_page": last is None,
    }
    audit.record("candidates.view", by=request.scope, detail={"reason": reason, "rows": len(pairs)})
    return render(request, "identity/_candidates.html" if is_piece(request) else "identity/candidates.html", context)


def _last(request: Request) -> MatchCandidate | None:
    after = request.GET.get("after", "")
    if not after.isdigit() or len(after) > 18:
        return None
    return queries.candidates(request.scope).filter(pk=int(after)).first()
