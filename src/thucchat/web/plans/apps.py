from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "thucchat.web.plans"
    label = "plans"
