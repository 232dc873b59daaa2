"""Settings of webhooks."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, register_group, value
from bankcrm.webhooks.sending import Policy

ALLOW_HTTP = "webhooks.allow_http"
ALLOWED_HOSTS = "webhooks.allowed_hosts"
BATCH = "webhooks.batch"
ATTEMPTS = "webhooks.attempts"
DISABLE_HOURS = "webhooks.disable_hours"
KEEP_DAYS = "webhooks.keep_days"


def register_all() -> None:
    """Called once when the app is ready."""
    register_group("webhooks", _("Webhooks"))
    for parameter in (
        Parameter(
            ALLOW_HTTP,
            bool,
            False,
            _("Webhooks may go to addresses without encryption (http)"),
            meaning=_("Whoever listens on the way can read what is sent. For tests inside a closed network."),
            four_eyes=True,
        ),
        Parameter(
            ALLOWED_HOSTS,
            str,
            "",
            _("Hosts inside the bank's network that webhooks may go to, parted by commas"),
            meaning=_("Addresses outside the bank need no entry; those inside are refused unless named here."),
            four_eyes=True,
        ),
        Parameter(BATCH, int, 500, _("Most events in one webhook delivery"), _("events"), low=1, high=2_000),
        Parameter(ATTEMPTS, int, 12, _("Attempts before a webhook delivery is given up"), _("times"), low=1, high=20),
        Parameter(
            DISABLE_HOURS,
            int,
            72,
            _("A webhook that fails for so long is switched off"),
            _("hours"),
            low=1,
            high=720,
        ),
        Parameter(KEEP_DAYS, int, 30, _("Webhook deliveries stay in the log for"), _("days"), low=1, high=366),
    ):
        register(parameter)


def policy() -> Policy:
    """Where webhooks may go."""
    hosts = (host.strip().lower() for host in str(value(ALLOWED_HOSTS)).split(","))
    return Policy(bool(value(ALLOW_HTTP)), frozenset(filter(None, hosts)))
