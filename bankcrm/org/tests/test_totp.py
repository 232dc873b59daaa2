import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.org import totp

RFC = base64.b32encode(b"12345678901234567890").decode()
moments = st.integers(60, 2**32).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    assert totp.code_at(RFC, seconds // totp.PERIOD) == code


@given(moments, st.integers(-40, 40))
def test_a_code_is_good_one_step_before_and_after_and_no_longer(now, drift):
    step = totp.step_of(now) + drift
    if step < 0:
        return
    found = totp.matching_step(RFC, totp.code_at(RFC, step), now=now, after=-1)
    if abs(drift) <= totp.DRIFT:
        assert found is not None
    else:
        assert found is None or totp.code_at(RFC, found) == totp.code_at(RFC, step), "another step with the same code"


@given(moments)
def test_a_used_code_and_every_older_one_is_refused(now):
    step = totp.step_of(now)
    code = totp.code_at(RFC, step)
    assert totp.matching_step(RFC, code, now=now, after=step) in (None, step + 1)
    assert totp.matching_step(RFC, code, now=now, after=step + 1) is None


@given(st.text(max_size=20))
def test_whatever_is_typed_is_answered(text):
    now = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    good = {totp.code_at(RFC, totp.step_of(now) + drift) for drift in (-1, 0, 1)}
    assert (totp.matching_step(RFC, text, now=now, after=0) is not None) == ("".join(text.split()) in good)


def test_an_app_is_told_who_and_where():
    address = totp.address(RFC, label="100482", issuer="客户关系管理")
    assert address.startswith("otpauth://totp/%E5%AE%A2")
    assert f"secret={RFC}" in address
