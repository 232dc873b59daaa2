"""Valuation: so far the tiers of persons by AUM, with hysteresis."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ValuationConfig(AppConfig):
    """Says what tiers add to the lake, to what loads publish, to the customer pages and to the menu."""

    name = "bankcrm.valuation"

    def ready(self) -> None:
        """Registers the lake's steps and questions, the tier table as an input of builds, facts, grants and pages."""
        from bankcrm.core import grants
        from bankcrm.core.personal_data import of_model, personal_parts
        from bankcrm.core.retention import DEALINGS, erased_with
        from bankcrm.feeds.publish.facts import Fact, register_fact, same
        from bankcrm.lake.given import register_given
        from bankcrm.lake.named import register_queries
        from bankcrm.lake.steps import register_folder
        from bankcrm.valuation import entries
        from bankcrm.valuation.queries import table

        folder = Path(__file__).resolve().parent / "sql"
        register_folder(folder)
        register_queries(folder / "read")
        register_given(folder / "ref_tier_level.sql", table.rows_for_builds)
        register_fact(
            Fact(
                "tier_month",
                "valuation_tiermonth",
                ("month",),
                same("month", "base_code"),
                sql=folder / "publish" / "tier_month.sql",
            )
        )
        register_fact(
            Fact(
                "customer_tier",
                "valuation_customertier",
                ("customer_id",),
                same("customer_id", "level_code", "below_months", "since_on"),
                sql=folder / "publish" / "customer_tier.sql",
            )
        )
        grants.web("valuation.TierTable", "INSERT UPDATE DELETE")
        grants.web("valuation.TierLevel", "INSERT DELETE")
        personal_parts.register(of_model("tier", _("Tier of the customer"), "valuation.CustomerTier", order=83))
        erased_with(DEALINGS, "valuation.CustomerTier")
        entries.register_all()
