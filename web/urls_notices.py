"""What one is told, and how."""

from django.urls import path

from web.views import attention, devices, notices

urlpatterns = [
    path("notices/", notices.mine, name="notices"),
    path("notices/bell/", notices.shown_bell, name="notices-bell"),
    path("notices/reading/", notices.read, name="notices-reading"),
    path("you/attention/", attention.edit_mine, name="your-attention"),
    path("you/devices/", devices.add, name="your-devices"),
    path("you/devices/renewal/", devices.renew, name="device-renewal"),
    path("you/devices/move/", devices.move, name="device-move"),
    path("you/devices/<int:pk>/removal/", devices.remove, name="device-removal"),
    path("you/devices/<int:pk>/trial/", devices.try_out, name="device-trial"),
    path("service-worker.js", devices.worker, name="service-worker"),
]
