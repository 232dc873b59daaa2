"""Each night: what is kept of logins for so long only."""

from datetime import timedelta

from django.db import close_old_connections
from procrastinate.contrib.django import app

from bankcrm.core import dates, parameters
from bankcrm.org.actions import warn_of_ending_tokens
from bankcrm.org.models import LoginAlert, LoginRecord, UsedAssertion, UserSession

TOKEN_DAYS = 14  # so many before a token ends its alert is raised
STALE = timedelta(days=1)  # no session may be idle for longer: `login.idle_minutes` ends at 720


@app.periodic(cron="52 2 * * *")
@app.task(name="org.forget_logins", queueing_lock="org.forget_logins")
def forget_logins(timestamp: int) -> None:
    """Deletes records of logins past the bank's time, and closes sessions whose browser never came back."""
    close_old_connections()
    forget()
    warn_of_ending_tokens(days=TOKEN_DAYS)
    close_old_connections()


def forget() -> None:
    """The job's work. Alerts that nobody has looked into stay."""
    now = dates.now()
    stale = UserSession.objects.filter(ended_at=None, last_seen_at__lt=now - STALE)
    stale.update(key=None, ended_at=now, end=UserSession.End.IDLE)
    before = now - timedelta(days=parameters.value("login.kept_days"))
    LoginRecord.objects.filter(at__lt=before).delete()
    LoginAlert.objects.filter(at__lt=before, looked_at__isnull=False).delete()
    UserSession.objects.filter(ended_at__lt=before).delete()
    UsedAssertion.objects.filter(until__lt=now - STALE).delete()
