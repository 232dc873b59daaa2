"""All pages: each app has its own list of addresses."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

APPS = {
    "": "bankcrm.workbench.urls",
    "account/": "bankcrm.org.urls",
    "customers/": "bankcrm.customers.urls",
    "identity/": "bankcrm.identity.urls",
    "feeds/": "bankcrm.feeds.urls",
    "products/": "bankcrm.products.urls",
    "system/": "bankcrm.system.urls",
    "core/": "bankcrm.core.urls",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(module)) for prefix, module in APPS.items() if find_spec(module)
]
