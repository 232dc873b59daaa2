"""Settings of groups and control, and of documents."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, value

STATE_OWNERS = "customers.state_owners"
CUSTODIANS = "customers.custodians"


def register_all() -> None:
    """Called once when the app is ready."""
    state = "国有资产监督管理;国资委;财政部;财政厅;财政局;人民政府"
    register(Parameter(STATE_OWNERS, str, state, _("Owners on behalf of the state: parts of their names; …")))
    custodians = "托管;证券登记结算;中央结算;社会保障基金;证券投资基金"
    register(
        Parameter(CUSTODIANS, str, custodians, _("Holders that own without steering, such as funds: parts of names; …"))
    )


def listed(key: str) -> tuple[str, ...]:
    """The parts of a setting that lists several, divided by semicolons."""
    return tuple(part.strip() for part in str(value(key)).split(";") if part.strip())
