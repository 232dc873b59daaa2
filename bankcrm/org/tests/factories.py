"""Units, people and posts for tests. The web role may not write them, so they are made as the owner."""

import datetime as dt

import factory
from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from factory.django import DjangoModelFactory

from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org.actions import create_token
from bankcrm.org.models import Manager, OrgUnit, Post, Team, User
from bankcrm.org.queries import scope_for

PASSWORD = "correct-horse-7"
LONG_AGO = dt.date(2020, 1, 1)


class OwnedFactory(DjangoModelFactory):
    """Creates as the owner of the tables."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with as_owner():
            return super()._create(model_class, *args, **kwargs)


class UnitFactory(OwnedFactory):
    """A unit on its own; `tree` makes whole trees with right numbers."""

    class Meta:
        model = OrgUnit

    code = factory.Sequence(lambda n: f"U{n:05d}")
    name = factory.Sequence(lambda n: f"城东{n}支行")
    kind = OrgUnit.Kind.SUB_BRANCH
    no = factory.Sequence(lambda n: 1_000_000 + n * 10)
    no_end = factory.LazyAttribute(lambda unit: unit.no + 10)
    depth = 0


class UserFactory(OwnedFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"E{n:05d}")
    name = "林晓"
    name_en = "Lin Xiao"
    home_unit = factory.SubFactory(UnitFactory)
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    must_change_password = False


class TeamFactory(OwnedFactory):
    class Meta:
        model = Team

    code = factory.Sequence(lambda n: f"T{n:04d}")
    name = "营销一组"
    unit = factory.SubFactory(UnitFactory)


class PostFactory(OwnedFactory):
    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    unit = factory.LazyAttribute(lambda post: post.user.home_unit)
    role = "relationship_manager"
    data_scope = "self"
    valid = DateRange(LONG_AGO, None)


class ManagerFactory(OwnedFactory):
    class Meta:
        model = Manager

    user = factory.SubFactory(UserFactory)
    accredited = DateRange(LONG_AGO, None)


def tree(shape, *, parent=None, no=0, gap=10):
    """Units of a nested dict {code: {code below: {...}}} in preorder with gaps; returns {code: unit}."""
    units, next_no = {}, no
    depth = 0 if parent is None else parent.depth + 1
    for code, below in shape.items():
        kind = OrgUnit.Kind.HEAD_OFFICE if parent is None else OrgUnit.Kind.BRANCH
        unit = UnitFactory(code=code, name=code, parent=parent, kind=kind, no=next_no, no_end=next_no + 1, depth=depth)
        made = tree(below, parent=unit, no=next_no + gap, gap=gap)
        end = max([one.no_end for one in made.values()], default=next_no + gap)
        with as_owner():
            OrgUnit.objects.filter(pk=unit.pk).update(no_end=end)
        unit.no_end = end
        units |= {code: unit, **made}
        next_no = end
    return units


def user_with_post(role="relationship_manager", data_scope="self", *, unit=None, **post):
    """A user who can log in with PASSWORD and holds one post."""
    user = UserFactory(home_unit=unit) if unit is not None else UserFactory()
    PostFactory(user=user, role=role, data_scope=data_scope, **post)
    return user


def scope_of(user):
    """The scope of the user's first post."""
    return scope_for(user, user.posts.order_by("id").first())


def token_for(user, name="", days=30):
    """A plain token of the REST API, as the command line gives it."""
    by = Scope.system(because="test")
    with as_owner():
        return create_token(user=user, name=name or f"t{user.api_tokens.count()}", days=days, by=by, scope=by)[1]


def client_of(user, language="en"):
    """A browser of that user, logged in and in that language."""
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["bankcrm_language"] = language
    return client
