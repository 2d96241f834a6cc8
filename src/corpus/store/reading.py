"""Reads the folders whole. A file that cannot be read is a Problem and never hides the others."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from corpus import codec, schema
from corpus.judgement import Judgements
from corpus.model import AnnotationSet, Annotator, Document, Holdings, RegisteredClaim, Source
from corpus.problems import CorpusError, Problem
from corpus.store.places import (
    ANNOTATORS,
    ASSIGNMENTS,
    CLAIMS,
    JUDGEMENTS,
    RELEASED,
    WITHDRAWN,
    claim_path,
    judgements_path,
    layer_path,
    record_path,
    source_path,
    text_path,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """All files of one article by its name in the paths: its records (one, if all is well) and its layers."""

    name: str
    records: tuple[str, ...]
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What was read: the holdings, and every fault met on the way. Paths are relative to the root, with slashes."""

    root: Path
    holdings: Holdings
    problems: tuple[Problem, ...]

    def to_rewrite(self, *files: str) -> Holdings:
        """The holdings, where these files could be read: writing one anew that could not be would lose what it holds."""
        unread = next((one for one in self.problems if one.where in files), None)
        if unread is not None:
            raise CorpusError(f"{unread.where} {unread.message}" + (f"; {unread.hint}" if unread.hint else ""))
        return self.holdings


def find_root(start: Path) -> Path:
    """The repository that a folder lies in: the nearest one upwards with raw/ and annotations/."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "raw").is_dir() and (folder / "annotations").is_dir():
            return folder
    raise CorpusError(f"{start} is not in a corpus: no folder upwards holds raw/ and annotations/; use -C DIR")


def units(root: Path) -> list[Unit]:
    """The files of every article, by name."""
    records, layers = defaultdict(list), defaultdict(list)
    for folder, name in _json_files(root, "raw"):
        if name != "source.json":
            records[name.removesuffix(".json")].append(f"raw/{folder}/{name}")
    for folder, name in _json_files(root, "annotations"):
        if folder == PurePosixPath(CLAIMS).name:
            continue
        layers[folder].append(f"annotations/{folder}/{name}")
    return [
        Unit(name=name, records=tuple(sorted(records.get(name, ()))), layers=tuple(sorted(layers.get(name, ()))))
        for name in sorted({*records, *layers})
    ]


def read(root: Path, only: Iterable[Unit] | None = None) -> Stored:
    """Everything the repository holds, or only what is common and these units. Hydrated texts are there."""
    problems: list[Problem] = []
    only = units(root) if only is None else list(only)
    sources = dict(_each(root, root.glob("raw/*/source.json"), "source", codec.source_from_json, problems))
    records = [root / where for unit in only for where in unit.records]
    readings = [root / where for unit in only for where in unit.layers]
    documents = dict(_each(root, records, "document", codec.document_from_json, problems))
    annotators = dict(_each(root, [root / ANNOTATORS], "annotators", codec.annotators_from_json, problems))
    layers = dict(_each(root, readings, "annotation", codec.annotations_from_json, problems))
    released = dict(_each(root, [root / RELEASED], "released", codec.released_from_json, problems))
    assigned = dict(_each(root, [root / ASSIGNMENTS], "assignments", codec.assignments_from_json, problems))
    gone = dict(_each(root, [root / WITHDRAWN], "withdrawn", codec.withdrawn_from_json, problems))
    registry = dict(_each(root, (root / CLAIMS).glob("*.json"), "claim", codec.claim_from_json, problems))
    judged = dict(_each(root, (root / JUDGEMENTS).glob("*.json"), "judgements", codec.judgements_from_json, problems))
    problems += _named_twice(documents, annotators.get(ANNOTATORS, ()))
    problems += _misplaced(sources, documents, layers, registry, judged)
    holdings = Holdings(
        sources={one.id: one for one in sources.values()},
        documents={one.id: with_text(root, one, problems) for _, one in sorted(documents.items(), reverse=True)},
        annotators={one.id: one for one in reversed(annotators.get(ANNOTATORS, ()))},
        layers=layers,
        released=released.get(RELEASED),
        assignments=assigned.get(ASSIGNMENTS),
        withdrawn=gone.get(WITHDRAWN, ()),
        registry=registry,
        judged=judged,
    )
    return Stored(root=root, holdings=holdings, problems=tuple(problems))


def read_layer(data: bytes, where: str) -> tuple[AnnotationSet | None, list[Problem]]:
    """One annotation file as far as bytes and schema go."""
    return _decoded(data, where, "annotation", codec.annotations_from_json)


def _records(root: Path) -> list[Path]:
    return sorted(root / "raw" / folder / name for folder, name in _json_files(root, "raw") if name != "source.json")


def _json_files(root: Path, place: str) -> Iterator[tuple[str, str]]:
    return ((folder, name) for folder, name in files_of(root, place) if name.endswith(".json"))


def files_of(root: Path, place: str) -> Iterator[tuple[str, str]]:
    """Folder and name of every file one folder down; what has no such folder has none."""
    place = os.path.join(root, place)  # noqa: PTH118 - paths of 100,000 files are strings, for Path takes longer than the reading
    for folder in os.scandir(place) if os.path.isdir(place) else ():  # noqa: PTH112
        if folder.is_dir():
            yield from ((folder.name, one.name) for one in os.scandir(folder))


def contents(root: Path, where: str) -> bytes:
    """The bytes of a file, without the layers of `open`, which cost more than the reading of a small one."""
    file = os.open(f"{root}/{where}", os.O_RDONLY)
    try:
        return os.read(file, os.fstat(file).st_size + 1)
    finally:
        os.close(file)


def _each(
    root: Path, paths: Iterable[Path], kind: schema.Kind, decode: Callable[[Any], T], problems: list[Problem]
) -> Iterator[tuple[str, T]]:
    for path in sorted(paths):
        where = path.relative_to(root).as_posix()
        if not path.is_file():
            continue
        value, found = _decoded(path.read_bytes(), where, kind, decode)
        problems += found
        if value is not None:
            yield where, value


def _decoded(data: bytes, where: str, kind: schema.Kind, decode: Callable[[Any], T]) -> tuple[T | None, list[Problem]]:
    value, problems = codec.read_json(data, where)
    problems = problems or schema.problems(kind, value, where)
    return (None, problems) if problems else (decode(value), [])


def with_text(root: Path, document: Document, problems: list[Problem]) -> Document:
    """The document with its text of record where that is at hand; a text that cannot be read is a problem more."""
    where = text_path(document)
    try:
        data = (root / where).read_bytes()
    except FileNotFoundError:
        return document
    words, found = codec.read_text(data, where)
    problems += found
    return replace(document, text=words)


def _named_twice(documents: Mapping[str, Document], annotators: Iterable[Annotator]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for where, document in sorted(documents.items()):
        if first.setdefault(document.id, where) != where:
            message = f"{document.id} is {first[document.id]} already"
            yield Problem(where=where, pointer="/id", check="document-id-is-unique", message=message)
    seen: set[str] = set()
    for at, annotator in enumerate(annotators):
        if annotator.id in seen:
            message = f"{annotator.id!r} is declared already"
            yield Problem(where=ANNOTATORS, pointer=f"/annotators/{at}/id", check="annotator-is-declared-once", message=message)
        seen.add(annotator.id)


def _misplaced(
    sources: dict[str, Source],
    documents: dict[str, Document],
    layers: dict[str, AnnotationSet],
    registry: dict[str, RegisteredClaim],
    judged: dict[str, Judgements],
) -> Iterator[Problem]:
    belongs = [
        *((where, source_path(one)) for where, one in sources.items()),
        *((where, record_path(one)) for where, one in documents.items()),
        *((where, layer_path(one.document, one.annotator)) for where, one in layers.items()),
        *((where, claim_path(one)) for where, one in registry.items()),
        *((where, judgements_path(one.annotator)) for where, one in judged.items()),
    ]
    for where, right in belongs:
        if where != right:
            message = f"by its contents this is {right}"
            yield Problem(where=where, pointer="", check="path-matches-content", message=message, hint="move the file or correct it")
