"""The tab of documents and completeness, the forms for files and waivers, and the download."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from bankcrm.core import attachments
from bankcrm.core.forms import add_errors
from bankcrm.core.views import NotUnderstood, Request, page
from bankcrm.customers.actions.papers import add_file, end_waiver, open_file, remove_file, replace_file, waive_paper
from bankcrm.customers.forms import ReasonForm
from bankcrm.customers.forms_papers import DOCUMENT, HOLDING, FileForm, ReplaceForm, WaiverForm
from bankcrm.customers.models import CustomerFile, PaperWaiver
from bankcrm.customers.paper_codes import PaperKind
from bankcrm.customers.queries.basic import basic_documents
from bankcrm.customers.queries.completeness import completeness, glance
from bankcrm.customers.queries.papers import document_label, download_name, papers
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.queries.transactions import visible_holdings
from bankcrm.customers.views.opened import answer, found
from bankcrm.customers.views.panels import INVALID, done, panel
from bankcrm.org.queries import user_of

SHOWN = 5
"""So many missing things the card names; its template says the same number."""
FORM, REMOVE, WAIVE = (f"customers/_{name}_form.html" for name in ("file", "remove_file", "waiver"))


@page("customers.files", methods=("GET", "HEAD"))
def documents_tab(request: Request, number: str) -> HttpResponse:
    """The checklist, identity documents, files, and what is missing, with where to mend it."""
    who = found(request, number)
    rows = list(who.customer.documents.order_by("-is_primary", "document_type", "source_key", "pk"))
    shown = papers(who, rows)
    context = {
        "papers": shown,
        "documents": basic_documents(who, rows),
        "completeness": completeness(who, shown, rows),
        "may_files": request.scope.may("customers.files.edit"),
        "may_waive": request.scope.may("customers.files.waive"),
        "may_edit": request.scope.may("customers.edit"),
    }
    return answer(request, who, "documents", context)


@page("customers.files", methods=("GET", "HEAD"))
def completeness_piece(request: Request, number: str) -> HttpResponse:
    """How complete the information is, in short: the content of a card of the overview, which records the look."""
    who = found(request, number)
    short = glance(who.customer)
    more = max(0, len(short.missing) - SHOWN)
    return render(request, "customers/_glance.html", {"customer": who.customer, "glance": short, "more": more})


@page("customers.files.edit")
def new_file(request: Request, number: str) -> HttpResponse:
    """Upload a file."""
    who = found(request, number)
    initial = {"paper_kind": request.GET.get("paper_kind", "")}
    form = FileForm(request.POST or None, request.FILES or None, belongs=_belongs(who), initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, who, form):
        return done(request, who, _("The file is kept."), "documents")
    return _form(request, who, form, _("Upload a file"))


@page("customers.files.edit")
def replace(request: Request, number: str, file_id: int) -> HttpResponse:
    """Upload a newer version of a file; the old one stays."""
    who = found(request, number)
    old = _row(who, file_id)
    initial = {"belongs_to": _belonging(old), "title": old.title}
    form = ReplaceForm(request.POST or None, request.FILES or None, belongs=_belongs(who), initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, who, form, old):
        return done(request, who, _("The new version is kept."), "documents")
    return _form(request, who, form, _("Replace: %(kind)s") % {"kind": old.get_paper_kind_display()})


@page("customers.files.edit")
def remove(request: Request, number: str, file_id: int) -> HttpResponse:
    """Take a file off, with the reason."""
    who = found(request, number)
    old, form = _row(who, file_id), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            remove_file(by=user_of(request), scope=request.scope, number=number, file_id=old.pk, reason=reason)
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            return done(request, who, _("The file is removed."), "documents")
    status = INVALID if request.method == "POST" else 200
    return panel(request, who, REMOVE, {"form": form, "file": old}, status)


@page(("customers.files.open", "customers.files.open.own"), methods=("GET",))
def download(request: Request, number: str, file_id: int) -> HttpResponseBase:
    """A file's content: always as a download, never shown by the browser as a page of ours."""
    who = found(request, number)
    try:
        row, stream = open_file(scope=request.scope, number=who.customer.number, file_id=file_id)
    except CustomerFile.DoesNotExist:
        raise Http404(str(file_id)) from None
    except attachments.DamagedError:
        raise NotUnderstood(_("The stored file is gone or damaged. Tell your IT; it stands in the log.")) from None
    name = download_name(who.customer.number, row)
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=row.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


@page("customers.files.waive")
def waive(request: Request, number: str, paper_kind: str) -> HttpResponse:
    """Say that this customer need not have a paper, and why."""
    who = found(request, number)
    if paper_kind not in PaperKind.values:
        raise Http404(paper_kind)
    form = WaiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"scope": request.scope, "number": number, "paper_kind": paper_kind, **form.cleaned_data}
        try:
            waive_paper(by=user_of(request), **given)
        except ValidationError as error:
            is_reason = not hasattr(error, "error_dict") and error.code == "reason"
            add_errors(form, ValidationError({"reason": error}) if is_reason else error)
        else:
            return done(request, who, _("The paper is waived."), "documents")
    context = {"form": form, "paper_kind": paper_kind, "label": PaperKind(paper_kind).label}
    return panel(request, who, WAIVE, context, INVALID if request.method == "POST" else 200)


@page("customers.files.waive", methods=("POST",))
def ask_again(request: Request, number: str, paper_kind: str) -> HttpResponse:
    """End a waiver."""
    who = found(request, number)
    try:
        end_waiver(by=user_of(request), scope=request.scope, number=number, paper_kind=paper_kind)
    except PaperWaiver.DoesNotExist:
        raise Http404(paper_kind) from None
    return done(request, who, _("The paper is asked for again."), "documents")


def _row(who: Subject, file_id: int) -> CustomerFile:
    row = who.customer.files.filter(pk=file_id, replaced_at=None, removed_at=None).first()
    if row is None:
        raise Http404(str(file_id))
    return row


def _save(request: Request, who: Subject, form: FileForm, old: CustomerFile | None = None) -> bool:
    sent = form.cleaned_data["content"]
    given: dict[str, Any] = {
        "by": user_of(request),
        "scope": request.scope,
        "number": who.customer.number,
        "new": form.wanted(),
        "content": sent.file,
        "size": sent.size,
    }
    try:
        if old is None:
            add_file(**given)
        else:
            replace_file(file_id=old.pk, **given)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True


def _form(request: Request, who: Subject, form: forms.Form, title: str) -> HttpResponse:
    status = INVALID if request.method == "POST" else 200
    return panel(request, who, FORM, {"form": form, "title": title, "action": request.path}, status)


def _belongs(who: Subject) -> list[tuple[str, str]]:
    """What a file may belong to: identity documents, and the holdings that this reader sees."""
    found_ = [(f"{DOCUMENT}{row.feed_key}", document_label(who, row)) for row in who.customer.documents.all()]
    if who.scope.may("customers.figures"):
        for row in visible_holdings(who):
            product = row.product.label if row.product else row.get_product_class_display()
            found_.append((f"{HOLDING}{row.pk}", f"{product} {who.show('account', row.account_number)}".strip()))
    return found_


def _belonging(row: CustomerFile) -> str:
    if row.document_key:
        return f"{DOCUMENT}{row.document_key}"
    return f"{HOLDING}{row.holding_id}" if row.holding_id else ""
