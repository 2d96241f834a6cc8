"""Documents over awkward text with sound layers, for tests of whatever reads, writes or carries them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from corpus import codec, ingest, tasks, text
from corpus.adjudication import comparison
from corpus.checks.of_corpus import ORIGINS
from corpus.checks.of_relations import contains
from corpus.model import (
    ENDS,
    HUBS,
    AnnotationSet,
    Annotator,
    AnnotatorKind,
    Attribution,
    Decision,
    Document,
    Holdings,
    Layer,
    Link,
    Mention,
    Source,
    Span,
)
from tests.test_text import AWKWARD

WORDS = ["said", "denied", "Ilse", "the mill", "\\n", '"', ".", ",", " ", "  ", "\n\n"]
ID = "abcXYZ019-_"
READER = "4b22"

KINDS: dict[str, AnnotatorKind] = {"a3f1": "human", READER: "model", "c0de": "model", "gold": "adjudicator"}
ANNOTATORS = {id: Annotator(id=id, kind=kind, guidelines="0.1", model=None, note=None) for id, kind in KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A document, a sound layer of it in canonical order, and the holdings that know both."""

    document: Document
    layer: AnnotationSet
    holdings: Holdings

    def task(self) -> tasks.Task:
        """The layer as it is sent."""
        made_from = self.layer.made_from
        return tasks.to_task(self.document, self.layer.annotator, self.layer.guidelines, self.layer, made_from=made_from)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any annotator, any origin, text included or withheld."""
    document, source = draw(documents())
    annotator = draw(st.sampled_from(sorted(ANNOTATORS)))
    mentions = draw(_mentions(document.text or "", withheld=source.text == "withheld"))
    attributions = draw(_attributions(mentions))
    used = {name for one in attributions for name in (one.hub, *one.sources, *one.cues)}
    mentions = [one for one in mentions if one.label == "claim" or one.id in used]
    other = AnnotationSet(
        document=document.id, text_sha256=document.text_sha256, annotator=READER, origin="model", guidelines="0.1",
        mentions=(), attributions=(), links=(),
    )  # fmt: skip
    made_from = (Layer(annotator=READER, sha256=codec.fingerprint(other)),)
    layer = replace(
        other,
        annotator=annotator,
        origin=draw(st.sampled_from(ORIGINS[ANNOTATORS[annotator].kind])),
        guidelines=draw(st.sampled_from(["0.1", "12.0"])),
        made_from=made_from if annotator == "gold" else None,
        mentions=tuple(mentions),
        attributions=tuple(attributions),
        links=tuple(draw(_links(mentions))),
    )
    layers = {f"annotations/{document.id}/{one.annotator}.json": one for one in (other, layer)}
    holdings = Holdings(sources={source.id: source}, documents={document.id: document}, annotators=ANNOTATORS, layers=layers)
    return Case(document=document, layer=codec.in_order(layer), holdings=holdings)


@st.composite
def adjudicated(draw: st.DrawFn) -> Case:
    """Gold that tells its decisions, all that its layers ask for, and two or three layers, which share most and differ in all ways."""
    document, source = draw(documents())
    withheld = source.text == "withheld"
    pool = draw(_mentions(document.text or "", withheld=withheld))
    common = pool, draw(_attributions(pool)), draw(_links(pool))
    readers = ["4b22", "a3f1", *draw(st.sampled_from([[], [], ["c0de"]]))]
    layers = [draw(_variants(document, common, who, withheld=withheld)) for who in readers]
    told = {(one.cluster.start, one.cluster.end, one.about) for one in comparison.compared(layers).differences}
    told |= draw(st.just(set()) | st.just({(0, document.length, "mention")}))  # gold may tell more
    gold = replace(
        draw(_variants(document, common, "gold", withheld=withheld)),
        made_from=tuple(Layer(annotator=one.annotator, sha256=codec.fingerprint(one)) for one in layers),
        decisions=tuple(sorted(Decision(start=start, end=end, about=about, rule="2.3") for start, end, about in told)),
    )
    held = {f"annotations/{document.id}/{one.annotator}.json": one for one in (*layers, gold)}
    holdings = Holdings(sources={source.id: source}, documents={document.id: document}, annotators=ANNOTATORS, layers=held)
    return Case(document=document, layer=codec.in_order(gold), holdings=holdings)


Parts = tuple[list[Mention], list[Attribution], list[Link]]


@st.composite
def _variants(draw: st.DrawFn, document: Document, common: Parts, annotator: str, *, withheld: bool) -> AnnotationSet:
    """A sound layer that leaves out, changes and adds some of what is common, under ids of its own."""
    names = {one.id: f"{annotator}-{nth}" for nth, one in enumerate(common[0])}
    mentions = [_renamed(draw(_changed(one)), names) for one in common[0] if draw(st.sampled_from([True, True, True, False]))]
    marked = {(one.label, comparison.stretches(one)) for one in mentions}
    more = draw(st.just([]) | _mentions(document.text or "", withheld=withheld))
    mentions += [replace(one, id=f"m{nth}") for nth, one in enumerate(more) if (one.label, comparison.stretches(one)) not in marked]
    there = {one.id: one for one in mentions}
    kept = {one.hub: one for one in (_kept(one, names, there) for one in common[1]) if one is not None and draw(st.sampled_from([1, 1, 0]))}
    attributions = [kept.get(one.hub, one) for one in draw(_attributions(mentions))]
    used = {name for one in attributions for name in (one.hub, *one.sources, *one.cues)}
    mentions = [one for one in mentions if one.label == "claim" or one.id in used]
    links = draw(_links(mentions))
    ends = [{names.get(link.from_), names.get(link.to)} for link in common[2]]
    told = {one.id: one for one in mentions}
    again = [
        replace(link, from_=names[link.from_], to=names[link.to]) for link, both in zip(common[2], ends, strict=True) if both <= told.keys()
    ]
    links = [*again, *(link for link in links if {link.from_, link.to} not in ends)]
    links = [link for link in links if link.type != "embedded_in" and tasks.from_later_to_earlier(link, told) == link]
    origin = ORIGINS[KINDS[annotator]][0]
    return codec.in_order(
        AnnotationSet(
            document=document.id, text_sha256=document.text_sha256, annotator=annotator, origin=origin, guidelines="0.1",
            mentions=tuple(mentions), attributions=tuple(attributions), links=tuple(links),
        )
    )  # fmt: skip


@st.composite
def _changed(draw: st.DrawFn, one: Mention) -> Mention:
    """The mention with another value here and there."""
    if draw(st.sampled_from([True, True, False])) or not codec.ATTRIBUTES[one.label]:
        return one
    return replace(one, **{name: draw(_values(name)) for name in codec.ATTRIBUTES[one.label]})


def _renamed(one: Mention, names: dict[str, str]) -> Mention:
    return replace(one, id=names[one.id])


def _kept(one: Attribution, names: dict[str, str], there: dict[str, Mention]) -> Attribution | None:
    """An attribution of what is common, with the parts that are there."""
    sources, cues = (tuple(names[name] for name in some if names[name] in there) for some in (one.sources, one.cues))
    hub = names[one.hub]
    says = sources or cues or one.quote_type or one.polarity or one.certainty
    return (
        Attribution(**(_facts(one) | {"id": f"a-{hub}", "hub": hub, "sources": sources, "cues": cues})) if says and hub in there else None
    )


def _facts(one: Attribution) -> dict[str, Any]:
    return {name: getattr(one, name) for name in tasks.OF_ATTRIBUTION}


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, Source]:
    """An article in normal form, and its source."""
    pieces = st.lists(st.sampled_from([*AWKWARD, *WORDS]), min_size=1, max_size=40)
    words = draw(pieces.map("".join).map(text.normal_form).filter(bool))
    policy = draw(st.sampled_from(["included", "withheld"]))
    source = Source(id="toy", title="Toy", description="Toy", licence="CC-BY-4.0", text=policy, hydrate=None)
    return ingest.document(words, id="toy_0001", source="toy"), source


@st.composite
def _mentions(draw: st.DrawFn, words: str, *, withheld: bool) -> list[Mention]:
    labels = st.sampled_from(tuple(codec.ATTRIBUTES))
    least = draw(st.sampled_from([0, 1, 3]))  # else half of all layers are empty
    drawn = draw(st.lists(st.tuples(labels, _stretches(words)), min_size=least, max_size=7, unique=True))
    ids = draw(st.lists(st.text(ID, min_size=1, max_size=40), min_size=len(drawn), max_size=len(drawn), unique=True))
    mentions = []
    for id, (label, stretches) in zip(ids, drawn, strict=True):
        spans = tuple(_span(words, start, end, withheld=withheld) for start, end in stretches)
        attributes = {name: draw(_values(name)) for name in codec.ATTRIBUTES[label]}
        mentions.append(Mention(id=id, label=label, spans=spans, **attributes))
    return mentions


def _stretches(words: str) -> st.SearchStrategy[tuple[tuple[int, int], ...]]:
    """One to three stretches, in order and apart, without blanks at their edges."""
    edges = st.lists(st.integers(0, len(words)), min_size=2, max_size=6, unique=True).map(sorted)
    return edges.map(lambda ends: _trimmed(words, zip(ends[::2], ends[1::2], strict=False))).filter(bool)


def _trimmed(words: str, stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    clean = (text.trimmed(words, start, end) for start, end in stretches)
    return tuple((start, end) for start, end in clean if start < end)


def _span(words: str, start: int, end: int, *, withheld: bool) -> Span:
    return Span(start=start, end=end, quote=None if withheld else words[start:end], check=text.slice_check(words, start, end))


def _values(name: str) -> st.SearchStrategy[Any]:
    if name == tasks.WORDS:
        return st.none() | st.lists(st.sampled_from([*AWKWARD, "Ilse "]), min_size=1, max_size=8).map("".join).filter(str.strip)
    return st.none() | st.sampled_from(tasks.CHOICES[name])


@st.composite
def _attributions(draw: st.DrawFn, mentions: list[Mention]) -> list[Attribution]:
    """At most one for a hub, always for a denial and a content, none that says nothing."""
    found = []
    for hub in (one for one in mentions if one.label in HUBS):
        parts = {name: draw(_some(mentions, label)) for name, label in (("sources", "source"), ("cues", "cue"))}
        facts = {name: draw(_values(name)) for name in tasks.OF_ATTRIBUTION}
        if hub.label != "claim" and not (any(parts.values()) or any(facts.values())):
            facts["certainty"] = "unspecified"
        if any(parts.values()) or any(facts.values()):
            found.append(Attribution(id=f"a-{hub.id}", hub=hub.id, **parts, **facts))
    return found


def _some(mentions: list[Mention], label: str) -> st.SearchStrategy[tuple[str, ...]]:
    ids = [one.id for one in mentions if one.label == label]
    return st.lists(st.sampled_from(ids), max_size=2, unique=True).map(tuple) if ids else st.just(())


@st.composite
def _links(draw: st.DrawFn, mentions: list[Mention]) -> list[Link]:
    """At most one for a pair; a mutual one from the later mention to the earlier."""
    known = {one.id: one for one in mentions}
    found = []
    for pair in combinations(mentions, 2):
        allowed = [None, *(link for first, second in (pair, pair[::-1]) for link in _allowed(first, second))]
        link = draw(st.sampled_from(allowed))
        if link is not None:
            found.append(tasks.from_later_to_earlier(link, known))
    return found


def _allowed(first: Mention, second: Mention) -> list[Link]:
    kinds = [kind for kind, (starts, ends) in ENDS.items() if first.label in starts and second.label in ends]
    shown = contains(second, first)
    return [Link(type=kind, from_=first.id, to=second.id) for kind in kinds if kind != "embedded_in" or not shown]
