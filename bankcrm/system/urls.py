"""Addresses below /system/."""

from django.urls import path

from bankcrm.system import views
from bankcrm.system.exports import views as exports
from bankcrm.system.menus import views as menus

app_name = "system"

urlpatterns = [
    path("menus/", menus.menu_list, name="menus"),
    path("menus/new-link/", menus.new_link, name="menu-new-link"),
    path("menus/go/<int:line_id>/", menus.link, name="menu-link"),
    path("menus/<str:code>/", menus.menu_line, name="menu-line"),
    path("menus/<str:code>/move/", menus.move, name="menu-move"),
    path("menus/<str:code>/reset/", menus.reset, name="menu-reset"),
    path("exports/", exports.export_list, name="exports"),
    path("exports/<int:record_id>/", exports.export, name="export"),
    path("parameters/", views.parameter_list, name="parameters"),
    path("parameters/values/<int:value_id>/end/", views.end_value, name="end-value"),
    path("parameters/<str:key>/", views.parameter, name="parameter"),
]
