"""What the chassis itself brings to statistics of use."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.functions import Deed, PageFunction, deeds, page_functions


def register_all() -> None:
    """Called once when the app is ready."""
    page_functions.register(PageFunction("todo-approvals", ("approvals:",)))
    page_functions.register(PageFunction("jobs", ("core:",), _("Jobs and files")))
    page_functions.register(PageFunction("api", ("api-1",), _("Calls of the REST API")))
    deeds.register(Deed("export.recorded", "exports"))
    deeds.register(Deed("print.recorded", "exports"))
