"""Spans of an edited article, moved to its new text: two independent ways must agree, or the span waits for a person.

The one way maps positions through a difference of the whole texts, the other looks for the words with their surroundings.
Neither alone is safe: each sometimes keeps a span whose words are gone.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

import edlib
from diff_match_patch import diff_match_patch
from rapidfuzz.fuzz import ratio

from corpus import text
from corpus.model import AnnotationSet, Attribution, Document, Mention, Span

CONTEXT = 32  # code points on each side of the words, as in the W3C's text quote selector of the hypothesis client
LEAST_LIKE = 75.0  # of 100; below that the words count as gone

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A layer on the new text; mentions that wait for a person; sources and cues left out because all their hubs wait."""

    layer: AnnotationSet
    queued: tuple[Mention, ...]
    dropped: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Where the code points of an old text stand in a new one: runs of (old start, new start, length) that are equal."""

    old: str
    new: str
    runs: tuple[tuple[int, int, int], ...]


def move(layer: AnnotationSet, old: Document, new: Document, *, withheld: bool) -> Moved:
    """The layer on the new document's text, as far as it can be moved; what names a queued mention goes with it."""
    mapping = mapped(old.text or "", new.text or "")
    places = {mention.id: [anchor(mapping, (span.start, span.end)) for span in mention.spans] for mention in layer.mentions}
    queued = tuple(mention for mention in layer.mentions if None in places[mention.id])
    kept = {mention.id for mention in layer.mentions} - {mention.id for mention in queued}
    attributions = tuple(_without(one, kept) for one in layer.attributions if one.hub in kept)
    used = {id for one in attributions for id in (*one.sources, *one.cues)}
    dropped = tuple(one for one in layer.mentions if one.id in kept and one.label in ("source", "cue") and one.id not in used)
    kept -= {mention.id for mention in dropped}
    moved = replace(
        layer,
        document=new.id,
        text_sha256=new.text_sha256,
        mentions=tuple(_at(one, mapping.new, places[one.id], withheld=withheld) for one in layer.mentions if one.id in kept),
        attributions=attributions,
        links=tuple(link for link in layer.links if link.from_ in kept and link.to in kept),
    )
    return Moved(layer=moved, queued=queued, dropped=dropped)


def mapped(old: str, new: str) -> Mapping:
    """The difference of two texts, as runs that are equal."""
    differ = diff_match_patch()
    differ.Diff_Timeout = 0  # never a worse answer on a busy machine
    return Mapping(old=old, new=new, runs=tuple(_runs(differ.diff_main(old, new, False))))


def anchor(mapping: Mapping, stretch: Stretch) -> Stretch | None:
    """Where a stretch of the old text stands in the new one, in code points; None where the two ways differ.

    >>> anchor(mapped("The dam is safe.", "Orla Penk: The dam is safe."), (4, 7))
    (15, 18)
    """
    by_map = _by_map(mapping, stretch)
    if by_map is None or not _same_words(mapping.old[slice(*stretch)], mapping.new[slice(*by_map)]):
        return None
    return by_map if by_map == _by_search(mapping, stretch) else None


def _by_map(mapping: Mapping, stretch: Stretch) -> Stretch | None:
    """From the first code point that is still there to the last; an edge that was replaced cannot be placed."""
    first, last = _new_place(mapping, stretch[0]), _new_place(mapping, stretch[1] - 1)
    return (first, last + 1) if first is not None and last is not None and first <= last else None


def _new_place(mapping: Mapping, place: int) -> int | None:
    at = bisect_right(mapping.runs, (place, len(mapping.new) + 1, 0)) - 1
    if at < 0:
        return None
    old, new, length = mapping.runs[at]
    return new + place - old if place < old + length else None


def _by_search(mapping: Mapping, stretch: Stretch) -> Stretch | None:
    """Look for the words with what stands around them; where one side was rewritten or cut off, with the other side only."""
    start, end = stretch
    before, after = max(0, start - CONTEXT), min(len(mapping.old), end + CONTEXT)
    tries = (_aligned(mapping, stretch, around) for around in ((before, after), (before, end), (start, after)))
    return next((found for found in tries if found is not None), None)


def _aligned(mapping: Mapping, stretch: Stretch, around: Stretch) -> Stretch | None:
    """The edges of the stretch, read off the alignment of the words around it with the one place most like them."""
    query = mapping.old[slice(*around)]
    try:
        found = edlib.align(query, mapping.new, mode="HW", task="path")
    except ValueError:  # more than 256 different characters
        return None
    if found["editDistance"] > len(query) * (1 - LEAST_LIKE / 100) or len({end for _, end in found["locations"]}) > 1:
        return None
    return _edges(found["cigar"], found["locations"][0][0] or 0, stretch[0] - around[0], stretch[1] - around[0])


def _edges(cigar: str, new: int, start: int, end: int) -> Stretch | None:
    """The new places of two edges of the query; None where an edge was not matched one to one."""
    places = list(_matched(cigar, new))
    first, last = dict(places).get(start), dict(places).get(end - 1)
    return (first, last + 1) if first is not None and last is not None else None


def _matched(cigar: str, new: int) -> Iterator[tuple[int, int]]:
    """Pairs of (place in the query, place in the text) that are equal, from an extended CIGAR string such as 3=1X2I5=."""
    query, number = 0, ""
    for char in cigar:
        if char.isdigit():
            number += char
            continue
        length, number = int(number), ""
        if char == "=":
            yield from ((query + at, new + at) for at in range(length))
        query += length if char in "=XI" else 0
        new += length if char in "=XD" else 0


def _runs(difference: list[tuple[int, str]]) -> Iterator[tuple[int, int, int]]:
    old = new = 0
    for kind, words in difference:
        if kind == 0:
            yield old, new, len(words)
        old += len(words) if kind <= 0 else 0
        new += len(words) if kind >= 0 else 0


def _same_words(words: str, others: str) -> bool:
    """Alike as a whole, and at both edges: an edge inside another word was placed by an accident of letters."""
    ends = ((words.split()[at], others.split()[at]) for at in (0, -1)) if words.split() and others.split() else ()
    return ratio(words, others) >= LEAST_LIKE and all(ratio(*pair) >= LEAST_LIKE for pair in ends)


def _at(mention: Mention, whole: str, stretches: list[Stretch | None], *, withheld: bool) -> Mention:
    spans = [_span(whole, *stretch, withheld=withheld) for stretch in stretches if stretch is not None]
    return replace(mention, spans=tuple(spans))


def _span(whole: str, start: int, end: int, *, withheld: bool) -> Span:
    return Span(start=start, end=end, quote=None if withheld else whole[start:end], check=text.slice_check(whole, start, end))


def _without(attribution: Attribution, kept: set[str]) -> Attribution:
    sources, cues = (tuple(id for id in part if id in kept) for part in (attribution.sources, attribution.cues))
    return replace(attribution, sources=sources, cues=cues)
