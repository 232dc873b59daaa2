"""Addresses of tags. The converter of customer numbers is registered by the customer pages."""

from django.urls import path

from bankcrm.segments import views

app_name = "segments"
urlpatterns = [
    path("tags/", views.tags, name="tags"),
    path("tags/new/", views.new_tag, name="new-tag"),
    path("tags/<int:tag_id>/close/", views.close, name="close"),
    path("customers/<number:number>/tag/", views.tag, name="tag"),
    path("customers/<number:number>/tags/<int:tag_id>/end/", views.untag, name="untag"),
]
