"""Saved replies, macros and the brand's voice: the lists of them, and what they do in conversations."""

from django.urls import path

from web.views import brand_voice, macros, saved_replies

urlpatterns = [
    path("saved-replies/", saved_replies.listed, name="saved-replies"),
    path("saved-replies/new/", saved_replies.new, name="saved-reply-new"),
    path("saved-replies/<int:pk>/", saved_replies.one, name="saved-reply"),
    path("saved-replies/<int:pk>/archive/", saved_replies.archive, name="saved-reply-archive"),
    path("saved-replies/<int:pk>/restoration/", saved_replies.restore, name="saved-reply-restoration"),
    path("conversations/<int:pk>/saved-replies/", saved_replies.offered, name="conversation-saved-replies"),
    path("conversations/<int:pk>/insertions/", saved_replies.insert, name="conversation-insertions"),
    path("brand-voice/", brand_voice.listed, name="brand-voice"),
    path("brand-voice/new/", brand_voice.new, name="voice-rule-new"),
    path("brand-voice/<int:pk>/", brand_voice.one, name="voice-rule"),
    path("brand-voice/<int:pk>/archive/", brand_voice.archive, name="voice-rule-archive"),
    path("brand-voice/<int:pk>/restoration/", brand_voice.restore, name="voice-rule-restoration"),
    path("macros/", macros.listed, name="macros"),
    path("macros/new/", macros.new, name="macro-new"),
    path("macros/<int:pk>/", macros.one, name="macro"),
    path("macros/<int:pk>/archive/", macros.archive, name="macro-archive"),
    path("macros/<int:pk>/restoration/", macros.restore, name="macro-restoration"),
    path("conversations/<int:pk>/macros/", macros.usable, name="conversation-macros"),
    path("conversations/<int:pk>/macro-preview/", macros.preview, name="conversation-macro-preview"),
    path("conversations/<int:pk>/macro-runs/", macros.run, name="conversation-macro-runs"),
    path("macro-runs/<int:pk>/undo/", macros.undo, name="macro-run-undo"),
]
