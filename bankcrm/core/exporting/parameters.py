"""Settings of exports and prints."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.choices import check_choices
from bankcrm.core.exporting.purposes import PURPOSES
from bankcrm.core.parameters import Parameter, register, register_group

APPROVE_ABOVE, AGREE_UP_TO, KEEP_DAYS = "exports.approve_above", "exports.agree_up_to", "exports.keep_days"
USUAL = (
    "visit=走访与客户维护/Visits and customer care; campaign=营销活动/Marketing campaign; "
    "report=统计报表与分析/Reports and analysis; review=贷后与风险检查/Credit and risk review; "
    "correction=数据核对与更正/Checking and correcting data; "
    "subject=个人信息主体请求/Request of a data subject; regulator=监管与审计/Regulators and audit; "
    "other=其他/Other"
)

register_group("exports", _("Exports and prints"))
register(
    Parameter(
        APPROVE_ABOVE,
        int,
        1_000,
        _("A file with data of customers needs a second person above"),
        _("rows"),
        0,
        1_000_000,
        per_unit=True,
        meaning=_(
            "Files of customers, of rejected rows and of the audit; counted when ordered. 0: every file needs a second "
            "person."
        ),
        four_eyes=True,
    )
)
register(
    Parameter(
        AGREE_UP_TO,
        int,
        10_000,
        _("A unit's head may agree to files of up to"),
        _("rows"),
        0,
        1_000_000,
        per_unit=True,
        meaning=_(
            "Larger ones go to whoever may agree to any size, and so do all of rejected rows and of the audit: their "
            "rows are the whole bank's, or tell of the unit itself."
        ),
        four_eyes=True,
    )
)
register(Parameter(KEEP_DAYS, int, 7, _("Files are kept for"), _("days"), 1, 30, four_eyes=True))
register(
    Parameter(
        PURPOSES,
        str,
        USUAL,
        _("Purposes of exports and prints: CODE=Chinese/English; …"),
        check=check_choices,
        meaning=_("Whoever exports or prints chooses one and says more in their own words."),
    )
)
