"""Coefficients from counts summed over documents: the last axis holds the counts, the others are kept. Not a number where undefined.

alpha: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability". unitising_alpha: Krippendorff (1995), Sociological Methodology
25, and Content Analysis (2004), section 11.6. kappa: Cohen (1960); over several pairs of readers their mean, Light (1971).
"""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]


def ratio(part: Counts, whole: Counts) -> Counts:
    """Part over whole, not a number where the whole is 0."""
    found: Counts = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.not_equal(whole, 0))
    return found


def f1(counts: Counts) -> Counts:
    """From (matched, marked by the first, marked by the second): twice the matched over all marks.

    >>> float(f1(np.array([3.0, 4.0, 4.0])))
    0.75
    """
    return ratio(2 * counts[..., 0], counts[..., 1] + counts[..., 2])


def share(counts: Counts) -> Counts:
    """From (equal, all)."""
    return ratio(counts[..., 0], counts[..., 1])


def alpha(coincidences: Counts, values: int) -> Counts:
    """Nominal alpha from the coincidence matrix of so many values, row by row; undefined where one value only was used."""
    matrix = coincidences.reshape(*coincidences.shape[:-1], values, values)
    of_value = matrix.sum(axis=-1)
    total = of_value.sum(axis=-1)
    observed = total - np.trace(matrix, axis1=-2, axis2=-1)
    return 1 - ratio((total - 1) * observed, total**2 - (of_value**2).sum(axis=-1))


def kappa(tables: Counts, values: int) -> Counts:
    """The mean kappa of the pairs of readers for whom it is defined, from their contingency tables, pair by pair, row by row."""
    table = tables.reshape(*tables.shape[:-1], -1, values, values)
    total = table.sum(axis=(-2, -1))
    observed = np.trace(table, axis1=-2, axis2=-1)
    expected = ratio((table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1), total)
    each = ratio(observed - expected, total - expected)
    there = ~np.isnan(each)
    return ratio(np.where(there, each, 0).sum(axis=-1), there.sum(axis=-1))


def unitising_alpha(counts: Counts, lengths: Counts) -> Counts:
    """Alpha of where units stand among gaps.

    From (observed, continuum, atoms, units of each length, room for each length): the squared differences of all ordered pairs of readers
    over readers - 1; the length of all readings together; the sum of l(l - 1) over all units; how many units have each of the lengths; in
    how many ways a unit of that length fits into the gaps. The length of one continuum stands in both disagreements and falls out of their
    quotient, so documents with different numbers of readers can be added.
    """
    observed, continuum, atoms = counts[..., 0], counts[..., 1], counts[..., 2]
    units, room = np.split(counts[..., 3:], 2, axis=-1)
    beside_units = (units.sum(axis=-1, keepdims=True) - 1) * (2 * lengths**3 - 3 * lengths**2 + lengths) / 3
    expected = 2 * (units * (beside_units + lengths**2 * room)).sum(axis=-1)
    return 1 - ratio(observed * (continuum * (continuum - 1) - atoms), continuum * expected)
