"""Pages of long work: what runs, how far it is, what came out."""

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render

from bankcrm.core import files, jobs, queries
from bankcrm.core.approvals.words import words_of
from bankcrm.core.models import Approval, Job, StoredFile
from bankcrm.core.views import Request, is_piece, page

SHOWN = 50
GONE = 410


@page(methods=("GET", "HEAD"))
def jobs_page(request: Request) -> HttpResponseBase:
    """The latest jobs: one's own, or everybody's."""
    found = queries.jobs(request.scope)[:SHOWN]
    context = {
        "jobs": found,
        "all": request.scope.may(queries.EVERYBODYS),
        "requests": [
            (one, words_of(request.scope, one).title, _last_word(one)) for one in queries.file_requests(request.scope)
        ],
    }
    return render(request, "core/jobs.html", context)


def _last_word(request: Approval) -> str:
    """Why it was sent back; empty while it waits."""
    said = list(request.opinions.all())
    return said[-1].text if said and not request.is_open else ""


@page(methods=("GET", "HEAD"))
def job_page(request: Request, job_id: int) -> HttpResponseBase:
    """One job; htmx asks for the piece again and again while it runs."""
    found = queries.jobs(request.scope).filter(pk=job_id).first()
    if found is None:
        raise Http404
    own = found.by_id == request.scope.user_id
    kept = found.files.filter(owner_id=request.scope.user_id) if own else StoredFile.objects.none()
    may_manage = request.scope.may(jobs.MANAGE)
    context = {
        "may_retry": may_manage and found.status == Job.Status.FAILED,
        "job": found,
        "files": kept,
        "may_cancel": (own or may_manage) and not found.is_over,
    }
    return render(request, "core/_job.html" if is_piece(request) else "core/job.html", context)


@page(methods=("POST",))
def job_cancel_page(request: Request, job_id: int) -> HttpResponseBase:
    """Asks for the end of one's own job; those who look after all, of any."""
    try:
        jobs.cancel(job_id=job_id, by=request.scope)
    except Job.DoesNotExist as error:
        raise Http404 from error
    return redirect("core:job", job_id)


@page(jobs.MANAGE, methods=("POST",))
def job_retry_page(request: Request, job_id: int) -> HttpResponseBase:
    """Lets a failed job run anew."""
    try:
        jobs.retry(job_id=job_id, by=request.scope)
    except Job.DoesNotExist as error:
        raise Http404 from error
    return redirect("core:job", job_id)


@page(methods=("GET",))
def file_page(request: Request, file_id: int) -> HttpResponseBase:
    """Hands a stored file to its owner; one whose time is over says so."""
    try:
        stored = files.fetch(file_id=file_id, by=request.scope)
    except StoredFile.DoesNotExist as error:
        gone = queries.gone_file(request.scope, file_id)
        if gone is None:
            raise Http404 from error
        return render(request, "core/file_gone.html", {"record": gone}, status=GONE)
    stream = files.path_of(stored).open("rb")
    return FileResponse(stream, as_attachment=True, filename=stored.name, content_type=stored.content_type)
