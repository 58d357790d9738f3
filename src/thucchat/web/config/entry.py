"""Getting ready to use the web half from a command: the database runs, Django is set up."""

import os

import django

from thucchat.web.config.place import start_database


def set_up() -> None:
    """Start the embedded database if it is ours, and load the apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thucchat.web.config.settings")
    start_database()
    django.setup()
