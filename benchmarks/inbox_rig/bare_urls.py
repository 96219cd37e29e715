"""The addresses of the bare yardstick."""

from django.urls import path

from benchmarks.inbox_rig import bare

urlpatterns = [
    path("list/", bare.listed),
    path("search/", bare.found),
    path("claim/<int:pk>/", bare.claimed),
]
