"""The entry point of the web server."""

import os
from multiprocessing.util import Finalize

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")
application = get_wsgi_application()

from bankcrm.system.usage.counting import flush_last  # noqa: E402 - models are there only now

# The server forks its workers, and a forked process ends without atexit; this runs in either.
Finalize(None, flush_last, exitpriority=10)
