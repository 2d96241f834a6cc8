"""Where layers part: the same points as the comparison has, of two layers and of three."""

from collections import Counter

from hypothesis import given, settings

from corpus import codec, parting, shapes, store
from corpus.adjudication.comparison import compared
from corpus.model import AnnotationSet
from corpus.parting import Marked
from tests.conftest import ROOT
from tests.strategies import Case, adjudicated


def marked(layer: AnnotationSet) -> Marked:
    """The layer as it is read, with its mentions by what they mark."""
    read = shapes.layer(codec.canonical(codec.annotations_to_json(layer)))
    assert read is not None
    marks = {(one.label, *[(span.start, span.end) for span in one.spans]): one for one in read.mentions}
    assert len(marks) == len(read.mentions)
    return Marked(read, marks)


def points_of(layers: list[AnnotationSet]) -> set[parting.Point]:
    return {(one.cluster.start, one.cluster.end, one.about) for one in compared(layers).differences}


@settings(max_examples=150)
@given(adjudicated())
def test_layers_part_where_the_comparison_says(case: Case) -> None:
    layers = [one for one in case.holdings.of(case.document.id) if one.annotator != "gold"]
    assert set(parting.points([marked(one) for one in layers])) == points_of(layers)
    assert set(parting.points([marked(one) for one in layers[::-1][:2][::-1]])) == points_of(layers[::-1][:2])


def test_of_this_repository_too() -> None:
    holdings = store.read(ROOT).holdings
    seen: Counter[str] = Counter()
    for name in sorted(holdings.documents):
        layers = [one for one in holdings.of(name) if one.annotator != "gold"]
        if len(layers) > 1:
            found = set(parting.points([marked(one) for one in layers]))
            assert found == points_of(layers)
            seen.update(about for *_, about in found)
    assert set(seen) == {"mention", "attribute", "attribution", "link"}


def test_one_layer_parts_from_none() -> None:
    layer = next(iter(store.read(ROOT).holdings.layers.values()))
    assert not list(parting.points([marked(layer)]))
