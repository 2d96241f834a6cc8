"""The only module that knows the folders raw/ and annotations/. Reads them whole or writes one file at a time, whole or not at all.

A file that cannot be read is a Problem and never hides the others.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from corpus import codec, schema
from corpus.model import AnnotationSet, Annotator, Document, Holdings, Source
from corpus.problems import CorpusError, Problem

T = TypeVar("T")

ANNOTATORS = "annotations/annotators.json"
RELEASED = "annotations/released.json"
NEVER_SCANNED = {".git", ".venv", ".label-studio", "dist", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", "__pycache__"}


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


def read(root: Path) -> Stored:
    """Everything the repository holds. Texts of withheld sources are there where they have been hydrated."""
    problems: list[Problem] = []
    sources = dict(_each(root, root.glob("raw/*/source.json"), "source", codec.source_from_json, problems))
    documents = dict(_each(root, _records(root), "document", codec.document_from_json, problems))
    annotators = dict(_each(root, [root / ANNOTATORS], "annotators", codec.annotators_from_json, problems))
    layers = dict(_each(root, _layer_files(root), "annotation", codec.annotations_from_json, problems))
    released = dict(_each(root, [root / RELEASED], "released", codec.released_from_json, problems))
    problems += _named_twice(documents, annotators.get(ANNOTATORS, ()))
    problems += _misplaced(sources, documents, layers)
    holdings = Holdings(
        sources={one.id: one for one in sources.values()},
        documents={one.id: _with_text(root, one, problems) for _, one in sorted(documents.items(), reverse=True)},
        annotators={one.id: one for one in reversed(annotators.get(ANNOTATORS, ()))},
        layers=layers,
        released=released.get(RELEASED),
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


def stored_files(root: Path) -> list[Path]:
    """Every JSON file that has a canonical form."""
    fixed = [*root.glob("raw/*/source.json"), *(path for path in (root / ANNOTATORS, root / RELEASED) if path.is_file())]
    return sorted(path for path in [*fixed, *_records(root), *_layer_files(root)] if path.is_file())


def canonical_bytes(data: bytes, where: str) -> tuple[bytes | None, list[Problem]]:
    """The canonical form of a stored file, or what is wrong with it."""
    value, problems = codec.read_json(data, where)
    kind = schema.kind_of(value)
    if problems or kind is None:
        return None, problems or [Problem(where=where, pointer="/schema", check="matches-schema", message="no known kind of file")]
    problems = schema.problems(kind, value, where)
    return (None, problems) if problems else (codec.canonical(_respelled(kind, value)), [])


def passed_on(root: Path, documents: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """The path and the words of every file that may be passed on: all but the withheld texts themselves and what is derived."""
    kept_back = {root / text_path(document) for document in documents}
    for path in sorted(_ours(root) - kept_back):
        where = path.relative_to(root).as_posix()
        words, _ = codec.read_text(path.read_bytes(), where)
        if words is not None:
            yield where, words


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
    return value


def _records(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("raw/*/*.json") if path.name != "source.json")


def _layer_files(root: Path) -> list[Path]:
    return sorted(root.glob("annotations/*/*.json"))


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


def _with_text(root: Path, document: Document, problems: list[Problem]) -> Document:
    path = root / text_path(document)
    if not path.is_file():
        return document
    words, found = codec.read_text(path.read_bytes(), text_path(document))
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
