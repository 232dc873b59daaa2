"""All that roles of this bank may be allowed. A new app adds its own with `core.permissions.permission`."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.permissions import permission

CUSTOMERS_VIEW = permission("customers.view", _("Open a customer"))
CUSTOMERS_LIST = permission("customers.list", _("List customers"))
CUSTOMERS_SEARCH = permission("customers.search", _("Search for customers"))
CUSTOMERS_EDIT = permission("customers.edit", _("Correct a customer's data"), writes=True)
CUSTOMERS_PROSPECTS_CREATE = permission("customers.prospects.create", _("Create prospects"), writes=True)
CUSTOMERS_BULK = permission("customers.bulk", _("Work on many customers at once"), writes=True)
CUSTOMERS_EXPORT = permission("customers.export", _("Export lists of customers"))
CUSTOMERS_TRANSACTIONS = permission("customers.transactions", _("See transactions"))
CUSTOMERS_RELATIONS = permission("customers.relations", _("See relations"))
CUSTOMERS_GROUPS = permission("customers.groups", _("Confirm, change and dissolve groups"), writes=True)
CUSTOMERS_FILES = permission("customers.files", _("See the checklist of papers, the list of files and what is missing"))
CUSTOMERS_FILES_OPEN = permission("customers.files.open", _("Open files of customers"))
CUSTOMERS_FILES_OPEN_OWN = permission("customers.files.open.own", _("Open files of customers one looks after"))
CUSTOMERS_FILES_EDIT = permission("customers.files.edit", _("Upload, replace and remove files"), writes=True)
CUSTOMERS_FILES_WAIVE = permission("customers.files.waive", _("Waive papers of the checklist"), writes=True)
CUSTOMERS_INTERACTIONS_VIEW = permission("customers.interactions.view", _("See contacts and tasks"))
CUSTOMERS_INTERACTIONS_LOG = permission("customers.interactions.log", _("Log contacts and plan tasks"), writes=True)
TASKS_ASSIGN = permission("tasks.assign", _("See the tasks of one's team or unit and hand them on"), writes=True)
ALERTS_RULES = permission("alerts.rules", _("Set the alert rules of one's units"), writes=True)
CUSTOMERS_HISTORY = permission("customers.history", _("See a customer's history"))
CUSTOMERS_REVEAL = permission("customers.reveal", _("See masked data whole for a while, with a reason"))
CUSTOMERS_VERIFY = permission(
    "customers.verify", _("Verify callers; until then see only the customer's masked head"), writes=True
)
CUSTOMERS_FIGURES = permission("customers.figures", _("See balances and figures"))
CUSTOMERS_CREDIT = permission("customers.credit", _("See facilities and collateral"))
CUSTOMERS_RISK = permission("customers.risk", _("See risk marks"))
CUSTOMERS_RISK_OWN = permission("customers.risk.own", _("See risk marks of customers one looks after"))
CUSTOMERS_INCOME = permission("customers.income", _("See income and internal transfer prices"))
CUSTOMERS_WHOLE_BANK = permission("customers.whole_bank", _("See holdings booked elsewhere in full"))
SEGMENTS_TAG = permission("segments.tag", _("Put tags on customers"), writes=True)
SEGMENTS_MANAGE = permission("segments.manage", _("Make and close tags"), writes=True)
VALUATION_TIERS = permission("valuation.tiers", _("See the tier table"))
VALUATION_TIERS_SET = permission("valuation.tiers.set", _("Set the tier table"), writes=True)
FEEDS_VIEW = permission("feeds.view", _("See loads"))
FEEDS_LOAD = permission("feeds.load", _("Start and cancel loads"), writes=True)
FEEDS_REJECTS = permission("feeds.rejects", _("See and download rejected rows"))
FEEDS_LEDGER = permission("feeds.ledger", _("See accounts against the ledger"))
FEEDS_LEDGER_EXPLAIN = permission("feeds.ledger.explain", _("Explain differences from the ledger"), writes=True)
IDENTITY_CANDIDATES = permission("identity.candidates", _("See possible duplicates"))
INSIGHTS_CROSS = permission("insights.cross", _("See the cross view"))
IDENTITY_DATA_WORK = permission("identity.data_work", _("See missing and contradicting data"))
IDENTITY_DATA_WORK_CLOSE = permission(
    "identity.data_work.close", _("Work off missing and contradicting data"), writes=True
)
PRIVACY_REQUESTS = permission("privacy.requests", _("See requests of data subjects"))
PRIVACY_REQUESTS_WORK = permission(
    "privacy.requests.work", _("Record and answer requests of data subjects"), writes=True
)
PRIVACY_DELETIONS_AGREE = permission(
    "privacy.deletions.agree", _("Agree to the deletion of a customer's data"), writes=True
)
EXPORTS_AGREE = permission("exports.agree", _("Agree to large exports"), writes=True)
EXPORTS_AGREE_ANY = permission("exports.agree.any", _("Agree to exports of any size"), writes=True)
EXPORTS_TRACE = permission("exports.trace", _("Trace exports and prints"))
ORG_WALLS_VIEW = permission("org.walls.view", _("See ethical walls"))
ORG_WALLS = permission("org.walls", _("Ask for ethical walls and their end"), writes=True)
ORG_WALLS_AGREE = permission("org.walls.agree", _("Agree to ethical walls"), writes=True)
APPROVALS_ALL = permission("approvals.all", _("See everybody's approvals"))
AUDIT_VIEW = permission("audit.view", _("Read the audit"))
AUDIT_CUSTOMERS = permission("audit.customers", _("See who had access to a customer"))
ORG_VIEW = permission("org.view", _("See units, users and posts"))
ORG_USERS = permission("org.users", _("Make users and reset passwords"), writes=True)
SYSTEM_PARAMETERS_VIEW = permission("system.parameters.view", _("See parameters"))
ORG_LOGINS = permission("org.logins", _("See login alerts, locked accounts and service tokens"))
ORG_LOGINS_ACT = permission(
    "org.logins.act", _("Look into login alerts, unlock accounts, end sessions, reset second factors"), writes=True
)
ORG_UNITS = permission("org.units", _("Add, move, close and merge units"), writes=True)
ORG_UNITS_AGREE = permission("org.units.agree", _("Agree to merges of units"), writes=True)
ORG_POSTS = permission("org.posts", _("Give, change, end and delegate posts"), writes=True)
SYSTEM_PARAMETERS = permission("system.parameters", _("Set parameters"), writes=True)
SYSTEM_PARAMETERS_UNIT = permission("system.parameters.unit", _("Set parameters of one's units"), writes=True)
SYSTEM_PARAMETERS_AGREE = permission("system.parameters.agree", _("Agree to changes of parameters"), writes=True)
SYSTEM_MENUS = permission("system.menus", _("Arrange the menu"), writes=True)
SYSTEM_WEBHOOKS = permission("system.webhooks", _("Manage webhooks"), writes=True)
SYSTEM_JOBS = permission("system.jobs", _("See everybody's jobs"))
SYSTEM_JOBS_MANAGE = permission(
    "system.jobs.manage", _("Cancel everybody's jobs and run failed ones anew"), writes=True
)
SYSTEM_OPERATIONS = permission("system.operations", _("See how the machinery fares"))
SYSTEM_USAGE = permission("system.usage", _("See who uses the system and how"))
