"""What another corpus does not tell is left out of ours: labels of hubs, and hubs inside hubs with what only they have."""

from hypothesis import given

from corpus.checks.of_relations import contains
from corpus.model import HUBS
from corpus.scoring.narrowing import hubs_as_content, outermost
from tests.strategies import Case, cases
from tests.test_scoring import layer

NESTED = layer(
    "a",
    {
        "m1": ("source", 0, 4),
        "m2": ("cue", 5, 9),
        "m3": ("claim", 10, 40),
        "m4": ("source", 10, 14),
        "m5": ("cue", 15, 21),
        "m6": ("denial", 22, 40),
    },
    {"m3": (("m1",), ("m2",)), "m6": (("m4",), ("m5",))},
)


def test_an_inner_hub_goes_with_the_source_and_cue_that_only_it_has() -> None:
    assert [one.id for one in outermost(NESTED).mentions] == ["m1", "m2", "m3"]
    assert [one.hub for one in outermost(NESTED).attributions] == ["m3"]


def test_a_stretch_marked_twice_is_one_content() -> None:
    twice = layer("a", {"m1": ("claim", 0, 9), "m2": ("denial", 0, 9), "m3": ("cue", 12, 15)}, {"m1": ((), ("m3",)), "m2": ((), ("m3",))})
    assert [(one.id, one.label) for one in hubs_as_content(twice).mentions] == [("m1", "content"), ("m3", "cue")]
    assert [one.hub for one in hubs_as_content(twice).attributions] == ["m1"]


@given(cases())
def test_no_hub_lies_in_another_and_every_name_resolves(found: Case) -> None:
    left = outermost(hubs_as_content(found.layer))
    hubs = [one for one in left.mentions if one.label in HUBS]
    assert not [(one.id, two.id) for one in hubs for two in hubs if one is not two and _larger(one, two) and contains(one, two)]
    known = left.by_id()
    assert all(name in known for one in left.attributions for name in (one.hub, *one.sources, *one.cues))
    assert left.links == ()


def _larger(one: object, two: object) -> bool:
    size = [sum(span.end - span.start for span in held.spans) for held in (one, two)]  # type: ignore[attr-defined]
    return size[0] > size[1]
