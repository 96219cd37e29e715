"""What one is told, and how."""

from django.urls import path

from web.views import attention, notices

urlpatterns = [
    path("notices/", notices.mine, name="notices"),
    path("notices/bell/", notices.shown_bell, name="notices-bell"),
    path("notices/reading/", notices.read, name="notices-reading"),
    path("you/attention/", attention.edit_mine, name="your-attention"),
]
