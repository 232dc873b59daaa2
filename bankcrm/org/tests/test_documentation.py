from django.conf import settings

from bankcrm.org.documentation import BEGIN, render


def test_the_tables_of_the_security_page_are_what_the_code_enforces():
    page = (settings.BASE_DIR / "docs" / "security.md").read_text(encoding="utf-8")
    assert BEGIN in page
    made = page[page.index(BEGIN) :].strip()
    assert made == render().strip(), "run python -m bankcrm.org.documentation and put its output at the page's end"
