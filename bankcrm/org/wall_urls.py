"""Addresses below /walls/."""

from django.urls import path

from bankcrm.org.views import walls

app_name = "walls"

urlpatterns = [
    path("", walls.wall_list, name="list"),
    path("new/", walls.new_wall, name="new"),
    path("<int:wall_id>/end/", walls.end_wall, name="end"),
]
