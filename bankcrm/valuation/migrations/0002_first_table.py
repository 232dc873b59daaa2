"""The tier table that a bank begins with: usual levels, for head office to change from a month to come on."""

from datetime import date
from decimal import Decimal

from django.db import migrations

FIRST_MONTH = date(2000, 1, 1)  # before all figures: it decides until the bank sets one of its own
WAN = Decimal(10_000)
LEVELS = (
    ("mass", "大众", "Mass", 0, None),
    ("silver", "银卡", "Silver", 5, 3),
    ("gold", "金卡", "Gold", 30, 3),
    ("platinum", "白金", "Platinum", 50, 3),
    ("premier", "财富", "Premier", 100, 3),
    ("diamond", "钻石", "Diamond", 300, 3),
    ("private", "私人银行", "Private banking", 600, 6),
)


def fill(apps, schema_editor):
    tables, levels = apps.get_model("valuation", "TierTable"), apps.get_model("valuation", "TierLevel")
    table = tables.objects.create(first_month=FIRST_MONTH)
    for code, name, name_en, wan, months in LEVELS:
        levels.objects.create(
            table=table, code=code, name=name, name_en=name_en, threshold=wan * WAN, fall_months=months
        )


class Migration(migrations.Migration):
    dependencies = [("valuation", "0001_tiers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
