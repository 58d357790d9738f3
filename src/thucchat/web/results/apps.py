from importlib import import_module

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "thucchat.web.results"

    def ready(self) -> None:
        """Make the app's background jobs known."""
        import_module("thucchat.web.results.tasks")
