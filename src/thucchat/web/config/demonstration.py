"""The demonstration province: built once, then reopened."""

from datetime import date

import numpy as np
from django.conf import settings
from django.db import transaction

from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.results import simulate_exam_results
from thucchat.engine.simulation.schemas import Province, Truth
from thucchat.engine.simulation.years import FIRST_YEARS
from thucchat.web.config.demo_year import YEAR, run_year
from thucchat.web.exams.actions.loading import load_exam_results
from thucchat.web.exams.models import Exam
from thucchat.web.org.models import Unit
from thucchat.web.people.actions.demo import PASSWORD, make_accounts
from thucchat.web.people.actions.loading import load_province, tidy_tables
from thucchat.web.shared.clock import today
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope
from thucchat.web.shared.setup import bring_up_to_date

EXAM_DAY, ENTRANCE_DAY = (6, 26), (6, 3)  # month and day
LAST_TAUGHT_DAY = date(YEAR + 1, 5, 31)  # rolls stay as they were then until schools turn the year


def build(scale: float, seed: int) -> None:
    """Fill the database with a simulated province, unless it holds one already."""
    bring_up_to_date()
    if not Unit.objects.using("owner").exists():
        print(f"Đang dựng tỉnh mô phỏng (tỉ lệ {scale}) …", flush=True)
        province, truth = simulate_province(scale, seed)
        with transaction.atomic(using="owner"):
            load_province(province, on=min(today(), LAST_TAUGHT_DAY))
            for year in FIRST_YEARS:
                _load_exams(province, truth, seed, year + 1)
        tidy_tables()
        run_year(province, truth, seed)


def _load_exams(province: Province, truth: Truth, seed: int, year: int) -> None:
    """The exams of a June, where they were held by the day the demonstration shows."""
    if date(year, *EXAM_DAY) > today():
        return
    results = simulate_exam_results(province, truth, np.random.default_rng([seed, year]), year)
    for kind, scores, day in (
        (Exam.Kind.ENTRANCE, results.entrance, ENTRANCE_DAY),
        (Exam.Kind.GRADUATION, results.graduation, EXAM_DAY),
    ):
        load_exam_results(scores, kind=kind, year=year, held_on=date(year, *day))


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
