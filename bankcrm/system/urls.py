"""Addresses below /system/."""

from django.urls import path

from bankcrm.system import views
from bankcrm.system.exports import views as exports

app_name = "system"

urlpatterns = [
    path("exports/", exports.export_list, name="exports"),
    path("exports/<int:record_id>/", exports.export, name="export"),
    path("parameters/", views.parameter_list, name="parameters"),
    path("parameters/values/<int:value_id>/end/", views.end_value, name="end-value"),
    path("parameters/<str:key>/", views.parameter, name="parameter"),
]
