from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "thucchat.web.bank"
