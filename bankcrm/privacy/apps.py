"""Requests of data subjects (个人信息主体请求) and the file of all that the bank keeps of a person."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ANSWERED = "CASE WHEN closed_at IS NULL THEN answer ELSE '–' END"  # a closed request has an answer


class PrivacyConfig(AppConfig):
    """The workbench of those who answer customers' requests about their own data."""

    name = "bankcrm.privacy"
    verbose_name = _("Personal information")

    def ready(self) -> None:
        """Registers parameters, grants, menu, card, timeline, head, and what is told of the requests themselves."""
        from bankcrm.core import extensions, grants
        from bankcrm.core.functions import PageFunction, page_functions
        from bankcrm.core.personal_data import not_told, of_model, personal_parts
        from bankcrm.core.retention import EVIDENCE, emptied_with, stays
        from bankcrm.privacy import cards, deletion_entries, grants_erasing, parameters, retention
        from bankcrm.privacy.queries import SEE

        parameters.register_all()
        retention.register_all()
        grants_erasing.register_all()
        deletion_entries.register_all()
        grants.only(
            "privacy.SubjectRequest", web="SELECT INSERT UPDATE", worker="SELECT INSERT UPDATE", loader="SELECT"
        )
        extensions.menu.register(
            extensions.MenuEntry(
                "privacy.requests",
                _("Requests of data subjects"),
                url_name="privacy:requests",
                permission=SEE,
                parent="customers",
                order=47,
            )
        )
        extensions.menu.register(
            extensions.MenuEntry(
                "privacy.deletions",
                _("Deletions"),
                url_name="privacy:deletions",
                permission=SEE,
                parent="customers",
                order=48,
            )
        )
        emptied_with(EVIDENCE, "privacy.SubjectRequest", wish="''", answer=ANSWERED)
        not_told("privacy.Deletion", "that the data are being deleted: told by the answer to the request")
        stays("privacy.Deletion", "that the data were deleted, and when: nothing of the person")
        stays("core.AuditEvent", "chained and sealed: what staff did is kept to prove it")
        stays("core.ExportRecord", "who took what out of the product: kept to prove it; the files expire")
        page_functions.register(PageFunction("privacy.requests", ("privacy:",), lists=("privacy.request",)))
        cards.register_all()
        personal_parts.register(
            of_model("requests", _("Requests of data subjects"), "privacy.SubjectRequest", order=57,
                     leave_out=("task_id",))
        )  # fmt: skip
        not_told("core.AuditEvent", "what staff did, kept to prove it; the person is told of the data, not of the log")
        not_told("core.ExportRecord", "who took what out of the product: kept to prove it")
        not_told("witness.WitnessedCoverage", "a second record of changes to the coverage that is told")
