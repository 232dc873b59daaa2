"""Four things that are not the same: nothing known, zero, not allowed, not delivered yet. Zero is a plain value."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    """Why there is no value to show."""

    NONE = "none"
    DENIED = "denied"
    UNDELIVERED = "undelivered"

    @property
    def label(self) -> Promise:
        """The words that stand in place of the value."""
        return _LABELS[self]

    @property
    def explanation(self) -> Promise:
        """What the words mean and what to do, as a tooltip."""
        return _EXPLANATIONS[self]

    def __html__(self) -> SafeString:
        """The state as it stands in a cell."""
        return format_html(
            '<span class="state state-{}" title="{}">{}</span>', self.value, self.explanation, self.label
        )


_LABELS: dict[State, Promise] = {
    State.NONE: _("No data"),
    State.DENIED: _("Not allowed to see"),
    State.UNDELIVERED: _("Not delivered"),
}
_EXPLANATIONS: dict[State, Promise] = {
    State.NONE: _("The bank's systems have nothing here. This is not zero."),
    State.DENIED: _("Your post may not see this value. Ask your administrator if you need it."),
    State.UNDELIVERED: _("The data of this day have not arrived or are not published yet."),
}
