from django.apps import AppConfig

from accounts import hooks


class ChannelsConfig(AppConfig):
    name = "channels"

    def ready(self) -> None:
        from channels import checks  # noqa: F401 - registers; models are not there any earlier
        from channels.services import access

        hooks.on_joined("channels.brands", access.bring_brands)
