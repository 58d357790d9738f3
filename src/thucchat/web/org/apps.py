from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "thucchat.web.org"
