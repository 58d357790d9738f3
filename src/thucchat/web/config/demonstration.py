"""The demonstration province: built once, then reopened."""

from django.conf import settings
from django.db import transaction

from thucchat.engine.simulation.province import simulate_province
from thucchat.web.org.models import Unit
from thucchat.web.people.actions.demo import PASSWORD, make_accounts
from thucchat.web.people.actions.loading import load_province
from thucchat.web.shared.clock import today
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope
from thucchat.web.shared.setup import bring_up_to_date


def build(scale: float, seed: int) -> None:
    """Fill the database with a simulated province, unless it holds one already."""
    bring_up_to_date()
    if not Unit.objects.using("owner").exists():
        print(f"Đang dựng tỉnh mô phỏng (tỉ lệ {scale}) …", flush=True)
        province, _ = simulate_province(scale, seed)
        with transaction.atomic(using="owner"):
            load_province(province, on=today())


def tell(host: str, port: int) -> None:
    """Print the address and the accounts."""
    with transaction.atomic():
        enter_scope(Scope(WHOLE_PROVINCE))
        accounts = make_accounts(today())
    print(f"\nDữ liệu mô phỏng, như biết đến ngày {settings.WORKING_DAY:%d/%m/%Y}.")
    print(f"Địa chỉ:  http://{host}:{port}/\nMật khẩu chung: {PASSWORD}\n")
    for account in accounts:
        print(f"  {account.username:<12}{account.role:<42}{account.unit}")
    print(flush=True)
