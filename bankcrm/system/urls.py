"""Addresses below /system/."""

from django.urls import path

from bankcrm.system import views

app_name = "system"

urlpatterns = [
    path("parameters/", views.parameter_list, name="parameters"),
    path("parameters/values/<int:value_id>/end/", views.end_value, name="end-value"),
    path("parameters/<str:key>/", views.parameter, name="parameter"),
]
