from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "thucchat.web.people"
