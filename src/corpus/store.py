"""The only module that knows the folders raw/ and annotations/. Reads them whole or writes one file at a time, whole or not at all.

A file that cannot be read is a Problem and never hides the others.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from corpus import codec, schema
from corpus.model import AnnotationSet, Annotator, Document, Holdings, Source
from corpus.problems import CorpusError, Problem

T = TypeVar("T")

ANNOTATORS = "annotations/annotators.json"
RELEASED = "annotations/released.json"
ASSIGNMENTS = "annotations/assignments.json"
NEVER_SCANNED = {".git", ".venv", ".label-studio", "dist", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", "__pycache__"}


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
    problems += _named_twice(documents, annotators.get(ANNOTATORS, ()))
    problems += _misplaced(sources, documents, layers)
    holdings = Holdings(
        sources={one.id: one for one in sources.values()},
        documents={one.id: with_text(root, one, problems) for _, one in sorted(documents.items(), reverse=True)},
        annotators={one.id: one for one in reversed(annotators.get(ANNOTATORS, ()))},
        layers=layers,
        released=released.get(RELEASED),
        assignments=assigned.get(ASSIGNMENTS),
    )
    return Stored(root=root, holdings=holdings, problems=tuple(problems))


def read_layer(data: bytes, where: str) -> tuple[AnnotationSet | None, list[Problem]]:
    """One annotation file as far as bytes and schema go."""
    return _decoded(data, where, "annotation", codec.annotations_from_json)


def layer_path(document: str, annotator: str) -> str:
    """Where a layer is stored.

    >>> layer_path("lee_0042", "gold")
    'annotations/lee_0042/gold.json'
    """
    return f"annotations/{document}/{annotator}.json"


def source_path(source: Source) -> str:
    """Where the facts of a source are stored."""
    return f"raw/{source.id}/source.json"


def record_path(document: Document) -> str:
    """Where the record of an article is stored; its text lies beside it as .txt."""
    return f"raw/{document.source}/{document.id}.json"


def text_path(document: Document) -> str:
    """Where the text of an article is stored."""
    return f"raw/{document.source}/{document.id}.txt"


def shape_problems(document: Document) -> list[Problem]:
    """What in a new record breaks the schema, before it is written."""
    return schema.problems("document", codec.document_to_json(document), record_path(document))


def write_layer(root: Path, layer: AnnotationSet) -> bool:
    """Store a layer in canonical form; whether the file changed."""
    return write(root / layer_path(layer.document, layer.annotator), codec.canonical(codec.annotations_to_json(layer)))


def write_document(root: Path, document: Document) -> bool:
    """Store the record of an article and, where it is at hand, its text; whether anything changed. Text goes first."""
    changed = document.text is not None and write(root / text_path(document), document.text.encode("utf-8"))
    return write(root / record_path(document), codec.canonical(codec.document_to_json(document))) or changed


def write(path: Path, data: bytes) -> bool:
    """Put the bytes there in one step, so that a reader sees the old file or the new one; whether it changed."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def stored_files(root: Path, of: Iterable[Unit] | None = None) -> list[Path]:
    """Every JSON file that has a canonical form: what is common, and those of all articles or of these."""
    fixed = [
        *root.glob("raw/*/source.json"),
        *(path for path in (root / ANNOTATORS, root / RELEASED, root / ASSIGNMENTS) if path.is_file()),
    ]
    held = [root / where for unit in (units(root) if of is None else of) for where in (*unit.records, *unit.layers)]
    return sorted(path for path in [*fixed, *held] if path.is_file())


def canonical_bytes(data: bytes, where: str) -> tuple[bytes | None, list[Problem]]:
    """The canonical form of a stored file, or what is wrong with it."""
    value, problems = codec.read_json(data, where)
    kind = schema.kind_of(value)
    if problems or kind is None:
        return None, problems or [Problem(where=where, pointer="/schema", check="matches-schema", message="no known kind of file")]
    problems = schema.problems(kind, value, where)
    return (None, problems) if problems else (codec.canonical(_respelled(kind, value)), [])


def texts(root: Path, sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The name and the words of every text of these sources that is at hand and can be read."""
    for path in _texts(root, sources):
        words, _ = codec.read_text(path.read_bytes(), path.name)
        if words is not None:
            yield path.stem, words


def number_without_text(root: Path) -> int:
    """How many records have no text beside them."""
    names = {(folder, name) for folder, name in _files(root, "raw")}
    return sum((folder, f"{name[:-5]}.txt") not in names for folder, name in names if name.endswith(".json") and name != "source.json")


def passed_on(root: Path, withheld: Iterable[str], unread: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """The path and the words of every file that may be passed on: all but the texts of withheld sources and what is derived.

    `unread` are files that need no look, for they hold no words of their own.
    """
    kept_back = set(_texts(root, withheld))
    for path in sorted(_ours(root) - kept_back):
        where = path.relative_to(root).as_posix()
        words = None if where in unread else codec.read_text(path.read_bytes(), where)[0]
        if words is not None:
            yield where, words


def _texts(root: Path, sources: Iterable[str]) -> list[Path]:
    return sorted(path for source in sources for path in root.glob(f"raw/{source}/*.txt") if path.with_suffix(".json").is_file())


def _ours(root: Path) -> set[Path]:
    """Every file but those of environments, caches and builds, whose folders are not even entered."""
    found = set()
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if name not in NEVER_SCANNED]
        found |= {Path(folder) / name for name in names}
    return {path for path in found if path.is_file()}


def _respelled(kind: schema.Kind, value: codec.Json) -> object:
    if kind == "annotation":
        return codec.annotations_to_json(codec.annotations_from_json(value))
    if kind == "document":
        return codec.document_to_json(codec.document_from_json(value))
    if kind == "source":
        return codec.source_to_json(codec.source_from_json(value))
    if kind == "released":
        return codec.released_to_json(codec.released_from_json(value))
    if kind == "assignments":
        return codec.assignments_to_json(codec.assignments_from_json(value))
    return value


def _records(root: Path) -> list[Path]:
    return sorted(root / "raw" / folder / name for folder, name in _json_files(root, "raw") if name != "source.json")


def _json_files(root: Path, place: str) -> Iterator[tuple[str, str]]:
    return ((folder, name) for folder, name in _files(root, place) if name.endswith(".json"))


def _files(root: Path, place: str) -> Iterator[tuple[str, str]]:
    """Folder and name of every file one folder down; what has no such folder has none."""
    place = os.path.join(root, place)  # noqa: PTH118 - paths of 100,000 files are strings, for Path takes longer than the reading
    for folder in os.scandir(place) if os.path.isdir(place) else ():  # noqa: PTH112
        if folder.is_dir():
            yield from ((folder.name, one.name) for one in os.scandir(folder))


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


def _misplaced(sources: dict[str, Source], documents: dict[str, Document], layers: dict[str, AnnotationSet]) -> Iterator[Problem]:
    belongs = [
        *((where, source_path(one)) for where, one in sources.items()),
        *((where, record_path(one)) for where, one in documents.items()),
        *((where, layer_path(one.document, one.annotator)) for where, one in layers.items()),
    ]
    for where, right in belongs:
        if where != right:
            message = f"by its contents this is {right}"
            yield Problem(where=where, pointer="", check="path-matches-content", message=message, hint="move the file or correct it")
