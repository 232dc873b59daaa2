"""The second witness: what triggers of the database saw, whoever made the change."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WitnessConfig(AppConfig):
    """Keeps each change of customers, coverage, parameters, users and posts, beside the audit that actions write."""

    name = "bankcrm.witness"
    verbose_name = _("Second witness")

    def ready(self) -> None:
        """Nobody changes what was seen, pages do not read it; triggers may add. The comparison is offered to core."""
        from bankcrm.core import grants, verifying
        from bankcrm.witness.compare import untold
        from bankcrm.witness.models import WITNESSES

        for model in WITNESSES:
            grants.only(model._meta.label, web="INSERT", worker="SELECT INSERT", loader="SELECT INSERT")
        verifying.register_witness(untold)
