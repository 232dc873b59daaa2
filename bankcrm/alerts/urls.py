"""Addresses of alerts, their rules, and the desk of tasks."""

from django.urls import path

from bankcrm.alerts.views import alerts, rules, tasks

app_name = "alerts"
urlpatterns = [
    path("alerts/", alerts.alert_list, name="list"),
    path("alerts/rules/", rules.rule_list, name="rules"),
    path("alerts/rules/<int:unit_id>/<slug:code>/", rules.rule, name="rule"),
    path("tasks/", tasks.task_list, name="tasks"),
    path("tasks/<int:task_id>/close/", tasks.close, name="close-task"),
    path("tasks/<int:task_id>/postpone/", tasks.postpone, name="postpone-task"),
    path("tasks/<int:task_id>/hand-on/", tasks.hand_on, name="hand-on-task"),
]
