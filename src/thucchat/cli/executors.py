"""Where independent work is done: in this process, in several, or on a Dask cluster by its address."""

import argparse
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from typing import Any

from thucchat.engine.errors import InvalidInput

PATIENCE = 10  # seconds to reach a cluster


def add_executor_arguments(parser: argparse.ArgumentParser) -> None:
    """`--workers` and `--cluster`."""
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="số tiến trình; mặc định 2")
    parser.add_argument(
        "--cluster", metavar="ĐỊA CHỈ", help="cụm Dask, ví dụ tcp://10.0.0.5:8786; cần cài phần [cluster]"
    )


@contextmanager
def executor_of(workers: int, cluster: str | None) -> Iterator[Executor]:
    """An executor, closed afterwards.

    Raises:
        InvalidInput: `workers.few`, `cluster.absent` without the extra, `cluster.unreachable`.
    """
    if cluster is not None:
        with _cluster(cluster) as executor:
            yield executor
        return
    if workers < 1:
        raise InvalidInput("workers.few", "Cần ít nhất một tiến trình.")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        yield executor


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise InvalidInput(
            "cluster.absent", "Chưa cài phần mở rộng: pip install 'thucchat[cluster]'."
        ) from error
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise InvalidInput("cluster.unreachable", f"Không nối được tới cụm “{address}”.") from error
    with client, client.get_executor(pure=False) as executor:
        yield executor
