"""Addresses for machines that watch over us."""

from django.urls import path

from web.views import health, metrics

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.figures, name="metrics"),
]
