"""The first lines of a file: what it holds, who made it when and for what, and the code that traces it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.exporting.codes import grouped
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first lines say. `about` describes the content: its day, its filter, its unit of money."""

    title: str
    about: str
    maker: str
    place: str
    made_at: datetime
    expires_at: datetime
    purpose: str
    code: str

    @classmethod
    def of(
        cls, scope: Scope, *, title: str, about: str, purpose: Purpose, code: str, place: str, expires_at: datetime
    ) -> "Cover":
        """The cover of a file that this scope makes now."""
        maker = f"{scope.username} {scope.name}"
        return cls(title, about, maker, place, dates.now(), expires_at, purpose.words, grouped(code))

    @property
    def mark(self) -> str:
        """Who, where, when and by which code: what stands on every printed sheet."""
        parts = (self.maker, self.place, f"{self.made_at:%Y-%m-%d %H:%M}", self.code)
        return " · ".join(part for part in parts if part)

    def lines(self) -> list[str]:
        """The lines above the table. The last is the mark by which a leaked file is traced."""
        made = {"maker": self.maker, "at": f"{self.made_at:%Y-%m-%d %H:%M}", "purpose": self.purpose}
        if self.place:
            made["maker"] = f"{self.maker} ({self.place})"
        told = {"code": self.code, "day": f"{self.expires_at:%Y-%m-%d}"}
        return [
            self.title,
            self.about,
            _("Made by %(maker)s at %(at)s · purpose: %(purpose)s") % made,
            _("For internal use only, do not pass on; delete after %(day)s. Tracing code %(code)s") % told,
        ]
