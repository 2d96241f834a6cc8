"""Label Studio exports as the input of a build: tasks are found in one pass, then read again where they stand, document by document.

The text of record is the task's own, held to the SHA-256 that it carries; the facts of an article are those in the task's data. Each
document goes the way that a pulled task goes: schema, export, checks.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus import bundle, checks, codec, export, schema, shapes, storage, store
from corpus.codec import document_from_json
from corpus.model import AnnotationSet, Annotator, Document, Holdings, Source
from corpus.problems import Problem
from corpus.release import plainly
from corpus.release.entries import Entry, Gathered
from corpus.release.plainly import UNKNOWN, Ground
from corpus.storage import Place
from corpus.tables import Parts, Reading, parts_of

FACTS = ("source", *UNKNOWN, "phenomena")
_FIELDS = 4  # of a place: file, offset, length, number of the task


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """Exported files, unpacked, under the names by which faults are told.

    Entries have the place of each task: file, offset, length, number in the file, packed.
    """

    files: tuple[Place, ...]
    names: tuple[str, ...]
    sources: Mapping[str, Source]
    annotators: Mapping[str, Annotator]
    all_texts: bool

    def gathered(self, entries: Sequence[Entry]) -> Iterator[Gathered]:
        """Each document with all that its tasks say of it."""
        ground = Ground(sources=self.sources, annotators=self.annotators, all_texts=self.all_texts)
        with storage.reading(self.files, [place[:3] for one in entries for place in places(one)]) as files:
            yield from (self._plainly(one, files, ground) or self._worded(one, files) for one in entries)

    def texts(self, entries: Sequence[Entry]) -> Iterator[tuple[str, str | None]]:
        """The text that the first task of each document carries."""
        with storage.reading(self.files, [places(one)[0][:3] for one in entries]) as files:
            yield from ((one.document, shapes.words_of(_bytes(files, *places(one)[0]))) for one in entries)

    def _plainly(self, entry: Entry, files: storage.Reading, ground: Ground) -> Gathered | None:
        """The document, if each of its tasks is plainly sound, and all tell of one article."""
        read: dict[str, Parts] = {}
        for place in places(entry):
            parts = plainly.parts(_bytes(files, *place), ground)
            if parts is None or read.setdefault(parts.annotator, parts) is not parts:
                return None
        first, *others = (one for _, one in sorted(read.items()))
        if any(one.article != first.article for one in others):
            return None
        readings = (first, *others)
        if entry.story not in (first.document, first.article["story"]):
            readings = tuple(replace(one, article=one.article | {"story": entry.story}) for one in readings)
        return Gathered(document=entry.document, readings=readings)

    def _worded(self, entry: Entry, files: storage.Reading) -> Gathered:
        """The same with words for what is wrong, and for all that is not plain."""
        tasks = list(self._tasks(entry, files))
        problems = [problem for one in tasks for problem in one.problems] or list(_at_odds(tasks))
        document = tasks[0].document
        if problems or document is None:
            return Gathered(document=entry.document, problems=tuple(problems))
        holdings = self._holdings(document)
        read = [(one, export.from_shaped(one.task, one.where, holdings, base=one.pointer)) for one in tasks]
        problems = [problem for _, returned in read for problem in returned.problems]
        layers: dict[str, AnnotationSet] = {}
        for one, returned in read:
            if returned.layer is not None:
                problems += _rivalry(one, returned.layer, layers)
        holdings = replace(holdings, layers={store.layer_path(document.id, who): layer for who, layer in layers.items()})
        for one, returned in read:
            if returned.layer is not None and returned.layer is layers[returned.layer.annotator]:
                place = f"{one.where}{one.pointer} as {store.layer_path(document.id, returned.layer.annotator)}"
                problems += checks.of_layer(place, returned.layer, holdings)
        if problems:
            return Gathered(document=entry.document, problems=tuple(problems))
        notes = tuple(f"{one.where}{one.pointer} {note}" for one, returned in read for note in returned.notes)
        return Gathered(document=entry.document, readings=tuple(self._readings(document, entry, layers)), notes=notes)

    def _readings(self, document: Document, entry: Entry, layers: Mapping[str, AnnotationSet]) -> Iterator[Parts]:
        """By annotator. A story that was found by the words stands in the rows as one that was given."""
        document = document if entry.story in (document.id, document.story) else replace(document, story=entry.story)
        source = self.sources[document.source]
        for annotator, layer in sorted(layers.items()):
            is_open = self.all_texts or source.text == "included"
            yield parts_of(Reading(document=document, source=source, annotator=self.annotators[annotator], layer=layer, open=is_open))

    def _tasks(self, entry: Entry, files: storage.Reading) -> Iterator["_Task"]:
        for file, offset, length, number in places(entry):
            where, pointer = self.names[file], f"/{number}"
            task, problems = bundle.task_in(_bytes(files, file, offset, length, number), where, pointer)
            problems = problems or list(export.shape_problems(task, where, pointer))
            document, more = (None, []) if problems else self._document(task["data"], where, f"{pointer}/data")
            yield _Task(where, pointer, task, document, [*problems, *more])

    def _document(self, data: Mapping[str, Any], where: str, base: str) -> tuple[Document | None, list[Problem]]:
        words = data.get("text")
        if words is None:
            message = "the task carries no text, and here is no other text of record"
            return None, [Problem(where=where, pointer=base, check="included-text-is-there", message=message)]
        record = self._record(data, words)
        problems = schema.problems("document", record, where)
        document = None if problems else document_from_json(record, words)
        if document is not None:
            problems = checks.of_document(where, document, self._holdings(document))
        return document, [replace(one, pointer=base + one.pointer) for one in problems]

    def _record(self, data: Mapping[str, Any], words: str) -> dict[str, Any]:
        """As it would stand in raw/. Where there is one source, a task need not name it."""
        only = {"source": next(iter(self.sources))} if len(self.sources) == 1 else {}
        facts = {**UNKNOWN, **only} | {name: data[name] for name in FACTS if name in data}
        ours = {"schema": "cda-document/1", "id": data["document"], "text_sha256": data["text_sha256"], "length": len(words)}
        return ours | facts

    def _holdings(self, document: Document) -> Holdings:
        return Holdings(sources=self.sources, documents={document.id: document}, annotators=self.annotators, layers={})


@dataclass(frozen=True, slots=True)
class _Task:
    where: str
    pointer: str
    task: Any
    document: Document | None
    problems: list[Problem]


def packed(places: Sequence[tuple[int, int, int, int]]) -> bytes:
    """Places of tasks in few bytes, for there may be millions.

    >>> places(Entry("a", "a", packed([(0, 1, 90, 0), (1, 7, 80, 4)])))
    [(0, 1, 90, 0), (1, 7, 80, 4)]
    """
    return array("Q", [number for one in places for number in one]).tobytes()


def places(entry: Entry) -> list[tuple[int, int, int, int]]:
    """File, offset, length and number of each task of a document."""
    numbers = array("Q", entry.places)
    return [(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]) for at in range(0, len(numbers), _FIELDS)]


def _bytes(files: storage.Reading, file: int, offset: int, length: int, number: int) -> bytes:
    files[file].seek(offset)
    return files[file].read(length)


def _at_odds(tasks: Sequence[_Task]) -> Iterator[Problem]:
    """All tasks of a document tell of one article."""
    first = tasks[0]
    for one in tasks[1:]:
        if one.document != first.document:
            message = f"{one.task['data']['document']} is another article, or has other facts, in {first.where}{first.pointer}"
            yield Problem(where=one.where, pointer=f"{one.pointer}/data/document", check="document-id-is-unique", message=message)


def _rivalry(one: _Task, layer: AnnotationSet, layers: dict[str, AnnotationSet]) -> Iterator[Problem]:
    """The server takes an article twice without a word; two equal readings are one."""
    other = layers.setdefault(layer.annotator, layer)
    if other is not layer and codec.fingerprint(other) != codec.fingerprint(layer):
        message = f"another task gives another reading of {layer.document} by {layer.annotator}"
        yield Problem(where=one.where, pointer=one.pointer, check="one-layer-per-annotator", message=message)
