"""Agreement: against figures in print, against an independent library, and by what must hold of any two readings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import ingest
from corpus.agreement import Agreement, summary
from corpus.agreement import coefficients as of
from corpus.agreement.bootstrap import interval
from corpus.agreement.sides import BIT, case
from corpus.agreement.unitising import counted, parting, sections
from corpus.model import AnnotationSet, Attribution, Document, Holdings, Link, Mention, Source, Span
from corpus.problems import CorpusError
from corpus.text import slice_check, tokens
from tests.strategies import Case, cases

TEXT = "The dam is safe, said Orla Penk. Ilse Varn denied the claim and two more reports. Nobody was hurt."
TOY = Source(id="toy", title="Toy", description="Toy", licence="CC-BY-4.0", text="included", hydrate=None)


def alpha_of(data: Sequence[Sequence[object]]) -> float:
    """Nominal alpha of rows of observers, None where one gave no value."""
    values = sorted({value for row in data for value in row if value is not None}, key=str)
    matrix = np.zeros((len(values), len(values)))
    for unit in zip(*data, strict=True):
        held = [values.index(value) for value in unit if value is not None]
        for nth, one in enumerate(held):
            for other in (*held[:nth], *held[nth + 1 :]):
                matrix[one, other] += 1 / (len(held) - 1)
    return float(of.alpha(matrix.ravel(), len(values)))


def row(written: str) -> list[str | None]:
    return [None if sign == "." else sign for sign in written.replace(" ", "")]


@pytest.mark.parametrize(
    ("rows", "printed"),
    [
        (["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"], 0.095),  # Krippendorff 2011, A
        (["a a b b d c c c e d d a", "b a b b b c c c e d d d"], 0.692),  # B
        (["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."], 0.743),  # C
        ([". . . . . 3 4 1 2 1 1 3 3 . 3", "1 . 2 1 3 3 4 3 . . . . . . .", ". . 2 1 3 4 4 . 2 1 1 3 3 . 4"], 0.691),  # Wikipedia's
        (["0 0 1 1 1 1 1 1 1 1 0 0 0 0 1 1 1 1 1 1 0 0 0 0", "0 0 0 0 1 1 1 1 0 0 0 0 0 0 0 1 1 0 0 0 0 0 0 0"], 0.329),  # 1995, A
    ],
)
def test_nominal_alpha_as_printed(rows: list[str], printed: float) -> None:
    assert alpha_of([row(one) for one in rows]) == pytest.approx(printed, abs=0.0006)


@given(st.lists(st.lists(st.sampled_from([0, 1, 2]), min_size=3, max_size=3), min_size=2, max_size=30))
def test_nominal_alpha_is_that_of_an_independent_library(units: list[list[int]]) -> None:
    if len({value for unit in units for value in unit}) > 1:
        rows = list(zip(*units, strict=True))
        assert alpha_of(rows) == pytest.approx(krippendorff.alpha(rows, level_of_measurement="nominal"))


@pytest.mark.parametrize(
    ("first", "second", "printed"),  # Krippendorff 1995, table of four pairs of observers, cut into units of one
    [
        ("001111111100001111110000", "000011110000000110000000", 0.385),
        ("111111111111111111000000", "111111111100000000000000", 0.385),
        ("001111110011001111001100", "110011110011110011001100", 0.314),
    ],
)
def test_kappa_as_printed(first: str, second: str, printed: float) -> None:
    table = np.zeros((2, 2))
    for one, other in zip(first, second, strict=True):
        table[int(one), int(other)] += 1
    assert float(of.kappa(table.ravel(), 2)) == pytest.approx(printed, abs=0.0006)


def test_kappa_of_several_pairs_is_the_mean_of_those_that_are_defined() -> None:
    agreed, parted, one_value = [[2, 0], [0, 2]], [[1, 1], [1, 1]], [[9, 0], [0, 0]]
    assert float(of.kappa(np.array([agreed, parted, one_value], dtype=np.float64).ravel(), 2)) == 0.5
    assert np.isnan(of.kappa(np.array(one_value, dtype=np.float64).ravel(), 2))


# Krippendorff 2004, page 254: a continuum from 150 to 450, observers i and j, starts and lengths of units of category c.
FROM, TO = 150, 450
C = [[(225, 70), (370, 30)], [(220, 80), (355, 20), (400, 20)]]
K = [[(180, 60), (300, 50)], [(180, 60), (300, 50)]]
# Krippendorff 1995, page 57: a continuum of 24.
BERTHA, BILL = [(2, 8), (14, 6)], [(4, 4), (15, 2)]
JOHN, JILL = [(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)]
GERRET, GILL = [(2, 6), (10, 2), (14, 4), (20, 2)], [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)]
HEATHER, HILL = [(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)]
Units = Sequence[tuple[int, int]]


def cut(units: Units, start: int, end: int, stretch: float = 1) -> list[tuple[int, int, bool]]:
    places = ((int((at - start) * stretch), int((at - start + length) * stretch)) for at, length in units)
    return sections(places, int((end - start) * stretch))


def unitising(*documents: Sequence[Sequence[tuple[int, int, bool]]]) -> float:
    lengths = sorted({end - start for readings in documents for one in readings for start, end, unit in one if unit})
    counts = np.sum([counted(readings, lengths) for readings in documents], axis=0)
    return float(of.unitising_alpha(counts, np.array(lengths, dtype=np.float64)))


@pytest.mark.parametrize(("readings", "printed"), [(C, 0.7286), (K, 1.0)])
def test_unitising_alpha_as_printed(readings: Sequence[Units], printed: float) -> None:
    assert unitising([cut(one, FROM, TO) for one in readings]) == pytest.approx(printed, abs=0.00006)


def test_unitising_alpha_of_the_first_paper() -> None:
    """Finer cuts are printed as well, but by an expected disagreement that the book of 2004 corrects: .679 where it is .693."""
    assert unitising([cut(GERRET, 0, 24, 0.5), cut(GILL, 0, 24, 0.5)]) == pytest.approx(0.494, abs=0.0006)
    assert unitising([cut(GERRET, 0, 24, 5000), cut(GILL, 0, 24, 5000)]) == pytest.approx(0.679, abs=0.02)


@pytest.mark.parametrize(
    ("first", "second", "printed"), [(BERTHA, BILL, 0.03125), (JOHN, JILL, 2.26736), (GERRET, GILL, 0.02777), (HEATHER, HILL, 0.38715)]
)
def test_observed_unitising_disagreement_as_printed(first: Units, second: Units, printed: float) -> None:
    assert parting(cut(first, 0, 24), cut(second, 0, 24)) / 24**2 == pytest.approx(printed, abs=0.00001)


def test_unitising_alpha_counts_the_gaps() -> None:
    """Two that agree on what both marked, and part on where anything stands, do not agree."""
    first, second = sections([(0, 10), (40, 50)], 100), sections([(0, 10), (70, 80)], 100)
    assert unitising([first, second]) < 0.5
    assert unitising([first, second], [first, first]) > unitising([first, second])
    assert np.isnan(unitising([sections([], 9), sections([], 9)]))


def test_intervals_are_the_same_each_time_and_want_two_documents() -> None:
    counts = np.array([[3, 4, 4], [1, 3, 5], [0, 2, 0], [9, 9, 9]], dtype=np.float64)
    low, high = interval(counts, of.f1) or (9, 9)
    assert (low, high) == interval(counts, of.f1)
    assert low < float(of.f1(counts.sum(axis=0))) < high
    assert interval(counts[:1], of.f1) is None
    assert interval(np.zeros((3, 3)), of.f1) is None
    assert interval(counts, of.f1, seed=1) != (low, high)


def mention(id: str, label: Any, *words: str, **values: Any) -> Mention:
    places = [(TEXT.index(one), TEXT.index(one) + len(one)) for one in words]
    spans = tuple(Span(start=start, end=end, quote=TEXT[start:end], check=slice_check(TEXT, start, end)) for start, end in places)
    return Mention(id=id, label=label, spans=spans, **values)


def reading(
    annotator: str, document: Document, *mentions: Mention, said: Sequence[Attribution] = (), links: Sequence[Link] = ()
) -> AnnotationSet:
    return AnnotationSet(
        document=document.id, text_sha256=document.text_sha256, annotator=annotator, origin="by_hand", guidelines="1.0",
        mentions=tuple(mentions), attributions=tuple(said), links=tuple(links),
    )  # fmt: skip


def attribution(hub: str, sources: Sequence[str], cues: Sequence[str]) -> Attribution:
    return Attribution(
        id=f"a-{hub}", hub=hub, sources=tuple(sources), cues=tuple(cues), quote_type="reported", polarity="positive", certainty="certain"
    )


def holdings(*layers: AnnotationSet, documents: Sequence[Document] = (), source: Source = TOY) -> Holdings:
    known = documents or [DAM]
    return Holdings(
        sources={source.id: source}, documents={one.id: one for one in known}, annotators={},
        layers={f"annotations/{one.document}/{one.annotator}.json": one for one in layers},
    )  # fmt: skip


DAM = ingest.document(TEXT, id="toy_0001", source="toy")
FIRST = reading(
    "aaaa", DAM,
    mention("m1", "claim", "The dam is safe", responsibility="none"),
    mention("m2", "cue", "said"),
    mention("m3", "source", "Orla Penk", source_kind="person_named", canonical_source="Orla Penk"),
    mention("m4", "source", "Ilse Varn", source_kind="person_named"),
    mention("m5", "cue", "denied"),
    mention("m6", "denial", "the claim and two more reports", responsibility="none", denial_scope="full"),
    mention("m7", "claim", "Nobody was hurt", responsibility="none"),
    said=[attribution("m1", ["m3"], ["m2"]), attribution("m6", ["m4"], ["m5"])],
    links=[
        Link(type="denies", from_="m6", to="m1"),
        Link(type="denies", from_="m6", to="m7"),
        Link(type="same_claim", from_="m7", to="m1"),
    ],
)  # fmt: skip
SECOND = reading(
    "bbbb", DAM,
    mention("s1", "claim", "dam is safe", responsibility="denied"),
    mention("s2", "cue", "said"),
    mention("s3", "source", "Orla Penk", source_kind="person_unnamed", canonical_source="Penk"),
    mention("s4", "source", "Ilse Varn", source_kind="person_named"),
    mention("s5", "cue", "denied"),
    mention("s6", "content", "the claim"),
    mention("s7", "denial", "two more reports", responsibility="none", denial_scope="partial"),
    said=[attribution("s1", ["s3"], ["s2"]), attribution("s6", ["s4"], ["s5"]), attribution("s7", [], ["s5"])],
    links=[Link(type="denies", from_="s7", to="s1")],
)  # fmt: skip


def whole(*layers: AnnotationSet, **more: Any) -> Agreement:
    return summary(holdings(*layers, **more)).whole


@pytest.mark.parametrize(
    ("measure", "what", "value", "n"),
    [
        ("mention_f1_exact", "source", 1.0, 4),
        ("mention_f1_exact", "claim", 0.0, 3),
        ("mention_f1_overlap", "claim", 0.6667, 3),
        ("mention_f1_overlap", "denial", 1.0, 2),
        ("mention_f1_overlap", "content", 0.0, 1),
        ("mention_f1_overlap", "hub", 0.6667, 6),  # the first's one denial answers "two more reports", the larger half
        ("attribution_f1_exact", "all roles", 0.0, 5),
        ("attribution_f1_overlap", "all roles", 0.4, 5),  # of the claim; the denials part on the source
        ("link_f1", "denies", 0.6667, 3),
        ("link_f1", "same_claim", 0.0, 1),
        ("link_f1_shared", "denies", 1.0, 2),  # "Nobody was hurt" was marked by one only
        ("link_f1_shared", "same_claim", None, 0),
        ("equal", "responsibility", 0.5, 2),
        ("equal", "denial_scope", 0.0, 1),
        ("equal", "source_kind", 0.5, 2),
        ("equal", "canonical_source", 0.0, 1),  # Varn has no name in either
        ("kappa", "label of the hub", 1.0, 2),
    ],
)
def test_figures_counted_by_hand(measure: str, what: str, value: float | None, n: int) -> None:
    figure = whole(FIRST, SECOND).figure(measure, what)
    assert (figure.value, figure.n) == (value, n)


THIRD = reading("cccc", DAM, mention("t1", "claim", "The dam"), mention("t2", "denial", "the claim"), mention("t3", "cue", "and"))


@pytest.mark.parametrize("layers", [(FIRST, SECOND), (FIRST, SECOND, THIRD)])
def test_an_independent_library_finds_the_same_token_alpha(layers: tuple[AnnotationSet, ...]) -> None:
    marks = case(DAM, layers, open=True).marks
    assert marks is not None
    found = whole(*layers)
    for what, values in (("label", marks), ("cue", marks & BIT["cue"]), ("denial", marks & BIT["denial"]), ("claim", marks & BIT["claim"])):
        ours = found.figure("token_alpha", what).value
        assert ours == pytest.approx(krippendorff.alpha(values, level_of_measurement="nominal"), abs=0.00005)


def test_a_token_is_marked_where_a_span_shares_a_code_point_with_it() -> None:
    for words, marked in ((", said", [",", "said"]), ("afe", ["safe"]), ("e, s", ["safe", ",", "said"])):
        marks = case(DAM, [reading("aaaa", DAM, mention("m1", "cue", words)), SECOND], open=True).marks
        assert marks is not None
        assert [TEXT[start:end] for (start, end), bits in zip(tokens(TEXT), marks[0], strict=True) if bits] == marked


def test_a_link_of_a_mutual_type_counts_either_way_round_a_directed_one_does_not() -> None:
    turned = [
        Link(type="denies", from_="m6", to="m1"),
        Link(type="denies", from_="m7", to="m6"),
        Link(type="same_claim", from_="m1", to="m7"),
    ]
    figures = whole(FIRST, replace(FIRST, annotator="cccc", links=tuple(turned)))
    assert figures.figure("link_f1", "same_claim").value == 1.0
    assert figures.figure("link_f1", "denies").value == 0.5


def test_confusions_say_where() -> None:
    found = {one.of: one for one in whole(FIRST, SECOND).confusions}
    assert [(one.first, one.second, one.count) for one in found["label"].parted()] == [
        ("claim", "not marked", 1),
        ("not marked", "content", 1),
    ]
    (cell,) = found["denial_scope"].parted()
    (place,) = cell.places
    assert (cell.first, cell.second, place.document, place.words) == ("full", "partial", "toy_0001", "the claim and two more reports")
    assert place.first is not None
    assert TEXT[slice(*place.first)] == place.words


def test_words_of_a_withheld_text_are_never_shown_nor_is_a_token_guessed() -> None:
    shut = replace(TOY, text="withheld")
    told = whole(FIRST, SECOND, source=shut)
    assert {place.words for one in told.confusions for cell in one.cells for place in cell.places} == {None}
    assert told.figure("token_alpha", "cue").value is not None
    gone = whole(FIRST, SECOND, source=shut, documents=[replace(DAM, text=None)])
    assert (gone.without_text, gone.figure("token_alpha", "cue").value) == (1, None)
    assert gone.figure("unitising_alpha", "cue") == told.figure("unitising_alpha", "cue")


def test_parts() -> None:
    gold = replace(FIRST, annotator="gold")
    found = summary(holdings(FIRST, SECOND, gold), by=("source", "pair", "gold"))
    assert [(one.by, one.name, one.annotators) for one in found.parts] == [
        ("source", "toy", ("aaaa", "bbbb")),
        ("pair", "aaaa bbbb", ("aaaa", "bbbb")),
        ("gold", "aaaa gold", ("aaaa", "gold")),
        ("gold", "bbbb gold", ("bbbb", "gold")),
    ]
    assert found.whole.annotators == ("aaaa", "bbbb")
    assert found.parts[1].figures == found.whole.figures == found.parts[3].figures
    assert found.parts[2].figure("attribution_f1_exact", "all roles").value == 1.0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"annotators": ["dddd"]}, "no reading by 'dddd'; there are some by: aaaa, bbbb"),
        ({"annotators": ["aaaa"]}, "no article has two readings by aaaa"),
        ({"source": "lee"}, "no source 'lee'; there are: toy"),
    ],
)
def test_what_cannot_be_asked(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        summary(holdings(FIRST, SECOND), **asked)


@given(cases())
def test_a_reading_agrees_with_itself(found: Case) -> None:
    figures = whole(*(replace(found.layer, annotator=who) for who in ("aaaa", "bbbb", "cccc")), documents=[found.document]).figures
    assert {one.value for one in figures} <= {1.0, None}
    assert any(one.value == 1.0 for one in figures) == bool(found.layer.mentions)


@st.composite
def readings(draw: st.DrawFn) -> tuple[Document, list[AnnotationSet]]:
    """A document and three readings of it that hold some of the same marks, some of them relabelled."""
    found = draw(cases())
    return found.document, [
        _thinned(found.layer, who, draw(st.sets(st.sampled_from(_ids(found.layer))))) for who in ("aaaa", "bbbb", "cccc")
    ]


def _ids(layer: AnnotationSet) -> list[str]:
    return [one.id for one in layer.mentions] or [""]


def _thinned(layer: AnnotationSet, annotator: str, gone: set[str]) -> AnnotationSet:
    return replace(
        layer,
        annotator=annotator,
        mentions=tuple(one for one in layer.mentions if one.id not in gone),
        attributions=tuple(
            replace(one, sources=_without(one.sources, gone), cues=_without(one.cues, gone))
            for one in layer.attributions
            if one.hub not in gone
        ),
        links=tuple(one for one in layer.links if not {one.from_, one.to} & gone),
    )


def _without(ids: Sequence[str], gone: set[str]) -> tuple[str, ...]:
    return tuple(id for id in ids if id not in gone)


@given(readings())
def test_it_does_not_matter_who_is_who(drawn: tuple[Document, list[AnnotationSet]]) -> None:
    document, layers = drawn
    turned = [replace(one, annotator=who) for one, who in zip(layers, ("cccc", "aaaa", "bbbb"), strict=True)]
    first, second = whole(*layers, documents=[document]), whole(*turned, documents=[document])
    assert first.figures == second.figures
    assert all(one.value is None or one.value <= 1 for one in first.figures)


@given(readings(), st.integers(1, 200))
def test_an_unmarked_tail_keeps_what_is_counted_in_marks(drawn: tuple[Document, list[AnnotationSet]], more: int) -> None:
    document, layers = drawn
    longer = ingest.document((document.text or "") + " x" * more, id=document.id, source=document.source)
    first, second = (whole(*layers, documents=[one]) for one in (document, longer))
    assert [one for one in first.figures if not one.measure.endswith("_alpha")] == [
        one for one in second.figures if not one.measure.endswith("_alpha")
    ]
