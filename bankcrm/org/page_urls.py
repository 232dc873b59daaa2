"""Addresses below /org/: the bank's units and people."""

from django.urls import path

from bankcrm.org.views import people, posts, roles, units

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
    path("users/", people.people, name="people"),
    path("users/new/", people.new_person, name="person-new"),
    path("users/<int:user_id>/", people.person, name="person"),
    path("users/<int:user_id>/edit/", people.edit_person, name="person-edit"),
    path("users/<int:user_id>/move/", people.move_person, name="person-move"),
    path("users/<int:user_id>/password/", people.reset_password, name="person-password"),
    path("users/<int:user_id>/switch-off/", people.switch_off, name="person-switch-off"),
    path("users/<int:user_id>/hand-over/", people.hand_over, name="person-hand-over"),
    path("users/<int:user_id>/take-back/", people.take_back, name="person-take-back"),
    path("users/<int:user_id>/why/", roles.why, name="why"),
    path("users/<int:user_id>/posts/new/", posts.give_post, name="post-new"),
    path("posts/<int:post_id>/change/", posts.change_post, name="post-change"),
    path("posts/<int:post_id>/end/", posts.end_post, name="post-end"),
    path("posts/<int:post_id>/delegate/", posts.delegate_post, name="post-delegate"),
    path("delegations/", posts.delegations, name="delegations"),
    path("delegations/<int:delegation_id>/end/", posts.end_delegation, name="delegation-end"),
    path("roles/", roles.role_matrix, name="roles"),
    path("roles/matrix.csv", roles.role_matrix_csv, name="roles-csv"),
    path("roles/<slug:code>/", roles.role, name="role"),
]
