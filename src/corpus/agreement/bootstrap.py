"""How sure a figure is, and a difference of two: by whole documents, for words of one document are not independent of each other.

The drawing rests on `random.Random.random`, which Python keeps the same from version to version; numpy's generators are not promised so.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from random import Random

import numpy as np

from corpus.agreement.coefficients import Counts

RESAMPLES = 1000
SHUFFLES = 9999
_NOISE = 1e-12  # sums in another order differ in the last bit
SEED = 20261122
BOUNDS = (2.5, 97.5)  # percentiles: a 95 % interval


def interval(
    counts: Counts, value: Callable[[Counts], Counts], *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float] | None:
    """The 95 % percentile interval; one row of counts a document. None for one document, no resamples, or where none defines the figure."""
    if len(counts) < 2 or not resamples:
        return None
    found = value(_draws(len(counts), resamples, seed) @ counts)
    found = found[~np.isnan(found)]
    if not len(found):
        return None
    low, high = np.percentile(found, BOUNDS)
    return float(low), float(high)


def chance(first: Counts, second: Counts, value: Callable[[Counts], Counts], *, shuffles: int = SHUFFLES, seed: int = SEED) -> float | None:
    """How often two systems that do not differ would lie as far apart: approximate randomisation (Noreen 1989, Yeh 2000).

    One row of counts a document. Each shuffle exchanges the two systems' rows in half of the documents by lot, and the value lies between
    1 / (shuffles + 1) and 1; where there are no more ways to exchange than shuffles, all are tried, and it is exact. None where undefined.
    """
    swapped = _swaps(len(first), shuffles, seed) @ (second - first)
    seen = np.abs(value(first.sum(axis=0)) - value(second.sum(axis=0)))
    if np.isnan(seen):
        return None
    apart = np.abs(value(first.sum(axis=0) + swapped) - value(second.sum(axis=0) - swapped))
    as_far = int((apart >= seen - _NOISE).sum())
    return as_far / len(apart) if len(apart) == 2 ** len(first) else (as_far + 1) / (len(apart) + 1)


@lru_cache(maxsize=64)
def _swaps(documents: int, shuffles: int, seed: int) -> Counts:
    """Whether each document is exchanged in each shuffle."""
    if 2**documents <= shuffles:
        return np.array(list(product((0.0, 1.0), repeat=documents)))
    random = Random(seed).random  # noqa: S311 - no secret hangs on it
    return np.array([[random() < 0.5 for _ in range(documents)] for _ in range(shuffles)], dtype=np.float64)


@lru_cache(maxsize=64)
def _draws(documents: int, resamples: int, seed: int) -> Counts:
    """How often each document is drawn in each resample."""
    random = Random(seed).random  # noqa: S311 - no secret hangs on it
    drawn = (np.array([random() for _ in range(documents)]) * documents for _ in range(resamples))
    return np.array([np.bincount(one.astype(np.intp), minlength=documents) for one in drawn], dtype=np.float64)
