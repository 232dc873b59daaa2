"""Addresses of groups and documents, which urls.py takes in. One path per line."""

from django.urls import path

from bankcrm.customers.views import groups

urlpatterns = [
    path("groups/", groups.group_list, name="group-list"),
    path("groups/<int:group_id>/", groups.group_page, name="group"),
    path("groups/<int:group_id>/add/", groups.add_member, name="group-add"),
    path("groups/<int:group_id>/remove/", groups.remove_member, name="group-remove"),
    path("groups/<int:group_id>/dissolve/", groups.dissolve, name="group-dissolve"),
    path("groups/proposals/<int:proposal_id>/", groups.proposal_page, name="group-proposal"),
    path("groups/proposals/<int:proposal_id>/confirm/", groups.confirm_proposal, name="group-confirm"),
    path("groups/proposals/<int:proposal_id>/decline/", groups.decline_proposal, name="group-decline"),
    path("<number:number>/groups/", groups.groups_tab, name="groups"),
    path("<number:number>/groups/household/", groups.confirm_household, name="confirm-household"),
]
