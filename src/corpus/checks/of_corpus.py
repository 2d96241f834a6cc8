"""Checks of the level "corpus": records against each other, paths against contents, and no withheld text anywhere.

A check yields (JSON pointer, what is wrong, cure or None), or whole Problems where it speaks of several files.
"""

from collections.abc import Iterable, Iterator

from corpus import text
from corpus.checks.of_text import Finding
from corpus.model import AnnotationSet, AnnotatorKind, Document, Holdings, Origin
from corpus.problems import Problem

ORIGINS: dict[AnnotatorKind, tuple[Origin, ...]] = {
    "human": ("by_hand", "from_suggestion"),
    "model": ("model",),
    "adjudicator": ("adjudicated",),
}
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


def annotator_is_known(layer: AnnotationSet, holdings: Holdings) -> Iterator[Finding]:
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


def withheld_text_stays_out(holdings: Holdings, files: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """No run of eight words of a withheld text stands in any other file of the repository.

    What may not be passed on may not slip in by a quote, a note or an example. Asked of the texts that are at hand.
    Cure: take the words out of the file and, if they were committed, out of its history.
    """
    withheld = [one for one in holdings.hydrated() if one.source in holdings.sources and holdings.withheld(one)]
    runs = {run: one.id for one in withheld for run in _runs(one.text or "")}
    for where, words in files if runs else ():
        found = next((runs[run] for run in _runs(words) if run in runs), None)
        if found is not None:
            message = f"{RUN} consecutive words of the withheld text of {found} stand here"
            yield Problem(where=where, pointer="", check="withheld-text-stays-out", message=message)


def _runs(words: str) -> Iterator[tuple[str, ...]]:
    return text.word_runs(words, length=RUN)
