from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "channels"

    def ready(self) -> None:
        from channels import checks  # noqa: F401 - registers; models are not there any earlier
