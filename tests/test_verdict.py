"""The fast yes: never where the checks find a fault, and always for sound layers in canonical form but for `embedded_in`."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import checks, codec, schema, shapes, store, verdict
from corpus.model import AnnotationSet
from corpus.verdict import Ground
from tests.conftest import ROOT
from tests.strategies import Case, cases


def ground(case: Case) -> Ground:
    standing = {one.annotator: codec.fingerprint(one) for one in case.holdings.of(case.document.id)}
    held = case.holdings
    return Ground(document=case.document, withheld=held.withheld(case.document), annotators=held.annotators, siblings=standing)


def spelt(case: Case) -> bytes:
    return codec.canonical(codec.annotations_to_json(case.layer))


@given(cases())
def test_a_sound_layer_is_plainly_sound(case: Case) -> None:
    layer = verdict.sound_layer(spelt(case), ground(case))
    assert (layer is None) == any(link.type == "embedded_in" for link in case.layer.links)


@settings(max_examples=300)
@given(cases(), st.randoms(use_true_random=False))
def test_what_is_spoilt_is_never_plainly_sound(case: Case, random: Random) -> None:
    data = spoilt(spelt(case), random)
    if verdict.sound_layer(data, ground(case)) is not None:
        value, problems = codec.read_json(data, "x.json")
        assert not problems
        assert not schema.problems("annotation", value, "x.json")
        layer = codec.annotations_from_json(value)
        assert not checks.of_layer("x.json", layer, case.holdings)
        assert codec.canonical(codec.annotations_to_json(layer)) == data


def spoilt(data: bytes, random: Random) -> bytes:
    """A value of the file put in another's place, cut out, repeated or turned round."""
    value: Any = codec.read_json(data, "x.json")[0]
    places = [(held, key) for held, key in walked(value)]
    held, key = random.choice(places)
    match random.randrange(5):
        case 0:
            held[key] = random.choice([None, -1, 0, 1, 3, 10**6, 1.0, "", "m1", "gold", "m\n1", "claim", "x" * 100, True, [], {}])
        case 1:
            other, there = random.choice(places)
            held[key] = deepcopy(other[there])
        case 2:
            del held[key]
        case 3 if isinstance(held[key], list):
            held[key].reverse()
        case _ if isinstance(held, list):
            held.insert(key, held[key])
    return codec.canonical(value)


def walked(value: Any) -> list[tuple[Any, Any]]:
    steps = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    return [(value, key) for key, _ in steps] + [found for _, held in steps for found in walked(held)]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"null", b"\xff", b"\xef\xbb\xbf{}", b'{"schema": "\\ud800"}', b'{"schema": "\xed\xa0\x80"}', b"[" * 100_000],
    ids=["empty", "cut", "null", "no utf-8", "byte order mark", "half a pair", "half a pair in bytes", "deep"],
)
def test_hostile_bytes_are_no_layer_and_no_record(data: bytes) -> None:
    assert shapes.layer(data) is None
    assert shapes.record(data) is None


def _is_for_the_checks(layer: AnnotationSet) -> bool:
    return layer.decisions is not None or any(one.type == "embedded_in" for one in layer.links)


def test_all_of_this_repository_is_plainly_sound() -> None:
    holdings = store.read(ROOT).holdings
    for where, layer in holdings.layers.items():
        document = holdings.documents[layer.document]
        standing = {one.annotator: codec.fingerprint(one) for one in holdings.of(document.id)}
        held = Ground(document=document, withheld=holdings.withheld(document), annotators=holdings.annotators, siblings=standing)
        assert verdict.sound_layer((ROOT / where).read_bytes(), held) is not None or _is_for_the_checks(layer)


@pytest.mark.parametrize(
    "text", [b"Caf\xc3\xa9 closed.", b"Cafe\xcc\x81 closed.", b" closed", b"closed\r\n", b"", b"\xff", b"a\x00b", None]
)
def test_a_record_is_held_to_its_text(toy: Path, text: bytes | None) -> None:
    holdings = store.read(toy).holdings
    document = holdings.documents["toy_0001"]
    data = codec.canonical(codec.document_to_json(document))
    whole = (toy / store.text_path(document)).read_bytes()
    assert verdict.sound_document(data, whole, holdings) == document
    assert verdict.sound_document(data, text, holdings) is None
    assert verdict.sound_document(data.replace(b'"source": "toy"', b'"source": "lee"'), whole, holdings) is None
    withheld = replace(holdings, sources={"toy": replace(holdings.sources["toy"], text="withheld")})
    assert (verdict.sound_document(data, text, withheld) is None) == (text is not None)
