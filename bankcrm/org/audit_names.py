"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words
from bankcrm.core.permissions import permissions
from bankcrm.org.class_names import CLASS_LABELS
from bankcrm.org.models import LoginAlert, LoginRecord, Post, User, UserSession
from bankcrm.org.roles import ROLES

ACTIONS = {
    "login.done": _("Logged in"),
    "login.failed": _("Failed login"),
    "login.locked": _("Login locked"),
    "logout.done": _("Logged out"),
    "session.idle_end": _("Session ended after idling"),
    "post.switched": _("Switched the post"),
    "password.changed": _("Changed own password"),
    "password.reset": _("Password reset"),
    "user.added": _("Made a user"),
    "user.edited": _("Changed a user"),
    "user.moved": _("Moved a user"),
    "user.switched_off": _("Switched a user off"),
    "user.handed_over": _("Handed over what was a leaver's"),
    "user.taken_back": _("Took a user back"),
    "unit.added": _("Added a unit"),
    "unit.edited": _("Changed a unit"),
    "unit.moved": _("Moved a unit"),
    "unit.closed": _("Closed a unit"),
    "unit.reopened": _("Reopened a unit"),
    "unit.merged": _("Merged a unit"),
    "post.given": _("Gave a post"),
    "post.changed": _("Changed a post"),
    "post.ended": _("Ended a post"),
    "user.explained": _("Looked at what a user sees and may do"),
    "roles.exported": _("Exported the roles"),
    "delegation.made": _("Delegated a post"),
    "delegation.ended": _("Ended a delegation"),
    "token.created": _("Made an API token"),
    "token.revoked": _("Revoked an API token"),
    "token.rotated": _("Renewed an API token"),
    "login.unlocked": _("Unlocked a login"),
    "login_alert.looked_at": _("Looked at a login alert"),
    "session.ended": _("Ended a session"),
    "session.others_ended": _("Ended own other sessions"),
    "session.all_ended": _("Ended all sessions of a user"),
    "second_factor.added": _("Added a second factor"),
    "second_factor.removed": _("Removed a second factor"),
    "second_factor.reset": _("Reset a user's second factors"),
    "recovery_codes.made": _("Made recovery codes"),
    "wall.raised": _("Put up an ethical wall"),
    "wall.ended": _("Took an ethical wall down"),
    "roles.changed": _("The roles changed with a new version"),
}
VALUES = {
    "failed_before": _("Failed tries before"),
    "post": _("Post"),
    "username": _("Employee number"),
    "unit": _("At unit"),
    "role": _("Role"),
    "data_scope": _("Data scope"),
    "line": _("Business line"),
    "user": _("User"),
    "org.role": _("Role"),
    "expires": _("Expires"),
    "added": _("Added"),
    "taken": _("Taken away"),
    "person": _("Employee number"),
    "asked_by": _("Asked by"),
    "agreed_by": _("Agreed by"),
    "for": _("Ordered for"),
    "closed_on": _("Unit closed on"),
    "merged_into": _("Went up in"),
    "moved": _("What moved"),
    "is_active": _("May log in"),
    "left_on": _("Left on"),
    "handed_over": _("What was handed over"),
    "posts": _("Posts"),
    "sessions": _("Sessions ended"),
    "ended_sessions": _("Sessions ended"),
    "tokens": _("Tokens revoked"),
    "end": _("How it ended"),
    "factor": _("Way of logging in"),
    "factors": _("Second factors"),
    "alerts": _("Login alerts"),
    "permission": _("Permission"),
    "permissions": _("Permissions"),
    "field_class": _("Kind of personal data"),
    "of_day": _("On that day"),
    "usual": _("Usual at most"),
    "teams": _("Teams"),
    "units": _("Units"),
    "users": _("Users"),
}


def _named(pk: str) -> str:
    """Who it was: records keep the key of the user."""
    found = User.objects.filter(pk=pk).first() if pk.isdigit() else None
    return f"{found.username} {found.label}" if found else pk


audit_words.register(ACTIONS, group=_("Logins and users"), about_customers=False)
granted = {code: known.label for code, known in permissions().items()}
audit_words.register_values(
    {code: role.label for code, role in ROLES.items()}, dict.fromkeys([*ROLES, "added", "taken"], granted)
)
roles = {code: role.label for code, role in ROLES.items()}
audit_words.register_values(
    VALUES,
    {
        "role": roles,
        "data_scope": dict(Post.DataScope.choices),
        "factor": dict(LoginRecord.Factor.choices),
        "alerts": dict(LoginAlert.Kind.choices),
        "end": dict(UserSession.End.choices),
        "permission": granted,
        "permissions": granted,
        "field_class": CLASS_LABELS,
        **dict.fromkeys(("asked_by", "agreed_by", "for"), _named),
    },
)
