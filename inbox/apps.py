from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "inbox"

    def ready(self) -> None:
        from accounts import hooks  # models exist from here on
        from inbox.services import leases

        hooks.on_disabled("inbox.leases", leases.let_go)
