"""Saved replies: the list of them, and what is put into answers."""

from django.urls import path

from web.views import saved_replies

urlpatterns = [
    path("saved-replies/", saved_replies.listed, name="saved-replies"),
    path("saved-replies/new/", saved_replies.new, name="saved-reply-new"),
    path("saved-replies/<int:pk>/", saved_replies.one, name="saved-reply"),
    path("saved-replies/<int:pk>/archive/", saved_replies.archive, name="saved-reply-archive"),
    path("saved-replies/<int:pk>/restoration/", saved_replies.restore, name="saved-reply-restoration"),
    path("conversations/<int:pk>/saved-replies/", saved_replies.offered, name="conversation-saved-replies"),
    path("conversations/<int:pk>/insertions/", saved_replies.insert, name="conversation-insertions"),
]
