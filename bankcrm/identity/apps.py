"""Which source customers are one customer."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Matching; merging and unmerging come to stand beside it."""

    name = "bankcrm.identity"

    def ready(self) -> None:
        """Registers the matcher, the fact that it publishes, and the page of candidates."""
        from bankcrm.core import extensions
        from bankcrm.feeds.matching import register_matcher
        from bankcrm.feeds.publish.facts import Fact, register_fact, same
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
