"""Segments: so far the tags that staff put on customers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    """Puts tags on the list of customers and on the head of the customer page."""

    name = "bankcrm.segments"

    def ready(self) -> None:
        """Registers what the web role may write, and the pieces of the customer pages."""
        from bankcrm.core import extensions, grants
        from bankcrm.core.personal_data import of_model, personal_parts
        from bankcrm.core.retention import SERVICE, erased_with
        from bankcrm.segments import queries, unit_rules
        from bankcrm.segments.actions import ALREADY, RESTRICTED, SKIPPED, TAGGED, tag_in_bulk

        unit_rules.register_all()
        grants.web("segments.Tag", "INSERT UPDATE")
        grants.web("segments.CustomerTag", "INSERT UPDATE")
        personal_parts.register(of_model("tags", _("Tags"), "segments.CustomerTag", order=82))
        erased_with(SERVICE, "segments.CustomerTag")
        extensions.menu.register(
            extensions.MenuEntry(
                "segments.tags", _("Tags"), url_name="segments:tags", permission="segments.tag", parent="customers",
                order=50,
            )
        )  # fmt: skip
        extensions.customer_heads.register(
            extensions.CustomerCard("segments.tags", _("Tags"), "segments/_head.html", queries.head)
        )
        extensions.list_columns.register(
            extensions.ListColumn("tags", _("Tags"), "customers", queries.tags_of, "customers.list", 40)
        )
        extensions.filter_fields.register(
            extensions.FilterField(
                "tag", _("Tag"), "customers", queries.with_tag, queries.tag_choices, "customers.list", 40
            )
        )
        counts = {
            TAGGED: _("Tagged"),
            ALREADY: _("Had the tag already"),
            SKIPPED: _("Left out: outside your scope"),
            RESTRICTED: _("Left out: processing restricted"),
        }
        extensions.list_actions.register(
            extensions.ListAction(
                "tag", _("Tag"), "customers", queries.usable_choices, tag_in_bulk, counts, "segments.tag", 10, "tag"
            )
        )
