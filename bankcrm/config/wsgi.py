"""The entry point of the web server."""

import atexit
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")
application = get_wsgi_application()

from bankcrm.system.usage.counting import flush_last  # noqa: E402 - models are there only now

atexit.register(flush_last)
