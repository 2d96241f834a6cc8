"""What builds of a tree remember between them: hashes of its files, which articles were sound, sketches of their texts, shards.

All of it stands under the version of the code, and under the bytes that it was made from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus import codec, shapes
from corpus.audit import Looked
from corpus.cache import Ledger, Shelf, fingerprint, of_code
from corpus.checks import of_corpus
from corpus.model import AnnotationSet, Holdings, RegisteredClaim
from corpus.release.entries import Entry
from corpus.release.keeping import Keeping
from corpus.release.sketching import Sketches
from corpus.store import Unit
from corpus.survey import Seen

_ABSENT = "-"


class TreeMemory:
    """The memory of one tree."""

    def __init__(self, shelf: Shelf, code: str, root: Path) -> None:
        self._shelf, self._code, self._place = shelf, code, fingerprint("tree", str(root.absolute()))
        self._key = fingerprint(code, self._place)  # of what is of use to this code only
        self.ledger = Ledger.read(shelf, self._place, str(root))
        self.is_new = self.ledger.is_new  # then there is much to do
        self._common = ""
        self._stamps: dict[str, str | None] = {}
        self._known: dict[str, Seen] = {}
        self._told: dict[str, str] = {}

    @classmethod
    def of(cls, shelf: Shelf | None, root: Path) -> "TreeMemory | None":
        """The memory of a tree on a shelf; None without a shelf, or where the code is not what it was when it was loaded."""
        code = None if shelf is None else of_code()
        return None if shelf is None or code is None else cls(shelf, code, root)

    def recall(self, common: Holdings, units: Sequence[Unit]) -> Mapping[str, Seen]:
        """Which units were sound when they had the bytes that they have now, under the same sources and annotators."""
        self._common = fingerprint(self._code, told_of(common))
        self._known = shapes.plainly_read(self._shelf.get("sound", self._key) or b"{}", dict[str, Seen]) or {}
        found = {unit.name: self._known.get(self._stamp(unit) or "") for unit in units}
        return {name: seen for name, seen in found.items() if seen is not None and seen.name == name}

    def learn(self, looked: Looked) -> None:
        """Remember which units are sound, if they lie as they did: all that were read whole, too, where there is no fault at all."""
        units = {unit.name: unit for unit in looked.units}
        sound: dict[str, Seen] = {}
        for seen in [*looked.sound, *(() if looked.problems else _checked(looked))]:
            unit = units[seen.name]
            stamp = self._stamp(unit)
            if stamp is not None and (stamp in self._known or self._still(unit)):
                sound[stamp] = seen
        if sound.keys() != self._known.keys():
            self._shelf.put("sound", self._key, shapes.spelt_plainly(sound))
        self._known = {}

    def sketches(self) -> Sketches:
        """What was made of the texts before."""
        return Sketches(self._shelf, self._code, self._place, lambda one: self.ledger.sha256(_text(one.places)))

    def have_texts_still(self, entries: Sequence[Entry]) -> bool:
        """Whether the texts of these articles lie as they did."""
        return all(self.ledger.still(_text(one.places)) for one in entries)

    def keeping(self, common: Holdings, *, all_texts: bool) -> Keeping:
        """How shards are kept. A document's rows say what the registry tells of it, so those claims are part of its stamp."""
        self._told = _told(common.registry)
        what = fingerprint(self._common, "all" if all_texts else "released")
        return Keeping(shelf=self._shelf, common=what, stamp=self._stamp_told, still=self._are_still)

    def keep_ledger(self) -> None:
        """Remember the hashes of all files."""
        self.ledger.write(self._shelf, self._place)

    def _stamp_told(self, entry: Entry) -> str | None:
        stamp = self._stamp(entry.places)
        return None if stamp is None else stamp + self._told.get(entry.document, "")

    def _stamp(self, unit: Unit) -> str | None:
        """Code, sources, annotators, and the bytes of all files of a unit; None where one of them cannot be read."""
        if unit.name not in self._stamps:
            parts = [self._common, unit.name]
            for where in _files(unit):
                digest = self.ledger.sha256(where)
                parts += [where, digest or _ABSENT]
                if digest is None and not where.endswith(".txt"):
                    parts = []
                    break
            self._stamps[unit.name] = fingerprint(*parts) if parts else None
        return self._stamps[unit.name]

    def _are_still(self, entries: Sequence[Entry]) -> bool:
        return all(self._still(one.places) for one in entries)

    def _still(self, unit: Unit) -> bool:
        return all(self.ledger.still(where) for where in _files(unit))


def told_of(common: Holdings) -> bytes:
    """Sources and annotators in one spelling."""
    sources = [codec.source_to_json(one) for _, one in sorted(common.sources.items())]
    return codec.sorted_line([sources, codec.annotators_to_json([one for _, one in sorted(common.annotators.items())])])


def _checked(looked: Looked) -> Iterator[Seen]:
    """The units that were read whole. No check of an article or a layer asks for more than its unit, sources and annotators."""
    held = looked.stored.holdings
    layers: dict[str, dict[str, AnnotationSet]] = {}
    for where, layer in held.layers.items():
        layers.setdefault(layer.document, {})[where] = layer
    for unit in looked.doubtful:
        alone = replace(held, documents={unit.name: held.documents[unit.name]}, layers=layers.get(unit.name, {}), registry={})
        seen = of_corpus.census(alone)
        yield Seen(name=unit.name, story=seen.stories[unit.name], counts=seen.counts, wordy=(*unit.records, *unit.layers))


def _told(registry: Mapping[str, RegisteredClaim]) -> dict[str, str]:
    """Document → what stands for all claims of the registry that it is a member of."""
    parts: dict[str, list[bytes]] = {}
    for where, claim in sorted(registry.items()):
        spelt = codec.sorted_line([where, codec.claim_to_json(claim)])
        for document in sorted({one.document for one in claim.members}):
            parts.setdefault(document, []).append(spelt)
    return {document: fingerprint(*some) for document, some in parts.items()}


def _files(unit: Unit) -> list[str]:
    return [*unit.records, *(where[:-4] + "txt" for where in unit.records), *unit.layers]


def _text(unit: Unit) -> str:
    return unit.records[0][:-4] + "txt"
