"""What stands in the logs, and what never does."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import context
from bankcrm.core.context import RequestContext
from bankcrm.core.logs import JsonFormatter, TextFormatter, error_of, masked
from bankcrm.core.scope import Scope

PERSONS = (
    ("张伟", "110101199003074477", "13812345678", "zhang.wei@example.com"),
    ("欧阳娜娜", "31010419881122123X", "+86 139-1234-5678", "ouyang@163.com"),
    ("阿不都热合曼·买买提", "650102197501013319", "0991-2345678", "abdu@mail.cn"),
    ("John Smith", "P12345678", "021 6234 5678", "john.smith@bank.example"),
)
VALUES = st.sampled_from([value for person in PERSONS for value in person])
SAID = st.sampled_from(
    [
        "customer {} not found",
        "cannot read {!r}",
        'invalid input syntax for type date: "{}"',
        "{}",
        "Key (number)=({}) already exists.",
        "Failing row contains (1, {}, x).",
        "no such customer: {} (did you mean that?)",
    ]
)


def line(level=logging.ERROR, message="it failed", *args, error=None, formatter=JsonFormatter, **extra):
    """The line that a formatter makes of a record."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bankcrm.test", level, __file__, 1, message, args, info)
    record.__dict__.update(extra)
    return formatter().format(record)


def raised(error, cause=None):
    """The error as it comes out of a function that holds values."""
    try:
        try:
            if cause is not None:
                raise cause
        except Exception as first:
            raise error from first
        raise error
    except Exception as caught:
        return caught


@given(value=VALUES, said=SAID, formatter=st.sampled_from([JsonFormatter, TextFormatter]), data=st.data())
def test_no_personal_value_stands_in_a_line_whatever_way_it_came(value, said, formatter, data):
    text = said.format(value)
    ways = {
        "message": lambda: line(message=f"“{value}”", formatter=formatter),
        "argument": lambda: line(logging.WARNING, "customer %s is odd: %d", value, 3, formatter=formatter),
        "named": lambda: line(logging.WARNING, "customer %(who)s", {"who": value}, formatter=formatter),
        "error": lambda: line(error=raised(ValueError(text)), formatter=formatter),
        "key": lambda: line(error=raised(KeyError(value)), formatter=formatter),
        "cause": lambda: line(error=raised(RuntimeError("outer"), ValueError(text)), formatter=formatter),
        "file": lambda: line(error=raised(FileNotFoundError(2, "missing", f"/tmp/{value}")), formatter=formatter),
        "database": lambda: line(error=raised(IntegrityError(text)), formatter=formatter),
        "error as argument": lambda: line(logging.WARNING, "failed: %s", ValueError(text), formatter=formatter),
        "error as message": lambda: line(logging.WARNING, ValueError(text), formatter=formatter),
    }
    made = ways[data.draw(st.sampled_from(sorted(ways)))]()
    assert value not in made
    assert json.dumps(value)[1:-1] not in made
    for piece in value.replace("-", " ").split():
        assert len(piece) < 5 or piece not in made


@given(digits=st.text("0123456789", min_size=5, max_size=40), before=st.text("abc =(:", max_size=4))
def test_no_run_of_five_digits_survives(digits, before):
    assert digits not in masked(f"{before}{digits} and more")


def test_short_numbers_and_the_programs_own_words_stay():
    told = json.loads(line(logging.INFO, "job %s %s took %.1f s", 12, "customers.export", 1.5))
    assert told["message"] == "job 12 customers.export took 1.5 s"


def test_a_template_for_numbers_that_gets_a_long_one_is_still_told():
    assert json.loads(line(logging.INFO, "customer %d", 61000007437))["message"] == "customer …"


def test_an_error_tells_its_type_its_places_and_a_fingerprint():
    def view():
        raise ValueError("张伟")

    prints = set()
    for _ in range(2):
        try:
            view()
        except ValueError as error:
            told = json.loads(line(error=error))["error"]
            prints.add(told["fingerprint"])
    assert told["type"] == "ValueError"
    assert told["at"][-1].startswith("bankcrm/core/tests/test_logs.py:")
    assert told["at"][-1].endswith(" view")
    assert len(prints) == 1


def test_a_line_is_one_line_with_the_request_and_the_users_number():
    scope = Scope(user_id=7, username="100123", name="张伟")
    with context.serving(RequestContext(request_id="abc", scope=scope)):
        made = line(logging.INFO, "request", route="customers:overview", status=200, milliseconds=12.5)
    assert "\n" not in made
    told = json.loads(made)
    assert (told["request"], told["user"], told["route"], told["status"]) == ("abc", 7, "customers:overview", 200)
    assert "100123" not in made
    assert "张" not in made


def test_what_is_added_to_a_record_is_written_only_when_it_is_known_to_be_harmless():
    assert "张伟" not in line(logging.INFO, "request", customer="张伟")


@pytest.mark.django_db
def test_the_detail_of_a_database_error_is_not_told_but_its_constraint_is():
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) "
            "VALUES ('13812345678', 'x', now()), ('13812345678', 'x', now())"
        )
    assert "13812345678" in str(caught.value), "the text of the error holds the value"
    told = error_of(caught.value)
    assert "13812345678" not in json.dumps(told)
    assert (told["sqlstate"], told["constraint_name"]) == ("23505", "django_session_pkey")


# Through a whole request ---------------------------------------------------------------------------------------------


def broken(request, value):
    """A page that falls over with what it was given in its words."""
    from django.contrib.auth.decorators import login_not_required  # noqa: F401

    raise LookupError(f"no customer {value} for {request.GET.get('q')}")


broken.login_required = False
urlpatterns = [path("broken/<str:value>/", broken, name="broken")]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("person", PERSONS)
def test_a_page_that_falls_over_leaves_no_value_in_the_log(client, person, capsys):
    client.raise_request_exception = False
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        answer = client.get(f"/broken/{person[0]}/", {"q": person[2]}, headers={"User-Agent": person[3]})
    finally:
        root.removeHandler(handler)
    assert answer.status_code == 500
    written = capsys.readouterr().out
    lines = [json.loads(one) for one in written.splitlines()]
    request_id = answer.headers["X-Request-Id"]
    failed = next(one for one in lines if one.get("error"))
    assert (failed["request"], failed["error"]["type"]) == (request_id, "LookupError")
    noted = next(one for one in lines if one["logger"] == "bankcrm.access")
    assert (noted["request"], noted["route"], noted["status"]) == (request_id, "broken", 500)
    for value in person:
        assert value not in written
        assert json.dumps(value)[1:-1] not in written
