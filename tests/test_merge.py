"""Three sides of a layer: what a pull does in every case there is."""

from itertools import product

import pytest

from corpus import merge

A, B, C = "aa", "bb", "cc"

# file here, server's, what both were when they last met → decision
TABLE = {
    (None, A, None): "changed",
    (None, A, A): "changed",
    (None, A, B): "changed",
    (A, A, None): "unchanged",
    (A, A, A): "unchanged",
    (A, A, B): "unchanged",
    (A, B, None): "conflict",
    (A, B, A): "changed",
    (A, B, B): "kept",
    (A, B, C): "conflict",
}


@pytest.mark.parametrize(("sides", "decision"), TABLE.items())
def test_each_case_has_its_decision(sides: tuple[str | None, str, str | None], decision: str) -> None:
    here, server, met = sides
    assert merge.decide(here=here, server=server, met=met) == decision


def test_the_table_is_whole() -> None:
    """Every combination of three fingerprints, or none, is one of the table by another name."""
    found = {by_first_use(sides) for sides in product((None, A, B, C), (A, B, C), (None, A, B, C))}
    assert found == {by_first_use(sides) for sides in TABLE}


def by_first_use(sides: tuple[str | None, ...]) -> tuple[int | None, ...]:
    order = list(dict.fromkeys(side for side in sides if side is not None))
    return tuple(None if side is None else order.index(side) for side in sides)
