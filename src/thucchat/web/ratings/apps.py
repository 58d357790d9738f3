from importlib import import_module

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "thucchat.web.ratings"

    def ready(self) -> None:
        """Make the app's background jobs known."""
        import_module("thucchat.web.ratings.tasks")
