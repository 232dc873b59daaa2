"""Addresses of alerts, their rules, and the desk of tasks."""

from django.urls import path

from bankcrm.alerts.views import alerts, calendar, rules, tasks

app_name = "alerts"
urlpatterns = [
    path("alerts/", alerts.alert_list, name="list"),
    path("alerts/rules/", rules.rule_list, name="rules"),
    path("alerts/rules/<int:unit_id>/<slug:code>/", rules.rule, name="rule"),
    path("tasks/", tasks.task_list, name="tasks"),
    path("tasks/hand-on/", tasks.hand_on_many, name="hand-on-tasks"),
    path("tasks/<int:task_id>/close/", tasks.close, name="close-task"),
    path("tasks/<int:task_id>/postpone/", tasks.postpone, name="postpone-task"),
    path("tasks/<int:task_id>/hand-on/", tasks.hand_on, name="hand-on-task"),
    path("tasks/<int:task_id>/calendar.ics", calendar.task_file, name="task-file"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/address/", calendar.make_address, name="make-address"),
    path("calendar/address/revoke/", calendar.revoke_address, name="revoke-address"),
    path("calendar/feed/<str:secret>/tasks.ics", calendar.feed, name="feed"),
]
