from importlib import import_module

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "thucchat.web.quality"
    label = "quality"

    def ready(self) -> None:
        """Make the app's background jobs known."""
        import_module("thucchat.web.quality.tasks")
