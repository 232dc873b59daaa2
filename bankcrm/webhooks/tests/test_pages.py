"""The administrator's pages: what they make, what they show, and what they keep to themselves."""

import pytest
from django.test import Client

from bankcrm.core import boxes
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.org.tests.factories import user_with_post
from bankcrm.webhooks.delivering import PURPOSE
from bankcrm.webhooks.models import Delivery, Subscription
from bankcrm.webhooks.tests.factories import DeliveryFactory, SubscriptionFactory, TokenFactory

pytestmark = pytest.mark.django_db
URL = "/system/webhooks/"


@pytest.fixture
def admin():
    """The system administrator's browser, in English."""
    made = Client(headers={"accept-language": "en"})
    made.force_login(
        user_with_post("system_administrator", "bank"), backend="django.contrib.auth.backends.ModelBackend"
    )
    made.cookies["bankcrm_language"] = "en"
    return made


def form(given, **changes):
    return {
        "name": "数据平台", "token": given.pk, "address": "https://hook.example/in",
        "kinds": ["customer.changed", "contact.logged"], **changes,
    }  # fmt: skip


def test_a_secret_is_shown_once_and_kept_encrypted(admin):
    token = TokenFactory()
    page = admin.post(f"{URL}new/", form(token))
    secret = page.context["secret"]
    made = Subscription.objects.get()
    assert secret.startswith("whsec_") and secret in page.content.decode() and page["Cache-Control"] == "no-store"
    assert secret not in made.secret and boxes.take(PURPOSE, made.secret) == secret
    assert secret not in admin.get(f"{URL}{made.pk}/").content.decode()
    event = AuditEvent.objects.get(action="webhook.created")
    assert secret not in str(event.after) and event.after["address"] == "https://hook.example/in"
    renewed = admin.post(f"{URL}{made.pk}/secret/").context["secret"]
    made.refresh_from_db()
    assert renewed != secret and boxes.take(PURPOSE, made.secret) == renewed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": "http://hook.example/"}, "address"),
        ({"address": "https://10.0.0.1/"}, "address"),
        ({"address": "hook"}, "address"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["gossip"]}, "kinds"),
        ({"name": " "}, "name"),
        ({"token": 999}, "token"),
    ],
)
def test_what_may_not_be_is_said_at_its_field(admin, changes, field):
    page = admin.post(f"{URL}new/", form(TokenFactory(), **changes))
    assert page.status_code == 422 and page.context["form"].errors[field]
    assert not Subscription.objects.exists()


def test_a_name_is_given_once(admin):
    SubscriptionFactory(name="数据平台")
    assert admin.post(f"{URL}new/", form(TokenFactory())).status_code == 422


def test_the_page_says_what_the_tokens_post_may_not_hear(admin):
    token = TokenFactory(user=user_with_post("relationship_manager"))
    row = SubscriptionFactory(token=token, kinds=["customer.changed", "risk.changed"])
    text = admin.get(f"{URL}{row.pk}/").content.decode()
    assert "Not told of, for want of the right" in text and "Risk marks changed" in text
    assert "Relationship manager" in text


def test_the_landing_page_speaks_up_only_when_something_is_wrong(admin):
    row = SubscriptionFactory()
    assert "Webhooks that need you" not in admin.get("/").content.decode()
    with as_owner():
        Subscription.objects.filter(pk=row.pk).update(state="disabled")
    text = admin.get("/").content.decode()
    assert "Webhooks that need you" in text and "Switched off after failures" in text


def test_pause_resume_and_end_are_on_record_and_an_end_is_for_good(admin):
    row = SubscriptionFactory()
    waiting = DeliveryFactory(subscription=row)
    for action in ("pause", "resume", "end"):
        assert admin.post(f"{URL}{row.pk}/{action}/").status_code == 302
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, row.secret, waiting.state) == ("ended", "", "given_up")
    assert admin.post(f"{URL}{row.pk}/resume/").status_code == 404
    actions = AuditEvent.objects.filter(action__startswith="webhook.").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["webhook.paused", "webhook.resumed", "webhook.ended"]


def test_a_test_event_and_a_delivery_sent_again_wait_for_the_worker(admin):
    row = SubscriptionFactory()
    old = DeliveryFactory(subscription=row, state="given_up", attempts=12, status_code=500)
    admin.post(f"{URL}{row.pk}/test/")
    admin.post(f"{URL}deliveries/{old.pk}/again/")
    assert Delivery.objects.filter(state="waiting").count() == 2
    assert Delivery.objects.get(is_test=True).events[0]["customer"] is None
    assert Delivery.objects.get(pk=old.pk).uid == old.uid and Delivery.objects.get(pk=old.pk).attempts == 0
    admin.post(f"{URL}deliveries/{old.pk}/again/")
    assert AuditEvent.objects.filter(action="webhook.sent_again").count() == 1


def test_the_log_shows_answers_and_no_customer_to_an_administrator(admin):
    row = DeliveryFactory(state="given_up", attempts=12, status_code=503)
    DeliveryFactory(state="delivered", attempts=1, status_code=200)
    text = admin.get(f"{URL}deliveries/?state=given_up").content.decode()
    assert "503" in text and str(row.uid) in text and "Send again" in text and ">200" not in text
    assert row.events[0]["customer"] not in text


@pytest.mark.parametrize("path", ["", "new/", "deliveries/"])
def test_the_pages_speak_chinese(admin, path):
    TokenFactory()
    admin.cookies["bankcrm_language"] = "zh-hans"
    text = admin.get(f"{URL}{path}").content.decode()
    assert "事件推送" in text and "Webhook" not in text
