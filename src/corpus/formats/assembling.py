"""Marks of another scheme become one sound layer. Knows the rules that a layer keeps; every change that they ask for is told as a note.

Blanks at the edges of a span are left out and pieces that touch are joined; a source or cue on the same words is one mention; hubs on
the same words stay apart while anything can tell them apart, for other corpora count each.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from corpus import codec, tasks, text
from corpus.checks.of_corpus import RUN
from corpus.checks.of_relations import contains
from corpus.formats.converted import Extra, Note, Value
from corpus.formats.facts import span
from corpus.model import ENDS, HUBS, AnnotationSet, Attribution, Document, Label, Link, LinkType, Mention, Origin
from corpus.problems import CorpusError

Places = tuple[tuple[int, int], ...]
_ID = re.compile("[A-Za-z0-9_-]{1,40}")


class Sheet:
    """The marks of one reading while they are gathered; `layer()` gives the sound layer, `extra()` and `notes()` the rest."""

    def __init__(self, document: Document, annotator: str, *, withheld: bool, origin: Origin = "by_hand", guidelines: str = "1.0") -> None:
        """An empty reading of a document whose text is at hand."""
        if document.text is None:
            raise CorpusError(f"{document.id} has no text here; its annotations cannot be placed")
        self._document, self._text, self._withheld = document, document.text, withheld
        self.document = document.id
        self._head: dict[str, Any] = {"annotator": annotator, "origin": origin, "guidelines": guidelines}
        self._mentions: dict[str, Mention] = {}
        self._beside: dict[tuple[Label, Places], str] = {}  # a source or cue by its words
        self._attributions: dict[str, Attribution] = {}
        self._links: list[Link] = []
        self._extra: dict[str, dict[str, Value]] = defaultdict(dict)
        self._notes: Counter[tuple[str, str]] = Counter()

    def note(self, what: str, number: int = 1, *, changed: bool = False) -> None:
        """Tell what was left out, or changed."""
        self._notes["changed" if changed else "left_out", what] += number

    def mention(self, label: Label, places: Iterable[tuple[int, int]], id: str | None = None, **values: Any) -> str | None:
        """Mark words, as (start, end) in code points; the id of the mention, or None where only blanks are marked.

        An id that cannot stand here, or stands already, is replaced.
        """
        pieces = self._clean(label, tuple(places))
        if not pieces:
            self.note(f"{label} on no words")
            return None
        if label not in HUBS and (known := self._beside.get((label, pieces))) is not None:
            return known
        name = self._name(id)
        self._mentions[name] = Mention(
            id=name, label=label, spans=tuple(span(self._text, *one, withheld=self._withheld) for one in pieces), **values
        )
        self._beside.setdefault((label, pieces), name)
        return name

    def attribution(self, hub: str, sources: Iterable[str | None] = (), cues: Iterable[str | None] = (), **values: Any) -> str:
        """Say who says the hub and what signals it, or more of it than before; its id."""
        if hub in self._attributions:
            before = self._attributions[hub]
            sources, cues = (*before.sources, *sources), (*before.cues, *cues)
            values = {name: getattr(before, name) or values.get(name) for name in tasks.OF_ATTRIBUTION}
        told: dict[str, Any] = dict.fromkeys(tasks.OF_ATTRIBUTION) | values
        parts: dict[str, Any] = {"sources": _known(sources), "cues": _known(cues)}
        self._attributions[hub] = Attribution(id=f"a-{hub}", hub=hub, **parts, **told)
        return f"a-{hub}"

    def link(self, type: LinkType, first: str, second: str) -> None:
        """Join two mentions."""
        self._links.append(Link(type=type, from_=first, to=second))

    def known(self, label: Label, places: Places) -> str | None:
        """The source or cue that is marked on these words, if there is one."""
        return self._beside.get((label, places))

    def again(self, hub: str) -> str:
        """The hub, or where it is attributed already another on the same words, for what is said twice keeps who says it apart."""
        if hub not in self._attributions:
            return hub
        one = self._mentions[hub]
        name = self._name(None)
        self._mentions[name] = replace(one, id=name)
        return name

    def join(self, ids: Sequence[str]) -> str:
        """Make one hub of several, as where a statement was marked in pieces; the first keeps its id."""
        first = self._mentions[ids[0]]
        spans = {(one.start, one.end) for id in dict.fromkeys(ids) for one in self._mentions[id].spans}
        pieces = self._clean(first.label, tuple(spans))
        self._mentions[first.id] = replace(first, spans=tuple(span(self._text, *one, withheld=self._withheld) for one in pieces))
        for gone in dict.fromkeys(ids[1:]):
            if gone != first.id:
                del self._mentions[gone]
        return first.id

    def keep(self, id: str, **values: Value | None) -> None:
        """What else is told of a mention, an attribution or the document, where it is told; of a withheld text no sentence is kept."""
        for name, value in values.items():
            if isinstance(value, str) and self._withheld and self._says(value):
                self.note(f"{name} that repeats the withheld text")
            elif value is not None and value != ():
                self._extra[id][name] = value

    def _says(self, words: str) -> bool:
        runs = {*text.word_runs(words, length=RUN)}
        return bool(runs) and not runs.isdisjoint(text.word_runs(self._text, length=RUN))

    def stretches(self, places: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Places as they would be marked, without a mention."""
        return self._clean("a kept span", tuple(places))

    def layer(self) -> AnnotationSet:
        """The layer; to be asked before the notes, for what belongs to nothing is left out here."""
        self._attribute_all()
        self._join_twins()
        self._leave_out_loose()
        return codec.in_order(
            AnnotationSet(
                document=self._document.id,
                text_sha256=self._document.text_sha256,
                **self._head,
                mentions=tuple(self._mentions.values()),
                attributions=tuple(self._attributions.values()),
                links=tuple(self._sound_links()),
            )
        )

    def extra(self) -> Extra:
        """What else is told, of what is in the layer."""
        known = {"document", *self._mentions, *(f"a-{hub}" for hub in self._attributions)}
        return {id: values for id, values in self._extra.items() if values and id in known}

    def notes(self) -> tuple[Note, ...]:
        """What was changed and left out."""
        return tuple(Note(kind=kind, what=what, number=number) for (kind, what), number in sorted(self._notes.items()))  # type: ignore[arg-type]

    def _clean(self, what: str, places: Places) -> Places:
        if any(not 0 <= start <= end <= len(self._text) for start, end in places):
            raise CorpusError(f"{what} of {self._document.id} at {places} lies outside the text of {len(self._text)} code points")
        edges = [text.trimmed(self._text, *one) for one in sorted(places)]
        if any(edge != place for edge, place in zip(edges, sorted(places), strict=True)):
            self.note("blanks at the edge of a span left out", changed=True)
        joined: list[tuple[int, int]] = []
        for start, end in edges:
            if start == end:
                continue
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
                self.note("touching pieces of a span joined", changed=True)
            else:
                joined.append((start, end))
        return tuple(joined)

    def _name(self, id: str | None) -> str:
        if id is not None and _ID.fullmatch(id) and id not in self._mentions:
            return id
        if id is not None:
            self.note("ids replaced", changed=True)
        at = len(self._mentions) + 1
        while f"m{at}" in self._mentions:
            at += 1
        return f"m{at}"

    def _attribute_all(self) -> None:
        """Every content and denial has an attribution, and every attribution says something."""
        for hub in [one for one in self._mentions.values() if one.label in ("denial", "content") and one.id not in self._attributions]:
            self.attribution(hub.id)
        for hub_id, one in self._attributions.items():
            if not (one.sources or one.cues or one.quote_type or one.polarity or one.certainty):
                self._attributions[hub_id] = replace(one, certainty="unspecified")
                self.note("attribution with neither source nor cue: certainty written as unspecified", changed=True)

    def _join_twins(self) -> None:
        """Hubs on the same words; what is not attributed says nothing that its attributed twin does not."""
        first: dict[Any, str] = {}
        same: dict[str, str] = {}
        hubs = [one for one in self._mentions.values() if one.label in HUBS]
        for one in sorted(hubs, key=lambda one: one.id not in self._attributions):
            words = (one.label, one.spans)
            first.setdefault(words, one.id)
            key = words if one.id not in self._attributions else (words, self._told_apart(one.id, words, first))
            if first.setdefault(key, one.id) != one.id:
                same[one.id] = first[key]
        for gone, kept in same.items():
            self.note("statements marked twice, with the same source and cue, joined", changed=True)
            del self._mentions[gone]
            self._attributions.pop(gone, None)
            self._extra[kept] = {**self._extra.pop(gone, {}), **self._extra[kept]}
            self._extra[f"a-{kept}"] = {**self._extra.pop(f"a-{gone}", {}), **self._extra[f"a-{kept}"]}
        self._links = [replace(one, from_=same.get(one.from_, one.from_), to=same.get(one.to, one.to)) for one in self._links]

    def _told_apart(self, hub: str, words: Any, first: dict[Any, str]) -> Any:
        """What is said of a hub; said of the same words before, and nothing of its certainty, that is written to keep both."""
        said = self._attributions[hub]
        if said.certainty is None and (words, _said(said)) in first:
            said = replace(said, certainty="unspecified")
            if (words, _said(said)) not in first:
                self._attributions[hub] = said
                self.note("statement marked twice alike: kept, its certainty written as unspecified", changed=True)
        return _said(said)

    def _leave_out_loose(self) -> None:
        used = {id for one in self._attributions.values() for id in (*one.sources, *one.cues)}
        for one in [one for one in self._mentions.values() if one.label not in HUBS and one.id not in used]:
            self.note(f"{one.label} in no attribution")
            del self._mentions[one.id]

    def _sound_links(self) -> Iterator[Link]:
        pairs: set[frozenset[str]] = set()
        for one in self._links:
            first, second = self._mentions.get(one.from_), self._mentions.get(one.to)
            if first is None or second is None or first is second or not _joins(one.type, first, second):
                self.note(f"{one.type} between labels it cannot join")
            elif one.type == "embedded_in" and contains(second, first):
                self.note("embedded_in that the spans show already")
            elif frozenset((first.id, second.id)) in pairs:
                self.note("a second link of one pair")
            else:
                pairs.add(frozenset((first.id, second.id)))
                yield tasks.from_later_to_earlier(one, self._mentions)


def _joins(type: LinkType, first: Mention, second: Mention) -> bool:
    starts, ends = ENDS[type]
    return first.label in starts and second.label in ends


def _said(one: Attribution) -> tuple[Any, ...]:
    return one.sources, one.cues, one.quote_type, one.polarity, one.certainty


def _known(ids: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for id in ids if id is not None))
