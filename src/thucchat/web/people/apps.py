from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "thucchat.web.people"

    def ready(self) -> None:
        """Make the app's background jobs known."""
        import_module("thucchat.web.people.tasks")
