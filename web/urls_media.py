"""Pictures of customers."""

from django.urls import path

from web.views import media

urlpatterns = [
    path("avatar/<int:pk>/", media.avatar, name="media-avatar"),
    path("attachment/<int:pk>/", media.attachment, name="media-attachment"),
    path("attachment/<int:pk>/thumb/", media.thumb, name="media-thumb"),
]
