"""All pages: each app has its own list of addresses."""

from django.urls import URLPattern, URLResolver, include, path

from bankcrm.config.api import api
from bankcrm.config.reference import reference_page
from bankcrm.core.api import DOCS
from bankcrm.system.operations import probes

APPS = {
    "": "bankcrm.workbench.urls",
    "account/": "bankcrm.org.urls",
    "org/": "bankcrm.org.page_urls",
    "customers/": "bankcrm.customers.urls",
    "insights/": "bankcrm.insights.urls",
    "identity/": "bankcrm.identity.urls",
    "segments/": "bankcrm.segments.urls",
    "privacy/": "bankcrm.privacy.urls",
    "valuation/": "bankcrm.valuation.urls",
    "feeds/": "bankcrm.feeds.urls",
    "core/": "bankcrm.core.urls",
    "approvals/": "bankcrm.core.approvals.urls",
    "walls/": "bankcrm.org.wall_urls",
    "system/logins/": "bankcrm.org.login_urls",
    "system/operations/": "bankcrm.system.operations.urls",
    "system/usage/": "bankcrm.system.usage.urls",
    "system/webhooks/": "bankcrm.webhooks.urls",
    "system/audit/": "bankcrm.system.audit_urls",
    "system/": "bankcrm.system.urls",
}


handler400 = "bankcrm.core.views.bad_request"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]
urlpatterns += [path(prefix, include(module)) for prefix, module in APPS.items()]
urlpatterns += [path("", include("bankcrm.alerts.urls"))]  # tasks and alerts stand beside the workbench
urlpatterns += [path(DOCS.lstrip("/"), reference_page, name="api-reference")]  # for people, by their login
urlpatterns += [path("api/v1/", api.urls)]
