"""Groups of numbers are those of names, in whatever order and however often they are joined."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.nearness.grouping import Clusters, Groups

PAIRS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=60)


def name(number: int) -> str:
    return f"d{number:02}"


@given(PAIRS, PAIRS)
def test_numbers_are_grouped_as_names_are(before: list[tuple[int, int]], after: list[tuple[int, int]]) -> None:
    clusters = Clusters()
    clusters.join_all((name(one), name(other)) for one, other in before)
    groups = Groups.of(map(name, range(41)), 41, clusters)
    for one, other in after:
        assert groups.are_apart(one, other) == (clusters.first(name(one)) != clusters.first(name(other)))
        assert groups.join(one, other) == clusters.join(name(one), name(other))
    firsts = groups.first(np.arange(41))
    assert [name(number) for number in firsts.tolist()] == [clusters.first(name(number)) for number in range(41)]
    moved, least = groups.moved()
    assert moved.tolist() == [number for number, first in enumerate(firsts.tolist()) if first != number]
    assert least.tolist() == firsts[moved].tolist()


def test_a_name_that_is_no_document_holds_others_together() -> None:
    clusters = Clusters()
    clusters.join_all([("b", "A story"), ("d", "A story")])
    assert Groups.of("abcd", 4, clusters).first(np.arange(4)).tolist() == [0, 1, 2, 1]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_equal_labels_are_a_group(labels: list[int]) -> None:
    groups = Groups.alike(np.array(labels, dtype=np.uint32))
    assert groups.first(np.arange(len(labels))).tolist() == [labels.index(label) for label in labels]
