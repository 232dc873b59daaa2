"""When the next contact with a customer is due. No Django, no clock, no reading."""

from datetime import date, timedelta


def next_contact_on(begins_on: date, every_days: int, last_contact_on: date | None) -> date:
    """The day by which the customer is to be contacted again: a rhythm after the last contact, if not before the plan.

    A contact made before the plan counts, so that a plan does not send somebody to a customer seen yesterday; a plan
    that begins later than that waits for its beginning. Raises ValueError for a rhythm of less than a day.
    """
    if every_days < 1:
        raise ValueError("a rhythm is at least a day")
    if last_contact_on is None:
        return begins_on
    return max(begins_on, last_contact_on + timedelta(days=every_days))
