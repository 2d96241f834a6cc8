"""Checks of the level "corpus": records against each other, paths against contents, and no withheld text anywhere.

A check yields (JSON pointer, what is wrong, cure or None), or whole Problems where it speaks of several files.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from corpus import runs, text
from corpus.adjudication.comparison import compared
from corpus.checks.of_text import Finding
from corpus.codec import fingerprint
from corpus.judgement import Judgements
from corpus.model import (
    AnnotationSet,
    Annotator,
    AnnotatorKind,
    Assignments,
    Census,
    Document,
    Holdings,
    Origin,
    Released,
    Source,
    Withdrawn,
)
from corpus.problems import Problem
from corpus.splits import split_of

ORIGINS: dict[AnnotatorKind, tuple[Origin, ...]] = {
    "human": ("by_hand", "from_suggestion"),
    "model": ("model",),
    "adjudicator": ("adjudicated",),
}
OPEN_LICENCES = ("CC0-1.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "PDDL-1.0")
# Annotations may also go on under these, which forbid to sell them; texts under them stay withheld.
SHARED_LICENCES = (*OPEN_LICENCES, "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0")
RUN = 8  # consecutive words that count as a sentence passed on


def source_is_known(document: Document, holdings: Holdings) -> Iterator[Finding]:
    """The source that an article names is the folder it lies in, and has a source.json.

    Cure: write raw/<source>/source.json, or correct the source.
    """
    if document.source not in holdings.sources:
        yield "/source", f"no raw/{document.source}/source.json", None


def text_matches_record(document: Document, holdings: Holdings) -> Iterator[Finding]:
    """The text of record is the text that the record describes, by SHA-256 and length.

    Every offset counts in this one text; it is written once and never edited.
    Cure: put the text back (git checkout, or corpus hydrate); a changed article is a new document.
    """
    if document.text is not None and text.sha256(document.text) != document.text_sha256:
        yield "/text_sha256", f"the text has {text.sha256(document.text)[:12]}…, the record says {document.text_sha256[:12]}…", None
    elif document.text is not None and len(document.text) != document.length:
        yield "/length", f"the text has {len(document.text)} code points, the record says {document.length}", None


def text_is_in_normal_form(document: Document, holdings: Holdings) -> Iterator[Finding]:
    """The text of record is NFC with LF line ends and without blanks at its ends.

    Normalised once, before annotation; `corpus add` does it.
    Cure: add the article with corpus add.
    """
    if document.text is not None and text.normal_form(document.text) != document.text:
        yield "/text_sha256", "the text is not NFC with LF line ends and clean ends", None


def furniture_is_in_text(document: Document, holdings: Holdings) -> Iterator[Finding]:
    """Page furniture is a stretch of the text.

    Cure: correct start and end.
    """
    for at, one in enumerate(document.furniture):
        if not one.start < one.end <= document.length:
            yield f"/furniture/{at}", f"start {one.start}, end {one.end} in a text of {document.length} code points", None


def included_text_is_there(document: Document, holdings: Holdings) -> Iterator[Finding]:
    """An article whose source includes its texts has its text beside it.

    Cure: put raw/<source>/<document>.txt back.
    """
    if document.text is None and not holdings.withheld(document):
        yield "/id", f"no raw/{document.source}/{document.id}.txt, though the source includes its texts", None


def annotator_is_known(layer: AnnotationSet | Judgements, holdings: Holdings) -> Iterator[Finding]:
    """Whoever annotated is declared in annotations/annotators.json.

    Cure: declare the annotator, or correct the pseudonym.
    """
    if layer.annotator not in holdings.annotators:
        yield "/annotator", f"{layer.annotator!r} is not in annotations/annotators.json", None


def origin_fits_annotator(layer: AnnotationSet, holdings: Holdings) -> Iterator[Finding]:
    """The origin of a layer is one that this kind of annotator has.

    human: by_hand or from_suggestion; model: model; adjudicator: adjudicated.
    Cure: correct the origin, or the annotator's kind.
    """
    annotator = holdings.annotators.get(layer.annotator)
    if annotator is not None and layer.origin not in ORIGINS[annotator.kind]:
        yield "/origin", f"{layer.origin!r} of the {annotator.kind} {annotator.id}", f"one of: {', '.join(ORIGINS[annotator.kind])}"


def gold_is_made_from_its_layers(layer: AnnotationSet, holdings: Holdings) -> Iterator[Finding]:
    """Gold names the layers it was made from, as they stand.

    An adjudication is of certain readings. When one of them changes afterwards, or is gone, the adjudication no longer speaks of it.
    Cure: adjudicate again, then name the layers as they are now.
    """
    stands = {one.annotator: fingerprint(one) for one in holdings.of(layer.document)} if layer.made_from else {}
    for at, one in enumerate(layer.made_from or ()):
        if one.annotator not in stands:
            yield f"/made_from/{at}", f"{layer.document} has no layer by {one.annotator}", None
        elif stands[one.annotator] != one.sha256:
            yield f"/made_from/{at}/sha256", f"the layer by {one.annotator} has changed since: it is {stands[one.annotator]}", None


def difference_is_decided(layer: AnnotationSet, holdings: Holdings) -> Iterator[Finding]:
    """Gold that tells its decisions tells one for every point on which its layers part.

    Each names its place, what it is about and the rule of the guidelines that settled it.
    Not asked beside a layer with wrong spans or names: those are told first.
    Cure: settle the point by a rule, and add the decision.
    """
    named = {one.annotator for one in layer.made_from or ()}
    made_from = [one for one in holdings.of(layer.document) if one.annotator in named] if layer.decisions is not None else []
    made_from = made_from if all(map(_can_be_compared, made_from)) else []
    decided = {(one.start, one.end, one.about) for one in layer.decisions or ()}
    for one in compared(made_from).differences if len(made_from) > 1 else ():
        point = (one.cluster.start, one.cluster.end, one.about)
        if point not in decided:
            decided.add(point)
            yield "/decisions", f"no decision about the {one.about} at {one.cluster.start}-{one.cluster.end}, where the layers part", None


def _can_be_compared(layer: AnnotationSet) -> bool:
    """Whether its spans stand in order and apart, and what it names is there; else it has faults of its own, and no certain points."""
    known = layer.by_id()
    edges = [(edge for span in one.spans for edge in (span.start, span.end)) for one in layer.mentions]
    names = {name for one in layer.attributions for name in (*one.sources, *one.cues)}
    names |= {name for one in layer.links for name in (one.from_, one.to)}
    return names <= known.keys() and all(first < second for one in edges for first, second in pairwise(one))


def decision_is_in_text(layer: AnnotationSet, holdings: Holdings) -> Iterator[Finding]:
    """A decision of gold is about a stretch of the text.

    Cure: correct start and end.
    """
    document = holdings.documents.get(layer.document)
    for at, one in enumerate(layer.decisions or ()):
        if document is not None and not one.start < one.end <= document.length:
            yield f"/decisions/{at}", f"start {one.start}, end {one.end} in a text of {document.length} code points", None


def licence_allows_text(source: Source, holdings: Holdings) -> Iterator[Finding]:
    """A source that includes its texts has a licence that allows passing them on.

    Cure: name the licence by its SPDX id if it is an open one; else withhold the texts.
    """
    if source.text == "included" and source.licence not in OPEN_LICENCES:
        yield "/licence", f"{source.licence!r} is not among the licences known to allow it", f"one of: {', '.join(OPEN_LICENCES)}"


def split_is_stable(released: Released, now: Census) -> Iterator[Problem]:
    """No article changes its split after a release.

    A split is a function of the story. An article that moves from training to test spoils every comparison with the release before.
    Cure: give the article back the story it had.
    """
    for name, before in released.splits.items():
        split = split_of(now.stories[name] or name) if name in now.stories else before
        if split != before:
            message = f"{name} was in {before} in release {released.version}, by its story it is in {split}"
            yield _of_released(f"/splits/{name}", "split-is-stable", message)


def nothing_released_is_lost(released: Released, now: Census) -> Iterator[Problem]:
    """There is at least as much as the last release held.

    Fewer articles, mentions or links than before are most often an accident: a failed pull, a bad merge.
    Cure: put back what is missing; what was withdrawn on purpose leaves annotations/released.json as well, in the same change.
    """
    for what, before in released.counts.items():
        if now.counts.get(what, 0) < before:
            message = f"{now.counts.get(what, 0)} of {what!r}, release {released.version} had {before}"
            yield _of_released(f"/counts/{what}", "nothing-released-is-lost", message)


def assigned_are_known(assignments: Assignments, now: Census, annotators: Mapping[str, Annotator]) -> Iterator[Problem]:
    """Whoever and whatever annotations/assignments.json names is known.

    Cure: correct the name, or take the entry out; corpus assign deals anew what is missing.
    """
    for name, whos in assignments.roster.items():
        unknown = [f"document {name}"] if name not in now.stories else []
        unknown += [f"annotator {who}" for who in whos if who not in annotators]
        for what in unknown:
            message = f"there is no {what}"
            yield Problem(where="annotations/assignments.json", pointer=f"/roster/{name}", check="assigned-are-known", message=message)


def withdrawn_stays_out(withdrawn: Iterable[Withdrawn], now: Census) -> Iterator[Problem]:
    """A withdrawn article does not come back.

    Cure: take its files out again (corpus withdraw does it), or, if it may stand after all, take out the tombstone.
    """
    for at, one in enumerate(withdrawn):
        if one.document in now.stories:
            message = f"{one.document} was withdrawn on {one.date}, and has a record again"
            yield Problem(where="annotations/withdrawn.json", pointer=f"/documents/{at}", check="withdrawn-stays-out", message=message)


def census(holdings: Holdings) -> Census:
    """How much there is in all layers: documents with a layer, layers, mentions by label, links by type."""
    layers = holdings.layers.values()
    counts: Counter[str] = Counter(mention.label for layer in layers for mention in layer.mentions)
    counts.update(link.type for layer in layers for link in layer.links)
    counts.update(documents=len({layer.document for layer in layers}), layers=len(layers), registered_claims=len(holdings.registry))
    return Census(stories={name: document.story for name, document in holdings.documents.items()}, counts=counts)


def joined(first: Census, second: Census) -> Census:
    """What two parts of a repository hold together."""
    return Census(stories={**first.stories, **second.stories}, counts=Counter(first.counts) + Counter(second.counts))


def withheld_text_stays_out(texts: Iterable[tuple[str, str]], files: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """No run of eight words of a withheld text stands in any other file of the repository.

    What may not be passed on may not slip in by a quote, a note or an example. Asked of the texts that are at hand.
    Cure: take the words out of the file and, if they were committed, out of its history.
    """
    for where, name in sorted(runs.sharing(list(texts), files, RUN)):
        message = f"{RUN} consecutive words of the withheld text of {name} stand here"
        yield Problem(where=where, pointer="", check="withheld-text-stays-out", message=message)


def _of_released(pointer: str, check: str, message: str) -> Problem:
    return Problem(where="annotations/released.json", pointer=pointer, check=check, message=message)
