"""Promises, hours, and what one was told."""

from django.urls import path

from web.views import targets

urlpatterns = [
    path("targets/", targets.everything, name="targets"),
    path("targets/new/", targets.new, name="targets-new"),
    path("targets/<int:pk>/", targets.one, name="target"),
    path("targets/<int:pk>/end/", targets.end, name="targets-end"),
    path("hours/", targets.all_hours, name="hours"),
    path("hours/new/", targets.new_hours, name="hours-new"),
    path("hours/<int:pk>/", targets.hours, name="hours-one"),
    path("queues/<int:pk>/hours/", targets.queue_hours, name="queue-hours"),
]
