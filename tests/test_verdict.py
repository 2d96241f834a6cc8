"""The fast yes: never where the checks find a fault, and always for sound layers in canonical form but for `embedded_in`."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import checks, codec, schema, shapes, store, verdict
from corpus.adjudication.comparison import compared
from corpus.model import GOLD, About, AnnotationSet, Decision, Document, Holdings, Layer
from corpus.parting import Marked
from corpus.verdict import Ground
from tests.conftest import ROOT
from tests.strategies import Case, adjudicated, cases


@cache
def repository() -> Holdings:
    return store.read(ROOT).holdings


def ground(case: Case) -> Ground:
    return ground_of(case.holdings, case.document.id)


def ground_of(held: Holdings, document: str) -> Ground:
    """An article with its layers as they stand; those that are sound, but gold, are known to be."""
    standing = {one.annotator: codec.fingerprint(one) for one in held.of(document)}
    beside: dict[str, Marked] = {}
    article = held.documents[document]
    found = Ground(document=article, withheld=held.withheld(article), annotators=held.annotators, siblings=standing, beside=beside)
    for one in held.of(document):
        layer = None if one.annotator == GOLD else verdict.sound_layer(spelt_layer(one), found)
        if layer is not None:
            beside[one.annotator] = layer
    return found


def spelt(case: Case) -> bytes:
    return spelt_layer(case.layer)


def spelt_layer(layer: AnnotationSet) -> bytes:
    return codec.canonical(codec.annotations_to_json(layer))


def has_no_fault(data: bytes, holdings: Holdings) -> bool:
    """The verdict with words: of the reader, the schema, the checks and the form."""
    value, problems = codec.read_json(data, "x.json")
    if problems or schema.problems("annotation", value, "x.json"):
        return False
    layer = codec.annotations_from_json(value)
    return not checks.of_layer("x.json", layer, holdings) and spelt_layer(layer) == data


@given(cases())
def test_a_sound_layer_is_plainly_sound(case: Case) -> None:
    layer = verdict.sound_layer(spelt(case), ground(case))
    assert (layer is None) == any(link.type == "embedded_in" for link in case.layer.links)


@settings(max_examples=300)
@given(cases(), st.randoms(use_true_random=False))
def test_what_is_spoilt_is_never_plainly_sound(case: Case, random: Random) -> None:
    data = spoilt(spelt(case), random)
    assert verdict.sound_layer(data, ground(case)) is None or has_no_fault(data, case.holdings)


@settings(max_examples=60)
@given(adjudicated())
def test_gold_that_tells_its_decisions_is_plainly_sound(case: Case) -> None:
    assert has_no_fault(spelt(case), case.holdings)
    assert verdict.sound_layer(spelt(case), ground(case)) is not None


@settings(max_examples=120)
@given(adjudicated(), st.randoms(use_true_random=False))
def test_gold_is_not_plainly_sound_with_a_decision_less_or_another(case: Case, random: Random) -> None:
    told = list(case.layer.decisions or ())
    if told:
        at = random.randrange(len(told))
        told[at : at + 1] = random.choice([[], [told[at]] * 2, [altered(told[at], case.document.length, random)]])
        case = replace(case, layer=replace(case.layer, decisions=tuple(sorted(told))))
    sound = verdict.sound_layer(spelt(case), ground(case)) is not None
    assert sound == has_no_fault(spelt(case), case.holdings)


def altered(one: Decision, length: int, random: Random) -> Decision:
    about = random.choice(get_args(About))
    edit: dict[str, Any] = random.choice(
        [{"start": one.start + 1}, {"end": one.end + 1}, {"end": length + 1}, {"about": about}, {"rule": "7"}]
    )
    return replace(one, **edit)


@settings(max_examples=120)
@given(adjudicated(), st.randoms(use_true_random=False))
def test_gold_that_is_spoilt_is_never_plainly_sound(case: Case, random: Random) -> None:
    data = spoilt(spelt(case), random)
    assert verdict.sound_layer(data, ground(case)) is None or has_no_fault(data, case.holdings)


@settings(max_examples=120)
@given(adjudicated(), st.randoms(use_true_random=False), st.booleans())
def test_gold_beside_a_changed_layer_is_plainly_sound_only_if_it_is_made_from_it_and_settles_it(
    case: Case, random: Random, renewed: bool
) -> None:
    where, other = random.choice([item for item in case.holdings.layers.items() if item[1].annotator != GOLD])
    changed = in_part(other, random)
    layers = {**case.holdings.layers, where: changed}
    if renewed:
        made_from = [replace(one, sha256=codec.fingerprint(changed)) if one.annotator == changed.annotator else one for one in told(case)]
        case = replace(case, layer=replace(case.layer, made_from=tuple(made_from)))
    gold = f"annotations/{case.document.id}/gold.json"
    case = replace(case, holdings=replace(case.holdings, layers=layers | {gold: case.layer}))
    sound = verdict.sound_layer(spelt(case), ground(case)) is not None
    assert sound == has_no_fault(spelt(case), case.holdings)


def told(case: Case) -> tuple[Layer, ...]:
    return case.layer.made_from or ()


def in_part(layer: AnnotationSet, random: Random) -> AnnotationSet:
    """A sound layer with a claim, a link or a value less; as it was where there is none."""
    if layer.links and random.random() < 0.5:
        return replace(layer, links=layer.links[1:])
    if layer.attributions and random.random() < 0.5:
        first, *rest = layer.attributions
        return replace(layer, attributions=(replace(first, certainty=None if first.certainty == "hedged" else "hedged"), *rest))
    free = {name for link in layer.links for name in (link.from_, link.to)} | {one.hub for one in layer.attributions}
    return replace(layer, mentions=tuple(one for one in layer.mentions if one.label != "claim" or one.id in free))


def with_decisions(edit: Callable[[list[Decision], Document], object]) -> tuple[bytes, Ground, Holdings]:
    """The first gold of the repository that has to tell decisions, with others in the order given, its ground and its holdings."""
    holdings = repository()
    golds = (one for _, one in sorted(holdings.layers.items()) if len(set(one.decisions or ())) > 2)
    gold = next(one for one in golds if compared(one for one in holdings.of(one.document) if one.annotator != GOLD).differences)
    decisions = list(gold.decisions or ())
    edit(decisions, holdings.documents[gold.document])
    value = codec.annotations_to_json(gold) | {"decisions": [asdict(one) for one in decisions]}
    few = replace(holdings, layers={name: one for name, one in holdings.layers.items() if one.document == gold.document})
    return codec.canonical(value), ground_of(few, gold.document), few


@pytest.mark.parametrize(
    ("edit", "sound"),
    [
        (lambda told, _: told.clear(), False),
        (lambda told, _: told.reverse(), False),
        (lambda told, _: told.insert(0, told[0]), True),
        (lambda told, _: told.insert(0, replace(told[0], start=0, end=0)), False),
        (lambda told, _: told.insert(0, replace(told[0], start=0, end=1)), True),
        (lambda told, document: told.append(replace(told[-1], start=document.length - 1, end=document.length)), True),
        (lambda told, document: told.append(replace(told[-1], start=document.length - 1, end=document.length + 1)), False),
        (lambda told, document: told.append(replace(told[-1], start=document.length, end=document.length)), False),
    ],
)
def test_decisions_are_in_order_and_in_the_text(edit: Callable[[list[Decision], Document], object], sound: bool) -> None:
    data, held, holdings = with_decisions(edit)
    assert (verdict.sound_layer(data, held) is not None) == has_no_fault(data, holdings) == sound


def test_what_is_marked_twice_is_not_plainly_sound(toy: Path) -> None:
    holdings = store.read(toy).holdings
    layer = holdings.layers["annotations/toy_0001/a3f1.json"]
    claim = next(one for one in layer.mentions if one.label == "claim")
    twice = codec.in_order(replace(layer, mentions=(*layer.mentions, replace(claim, id="m99"))))
    assert verdict.sound_layer(spelt_layer(layer), ground_of(holdings, "toy_0001")) is not None
    assert verdict.sound_layer(spelt_layer(twice), ground_of(holdings, "toy_0001")) is None
    assert not has_no_fault(spelt_layer(twice), holdings)


@pytest.mark.parametrize("nth", range(4))
def test_gold_of_this_repository_that_is_spoilt_is_never_plainly_sound(nth: int) -> None:
    random = Random(nth)  # noqa: S311
    holdings = repository()
    golds = sorted(where for where, one in holdings.layers.items() if one.annotator == GOLD)
    sound = 0
    for where in random.sample(golds, 15):
        document = holdings.layers[where].document
        few = replace(holdings, layers={name: one for name, one in holdings.layers.items() if one.document == document})
        held = ground_of(few, document)
        for _ in range(12):
            data = spoilt((ROOT / where).read_bytes(), random)
            if verdict.sound_layer(data, held) is not None:
                sound += 1
                assert has_no_fault(data, few)
    assert sound


@pytest.mark.parametrize("nth", range(3))
def test_a_claim_of_the_registry_is_plainly_sound_if_the_checks_say_so(nth: int) -> None:
    random = Random(nth)  # noqa: S311
    holdings = repository()
    records = {name: holdings.of_record(name) for name in holdings.documents}
    marks = {
        name: {mention.id: (mention.label, mention.spans[0].check) for mention in one.mentions} for name, one in records.items() if one
    }
    verdicts = []
    for where, claim in sorted(holdings.registry.items()):
        members = list(claim.members)
        assert verdict.sound_claim(claim, marks)
        other = random.choice(random.choice(list(holdings.registry.values())).members)
        taken = [{name: getattr(other, name)} for name in ("document", "mention", "check", "stance")]
        edits: list[dict[str, Any]] = [*taken, {}, {"mention": "m1"}]
        members[random.randrange(len(members))] = replace(random.choice(members), **random.choice(edits))
        spoilt_claim = replace(claim, members=tuple(sorted(members)))
        verdicts.append(verdict.sound_claim(spoilt_claim, marks))
        assert verdicts[-1] == (not checks.of_claim(where, spoilt_claim, holdings))
    assert {*verdicts} == {True, False}


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


def test_all_of_this_repository_is_plainly_sound() -> None:
    holdings = repository()
    grounds: dict[str, Ground] = {}
    for where, layer in holdings.layers.items():
        held = grounds.get(layer.document) or grounds.setdefault(layer.document, ground_of(holdings, layer.document))
        assert verdict.sound_layer((ROOT / where).read_bytes(), held) is not None or any(one.type == "embedded_in" for one in layer.links)


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
