"""What kinds of personal data are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

CLASS_LABELS: dict[str, Promise] = {
    "person_name": pgettext_lazy("field class", "name"),
    "mobile": pgettext_lazy("field class", "mobile"),
    "phone": pgettext_lazy("field class", "phone"),
    "email": pgettext_lazy("field class", "e-mail"),
    "address": pgettext_lazy("field class", "address"),
    "wechat": pgettext_lazy("field class", "WeChat"),
    "id_number": pgettext_lazy("field class", "document number"),
    "account": pgettext_lazy("field class", "account number"),
    "birth": pgettext_lazy("field class", "date of birth"),
    "income": pgettext_lazy("field class", "income"),
}
