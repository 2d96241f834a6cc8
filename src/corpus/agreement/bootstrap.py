"""How sure a figure is: documents drawn anew with replacement, for words of one document are not independent of each other.

The drawing rests on `random.Random.random`, which Python keeps the same from version to version; numpy's generators are not promised so.
"""

from collections.abc import Callable
from functools import lru_cache
from random import Random

import numpy as np

from corpus.agreement.coefficients import Counts

RESAMPLES = 1000
SEED = 20261122
BOUNDS = (2.5, 97.5)  # percentiles: a 95 % interval


def interval(
    counts: Counts, value: Callable[[Counts], Counts], *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float] | None:
    """The 95 % percentile interval; one row of counts a document. None for one document, without resamples, or where none defines the figure."""
    if len(counts) < 2 or not resamples:
        return None
    found = value(_draws(len(counts), resamples, seed) @ counts)
    found = found[~np.isnan(found)]
    if not len(found):
        return None
    low, high = np.percentile(found, BOUNDS)
    return float(low), float(high)


@lru_cache(maxsize=64)
def _draws(documents: int, resamples: int, seed: int) -> Counts:
    """How often each document is drawn in each resample."""
    random = Random(seed).random  # noqa: S311 - no secret hangs on it
    drawn = (np.array([random() for _ in range(documents)]) * documents for _ in range(resamples))
    return np.array([np.bincount(one.astype(np.intp), minlength=documents) for one in drawn], dtype=np.float64)
