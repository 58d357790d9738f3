from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "thucchat.web.ledger"
