"""Channels: list, detail, switches, and the wizard by which they are connected."""

from django.urls import path

from web.views import channels, connecting

urlpatterns = [
    path("channels/", channels.everything, name="channels"),
    path("channels/board/", channels.board, name="channels-board"),
    path("channels/<int:pk>/", channels.one, name="channel"),
    path("channels/<int:pk>/health/", channels.health, name="channel-health"),
    path("channels/<int:pk>/unreadable/", channels.unreadable, name="channel-unreadable"),
    path("channels/<int:pk>/settings/", channels.change, name="channel-settings"),
    path("channels/<int:pk>/pause/", channels.pause, name="channel-pause"),
    path("channels/<int:pk>/pause/end/", channels.resume, name="channel-resumption"),
    path("channels/<int:pk>/halt/", channels.halt, name="channel-halt"),
    path("channels/<int:pk>/halt/end/", channels.release, name="channel-release"),
    path("channels/<int:pk>/disconnection/", channels.disconnect, name="channel-disconnection"),
    path("channels/<int:pk>/reconnection/", connecting.again, name="channel-reconnect"),
    path("channels/<int:pk>/reconnection/asking/", connecting.ask_again, name="channel-reconnect-asking"),
    path("channels/streams/<int:pk>/gap/", channels.forget_gap, name="stream-gap"),
    path("channels/brands/<int:pk>/halt/", channels.halt_brand, name="brand-halt"),
    path("channels/brands/<int:pk>/halt/end/", channels.release_brand, name="brand-release"),
    path("channels/connect/", connecting.start, name="channel-connect"),
    path("channels/connect/accounts/<int:pk>/", connecting.account, name="channel-connect-account"),
    path("channels/connect/accounts/<int:pk>/start/", connecting.confirm, name="channel-connect-confirm"),
    path("channels/connect/back/<slug:kind>/", connecting.back, name="channel-connect-back"),
    path("channels/connect/<slug:kind>/", connecting.keys, name="channel-connect-keys"),
    path("channels/connect/<slug:kind>/asking/", connecting.asking, name="channel-connect-asking"),
]
