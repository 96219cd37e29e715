"""The inbox and the acts on conversations, messages, answers and hand-overs."""

from django.urls import path

from web.views import acts, answers, export, inbox, live, presence

urlpatterns = [
    path("", inbox.home, name="inbox-home"),
    path("live/", live.stream, name="live"),
    path("inbox/asks/", inbox.asks, name="inbox-asks"),
    path("inbox/drafts/", inbox.drafts, name="inbox-drafts"),
    path("inbox/<slug:key>/", inbox.page, name="inbox"),
    path("inbox/<slug:key>/export.csv", export.export, name="inbox-export"),
    path("inbox/<slug:key>/rows/", inbox.rows, name="inbox-rows"),
    path("inbox/<slug:key>/head/", inbox.list_head, name="inbox-head"),
    path("inbox/<slug:key>/rows/<int:pk>/", inbox.row, name="inbox-row"),
    path("inbox/<slug:key>/<int:pk>/", inbox.conversation, name="conversation"),
    path("inbox/<slug:key>/<int:pk>/head/", inbox.head, name="conversation-head"),
    path("inbox/<slug:key>/<int:pk>/stream/", inbox.stream, name="conversation-stream"),
    path("inbox/<slug:key>/<int:pk>/presence/", presence.show, name="conversation-presence"),
    path("inbox/<slug:key>/<int:pk>/asks/", inbox.asks_of, name="conversation-asks"),
    path("conversations/<int:pk>/activity/", inbox.activity, name="conversation-activity"),
    path("conversations/<int:pk>/presence/", presence.say, name="conversation-here"),
    path("conversations/<int:pk>/assignment/", acts.assignment, name="conversation-assignment"),
    path("conversations/<int:pk>/resolution/", acts.resolution, name="conversation-resolution"),
    path("conversations/<int:pk>/reopening/", acts.reopening, name="conversation-reopening"),
    path("conversations/<int:pk>/snooze/", acts.snooze, name="conversation-snooze"),
    path("conversations/<int:pk>/priority/", acts.priority, name="conversation-priority"),
    path("conversations/<int:pk>/tags/", acts.tagging, name="conversation-tags"),
    path("conversations/<int:pk>/mute/", acts.mute, name="conversation-mute"),
    path("conversations/<int:pk>/answers/", acts.elsewhere, name="conversation-answers"),
    path("conversations/<int:pk>/handoffs/", acts.hand_off, name="conversation-handoffs"),
    path("conversations/<int:pk>/replies/", answers.reply, name="conversation-replies"),
    path("conversations/<int:pk>/notes/", answers.note, name="conversation-notes"),
    path("conversations/<int:pk>/drafts/", answers.draft, name="conversation-drafts"),
    path("handoffs/<int:pk>/acceptance/", acts.accept, name="handoff-acceptance"),
    path("handoffs/<int:pk>/refusal/", acts.decline, name="handoff-refusal"),
    path("handoffs/<int:pk>/withdrawal/", acts.withdraw, name="handoff-withdrawal"),
    path("messages/<int:pk>/visibility/", acts.message_visibility, name="message-visibility"),
    path("messages/<int:pk>/like/", acts.message_like, name="message-like"),
    path("messages/<int:pk>/deletion/", acts.message_deletion, name="message-deletion"),
    path("deliveries/<int:pk>/cancel/", acts.delivery_cancel, name="delivery-cancel"),
    path("deliveries/<int:pk>/resend/", acts.delivery_resend, name="delivery-resend"),
]
