"""Saved views."""

from django.urls import path

from web.views import saved_views

urlpatterns = [
    path("views/new/", saved_views.new, name="view-new"),
    path("views/counts/", saved_views.counts, name="view-counts"),
    path("views/<int:pk>/", saved_views.change, name="view-edit"),
    path("views/<int:pk>/deletion/", saved_views.delete, name="view-deletion"),
    path("views/<int:pk>/restoration/", saved_views.restore, name="view-restoration"),
]
