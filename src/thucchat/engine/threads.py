"""Matrix products on one thread, so that sums are formed in one order and agree on any number of cores.

A product shared between threads is summed in another order, and differs in the last digit.
"""

from functools import cache

import numpy.linalg  # noqa: F401  # these two load what multiplies: it must be there to be found
import scipy.linalg  # noqa: F401
from threadpoolctl import ThreadpoolController


@cache
def use_one_thread() -> None:
    """From now on this process multiplies on one thread.

    It is not undone: work in other threads may be under way, and the libraries have one setting for all.
    """
    ThreadpoolController().limit(limits=1)
