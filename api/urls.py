"""Addresses of the API for machines; a slash at the end is optional, since a POST cannot be redirected."""

from django.urls import re_path
from drf_spectacular.views import SpectacularJSONAPIView

from api.views import acts, conversations, places

urlpatterns = [
    re_path(r"^schema/?$", SpectacularJSONAPIView.as_view(), name="api-schema"),
    re_path(r"^conversations/?$", conversations.ConversationList.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/?$", conversations.ConversationDetail.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/messages/?$", conversations.ConversationMessages.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/notes/?$", conversations.ConversationNotes.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/assignment/?$", acts.Assignment.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/replies/?$", acts.Replies.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/handoffs/?$", acts.Handoffs.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/resolution/?$", acts.Resolution.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/snooze/?$", acts.Snooze.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/priority/?$", acts.Priority.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/tags/?$", acts.Tags.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/mute/?$", acts.Mute.as_view()),
    re_path(r"^conversations/(?P<pk>[0-9]+)/answers/?$", acts.Elsewhere.as_view()),
    re_path(r"^handoffs/(?P<pk>[0-9]+)/acceptance/?$", acts.HandoffDecision.as_view()),
    re_path(r"^handoffs/(?P<pk>[0-9]+)/refusal/?$", acts.HandoffDecline.as_view()),
    re_path(r"^handoffs/(?P<pk>[0-9]+)/withdrawal/?$", acts.HandoffWithdraw.as_view()),
    re_path(r"^messages/(?P<pk>[0-9]+)/hidden/?$", acts.MessageHidden.as_view()),
    re_path(r"^messages/(?P<pk>[0-9]+)/like/?$", acts.MessageLiked.as_view()),
    re_path(r"^messages/(?P<pk>[0-9]+)/deletion/?$", acts.MessageDeletion.as_view()),
    re_path(r"^deliveries/(?P<pk>[0-9]+)/?$", acts.DeliveryDetail.as_view()),
    re_path(r"^deliveries/(?P<pk>[0-9]+)/cancel/?$", acts.DeliveryCancel.as_view()),
    re_path(r"^deliveries/(?P<pk>[0-9]+)/resend/?$", acts.DeliveryResend.as_view()),
    re_path(r"^queues/?$", places.Queues.as_view()),
    re_path(r"^channels/(?P<pk>[0-9]+)/messages/?$", places.ChannelMessages.as_view()),
]
