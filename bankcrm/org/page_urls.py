"""Addresses below /org/: the bank's units and people."""

from django.urls import path

from bankcrm.org.views import units

app_name = "organisation"

urlpatterns = [
    path("units/", units.unit_tree, name="units"),
    path("units/list/", units.unit_list, name="unit-list"),
    path("units/new/", units.new_unit, name="unit-new"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/edit/", units.edit_unit, name="unit-edit"),
    path("units/<int:unit_id>/move/", units.move_unit, name="unit-move"),
    path("units/<int:unit_id>/close/", units.close_unit, name="unit-close"),
    path("units/<int:unit_id>/reopen/", units.reopen_unit, name="unit-reopen"),
    path("units/<int:unit_id>/merge/", units.merge_unit, name="unit-merge"),
]
