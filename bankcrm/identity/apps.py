"""Which source customers are one customer."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Matching; merging and unmerging come to stand beside it."""

    name = "bankcrm.identity"

    def ready(self) -> None:
        """Registers the matcher, the fact that it publishes, and the page of candidates."""
        from bankcrm.feeds.matching import register_matcher
        from bankcrm.feeds.publish.facts import Fact, register_fact, same
        from bankcrm.feeds.publish.follow_up import register_follow_up
        from bankcrm.identity import repair
        from bankcrm.identity.data_work import find_differing_overrides
        from bankcrm.identity.match import match_by_document

        register_matcher(match_by_document)
        columns = ("left_key", "right_key", "left_id", "right_id", "reason", "document_type", "document_number")
        register_fact(
            Fact(
                "match_candidate",
                "identity_matchcandidate",
                ("left_key", "right_key", "document_type", "document_number"),
                same(*columns, "left_name", "right_name"),
                constants={"found_on": "%(business_date)s"},
                sql=Path(__file__).parent / "sql" / "candidates.sql",
            )
        )
        register_fact(
            Fact(
                "data_work",
                "identity_datawork",
                ("key",),
                {**same("key", "customer_id", "kind", "field"), "is_found": "TRUE"},
                gone="is_found = FALSE",
                constants={"found_on": "%(business_date)s"},
                sql=Path(__file__).parent / "sql" / "data_work.sql",
            )
        )
        register_follow_up("identity.data_work", find_differing_overrides)
        repair.register_all()
        _register_pages()


def _register_pages() -> None:
    """The stewards' pages in the menu, and what they write."""
    from bankcrm.core import extensions, grants
    from bankcrm.core.functions import PageFunction, page_functions
    from bankcrm.core.personal_data import not_told, of_model, personal_parts
    from bankcrm.core.retention import IDENTITY, SERVICE, erased_with
    from bankcrm.identity import leaver_rules

    leaver_rules.register_all()
    personal_parts.register(of_model("data_work", _("Data work"), "identity.DataWork", order=84))
    not_told("identity.MatchCandidate", "a guess that two records are one person; the other may be somebody else")
    erased_with(SERVICE, "identity.DataWork")
    erased_with(IDENTITY, "identity.MatchCandidate")
    page_functions.register(PageFunction("identity.data-work", ("identity:",)))
    grants.web("identity.DataWork", "UPDATE")
    extensions.menu.register(
        extensions.MenuEntry(
            "identity.data-work",
            _("Data work"),
            url_name="identity:data-work",
            permission="identity.data_work",
            parent="customers",
            order=45,
        )
    )
    extensions.menu.register(
        extensions.MenuEntry(
            "identity.candidates",
            _("Possible duplicates"),
            url_name="identity:candidates",
            permission="identity.candidates",
            parent="customers",
            order=40,
        )
    )
