"""Background work of results: thin callers of actions.

The models bring libraries that the web process, which loads this file too, never needs: the jobs import
their actions when they run.
"""

from typing import Any

from thucchat.web.shared.clock import today
from thucchat.web.shared.jobs import Progress, job


@job("results.read")
def read(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.results.actions.receiving import read_response_file

    return read_response_file(arguments["file_id"], progress).get_absolute_url()


@job("results.measure")
def measure_run(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.results.actions.measuring import measure

    return measure(arguments["run_id"], progress).get_absolute_url()


@job("results.report")
def report(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.results.actions.reporting import make_item_report

    progress(0, 1, "Đang vẽ biểu đồ của từng câu")
    make_item_report(arguments["run_id"], day=today())
    return str(arguments["url"])
