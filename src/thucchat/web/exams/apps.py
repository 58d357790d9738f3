from importlib import import_module

from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "thucchat.web.exams"

    def ready(self) -> None:
        """Make the app's background jobs known."""
        import_module("thucchat.web.exams.tasks")
