"""A text read by rules: reports found, decided and joined to a layer that keeps every rule of form. Takes a document, gives a layer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus import codec, text
from corpus.model import HUBS, AnnotationSet, Attribution, Document, Label, Link, Mention, Span
from corpus.problems import CorpusError
from corpus.suggest import deciding, linking
from corpus.suggest.lexicon import HARM, PRONOUNS
from corpus.suggest.reports import Report, reports
from corpus.suggest.words import Parse, Stretch

ANNOTATOR = "ba5e"
GUIDELINES = "1.0"
_EMPTY = frozenset("be have do say that the a an and or of to in on at for by with from as it this not would will could".split())  # noqa: SIM905
ALIKE = 1  # shared words that mean something
Places = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A report with the ids of its mentions."""

    report: Report
    hub: str
    label: Label
    sources: tuple[str, ...]
    cues: tuple[str, ...]


def read(document: Document, parse: Parse, *, withheld: bool) -> AnnotationSet:
    """The layer of annotator ba5e, in canonical order; quotes are null where the text is withheld."""
    if document.text is None:
        raise CorpusError(f"{document.id} has no text here; run corpus hydrate {document.source}")
    marks = _Marks(parse)
    found = list(_likely(document, parse))
    labels = _labels(parse, found)
    said = [one for report, label in zip(found, labels, strict=True) if (one := marks.take(report, label)) is not None]
    layer = AnnotationSet(
        document=document.id, text_sha256=document.text_sha256, annotator=ANNOTATOR, origin="model", guidelines=GUIDELINES,
        mentions=tuple(marks.mentions(document.text, withheld=withheld, said=said)),
        attributions=tuple(_attribution(parse, one) for one in said), links=(),
    )  # fmt: skip
    return codec.in_order(replace(layer, links=tuple(_links(parse, layer, said))))


def _likely(document: Document, parse: Parse) -> Iterator[Report]:
    """Reports outside page furniture that have a source or a cue."""
    for one in reports(parse):
        places = [*one.hub, *one.cue, *(piece for source in one.sources for piece in source)]
        if (one.cue or one.sources) and not any(a < f.end and f.start < b for a, b in places for f in document.furniture):
            yield one


def _labels(parse: Parse, found: Sequence[Report]) -> list[Label]:
    """Each report's label; a negated claim that takes up the words of another's statement is a denial of it (rule 2.18 b)."""
    labels = [deciding.label(parse, one) for one in found]
    words = [_meaning(parse, one) for one in found]
    negated = [deciding.negated(parse, one) for one in found]
    if not any(one.kind in ("deny", "accuse") for one in found):
        return labels  # where nothing is denied or laid on anybody, a negation is news
    for nth, one in enumerate(found):
        if labels[nth] != "claim" or not negated[nth] or one.kind != "say" or not one.sources:
            continue
        others = [
            at for at, two in enumerate(found)
            if at != nth and not negated[at] and two.sources != one.sources and not _crosses(one, two)
        ]  # fmt: skip
        if any(len(words[at] & words[nth]) >= ALIKE for at in others):
            labels[nth] = "denial"
    return labels


def _crosses(one: Report, other: Report) -> bool:
    return one.hub[0][0] < other.hub[-1][1] and other.hub[0][0] < one.hub[-1][1]


def _meaning(parse: Parse, one: Report) -> frozenset[str]:
    """The lemmas of a hub that mean something."""
    inside = deciding.inside(parse, one.hub)
    return frozenset(parse.lemma(at) for at in inside if parse.words[at].pos not in ("PUNCT", "SPACE", "DET", "ADP")) - _EMPTY


class _Marks:
    """The mentions made so far: one for each label and place."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._ids: dict[tuple[Label, Places], str] = {}
        self._hubs: set[Places] = set()

    def take(self, found: Report, decided: Label) -> _Said | None:
        """The report's mentions; None where another report has the same hub already."""
        if found.hub in self._hubs:
            return None
        self._hubs.add(found.hub)
        return _Said(
            report=found, hub=self._id(decided, found.hub), label=decided,
            sources=tuple(dict.fromkeys(self._id("source", one) for one in found.sources)),
            cues=(self._id("cue", found.cue),) if found.cue else (),
        )  # fmt: skip

    def mentions(self, whole: str, *, withheld: bool, said: Sequence[_Said]) -> Iterator[Mention]:
        """All of them, with their values."""
        of_hub = {one.hub: one for one in said}
        for (label, places), id in self._ids.items():
            spans = tuple(_span(whole, *place, withheld=withheld) for place in places)
            plain = Mention(id=id, label=label, spans=spans)
            if label == "source":
                name = _name(self._parse, places)
                kind = deciding.source_kind(self._parse, places, name)
                yield replace(plain, source_kind=kind, canonical_source=name if _adds(whole, places, name) else None)
            elif label in HUBS and id in of_hub:
                yield _valued(self._parse, plain, of_hub[id])
            else:
                yield plain

    def _id(self, label: Label, places: Places) -> str:
        return self._ids.setdefault((label, places), f"m{len(self._ids) + 1}")


def _valued(parse: Parse, plain: Mention, said: _Said) -> Mention:
    if plain.label == "content":
        return plain
    owed = deciding.responsibility(parse, said.report, plain.label)
    scope = deciding.denial_scope(parse, said.report) if plain.label == "denial" else None
    return replace(plain, responsibility=owed, denial_scope=scope)


def _attribution(parse: Parse, said: _Said) -> Attribution:
    return Attribution(
        id=f"a-{said.hub}", hub=said.hub, sources=said.sources, cues=said.cues, quote_type=deciding.quote_type(parse, said.report),
        polarity=deciding.polarity(parse, said.report), certainty=deciding.certainty(parse, said.report, said.label),
    )  # fmt: skip


def _span(whole: str, start: int, end: int, *, withheld: bool) -> Span:
    return Span(start=start, end=end, quote=None if withheld else whole[start:end], check=text.slice_check(whole, start, end))


def _name(parse: Parse, places: Places) -> str | None:
    """The longest proper name that ends like this source's own, or that stands in it; None of a pronoun."""
    words = deciding.inside(parse, places)
    own = [at for at in words if parse.words[at].entity in ("PERSON", "ORG")]
    if not own:
        return None
    last = parse.words[own[-1]].text if parse.words[own[0]].entity == "PERSON" else None
    here = [name for name in _named(parse) if last is not None and name.split()[-1] == last]
    return max(here, key=len, default=None)


def _named(parse: Parse) -> Iterator[str]:
    """The names of people in the text."""
    held: list[str] = []
    for word in parse.words:
        if word.entity == "PERSON" and word.pos == "PROPN":
            held.append(word.text)
            continue
        if held:
            yield " ".join(held)
        held = []
    if held:
        yield " ".join(held)


def _adds(whole: str, places: Places, name: str | None) -> bool:
    """Null where the span holds the name already, or the name is no name (rule 3.8)."""
    held = " ".join(whole[start:end] for start, end in places)
    return name is not None and name not in held and len(name) <= 80 and name in whole


def _links(parse: Parse, layer: AnnotationSet, said: Sequence[_Said]) -> Iterator[Link]:
    pairs = list(linking.same([_speaker(parse, one) for one in layer.mentions if one.label == "source"]))
    by_id = layer.by_id()
    drawn: set[frozenset[str]] = set()
    found = linking.denied(sorted(_hubs(parse, by_id.values(), said), key=lambda one: one.start), linking.names(pairs))
    for link in (*found, *_same(pairs, by_id)):
        pair = frozenset((link.from_, link.to))
        if pair not in drawn:
            drawn.add(pair)
            yield link


def _same(pairs: Iterable[tuple[linking.Speaker, linking.Speaker]], by_id: dict[str, Mention]) -> Iterator[Link]:
    """From the later to the earlier, as the check asks."""
    for later, earlier in pairs:
        if by_id[later.id].place > by_id[earlier.id].place:
            yield Link(type="same_source", from_=later.id, to=earlier.id)


def _speaker(parse: Parse, one: Mention) -> linking.Speaker:
    places = tuple((span.start, span.end) for span in one.spans)
    words = " ".join(parse.text[start:end] for start, end in places).lower().strip()
    person = one.source_kind in ("person_named", "person_unnamed")
    own = None if words in PRONOUNS else _name(parse, places)
    return linking.Speaker(
        id=one.id, start=one.spans[0].start, name=own, words=words, person=person, body=one.source_kind == "organisation"
    )


def _hubs(parse: Parse, mentions: Iterable[Mention], said: Sequence[_Said]) -> Iterator[linking.Hub]:
    of_hub = {one.hub: one for one in said}
    hubs = [one for one in mentions if one.id in of_hub]
    for one in hubs:
        lemmas = _meaning(parse, of_hub[one.id].report)
        report = of_hub[one.id].report
        yield linking.Hub(
            id=one.id, start=one.spans[0].start, label=one.label, sources=frozenset(of_hub[one.id].sources), words=lemmas,
            accuses=report.kind == "accuse" or (one.label == "claim" and bool(lemmas & HARM)),
            outer=frozenset(two.id for two in hubs if two.id != one.id and _lies_in(one, two)),
        )  # fmt: skip


def _lies_in(inner: Mention, outer: Mention) -> bool:
    return outer.spans[0].start <= inner.spans[0].start and inner.spans[-1].end <= outer.spans[-1].end
