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
        from bankcrm.core.retention import IDENTITY, emptied_with, stays
        from bankcrm.witness.compare import untold
        from bankcrm.witness.models import WITNESSES

        for model in WITNESSES:
            grants.only(model._meta.label, web="INSERT", worker="SELECT INSERT", loader="SELECT INSERT")
        verifying.register_witness(untold)
        # What changed when still stands there; what the person was called does not.
        emptied_with(IDENTITY, "witness.CustomerWitness", by="id", name="NULL", name_en="NULL", industry="NULL")
        stays("witness.WitnessedCoverage", "a proxy: the rows are those of customers.Coverage")
