"""Login alerts in words, for the user and for the security administrator."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bankcrm.org.models import LoginAlert

Kind = LoginAlert.Kind


def words(alert: LoginAlert) -> str:
    """What was unusual, as the page says it."""
    given = {
        "device": alert.device or _("unknown"),
        "address": alert.address or _("unknown"),
        "others": ", ".join(alert.detail.get("others", [])),
        "name": alert.detail.get("name", ""),
        "day": alert.detail.get("day", ""),
        "count": alert.detail.get("count", ""),
        "usual": alert.detail.get("usual", ""),
    }
    if alert.kind == Kind.FAILED_TRIES:
        return _failed(int(alert.detail.get("count", 0)))
    if alert.kind == Kind.IDLE_ACCOUNT:
        return _idle(int(alert.detail.get("days", 0)))
    texts = {
        Kind.NEW_DEVICE: _("Login from a device not used before: %(device)s."),
        Kind.NEW_ADDRESS: _("Login from an address not used lately: %(address)s."),
        Kind.ODD_HOURS: _("Login at an hour at which this user does not usually come."),
        Kind.TWO_PLACES: _("Logged in at two places at once: %(address)s and %(others)s."),
        Kind.TOKEN_ENDS: _("The token “%(name)s” ends on %(day)s."),
        Kind.REVEALS: _("Looked at %(count)s masked values in one day; usual are up to %(usual)s."),
    }
    return texts[Kind(alert.kind)] % given


def _failed(count: int) -> str:
    text = ngettext(
        "%(count)d failed login in a row.",
        "%(count)d failed logins in a row.",
        count,
    )
    return text % {"count": count}


def _idle(days: int) -> str:
    text = ngettext(
        "First login after %(days)d day.",
        "First login after %(days)d days.",
        days,
    )
    return text % {"days": days}
