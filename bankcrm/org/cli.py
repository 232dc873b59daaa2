"""`bankcrm user`: users, first passwords and tokens of the REST API, on the machine that serves the bank."""

import json
import sys

import click
from django.core.exceptions import ValidationError

from bankcrm.core.scope import Scope
from bankcrm.org import actions
from bankcrm.org.models import ApiToken, OrgUnit, Post, User
from bankcrm.org.roles import ROLES

JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def user() -> None:
    """Add users, reset passwords, give tokens."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="The user's name.")
@click.option("--unit", "unit_code", required=True, help="Code of the home unit; the post is held there.")
@click.option("--role", type=click.Choice(list(ROLES)), required=True, help="Role of the post.")
@click.option("--scope", "data_scope", type=click.Choice(Post.DataScope.values), default="unit", show_default=True)
@click.option("--line", default="", help="Narrow the post to this business line.")
@JSON
def add(username: str, name: str, unit_code: str, role: str, data_scope: str, line: str, as_json: bool) -> None:
    """Add a user with one post. Prints a first password, to be changed at the first login."""
    unit = OrgUnit.objects.filter(code=unit_code).first()
    if unit is None:
        raise click.ClickException(f"there is no unit {unit_code}.")
    by = Scope.system(because="bankcrm user add")
    try:
        made, password = actions.add_user(
            username=username, name=name, unit=unit, role=role, data_scope=data_scope, line=line, by=by, scope=by
        )
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    _tell(made, password, as_json)


@user.command()
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Take the password from standard input instead of making one.")
@JSON
def reset(username: str, password_stdin: bool, as_json: bool) -> None:
    """Give a user a first password, to be changed at the next login, and unlock the account."""
    found = _user(username)
    given = sys.stdin.readline().rstrip("\n") if password_stdin else None
    by = Scope.system(because="bankcrm user reset")
    try:
        password = actions.reset_password(user=found, by=by, scope=by, password=given)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    _tell(found, None if password_stdin else password, as_json)


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="What the token is for, e.g. call-centre.")
@click.option("--days", type=click.IntRange(1, actions.MOST_TOKEN_DAYS), required=True, help="Days until it expires.")
@click.option(
    "--may", "permissions", multiple=True, help="A permission it may use (repeat); default: all of the user's."
)
@JSON
def token(username: str, name: str, days: int, permissions: tuple[str, ...], as_json: bool) -> None:
    """Give a program a token of the REST API to act as a user. It is printed once and kept nowhere."""
    by = Scope.system(because="bankcrm user token")
    try:
        made, plain = actions.create_token(
            user=_user(username), name=name, days=days, permissions=permissions, by=by, scope=by
        )
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    if as_json:
        told = {"username": username, "name": made.name, "token": plain, "expires_at": made.expires_at.isoformat()}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{username}: token {plain} (until {made.expires_at:%Y-%m-%d %H:%M}; it is not shown again)")


@user.command("token-revoke")
@click.argument("username")
@click.option("--name", required=True, help="The token's name.")
def token_revoke(username: str, name: str) -> None:
    """End a token of the REST API at once."""
    by = Scope.system(because="bankcrm user token-revoke")
    try:
        actions.revoke_token(user=_user(username), name=name, by=by, scope=by)
    except ApiToken.DoesNotExist:
        raise click.ClickException(f"{username} has no token {name} in force.") from None
    click.echo(f"{username}: token {name} is revoked.")


def _user(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise click.ClickException(f"there is no user {username}.")
    return found


def _tell(found: User, password: str | None, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"username": found.username, "password": password, "must_change_password": True}))
    elif password is None:
        click.echo(f"{found.username} has the new password and must change it at the next login.")
    else:
        click.echo(f"{found.username}: first password {password} (must be changed at the first login)")
