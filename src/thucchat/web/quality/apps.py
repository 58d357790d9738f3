from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "thucchat.web.quality"
    label = "quality"
