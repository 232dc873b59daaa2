"""Addresses of files, waivers and the worklist of incomplete information."""

from django.urls import path

from bankcrm.customers.views import incomplete, papers

urlpatterns = [
    path("incomplete/", incomplete.incomplete_list, name="incomplete"),
    path("<number:number>/completeness/", papers.completeness_piece, name="glance"),
    path("<number:number>/documents/", papers.documents_tab, name="documents"),
    path("<number:number>/files/new/", papers.new_file, name="new-file"),
    path("<number:number>/files/<int:file_id>/", papers.download, name="file"),
    path("<number:number>/files/<int:file_id>/replace/", papers.replace, name="replace-file"),
    path("<number:number>/files/<int:file_id>/remove/", papers.remove, name="remove-file"),
    path("<number:number>/papers/<slug:paper_kind>/waive/", papers.waive, name="waive-paper"),
    path("<number:number>/papers/<slug:paper_kind>/ask/", papers.ask_again, name="ask-for-paper"),
]
