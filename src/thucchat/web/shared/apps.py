from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "thucchat.web.shared"
