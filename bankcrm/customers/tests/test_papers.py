"""Files of customers: upload, what is refused, versions, removal, waivers, download, who may what."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from bankcrm.core import attachments, files
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.papers import NewFile, add_file, end_waiver, remove_file, replace_file, waive_paper
from bankcrm.customers.models import CustomerFile, PaperWaiver
from bankcrm.customers.queries.papers import papers
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import TODAY, CustomerFactory, DocumentFactory, HoldingFactory
from bankcrm.customers.tests.paper_factories import DOCX, HTML, JPEG, PDF, PNG, CustomerFileFactory
from bankcrm.system.models import ParameterValue

pytestmark = pytest.mark.django_db
WHY = "客户已换领新证"
COPY = NewFile("id_copy")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def on_disk():
    return sorted(str(path.relative_to(files.folder())) for path in files.folder().glob("**/*") if path.is_file())


def rows():
    return list(CustomerFile.objects.everything(because="test").order_by("pk"))


def add(cast, new=COPY, content=PDF, who="lin", size=None):
    given = {"new": new, "content": io.BytesIO(content), "size": len(content) if size is None else size}
    return add_file(by=getattr(cast, who), scope=cast.scope(who), number=cast.customer.number, **given)


def fetch(client, address):
    """The answer with its content read, so that the file is closed again."""
    answer = client.get(address)
    if answer.streaming:
        answer.body = b"".join(answer.streaming_content)
    return answer


def states(cast, who="lin"):
    who = subject(cast.scope(who), cast.customer.number)
    return {line.code: line.state.value for line in papers(who, who.customer.documents.all()).checklist}


def url(cast, *parts):
    return "/".join(["/customers", cast.customer.number, *map(str, parts), ""])


def send(client, address, content, name="scan.pdf", **data):
    sent = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(address, {"paper_kind": "id_copy", "content": sent, **data})


def test_an_uploaded_file_is_kept_whole_under_a_random_name_and_its_paper_is_present(cast):
    assert states(cast) == {"id_copy": "missing"}
    made = add(cast)
    assert on_disk() == [made.path] and attachments.place_of(made.path).read_bytes() == PDF
    assert (made.by, made.size, made.media_type, made.version) == (cast.lin, len(PDF), "application/pdf", 1)
    assert states(cast) == {"id_copy": "present"}
    event = AuditEvent.objects.get(action="customer.add_file")
    assert event.after["sha256"] == made.sha256 and event.customer_id == cast.customer.pk


@pytest.mark.parametrize(
    ("content", "code"),
    [(HTML, "unknown"), (b"", "empty"), (PDF[:20], "broken"), (b"MZ" + PDF, "unknown")],
)
def test_what_is_no_paper_is_refused_and_leaves_nothing(cast, content, code):
    with pytest.raises(ValidationError) as refused:
        add(cast, content=content)
    assert refused.value.error_dict["content"][0].code == code
    assert rows() == [] and on_disk() == [] and not AuditEvent.objects.filter(action="customer.add_file").exists()


def test_a_file_beyond_the_limit_is_refused_also_where_it_was_not_kept_whole(cast):
    with as_owner():
        ParameterValue.objects.create(
            key="customers.files.max_mb", value=1, valid=("2020-01-01", None), by_id=cast.lin.pk
        )
    with override("zh-hans"), pytest.raises(ValidationError) as refused:
        add(cast, size=(1 << 20) + 1)
    assert "1.0 MB" in str(refused.value) and "最多" in str(refused.value)
    assert rows() == [] and on_disk() == []


def test_the_receiver_keeps_no_more_than_its_cap_and_tells_the_true_size(cast, settings):
    settings.UPLOAD_CAP = 100_000
    with as_owner():
        ParameterValue.objects.create(
            key="customers.files.max_mb", value=1, valid=("2020-01-01", None), by_id=cast.lin.pk
        )
    answer = send(cast.client("lin"), url(cast, "files", "new"), PDF + bytes(3 << 20))
    assert answer.status_code == 422 and "3.0 MB" in answer.content.decode()
    assert rows() == [] and on_disk() == []


def test_html_with_the_name_of_a_pdf_is_refused_with_words(cast):
    answer = send(cast.client("lin"), url(cast, "files", "new"), HTML, name="身份证.pdf")
    assert answer.status_code == 422 and "whatever its name says" in answer.content.decode()
    assert rows() == [] and on_disk() == []


@pytest.mark.parametrize("name", ["../../../../etc/cron.d/x.pdf", "..\\..\\x.pdf", "/etc/passwd", "a\x00b.pdf", "无"])
def test_the_name_that_was_sent_leads_nowhere(cast, name, folder):
    answer = send(cast.client("lin"), url(cast, "files", "new"), PDF, name=name)
    if answer.status_code == 302:
        (made,) = rows()
        assert on_disk() == [made.path] and made.path.startswith("kept/2")
        download = fetch(cast.client("lin"), url(cast, "files", made.pk))
        assert f"{cast.customer.number}-id_copy-v1-{made.pk}.pdf" in download["Content-Disposition"]
    else:
        assert answer.status_code == 422 and rows() == [] and on_disk() == []


def test_a_form_without_a_file_says_so(cast):
    answer = cast.client("lin").post(url(cast, "files", "new"), {"paper_kind": "id_copy"})
    assert answer.status_code == 422 and rows() == []


def test_a_row_that_cannot_be_written_leaves_no_file(cast, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("the database is away")

    monkeypatch.setattr("bankcrm.customers.actions.papers.audit.record", broken)
    with pytest.raises(RuntimeError):
        add(cast)
    assert on_disk() == []


def test_a_full_disk_is_told_in_words_and_leaves_nothing(cast, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bankcrm.core.attachments._write", full)
    with override("zh-hans"), pytest.raises(ValidationError, match="磁盘可能已满"):
        add(cast)
    assert rows() == [] and on_disk() == []


def test_the_same_content_is_not_kept_twice_for_one_kind_of_paper(cast):
    add(cast)
    with pytest.raises(ValidationError) as refused:
        add(cast)
    assert refused.value.error_dict["content"][0].code == "known"
    add(cast, NewFile("other"))
    assert len(rows()) == 2


def test_number_and_end_come_from_the_document_where_both_are_masked_alike(cast):
    document = DocumentFactory(customer=cast.customer, document_type="resident_id", expires_on="2036-05-01")
    made = add(cast, NewFile("id_copy", document_key=document.feed_key))
    assert (made.number, str(made.valid_until)) == (document.document_number, "2036-05-01")
    licence = add(cast, NewFile("licence", document_key=document.feed_key))
    assert licence.number == ""  # a licence's number is shown to all


def test_a_file_belongs_to_nothing_of_another_customer(cast):
    other = CustomerFactory(owning_unit=cast.a)
    document, holding = DocumentFactory(customer=other), HoldingFactory(customer=other, unit=cast.a)
    for new in (NewFile("id_copy", document_key=document.feed_key), NewFile("id_copy", holding_id=holding.pk)):
        with pytest.raises(ValidationError):
            add(cast, new)
    assert rows() == [] and on_disk() == []


def test_an_end_before_the_beginning_is_refused(cast):
    with pytest.raises(ValidationError):
        add(cast, NewFile("id_copy", valid_from=dt.date(2026, 2, 1), valid_until=dt.date(2026, 1, 1)))


def test_a_replaced_file_stays_as_a_version(cast):
    old = add(cast, NewFile("id_copy", valid_until=TODAY - dt.timedelta(days=1)))
    assert states(cast) == {"id_copy": "expired"}
    given = {"new": NewFile(""), "content": io.BytesIO(PNG), "size": len(PNG)}
    number = cast.customer.number
    made = replace_file(by=cast.lin, scope=cast.scope("lin"), number=number, file_id=old.pk, **given)
    old.refresh_from_db()
    assert (made.version, made.series, made.paper_kind) == (2, old.series, "id_copy")
    assert old.replaced_at is not None and on_disk() == sorted([old.path, made.path])
    assert states(cast) == {"id_copy": "present"}
    with pytest.raises(CustomerFile.DoesNotExist):
        replace_file(by=cast.lin, scope=cast.scope("lin"), number=number, file_id=old.pk, **given)


def test_a_removed_file_counts_no_more_but_stays_with_the_reason(cast):
    made = add(cast)
    given = {"scope": cast.scope("lin"), "number": cast.customer.number, "file_id": made.pk}
    with pytest.raises(ValidationError):
        remove_file(by=cast.lin, reason="x", **given)
    remove_file(by=cast.lin, reason=WHY, **given)
    made.refresh_from_db()
    assert (made.removed_by, made.removal_reason) == (cast.lin, WHY)
    assert on_disk() == [made.path] and states(cast) == {"id_copy": "missing"}
    assert fetch(cast.client("lin"), url(cast, "files", made.pk)).status_code == 403
    assert fetch(cast.client("wu"), url(cast, "files", made.pk)).status_code == 200


def test_nobody_deletes_a_file_or_a_waiver(cast):
    from django.db import ProgrammingError, transaction

    made = CustomerFileFactory(customer=cast.customer)
    for rows_ in (CustomerFile.objects.everything(because="test"), PaperWaiver.objects.everything(because="test")):
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows_.filter(pk=made.pk)._raw_delete(rows_.db)


def test_a_paper_is_waived_by_those_who_lead_with_a_reason_and_asked_for_again(cast):
    given = {"number": cast.customer.number, "paper_kind": "id_copy"}
    with pytest.raises(PermissionDenied):
        waive_paper(by=cast.lin, scope=cast.scope("lin"), reason=WHY, **given)
    waive_paper(by=cast.zhao, scope=cast.scope("zhao"), reason=WHY, **given)
    assert states(cast) == {"id_copy": "waived"}
    with pytest.raises(ValidationError):
        waive_paper(by=cast.zhao, scope=cast.scope("zhao"), reason=WHY, **given)
    end_waiver(by=cast.zhao, scope=cast.scope("zhao"), **given)
    assert states(cast) == {"id_copy": "missing"}
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["customer.waive_paper", "customer.end_waiver"]


def test_a_waiver_whose_day_is_over_waives_no_more(cast):
    given = {"number": cast.customer.number, "paper_kind": "id_copy", "by": cast.zhao, "scope": cast.scope("zhao")}
    made = waive_paper(reason=WHY, until_on=TODAY, **given)
    assert states(cast) == {"id_copy": "waived"}
    with as_owner():
        made.until_on = TODAY - dt.timedelta(days=1)
        made.save()
    assert states(cast) == {"id_copy": "missing"}
    waive_paper(reason=WHY, **given)
    assert states(cast) == {"id_copy": "waived"}


def test_what_is_held_asks_for_more_papers(cast):
    HoldingFactory(customer=cast.customer, unit=cast.a, product_class="consumer_loan", figure_class="loan")
    assert states(cast) == {"id_copy": "missing", "income_proof": "missing", "loan_contract": "missing"}


def test_why_a_paper_is_asked_for_is_not_told_to_who_must_not_know_of_the_holding(cast):
    elsewhere = HoldingFactory(customer=cast.customer, unit=cast.b, product_class="consumer_loan", figure_class="loan")
    own = url(cast, "documents")
    assert "asked for by Consumer loan" in cast.client("lin").get(own).content.decode()
    said = cast.client("zhao").get(own).content.decode()
    assert "Proof of income" in said and "Consumer loan" not in said
    assert elsewhere.account_number not in said


class TestDownload:
    def test_it_is_an_attachment_that_no_browser_shows_as_a_page(self, cast):
        made = add(cast, content=JPEG)
        answer = fetch(cast.client("lin"), url(cast, "files", made.pk))
        assert answer.body == JPEG
        name = f"{cast.customer.number}-id_copy-v1-{made.pk}.jpg"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "no-store"

    def test_it_is_on_record(self, cast):
        made = add(cast)
        fetch(cast.client("lin"), url(cast, "files", made.pk))
        event = AuditEvent.objects.get(action="customer.open_file")
        assert (event.user_id, event.customer_id, event.detail["sha256"]) == (
            cast.lin.pk, cast.customer.pk, made.sha256,
        )  # fmt: skip

    def test_who_does_not_see_the_customer_sees_no_file_of_it(self, cast):
        made = add(cast)
        for client in (cast.client("chen"), cast.client("lin")):
            other = CustomerFactory(owning_unit=cast.b)
            assert client.get(f"/customers/{other.number}/files/{made.pk}/").status_code == 404
        assert fetch(cast.client("chen"), url(cast, "files", made.pk)).status_code == 404
        assert fetch(cast.client("call"), url(cast, "files", made.pk)).status_code == 403
        assert cast.client("chen").get(url(cast, "documents")).status_code == 404
        assert not AuditEvent.objects.filter(action="customer.open_file").exists()

    def test_a_manager_opens_only_files_of_whom_the_manager_looks_after(self, cast):
        from bankcrm.org.tests.factories import user_with_post

        colleague = user_with_post("relationship_manager", "unit", unit=cast.a)
        made = add(cast)
        cast.lin = colleague
        assert fetch(cast.client("lin"), url(cast, "files", made.pk)).status_code == 403
        assert "Download" not in cast.client("lin").get(url(cast, "documents")).content.decode()

    def test_a_damaged_file_is_not_handed_out(self, cast):
        made = add(cast)
        attachments.place_of(made.path).write_bytes(PDF + b"x")
        answer = fetch(cast.client("lin"), url(cast, "files", made.pk))
        assert answer.status_code == 400 and "damaged" in answer.content.decode()


def test_the_number_on_a_paper_is_masked_like_the_document(cast):
    add(cast, NewFile("id_copy", number="440524188001010014"))
    said = cast.client("lin").get(url(cast, "documents")).content.decode()
    assert "440524188001010014" not in said and "440***********0014" in said


def test_an_auditor_sees_all_and_changes_nothing(cast):
    made = add(cast)
    client = cast.client("wu")
    said = client.get(url(cast, "documents")).content.decode()
    assert url(cast, "files", made.pk) in said
    for words in ("Upload a file", "Replace", "Remove the file", "Waive"):
        assert words not in said
    for address in (url(cast, "files", "new"), url(cast, "files", made.pk, "remove")):
        assert client.post(address, {"reason": WHY}).status_code == 403


def test_upload_replace_and_removal_by_the_forms(cast):
    client = cast.client("lin")
    assert send(client, url(cast, "files", "new"), DOCX, title="2026 年").status_code == 302
    (first,) = rows()
    assert "2026 年" in client.get(url(cast, "documents")).content.decode()
    assert send(client, url(cast, "files", first.pk, "replace"), PDF).status_code == 302
    second = rows()[1]
    assert client.post(url(cast, "files", second.pk, "remove"), {"reason": ""}).status_code == 422
    assert client.post(url(cast, "files", second.pk, "remove"), {"reason": WHY}).status_code == 302
    said = client.get(url(cast, "documents")).content.decode()
    assert "Earlier versions and removed files" in said and WHY in said
    assert client.get(url(cast, "files", second.pk, "remove")).status_code == 404


def test_waiving_by_the_form(cast):
    client = cast.client("zhao")
    address = url(cast, "papers", "id_copy", "waive")
    assert client.post(address, {"reason": "x"}).status_code == 422
    assert client.post(address, {"reason": WHY}).status_code == 302
    assert WHY in client.get(url(cast, "documents")).content.decode()
    assert client.post(url(cast, "papers", "id_copy", "ask")).status_code == 302
    assert client.get(url(cast, "papers", "nonsense", "waive")).status_code == 404
