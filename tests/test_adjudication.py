"""Readings laid side by side, and gold made of them: nothing is chosen without a choice, and what both hold is kept as it is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import checks, notation, store
from corpus.adjudication.assembly import Addition, Choice, assembled
from corpus.adjudication.comparison import Comparison, compared
from corpus.model import AnnotationSet, Holdings
from corpus.problems import CorpusError
from tests.conftest import TOY
from tests.strategies import Case, cases

FIRST = """
document toy_0001
s1 person_named "Mayor Ilse Varn"
k2 "said"
c3 attributed_to_other "that the Harrow Front had set the Ostermark mill alight"
a c3 : s1 : k2 : indirect positive certain
s4 organisation "The Front"
k5 "denied"
d6 denied full "the accusation"
a d6 : s4 : k5 : reported positive certain
l denies d6 c3
"""
SECOND = """
document toy_0001
s1 person_named "Mayor Ilse Varn"
k2 "said"
c3 attributed_to_other "the Harrow Front had set the Ostermark mill alight"
a c3 : s1 : k2 : indirect positive hedged
k5 "denied"
d6 denied full "the accusation"
a d6 : - : k5 : reported positive certain
"""


def read(words: str, annotator: str, holdings: Holdings) -> AnnotationSet:
    (note,) = notation.notes(words)
    document = holdings.documents[note.document]
    origin = {"a3f1": "by_hand", "4b22": "model"}[annotator]
    return notation.layer_of(note, document, {"annotator": annotator, "origin": origin, "guidelines": "0.1"}, withheld=False)


def two() -> tuple[Comparison, Holdings]:
    holdings = store.read(TOY).holdings
    layers = [read(FIRST, "a3f1", holdings), read(SECOND, "4b22", holdings)]
    held = {store.layer_path(layer.document, layer.annotator): layer for layer in layers}
    return compared(layers), replace(holdings, layers=held)


def faults(gold: AnnotationSet, holdings: Holdings) -> set[str]:
    return {problem.check for problem in checks.of_layer("gold.json", gold, holdings)}


def test_every_point_on_which_they_part_is_told_once() -> None:
    comparison, _ = two()
    told = [(one.about, one.asks, dict(one.held)) for one in comparison.differences]
    assert told == [
        ("mention", None, {"4b22": ("claim", ((36, 86),)), "a3f1": ("claim", ((31, 86),))}),
        ("attribute", "certainty", {"4b22": "hedged", "a3f1": "certain"}),
        ("mention", None, {"4b22": None, "a3f1": ("source", ((88, 97),))}),
        ("attribution", None, {"4b22": ((), ("c5",)), "a3f1": (("c4",), ("c5",))}),
        ("link", "denies c3", {"4b22": False, "a3f1": True}),
    ]


@pytest.mark.parametrize("taken", ["a3f1", "4b22"])
def test_gold_that_follows_one_reading_is_that_reading(taken: str) -> None:
    comparison, holdings = two()
    choices = {one.id: Choice(rule="1.6", annotator=taken) for one in comparison.differences}
    gold = assembled(comparison, choices, guidelines="0.1")
    assert faults(gold, holdings) == set()
    wanted = comparison.layers[taken]
    assert [(one.label, one.spans) for one in gold.mentions] == [(one.label, one.spans) for one in wanted.mentions]
    assert len(gold.links) == len(wanted.links)
    assert [one.certainty for one in gold.attributions] == [one.certainty for one in wanted.attributions]
    assert {one.about for one in gold.decisions or ()} == {"mention", "attribute", "attribution", "link"}


def test_own_values_and_additions_stand_beside_the_readings() -> None:
    comparison, holdings = two()
    choices = {one.id: Choice(rule="2.2", annotator="a3f1") for one in comparison.differences}
    certainty = next(one.id for one in comparison.differences if one.asks == "certainty")
    choices[certainty] = Choice(rule="5.3", value="unspecified")
    more = 'document toy_0001\nd9 denied full "We were nowhere near the mill"\ns8 person_named "its spokesman, Idris Holm"\nk7 "told"\n'
    mentions = {one.id: one for one in read(more + "a d9 : s8 : k7 : direct positive certain", "a3f1", holdings).mentions}
    said = read(more + "a d9 : s8 : k7 : direct positive certain", "a3f1", holdings).attributions
    gold = assembled(
        comparison, choices, guidelines="0.1", added=[Addition(rule="2.18", mentions=tuple(mentions.values()), attributions=said)]
    )
    assert faults(gold, holdings) == set()
    assert [one.certainty for one in gold.attributions] == ["unspecified", "certain", "certain"]
    assert any(one.rule == "2.18" for one in gold.decisions or ())


def test_a_point_without_a_choice_is_refused_by_name() -> None:
    comparison, _ = two()
    with pytest.raises(CorpusError, match="toy_0001: no choice for d1, d2, d3, d4, d5"):
        assembled(comparison, {}, guidelines="0.1")


def test_a_decision_that_is_missing_or_out_of_the_text_is_found() -> None:
    comparison, holdings = two()
    gold = assembled(comparison, {one.id: Choice(rule="1.6", annotator="a3f1") for one in comparison.differences}, guidelines="0.1")
    assert gold.decisions is not None
    assert faults(replace(gold, decisions=gold.decisions[1:]), holdings) == {"difference-is-decided"}
    moved = replace(gold.decisions[-1], end=10_000)
    assert faults(replace(gold, decisions=(*gold.decisions, moved)), holdings) == {"decision-is-in-text"}


@given(cases())
def test_equal_readings_part_on_nothing_and_make_themselves(case: Case) -> None:
    twin = replace(case.layer, annotator="a3f1", made_from=None)
    comparison = compared([twin, replace(twin, annotator="4b22")])
    assert comparison.differences == ()
    gold = assembled(comparison, {}, guidelines="0.1")
    assert [(one.label, one.spans) for one in gold.mentions] == [(one.label, one.spans) for one in twin.mentions]
    assert len(gold.attributions) == len(twin.attributions)


@given(cases(), st.randoms(use_true_random=False))
def test_any_choices_give_a_layer_that_names_all_of_them(case: Case, random: object) -> None:
    first = replace(case.layer, annotator="a3f1", made_from=None)
    cut = {one.id for one in first.mentions[::2]}
    second = replace(
        first,
        annotator="4b22",
        mentions=tuple(one for one in first.mentions if one.id in cut),
        attributions=tuple(one for one in first.attributions if one.hub in cut and {*one.sources, *one.cues} <= cut),
        links=tuple(one for one in first.links if one.from_ in cut and one.to in cut),
    )
    comparison = compared([first, second])
    choices = {one.id: Choice(rule="1.1", annotator=random.choice(sorted(one.held))) for one in comparison.differences}  # type: ignore[attr-defined]
    gold = assembled(comparison, choices, guidelines="0.1")
    decided = {(one.start, one.end, one.about) for one in gold.decisions or ()}
    assert {(one.cluster.start, one.cluster.end, one.about) for one in comparison.differences} <= decided
