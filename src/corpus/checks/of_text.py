"""Checks of the level "text": does a layer fit the text of record? Asked of one layer and its document; each is one rule.

A check yields (JSON pointer, what is wrong, cure or None). Without the text at hand only what needs no text is asked.
"""

from collections.abc import Iterator

from corpus import text
from corpus.model import AnnotationSet, Document, Span

NEAR = 500  # code points; the search for moved words hashes every stretch that could be meant
Finding = tuple[str, str, str | None]


def text_unchanged(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """A layer is made on the text of record as it stands now.

    Offsets count in one exact text. A layer that names another SHA-256 was made on another text, and its numbers mean nothing here.
    Cure: make the layer again on the text of record, or put back the text it was made on.
    """
    if layer.text_sha256 != document.text_sha256:
        yield "/text_sha256", f"made on text {layer.text_sha256[:12]}…, the text of record is {document.text_sha256[:12]}…", None


def offsets_are_in_text(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """A span starts before it ends, and ends inside the text.

    Offsets are code points, the end is exclusive. Numbers past the end often come from a tool that counts UTF-16 units or bytes.
    Cure: correct start and end.
    """
    for pointer, span in _spans(layer):
        if not 0 <= span.start < span.end <= document.length:
            yield pointer, f"start {span.start}, end {span.end} in a text of {document.length} code points", None


def spans_do_not_overlap(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """The spans of one mention stand in order and apart.

    Several spans are the pieces of an interrupted statement; pieces that touch or overlap are one span.
    Cure: sort the spans, and join those that touch.
    """
    for at, mention in enumerate(layer.mentions):
        for nth, (first, second) in enumerate(zip(mention.spans, mention.spans[1:], strict=False)):
            if first.end >= second.start:
                yield f"/mentions/{at}/spans/{nth + 1}", f"starts at {second.start}, the one before ends at {first.end}", None


def quote_follows_licence(document: Document, layer: AnnotationSet, *, withheld: bool) -> Iterator[Finding]:
    """The words stand beside the offsets exactly where the text may be passed on.

    Where a source withholds its text, no word of it stands in the repository: quote is null and only its fingerprint is stored.
    Cure: set quote to null, or to the words of the text; `corpus format` does neither.
    """
    for pointer, span in _spans(layer):
        if withheld and span.quote is not None:
            yield f"{pointer}/quote", "the text of this source is withheld, so its words may not stand here", "set quote to null"
        if not withheld and span.quote is None:
            yield f"{pointer}/quote", "null, though the text of this source is included", "write the words that stand there"


def quote_matches_text(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """The words at the offsets are the words that were marked.

    Each span carries its quote (null where withheld) and the fingerprint of the words. Both must be those of the text at the offsets.
    Cure: correct the offsets; the message says where the words stand.
    """
    for pointer, span in _spans(layer):
        if document.text is None:
            yield from _against_itself(pointer, span)
        elif text.slice_check(document.text, span.start, span.end) != span.check or span.quote not in (None, _words(document.text, span)):
            yield pointer, _reads(document.text, span), _whereabouts(document.text, span)


def span_has_clean_edges(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """A span neither starts nor ends with a blank.

    Rule 1.3 of the guidelines; a blank at an edge makes two equal readings differ.
    Cure: move start or end past the blank.
    """
    for pointer, span in _spans(layer):
        edges = text.trimmed(document.text, span.start, span.end) if document.text is not None else (span.start, span.end)
        if edges != (span.start, span.end):
            yield pointer, f"{span.start}-{span.end} has a blank at an edge", f"the words stand at {edges[0]}-{edges[1]}"


def furniture_is_unmarked(document: Document, layer: AnnotationSet) -> Iterator[Finding]:
    """Nothing is marked in page furniture.

    Login lines and the like are no part of the article (rule 1.2); the document's record says where they stand.
    Cure: remove the mention, or correct the record if the stretch is part of the article.
    """
    for pointer, span in _spans(layer):
        if any(span.start < one.end and one.start < span.end for one in document.furniture):
            yield pointer, f"{span.start}-{span.end} lies in page furniture", None


def _spans(layer: AnnotationSet) -> Iterator[tuple[str, Span]]:
    for at, mention in enumerate(layer.mentions):
        for nth, span in enumerate(mention.spans):
            yield f"/mentions/{at}/spans/{nth}", span


def _words(whole: str, span: Span) -> str:
    return whole[span.start : span.end]


def _against_itself(pointer: str, span: Span) -> Iterator[Finding]:
    if span.quote is not None and (len(span.quote), text.sha256(span.quote)[:12]) != (span.end - span.start, span.check):
        yield pointer, f"the quote {_shown(span.quote)} does not fit start {span.start}, end {span.end}, check {span.check}", None


def _reads(whole: str, span: Span) -> str:
    words = _words(whole, span)
    wanted = f"the quote says {_shown(span.quote)}" if span.quote is not None else f"the words marked have the check {span.check}"
    if span.quote == words:
        wanted = f"as the quote says, but the check {span.check} is of other words"
    elif span.quote is not None and text.normal_form(span.quote) == words:
        wanted += ", which is not NFC"  # the two look alike on the screen
    return f"characters {span.start}-{span.end} read {_shown(words)}, {wanted}"


def _whereabouts(whole: str, span: Span) -> str:
    quote = span.quote if span.quote is not None and text.sha256(span.quote)[:12] == span.check else None
    places = text.stands_at(whole, quote) if quote is not None else _places_of_check(whole, span)
    if not places:
        return "these words stand nowhere near; mark the mention anew"
    return "the words marked stand at " + ", ".join(f"{start}-{end} {_shown(whole[start:end])}" for start, end in places)


def _places_of_check(whole: str, span: Span) -> list[tuple[int, int]]:
    """Where one edge was moved a little, or the whole span anywhere: stretches that keep the start, the end or the length."""
    size = span.end - span.start
    kept_start = ((span.start, end) for end in range(max(span.start + 1, span.end - NEAR), min(len(whole), span.end + NEAR) + 1))
    kept_end = ((start, span.end) for start in range(max(0, span.start - NEAR), min(span.end, span.start + NEAR + 1)))
    kept_size = ((start, start + size) for start in range(len(whole) - size + 1 if size <= NEAR else 0))
    tried = (stretch for some in (kept_start, kept_end, kept_size) for stretch in some)
    return sorted({stretch for stretch in tried if text.slice_check(whole, *stretch) == span.check})[:3]


def _shown(words: str | None) -> str:
    shown = repr(words)
    return shown if len(shown) <= 70 else f"{shown[:34]} … {shown[-34:]}"
