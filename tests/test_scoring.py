"""Scores proven by hand, what must hold of any two readings, and the test of two systems."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from corpus.agreement.bootstrap import chance
from corpus.agreement.coefficients import f1
from corpus.checks import catalogue, check_id
from corpus.model import HUBS, AnnotationSet, Attribution, Document, Label, Link, Mention, Span
from corpus.problems import CorpusError
from corpus.scoring import Part, contest, problems, report, submission, tally
from corpus.scoring.measures import measures
from tests.conftest import ROOT
from tests.strategies import Case, cases

HASH = "0" * 64
Marks = Mapping[str, tuple[Label, int, int]]


def layer(document: str, marks: Marks, joined: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]], *links: Link) -> AnnotationSet:
    mentions = [
        Mention(id=id, label=label, spans=(Span(start=start, end=end, quote=None, check="0" * 12),))
        for id, (label, start, end) in marks.items()
    ]
    attributions = [
        Attribution(id=f"a-{hub}", hub=hub, sources=sources, cues=cues, quote_type=None, polarity=None, certainty=None)
        for hub, (sources, cues) in joined.items()
    ]
    return AnnotationSet(
        document=document, text_sha256=HASH, annotator="5f0a", origin="model", guidelines="1.0",
        mentions=tuple(mentions), attributions=tuple(attributions), links=links,
    )  # fmt: skip


# "Mayor Varn said the dam is safe. The firm denied any fault."
GOLD = layer(
    "a",
    {"m1": ("source", 0, 10), "m2": ("cue", 11, 15), "m3": ("claim", 16, 31), "m4": ("source", 33, 41), "m5": ("cue", 42, 48),
     "m6": ("denial", 49, 58)},
    {"m3": (("m1",), ("m2",)), "m6": (("m4",), ("m5",))},
    Link(type="denies", from_="m6", to="m3"),
)  # fmt: skip
# The dam's claim is taken for content and begins late; the firm is not seen.
FOUND = layer(
    "a",
    {"p1": ("source", 0, 10), "p2": ("cue", 11, 15), "p3": ("content", 20, 31), "p5": ("cue", 42, 48), "p6": ("denial", 49, 58)},
    {"p3": (("p1",), ("p2",)), "p6": ((), ("p5",))},
    Link(type="denies", from_="p6", to="p3"),
)
NOTHING = layer("b", {}, {})
TOO_MUCH = layer("b", {"p1": ("cue", 0, 3), "p2": ("content", 4, 9)}, {"p2": ((), ("p1",))})


def scored(gold: list[AnnotationSet], predicted: list[AnnotationSet]) -> Part:
    held = tally({one.document: one for one in gold}, {one.document: one for one in predicted})
    return report(held, "5f0a", {}, resamples=20).whole


@pytest.mark.parametrize(
    ("measure", "of", "matched", "gold", "predicted"),
    [
        ("mention_exact", "source", 1, 2, 1),
        ("mention_exact", "cue", 2, 2, 2),
        ("mention_exact", "hub", 1, 2, 2),  # 20-31 is not 16-31
        ("mention_overlap", "hub", 2, 2, 2),
        ("mention_overlap", "claim", 0, 1, 0),
        ("mention_overlap", "content", 0, 0, 1),
        ("mention_exact", "all labels", 4, 6, 5),
        ("characters", "hub", 11 + 9, 15 + 9, 11 + 9),
        ("characters", "claim", 0, 15, 0),
        ("attribution_exact", "hub of it", 1, 2, 2),
        ("attribution_exact", "source of it", 0, 2, 1),  # the hub it stands with has other spans
        ("attribution_exact", "cue of it", 1, 2, 2),
        ("attribution_exact", "all roles", 0, 2, 2),
        ("attribution_overlap", "source of it", 1, 2, 1),
        ("attribution_overlap", "cue of it", 2, 2, 2),
        ("attribution_overlap", "all roles", 1, 2, 2),  # the denial lacks its source
        ("attribution_overlap", "all roles and label", 0, 2, 2),  # and the other one is a claim
        ("attribution_overlap", "all roles of a denial", 0, 1, 1),
        ("link_exact", "denies", 0, 1, 1),
        ("link_overlap", "denies", 1, 1, 1),
        ("link_overlap_shared", "denies", 1, 1, 1),
    ],
)
def test_counts_by_hand(measure: str, of: str, matched: int, gold: int, predicted: int) -> None:
    found = scored([GOLD], [FOUND]).score(measure, of)
    assert (found.matched, found.gold, found.predicted) == (matched, gold, predicted)


def test_figures_by_hand() -> None:
    part = scored([GOLD], [FOUND])
    pooled, mean, claim, hub = (
        part.score(*key)
        for key in (
            ("mention_exact", "all labels"),
            ("mention_exact", "mean of labels"),
            ("mention_overlap", "claim"),
            ("characters", "hub"),
        )
    )
    assert (pooled.precision, pooled.recall, pooled.f1) == (0.8, 0.6667, 0.7273)  # 4/5, 4/6, 8/11
    assert mean.f1 == 0.5333  # of source 2/3, cue 1, claim 0, denial 1, content 0
    assert (claim.precision, claim.recall, claim.f1) == (None, 0.0, 0.0)
    assert (hub.precision, hub.recall, hub.f1) == (1.0, 0.8333, 0.9091)  # 20/20, 20/24, 40/44


def test_micro_is_of_all_articles_and_macro_the_mean_of_those_that_have_any() -> None:
    part = scored([GOLD, NOTHING], [FOUND, TOO_MUCH])
    cue, source = part.score("mention_exact", "cue"), part.score("mention_exact", "source")
    assert (cue.f1, cue.macro) == (0.8, 0.5)  # 2 of 2 and 3; 1 and 0
    assert (source.f1, source.macro) == (0.6667, 0.6667)  # the second article has no source on either side


@given(cases())
def test_a_reading_scores_1_against_itself_wherever_there_is_anything(found: Case) -> None:
    for one in scored([found.layer], [found.layer]).scores:
        assert (one.precision, one.recall, one.f1) == ((1.0, 1.0, 1.0) if one.gold else (None, None, None)), one


@given(cases())
def test_turned_round_precision_is_recall(found: Case) -> None:
    hubs = {one.id for one in found.layer.mentions if one.label in HUBS}
    half = replace(
        found.layer,
        mentions=tuple(one for one in found.layer.mentions if one.id in hubs),
        attributions=tuple(replace(one, sources=(), cues=()) for one in found.layer.attributions),
        links=tuple(one for one in found.layer.links if {one.from_, one.to} <= hubs),
    )
    there, back = scored([found.layer], [half]), scored([half], [found.layer])
    for one, other in zip(there.scores, back.scores, strict=True):
        assert (one.precision, one.recall, one.f1, one.macro) == (other.recall, other.precision, other.f1, other.macro)


def test_parts_are_of_splits_and_phenomena() -> None:
    def of(id: str, *phenomena: str) -> Document:
        return Document(
            id=id, source="s", outlet=None, date=None, url=None, language="en", story="lee_0001" if id == "a" else "lee_0002",
            text_sha256=HASH, length=99, furniture=(), phenomena=phenomena or None,  # type: ignore[arg-type]
        )  # fmt: skip

    held = tally({"a": GOLD, "b": NOTHING}, {"a": FOUND, "b": TOO_MUCH})
    parts = report(held, "s", {"a": of("a", "pointer", "title"), "b": of("b")}, by=("split", "phenomenon"), resamples=0).parts
    assert [(one.by, one.name, one.documents) for one in parts] == [
        ("split", "test", 1),
        ("split", "train", 1),
        ("phenomenon", "pointer", 1),
        ("phenomenon", "title", 1),
    ]
    assert parts[0].scores == scored_without_interval(GOLD, FOUND)


def scored_without_interval(gold: AnnotationSet, predicted: AnnotationSet) -> object:
    return report(tally({"a": gold}, {"a": predicted}), "s", {}, resamples=0).whole.scores


def test_articles_must_be_the_same() -> None:
    with pytest.raises(CorpusError):
        tally({"a": GOLD}, {"b": NOTHING})
    with pytest.raises(CorpusError):
        contest(tally({"a": GOLD}, {"a": FOUND}), tally({"b": NOTHING}, {"b": TOO_MUCH}), ("x", "y"))


def test_chance_by_hand() -> None:
    """Three articles, all exchanges tried: 2 of 8 (none and all) lie as far apart as 1 and 0 do."""
    right, wrong = np.array([[2.0, 2, 2]] * 3), np.array([[0.0, 2, 2]] * 3)
    assert chance(right, wrong, f1) == 0.25
    assert chance(right, right, f1) == 1.0
    assert chance(np.zeros((3, 3)), np.zeros((3, 3)), f1) is None


def test_chance_by_lot_is_near_what_all_exchanges_give() -> None:
    random = np.random.default_rng(7)
    first, second = (np.stack([random.integers(0, 6, 10), np.full(10, 6), np.full(10, 6)], axis=1).astype(float) for _ in range(2))
    exact, drawn = chance(first, second, f1, shuffles=1024), chance(first, second, f1, shuffles=1023)
    assert exact is not None
    assert drawn is not None
    assert abs(exact - drawn) < 0.05


def test_two_systems() -> None:
    better = replace(GOLD, mentions=GOLD.mentions)
    held = contest(tally({"a": GOLD}, {"a": better}), tally({"a": GOLD}, {"a": FOUND}), ("x", "y"))
    (all_labels,) = (one for one in held.differences if (one.measure, one.of) == ("mention_exact", "all labels"))
    assert (all_labels.first, all_labels.second, all_labels.difference) == (1.0, 0.7273, 0.2727)
    assert (all_labels.low, all_labels.p) == (None, 1.0)  # one article shows nothing


def refused(predicted: list[AnnotationSet], **asked: object) -> list[str]:
    gold = {"a": GOLD, "b": NOTHING}
    asked = {"wanted": ("a",), **asked}
    placed = [(f"{nth}.json", one) for nth, one in enumerate(predicted)]
    return [one.check for one in problems(placed, gold, {}, **asked)]  # type: ignore[arg-type]


def moved(start: int, end: int) -> AnnotationSet:
    first = replace(FOUND.mentions[0], spans=(Span(start=start, end=end, quote=None, check="0" * 12),))
    return replace(FOUND, mentions=(first, *FOUND.mentions[1:]))


@pytest.mark.parametrize(
    ("predicted", "check"),
    [
        ([replace(FOUND, document="z"), FOUND], "prediction-is-of-gold"),
        ([FOUND, replace(TOO_MUCH, document="c")], "prediction-is-of-gold"),
        ([FOUND, FOUND], "article-is-predicted-once"),
        ([FOUND, TOO_MUCH, replace(TOO_MUCH, annotator="4b22")], "article-is-predicted-once"),
        ([TOO_MUCH], "article-is-predicted"),
        ([], "article-is-predicted"),
        ([replace(FOUND, annotator="gold")], "prediction-is-no-gold"),
        ([replace(FOUND, origin="adjudicated")], "prediction-is-no-gold"),
        ([replace(FOUND, text_sha256="1" * 64)], "text-unchanged"),
        ([moved(5, 5)], "offsets-are-in-text"),
        ([moved(-1, 5)], "offsets-are-in-text"),
        ([replace(FOUND, mentions=FOUND.mentions[1:])], "attribution-resolves"),
        ([replace(FOUND, links=(Link(type="denies", from_="p3", to="p6"),))], "link-joins-right-labels"),
        ([replace(FOUND, attributions=FOUND.attributions * 2)], "hub-has-one-attribution"),
    ],
)
def test_what_is_refused(predicted: list[AnnotationSet], check: str) -> None:
    assert set(refused(predicted)) == {check}


def test_what_is_taken() -> None:
    assert refused([FOUND]) == []
    assert refused([FOUND, TOO_MUCH]) == []  # one more than asked for is left out, not refused
    assert refused([layer("a", {}, {})]) == []


def test_no_article_of_the_test_split_where_another_is_scored() -> None:
    document = Document(
        id="a", source="s", outlet=None, date=None, url=None, language="en", story="lee_0001", text_sha256=HASH, length=99, furniture=()
    )
    refused = ["prediction-is-in-split"]
    for split, told in (("validation", refused), ("train", refused), ("test", []), (None, [])):
        found = problems([("x", FOUND)], {"a": GOLD}, {"a": document}, wanted=(), split=split)  # type: ignore[arg-type]
        assert [one.check for one in found] == told


def test_offsets_are_held_to_the_record_where_it_is_there() -> None:
    document = Document(
        id="a", source="s", outlet=None, date=None, url=None, language="en", story=None, text_sha256=HASH, length=57, furniture=()
    )
    found = problems([("x", FOUND)], {"a": GOLD}, {"a": document}, wanted=())
    assert [(one.check, one.pointer) for one in found] == [("offsets-are-in-text", "/mentions/4/spans/0")]


def test_the_task_is_defined_as_it_is_scored() -> None:
    """docs/task.md names every measure and every check that refuses."""
    page = (ROOT / "docs" / "task.md").read_text(encoding="utf-8")
    assert [one.name for one in measures() if f"`{one.name}`" not in page] == []
    own = {name for name, held in catalogue.catalogue().items() if held[0].level == "submission"}
    asked = {*own, *(check_id(one) for one in (*submission.TEXT, *submission.RELATIONS))}
    assert [one for one in sorted(asked) if f"`{one}`" not in page] == []
