"""Addresses of the customer pages. One path per line."""

from django.urls import include, path, register_converter

from bankcrm.customers.views import (
    access,
    bulk,
    by_hand,
    contact_plan,
    detail,
    edit,
    elsewhere,
    exports,
    history,
    income,
    listing,
    overview,
    printing,
    prospects,
    reveals,
    service,
    timeline,
    trade,
    verification,
)


class CustomerNumber:
    """The eleven digits of a public customer number: no name of a list page is one."""

    regex = "[0-9]{11}"

    def to_python(self, value: str) -> str:
        """The number is text throughout."""
        return value

    def to_url(self, value: str) -> str:
        """The number as it is."""
        return value


register_converter(CustomerNumber, "number")

app_name = "customers"
urlpatterns = [
    path("", include("bankcrm.customers.group_urls")),
    path("", include("bankcrm.customers.paper_urls")),
    path("", listing.customer_list, name="list"),
    path("mine/", listing.my_customers, name="mine"),
    path("totals/", listing.totals, name="totals"),
    path("filter/", listing.filter_panel, name="filter"),
    path("columns/", listing.columns, name="columns"),
    path("export/", exports.export, name="export"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("views/", listing.save_view, name="save-view"),
    path("views/<int:view_id>/delete/", listing.delete_view, name="delete-view"),
    path("<number:number>/", overview.overview_tab, name="overview"),
    path("<number:number>/print/", printing.print_question, name="print"),
    path("<number:number>/print/<str:code>/", printing.print_view, name="print-page"),
    path("<number:number>/reveal/<slug:field_class>/", reveals.reveal, name="reveal"),
    path("<number:number>/verify/", verification.verify, name="verify"),
    path("<number:number>/perspective/", overview.choose_perspective, name="perspective"),
    path("<number:number>/timeline/", timeline.timeline_tab, name="timeline"),
    path("<number:number>/basic/", detail.basic_tab, name="basic"),
    path("<number:number>/basic/<slug:name>/", edit.field, name="field"),
    path("<number:number>/basic/<slug:name>/release/", edit.release, name="release"),
    path("<number:number>/accounts/", detail.accounts_tab, name="accounts"),
    path("<number:number>/accounts/<int:holding_id>/", detail.holding_page, name="holding"),
    path("<number:number>/transactions/", detail.transactions_tab, name="transactions"),
    path("<number:number>/transactions/totals/", detail.transaction_totals, name="transaction-totals"),
    path("<number:number>/credit/", detail.credit_tab, name="credit"),
    path("<number:number>/trade/", trade.trade_tab, name="trade"),
    path("<number:number>/income/", income.income_tab, name="income"),
    path("<number:number>/relations/", detail.relations_tab, name="relations"),
    path("prospects/new/", prospects.new_prospect, name="new-prospect"),
    path("prospects/matches/", prospects.prospect_matches, name="prospect-matches"),
    path("pick/", by_hand.pick, name="pick"),
    path("<number:number>/add/contact-point/", by_hand.new_contact_point, name="new-contact-point"),
    path("<number:number>/add/document/", by_hand.new_document, name="new-document"),
    path("<number:number>/add/relation/", by_hand.new_relation, name="new-relation"),
    path("<number:number>/entries/<int:entry_id>/end/", by_hand.end, name="end-entry"),
    path("<number:number>/contacts/", detail.contacts_tab, name="contacts"),
    path("<number:number>/contacts/log/", edit.log_contact, name="log-contact"),
    path("<number:number>/contacts/plan/", contact_plan.set_plan, name="contact-plan"),
    path("<number:number>/contacts/plan/end/", contact_plan.end_plan, name="end-contact-plan"),
    path("<number:number>/tasks/new/", edit.new_task, name="new-task"),
    path("<number:number>/tasks/<int:task_id>/close/", edit.close_task, name="close-task"),
    path("<number:number>/other-banks/", elsewhere.other_banks_tab, name="other-banks"),
    path("<number:number>/payroll/", elsewhere.payroll_tab, name="payroll"),
    path("<number:number>/service/", service.service_tab, name="service"),
    path("<number:number>/history/", history.history_tab, name="history"),
    path("<number:number>/access/", access.access_tab, name="access"),
]
